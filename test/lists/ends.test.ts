import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readExamples } from '../../src/edge/examples.js';
import { micros } from '../../src/domain/micros.js';
import { type PlayedTask, copyOf, jobOf, runOf } from '../support/estate.js';
import { DAY, HOUR, NOW } from '../support/estates.js';
import { ago, changes, startLive, watch } from '../support/live.js';
import { serve, text } from '../support/served.js';
import { wireCopyJob, wireCopyRun, wireRunOf } from '../support/wire.js';
import { until } from '../support/until.js';

const frozen = () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
  afterEach(() => void vi.useRealTimers());
};

/** A run of job `jobId` from so long ago, with a copy of one object. The end of the copy is reported or not. */
const run = (jobId: number, startedAgo: number, status: string, endedAgo: number | null = null) => {
  const task: PlayedTask = { sourceId: jobId, status, startedAt: NOW - startedAgo };
  const endedAt = endedAgo === null ? null : NOW - endedAgo;
  return runOf(jobId, NOW - startedAgo, { copies: [copyOf(1, { status, endedAt, tasks: [task] })] });
};

const estate = {
  clusters: {
    'dc-east': [
      run(1, 40 * HOUR, 'kRunning'), // stuck
      run(2, 30 * HOUR, 'kFailure', HOUR), // failed late
      run(3, 2 * HOUR, 'kFailure'), // failed before any data moved: no end
      run(4, 60 * HOUR, 'kFailure'),
      run(5, 50 * HOUR, 'kFailure', 49 * HOUR),
      run(6, 8 * DAY, 'kFailure'),
    ],
  },
  endpoints: {
    'aws-prod': [
      jobOf('stuck', NOW - 40 * HOUR),
      jobOf('late', NOW - 30 * HOUR, { state: 'FAILED', completedAt: NOW - HOUR }),
      jobOf('endless', NOW - 3 * HOUR, { state: 'FAILED' }),
      jobOf('over', NOW - 50 * HOUR, { state: 'FAILED', completedAt: NOW - 49 * HOUR }),
    ],
  },
};

/** The runs, tasks and jobs that a filter finds, in lists and in sums; `R2` is the run of job 2, `T2` its task. */
const found = async (filter: string) => {
  const served = await serve(estate);
  const list = `totalCount nodes { __typename id } upstreamReports { complete }`;
  const { data, errors } = await served.execute(`{
    runs: copyOperations(filter: { ${filter} }) { ${list} }
    tasks: copyOperations(filter: { ${filter}, types: [COPY_SNAPSHOT_TASK] }) { ${list} }
    runSum: copySummary(filter: { ${filter} }, groupBy: [STATE]) { total { count } groups { count } }
    taskSum: copySummary(filter: { ${filter}, types: [COPY_SNAPSHOT_TASK] }) { total { count } }
    copyRuns(filter: { ${filter} }) { totalCount }
    copyJobs(filter: { ${filter} }) { totalCount }
    copySnapshotTasks(filter: { ${filter} }) { totalCount }
  }`);
  expect(errors).toEqual([]);
  const names = (nodes: readonly { readonly id: string; readonly __typename: string }[]) =>
    nodes.map(({ __typename, id }) => {
      const [, , key = ''] = id.split(':');
      return { CopyRun: `R${key}`, CopySnapshotTask: `T${key}`, CopyJob: key }[__typename] ?? id;
    });
  const [runs, tasks] = [names(data.runs.nodes), names(data.tasks.nodes)];
  expect([data.runs.totalCount, data.tasks.totalCount]).toEqual([runs.length, tasks.length]);
  expect([data.runSum.total.count, data.taskSum.total.count]).toEqual([runs.length, tasks.length]);
  expect(data.copyRuns.totalCount + data.copyJobs.totalCount).toBe(runs.length);
  expect(data.copySnapshotTasks.totalCount).toBe(tasks.length);
  expect(served.calls('aws-prod').filter((query) => 'completeAfter' in query || 'completeBefore' in query)).toEqual([]);
  return [...runs, ...tasks].sort();
};

describe('a finished copy without an end', () => {
  frozen();

  it('may have ended since any time, as far as the gateway looks back', async () => {
    const since = text(NOW - DAY);
    // The tasks of these estates have no end; the runs of 5 ended before.
    expect(await found(`states: [FAILED], endedAfter: "${since}"`)).toEqual(
      ['R2', 'R3', 'R4', 'T2', 'T3', 'T4', 'T5', 'endless', 'late'].sort(),
    );
    expect(await found(`endedAfter: "${since}"`)).not.toContain('stuck');
  });

  it('may have ended before any time after its start', async () => {
    const before = `startedAfter: "${text(NOW - 7 * DAY)}", endedBefore:`;
    expect(await found(`${before} "${text(NOW - 45 * HOUR)}"`)).toEqual(['R4', 'R5', 'T4', 'T5', 'over'].sort());
    expect(await found(`${before} "${text(NOW - 2 * HOUR)}"`)).toEqual(
      ['R4', 'R5', 'T2', 'T4', 'T5', 'endless', 'over'].sort(), // 3 started at that time
    );
  });

  it('is among the copies of its object', async () => {
    const { execute } = await serve({ clusters: { 'dc-east': [run(3, 30 * HOUR, 'kFailure')] } });
    const { data } = await execute(`{ copySnapshotTasks(filter: { endedAfter: "${text(NOW - HOUR)}" }) { nodes {
      protectedObject { copies(filter: { endedAfter: "${text(NOW - HOUR)}" }) { nodes { state } } } } } }`);
    expect(data.copySnapshotTasks.nodes).toEqual([{ protectedObject: { copies: { nodes: [{ state: 'FAILED' }] } } }]);
  });

  it('is in the first example, with what ran for more than a day and failed', async () => {
    const { execute } = await serve(estate);
    const [query = ''] = readExamples(micros(NOW));
    const { data, errors } = await execute(query);
    expect(errors).toEqual([]);
    expect(data.copySummary.total.count).toBe(5);
    expect(data.copyOperations.nodes.map(({ id }: { id: string }) => id.split(':')[2])).toEqual([
      '3',
      'endless',
      'late',
      '2',
      '4',
    ]);
  });
});

describe('a filter on states that are all unfinished', () => {
  frozen();

  it('reaches back as far as one on what is not finished', async () => {
    const stuck = ['R1', 'T1', 'stuck'];
    expect(await found('states: [RUNNING]')).toEqual(stuck);
    expect(await found('states: [QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN]')).toEqual(stuck);
    expect(await found('finished: false')).toEqual(stuck);
  });

  it('does not where one of them is finished', async () => {
    expect(await found('states: [RUNNING, FAILED]')).toEqual(['R3', 'T3', 'endless']);
  });
});

describe('a stream by ends', () => {
  it('tells of a copy that failed and has no end', async () => {
    const live = await startLive();
    const watching = watch(live, changes('', `{ states: [FAILED], endedAfter: "${new Date().toISOString()}" }`));
    const startedAt = ago(3);
    const copy = (status: string) => [
      wireRunOf(7, startedAt, { copyRun: [wireCopyRun(501, { status, runStartTimeUsecs: startedAt })] }),
    ];
    const job = (State: string) => [
      wireCopyJob('J1', { State, CreationDate: startedAt / 1_000_000, CompletionDate: undefined }),
    ];
    live.held.runs = copy('kRunning');
    live.held.copyJobs = job('RUNNING');
    await until(() => expect(live.cohesity.seen.length).toBeGreaterThan(3));
    live.held.runs = copy('kFailure');
    live.held.copyJobs = job('FAILED');
    await until(() =>
      expect(watching.events.map(({ operation }) => operation?.id.split(':')[0]).sort()).toEqual([
        'CopyJob',
        'CopyRun',
      ]),
    );
  });
});
