import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile } from '../support/failover.js';
import type { Reply } from '../support/fake.js';
import {
  KEY,
  VIEW,
  begin,
  confirmed,
  endedFailover,
  gistOf,
  listOfView,
  listedFailover,
  notOk,
  planAndStep,
  startViewCluster,
  startViewGateway,
  step,
} from '../support/view-failover.js';

/** The timeout of a request. The search for a lost answer gets about a third of it, beside several reads before. */
const quick = { requestTimeoutMs: 3000 };

const running = 'ViewFailoverAccepted RUNNING';

describe('FINALIZE', () => {
  const finalize = { action: 'FINALIZE', ...confirmed };
  const prepared = async (failovers: readonly ReturnType<typeof endedFailover>[], upstream = {}) => {
    const cluster = await startViewCluster(upstream);
    cluster.holds.operations = ['Finalize', 'Cancel'];
    cluster.holds.failovers = [...failovers];
    return { cluster, gateway: await startViewGateway([cluster.upstream]) };
  };

  it('comes after a PREPARE whose replication ended less than an hour ago, and goes by its age', async () => {
    const { cluster, gateway } = await prepared([endedFailover('9:9:1', 120)]);
    const plan = await step(gateway, { ...finalize, dryRun: true });
    expect(notOk(plan)).toEqual([]);
    expect(plan.result.dataAgeSeconds).toBeGreaterThanOrEqual(120);
    const less = { ...finalize, acceptDataLossSeconds: 119 };
    expect(notOk(await step(gateway, { ...less, dryRun: true }))).toEqual(['DATA_LOSS_ACCEPTED']);
    expect(gistOf(await step(gateway, { ...finalize, planToken: plan.result.planToken }))).toBe(running);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each([
    ['nothing', []],
    ['a PREPARE that goes on', [listedFailover('9:9:1')]],
    ['a PREPARE that failed', [endedFailover('9:9:1', 60, { status: 'Failed' })]],
    ['an unplanned failover', [endedFailover('9:9:1', 60, { type: 'Unplanned' })]],
    ['a PREPARE of more than an hour ago', [endedFailover('9:9:1', 3700)]],
    [
      'a good PREPARE before one that failed',
      [endedFailover('9:9:1', 900), endedFailover('9:9:2', 60, { status: 'Failed' })],
    ],
  ])('is refused after %s', async (_what, failovers) => {
    const { cluster, gateway } = await prepared([endedFailover('9:9:0', 60)]);
    const plan = await step(gateway, { ...finalize, acceptDataLossSeconds: 99_999, dryRun: true });
    cluster.holds.failovers = [...failovers];
    const input = { ...finalize, acceptDataLossSeconds: 99_999 };
    expect(notOk(await step(gateway, { ...input, dryRun: true }))).toContain('PREPARED');
    const pressed = await step(gateway, { ...input, planToken: plan.result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected NOT_POSSIBLE');
    expect(cluster.posts()).toEqual([]);
  });

  it.each([
    ['it lists no replication', { replications: [] }],
    ['the replication has no end', { replications: [{ status: 'Succeeded' }] }],
    [
      'one replication failed',
      {
        replications: [
          { status: 'Succeeded', endTimeUsecs: 1 },
          { status: 'Failed', endTimeUsecs: 2 },
        ],
      },
    ],
  ])('is refused where nobody can tell how old the data are: %s', async (_what, members) => {
    const { cluster, gateway } = await prepared([endedFailover('9:9:0', 60)]);
    const plan = await step(gateway, { ...finalize, dryRun: true });
    cluster.holds.failovers = [endedFailover('9:9:1', 60, members)];
    expect(gistOf(await step(gateway, { ...finalize, planToken: plan.result.planToken }))).toBe(
      'FailoverRejected AGE_UNKNOWN',
    );
    expect(cluster.posts()).toEqual([]);
  });

  it('does not follow a FINALIZE that was pressed here', async () => {
    const { cluster, gateway } = await prepared([endedFailover('9:9:1', 60)]);
    await planAndStep(gateway, finalize);
    cluster.holds.failovers = cluster.holds.failovers.map((one) =>
      one['id'] === '9:9:1' ? one : endedFailover(String(one['id']), 1),
    );
    const again = { ...finalize, idempotencyKey: 'again' };
    expect(notOk(await step(gateway, { ...again, dryRun: true }))).toEqual(['PREPARED']);
  });

  it('follows only a PREPARE of its own on a cluster that does not say what it allows', async () => {
    const { cluster, gateway } = await prepared([endedFailover('9:9:1', 60)], { viewFailoverWithoutOperations: true });
    cluster.holds.operations = null;
    expect(notOk(await step(gateway, { ...finalize, dryRun: true }))).toEqual(['PREPARED']);
    await planAndStep(gateway, { idempotencyKey: 'prepare' });
    cluster.holds.failovers = cluster.holds.failovers.map((one) =>
      endedFailover(String(one['id']), one['id'] === '9:9:1' ? 60 : 1),
    );
    expect(notOk(await step(gateway, { ...finalize, dryRun: true }))).toEqual([]);
  });
});

describe('what every step needs', () => {
  it('is the cluster that answered at the start', async () => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    cluster.holds.cluster = { id: 4711, name: 'another' };
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['SAME_SYSTEM']);
    expect(gistOf(await step(gateway, { planToken: plan.result.planToken }))).toBe('FailoverRejected OTHER_SYSTEM');
    expect(cluster.posts()).toEqual([]);
  });

  it('is a record on disk before the POST, and the file alone tells how it went', async () => {
    const { file } = auditFile();
    const { cluster, gateway } = await begin({ audit: { file } });
    const lines = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    let before: unknown = null;
    cluster.plays.post = ({ accept }) => {
      before = lines();
      return accept();
    };
    await planAndStep(gateway);
    const common = { action: 'viewFailover', step: 'PREPARE', key: `viewFailover:${KEY}`, objectIds: [VIEW] };
    expect(before).toMatchObject([{ ...common, subject: `view ${VIEW}`, phase: 'before', outcome: null }]);
    expect(lines()).toMatchObject([
      { phase: 'before' },
      { ...common, phase: 'after', outcome: 'accepted', madeId: '9:9:901' },
    ]);
    await gateway.close();
    const another = await startViewGateway([cluster.upstream], { audit: { file } });
    expect(gistOf(await step(another))).toBe(running);
    expect((await listOfView(another)).failovers).toMatchObject([{ action: 'PREPARE', failoverId: '9:9:901' }]);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is an audit file', async () => {
    const { cluster, gateway } = await begin({ audit: undefined, played: false });
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['SAFEGUARDS']);
    expect(gistOf(await step(gateway))).toBe('FailoverRejected AUDIT_UNAVAILABLE');
    expect(cluster.posts()).toEqual([]);
  });

  it('is a view that has a name', async () => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    cluster.holds.view = null;
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['VIEW_KNOWN']);
    expect(gistOf(await step(gateway, { planToken: plan.result.planToken }))).toBe('FailoverRejected NOT_FOUND');
    expect(cluster.posts()).toEqual([]);
  });

  it.each<readonly [string, Reply]>([
    ['is down', { status: 503 }],
    ['answers what is no list', { body: { failovers: 7 } }],
    ['lists a failover without an id', { body: { failovers: [{ type: 'Planned', status: 'Running' }] } }],
  ])('is a list of the failovers: nothing is sent where it %s', async (_what, reply) => {
    const { cluster, gateway } = await begin({ limits: quick });
    const plan = await step(gateway, { dryRun: true });
    cluster.plays.gate = ({ method, path }) =>
      method === 'GET' && path.endsWith(`failover/views/${VIEW}`) ? reply : undefined;
    const again = await step(gateway, { dryRun: true });
    expect(notOk(again)).toEqual(['NO_FAILOVER_UNDER_WAY']);
    const { result, errors } = await step(gateway, { planToken: plan.result.planToken });
    expect(result).toBeNull();
    expect(errors[0]?.extensions.code).toMatch(/^UPSTREAM_/);
    expect(cluster.posts()).toEqual([]);
  });
});
