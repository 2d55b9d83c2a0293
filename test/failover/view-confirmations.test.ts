import { describe, expect, it } from 'vitest';
import type { GatewayOptions } from '../support/gateway.js';
import {
  NAME,
  begin,
  confirmed,
  gistOf,
  notOk,
  planAndStep,
  replicaRun,
  startSource,
  startViewCluster,
  startViewGateway,
  step,
} from '../support/view-failover.js';

/** The timeout of a request. The search for a lost answer gets about a third of it, beside several reads before. */
const quick = { requestTimeoutMs: 3000 };

const running = 'ViewFailoverAccepted RUNNING';

describe('what a person has to confirm', () => {
  const grave = { action: 'UNPLANNED', sourceIsAlive: true, ...confirmed };

  it.each([
    ['no name', { confirmName: null }, ['NAME_CONFIRMED'], 'CONFIRMATION_REQUIRED', ['input', 'confirmName']],
    ['another name', { confirmName: 'finance' }, ['NAME_CONFIRMED'], 'CONFIRMATION_REQUIRED', ['input', 'confirmName']],
    [
      'the name in capitals',
      { confirmName: NAME.toUpperCase() },
      ['NAME_CONFIRMED'],
      'CONFIRMATION_REQUIRED',
      ['input', 'confirmName'],
    ],
    [
      'no loss',
      { acceptDataLossSeconds: null },
      ['DATA_LOSS_ACCEPTED'],
      'CONFIRMATION_REQUIRED',
      ['input', 'acceptDataLossSeconds'],
    ],
    [
      'a smaller loss',
      { acceptDataLossSeconds: 599 },
      ['DATA_LOSS_ACCEPTED'],
      'CONFIRMATION_REQUIRED',
      ['input', 'acceptDataLossSeconds'],
    ],
  ])('is missing with %s, and nothing is sent', async (_what, members, names, code, path) => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { ...grave, dryRun: true });
    expect(notOk(plan)).toEqual([]);
    expect(plan.result.dataAgeSeconds).toBeGreaterThanOrEqual(600);
    expect(notOk(await step(gateway, { ...grave, ...members, dryRun: true }))).toEqual(names);
    const { result } = await step(gateway, { ...grave, ...members, planToken: plan.result.planToken });
    expect(result).toMatchObject({ __typename: 'FailoverRejected', code, path });
    expect(cluster.posts()).toEqual([]);
  });

  it('is called for by reverse replication too', async () => {
    const { gateway } = await begin();
    const plan = await step(gateway, { reverseReplication: true, dryRun: true });
    expect(notOk(plan)).toEqual(['NAME_CONFIRMED', 'DATA_LOSS_ACCEPTED']);
  });

  it.each([
    ['no run of the group is good', { runs: [replicaRun(600, 'kFailure')] }],
    ['the runs lie in the future', { runs: [replicaRun(-4000)] }],
    ['the group is not listed', { jobs: [] }],
    ['the view is in no group', { view: { viewId: 31, name: NAME } }],
  ])('cannot be a loss that nobody can measure: %s', async (_what, holds) => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { ...grave, dryRun: true });
    Object.assign(cluster.holds, holds);
    const again = await step(gateway, { ...grave, dryRun: true });
    expect(notOk(again)).toEqual(['DATA_LOSS_ACCEPTED']);
    expect(again.result.dataAgeSeconds).toBeNull();
    const pressed = await step(gateway, { ...grave, planToken: plan.result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected AGE_UNKNOWN');
    expect(cluster.posts()).toEqual([]);
  });

  it('goes by the newest good run', async () => {
    const { cluster, gateway } = await begin();
    cluster.holds.runs = [replicaRun(9000), replicaRun(300, 'kFailure'), replicaRun(1200)];
    const { result } = await step(gateway, { ...grave, dryRun: true });
    expect(result.dataAgeSeconds).toBeGreaterThanOrEqual(1200);
    expect(result.dataAgeSeconds).toBeLessThan(1300);
  });
});

describe('a source that may be alive', () => {
  const grave = { action: 'UNPLANNED', ...confirmed };
  const withSource = async (options: Partial<GatewayOptions> = {}) => {
    const [cluster, source] = [await startViewCluster(), await startSource()];
    const gateway = await startViewGateway([cluster.upstream, source.upstream], options);
    return { cluster, source, gateway };
  };

  it('keeps an unplanned failover from being sent while it answers', async () => {
    const { cluster, source, gateway } = await withSource();
    expect(notOk(await step(gateway, { ...grave, dryRun: true }))).toEqual(['SOURCE_SILENT']);
    const alive = { ...grave, sourceIsAlive: true };
    const { result } = await step(gateway, { ...alive, dryRun: true });
    const pressed = await step(gateway, { ...grave, planToken: result.planToken });
    expect(pressed.result).toMatchObject({ code: 'CONFIRMATION_REQUIRED', path: ['input', 'sourceIsAlive'] });
    expect(source.seen.length).toBeGreaterThan(0);
    expect(cluster.posts()).toEqual([]);
    expect(gistOf(await step(gateway, { ...alive, planToken: result.planToken }))).toBe(running);
  });

  it('does not, once it is silent', async () => {
    const { cluster, source, gateway } = await withSource({ limits: quick });
    await step(gateway, { ...grave, dryRun: true }); // it has said who it is
    source.die();
    expect(gistOf(await planAndStep(gateway, grave))).toBe(running);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is taken for alive where it refuses to say who it is', async () => {
    const { gateway, source } = await withSource();
    await step(gateway, { ...grave, dryRun: true });
    source.refuse();
    expect(notOk(await step(gateway, { ...grave, dryRun: true }))).toEqual(['SOURCE_SILENT']);
  });

  it('is taken for alive where it cannot be asked: it never answered, or is not configured', async () => {
    const { source, gateway } = await withSource({ limits: quick });
    source.die();
    expect(notOk(await step(gateway, { ...grave, dryRun: true }))).toEqual(['SOURCE_SILENT']);
    const { gateway: alone } = await begin();
    expect(notOk(await step(alone, { ...grave, dryRun: true }))).toEqual(['SOURCE_SILENT']);
  });
});
