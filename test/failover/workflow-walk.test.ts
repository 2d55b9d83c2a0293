import { describe, expect, it } from 'vitest';
import { cohesitySandboxUpstream, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import { closing } from '../support/closing.js';
import { press } from '../support/failover.js';
import { type Mutation, gistOf, planAndTake, startWorkflowGateway, take } from '../support/failover-workflow.js';
import type { Wire } from '../support/wire.js';

const SOURCE = 'sandbox-cohesity';
const DR = 'sandbox-cohesity-dr';
const HOME = '3141592653589793';
const AWAY = '2718281828459045';
const WORKFLOW = `FailoverWorkflow:${DR}:walk`;
/** The two objects of job 2001 at home, and their replicas on the other cluster. */
const ids = { home: ['200101', '200102'], away: ['5200101', '5200102'] } as const;
const objectsOf = (list: readonly string[]) => list.map((objectId) => ({ objectId }));
const done = 'FailoverStepTaken DONE';

const startPair = async (faults: readonly string[] = []) => {
  const clock = { aheadMs: 0 };
  const home = closing(await startCohesitySandbox({ now: () => Date.now() + clock.aheadMs, faults }));
  const away = closing(await home.startReplica());
  const gateway = await startWorkflowGateway([
    cohesitySandboxUpstream(SOURCE, home),
    cohesitySandboxUpstream(DR, away),
  ]);
  /** The name of the group, as a plan reports it. */
  const nameOf = (plan: Awaited<ReturnType<typeof take>>): string =>
    plan.result.checks
      .find(({ name }: { readonly name: string }) => name === 'GROUP_KNOWN')
      .detail.replace(/^The group is (.*)\.$/, '$1');
  const opening = {
    ...{ replica: DR, sourceClusterId: HOME, objects: objectsOf(ids.away), idempotencyKey: 'walk' },
    protectionGroupId: `${HOME}:1546300800000:2001`,
  };
  const run = (mutation: Mutation, members: Wire) => planAndTake(gateway, mutation, { workflow: WORKFLOW, ...members });
  const read = async () => {
    const query =
      'query ($id: ID!) { failoverWorkflow(id: $id) { nextSteps plannedRun { state } objects { activated } } }';
    return (await gateway.execute(query, { id: WORKFLOW })).data.failoverWorkflow;
  };
  return { gateway, clock, nameOf, opening, run, read };
};

const links = ids.away.map((replicaObjectId) => ({ replicaObjectId, recoveredObjectId: `${replicaObjectId}9` }));
const loss = { acceptDataLossSeconds: 1_000_000 };

describe('the walk through the failover of objects, on the sandbox', () => {
  it('goes over as planned', { timeout: 60_000 }, async () => {
    const { gateway, clock, nameOf, opening, run, read } = await startPair();
    const confirmName = nameOf(await take(gateway, 'initFailover', { ...opening, dryRun: true }));
    expect(gistOf(await planAndTake(gateway, 'initFailover', opening))).toBe(done);
    await press(gateway, {
      ...{ upstream: SOURCE, idempotencyKey: 'walk', replicationClusterId: AWAY, objects: objectsOf(ids.home) },
      protectionGroupId: opening.protectionGroupId,
    });
    clock.aheadMs += 3_600_000;
    expect(await read()).toMatchObject({ nextSteps: ['LINK', 'CANCEL'], plannedRun: { state: 'SUCCEEDED' } });
    expect(gistOf(await run('linkFailoverObjects', { links }))).toBe(done);
    const activation = { objects: objectsOf(ids.away), confirmName, ...loss };
    expect(gistOf(await run('activateFailover', activation))).toBe(done);
    expect(gistOf(await run('deactivateFailoverSource', { objects: objectsOf(ids.home) }))).toBe(done);
    expect(await read()).toMatchObject({ nextSteps: [], objects: [{ activated: true }, { activated: true }] });
  });

  it('goes over unplanned, and activates in part', { timeout: 60_000 }, async () => {
    const { gateway, nameOf, opening, run, read } = await startPair(['activation-partial']);
    const confirmName = nameOf(await take(gateway, 'initFailover', { ...opening, dryRun: true }));
    const unplanned = { kind: 'UNPLANNED', reason: 'drill', sourceIsAlive: true, confirmName, ...loss };
    expect(gistOf(await planAndTake(gateway, 'initFailover', { ...opening, ...unplanned }))).toBe(done);
    await run('linkFailoverObjects', { links });
    const sent = await run('activateFailover', { objects: objectsOf(ids.away), confirmName, ...loss });
    expect(gistOf(sent)).toBe('FailoverStepTaken PARTIAL');
    expect((await read()).objects).toEqual([{ activated: true }, { activated: null }]);
  });
});
