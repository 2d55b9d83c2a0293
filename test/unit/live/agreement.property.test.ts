import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CopyOperationFilter, listCopyOperations } from '../../../src/aggregate/copy-operations.js';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { matchesCopy } from '../../../src/domain/copy-filter.js';
import { isFinished } from '../../../src/domain/activity.js';
import { DAY_MICROS, HOUR_MICROS, hourStart, micros } from '../../../src/domain/micros.js';
import { createFailoverGuard } from '../../../src/failover/guard.js';
import type { Feed } from '../../../src/live/feed.js';
import { type LiveHub, createLiveHub } from '../../../src/live/hub.js';
import { watchCopies } from '../../../src/live/live.js';
import { type Estate, NOW, type Shown, type World, estates, play, upstreamsOf } from '../../support/estates.js';
import { keep, keptIn, requestOf } from '../../support/kept.js';
import { runs } from '../../support/runs.js';
import { SECOND, type Step, changeSteps, dated, make, versionOf } from '../../support/steps.js';

const LOOK_BACK_HOURS = 168;
const MOST_LOOKS = 1000; // far more than it takes until each upstream was read twice

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const filters = fc.constantFrom<CopyOperationFilter>(
  {},
  { finished: false },
  { states: ['RUNNING', 'QUEUED'] },
  { states: ['FAILED'] },
  { resourceTypes: ['EC2'] },
  { errorContains: 'e' },
  { targetIds: ['CopyTarget:dc-east:LOCAL', 'CopyTarget:dc-east:REMOTE:77'] },
  { onLegalHold: true },
  { onLegalHold: false },
  { dataLocked: true },
  {
    upstreams: ['dc-east', 'dc-west'],
    expiresAfter: micros(NOW - 24 * HOUR_MICROS),
    expiresBefore: micros(NOW + 1000 * HOUR_MICROS),
  },
  { upstreams: ['dc-east', 'aws-use1'] },
  { types: ['COPY_RUN', 'COPY_SNAPSHOT_TASK', 'COPY_JOB'] },
);

const now = (): number => Date.now() * 1000;

/** A stream as its reader sees it: the newest of each copy. */
const subscribe = (world: World, filter: CopyOperationFilter) => {
  let looks = 0;
  const errors: unknown[] = [];
  const clients = new Map(upstreamsOf(world).map(({ name, client }) => [name, client]));
  const failoverGuard = createFailoverGuard(
    { before: async () => undefined, after: async () => undefined } as never,
    null,
  );
  const feeds = new Set<Feed>();
  const hub = createLiveHub({
    clients: () => clients,
    failoverGuard,
    pace: () => ({ lookBackHours: LOOK_BACK_HOURS, minMs: 4, maxMs: 8, maxCalls: 200 }),
    relay: null,
    callFor: (signal, ages) => {
      looks += 1;
      return { signal, ...ages };
    },
    onError: (error) => void errors.push(error),
  });
  const live: LiveHub = {
    ...hub,
    feed: (...of) => {
      const feed = hub.feed(...of);
      feeds.add(feed);
      return feed;
    },
  };
  const events = watchCopies({ ...requestOf(world, now()), live }, filter);
  const told = new Map<string, CopyOperation>();
  const reading = (async () => {
    for await (const { operation } of events) if (operation !== null) told.set(operation.id, operation);
  })();
  const close = async (): Promise<void> => {
    await events.return();
    await reading;
  };
  const hasBegun = (): boolean => [...feeds].every((feed) => feed.unfinished() !== null);
  return { told, close, errors, hasBegun, looks: () => looks };
};

/** The copies in a list that reads again, of all those that a stream may report. */
const list = async (world: World, filter: CopyOperationFilter): Promise<readonly Shown[]> => {
  const startedAfter = micros(now() - LOOK_BACK_HOURS * HOUR_MICROS);
  const args = { filter: { ...filter, startedAfter }, first: 500 };
  const asked = { page: true, totalCount: false, tasks: false, posture: false };
  const { records, upstreamReports } = await listCopyOperations(requestOf(world, now(), { maxAgeMs: 0 }), args, asked);
  expect(upstreamReports.filter(({ complete }) => !complete)).toEqual([]);
  return records;
};

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

const playHistory = async (estate: Estate, filter: CopyOperationFilter, steps: readonly Step[]): Promise<void> => {
  vi.setSystemTime(NOW / 1000);
  const clock = {
    get at() {
      return now();
    },
  };
  const behind = play(estate);
  const world = keep(behind, keptIn(clock));
  const before = new Set((await list(world, filter)).filter(({ state }) => isFinished(state)).map(versionOf));
  const { told, close, errors, hasBegun, looks } = subscribe(world, filter);

  /** The copies that only one of the two shows, except those that were over before the stream began. */
  const differences = async (): Promise<readonly string[]> => {
    const shown = new Set((await list(world, filter)).map(versionOf));
    const since = now() - LOOK_BACK_HOURS * HOUR_MICROS;
    // A copy without a start of its own is listed while its run is, and runs are read from a day before.
    const isListed = ({ startedAt, run }: CopyOperation): boolean =>
      startedAt === null
        ? run === undefined || Number(run.startTimeUsecs) >= hourStart(since - DAY_MICROS)
        : startedAt >= since;
    const standing = [...told.values()].filter((copy) => matchesCopy(filter, copy, micros(now())) && isListed(copy));
    const streamed = new Set(standing.map(versionOf));
    const untold = [...shown].filter((version) => !before.has(version) && !streamed.has(version));
    return [...untold, ...[...streamed].filter((version) => !shown.has(version))];
  };

  try {
    while (!hasBegun() && looks() < MOST_LOOKS) await later();
    expect([errors, hasBegun()]).toEqual([[], true]);
    for (const [nth, step] of [{ kind: 'wait' as const, micros: SECOND }, ...steps].entries()) {
      if (step.kind === 'wait') vi.setSystemTime((now() + step.micros) / 1000);
      else if (step.kind !== 'ask') make([behind], step, now(), nth);
      vi.setSystemTime((now() + SECOND) / 1000); // no two things happen at once
      const until = looks() + MOST_LOOKS;
      let left = await differences();
      while (left.length > 0 && looks() < until) {
        await later();
        left = await differences();
      }
      expect([errors, left]).toEqual([[], []]);
    }
  } finally {
    await close();
  }
};

describe('a subscription', () => {
  it('comes to what a list with the same filter shows, whatever happens', () =>
    fc.assert(fc.asyncProperty(estates.map(dated), filters, changeSteps, playHistory), { numRuns: runs(12) }));
});
