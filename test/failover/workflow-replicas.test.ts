import { describe, expect, it } from 'vitest';
import { auditFile } from '../support/failover.js';
import {
  begin,
  gistOf,
  named,
  openUnplanned,
  planAndTake,
  readWorkflow,
  startReplica,
  startSource,
  startWorkflowGateway,
  statesOf,
  take,
  unplanned,
} from '../support/failover-workflow.js';
import { apiKey, bearer } from '../support/keys.js';
import { describeWithRedis, startRedis } from '../support/redis.js';

const done = 'FailoverStepTaken DONE';

const startReplicas = async () => {
  const redis = await startRedis();
  const [cluster, source] = [await startReplica(), await startSource()];
  const start = () =>
    startWorkflowGateway([cluster.upstream, source.upstream], {
      audit: { file: auditFile().file }, // each has its own
      redis: { url: redis.url },
    });
  return { redis, cluster, one: await start(), other: await start() };
};

describeWithRedis('a failover workflow at two replicas', () => {
  it('goes on at the other, by a plan of either', async () => {
    const { cluster, one, other } = await startReplicas();
    await openUnplanned(one);
    expect((await readWorkflow(other)).workflow.nextSteps).toEqual(['ACTIVATE', 'CANCEL']);
    const { result } = await take(one, 'activateFailover', { dryRun: true });
    expect(gistOf(await take(other, 'activateFailover', { planToken: result.planToken }))).toBe(done);
    expect(gistOf(await take(one, 'activateFailover', { planToken: result.planToken }))).toBe(done);
    expect(cluster.posts('backup-activation')).toHaveLength(1);
  });

  it.each([
    ['one key', 'drill-1', named(501, 502)],
    ['two keys for one object', 'drill-2', named(502)],
  ])('sends one request under %s, at once', async (_what, idempotencyKey, objects) => {
    const { cluster, one, other } = await startReplicas();
    const second = { ...unplanned, idempotencyKey, ...objects };
    const plans = [
      await take(one, 'initFailover', { ...unplanned, dryRun: true }),
      await take(other, 'initFailover', { ...second, dryRun: true }),
    ];
    const sent = await Promise.all([
      take(one, 'initFailover', { ...unplanned, planToken: plans[0]?.result.planToken }),
      take(other, 'initFailover', { ...second, planToken: plans[1]?.result.planToken }),
    ]);
    expect(sent.map(gistOf)).toContain(done);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is acknowledged for both at either', async () => {
    const { cluster, one, other } = await startReplicas();
    await planAndTake(one, 'initFailover', unplanned);
    cluster.plays['object-linkage'] = ({ drop }) => drop();
    await planAndTake(one, 'linkFailoverObjects');
    expect(await statesOf(other)).toMatchObject({ LINK: 'UNCONFIRMED' });
    await take(other, 'acknowledgeFailoverStep', { step: 'LINK', happened: false });
    expect(await statesOf(one)).toMatchObject({ LINK: 'REJECTED' });
    delete cluster.plays['object-linkage'];
    expect(gistOf(await planAndTake(one, 'linkFailoverObjects'))).toBe(done);
    expect(await statesOf(other)).toMatchObject({ LINK: 'DONE' });
  });

  it('is neither planned nor sent nor acknowledged without Redis', async () => {
    const { cluster, redis, one } = await startReplicas();
    const { result } = await take(one, 'initFailover', { ...unplanned, dryRun: true });
    await redis.kill();
    const sent = await take(one, 'initFailover', { ...unplanned, planToken: result.planToken });
    expect(gistOf(sent)).toBe('FailoverRejected LOCK_UNAVAILABLE');
    expect(gistOf(await take(one, 'acknowledgeFailoverStep'))).toBe('FailoverRejected LOCK_UNAVAILABLE');
    expect(cluster.posts()).toEqual([]);
  });
});

describe('the scopes of a failover workflow', () => {
  const keys = [
    apiKey('opener', ['failover:execute']),
    apiKey('activator', ['failover:activate']),
    apiKey('canceler', ['copy:cancel']),
  ];

  it.each([
    ['initFailover', 'opener'],
    ['linkFailoverObjects', 'activator'],
    ['activateFailover', 'activator'],
    ['deactivateFailoverSource', 'activator'],
    ['acknowledgeFailoverStep', 'activator'],
    ['cancelFailoverWorkflow', 'canceler'],
  ] as const)('let %s be taken by %s alone', async (mutation, allowed) => {
    const { west, gateway } = await begin({ auth: { apiKeys: keys } });
    for (const name of ['opener', 'activator', 'canceler']) {
      const { errors } = await take(
        gateway,
        mutation,
        { planToken: mutation.startsWith('ack') ? undefined : null },
        bearer(name),
      );
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(name === allowed ? [] : ['FORBIDDEN']);
    }
    expect(west.posts()).toEqual([]);
  });
});
