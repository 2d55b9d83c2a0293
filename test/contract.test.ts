import {
  BackupClient,
  type CopyJob,
  DescribeBackupVaultCommand,
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  GetBackupPlanCommand,
  ListBackupPlansCommand,
  ListBackupVaultsCommand,
  ListCopyJobSummariesCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsBackupSandboxCredentials, startAwsBackupSandbox } from '../src/sandbox/aws-backup/server.js';
import {
  type CohesitySandbox,
  cohesitySandboxCredentials,
  startCohesitySandbox,
} from '../src/sandbox/cohesity/server.js';
import { type Exchange, createContract } from './support/contract.js';
import { readDescription } from './support/description.js';
import { type Gateway, startGateway } from './support/gateway.js';
import { type Recorder, startRecorder } from './support/recorder.js';

type Vendor = 'cohesity' | 'aws-backup';

const contracts = { cohesity: createContract('cohesity'), 'aws-backup': createContract('aws-backup') };

/** Every operation that a vendor's description has. */
const operationsOf = (vendor: Vendor): readonly string[] => {
  const { keysAt, textAt } = readDescription(vendor);
  return keysAt(['paths'])
    .flatMap((path) => keysAt(['paths', path]).map((method) => textAt(['paths', path, method, 'operationId'])))
    .filter((id) => id !== undefined)
    .sort();
};

let playedCohesity: CohesitySandbox;
let cohesity: Recorder;
let aws: Recorder;
let gateway: Gateway;
const open: { close(): Promise<void> }[] = [];

const { username, password, domain } = cohesitySandboxCredentials;
const credentials = { ...awsBackupSandboxCredentials };

beforeAll(async () => {
  playedCohesity = await startCohesitySandbox();
  const playedAws = await startAwsBackupSandbox();
  cohesity = await startRecorder(playedCohesity.url);
  aws = await startRecorder(playedAws.url);
  gateway = await startGateway({
    upstreams: [
      { id: 'dc-east', kind: 'cohesity', url: cohesity.url, auth: { username, password, domain } },
      {
        id: 'aws-prod',
        kind: 'aws-backup',
        region: 'us-east-1',
        endpoint: aws.url,
        credentials,
        timeoutMs: 20_000, // the recorder checks large answers in this very process
      },
    ],
    limits: { maxUpstreamCalls: 1000, requestTimeoutMs: 60_000 },
  });
  open.push(gateway, cohesity, aws, playedCohesity, playedAws);
});
afterAll(async () => {
  for (const one of open) await one.close();
});

const exchangesOf = (vendor: Vendor): readonly Exchange[] => (vendor === 'cohesity' ? cohesity : aws).exchanges;

const checked = { cohesity: 0, 'aws-backup': 0 };

/** The faults of the exchanges since the last call. A lack of exchanges is a fault too. */
const problems = (vendor: Vendor): readonly string[] => {
  const { checkRequest, checkResponse } = contracts[vendor];
  const fresh = exchangesOf(vendor).slice(checked[vendor]);
  if (fresh.length === 0) return ['nothing was exchanged'];
  checked[vendor] += fresh.length;
  return fresh.flatMap((exchange) => {
    const found = [...checkRequest(exchange), ...checkResponse(exchange)];
    return found.slice(0, 3).map((problem) => `${exchange.method} ${exchange.url}: ${problem}`);
  });
};

const countsOf = (vendor: Vendor): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const exchange of exchangesOf(vendor)) {
    const operation = contracts[vendor].operationOf(exchange) ?? 'none';
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
  }
  return counts;
};

describe('every request that the gateway makes, and every answer that it gets', () => {
  const ask = async (query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await gateway.execute(query, variables);
    expect(errors).toEqual([]);
    return data;
  };

  const activity = 'id state upstreamState startedAt endedAt error failureCategory';

  it('follows the descriptions: lists', async () => {
    const data = await ask(`{
      copyRuns(first: 200) { totalCount nodes { ${activity} name protectionJob { id name sources { id name } } legalHoldings { protectionSource { id } } } }
      failed: copyRuns(filter: { states: [FAILED], endedAfter: "2020-01-01T00:00:00Z" }) { nodes { id userActionMessage } upstreamReports { ok } }
      running: copyRuns(filter: { finished: false }) { nodes { id progress } }
      last: copyRuns(last: 5) { nodes { id } }
      copySnapshotTasks(first: 100) { nodes { ${activity} source { id details } copyRun { id } } }
      protectionShells(first: 100) { totalCount nodes { ${activity} copyRuns(first: 5) { nodes { id } } } }
      protectionJobs(first: 100) { totalCount nodes { id name uid { localId } sources { id } } }
      copyJobs(first: 200) { totalCount nodes { ${activity} name parent { id } protectedObject { id } } }
      parts: copyJobs(filter: { composite: TOP_LEVEL, states: [PARTIAL] }) { nodes { id children { nodes { id } } } }
      some: copyJobs(filter: { states: [RUNNING, QUEUED], resourceTypes: ["EBS"], accountIds: ["111122223333"], startedAfter: "2020-01-01T00:00:00.123456Z", startedBefore: "2100-01-01T00:00:00Z", endedAfter: "2020-01-01T00:00:00Z", endedBefore: "2100-01-01T00:00:00Z" }) { nodes { id } }
      upstreams { id clusterId clusterName version health { status } }
    }`);
    expect(data.copyRuns.nodes.length).toBeGreaterThan(50);
    expect(data.copyJobs.nodes.length).toBeGreaterThan(50);
    expect(data.parts.nodes.length).toBeGreaterThan(0);
    expect([problems('cohesity'), problems('aws-backup')]).toEqual([[], []]);
  });

  it('follows the descriptions: lists of single jobs, page by page', async () => {
    const { protectionJobs } = await ask('{ protectionJobs(first: 3) { nodes { id } } }');
    const protectionJobIds = protectionJobs.nodes.map(({ id }: { id: string }) => id);
    const query = `query ($ids: [ID!], $after: String) {
      copyRuns(first: 10, after: $after, filter: { protectionJobIds: $ids }) { nodes { id } pageInfo { endCursor } }
      protectionShells(first: 10, filter: { protectionJobIds: $ids }) { nodes { id } }
    }`;
    const first = await ask(query, { ids: protectionJobIds });
    await ask(query, { ids: protectionJobIds, after: first.copyRuns.pageInfo.endCursor });
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the descriptions: every kind of node by its id, odd ones too', async () => {
    const listed = await ask(`{
      copyRuns(first: 40) { nodes { id protectionShell { id } } }
      copySnapshotTasks(first: 40) { nodes { id source { id } protectedObject { id } } }
      copyJobs(first: 40) { nodes { id protectedObject { id } } }
      protectionJobs(first: 40) { nodes { id } }
    }`);
    const ids: string[] =
      JSON.stringify(listed)
        .match(/"id":"[^"]+"/g)
        ?.map((pair) => pair.slice(6, -1)) ?? [];
    const asked = [
      ...new Set(ids),
      'CopyJob:aws-prod:a%26b%20%C3%BC',
      'ProtectionJob:dc-east:1',
      'ProtectionShell:dc-east:1:1',
    ];
    const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: asked });
    const missing = asked.filter((id, index) => nodes[index]?.id !== id);
    expect(missing.filter((id) => !/:%40/.test(id))).toEqual(asked.slice(-3));
    expect([problems('cohesity'), problems('aws-backup')]).toEqual([[], []]);
  });

  it('follows the descriptions: one job anywhere, and one that is nowhere', async () => {
    const { copyJobs } = await ask('{ copyJobs(first: 1) { nodes { copyJobId } } }');
    const data = await ask(
      'query ($id: String!) { copyJob(copyJobId: $id) { id } gone: copyJob(copyJobId: "GONE") { id } }',
      {
        id: copyJobs.nodes[0].copyJobId,
      },
    );
    expect(data).toEqual({ copyJob: { id: expect.stringContaining('CopyJob:') }, gone: null });
    expect(problems('aws-backup')).toEqual([]);
  });

  it('follows the descriptions: recovery points one by one and by lists, and their vaults', async () => {
    const query = `query ($first: Int) { copyJobs(first: $first, filter: { states: [SUCCEEDED] }) { nodes {
      destinationRecoveryPoint { arn status createdAt expiresAt vault { arn kind locked lockDate } }
    } } }`;
    for (const [first, operation] of [
      [20, 'DescribeRecoveryPoint'],
      [200, 'ListRecoveryPointsByBackupVault'],
    ] as const) {
      const { copyJobs } = await ask(query, { first });
      expect(countsOf('aws-backup').get(operation)).toBeGreaterThan(0);
      const read = copyJobs.nodes.filter((job: { destinationRecoveryPoint: unknown }) => job.destinationRecoveryPoint);
      expect(read.length).toBeGreaterThan(0);
    }
    expect(countsOf('aws-backup').get('ListBackupVaults')).toBeGreaterThan(0);
    expect(problems('aws-backup')).toEqual([]);
  });

  it('follows the descriptions: a failover with all its members, its polls, and cancels', async () => {
    const running = await ask(
      '{ copyRuns(first: 1, filter: { states: [RUNNING], targetKinds: [ARCHIVAL], finished: false }) { nodes { id } } }',
    );
    const mutation = `mutation ($input: FailoverInput!, $dry: FailoverInput!, $id: ID!, $copy: ID!) {
      plan: failover(input: $dry) { __typename ... on FailoverPlan { checks { name ok detail } } }
      failover(input: $input) { __typename ... on UserError { message } ... on FailoverRejected { errorCode } }
      cancelFailover(id: $id) { __typename ... on UserError { message } }
      cancelCopyRun(id: $copy) { __typename ... on UserError { message } }
    }`;
    const input = {
      upstream: 'dc-east',
      idempotencyKey: 'contract-1',
      replicationClusterId: '2718281828459045',
      objects: [{ objectId: '100201' }],
      protectionGroupId: '3141592653589793:1546300800000:1002',
      runType: 'FULL',
      viewId: '1',
      cancelNonFailoverRuns: true,
      pauseNextRuns: true,
    };
    const data = await ask(mutation, {
      input,
      dry: { ...input, dryRun: true },
      id: 'Failover:dc-east:contract-1',
      copy: running.copyRuns.nodes[0].id,
    });
    expect(data).toMatchObject({
      plan: { __typename: 'FailoverPlan' },
      failover: { __typename: 'FailoverAccepted' },
      cancelFailover: { __typename: 'FailoverCancelRequested' },
      cancelCopyRun: { __typename: 'CopyRunCancelRequested' },
    });
    await ask('{ failovers(ids: ["Failover:dc-east:contract-1", "Failover:dc-east:nobody"]) { state message } }');
    expect(problems('cohesity')).toEqual([]);
  });

  it('has by now been of each operation that the gateway needs', () => {
    expect([...countsOf('cohesity').keys()].sort()).toEqual([
      'cancelFailover',
      'cancelProtectionJobRun',
      'createPlannedRun',
      'generateAccessToken',
      'getCluster',
      'getProtectionJobs',
      'getProtectionRuns',
      'getProtectionSourcesObjects',
      'getRemoteClusters',
      'pollPlannedRuns',
    ]);
    expect(countsOf('cohesity').get('createPlannedRun')).toBe(1);
    expect(countsOf('cohesity').get('generateAccessToken')).toBe(1);
    expect([...countsOf('aws-backup').keys()]).toEqual(expect.arrayContaining(['DescribeCopyJob', 'ListCopyJobs']));
  });
});

const v1 = '/irisservices/api/v1/public';
const v2 = '/v2/data-protect';

interface Uid {
  readonly clusterId: number;
  readonly clusterIncarnationId: number;
  readonly id: number;
}

interface RunV1 {
  readonly jobId: number;
  readonly backupRun: { readonly jobRunId: number; readonly stats: { readonly startTimeUsecs: number } } | null;
  readonly copyRun?:
    | readonly {
        readonly taskUid?: Uid | null;
        readonly status: string;
        readonly target?: {
          readonly type: string;
          readonly replicationTarget?: { readonly clusterId: number };
        } | null;
        readonly copySnapshotTasks?: readonly { readonly error?: string }[] | null;
      }[]
    | null;
}

const joined = ({ clusterId, clusterIncarnationId, id }: Uid): string => `${clusterId}:${clusterIncarnationId}:${id}`;

describe('every answer of the played Cohesity cluster', () => {
  let authorization = '';

  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${cohesity.url}${path}`, {
      method,
      headers: {
        ...(authorization === '' ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  // The description checks the shape; here a test says what it reads of it.
  const get = async <T>(path: string): Promise<T> => JSON.parse((await call('GET', path)).text) as T;

  it('follows the description: logins', async () => {
    const login = { username, password, domain };
    expect((await call('POST', `${v2.replace('/data-protect', '')}/access-tokens`, login)).status).toBe(201);
    const { status, text } = await call('POST', `${v1}/accessTokens`, login);
    expect(status).toBe(201);
    const { accessToken, tokenType } = JSON.parse(text) as { accessToken: string; tokenType: string };
    authorization = `${tokenType} ${accessToken}`;
    expect((await call('POST', `${v1}/accessTokens`, { ...login, password: 'wrong' })).status).toBe(400);
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the description: reads of v1', async () => {
    for (const query of ['', '?numRuns=5', '?excludeTasks=true', '?onlyReturnShellInfo=true', '?runTypes=kFull,kLog'])
      expect((await call('GET', `${v1}/protectionRuns${query}`)).status).toBe(200);
    for (const query of ['', '?includeLastRunAndStats=true', '?onlyReturnBasicSummary=true', '?isDeleted=true'])
      expect((await call('GET', `${v1}/protectionJobs${query}`)).status).toBe(200);
    const jobs = await get<readonly { readonly id: number; readonly sourceIds?: readonly number[] }[]>(
      `${v1}/protectionJobs`,
    );
    const sourceId = jobs.find(({ sourceIds }) => (sourceIds?.length ?? 0) > 0)?.sourceIds?.[0] ?? 0;
    expect((await call('GET', `${v1}/protectionSources/objects?objectIds=${sourceId},1`)).status).toBe(200);
    expect((await call('GET', `${v1}/protectionSources/objects`)).status).toBe(200);
    for (const query of ['?numLevels=3', `?id=${sourceId}`]) await call('GET', `${v1}/protectionSources${query}`);
    expect((await call('GET', `${v1}/protectionSources`)).status).toBe(500);
    for (const path of [
      'vaults',
      'vaults?includeFortKnoxVault=true&includeMarkedForRemoval=true',
      'remoteClusters',
      'cluster',
    ])
      expect((await call('GET', `${v1}/${path}`)).status).toBe(200);
    expect((await call('GET', `${v1}/search/protectionRuns?uuid=nobody`)).status).toBe(200);
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the description: what concerns one run of v1, refusals too', async () => {
    const runs = await get<readonly RunV1[]>(`${v1}/protectionRuns`);
    const copies = runs.flatMap(({ jobId, backupRun, copyRun }) =>
      (copyRun ?? []).map((copy) => ({ jobId, start: backupRun?.stats.startTimeUsecs, ...copy })),
    );
    const failed = copies.find(
      ({ copySnapshotTasks, taskUid }) => taskUid && copySnapshotTasks?.some(({ error }) => error !== undefined),
    );
    const taskId = failed?.taskUid?.id ?? 0;
    const errors = `${v1}/protectionRuns/errors?jobId=${failed?.jobId}&startTimeUsecs=${failed?.start}&taskId=${taskId}`;
    expect((await call('GET', errors)).status).toBe(200);
    expect((await call('GET', `${errors}&limitNumberOfErrors=1`)).status).toBe(200);
    const running = copies.find(
      ({ status, target, taskUid }) => status === 'kRunning' && target?.type === 'kArchival' && taskUid, // there always is one
    );
    const canceled = await call('POST', `${v1}/protectionRuns/cancel/${running?.jobId}`, {
      copyTaskUid: running?.taskUid,
    });
    expect([canceled.status, canceled.text]).toEqual([204, '']);
    expect((await call('POST', `${v1}/protectionRuns/cancel/999999`, { jobRunId: 1 })).status).toBe(500);
    expect((await call('GET', `${v1}/protectionRuns/errors?jobId=999999&startTimeUsecs=1&taskId=1`)).status).toBe(500);
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the description: reads of v2', async () => {
    for (const query of ['', '?includeLastRunInfo=true', '?maxResultCount=2'])
      expect((await call('GET', `${v2}/protection-groups${query}`)).status).toBe(200);
    const { protectionGroups } = await get<{ protectionGroups: readonly { readonly id: string }[] }>(
      `${v2}/protection-groups`,
    );
    for (const { id } of protectionGroups.slice(0, 12)) {
      const path = `${v2}/protection-groups/${id}`;
      const { runs } = await get<{ runs: readonly { readonly id: string }[] }>(
        `${path}/runs?numRuns=3&includeObjectDetails=true`,
      );
      for (const run of runs) expect((await call('GET', `${path}/runs/${run.id}`)).status).toBe(200);
    }
    const start = (Date.now() - 86_400_000) * 1000;
    expect((await call('GET', `${v2}/runs/summary?startTimeUsecs=${start}`)).status).toBe(200);
    const [first] = protectionGroups;
    expect((await call('GET', `${v2}/protection-groups/${first?.id}/runs/1:1`)).status).toBe(500);
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the description: actions on runs of v2', async () => {
    const runs = await get<readonly RunV1[]>(`${v1}/protectionRuns`);
    const jobs = await get<readonly { readonly id: number; readonly uid: Uid }[]>(`${v1}/protectionJobs`);
    const running = runs.find(
      ({ backupRun, copyRun }) =>
        backupRun?.stats !== undefined &&
        copyRun?.some(({ status }) => status === 'kRunning' || status === 'kAccepted'),
    );
    const uid = jobs.find(({ id }) => id === running?.jobId)?.uid;
    const path = `${v2}/protection-groups/${uid === undefined ? '' : joined(uid)}/runs/actions`;
    const runId = `${running?.jobId}:${running?.backupRun?.stats.startTimeUsecs}`;
    expect((await call('POST', path, { action: 'Cancel', cancelParams: [{ runId }] })).status).toBe(202);
    expect((await call('POST', path, { action: 'Pause', pauseParams: [{ runId }] })).status).toBe(202);
    expect((await call('POST', path, { action: 'Resume', resumeParams: [{ runId }] })).status).toBe(202);
    expect((await call('POST', path, { action: 'Cancel', cancelParams: [{ runId: '1:1' }] })).status).toBe(500);
    expect(problems('cohesity')).toEqual([]);
  });

  it('follows the description: copies of runs that are tried again', async () => {
    const runs = await get<readonly RunV1[]>(`${v1}/protectionRuns`);
    const jobs = await get<readonly { readonly id: number; readonly uid: Uid }[]>(`${v1}/protectionJobs`);
    const isFailed = ({ status, target }: NonNullable<RunV1['copyRun']>[number]): boolean =>
      status === 'kFailure' && target?.replicationTarget !== undefined;
    const run = runs.find(({ backupRun, copyRun }) => backupRun?.stats !== undefined && copyRun?.some(isFailed));
    const id = run?.copyRun?.find(isFailed)?.target?.replicationTarget?.clusterId;
    const uid = jobs.find((job) => job.id === run?.jobId)?.uid;
    const path = `${v2}/protection-groups/${uid === undefined ? '' : joined(uid)}/runs`;
    const runId = `${run?.jobId}:${run?.backupRun?.stats.startTimeUsecs}`;
    const ask = (config: object) =>
      call('PUT', path, {
        updateProtectionGroupRunParams: [
          { runId, replicationSnapshotConfig: { updateExistingSnapshotConfig: [config] } },
        ],
      });
    const first = await ask({ id, resync: true });
    expect([first.status, JSON.parse(first.text)]).toEqual([207, { successfulRunIds: [runId], failedRuns: [] }]);
    const again = await ask({ id, resync: true });
    expect(JSON.parse(again.text)).toMatchObject({ successfulRunIds: [], failedRuns: [{ runId }] });
    expect(problems('cohesity')).toEqual([]);
  });

  /** The cluster that receives the replications, and its answers to one who has the API key. */
  const startReplica = async () => {
    const replica = await playedCohesity.startReplica();
    const recorder = await startRecorder(replica.url);
    open.unshift(recorder, replica);
    const { apiKey } = cohesitySandboxCredentials;
    const ask = async (method: string, path: string, body?: unknown): Promise<number> => {
      const headers = { apiKey, 'content-type': 'application/json' };
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      return (await fetch(`${recorder.url}${path}`, { method, headers, ...content })).status;
    };
    const problemsThere = (): readonly string[] => {
      const { checkRequest, checkResponse } = contracts.cohesity;
      return recorder.exchanges.flatMap((one) => [...checkRequest(one), ...checkResponse(one)]);
    };
    return { recorder, ask, problemsThere };
  };

  it('follows the description: failovers', async () => {
    const { ask, problemsThere } = await startReplica();
    const { clusterId } = (await get<readonly { readonly uid: Uid }[]>(`${v1}/protectionJobs`))[0]?.uid ?? {
      clusterId: 0,
    };
    const path = `${v2}/failover/workflow-1`;
    const here = [{ objectId: 100_101 }, { objectId: 100_102 }];
    const there = [{ objectId: 5_100_101 }, { objectId: 5_100_102 }];
    const plan = {
      replicationClusterId: 2_718_281_828_459_045,
      objects: here,
      protectionGroupId: `${clusterId}:1546300800000:1001`,
    };
    const init = {
      sourceCluster: { id: clusterId },
      replicationCluster: { id: 2_718_281_828_459_045, objects: there },
    };
    expect((await call('POST', path, init)).status).toBe(400); // it is the source itself
    expect(await ask('POST', path, init)).toBe(201);
    expect((await call('POST', `${path}/planned-run`, plan)).status).toBe(201);
    expect((await call('GET', `${v2}/failover/planned-runs?failoverIds=workflow-1,nobody`)).status).toBe(200);
    expect((await call('GET', `${v2}/failover/pollPlannedRuns?failoverIds=workflow-1`)).status).toBe(200);
    const objectMap = [{ replicaObjectId: 5_100_101, failoverObjectId: 9_100_101 }];
    expect(await ask('POST', `${path}/object-linkage`, { objectMap })).toBe(201);
    expect(await ask('POST', `${path}/backup-activation`, { enableReverseReplication: true })).toBe(201);
    expect(await ask('POST', `${path}/backup-activation`, { objects: there })).toBe(400);
    const activation = { objects: there.slice(1), targetFailoverPolicyId: '1:2:3', doNotProtect: true };
    expect(await ask('POST', `${path}/backup-activation`, activation)).toBe(201);
    expect(await ask('POST', `${path}/cancel`)).toBe(400);
    expect((await call('POST', `${path}/cancel`)).status).toBe(201);

    expect(
      await ask('POST', `${v2}/failover/workflow-2`, {
        ...init,
        replicationCluster: { objects: [{ objectId: 5_100_103 }] },
      }),
    ).toBe(201);
    const deactivation = {
      replicationClusterId: 2_718_281_828_459_045,
      objects: [{ objectId: 100_103 }],
      protectionGroupId: plan.protectionGroupId,
      keepFailoverObjects: true,
    };
    expect((await call('POST', `${v2}/failover/workflow-2/backup-deactivation`, deactivation)).status).toBe(201);
    for (const step of ['object-linkage', 'backup-activation', 'backup-deactivation'])
      expect((await call('POST', `${v2}/failover/nobody/${step}`, {})).status).toBe(404);
    expect([problems('cohesity'), problemsThere()]).toEqual([[], []]);
  });

  it('follows the description: failovers of views', async () => {
    const { ask, problemsThere } = await startReplica();
    const path = `${v2}/failover/views/5101901`; // the replica of 101901
    expect(await ask('GET', '/v2/file-services/views/5101901')).toBe(200);
    expect(await ask('GET', `${path}/operations`)).toBe(200);
    expect(await ask('POST', path, { type: 'Unplanned', unplannedFailoverParams: {} })).toBe(201);
    expect(await ask('POST', path, { type: 'Unplanned' })).toBeGreaterThanOrEqual(400);
    expect(await ask('GET', path)).toBe(200);
    expect(await ask('POST', `${path}/cancel`)).toBe(204);
    expect(problemsThere()).toEqual([]);
    const home = `${v2}/failover/views/101901`; // which serves it already
    expect((await call('GET', '/v2/file-services/views/101901')).status).toBe(200);
    expect((await call('GET', `${home}/operations`)).status).toBe(200);
    expect((await call('GET', home)).status).toBe(200);
    expect((await call('POST', home, { type: 'Unplanned' })).status).toBe(400);
    expect((await call('POST', `${home}/cancel`)).status).toBe(400);
    expect(problems('cohesity')).toEqual([]);
  });

  /** Described, and not played: the gateway asks for none of them. */
  const notPlayed: readonly (readonly [operation: string, method: string, path: string])[] = [
    ['getProtectionRunProgress', 'GET', `${v2}/runs/1:1/progress`],
    ['getTrackingViewId', 'GET', `${v2}/failover/views/trackingViewId/1`],
    ['updateProtectionGroupsState', 'POST', `${v2}/protection-groups/states`],
  ];

  it('follows the description: reads of the cluster that takes the replications', async () => {
    const { recorder, ask, problemsThere } = await startReplica();
    for (const path of [
      'protectionRuns',
      'protectionRuns?onlyReturnShellInfo=true',
      'protectionJobs?includeLastRunAndStats=true',
      'protectionSources/objects',
      'remoteClusters',
      'vaults',
      'cluster',
    ])
      expect(await ask('GET', `${v1}/${path}`)).toBe(200);
    expect([recorder.exchanges.length, problemsThere()]).toEqual([7, []]);
  });

  it('has by now been of every operation that is described, save those that are not played', () => {
    const names = notPlayed.map(([operation]) => operation);
    expect([...countsOf('cohesity').keys()].sort()).toEqual(
      operationsOf('cohesity').filter((operation) => !names.includes(operation)),
    );
  });

  it.each(notPlayed)('%s is refused, and not answered with something else', async (operation, method, path) => {
    expect((await call(method, path)).status).toBeOneOf([404, 405]);
    expect(countsOf('cohesity').get(operation)).toBe(1);
  });
});

describe('every answer of the played AWS Backup', () => {
  const startClient = (): BackupClient => {
    const client = new BackupClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    open.unshift({ close: async () => client.destroy() });
    return client;
  };
  const nameOf = (arn = ''): string => arn.slice(arn.indexOf('backup-vault:') + 'backup-vault:'.length);

  it('follows the description: copy jobs and their summaries', async () => {
    const client = startClient();
    const jobs: CopyJob[] = [];
    for (let token: string | undefined, pages = 0; pages < 5; pages += 1) {
      const page = await client.send(
        new ListCopyJobsCommand({ MaxResults: 200, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      jobs.push(...(page.CopyJobs ?? []));
      token = page.NextToken;
      if (token === undefined) break;
    }
    for (const ByState of ['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL'] as const)
      await client.send(new ListCopyJobsCommand({ ByState, MaxResults: 10 }));
    const [first] = jobs;
    await client.send(new DescribeCopyJobCommand({ CopyJobId: first?.CopyJobId }));
    await expect(client.send(new DescribeCopyJobCommand({ CopyJobId: 'GONE' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await client.send(new ListCopyJobSummariesCommand({ MaxResults: 100 }));
    await client.send(new ListCopyJobSummariesCommand({ State: 'AGGREGATE_ALL', AggregationPeriod: 'SEVEN_DAYS' }));
    expect(problems('aws-backup')).toEqual([]);
  });

  it('follows the description: a copy that is started', async () => {
    const client = startClient();
    const { CopyJobs = [] } = await client.send(
      new ListCopyJobsCommand({ ByState: 'COMPLETED', ByAccountId: '111122223333', MaxResults: 500 }),
    );
    const source = CopyJobs.find(({ IsParent, ParentJobId }) => IsParent !== true && ParentJobId === undefined);
    const started = await client.send(
      new StartCopyJobCommand({
        RecoveryPointArn: source?.SourceRecoveryPointArn,
        SourceBackupVaultName: nameOf(source?.SourceBackupVaultArn),
        DestinationBackupVaultArn: source?.DestinationBackupVaultArn,
        IamRoleArn: 'arn:aws:iam::111122223333:role/operator',
        IdempotencyToken: 'once',
        Lifecycle: { DeleteAfterDays: 12 },
      }),
    );
    expect(started.CopyJobId).toBeDefined();
    expect(problems('aws-backup')).toEqual([]);
  });

  it('follows the description: vaults, recovery points, resources and plans', async () => {
    const client = startClient();
    const { BackupVaultList = [] } = await client.send(new ListBackupVaultsCommand({}));
    for (const { BackupVaultName = '' } of BackupVaultList) {
      if (BackupVaultName.includes('/')) continue; // an automatic vault, whose name its own operations do not describe
      await client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
      const { RecoveryPoints = [] } = await client.send(
        new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName, MaxResults: 20 }),
      );
      for (const { RecoveryPointArn } of RecoveryPoints.slice(0, 3))
        await client.send(new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn }));
    }
    await client.send(new ListProtectedResourcesCommand({ MaxResults: 50 }));
    const { BackupPlansList = [] } = await client.send(new ListBackupPlansCommand({ IncludeDeleted: true }));
    for (const { BackupPlanId } of BackupPlansList) await client.send(new GetBackupPlanCommand({ BackupPlanId }));
    await expect(client.send(new GetBackupPlanCommand({ BackupPlanId: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(problems('aws-backup')).toEqual([]);
  });

  it('has by now been of every operation that is described', () => {
    expect([...countsOf('aws-backup').keys()].sort()).toEqual(operationsOf('aws-backup'));
  });
});
