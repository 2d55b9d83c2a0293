import { readFileSync } from 'node:fs';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { describe, expect, it } from 'vitest';
import { cohesitySandboxUpstream, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import {
  CancelViewFailoverDocument,
  PlanViewFailoverDocument,
  PlanViewFinalizeDocument,
  StartViewFailoverDocument,
  StartViewFinalizeDocument,
  WatchViewFailoverDocument,
} from '../generated/graphql.js';
import { closing } from '../support/closing.js';
import { auditFile } from '../support/failover.js';
import { cancelStep, gistOf, notOk, startViewGateway, step } from '../support/view-failover.js';
import type { Wire } from '../support/wire.js';

/** The view of job 1019 on both clusters of the sandbox. */
const views = { 'sandbox-cohesity': '101901', 'sandbox-cohesity-dr': '5101901' } as const;
type Name = keyof typeof views;
const DR = 'sandbox-cohesity-dr';
const loss = { acceptDataLossSeconds: 86_400 };

/** Two clusters that replicate to each other behind a gateway. A step takes a minute, which the test lets pass. */
const startPair = async (faults: readonly string[] = []) => {
  const clock = { aheadMs: 0 };
  const home = closing(await startCohesitySandbox({ now: () => Date.now() + clock.aheadMs, faults }));
  const away = closing(await home.startReplica());
  const { file } = auditFile();
  const gateway = await startViewGateway(
    [cohesitySandboxUpstream('sandbox-cohesity', home), cohesitySandboxUpstream(DR, away)],
    { audit: { file }, limits: { requestTimeoutMs: 6000 } },
  );
  let nth = 0;
  const plan = (upstream: Name, members: Wire) =>
    step(gateway, { upstream, viewId: views[upstream], dryRun: true, ...members });
  /** Plans a step under a key of its own, and takes it. */
  const take = async (upstream: Name, members: Wire) => {
    nth += 1;
    const input = { upstream, viewId: views[upstream], idempotencyKey: `walk-${nth}`, ...members };
    const { result } = await step(gateway, { ...input, dryRun: true });
    return step(gateway, { ...input, planToken: result.planToken });
  };
  const list = async (upstream: Name) => {
    const query = `query ($upstream: String!, $viewId: BigInt!) {
      viewFailovers(upstream: $upstream, viewId: $viewId) { id action state message replications { progress } } }`;
    return (await gateway.execute(query, { upstream, viewId: views[upstream] })).data.viewFailovers;
  };
  return { gateway, file, plan, take, list, pass: () => void (clock.aheadMs += 61_000) };
};

const nameOf = async ({ plan }: Awaited<ReturnType<typeof startPair>>, upstream: Name): Promise<string> => {
  const { result } = await plan(upstream, { action: 'PREPARE', idempotencyKey: 'name' });
  const known = result.checks.find(({ name }: { readonly name: string }) => name === 'VIEW_KNOWN');
  return known.detail.replace(/^It is (.*)\.$/, '$1');
};

const running = 'ViewFailoverAccepted RUNNING';

describe('the walk through the failover of a view, on the sandbox', () => {
  it('goes over as planned, and back', { timeout: 60_000 }, async () => {
    const pair = await startPair();
    const { take, list, pass, file } = pair;
    const confirmName = await nameOf(pair, DR);
    for (const upstream of [DR, 'sandbox-cohesity'] as const) {
      expect(gistOf(await take(upstream, { action: 'PREPARE' }))).toBe(running);
      expect(await list(upstream)).toMatchObject([{ action: 'PREPARE', state: 'RUNNING' }]);
      pass();
      expect(await list(upstream)).toMatchObject([{ state: 'SUCCEEDED', replications: [{ progress: 1 }] }]);
      expect(gistOf(await take(upstream, { action: 'FINALIZE', confirmName, ...loss }))).toBe(running);
      pass();
      expect(await list(upstream)).toMatchObject([
        { action: 'FINALIZE', state: 'SUCCEEDED', message: expect.stringContaining('Left to you') },
        { action: 'PREPARE', state: 'SUCCEEDED' },
      ]);
    }
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ upstream, step: taken, outcome }) => [upstream, taken, outcome])).toEqual(
      [DR, 'sandbox-cohesity'].flatMap((upstream) =>
        ['PREPARE', 'FINALIZE'].flatMap((taken) => [
          [upstream, taken, null],
          [upstream, taken, 'accepted'],
        ]),
      ),
    );
  });

  it('goes over by the operations of the tab in GraphiQL, as they are', { timeout: 60_000 }, async () => {
    const { gateway, pass } = await startPair();
    const ask = async <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => {
      const { data, errors } = await gateway.execute(document, variables);
      expect(errors).toEqual([]);
      return data;
    };
    const steps = [
      [PlanViewFailoverDocument, StartViewFailoverDocument, 'PREPARE'],
      [PlanViewFinalizeDocument, StartViewFinalizeDocument, 'FINALIZE'],
    ] as const;
    for (const [planning, starting, action] of steps) {
      const { viewFailover: plan } = await ask(planning, {});
      if (plan?.__typename !== 'ViewFailoverPlan') throw new Error(`no plan: ${JSON.stringify(plan)}`);
      expect(plan.checks.filter(({ ok }) => !ok)).toEqual([]);
      const { viewFailover } = await ask(starting, { planToken: plan.planToken });
      expect(viewFailover).toMatchObject({ __typename: 'ViewFailoverAccepted', failover: { state: 'RUNNING' } });
      pass();
      expect((await ask(WatchViewFailoverDocument, {})).viewFailovers?.[0]).toMatchObject({
        action,
        state: 'SUCCEEDED',
        replications: [{ progress: 1 }],
      });
    }
    expect((await ask(CancelViewFailoverDocument, {})).cancelViewFailover).toMatchObject({
      __typename: 'CancelRejected',
    });
  });

  it('is called off after the PREPARE, and prepared again', { timeout: 60_000 }, async () => {
    const pair = await startPair();
    const { gateway, take, plan, pass } = pair;
    const { result } = await take(DR, { action: 'PREPARE' });
    pass();
    expect(gistOf(await cancelStep(gateway, result.failover.id))).toBe('ViewFailoverAccepted SUCCEEDED');
    pass();
    const confirmName = await nameOf(pair, DR);
    const finalize = await plan(DR, { action: 'FINALIZE', idempotencyKey: 'f', confirmName, ...loss });
    expect(notOk(finalize)).toEqual(['OPERATION_ALLOWED']);
    expect(gistOf(await take(DR, { action: 'PREPARE' }))).toBe(running);
  });

  it('goes over unplanned when the source dies between the two halves', { timeout: 60_000 }, async () => {
    const pair = await startPair(['view-source-dies']);
    const { take, plan, pass, list } = pair;
    const confirmName = await nameOf(pair, DR);
    const unplanned = { action: 'UNPLANNED', confirmName, ...loss };
    expect(notOk(await plan(DR, { ...unplanned, idempotencyKey: 'u' }))).toEqual(['SOURCE_SILENT']);
    await take(DR, { action: 'PREPARE' });
    pass();
    expect(gistOf(await take(DR, unplanned))).toBe(running);
    pass();
    expect(await list(DR)).toMatchObject([{ action: 'UNPLANNED', state: 'SUCCEEDED' }, { action: 'PREPARE' }]);
  });

  it.each([
    ['view-lost-answer', running],
    ['view-reset', 'ViewFailoverAccepted UNCONFIRMED'],
    ['view-refused', 'FailoverRejected REJECTED_BY_CLUSTER'],
    ['view-operations-missing', 'FailoverRejected PLAN_REQUIRED'],
  ])('tells what becomes of it with %s', { timeout: 60_000 }, async (fault, gist) => {
    const { take } = await startPair([fault]);
    expect(gistOf(await take(DR, { action: 'PREPARE' }))).toBe(gist);
  });
});
