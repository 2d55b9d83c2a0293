import { describe, expect, it } from 'vitest';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import {
  KEY,
  type PlayedCluster,
  auditFile,
  failoverFields,
  gistOf,
  press,
  readFailover,
  startFailover,
  startGatewayAt,
} from '../support/failover.js';
import { closing } from '../support/products.js';
import { type Wire, after, copyRunKey, start, wireCopyRun, wireRun } from '../support/wire.js';

const HOUR_MS = 3_600_000;

/** The sandbox with a clock that can be moved, and the gateway in front of it. */
const startPlayed = async (key = KEY) => {
  const clock = { ahead: 0 };
  const sandbox = closing(await startCohesitySandbox({ now: () => Date.now() + clock.ahead }));
  const { apiKey } = cohesitySandboxCredentials;
  const gateway = await startGatewayAt(sandbox, { upstream: { auth: { apiKey } } });
  return {
    clock,
    gateway,
    press: (jobId: number, members: Wire = {}) =>
      press(gateway, {
        idempotencyKey: key,
        replicationClusterId: '2718281828459045',
        objects: [{ objectId: String(jobId * 100 + 1) }],
        protectionGroupId: `3141592653589793:1546300800000:${jobId}`,
        ...members,
      }),
    read: async () => (await readFailover(gateway, key)).failover,
    cancel: async () => {
      const { data, errors } = await gateway.execute(
        `mutation ($id: ID!) { cancelFailover(id: $id) { __typename ... on FailoverCancelRequested { failover { state } } } }`,
        { id: `Failover:dc-east:${key}` },
      );
      expect(errors).toEqual([]);
      return data.cancelFailover;
    },
  };
};

describe('a failover in the sandbox', () => {
  it('is requested, runs, and has succeeded', async () => {
    const { clock, gateway, press, read } = await startPlayed();
    expect(gistOf(await press(1001, { cancelNonFailoverRuns: true }))).toBe('FailoverAccepted REQUESTED');
    expect(await read()).toMatchObject({ runId: null });

    const seen: string[] = [];
    const told: (string | null)[] = [];
    let runId = null;
    for (; clock.ahead < HOUR_MS && seen.at(-1) !== 'SUCCEEDED'; clock.ahead += 5_000) {
      const { state, message, runId: id } = await read();
      if (seen.at(-1) !== state) seen.push(state);
      if (told.at(-1) !== message) told.push(message);
      runId = id;
    }
    expect(seen.filter((state) => state !== 'WAITING_FOR_CANCELLATIONS')).toEqual([
      'REQUESTED',
      'RUNNING',
      'SUCCEEDED',
    ]);
    expect(told).toContain('The backup is running.');
    expect(told.some((message) => /^The replication is \d+ % done\.$/.test(message ?? ''))).toBe(true);
    expect(runId).toMatch(/^1001:\d+$/);

    const { data, errors } = await gateway.execute(
      `query ($id: ID!) { failover(id: $id) {
         upstream { name } runId
         run { id state runType protectionJob { name } }
         copyRuns { totalCount nodes { state target { kind } } }
       } }`,
      { id: `Failover:dc-east:${KEY}` },
    );
    expect(errors).toEqual([]);
    expect(data.failover).toEqual({
      upstream: { name: 'dc-east' },
      runId,
      run: {
        id: `ProtectionShell:dc-east:${runId}`,
        state: 'SUCCEEDED',
        runType: 'REGULAR',
        protectionJob: { name: 'VM-Prod-Frankfurt-Gold' },
      },
      copyRuns: {
        totalCount: 2,
        nodes: [
          { state: 'SUCCEEDED', target: { kind: 'LOCAL' } },
          { state: 'SUCCEEDED', target: { kind: 'REMOTE' } },
        ],
      },
    });
  });

  it('waits for the runs that it had canceled', async () => {
    const { clock, press, read } = await startPlayed();
    await press(1021, { cancelNonFailoverRuns: true });
    expect((await read()).state).toBe('WAITING_FOR_CANCELLATIONS');
    clock.ahead += HOUR_MS;
    expect((await read()).state).toBe('SUCCEEDED');
  });

  it('can be called off before its run and during it', async () => {
    for (const ahead of [0, 60_000]) {
      const { clock, press, read, cancel } = await startPlayed(`off-${ahead}`);
      await press(1001, { cancelNonFailoverRuns: true });
      for (; ahead > 0 && (await read()).runId === null; clock.ahead += 1000) expect(clock.ahead).toBeLessThan(HOUR_MS);
      expect((await cancel()).__typename).toBe('FailoverCancelRequested');
      clock.ahead += 60_000;
      expect((await read()).state).toBe('CANCELED');
      expect((await read()).runId === null).toBe(ahead === 0);
    }
  });
});

const runId = `7:${start}`;
const id = `Failover:dc-east:${KEY}`;

/** Lets the cluster list the failover with a run, and hold that run. */
const withRun = (cluster: PlayedCluster, planned: Wire = {}, ...runs: readonly Wire[]): void => {
  cluster.listed.set(KEY, { failoverId: KEY, runId, backupTaskStatus: 'Running', ...planned });
  cluster.held.runs = runs;
};

const runsOf = ({ requests }: PlayedCluster) => requests().filter((one) => one.includes('protectionRuns'));

describe('a failover', () => {
  it.each([
    [wireRun({ copyRun: [wireCopyRun(501)] }), 'SUCCEEDED', null],
    [wireRun({ copyRun: [wireCopyRun(501, { status: 'kRunning' })] }), 'RUNNING', 'The replication is running.'],
    [wireRun({ copyRun: [wireCopyRun(501, { status: 'kFailure', error: 'no route' })] }), 'FAILED', 'no route'],
    [wireRun({ copyRun: [wireCopyRun(501, { status: 'kCancelled' })] }), 'CANCELED', null],
    [
      wireRun({ backupRun: { status: 'kCanceling', stats: { startTimeUsecs: start } } }),
      'RUNNING',
      'The run is being canceled.',
    ],
    [wireRun({ copyRun: [] }), 'RUNNING', 'The backup is done; its replication is not listed yet.'],
  ])('is as far as its run: %#', async (run, state, message) => {
    const { cluster, gateway } = await startFailover();
    withRun(cluster, {}, run);
    const { failover, errors } = await readFailover(gateway);
    expect(errors).toEqual([]);
    expect(failover).toEqual({ id, state, message, runId, requestedAt: null });
    expect(runsOf(cluster)).toEqual([
      `GET /irisservices/api/v1/public/protectionRuns?jobId=7&startedTimeUsecs=${start}`,
    ]);
  });

  it('that replicates to a third cluster as well is judged by its own, over a restart too', async () => {
    const { file } = auditFile();
    const { cluster, gateway, press } = await startFailover({ audit: { file } });
    const third = { type: 'kRemote', replicationTarget: { clusterId: 88, clusterName: 'third' } };
    await press();
    withRun(
      cluster,
      {},
      wireRun({
        copyRun: [wireCopyRun(501), wireCopyRun(502, { target: third, status: 'kFailure', error: 'no route' })],
      }),
    );
    const restarted = await startGatewayAt(cluster, { audit: { file } });
    const stranger = await startGatewayAt(cluster); // who does not know what was asked judges by all
    for (const [one, state] of [
      [gateway, 'SUCCEEDED'],
      [restarted, 'SUCCEEDED'],
      [stranger, 'FAILED'],
    ] as const)
      expect((await readFailover(one)).failover.state).toBe(state);
  });

  it.each(['LegalHold', 'OnHold', 'Paused'])('whose backup is on hold goes on: %s', async (backupTaskStatus) => {
    const { cluster, gateway } = await startFailover();
    withRun(cluster, { backupTaskStatus });
    expect((await readFailover(gateway)).failover).toMatchObject({ state: 'RUNNING' });
  });

  it('that failed before it had a run says so', async () => {
    const { cluster, gateway } = await startFailover();
    for (const backupTaskStatus of ['Failed', 'Skipped']) {
      cluster.listed.set(KEY, { failoverId: KEY, backupTaskStatus });
      expect((await readFailover(gateway)).failover).toMatchObject({
        state: 'FAILED',
        message: 'The planned run failed before it had a run id.',
      });
    }
  });

  it('whose run cannot be read is as far as the poll says, and its run is an error of its own', async () => {
    const { cluster, gateway } = await startFailover();
    withRun(cluster);
    cluster.plays.rest = () => ({ status: 400, body: { errorCode: 'KOdd', message: 'odd' } });
    const { data, errors } = await gateway.execute(
      'query ($id: ID!) { failover(id: $id) { state message run { id } copyRuns { nodes { id } } } }',
      { id },
    );
    expect(data.failover).toEqual({
      state: 'RUNNING',
      message: 'The run could not be read: its progress is unknown now.',
      run: null,
      copyRuns: null,
    });
    expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual(['failover.copyRuns', 'failover.run']);
  });

  it('whose run is gone, though it was good, is not called a success', async () => {
    const { cluster, gateway } = await startFailover();
    withRun(cluster, { backupTaskStatus: 'Succeeded' });
    expect((await readFailover(gateway)).failover).toMatchObject({ state: 'UNCONFIRMED', runId });
  });

  it('has no run where its id has another form', async () => {
    const { cluster, gateway } = await startFailover();
    withRun(cluster, { runId: '../../cluster' });
    const { data, errors } = await gateway.execute(
      'query ($id: ID!) { failover(id: $id) { state runId run { id } copyRuns { nodes { id } } } }',
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.failover).toEqual({ state: 'RUNNING', runId: '../../cluster', run: null, copyRuns: null });
    expect(runsOf(cluster)).toEqual([]);
  });

  it('reads its run once for all that hangs on it, and pages its copies', async () => {
    const { cluster, gateway } = await startFailover();
    const copyRun = [501, 502, 503].map((task) => wireCopyRun(task));
    withRun(cluster, {}, wireRun({ copyRun }));
    const { data, errors } = await gateway.execute(
      `query ($id: ID!) { failover(id: $id) {
         state message run { id startedAt } copyRuns(first: 2) { totalCount nodes { id } pageInfo { hasNextPage } }
       } }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.failover).toMatchObject({
      state: 'SUCCEEDED',
      run: { id: `ProtectionShell:dc-east:${runId}`, startedAt: '2024-05-01T02:00:00.123456Z' },
      copyRuns: { totalCount: 3, pageInfo: { hasNextPage: true }, nodes: [{ id: `CopyRun:${copyRunKey}` }, {}] },
    });
    expect(runsOf(cluster)).toHaveLength(1);
    expect(cluster.polls()).toHaveLength(1);
  });

  it('that nobody knows is null', async () => {
    const { cluster, gateway } = await startFailover();
    expect(await readFailover(gateway)).toEqual({ failover: null, errors: [] });
    expect(cluster.polls()).toHaveLength(1);
  });

  it('that cannot be polled is null with an error', async () => {
    const { cluster, gateway } = await startFailover();
    cluster.plays.poll = () => ({ status: 403, body: { errorCode: 'KPrivilege', message: 'RESTORE_MODIFY' } });
    const { failover, errors } = await readFailover(gateway);
    expect(failover).toBeNull();
    expect(errors).toMatchObject([{ path: ['failover'], extensions: { code: 'UPSTREAM_AUTH', upstream: 'dc-east' } }]);
  });

  it.each([
    'Failover:dc-east:',
    'Failover:dc-east',
    'Failover:dc-east:a:b',
    'Failover:dc-east:a%2Fb',
    'Failover:dc-east:..',
    `Failover:dc-east:${'k'.repeat(65)}`,
    'Failover:elsewhere:a',
    `CopyRun:${copyRunKey}`,
    KEY,
    '',
  ])('is a mistake of the caller as %j, and nothing is asked', async (bad) => {
    const { cluster, gateway } = await startFailover();
    for (const query of [
      'query ($id: ID!) { failover(id: $id) { id } }',
      'mutation ($id: ID!) { cancelFailover(id: $id) { __typename } }',
    ]) {
      const { data, errors } = await gateway.execute(query, { id: bad });
      expect(Object.values(data)).toEqual([null]);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
    }
    expect(cluster.seen).toEqual([]);
  });
});

describe('many failovers', () => {
  const query = `query ($ids: [ID!]!) { failovers(ids: $ids) { ${failoverFields} } }`;
  const idsOf = (...keys: readonly string[]) => keys.map((key) => `Failover:dc-east:${key}`);

  it('are asked for in one poll, in the order asked, each with its own error', async () => {
    const { cluster, gateway } = await startFailover();
    for (const key of ['a', 'b']) cluster.listed.set(key, { failoverId: key });
    const ids = [...idsOf('b', 'nobody'), 'nonsense', ...idsOf('a', 'b'), 'Failover:elsewhere:a'];
    const { data, errors } = await gateway.execute(query, { ids });
    expect(data.failovers.map((one: { id: string } | null) => one?.id ?? null)).toEqual([
      'Failover:dc-east:b',
      null,
      null,
      'Failover:dc-east:a',
      'Failover:dc-east:b',
      null,
    ]);
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['failovers.2', 'BAD_USER_INPUT'],
      ['failovers.5', 'BAD_USER_INPUT'],
    ]);
    expect(cluster.requests()).toEqual(['GET /v2/data-protect/failover/planned-runs?failoverIds=b%2Cnobody%2Ca']);
  });

  it('are asked for fifty in a poll', async () => {
    const { cluster, gateway } = await startFailover();
    const keys = Array.from({ length: 120 }, (_, index) => `f${index}`);
    for (const key of keys) cluster.listed.set(key, { failoverId: key });
    const { data, errors } = await gateway.execute('query ($ids: [ID!]!) { failovers(ids: $ids) { id } }', {
      ids: idsOf(...keys),
    });
    expect(errors).toEqual([]);
    expect(data.failovers).toHaveLength(120);
    expect(cluster.polls().map(({ query: asked }) => asked.get('failoverIds')?.split(',').length)).toEqual([
      50, 50, 20,
    ]);
  });

  it('are no more than a page may hold', async () => {
    const { cluster, gateway } = await startFailover({ limits: { maxPageSize: 3 } });
    const { data, errors } = await gateway.execute(query, { ids: idsOf('a', 'b', 'c', 'd') });
    expect(data).toBeNull();
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(cluster.seen).toEqual([]);
  });

  it('are each null with an error where the cluster cannot be polled', async () => {
    const { cluster, gateway } = await startFailover();
    cluster.plays.poll = () => ({ status: 400, body: { errorCode: 'KOdd', message: 'odd' } });
    const { data, errors } = await gateway.execute(query, { ids: idsOf('a', 'b') });
    expect(data.failovers).toEqual([null, null]);
    expect(errors.map(({ path }) => path)).toEqual([
      ['failovers', 0],
      ['failovers', 1],
    ]);
  });
});

describe('the id of a failover', () => {
  it('is one for node, nodes and other subgraphs, and all share a poll', async () => {
    const { cluster, gateway } = await startFailover();
    cluster.listed.set(KEY, { failoverId: KEY });
    const { data, errors } = await gateway.execute(
      `query ($id: ID!, $ids: [ID!]!, $representations: [_Any!]!) {
         node(id: $id) { __typename id ... on Failover { state } }
         nodes(ids: $ids) { id }
         failover(id: $id) { id }
         _entities(representations: $representations) { ... on Failover { id state } }
       }`,
      {
        id,
        ids: [id, 'Failover:dc-east:nobody'],
        representations: [
          { __typename: 'Failover', id },
          { __typename: 'Failover', id: `CopyRun:${copyRunKey}` },
        ],
      },
    );
    expect(data).toEqual({
      node: { __typename: 'Failover', id, state: 'REQUESTED' },
      nodes: [{ id }, null],
      failover: { id },
      _entities: [{ id, state: 'REQUESTED' }, null],
    });
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['_entities.1', 'BAD_USER_INPUT'],
    ]);
    expect(cluster.polls()).toHaveLength(1);
  });
});

it('a failover that was pressed keeps the time of it, whatever happens to its run', async () => {
  const { cluster, gateway, press } = await startFailover();
  const { result } = await press();
  withRun(cluster, {}, wireRun({ endTimeUsecs: after(100) }));
  expect((await readFailover(gateway)).failover).toEqual({
    id,
    state: 'SUCCEEDED',
    message: null,
    runId,
    requestedAt: result.failover.requestedAt,
  });
});
