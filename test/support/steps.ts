import fc from 'fast-check';
import type { CopyOperationFilter } from '../../src/aggregate/copy-operations.js';
import { micros } from '../../src/domain/micros.js';
import { type PlayedRun, copyOf, jobOf, runOf } from './estate.js';
import { DAY, type Estate, HOUR, type ListName, type Shown, NOW, type World } from './estates.js';

const MINUTE = HOUR / 60;
export const SECOND = MINUTE / 60;

/** A change to the estate between two lists. */
export type Step =
  | { readonly kind: 'wait'; readonly micros: number }
  | {
      readonly kind: 'appear';
      readonly where: number; // 0 and 1 are clusters, 2 and 3 endpoints
      readonly ago: number; // since it began; negative: the vendor's clock is ahead
      readonly finished: boolean;
    }
  | { readonly kind: 'finish'; readonly where: number; readonly which: number }
  | { readonly kind: 'copy'; readonly where: number; readonly which: number } // one more copy of a run
  | {
      readonly kind: 'ask';
      readonly list: ListName;
      readonly window: number;
      readonly members: CopyOperationFilter;
      readonly size: number;
      readonly backward: boolean;
      readonly counted: boolean;
      readonly cursor: number | null; // behind which record, or before which, the page lies
    };

/** Windows as they are asked for: the default one, whole days, part of an hour, all time, and what has yet to come. */
export const windows = (now: number): readonly CopyOperationFilter[] => [
  {},
  {},
  {},
  { startedAfter: micros(NOW - 7 * DAY) },
  { startedAfter: micros(now - 3 * DAY) },
  { startedAfter: micros(NOW - 5 * DAY), startedBefore: micros(NOW - 30 * HOUR) },
  { startedAfter: micros(NOW - 30 * HOUR - 7 * MINUTE), startedBefore: micros(NOW - HOUR - 11 * MINUTE) },
  { startedBefore: micros(now - 90 * MINUTE) },
  { startedBefore: micros(now + 10 * MINUTE) },
  { startedAfter: micros(0) },
  { startedAfter: micros(now + 5 * MINUTE) },
  { startedAfter: micros(now - HOUR), startedBefore: micros(Date.UTC(2200, 0) * 1000) },
];

const ask = fc
  .record({
    list: fc.constantFrom<ListName>(
      'copyOperations',
      'copyOperations',
      'copyRuns',
      'copySnapshotTasks',
      'copyJobs',
      'protectionShells',
    ),
    window: fc.nat(windows(0).length - 1),
    members: fc.constantFrom<CopyOperationFilter>(
      {},
      {},
      { states: ['FAILED'] },
      { states: ['RUNNING', 'QUEUED'] },
      { finished: false },
      { endedAfter: micros(NOW - 2 * HOUR) },
      { endedBefore: micros(NOW + 2 * HOUR) },
      { objectName: 'vm-2' },
      { resourceTypes: ['EC2'] },
      { protectionJobIds: ['ProtectionJob:dc-east:1'] },
    ),
    size: fc.constantFrom(1, 3, 50, 500, 500),
    backward: fc.boolean(),
    counted: fc.boolean(),
    cursor: fc.option(fc.nat(20), { freq: 3 }),
  })
  // The oracle knows shells by what every activity has.
  .map(({ members, ...one }): Step => {
    const { objectName, resourceTypes, ...common } = members;
    return {
      kind: 'ask',
      ...one,
      members:
        one.list === 'protectionShells'
          ? common
          : { ...common, ...(objectName && { objectName }), ...(resourceTypes && { resourceTypes }) },
    };
  });

const where = fc.nat(3);
const change = fc.oneof<fc.Arbitrary<Step>[]>(
  fc
    .record({
      where,
      ago: fc.integer({ min: -30, max: 59 }).map((minutes) => minutes * MINUTE),
      finished: fc.boolean(),
    })
    .map((one) => ({ kind: 'appear', ...one })),
  fc.record({ where, which: fc.nat() }).map((one) => ({ kind: 'finish', ...one })),
  fc.record({ where, which: fc.nat() }).map((one) => ({ kind: 'copy', ...one })),
);

const wait = fc
  .oneof(
    fc.integer({ min: 1, max: 4 }).map((seconds) => seconds * SECOND),
    fc.constantFrom(5 * SECOND, 6 * SECOND, 2 * MINUTE),
    fc.integer({ min: 1, max: 300 }).map((minutes) => minutes * MINUTE),
    fc.constant(25 * HOUR),
  )
  .map((one): Step => ({ kind: 'wait', micros: one }));

export const steps = fc.array(
  fc.oneof({ weight: 4, arbitrary: ask }, { weight: 2, arbitrary: change }, { weight: 3, arbitrary: wait }),
  {
    minLength: 4,
    maxLength: 14,
  },
);

/** Few records without a time, because with one, its endpoint's lists are not cached at all. */
export const dated = (estate: Estate): Estate => ({
  ...estate,
  jobs: estate.jobs.map((jobs) => jobs.filter(({ createdAt }) => createdAt !== null)),
});

const over = ({ status }: { readonly status: string }): boolean => /^k(Success|Failure|Warning)$/.test(status);

/** Whether the cluster may still list one more copy of a run: it goes on, or ended within the hour. */
const isFresh = ({ endedAt, copies }: PlayedRun, now: number): boolean =>
  endedAt === null ||
  copies.some((copy) => !over(copy)) ||
  Math.max(endedAt, ...copies.map((copy) => copy.endedAt ?? 0)) > now - HOUR;

/** A change that was made. */
export interface Made {
  readonly at: number;
  /** When the run began that changed; `null` where a list never waits longer because of it. */
  readonly runStartedAt: number | null;
}

/** How long a list may still show what was before: the longer a run has gone on, the less often it is read. */
export const mayStillHide = ({ at, runStartedAt }: Made, now: number): boolean =>
  now - at < Math.max(5 * SECOND, runStartedAt === null ? 0 : Math.min(MINUTE, (now - runStartedAt) / 60));

/** Makes a change in both worlds; `null` where nothing was there to be changed. */
export const make = (
  worlds: readonly World[],
  step: Exclude<Step, { kind: 'wait' | 'ask' }>,
  now: number,
  nth: number,
): Made | null => {
  let made: Made | null = null;
  for (const { clusters, endpoints } of worlds) {
    const cluster = clusters[step.where];
    const endpoint = endpoints[step.where - clusters.length];
    if (step.kind === 'appear') {
      const startedAt = Math.floor((now - step.ago) / 1000) * 1000;
      const status = step.finished ? 'kSuccess' : 'kRunning';
      const endedAt = step.finished ? now : null;
      if (cluster) {
        const one = runOf(1 + (nth % 3), startedAt + nth, { endedAt, copies: [copyOf(1, { status, endedAt })] });
        cluster.records = [one, ...cluster.records];
      }
      if (endpoint) {
        const state = step.finished ? 'FAILED' : 'RUNNING';
        endpoint.records = [...endpoint.records, jobOf(`new-${nth}`, startedAt, { state, completedAt: endedAt })];
      }
      made = { at: now, runStartedAt: null };
    } else if (step.kind === 'finish') {
      const runs = (cluster?.records ?? []).filter(({ endedAt, copies }) => endedAt === null || !copies.every(over));
      const run = runs[step.which % runs.length];
      if (cluster && run) {
        const ended = {
          ...run,
          endedAt: now,
          copies: run.copies.map((copy) => (over(copy) ? copy : { ...copy, status: 'kFailure', endedAt: now })),
        };
        cluster.records = cluster.records.map((one) => (one === run ? ended : one));
        made = { at: now, runStartedAt: run.startedAt };
      }
      const jobs = (endpoint?.records ?? []).filter(({ state }) => state === 'RUNNING' || state === 'CREATED');
      const job = jobs[step.which % jobs.length];
      if (endpoint && job) {
        const ended = { ...job, state: 'FAILED', completedAt: Math.floor(now / 1000) * 1000 };
        endpoint.records = endpoint.records.map((one) => (one === job ? ended : one));
        made = { at: now, runStartedAt: null };
      }
    } else {
      const runs = (cluster?.records ?? []).filter((run) => isFresh(run, now));
      const run = runs[step.which % runs.length];
      if (cluster && run) {
        const more = { ...run, copies: [...run.copies, copyOf(100 + nth, { status: 'kRunning' })] };
        cluster.records = cluster.records.map((one) => (one === run ? more : one));
        made = { at: now, runStartedAt: run.startedAt };
      }
    }
  }
  return made;
};

export const versionOf = ({ id, state, endedAt }: Shown): string => `${id} ${state} ${endedAt}`;

/** Changes alone, with the time that goes by between them. */
export const changeSteps = fc.array(fc.oneof({ weight: 3, arbitrary: change }, { weight: 1, arbitrary: wait }), {
  minLength: 1,
  maxLength: 10,
});
