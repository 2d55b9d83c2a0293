import { describe, expect, it } from 'vitest';
import { type Asked } from '../../../src/aggregate/lists.js';
import { listCopyRuns, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import { micros } from '../../../src/domain/micros.js';
import { UpstreamError } from '../../../src/domain/upstream-error.js';
import {
  type Manners,
  type PlayedCluster,
  type PlayedRun,
  contextOf,
  playCluster,
  runOf,
} from '../../support/estate.js';
import { HOUR, NOW } from '../../support/estates.js';

const MINUTE = HOUR / 60;
const START = NOW - 20 * HOUR;
const counted: Asked = { page: true, totalCount: true, tasks: false, posture: false };

/** A log backup each five minutes. */
const logs = (count: number): readonly PlayedRun[] =>
  Array.from({ length: count }, (_, n) => {
    const startedAt = START + (n + 1) * 5 * MINUTE;
    return runOf(1, startedAt, { endedAt: startedAt + MINUTE });
  });

/** Runs of one job that follow each other. */
const many = (count: number): readonly PlayedRun[] =>
  Array.from({ length: count }, (_, n) => runOf(1, NOW - (n + 1) * MINUTE));

/** A full backup that began before the logs and ended after so many of them. */
const full = (beside: number, startedAt = START): PlayedRun =>
  runOf(1, startedAt, { endedAt: START + (beside + 0.5) * 5 * MINUTE });

const kindOf = (query: PlayedCluster['calls'][number]): string => {
  if (query.startedTimeUsecs !== undefined) return 'run';
  if (query.onlyReturnShellInfo === true) return 'shells';
  return query.jobId === undefined ? 'all' : 'page';
};

/** The calls that a list took beside its pages, in the search for runs that the pages have passed over. */
const costOf = ({ calls }: PlayedCluster): Readonly<Record<string, number>> => {
  const kinds = calls.map(kindOf);
  return Object.fromEntries(['shells', 'run'].map((kind) => [kind, kinds.filter((one) => one === kind).length]));
};

const list = (cluster: PlayedCluster) => listCopyRuns(contextOf([cluster], NOW), { first: 500 }, counted);

const whole = { complete: true, incompleteReasons: [] };
const less = { ok: true, complete: false, incompleteReasons: ['TOO_LARGE'] };

describe('the runs of a job that its pages pass over', () => {
  it.each<[string, readonly PlayedRun[], Manners, Readonly<Record<string, number>>]>([
    ['no call more where one answer holds them all', [full(40), ...logs(60)], {}, { shells: 0, run: 0 }],
    ['one call where nothing is passed over', logs(60), { maxRecords: 20 }, { shells: 1, run: 0 }],
    ['one call more for a long one', [full(40), ...logs(60)], { maxRecords: 20 }, { shells: 1, run: 1 }],
    [
      'one call more for each of several',
      [full(40), full(50, START + 1), full(45, START + 2), ...logs(60)],
      { maxRecords: 20 },
      { shells: 1, run: 3 },
    ],
    [
      'one call more for one of two that ended together, where an answer holds one',
      [runOf(1, START, { endedAt: START + HOUR }), runOf(1, START + MINUTE, { endedAt: START + HOUR })],
      { maxRecords: 1 },
      { shells: 1, run: 1 },
    ],
    // The shells are as many as a limit might let through: older ones show that there is none.
    [
      'two calls where the list of shells has a suspicious length',
      [runOf(1, NOW - 400 * HOUR), ...many(500)],
      { maxRecords: 200 },
      { shells: 2, run: 0 },
    ],
  ])('cost %s', async (_what, runs, manners, cost) => {
    const cluster = playCluster('dc-east', runs, manners);
    const { totalCount, upstreamReports } = await list(cluster);
    expect(upstreamReports).toMatchObject([whole]);
    expect(totalCount).toBe(runs.filter(({ startedAt }) => startedAt > NOW - 24 * HOUR).length);
    expect(costOf(cluster)).toEqual(cost);
  });

  it('are not looked for beyond what began when the first page was read', async () => {
    const cluster = playCluster('dc-east', logs(60), { maxRecords: 20 });
    const reading = list(cluster);
    // It begins after the newest run that a page has brought.
    cluster.onCall = (query) => {
      if (query.onlyReturnShellInfo === true) cluster.records = [runOf(1, NOW, { endedAt: null }), ...cluster.records];
    };
    expect((await reading).upstreamReports).toMatchObject([whole]);
    expect(costOf(cluster)).toEqual({ shells: 1, run: 0 });
  });

  it.each<[string, readonly PlayedRun[], Manners]>([
    ['the shells are too large', [full(40), ...logs(60)], { maxRecords: 20, maxShells: 20 }],
    ['the cluster has a limit of its own', [...many(750)], { maxRuns: 500 }],
    ['as many shells as that limit may be all there are', [...many(500)], { maxRecords: 200 }],
    [
      'more are passed over than are read one by one',
      [...Array.from({ length: 51 }, (_, n) => full(150, START + n)), ...logs(200)],
      { maxRecords: 100 },
    ],
  ])('make the answer incomplete where %s', async (_what, runs, manners) => {
    const cluster = playCluster('dc-east', runs, manners);
    const { totalCount, upstreamReports } = await list(cluster);
    expect([totalCount, upstreamReports]).toMatchObject([null, [less]]);
  });

  it.each(['malformed', 'tooLarge'] as const)('make the answer incomplete where one is %s', async (reason) => {
    const cluster = playCluster('dc-east', [full(40), ...logs(60)], { maxRecords: 20 });
    cluster.onCall = (query) => {
      if (query.startedTimeUsecs !== undefined) throw new UpstreamError('dc-east', reason, 'of one run');
    };
    const { records, upstreamReports } = await list(cluster);
    expect(records).toHaveLength(60);
    const incompleteReasons = [reason === 'malformed' ? 'UNREADABLE' : 'TOO_LARGE'];
    expect(upstreamReports).toMatchObject([{ ok: true, complete: false, incompleteReasons }]);
  });

  it('leave what the pages brought where the look for them fails', async () => {
    const cluster = playCluster('dc-east', logs(60), { maxRecords: 20 });
    cluster.onCall = (query) => {
      if (query.onlyReturnShellInfo === true) throw new UpstreamError('dc-east', 'unavailable', 'down');
    };
    const { records, upstreamReports } = await list(cluster);
    expect(records).toHaveLength(60);
    expect(upstreamReports).toMatchObject([{ ok: false, complete: false, incompleteReasons: ['UPSTREAM_FAILED'] }]);
  });

  it('come with the shells themselves where only shells are asked for', async () => {
    const runs = Array.from({ length: 1000 }, (_, n) => runOf(1, START + 20 * MINUTE + n * MINUTE));
    const cluster = playCluster('dc-east', [runOf(1, START, { endedAt: NOW - HOUR }), ...runs], { slowForAll: true });
    const filter = { startedAfter: micros(START) };
    const context = contextOf([cluster], NOW);
    const { totalCount, upstreamReports } = await listProtectionShells(context, { filter, first: 1 }, counted);
    expect([totalCount, upstreamReports]).toMatchObject([1001, [whole]]);
    expect(costOf(cluster)['run']).toBe(0);
  });
});
