import { describe, expect, it } from 'vitest';
import { type CopyFilter } from '../../../src/domain/copy-filter.js';
import { summarizeCopies } from '../../../src/aggregate/copy-summary.js';
import { type Asked } from '../../../src/aggregate/lists.js';
import { createClusterClient } from '../../../src/upstream/cohesity/cluster-client.js';
import { listCopyRuns, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import { micros } from '../../../src/domain/micros.js';
import type { ProtectionRunsQuery } from '../../../src/upstream/cohesity/client.js';
import {
  type Manners,
  type PlayedCluster,
  type PlayedRun,
  contextOf,
  copyOf,
  playCluster,
  runOf,
} from '../../support/estate.js';
import { DAY, HOUR, NOW } from '../../support/estates.js';

const MINUTE = HOUR / 60;
const justPage: Asked = { page: true, totalCount: false, tasks: false, posture: false };
const counted: Asked = { ...justPage, totalCount: true };

const list = (cluster: PlayedCluster, filter: CopyFilter, asked = justPage, first = 500) =>
  listCopyRuns(contextOf([cluster], NOW), { filter, first }, asked);

const many = (count: number, jobs: number): readonly PlayedRun[] =>
  Array.from({ length: count }, (_, n) => runOf((n % jobs) + 1, NOW - (n + 1) * (MINUTE / 6)));

const sizesOf = ({ calls }: PlayedCluster) => calls.map(({ numRuns }) => numRuns);
const startOf = ({ calls }: PlayedCluster) => calls.map(({ startTimeUsecs }) => startTimeUsecs);

describe('the runs of a cluster', () => {
  it('come in one call while they are fewer than a thousand', async () => {
    const cluster = playCluster('dc-east', many(999, 3));
    expect(await list(cluster, {}, counted)).toMatchObject({ totalCount: 999, upstreamReports: [{ complete: true }] });
    expect(cluster.calls).toEqual([{ excludeTasks: true, startTimeUsecs: NOW - 2 * DAY - 1, numRuns: 1000 }]);
  });

  it('are asked for eight times as long, until an answer is shorter than it might be', async () => {
    const cluster = playCluster('dc-east', many(1203, 3));
    expect((await list(cluster, {}, counted)).totalCount).toBe(1203);
    expect(sizesOf(cluster)).toEqual([1000, 8000]);
  });

  it('are read job by job, and page by page, where they are more than one answer should hold', async () => {
    const cluster = playCluster('dc-east', many(8200, 3));
    expect((await list(cluster, {}, counted)).totalCount).toBe(8200);
    const ofJobs = cluster.calls.filter(({ jobId }) => jobId !== undefined);
    const pages = ofJobs.filter(({ onlyReturnShellInfo }) => onlyReturnShellInfo !== true);
    expect(new Set(pages.map(({ numRuns }) => numRuns))).toEqual(new Set([1000]));
    expect(ofJobs.length - pages.length).toBe(3); // a search for what the pages have passed over
    expect(cluster.calls.length).toBeLessThan(25);
  });

  it.each([
    ['as long as the first answer', 1000],
    ['between two sizes asked for', 1500],
  ])('are read job by job where the cluster has a limit of its own, %s', async (_where, maxRuns) => {
    const cluster = playCluster('dc-east', many(1803, 3), { maxRuns });
    const { totalCount, upstreamReports } = await list(cluster, {}, counted);
    expect(totalCount).toBe(1803);
    expect(upstreamReports).toMatchObject([{ ok: true, complete: true }]);
    expect(new Set(cluster.calls.map(({ jobId }) => jobId))).toEqual(new Set([undefined, '1', '2', '3']));
  });

  it('are not said to be all where a job has more than such a limit lets through, since no list can show it', async () => {
    const cluster = playCluster('dc-east', many(1803, 3), { maxRuns: 500 });
    const { totalCount, upstreamReports } = await list(cluster, {}, counted);
    expect(totalCount).toBeNull();
    expect(upstreamReports).toMatchObject([{ ok: true, complete: false, incompleteReasons: ['TOO_LARGE'] }]);
    expect((await summarizeCopies(contextOf([cluster], NOW), {})).total.count).toBe(1803);
  });

  it('cost one call more where they are as many as such a limit might let through, and no walk through the jobs', async () => {
    const cluster = playCluster('dc-east', many(500, 40));
    expect((await list(cluster, {}, counted)).totalCount).toBe(500);
    expect(cluster.calls).toHaveLength(2);
  });

  it('are not read job by job for those that begin between two calls', async () => {
    const held = many(500, 40);
    const cluster = playCluster('dc-east', held);
    const reading = list(cluster, {}, counted);
    cluster.records = [runOf(1, NOW, { endedAt: null }), ...held];
    expect((await reading).upstreamReports).toMatchObject([{ complete: true }]);
    expect(cluster.calls.filter(({ jobId }) => jobId !== undefined)).toEqual([]);
  });

  it('are read job by job in halves where all at once are too many bytes', async () => {
    const cluster = playCluster('dc-east', many(40, 2), { maxRecords: 6 });
    expect((await list(cluster, {}, counted)).totalCount).toBe(40);
    const first = cluster.calls.filter(({ jobId }) => jobId === '1').map(({ numRuns }) => numRuns);
    expect(first.slice(0, 9)).toEqual([1000, 500, 250, 125, 62, 31, 15, 7, 3]);
  });

  it('are read job by job where all at once take too long, which the next list knows', async () => {
    const cluster = playCluster('dc-east', many(40, 2), { slowForAll: true });
    const ofAll = () => cluster.calls.filter(({ jobId }) => jobId === undefined).length;
    expect(await list(cluster, {}, counted)).toMatchObject({ totalCount: 40, upstreamReports: [{ ok: true }] });
    expect([ofAll(), cluster.calls.length]).toEqual([1, 3]);
    expect(await list(cluster, {}, counted)).toMatchObject({ totalCount: 40, upstreamReports: [{ ok: true }] });
    expect([ofAll(), cluster.calls.length]).toEqual([0, 2]);
  });

  it('are not taken for slow where the cluster is down', async () => {
    const cluster = playCluster('dc-east', many(40, 2), { slowForAll: true });
    cluster.failsAfter = 1;
    expect(await list(cluster, {}, counted)).toMatchObject({ upstreamReports: [{ ok: false, complete: false }] });
    cluster.failsAfter = Number.POSITIVE_INFINITY;
    await list(cluster, {}, counted);
    expect(cluster.calls.filter(({ jobId }) => jobId === undefined)).toHaveLength(1);
  });

  it('are found out once to be too many, and not at each step back', async () => {
    const cluster = playCluster('dc-east', [...many(40, 2), runOf(1, NOW - 6 * DAY)], { maxRecords: 6 });
    const { records } = await list(cluster, { startedAfter: micros(NOW - 7 * DAY) });
    expect(records).toHaveLength(41);
    expect(cluster.calls.filter(({ jobId }) => jobId === undefined)).toHaveLength(1);
  });

  it('are not lost where a long one began before many short ones of its job and ended after them', async () => {
    // A full backup, and the log backups that went on beside it.
    const full = runOf(1, NOW - 20 * HOUR, { endedAt: NOW - 20 * HOUR + 62 * MINUTE });
    const logs = Array.from({ length: 188 }, (_, n) =>
      runOf(1, NOW - 20 * HOUR + (n + 1) * 5 * MINUTE, { endedAt: NOW - 20 * HOUR + (n + 1) * 5 * MINUTE + MINUTE }),
    );
    const cluster = playCluster('dc-east', [full, ...logs], { maxRecords: 50 });
    const page = await list(cluster, {}, counted);
    expect(page.totalCount).toBe(189);
    expect(page.records.at(-1)?.startedAt).toBe(NOW - 20 * HOUR);
  });

  it('are read one by one where two are too many bytes', async () => {
    const cluster = playCluster('dc-east', many(6, 1), { maxRecords: 1 });
    expect((await list(cluster, {}, counted)).totalCount).toBe(6);
  });

  it('end with a report where not even one fits', async () => {
    const cluster = playCluster('dc-east', many(6, 1), { maxRecords: 0 });
    const { totalCount, records, upstreamReports } = await list(cluster, {}, counted);
    expect([totalCount, records]).toEqual([null, []]);
    expect(upstreamReports).toMatchObject([{ ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });

  it('are complete or said not to be where several are going on and only one fits', async () => {
    const running = [1, 2, 3].map((n) => runOf(1, NOW - n * HOUR, { endedAt: null }));
    const cluster = playCluster('dc-east', running, { maxRecords: 1 });
    const { totalCount, upstreamReports } = await list(cluster, {}, counted);
    expect([totalCount, upstreamReports[0]?.complete]).toEqual([null, false]);
  });

  it('are read further back in steps, the first of a day, until the page is full', async () => {
    const cluster = playCluster(
      'dc-east',
      [0.5, 2, 4, 6].map((days) => runOf(1, NOW - days * DAY)),
    );
    const filter = { startedAfter: micros(NOW - 7 * DAY) };
    expect((await list(cluster, filter, justPage, 0)).hasNextPage).toBe(true);
    expect(startOf(cluster)).toEqual([NOW - 2 * DAY - 1]);
    await list(cluster, filter, justPage, 1);
    expect(startOf(cluster)).toEqual([2, 4].map((days) => NOW - days * DAY - 1));
    await list(cluster, filter, justPage, 4);
    expect(startOf(cluster)).toEqual([2, 4, 8].map((days) => NOW - days * DAY - 1));
  });

  it('are read in one step where all of them count', async () => {
    const cluster = playCluster('dc-east', many(10, 1));
    await list(cluster, { startedAfter: micros(NOW - 7 * DAY) }, counted);
    expect(startOf(cluster)).toEqual([NOW - 8 * DAY - 1]);
  });

  it('bring a copy that began more than a day after its run, where the list reads back as far as the run', async () => {
    const late = runOf(1, NOW - 49 * HOUR, { copies: [copyOf(1, { startedAt: NOW - 23 * HOUR })] });
    const cluster = playCluster('dc-east', [late, runOf(1, NOW - 30 * HOUR)]);
    const { records } = await list(cluster, { startedAfter: micros(NOW - 7 * DAY) });
    expect(records.map(({ startedAt }) => startedAt)).toEqual([NOW - 23 * HOUR, NOW - 30 * HOUR]);
  });

  it('are read once for all lists of an operation', async () => {
    const cluster = playCluster('dc-east', many(10, 1));
    const context = contextOf([cluster], NOW);
    await listCopyRuns(context, {}, counted);
    await listCopyRuns(context, {}, counted);
    await listCopyRuns(context, {}, justPage);
    await listCopyRuns(context, { first: 3 }, justPage);
    expect(cluster.calls).toHaveLength(1);
  });

  it('since 1970 take a few steps, and never ask for a time before that', async () => {
    const cluster = playCluster('dc-east', many(3, 1));
    const { records } = await list(cluster, { startedAfter: micros(-5 * DAY) });
    expect(records).toHaveLength(3);
    expect(cluster.calls.length).toBeLessThanOrEqual(6);
    expect(startOf(cluster).every((start) => start !== undefined && start >= 0)).toBe(true);
  });

  it('until a day far ahead are read from now backwards', async () => {
    const cluster = playCluster('dc-east', many(3, 1));
    const filter = { startedAfter: micros(NOW - 7 * DAY), startedBefore: micros(NOW + 4000 * DAY) };
    expect((await list(cluster, filter, justPage, 2)).records).toHaveLength(2);
    expect(startOf(cluster)).toEqual([NOW - 2 * DAY - 1]);
  });

  it('of a window without width are not asked for', async () => {
    const cluster = playCluster('dc-east', many(3, 1));
    const filter = { startedAfter: micros(NOW), startedBefore: micros(NOW) };
    expect(await list(cluster, filter, counted)).toMatchObject({ records: [], totalCount: 0 });
    expect(cluster.calls).toEqual([]);
  });

  it('are looked for a day further back for the sake of copies that began late, and not for shells', async () => {
    const late = runOf(1, NOW - 30 * HOUR, { copies: [copyOf(1, { startedAt: NOW - 20 * HOUR })] });
    const cluster = playCluster('dc-east', [late]);
    expect((await list(cluster, {})).records).toMatchObject([{ startedAt: NOW - 20 * HOUR }]);
    const shells = await listProtectionShells(contextOf([cluster], NOW), {}, justPage);
    expect(shells.records).toEqual([]);
    expect(cluster.calls).toEqual([{ onlyReturnShellInfo: true, startTimeUsecs: NOW - DAY - 1, numRuns: 1000 }]);
  });
});

/** A cluster that answers in a way of its own. */
const odd = (
  runs: readonly PlayedRun[],
  answer: (query: ProtectionRunsQuery) => ProtectionRunsQuery,
  manners: Manners = {},
) => {
  const cluster = playCluster('dc-east', runs, manners);
  const { client } = cluster.client;
  const bent = {
    ...client,
    getProtectionRuns: (query: ProtectionRunsQuery) => client.getProtectionRuns(answer(query), {}),
  };
  return { ...cluster, client: createClusterClient({ ...cluster.client, client: bent }) };
};

describe('a cluster that does not keep to what it is asked', () => {
  it.each<[string, (query: ProtectionRunsQuery) => ProtectionRunsQuery]>([
    ['ignores numRuns', ({ numRuns: _, ...query }) => query],
    ['ignores when runs started', ({ startTimeUsecs: _, ...query }) => query],
    ['ignores when runs ended', ({ endTimeUsecs: _, ...query }) => query],
    ['ignores the job', ({ jobId: _, ...query }) => query],
    ['ignores everything', () => ({})],
  ])('%s: what it sends is sieved and counted once', async (_what, answer) => {
    const runs = [...many(1000, 2), runOf(1, NOW - 100 * DAY), runOf(2, NOW - 3 * DAY)];
    for (const held of [runs, runs.slice(900)]) {
      const { totalCount } = await list(odd(held, answer), {}, counted);
      expect(totalCount).toBe(held.length - 2);
    }
  });

  it('ends with a report where it has a limit and ignores when runs ended', async () => {
    const cluster = odd(many(1203, 1), ({ endTimeUsecs: _, ...query }) => query, { maxRuns: 1000 });
    const { records, upstreamReports } = await list(cluster, {}, justPage, 500);
    expect(records).toHaveLength(500);
    expect(upstreamReports).toMatchObject([{ complete: false, incompleteReasons: ['TOO_LARGE'] }]);
  });

  it('fails in the middle of its jobs: what came before stands', async () => {
    const cluster = playCluster('dc-east', many(60, 12), { maxRecords: 20 });
    const reading = list(cluster, {}, justPage, 500);
    cluster.failsAfter = 1 + 4 + 2; // the first four jobs at once, and half of the next
    const { records, upstreamReports } = await reading;
    expect(upstreamReports).toMatchObject([{ ok: false, complete: false, error: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(records.length).toBeGreaterThan(0);
    expect(records.length).toBeLessThan(60);
  });

  it('leaves out what nothing addresses, and is said to', async () => {
    const cluster = playCluster('dc-east', many(3, 1));
    const { client } = cluster.client;
    const bent: typeof client = {
      ...client,
      getProtectionRuns: async (query, call) => ({ ...(await client.getProtectionRuns(query, call)), unreadable: 2 }),
    };
    const context = contextOf([{ ...cluster, client: createClusterClient({ ...cluster.client, client: bent }) }], NOW);
    const filter = { startedAfter: micros(NOW - 7 * DAY) };
    const { records, upstreamReports } = await listCopyRuns(context, { filter }, justPage);
    expect(records).toHaveLength(3);
    expect(upstreamReports).toMatchObject([{ ok: true, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
    expect(upstreamReports[0]?.error?.message).toContain('2 records'); // each step reads them again
  });
});
