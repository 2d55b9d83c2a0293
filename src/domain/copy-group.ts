import type { ActivityState } from './activity.js';
import type { CopyOperation } from './copy-operation.js';
import type { CopyTarget } from './copy-target.js';
import type { CopyTargetKind } from './copy-target-kind.js';
import type { FailureCategory } from './failure-category.js';
import type { Micros } from './micros.js';
import type { ProtectedObject } from './protected-object.js';
import type { TimeZone } from './time-zone.js';

export const groupings = [
  'STATE',
  'UPSTREAM',
  'TARGET_KIND',
  'TARGET',
  'HOUR',
  'DAY',
  'WEEK',
  'FAILURE_CATEGORY',
  'PROTECTION_JOB',
  'OBJECT',
  'ACCOUNT',
  'RESOURCE_TYPE',
] as const;
export type GroupBy = (typeof groupings)[number];

/** The time of a copy that decides its hour, day or week. */
export type CopyTimeBasis = 'STARTED' | 'ENDED';

/** A protection job, as its upstream numbers it. */
interface JobOfGroup {
  readonly upstream: string;
  readonly jobId: bigint;
}

/** The common values of a group's copies; `null` if not grouped by it, or these copies have none. */
export interface GroupKey {
  readonly hour: Micros | null; // when the hour began
  readonly day: string | null;
  readonly week: string | null;
  readonly upstream: string | null;
  readonly state: ActivityState | null;
  readonly targetKind: CopyTargetKind | null;
  readonly target: CopyTarget | null; // with the name that its newest copy has
  readonly protectionJob: JobOfGroup | null;
  readonly protectedObject: ProtectedObject | null; // with the name that its newest copy has
  readonly accountId: string | null;
  readonly resourceType: string | null;
  readonly failureCategory: FailureCategory | null;
}

/** The key of copies that are not grouped. */
export const noKey: GroupKey = {
  hour: null,
  day: null,
  week: null,
  upstream: null,
  state: null,
  targetKind: null,
  target: null,
  protectionJob: null,
  protectedObject: null,
  accountId: null,
  resourceType: null,
  failureCategory: null,
};

/** The other inputs of a copy's group: they are not part of the copy. */
export interface GroupingBasis {
  readonly by: CopyTimeBasis;
  readonly zone: TimeZone;
  objectOf(copy: CopyOperation): ProtectedObject | null;
}

const timeOf = ({ by }: GroupingBasis, { startedAt, endedAt }: CopyOperation): Micros | null =>
  by === 'ENDED' ? endedAt : startedAt;

const localTimeOf = (basis: GroupingBasis, copy: CopyOperation) => {
  const at = timeOf(basis, copy);
  return at === null ? null : basis.zone(at);
};

const jobOf = ({ upstream, jobId }: CopyOperation): JobOfGroup | null =>
  jobId === undefined ? null : { upstream, jobId };

/** The part of the group key that each grouping reads from a copy. */
const partOf: Readonly<Record<GroupBy, (copy: CopyOperation, basis: GroupingBasis) => Partial<GroupKey>>> = {
  HOUR: (copy, basis) => ({ hour: localTimeOf(basis, copy)?.hour ?? null }),
  DAY: (copy, basis) => ({ day: localTimeOf(basis, copy)?.day ?? null }),
  WEEK: (copy, basis) => ({ week: localTimeOf(basis, copy)?.week ?? null }),
  UPSTREAM: ({ upstream }) => ({ upstream }),
  STATE: ({ state }) => ({ state }),
  TARGET_KIND: ({ target }) => ({ targetKind: target?.kind ?? 'UNKNOWN' }),
  TARGET: ({ target }) => ({ target }),
  PROTECTION_JOB: (copy) => ({ protectionJob: jobOf(copy) }),
  OBJECT: (copy, basis) => ({ protectedObject: basis.objectOf(copy) }),
  ACCOUNT: ({ accountId = null }) => ({ accountId }),
  RESOURCE_TYPE: ({ resourceType = null }) => ({ resourceType }),
  FAILURE_CATEGORY: ({ failureCategory }) => ({ failureCategory }),
};

/** The group key of a copy. */
export const keyOf = (copy: CopyOperation, groupBy: readonly GroupBy[], basis: GroupingBasis): GroupKey =>
  groupBy.reduce((key, one) => Object.assign(key, partOf[one](copy, basis)), { ...noKey });

const hourText = (hour: Micros | null): string => (hour === null ? '' : String(hour).padStart(16, '0'));

/** When the span of a group began, as text that sorts; `null` if that is unknown or not grouped by. */
export const timeText = ({ hour, day, week }: GroupKey): string | null =>
  hour === null ? (day ?? week) : hourText(hour);

const jobText = (job: JobOfGroup | null): string => (job === null ? '' : `${job.upstream} ${job.jobId}`);

/** Equal for equal groups, and sorted as the groups are. */
export const textOf = (key: GroupKey): string =>
  [
    key.day ?? '',
    key.week ?? '',
    hourText(key.hour),
    key.upstream ?? '',
    key.state ?? '',
    key.targetKind ?? '',
    key.target?.id ?? '',
    jobText(key.protectionJob),
    key.protectedObject?.id ?? '',
    key.accountId ?? '',
    key.resourceType ?? '',
    key.failureCategory ?? '',
  ].join('\0');
