import { readFileSync } from 'node:fs';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { describe, expect, it } from 'vitest';
import { cohesitySandboxUpstream, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import {
  ActivateWorkflowDocument,
  CancelWorkflowDocument,
  DeactivateWorkflowDocument,
  LinkWorkflowDocument,
  OpenWorkflowDocument,
  type OpenWorkflowMutationVariables as Variables,
  RunWorkflowDocument,
  WatchWorkflowDocument,
} from '../generated/graphql.js';
import { closing } from '../support/closing.js';
import { auditFile, press } from '../support/failover.js';
import {
  type Mutation,
  gistOf,
  notOk,
  planAndTake,
  readWorkflow,
  startWorkflowGateway,
  take,
} from '../support/failover-workflow.js';
import type { Wire } from '../support/wire.js';

const [HOME, AWAY] = ['3141592653589793', '2718281828459045'];
const GROUP = 'SQL-NYC-payments-Gold';

const objects = (ids: readonly string[]) => ids.map((objectId) => ({ objectId }));

/** A failover of two objects in one direction. */
interface Way {
  readonly id: string;
  readonly replica: string;
  readonly source: string;
  readonly clusterIds: { readonly source: string; readonly replica: string };
  readonly replicas: readonly string[];
  readonly sources: readonly string[];
  /** The group of the replicas, and its name on the cluster that takes over. */
  readonly groupId: string;
  readonly name: string;
}

const over: Way = {
  id: 'over',
  replica: 'sandbox-cohesity-dr',
  source: 'sandbox-cohesity',
  clusterIds: { source: HOME, replica: AWAY },
  replicas: ['5200101', '5200102'],
  sources: ['200101', '200102'],
  groupId: `${HOME}:1546300800000:2001`,
  name: GROUP,
};

/** Two clusters that replicate to each other behind a gateway. A planned run takes a minute, which the test lets pass. */
const startPair = async (faults: readonly string[] = []) => {
  // It stays behind the gateway's clock, since a run of the future has no age.
  const clock = { aheadMs: -30 * 60_000 };
  const home = closing(await startCohesitySandbox({ now: () => Date.now() + clock.aheadMs, faults }));
  const away = closing(await home.startReplica());
  const { file } = auditFile();
  const gateway = await startWorkflowGateway(
    [cohesitySandboxUpstream('sandbox-cohesity', home), cohesitySandboxUpstream('sandbox-cohesity-dr', away)],
    { audit: { file }, limits: { requestTimeoutMs: 6000 }, asksIdentities: true },
  );
  const pass = (): void => void (clock.aheadMs += 180_000);
  const runPlanned = async (way: Way): Promise<void> => {
    const { result } = await press(gateway, {
      upstream: way.source,
      idempotencyKey: way.id,
      replicationClusterId: way.clusterIds.replica,
      objects: objects(way.sources),
      protectionGroupId: way.groupId,
      cancelNonFailoverRuns: true,
    });
    expect(result.__typename).toBe('FailoverAccepted');
    pass();
  };
  return { gateway, file, pass, runPlanned };
};

type Pair = Awaited<ReturnType<typeof startPair>>;

const confirmed = ({ name }: Way) => ({ confirmName: name, acceptDataLossSeconds: 86_400 });
const workflowOf = ({ id, replica }: Way): string => `FailoverWorkflow:${replica}:${id}`;

/** The input of each step. */
const inputs = (way: Way) =>
  ({
    initFailover: {
      replica: way.replica,
      sourceClusterId: way.clusterIds.source,
      objects: objects(way.replicas),
      protectionGroupId: way.groupId,
      idempotencyKey: way.id,
    },
    linkFailoverObjects: {
      workflow: workflowOf(way),
      links: way.replicas.map((id) => ({ replicaObjectId: id, recoveredObjectId: `9${id}` })),
    },
    activateFailover: {
      workflow: workflowOf(way),
      objects: objects(way.replicas),
      enableReverseReplication: true,
      ...confirmed(way),
    },
    deactivateFailoverSource: { workflow: workflowOf(way), objects: objects(way.sources) },
    cancelFailoverWorkflow: { workflow: workflowOf(way), upstream: way.replica },
    acknowledgeFailoverStep: { workflow: workflowOf(way) },
  }) satisfies Record<Mutation, Wire>;

const go = ({ gateway }: Pair, way: Way, mutation: Mutation, members: Wire = {}) =>
  planAndTake(gateway, mutation, { ...inputs(way)[mutation], ...members });
const look = async ({ gateway }: Pair, way: Way) => (await readWorkflow(gateway, workflowOf(way))).workflow;
const acknowledge = ({ gateway }: Pair, way: Way, step: string, happened: boolean) =>
  take(gateway, 'acknowledgeFailoverStep', { workflow: workflowOf(way), step, happened });

const unplanned = (way: Way) => ({ kind: 'UNPLANNED', reason: 'a rehearsal', ...confirmed(way) });
const [done, unconfirmed] = ['FailoverStepTaken DONE', 'FailoverStepTaken UNCONFIRMED'];

/** All steps of a planned failover. */
const walk = async (pair: Pair, way: Way, activation: Wire = {}) => {
  expect(gistOf(await go(pair, way, 'initFailover'))).toBe(done);
  expect((await look(pair, way)).nextSteps).toEqual(['PLANNED_RUN', 'CANCEL']);
  await pair.runPlanned(way);
  expect((await look(pair, way)).nextSteps).toEqual(['LINK', 'CANCEL']);
  expect(gistOf(await go(pair, way, 'linkFailoverObjects'))).toBe(done);
  expect(gistOf(await go(pair, way, 'activateFailover', activation))).toBe(done);
  expect(gistOf(await go(pair, way, 'deactivateFailoverSource'))).toBe(done);
  const workflow = await look(pair, way);
  expect(workflow.nextSteps).toEqual([]);
  return workflow;
};

describe('the walk through the failover of objects, on the sandbox', { timeout: 60_000 }, () => {
  it('goes over as planned, and back', async () => {
    const pair = await startPair();
    const there = await walk(pair, over);
    expect(there).toMatchObject({
      kind: 'PLANNED',
      source: { name: over.source },
      objects: over.replicas.map((replicaObjectId, index) => ({
        replicaObjectId,
        sourceObjectId: over.sources[index],
        recoveredObjectId: `9${replicaObjectId}`,
        activated: true,
      })),
      reverseReplication: { enabled: true, error: null },
      plannedRun: { state: 'SUCCEEDED' },
      activatedGroupId: expect.stringContaining(`${AWAY}:`),
    });
    const back: Way = {
      id: 'back',
      replica: over.source,
      source: over.replica,
      clusterIds: { source: AWAY, replica: HOME },
      replicas: over.sources,
      sources: over.replicas,
      groupId: there.activatedGroupId,
      name: `failover_${GROUP}`,
    };
    expect(await walk(pair, back, { protectionGroupId: over.groupId })).toMatchObject({
      source: { name: over.replica },
      activatedGroupId: over.groupId,
    });
    const lines = readFileSync(pair.file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ outcome }) => outcome !== null);
    expect(lines.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => 'accepted'));
  });

  it('goes over by the operations of the tab in GraphiQL, as they are', async () => {
    const { gateway, pass } = await startPair();
    const ask = async <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => {
      const { data, errors } = await gateway.execute(document, variables);
      expect(errors).toEqual([]);
      return data;
    };
    const watch = async () => (await ask(WatchWorkflowDocument, {})).failoverWorkflow;
    const taking = [
      async (variables: Variables) => (await ask(OpenWorkflowDocument, variables)).initFailover,
      async (variables: Variables) => (await ask(LinkWorkflowDocument, variables)).linkFailoverObjects,
      async (variables: Variables) => (await ask(ActivateWorkflowDocument, variables)).activateFailover,
      async (variables: Variables) => (await ask(DeactivateWorkflowDocument, variables)).deactivateFailoverSource,
    ] as const;
    for (const [nth, step] of taking.entries()) {
      const plan = await step({});
      if (plan?.__typename !== 'FailoverStepPlan') throw new Error(`no plan: ${JSON.stringify(plan)}`);
      expect(plan.checks.filter(({ ok }) => !ok)).toEqual([]);
      const taken = await step({ dryRun: false, planToken: plan.planToken });
      expect(taken).toMatchObject({ __typename: 'FailoverStepTaken', step: { state: 'DONE' } });
      if (nth > 0) continue;
      expect((await watch())?.nextSteps).toEqual(['PLANNED_RUN', 'CANCEL']);
      expect((await ask(RunWorkflowDocument, {})).failover?.__typename).toBe('FailoverAccepted');
      pass();
      expect((await watch())?.plannedRun?.state).toBe('SUCCEEDED');
    }
    expect(await watch()).toMatchObject({ nextSteps: [], reverseReplication: { enabled: true } });
    expect((await ask(CancelWorkflowDocument, {})).cancelFailoverWorkflow).toMatchObject({
      __typename: 'FailoverRejected',
      code: 'NOT_POSSIBLE',
    });
  });

  it('is called off on each of the two clusters', async () => {
    const pair = await startPair();
    await go(pair, over, 'initFailover');
    for (const upstream of [over.replica, over.source])
      expect(gistOf(await go(pair, over, 'cancelFailoverWorkflow', { upstream }))).toBe(done);
  });

  it('activates the rest where the cluster did it in part', async () => {
    const pair = await startPair(['activation-partial']);
    await go(pair, over, 'initFailover', { ...unplanned(over), sourceIsAlive: true });
    await go(pair, over, 'linkFailoverObjects');
    expect(gistOf(await go(pair, over, 'activateFailover'))).toBe('FailoverStepTaken PARTIAL');
    // The error names no object, so a person checks the one that the answer does not list.
    expect((await look(pair, over)).objects).toMatchObject([{ activated: true }, { activated: null }]);
    await acknowledge(pair, over, 'ACTIVATE', false);
    expect((await look(pair, over)).objects).toMatchObject([{ activated: true }, { activated: false }]);
    expect(gistOf(await go(pair, over, 'activateFailover', { objects: objects(over.replicas.slice(1)) }))).toBe(done);
    expect((await look(pair, over)).objects).toMatchObject([{ activated: true }, { activated: true }]);
  });

  it.each([
    ['init-lost-answer', 'INIT', 'initFailover', true],
    ['linkage-lost-answer', 'LINK', 'linkFailoverObjects', true],
    ['activation-lost-answer', 'ACTIVATE', 'activateFailover', true],
    ['activation-unreadable', 'ACTIVATE', 'activateFailover', true],
    ['activation-reset-once', 'ACTIVATE', 'activateFailover', false],
    ['deactivation-lost-answer', 'DEACTIVATE', 'deactivateFailoverSource', true],
  ] as const)('stops at %s until a person has looked, and goes on', async (fault, step, lost, happened) => {
    const pair = await startPair([fault]);
    const mutations = ['initFailover', 'linkFailoverObjects', 'activateFailover', 'deactivateFailoverSource'] as const;
    for (const mutation of mutations) {
      const members = mutation === 'initFailover' ? { ...unplanned(over), sourceIsAlive: true } : {};
      const taken = await go(pair, over, mutation, members);
      expect([mutation, gistOf(taken)]).toEqual([mutation, mutation === lost ? unconfirmed : done]);
      if (mutation !== lost) continue;
      expect((await look(pair, over)).nextSteps).toEqual([]);
      expect(gistOf(await acknowledge(pair, over, step, happened))).toMatch(/^FailoverStepTaken/);
      if (!happened) expect(gistOf(await go(pair, over, mutation))).toBe(done);
    }
    expect((await look(pair, over)).nextSteps).toEqual([]);
  });

  it.each([
    ['activation-refused', 'activateFailover'],
    ['deactivation-refused', 'deactivateFailoverSource'],
  ] as const)('tells with %s that the cluster refused it', async (fault, refused) => {
    const pair = await startPair([fault]);
    await go(pair, over, 'initFailover', { ...unplanned(over), sourceIsAlive: true });
    await go(pair, over, 'linkFailoverObjects');
    if (refused !== 'activateFailover') await go(pair, over, 'activateFailover');
    expect(gistOf(await go(pair, over, refused))).toBe('FailoverRejected REJECTED_BY_CLUSTER');
  });

  it('goes over unplanned when the source dies between two steps', async () => {
    const pair = await startPair(['workflow-source-dies']);
    expect(
      notOk(
        await take(pair.gateway, 'initFailover', { ...inputs(over).initFailover, ...unplanned(over), dryRun: true }),
      ),
    ).toEqual(['SOURCE_SILENT']);
    expect(gistOf(await go(pair, over, 'initFailover', { kind: 'PLANNED' }))).toBe(done);
    const lost = { ...over, id: 'lost' };
    expect(gistOf(await go(pair, over, 'cancelFailoverWorkflow'))).toBe(done);
    expect(gistOf(await go(pair, lost, 'initFailover', unplanned(over)))).toBe(done);
    expect(gistOf(await go(pair, lost, 'linkFailoverObjects'))).toBe(done);
    expect(gistOf(await go(pair, lost, 'activateFailover'))).toBe(done);
    expect(await look(pair, lost)).toMatchObject({
      kind: 'UNPLANNED',
      reverseReplication: { enabled: false, error: 'The source cluster cannot be reached' },
      nextSteps: ['DEACTIVATE'],
    });
    const { result } = await take(pair.gateway, 'deactivateFailoverSource', {
      ...inputs(lost).deactivateFailoverSource,
      dryRun: true,
    });
    expect(result).toMatchObject({ ok: false, planToken: null });
  });
});
