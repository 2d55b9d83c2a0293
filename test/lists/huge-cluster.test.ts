import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PlayedRun, copyOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { serve } from '../support/served.js';
import { until } from '../support/until.js';

const MINUTE = HOUR / 60;
const TODAY = NOW + 20 * MINUTE;
const JOBS = 240;
const HOURS = 50;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

/** Jobs that run each hour, each with one copy off site; more than one answer may hold, and more jobs than calls. */
const estate = (): PlayedRun[] =>
  Array.from({ length: JOBS * HOURS }, (_, n) => {
    const startedAt = TODAY - Math.floor(n / JOBS) * HOUR - (n % JOBS) * 10_000_000 - MINUTE;
    const endedAt = startedAt + 5 * MINUTE;
    const isOver = endedAt < TODAY;
    const copy = copyOf(n, {
      target: 'kRemote',
      startedAt,
      status: isOver ? 'kSuccess' : 'kRunning',
      endedAt: isOver ? endedAt : null,
    });
    return runOf(1 + (n % JOBS), startedAt, { endedAt: isOver ? endedAt : null, copies: [copy] });
  });

const page =
  '{ copyOperations(first: 10) { nodes { startedAt state } upstreamReports { ok complete incompleteReasons error { code } } } }';
const running =
  '{ copyRuns(first: 10, filter: { states: [RUNNING] }) { totalCount nodes { state } upstreamReports { ok complete } } }';
const sum = '{ copySummary { total { count } upstreamReports { complete } } }';

const iso = (at: number): string => new Date(at / 1000).toISOString();

describe('a cluster with more runs than an answer holds, and more jobs than an operation may ask for', () => {
  it('shows its newest copies in a few calls at once, all of them when they have been read, and then what is new in two', async () => {
    const runs = estate();
    const served = await serve({ clusters: { 'dc-east': runs }, cache: {} });
    const calls = () => served.take('dc-east').length;
    const newest = runs.slice(0, 10).map(({ startedAt }) => iso(startedAt ?? 0));

    const cold = await served.execute(page);
    expect(cold.errors).toEqual([]);
    expect(cold.data.copyOperations.nodes.map(({ startedAt }: { startedAt: string }) => startedAt)).toEqual(newest);
    expect(cold.data.copyOperations.upstreamReports).toEqual([
      { ok: true, complete: false, incompleteReasons: ['NOT_READ_YET'], error: null },
    ]);
    // Of the operation itself: the first calls in the background are made meanwhile.
    const { upstreamCalls } = JSON.parse(served.operationLines[0] ?? '') as { readonly upstreamCalls: number };
    expect(upstreamCalls).toBeLessThan(10);

    await until(async () => {
      const { data } = await served.execute(page);
      expect(data.copyOperations.upstreamReports).toMatchObject([{ ok: true, complete: true }]);
    }, 50);
    expect(calls()).toBeLessThan(JOBS + 15); // each job about once, whoever asks meanwhile
    expect((await served.execute(running)).data.copyRuns).toMatchObject({
      totalCount: 25,
      upstreamReports: [{ complete: true }],
    });
    const { copySummary } = (await served.execute(sum)).data;
    expect(copySummary).toEqual({ total: { count: 24 * JOBS }, upstreamReports: [{ complete: true }] });
    calls();

    pass(6_000_000);
    runs.unshift(
      runOf(1, Date.now() * 1000 - 1_000_000, {
        endedAt: null,
        copies: [copyOf(1_000_000, { status: 'kRunning', startedAt: Date.now() * 1000 - 1_000_000, endedAt: null })],
      }),
    );
    const warm = await served.execute(page);
    expect(warm.data.copyOperations.nodes[0]).toEqual({
      startedAt: iso(Date.now() * 1000 - 1_000_000),
      state: 'RUNNING',
    });
    expect(warm.data.copyOperations.upstreamReports).toMatchObject([{ ok: true, complete: true }]);
    expect(calls()).toBeLessThanOrEqual(2);
  });

  it('goes on to answer lists of copies in a few calls when their tasks have no room beside them', async () => {
    const records = estate().length * 2; // a run and its copy each
    const maxMegabytes = Math.ceil((records * 1.4 * 900) / 1024 ** 2);
    const served = await serve({ clusters: { 'dc-east': estate() }, cache: {}, index: { maxMegabytes } });
    const whole = { total: { count: 24 * JOBS }, upstreamReports: [{ complete: true }] };
    const isWhole = () => until(async () => expect((await served.execute(sum)).data.copySummary).toEqual(whole), 50);
    await isWhole();
    await served.execute('{ copySnapshotTasks(first: 1) { upstreamReports { ok complete } } }');
    const read = new Set<string | undefined>();
    await until(() => {
      for (const { excludeTasks, jobId } of served.calls('dc-east')) if (excludeTasks !== 'true') read.add(jobId);
      expect(read.size).toBeGreaterThan(JOBS);
    }, 50);
    served.take('dc-east');
    pass(6_000_000);
    await isWhole();
    expect(served.take('dc-east').length).toBeLessThan(JOBS / 4); // each job once, if it had to begin again
  });
});
