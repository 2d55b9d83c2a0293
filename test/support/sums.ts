import type { CopyGroup } from '../../src/domain/copy-summary.js';
import type { GroupBy } from '../../src/domain/copy-group.js';
import type { CopySum } from '../../src/domain/copy-tally.js';
import type { Listed } from './estates.js';

type Copy = Exclude<Listed, { __typename: 'ProtectionShell' }>;

/** A format is slow to make. */
const formats = new Map<string, readonly [clock: Intl.DateTimeFormat, offset: Intl.DateTimeFormat]>();

const formatsIn = (timeZone: string) => {
  const known = formats.get(timeZone) ?? [
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
    new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }),
  ];
  formats.set(timeZone, known);
  return known;
};

const clock = (at: number, timeZone: string): string => formatsIn(timeZone)[0].format(at / 1000);

const offset = (at: number, timeZone: string): string =>
  formatsIn(timeZone)[1]
    .format(at / 1000)
    .replace(/.*GMT/, '');

const MINUTE = 60_000_000;

/** The hour of the place's own clock, walked back to its first minute. */
export const hourOf = (at: number, timeZone: string): number => {
  const text = (time: number) => `${clock(time, timeZone).slice(0, 13)} ${offset(time, timeZone)}`;
  let begin = Math.floor(at / MINUTE) * MINUTE;
  while (text(begin - MINUTE) === text(at)) begin -= MINUTE;
  return begin;
};

export const dayOf = (at: number, timeZone: string): string => clock(at, timeZone).slice(0, 10);

/** Weeks counted from the first Monday whose week has a Thursday in the year. */
export const weekOf = (at: number, timeZone: string): string => {
  const monday = new Date(`${dayOf(at, timeZone)}T12:00:00Z`);
  while (monday.getUTCDay() !== 1) monday.setUTCDate(monday.getUTCDate() - 1);
  const thursday = new Date(monday.getTime() + 3 * 86_400_000);
  const year = thursday.getUTCFullYear();
  let week = 0;
  for (const day = new Date(thursday); day.getUTCFullYear() === year; day.setUTCDate(day.getUTCDate() - 7)) week += 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
};

const sum = (values: readonly (bigint | null)[]): bigint | null => {
  const told = values.filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((a, b) => a + b, 0n);
};

const endedWell = ({ state }: Copy): boolean => ['SUCCEEDED', 'WARNING'].includes(state);
const copiedOf = (copy: Copy): bigint | null => copy.transferredBytes ?? copy.sizeBytes;
const hasDuration = ({ startedAt, endedAt }: Copy): boolean =>
  startedAt !== null && endedAt !== null && endedAt >= startedAt;
const durationOf = ({ startedAt, endedAt }: Copy): number => ((endedAt ?? 0) - (startedAt ?? 0)) / 1_000_000;

/** The least of them that so large a part of them does not pass. */
const ranked = (values: readonly number[], share: number): number =>
  values
    .toSorted((a, b) => a - b)
    .find((one) => values.filter((other) => other <= one).length >= share * values.length) ?? 0;

/** Copies added up the slow way. */
export const plainSum = (copies: readonly Copy[]): CopySum => {
  const durations = copies.filter(hasDuration).map(durationOf);
  const timed = copies.filter((copy) => endedWell(copy) && copiedOf(copy) !== null && hasDuration(copy));
  const seconds = timed.reduce((all, copy) => all + durationOf(copy), 0);
  return {
    count: copies.length,
    sizeBytes: sum(copies.map(({ sizeBytes }) => sizeBytes)),
    transferredBytes: sum(copies.map(({ transferredBytes }) => transferredBytes)),
    copiedBytes: sum(copies.filter(endedWell).map(copiedOf)),
    durationSeconds:
      durations.length === 0
        ? null
        : { p50: ranked(durations, 0.5), p95: ranked(durations, 0.95), max: Math.max(...durations) },
    bytesPerSecond: seconds === 0 ? null : Number(sum(timed.map(copiedOf))) / seconds,
  };
};

/** Whether a copy has not expired by then, or is on hold. The AWS jobs here report no expiry. */
export const isKeptAt = (copy: Copy, at: number): boolean =>
  copy.expiresAt === null ||
  copy.expiresAt > at ||
  (copy.__typename === 'CopySnapshotTask' && copy.holdForLegalPurpose === true);

/** The id of what a copy is of; `null` for a run, and where nobody says. */
export const objectOf = (copy: Copy): string | null => {
  if (copy.__typename === 'CopyRun') return null;
  if (copy.__typename === 'CopyJob')
    return copy.resourceArn === null
      ? null
      : `ProtectedObject:${copy.upstream}:${copy.resourceArn.split(':').map(encodeURIComponent).join('%3A')}`;
  const sourceId = copy.source?.sourceId ?? null;
  return sourceId === null ? null : `ProtectedObject:${copy.upstream}:${sourceId}`;
};

interface Grouping {
  readonly groupBy: readonly GroupBy[];
  readonly timeZone: string;
  readonly by: 'STARTED' | 'ENDED';
}

const keyOf = (copy: Copy, { groupBy, timeZone, by }: Grouping) => {
  const at = by === 'ENDED' ? copy.endedAt : copy.startedAt;
  const timed = <T>(grouping: GroupBy, of: (at: number, timeZone: string) => T): T | null =>
    groupBy.includes(grouping) && at !== null ? of(at, timeZone) : null;
  const when = <T>(grouping: GroupBy, value: T): T | null => (groupBy.includes(grouping) ? value : null);
  return {
    hour: timed('HOUR', hourOf),
    day: timed('DAY', dayOf),
    week: timed('WEEK', weekOf),
    upstream: when('UPSTREAM', copy.upstream),
    state: when('STATE', copy.state),
    targetKind: when('TARGET_KIND', copy.target?.kind ?? 'UNKNOWN'),
    target: when('TARGET', copy.target?.id ?? null),
    protectionJob: copy.__typename === 'CopyJob' ? null : when('PROTECTION_JOB', `${copy.upstream} ${copy.jobId}`),
    protectedObject: when('OBJECT', objectOf(copy)),
    accountId: copy.__typename === 'CopyJob' ? when('ACCOUNT', copy.accountId) : null,
    resourceType: copy.__typename === 'CopyJob' ? when('RESOURCE_TYPE', copy.resourceType) : null,
    failureCategory: when('FAILURE_CATEGORY', copy.failureCategory),
  };
};

/** The groups of copies, each key with the copies under it, sieved and added up the slow way. */
export const plainGroups = (records: readonly Listed[], grouping: Grouping) => {
  if (grouping.groupBy.length === 0) return [];
  const copies = records.filter((record) => record.__typename !== 'ProtectionShell');
  const keys = copies.map((copy) => keyOf(copy, grouping));
  return [...new Set(keys.map((key) => JSON.stringify(key)))].map((text) => ({
    ...keys.find((key) => JSON.stringify(key) === text),
    ...plainSum(copies.filter((_, at) => JSON.stringify(keys[at]) === text)),
  }));
};

/** A group as the reference has it. */
export const plain = ({ protectedObject, protectionJob, target, ...group }: CopyGroup) => ({
  ...group,
  target: target?.id ?? null,
  protectedObject: protectedObject?.id ?? null,
  protectionJob: protectionJob === null ? null : `${protectionJob.upstream} ${protectionJob.jobId}`,
});
