import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awsBackupSandboxUpstream, startAwsBackupSandbox } from '../../src/sandbox/aws-backup/server.js';
import { cohesitySandboxUpstream, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import { scopes } from '../../src/domain/principal.js';
import { startGateway } from '../support/gateway.js';
import { apiKey } from '../support/keys.js';
import { type Recorder, startRecorder } from '../support/recorder.js';
import { type Router, routers, startRouters } from './supergraph.js';

/** It refuses by itself, since it reads the scopes of the supergraph. */
const guard: Router = 'Hive Gateway on its guard';

const names = Object.keys(routers) as Router[];

/** copygraph over the sandbox, whose clock the test puts forward, and the routers in front of it. */
const start = async () => {
  // It stays behind the gateway's clock, since a run of the future has no age.
  const clock = { aheadMs: -30 * 60_000 };
  const now = (): number => Date.now() + clock.aheadMs;
  const home = await startCohesitySandbox({ now });
  const away = await home.startReplica();
  const aws = await startAwsBackupSandbox();
  const recorders = await Promise.all([home, away, aws].map(({ url }) => startRecorder(url)));
  const [east, west, cloud] = recorders as [Recorder, Recorder, Recorder];
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-routed-'));
  const gateway = await startGateway({
    upstreams: [
      cohesitySandboxUpstream('sandbox-cohesity', east),
      cohesitySandboxUpstream('sandbox-cohesity-dr', west),
      { ...awsBackupSandboxUpstream('sandbox-aws', 'us-east-1', cloud), timeoutMs: 20_000 },
    ],
    auth: { apiKeys: [apiKey('reader', ['copy:read']), apiKey('operator', scopes)] },
    experimental: { failoverWorkflow: true },
    audit: { file: join(folder, 'audit.jsonl') },
    limits: { maxUpstreamCalls: 1000, requestTimeoutMs: 30_000 },
  });
  const graph = await startRouters(gateway.url);
  return {
    ...graph,
    pass: (seconds: number) => void (clock.aheadMs += seconds * 1000),
    /** The requests that change something, of all upstreams, since it was last asked. */
    sent: (): readonly string[] =>
      [east, west, cloud].flatMap(({ exchanges }) =>
        exchanges
          .splice(0)
          .filter(({ method, url }) => method !== 'GET' && !url.endsWith('/accessTokens'))
          .map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`),
      ),
    close: async (): Promise<void> => {
      await graph.close();
      await Promise.all([gateway, ...recorders, home, away, aws].map((one) => one.close()));
      rmSync(folder, { recursive: true });
    },
  };
};

let graph: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  graph = await start();
});
afterAll(() => graph.close());
beforeEach(() => {
  graph.sent();
  graph.copygraph.take();
});

/** The answer that an operator has from a router; it has no errors. */
const ask = async (router: Router, query: string, variables: object = {}) => {
  const { data, errors } = await graph.ask(router, query, { key: 'operator', variables });
  expect(errors).toEqual([]);
  return data;
};

const refusals = '... on UserError { code message path }';

describe.each(names.map((router, index) => ({ router, index })))('an operator behind $router', ({ router, index }) => {
  const v2 = '/v2/data-protect/failover';

  it('plans a failover, starts it once, and watches it to its end; calls another off', async () => {
    const mutation = `mutation ($input: FailoverInput!) { failover(input: $input) { __typename
      ... on FailoverPlan { ok checks { name ok } }
      ... on FailoverAccepted { failover { id state upstream { name } } } ${refusals} } }`;
    const inputOf = (idempotencyKey: string) => ({
      upstream: 'sandbox-cohesity',
      idempotencyKey,
      protectionGroupId: '3141592653589793:1546300800000:1001',
      replicationClusterId: '2718281828459045',
      objects: [{ objectId: '100101' }],
      cancelNonFailoverRuns: true,
    });
    const input = inputOf(`routed-${index}`);
    const { failover: plan } = await ask(router, mutation, { input: { ...input, dryRun: true } });
    expect(plan).toMatchObject({ __typename: 'FailoverPlan', ok: true });
    expect(graph.sent()).toEqual([]);
    for (let press = 0; press < 2; press += 1) {
      const { failover } = await ask(router, mutation, { input });
      expect(failover).toMatchObject({
        __typename: 'FailoverAccepted',
        failover: { upstream: { name: input.upstream } },
      });
    }
    expect(graph.sent()).toEqual([`POST ${v2}/routed-${index}/planned-run`]);
    graph.pass(120);
    const watch = 'query ($id: ID!) { failover(id: $id) { state runId copyRuns { nodes { id target { name } } } } }';
    expect((await ask(router, watch, { id: `Failover:sandbox-cohesity:routed-${index}` })).failover).toMatchObject({
      state: 'SUCCEEDED',
      runId: expect.stringMatching(/^1001:/),
      copyRuns: {
        nodes: expect.arrayContaining([expect.objectContaining({ id: expect.stringMatching(/^CopyRun:/) })]),
      },
    });

    await ask(router, mutation, { input: inputOf(`routed-off-${index}`) });
    graph.sent();
    const id = `Failover:sandbox-cohesity:routed-off-${index}`;
    const cancel = `mutation ($id: ID!) { cancelFailover(id: $id) { __typename
      ... on FailoverCancelRequested { failover { id state } } ${refusals} } }`;
    expect((await ask(router, cancel, { id })).cancelFailover).toEqual({
      __typename: 'FailoverCancelRequested',
      failover: { id, state: 'CANCELED' },
    });
    expect(graph.sent()).toEqual([`POST ${v2}/routed-off-${index}/cancel`]);
  });

  it.each([
    ['CopyRun', /^PUT \/v2\/data-protect\/protection-groups\/.+\/runs$/],
    ['CopyJob', /^PUT \/copy-jobs$/],
  ] as const)('makes a failed %s again: a plan, its token, and one request', async (type, request) => {
    const list = `{ copyOperations(first: 200, filter: { states: [FAILED, PARTIAL, CANCELED, MISSED] }) { nodes { id owner } } }`;
    const { copyOperations } = await ask(router, list);
    const ids: readonly string[] = copyOperations.nodes
      .map(({ id }: { readonly id: string }) => id)
      .filter((id: string) => id.startsWith(`${type}:`));
    const mutation = `mutation ($input: RetryCopyInput!) { retryCopy(input: $input) { __typename
      ... on CopyRetryPlan { ok planToken checks { name ok } }
      ... on CopyRetryAccepted { state operation { __typename id owner } } ${refusals} } }`;
    const plan = async (id: string, nth: number) => {
      const input = { id, idempotencyKey: `routed-${index}-${type}-${nth}` };
      const { retryCopy } = await ask(router, mutation, { input: { ...input, dryRun: true } });
      return { input, planToken: retryCopy.planToken };
    };
    const plans = await Promise.all(ids.map(plan));
    const chosen = plans.find(({ planToken }) => typeof planToken === 'string');
    if (chosen === undefined) throw new Error(`no ${type} can be made again`);
    expect(graph.sent()).toEqual([]);
    const { input, planToken } = chosen;
    const refused = await ask(router, mutation, { input });
    expect(refused.retryCopy).toMatchObject({ __typename: 'RetryRejected', code: 'PLAN_REQUIRED' });
    for (const token of [planToken, undefined]) {
      const { retryCopy } = await ask(router, mutation, { input: { ...input, planToken: token } });
      expect(retryCopy).toMatchObject({
        __typename: 'CopyRetryAccepted',
        state: 'REQUESTED',
        operation: { __typename: type, owner: type === 'CopyRun' ? 'storage-team' : 'cloud-team' },
      });
    }
    expect(graph.sent()).toEqual([expect.stringMatching(request)]);
  });

  it('fails a view over: a plan and its token for each step, and one request', async () => {
    const [viewId, name] = (
      [
        ['5101901', 'mail-journal'],
        ['5101902', 'mail-journal-index'],
        ['5200701', 'catalog-share-nyc-01'],
        ['5200702', 'catalog-share-nyc-02'],
      ] as const
    )[index] ?? ['', ''];
    const upstream = 'sandbox-cohesity-dr';
    const mutation = `mutation ($input: ViewFailoverInput!) { viewFailover(input: $input) { __typename
      ... on ViewFailoverPlan { ok allowed planToken checks { name ok detail } }
      ... on ViewFailoverAccepted { failover { id action state } } ${refusals} } }`;
    const list = `query ($viewId: BigInt!) { viewFailovers(upstream: "${upstream}", viewId: $viewId) {
      action state replications { progress } } }`;
    for (const action of ['PREPARE', 'FINALIZE'] as const) {
      const confirmed = action === 'FINALIZE' ? { confirmName: name, acceptDataLossSeconds: 86_400 } : {};
      const input = { upstream, viewId, action, idempotencyKey: `routed-${action}-${index}`, ...confirmed };
      const { viewFailover: plan } = await ask(router, mutation, { input: { ...input, dryRun: true } });
      expect(plan.checks.filter(({ ok }: { readonly ok: boolean }) => !ok)).toEqual([]);
      expect(plan.allowed).toContain(action === 'PREPARE' ? 'Prepare' : 'Finalize');
      expect(graph.sent()).toEqual([]);
      for (const planToken of [plan.planToken, undefined]) {
        const { viewFailover } = await ask(router, mutation, { input: { ...input, planToken } });
        expect(viewFailover).toMatchObject({
          __typename: 'ViewFailoverAccepted',
          failover: { action, state: 'RUNNING' },
        });
      }
      expect(graph.sent()).toEqual([`POST ${v2}/views/${viewId}`]);
      graph.pass(61);
      const { viewFailovers } = await ask(router, list, { viewId });
      expect(viewFailovers[0]).toEqual({ action, state: 'SUCCEEDED', replications: [{ progress: 1 }] });
    }
  });

  it('calls off what it prepared', async () => {
    const viewId = ['5100701', '5201201', '5201202', '5201203'][index];
    const input = { upstream: 'sandbox-cohesity-dr', viewId, action: 'PREPARE', idempotencyKey: `routed-off-${index}` };
    const mutation = `mutation ($input: ViewFailoverInput!) { viewFailover(input: $input) {
      ... on ViewFailoverPlan { planToken } ... on ViewFailoverAccepted { failover { id } } ${refusals} } }`;
    const { viewFailover: plan } = await ask(router, mutation, { input: { ...input, dryRun: true } });
    const { viewFailover } = await ask(router, mutation, { input: { ...input, planToken: plan.planToken } });
    graph.sent();
    const cancel = `mutation ($id: ID!) { cancelViewFailover(id: $id) { __typename
      ... on ViewFailoverAccepted { failover { id } } ${refusals} } }`;
    const { id } = viewFailover.failover;
    expect((await ask(router, cancel, { id })).cancelViewFailover).toEqual({
      __typename: 'ViewFailoverAccepted',
      failover: { id },
    });
    expect(graph.sent()).toEqual([`POST ${v2}/views/${viewId}/cancel`]);
  });

  it('fails an object over, all steps: a plan and its token for each, and one request', async () => {
    const [key, object] = [`routed-all-${index}`, 200_201 + index];
    const [source, replica] = [String(object), String(5_000_000 + object)];
    const workflow = `FailoverWorkflow:sandbox-cohesity-dr:${key}`;
    const take = async (name: string, input: object) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`.replace(/^(Deactivate.+)SourceInput$/, '$1Input');
      const mutation = `mutation ($input: ${type}!) { result: ${name}(input: $input) { __typename
        ... on FailoverStepPlan { ok planToken checks { name ok detail } }
        ... on FailoverStepTaken { step { name state upstream { name } } workflow { id nextSteps } } ${refusals} } }`;
      const { result: plan } = await ask(router, mutation, { input: { ...input, dryRun: true } });
      expect(plan.checks.filter(({ ok }: { readonly ok: boolean }) => !ok)).toEqual([]);
      expect(graph.sent()).toEqual([]);
      for (const planToken of [plan.planToken, undefined]) {
        const { result } = await ask(router, mutation, { input: { ...input, planToken } });
        expect(result).toMatchObject({
          __typename: 'FailoverStepTaken',
          step: { state: 'DONE', upstream: { name: expect.stringContaining('sandbox-cohesity') } },
          workflow: { id: workflow },
        });
      }
      return graph.sent();
    };
    const init = {
      replica: 'sandbox-cohesity-dr',
      sourceClusterId: '3141592653589793',
      objects: [{ objectId: replica }],
      kind: 'PLANNED',
      idempotencyKey: key,
    };
    expect(await take('initFailover', init)).toEqual([`POST ${v2}/${key}`]);
    const planned = {
      upstream: 'sandbox-cohesity',
      idempotencyKey: key,
      protectionGroupId: '3141592653589793:1546300800000:2002',
      replicationClusterId: '2718281828459045',
      objects: [{ objectId: source }],
      cancelNonFailoverRuns: true,
    };
    await ask(router, 'mutation ($input: FailoverInput!) { failover(input: $input) { __typename } }', {
      input: planned,
    });
    expect(graph.sent()).toEqual([`POST ${v2}/${key}/planned-run`]);
    graph.pass(120);
    const links = [{ replicaObjectId: replica, recoveredObjectId: `9${replica}` }];
    expect(await take('linkFailoverObjects', { workflow, links })).toEqual([`POST ${v2}/${key}/object-linkage`]);
    const activation = {
      workflow,
      objects: [{ objectId: replica }],
      confirmName: 'SQL-NYC-payments-Gold-2',
      acceptDataLossSeconds: 86_400,
    };
    expect(await take('activateFailover', activation)).toEqual([`POST ${v2}/${key}/backup-activation`]);
    const deactivation = { workflow, objects: [{ objectId: source }] };
    expect(await take('deactivateFailoverSource', deactivation)).toEqual([`POST ${v2}/${key}/backup-deactivation`]);
    const query = `query ($id: ID!) { failoverWorkflow(id: $id) { nextSteps plannedRun { state }
      source { name } objects { sourceObjectId recoveredObjectId activated } steps { name state evidence } } }`;
    expect((await ask(router, query, { id: workflow })).failoverWorkflow).toMatchObject({
      nextSteps: [],
      plannedRun: { state: 'SUCCEEDED' },
      source: { name: 'sandbox-cohesity' },
      objects: [{ sourceObjectId: source, recoveredObjectId: `9${replica}`, activated: true }],
    });
  });

  it('is refused without the scopes, and nothing is sent', async () => {
    const mutation = `mutation {
      retryCopy(input: { id: "CopyJob:sandbox-aws:J1", idempotencyKey: "no" }) { __typename }
      cancelFailover(id: "Failover:sandbox-cohesity:no") { __typename }
    }`;
    const { data, errors } = await graph.ask(router, mutation, { key: 'reader' });
    expect(Object.values(data ?? {}).filter((answer) => answer !== null)).toEqual([]);
    const codes = errors.map(({ extensions }) => extensions.code);
    if (router === guard) expect([codes.length > 0, graph.copygraph.take()]).toEqual([true, []]);
    else expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(graph.sent()).toEqual([]);
  });
});
