import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile } from '../support/failover.js';
import { apiKey, bearer } from '../support/keys.js';
import {
  KEY,
  VIEW,
  cancelStep,
  endedFailover,
  gistOf,
  listOfView,
  listedFailover,
  planAndStep,
  startViewCluster,
  startViewGateway,
  step,
} from '../support/view-failover.js';

const quick = { requestTimeoutMs: 3000 };
const ID = `ViewFailover:dc-west:${VIEW}:${KEY}`;
const elsewhere = (id: string): string => `ViewFailover:dc-west:${VIEW}:${encodeURIComponent(`@${id}`)}`;

/** A step that goes on, and that the cluster lets be canceled. */
const begin = async (options: Parameters<typeof startViewGateway>[1] = {}) => {
  const cluster = await startViewCluster();
  const gateway = await startViewGateway([cluster.upstream], options);
  await planAndStep(gateway);
  cluster.holds.operations = ['Cancel'];
  return { cluster, gateway };
};

describe('the cancel of a step of a view', () => {
  it('is sent once for several at a time, and is written down', async () => {
    const { file } = auditFile();
    const { cluster, gateway } = await begin({ audit: { file } });
    const [one, other] = await Promise.all([cancelStep(gateway, ID), cancelStep(gateway, ID)]);
    expect(one?.errors).toEqual([]);
    expect(one?.result.failover).toMatchObject({ id: ID, state: 'FAILED', message: 'Canceled' });
    expect(other?.result).toEqual(one?.result);
    expect(cluster.cancels()).toHaveLength(1);
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const common = { action: 'cancelViewFailover', key: ID };
    expect(lines.slice(-2)).toMatchObject([
      { ...common, phase: 'before' },
      { ...common, phase: 'after', outcome: 'accepted' },
    ]);
  });

  it('takes one that was begun elsewhere, by the cluster’s id of it', async () => {
    const cluster = await startViewCluster();
    cluster.holds.operations = ['Cancel'];
    cluster.holds.failovers = [listedFailover('9:9:1')];
    const gateway = await startViewGateway([cluster.upstream]);
    const { result } = await cancelStep(gateway, elsewhere('9:9:1'));
    expect(result.failover).toMatchObject({ id: elsewhere('9:9:1'), action: null, state: 'FAILED' });
    expect(cluster.cancels()).toHaveLength(1);
  });

  it('leaves one alone that is canceled already', async () => {
    const { cluster, gateway } = await begin();
    cluster.holds.failovers = cluster.holds.failovers.map((one) => ({ ...one, status: 'Canceled' }));
    expect(gistOf(await cancelStep(gateway, ID))).toBe('ViewFailoverAccepted CANCELED');
    expect(cluster.cancels()).toEqual([]);
  });

  it('is not sent where a newer step of the view is there, which it would stop', async () => {
    const { cluster, gateway } = await begin();
    const newer = listedFailover('9:9:999', { startTimeUsecs: (Date.now() + 1000) * 1000 });
    cluster.holds.failovers = [...cluster.holds.failovers, newer];
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected NOT_CANCELABLE');
    expect(cluster.cancels()).toEqual([]);
  });

  it.each([
    ['the cluster does not allow it', ['Prepare']],
    ['the cluster cannot say what it allows', null],
  ])('is not sent where %s', async (_what, operations) => {
    const { cluster, gateway } = await begin();
    cluster.holds.operations = operations;
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected NOT_CANCELABLE');
    expect(cluster.cancels()).toEqual([]);
  });

  it('is not sent for a step that the cluster does not list', async () => {
    const { cluster, gateway } = await begin();
    cluster.holds.failovers = [];
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected NOT_CANCELABLE');
    expect(gistOf(await cancelStep(gateway, elsewhere('9:9:4')))).toBe('CancelRejected NOT_FOUND');
    expect(cluster.cancels()).toEqual([]);
  });

  it('is found where its answer is lost, and unconfirmed where nothing shows', async () => {
    const { cluster, gateway } = await begin({ limits: quick });
    cluster.plays.cancel = ({ drop }) => drop();
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected UNCONFIRMED');
    cluster.plays.cancel = ({ accept, drop }) => (accept(), drop());
    expect(gistOf(await cancelStep(gateway, ID))).toBe('ViewFailoverAccepted FAILED');
    expect(cluster.cancels()).toHaveLength(2);
  });

  it('is a refusal where the cluster refuses', async () => {
    const { cluster, gateway } = await begin();
    cluster.plays.cancel = () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } });
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected REJECTED_BY_CLUSTER');
  });

  it('is not sent to another cluster than that of the start', async () => {
    const { cluster, gateway } = await begin();
    cluster.holds.cluster = { id: 4711, name: 'another' };
    expect(gistOf(await cancelStep(gateway, ID))).toBe('CancelRejected OTHER_SYSTEM');
    expect(cluster.cancels()).toEqual([]);
  });

  it('is not sent without an audit file', async () => {
    const cluster = await startViewCluster();
    cluster.holds.failovers = [listedFailover('9:9:1')];
    const gateway = await startViewGateway([cluster.upstream], { audit: undefined, played: false });
    expect(gistOf(await cancelStep(gateway, elsewhere('9:9:1')))).toBe('CancelRejected AUDIT_UNAVAILABLE');
    expect(cluster.cancels()).toEqual([]);
  });
});

describe('the list of the failovers of a view', () => {
  it('has those of others too, newest first, and one call is made', async () => {
    const cluster = await startViewCluster();
    cluster.holds.failovers = [
      endedFailover('9:9:1', 7200),
      endedFailover('9:9:2', 60, { type: 'Unplanned', status: 'Failed', errorMessage: 'no space' }),
    ];
    const gateway = await startViewGateway([cluster.upstream]);
    const { failovers, errors } = await listOfView(gateway);
    expect(errors).toEqual([]);
    expect(failovers).toMatchObject([
      { id: elsewhere('9:9:2'), action: 'UNPLANNED', state: 'FAILED', message: 'no space', requestedAt: null },
      { id: elsewhere('9:9:1'), action: null, state: 'SUCCEEDED', replications: [{ progress: 1 }] },
    ]);
    expect(cluster.seen).toHaveLength(1);
  });

  it('is null with an error where the cluster cannot be asked', async () => {
    const cluster = await startViewCluster();
    cluster.plays.gate = () => ({ status: 503 });
    const { failovers, errors } = await listOfView(await startViewGateway([cluster.upstream], { limits: quick }));
    expect(failovers).toBeNull();
    expect(errors[0]?.extensions.code).toMatch(/^UPSTREAM_/);
  });
});

describe('the scopes of the failover of views', () => {
  const startScoped = async () => {
    const cluster = await startViewCluster();
    const gateway = await startViewGateway([cluster.upstream], {
      auth: {
        apiKeys: [
          apiKey('presser', ['failover:execute']),
          apiKey('others', ['copy:read', 'copy:cancel', 'copy:retry']),
          apiKey('reader', ['copy:read']),
          apiKey('stranger', ['copy:read', 'failover:execute'], []),
        ],
      },
    });
    return { cluster, gateway };
  };

  it('are failover:execute for a step, a dry run too, and copy:read for the list', async () => {
    const { cluster, gateway } = await startScoped();
    for (const name of ['others', 'reader'])
      expect(gistOf(await step(gateway, { dryRun: true }, bearer(name)))).toBe('FORBIDDEN');
    expect((await listOfView(gateway, bearer('presser'))).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(cluster.seen).toEqual([]);
    const plan = await step(gateway, { dryRun: true }, bearer('presser'));
    const pressed = await step(gateway, { planToken: plan.result.planToken }, bearer('presser'));
    expect(gistOf(pressed)).toBe('ViewFailoverAccepted RUNNING');
    expect((await listOfView(gateway, bearer('reader'))).failovers).toHaveLength(1);
  });

  it('are copy:cancel for a cancel', async () => {
    const { cluster, gateway } = await startScoped();
    cluster.holds.failovers = [listedFailover('9:9:1')];
    cluster.holds.operations = ['Cancel'];
    const id = elsewhere('9:9:1');
    expect(gistOf(await cancelStep(gateway, id, bearer('presser')))).toBe('FORBIDDEN');
    expect(cluster.seen).toEqual([]);
    expect(gistOf(await cancelStep(gateway, id, bearer('others')))).toBe('ViewFailoverAccepted FAILED');
  });

  it('reach no upstream that their holder may not see', async () => {
    const { cluster, gateway } = await startScoped();
    expect(gistOf(await step(gateway, { dryRun: true }, bearer('stranger')))).toBe('FORBIDDEN');
    expect((await listOfView(gateway, bearer('stranger'))).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(cluster.seen).toEqual([]);
  });
});
