import { describe, expect, it } from 'vitest';
import { ago, changes, looks, startLive, watch } from '../support/live.js';
import { startCohesity } from '../support/cohesity.js';
import { type Seen, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing, startProducts } from '../support/products.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';
import { until } from '../support/until.js';

const startedAt = ago(2);
const nothing = { startTimeUsecs: 0, endTimeUsecs: 0 };

/** A run of job 7 that started, and whose copy waits: all its times are 0. */
const queued = wireRunOf(7, startedAt, {
  copyRun: [
    wireCopyRun(501, {
      status: 'kAccepted',
      runStartTimeUsecs: 0,
      expiryTimeUsecs: 0,
      stats: nothing,
      dataLockConstraints: { expiryTimeUsecs: 0, wormRetentionType: 'kCompliance' },
      copySnapshotTasks: [
        wireTask(wireSource(9), { status: 'kAccepted', taskStartTimeUsecs: 0, taskEndTimeUsecs: -1, stats: nothing }),
      ],
    }),
  ],
});

/** A run of job 8 that waits itself, with a copy and a task. */
const unstarted = (status = 'kAccepted', backup: Wire = { stats: nothing }): Wire => ({
  jobId: 8,
  jobName: 'Waiting',
  backupRun: { jobRunId: 4711, runType: 'kRegular', status, ...backup },
  copyRun: [
    wireCopyRun(601, {
      status,
      runStartTimeUsecs: 0,
      copySnapshotTasks: [wireTask(wireSource(9), { status, taskStartTimeUsecs: 0, taskEndTimeUsecs: 0 })],
    }),
  ],
});

const uid = '8621173906188849:1538852526333';
const ids = [
  `CopyRun:dc-east:8:%404711:${uid}:601`,
  `CopySnapshotTask:dc-east:8:%404711:${uid}:601:9`,
  'ProtectionShell:dc-east:8:%404711',
];

const estate = {
  runs: [queued, unstarted(), ...[1, 2, 3].map((id) => wireRunOf(id, ago(id)))],
  sources: [wireSource(9)],
  copyJobs: [wireCopyJob('J1', { State: 'CREATED', CreationDate: 0, CompletionDate: 0 })],
};

const times = '{ id state startedAt endedAt expiresAt }';

describe('a vendor time of 0 or below', () => {
  it('is null wherever it stands, and a copy without a start takes that of its run', async () => {
    const { execute } = await startProducts(estate);
    const { data, errors } = await execute(`{
      copyRuns(filter: { states: [QUEUED] }) { nodes { id startedAt endedAt expiresAt
        stats { startedAt endedAt } dataLockConstraints { expiresAt }
        copySnapshotTasks { nodes { startedAt endedAt expiresAt stats { startedAt endedAt } } } } }
      copyJobs { nodes ${times} }
    }`);
    expect(errors).toEqual([]);
    const [copy, waiting] = data.copyRuns.nodes;
    expect(copy).toMatchObject({
      startedAt: new Date(startedAt / 1000).toISOString(),
      endedAt: null,
      expiresAt: null,
      stats: { startedAt: null, endedAt: null },
      dataLockConstraints: { expiresAt: null },
      copySnapshotTasks: {
        nodes: [{ startedAt: null, endedAt: null, expiresAt: null, stats: { startedAt: null, endedAt: null } }],
      },
    });
    expect(waiting).toMatchObject({ id: ids[0], startedAt: null, endedAt: null });
    expect(data.copyJobs.nodes).toMatchObject([{ state: 'QUEUED', startedAt: null, endedAt: null }]);
  });

  it('leaves a record in every list and sum, last in the order, on whatever page', async () => {
    const { execute } = await startProducts(estate);
    const { data, errors } = await execute(`{
      runs: copyOperations { totalCount nodes { id } }
      last: copyOperations(last: 2) { nodes { id } }
      tasks: copySnapshotTasks { totalCount nodes { id } }
      shells: protectionShells { totalCount nodes { id startedAt } }
      sum: copySummary(groupBy: [STATE]) { groups { state count } }
    }`);
    expect(errors).toEqual([]);
    expect(data.runs.nodes.slice(-2)).toEqual([{ id: 'CopyJob:aws-prod:J1' }, { id: ids[0] }]);
    expect(data.last.nodes).toEqual(data.runs.nodes.slice(-2));
    expect(data.runs.totalCount).toBe(6);
    expect(data.tasks.nodes.map(({ id }: Wire) => id)).toEqual([
      `CopySnapshotTask:dc-east:7:${startedAt}:${uid}:501:9`,
      ids[1],
    ]);
    expect(data.shells.nodes.at(-1)).toEqual({ id: ids[2], startedAt: null });
    expect(data.shells.totalCount).toBe(5);
    expect(data.sum.groups).toEqual([
      { state: 'QUEUED', count: 3 },
      { state: 'SUCCEEDED', count: 3 },
    ]);
  });

  it('leaves a finished record in the window that its end lies in, and in no other', async () => {
    const ended = ago(3);
    const run = unstarted('kFailure', { stats: { startTimeUsecs: -1, endTimeUsecs: ended } });
    const { execute } = await startProducts({ runs: [run] });
    const shells = (hours: number) =>
      `protectionShells(filter: { startedAfter: "${new Date(ago(hours) / 1000).toISOString()}" }) { nodes { id } }`;
    const { data } = await execute(`{ inside: ${shells(4)} outside: ${shells(2)} }`);
    expect(data).toEqual({ inside: { nodes: [{ id: ids[2] }] }, outside: { nodes: [] } });
  });
});

describe('a run whose start is not told', () => {
  const query = `query ($ids: [ID!]!, $representations: [_Any!]!, $copyRun: ID!) {
    nodes(ids: $ids) { id ... on Activity { state } }
    copyRun(id: $copyRun) { id protectionShell { id } copySnapshotTasks { nodes { id copyRun { id } } } }
    _entities(representations: $representations) { ... on CopyRun { id } ... on CopySnapshotTask { id } ... on ProtectionShell { id } }
  }`;
  const variables = {
    ids,
    copyRun: ids[0],
    representations: ids.map((id) => ({ __typename: id.split(':')[0], id })),
  };

  it('is found again by its number, with its copies and tasks, in one call', async () => {
    const { execute, cohesity } = await startProducts(estate);
    const { data, errors } = await execute(query, variables);
    expect(errors).toEqual([]);
    expect(data.nodes).toEqual(ids.map((id) => ({ id, state: 'QUEUED' })));
    expect(data._entities).toEqual(ids.map((id) => ({ id })));
    expect(data.copyRun).toEqual({
      id: ids[0],
      protectionShell: { id: ids[2] },
      copySnapshotTasks: { nodes: [{ id: ids[1], copyRun: { id: ids[0] } }] },
    });
    expect(cohesity.requests()).toEqual(['GET /irisservices/api/v1/public/protectionRuns?jobId=8&numRuns=10']);
  });

  it('is found by that number when it has started, and is null where the job has it no more', async () => {
    const started = unstarted('kRunning', { stats: { startTimeUsecs: startedAt } });
    const { execute } = await startProducts({ runs: [started] });
    const { data, errors } = await execute(query, variables);
    expect(errors).toEqual([]);
    expect(data.nodes.map((one: Wire) => one['state'])).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    const gone = await startProducts({ runs: [wireRunOf(8, ago(1))] });
    expect((await gone.execute(query, variables)).data.nodes).toEqual([null, null, null]);
  });

  it('is looked for further back where its job has many', async () => {
    const newer = Array.from({ length: 12 }, (_, n) => wireRunOf(8, ago(n + 1)));
    const cohesity = closing(
      await startCohesity({
        runs: ({ query: asked }: Seen) => [...newer, unstarted()].slice(0, Number(asked.get('numRuns'))),
      }),
    );
    const { execute } = closing(await startGateway({ upstreams: [cohesityAt(cohesity)] }));
    expect((await execute(`{ copyRun(id: "${ids[0]}") { id } }`)).data.copyRun).toEqual({ id: ids[0] });
    expect(cohesity.seen.map(({ query: asked }) => asked.get('numRuns'))).toEqual(['10', '100']);
  });

  it('counts among the copies of its object', async () => {
    const { execute } = await startProducts({ runs: [unstarted('kSuccess')], sources: [wireSource(9)] });
    const { data } = await execute(`{ protectedObjects { nodes {
      copyPosture { copies } copies { nodes { id } } copyTargets { lastSuccessfulCopy { id } copyLagSeconds } } } }`);
    expect(data.protectedObjects.nodes).toEqual([
      {
        copyPosture: { copies: 1 },
        copies: { nodes: [{ id: ids[1] }] },
        copyTargets: [{ lastSuccessfulCopy: { id: ids[1] }, copyLagSeconds: null }],
      },
    ]);
  });

  it('is told of by a stream, from its wait to its end', async () => {
    const live = await startLive();
    live.held.runs.push(unstarted());
    const watching = watch(live, changes());
    await until(() => expect(watching.events[0]).toMatchObject({ change: 'SNAPSHOT', operation: { id: ids[0] } }));
    await looks(live.cohesity);
    live.held.runs[0] = unstarted('kFailure');
    await until(() => expect(watching.events[1]).toMatchObject({ change: 'FINISHED', operation: { id: ids[0] } }));
  });
});
