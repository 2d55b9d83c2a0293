import { describe, expect, it } from 'vitest';
import type { Reply } from '../support/fake.js';
import {
  KEY,
  VIEW,
  type Ordered,
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
const unconfirmed = 'ViewFailoverAccepted UNCONFIRMED';

const bodyOf = ({ body }: { readonly body: string }): unknown => JSON.parse(body);

describe('a step of the failover of a view', () => {
  it('is planned without a request that changes anything, and sent with the token of the plan', async () => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    expect(plan.errors).toEqual([]);
    expect(notOk(plan)).toEqual([]);
    expect(plan.result).toMatchObject({ ok: true, planToken: expect.any(String), allowed: ['Prepare', 'Unplanned'] });
    expect(cluster.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
    const { result, errors } = await step(gateway, { planToken: plan.result.planToken });
    expect(errors).toEqual([]);
    expect(result.failover).toMatchObject({
      id: `ViewFailover:dc-west:${VIEW}:${KEY}`,
      viewId: VIEW,
      failoverId: '9:9:901',
      action: 'PREPARE',
      state: 'RUNNING',
      upstreamState: 'Running',
      requestedAt: expect.any(String),
      upstream: { name: 'dc-west' },
    });
    expect(cluster.posts()).toHaveLength(1);
  });

  it('reads what the cluster allows before its POST', async () => {
    const { cluster, gateway } = await begin();
    const { result } = await step(gateway, { dryRun: true });
    const before = cluster.seen.length;
    await step(gateway, { planToken: result.planToken });
    const paths = cluster.requests().slice(before);
    const post = paths.indexOf(`POST /v2/data-protect/failover/views/${VIEW}`);
    expect(paths.slice(0, post)).toEqual(
      expect.arrayContaining([
        'GET /irisservices/api/v1/public/cluster',
        `GET /v2/file-services/views/${VIEW}`,
        `GET /v2/data-protect/failover/views/${VIEW}`,
        `GET /v2/data-protect/failover/views/${VIEW}/operations`,
      ]),
    );
  });

  it.each([
    ['PREPARE', {}, { type: 'Planned', plannedFailoverParams: { type: 'Prepare', preparePlannedFailverParams: {} } }],
    [
      'PREPARE',
      { ...confirmed, reverseReplication: true },
      {
        type: 'Planned',
        plannedFailoverParams: { type: 'Prepare', preparePlannedFailverParams: { reverseReplication: true } },
      },
    ],
    [
      'FINALIZE',
      confirmed,
      { type: 'Planned', plannedFailoverParams: { type: 'Finalize', preparePlannedFailverParams: {} } },
    ],
    ['UNPLANNED', { ...confirmed, sourceIsAlive: true }, { type: 'Unplanned', unplannedFailoverParams: {} }],
    [
      'UNPLANNED',
      { ...confirmed, sourceIsAlive: true, reverseReplication: false },
      { type: 'Unplanned', unplannedFailoverParams: { reverseReplication: false } },
    ],
  ])('sends %s with %j as field code does', async (action, members, body) => {
    const { cluster, gateway } = await begin();
    if (action === 'FINALIZE') {
      cluster.holds.operations = ['Finalize', 'Cancel'];
      cluster.holds.failovers = [endedFailover('9:9:1', 60)];
    }
    expect(gistOf(await planAndStep(gateway, { action, ...members }))).toBe(running);
    expect(cluster.posts().map(bodyOf)).toEqual([body]);
  });

  it('is sent once under a key, and needs no token when the key is known', async () => {
    const { cluster, gateway } = await begin();
    await planAndStep(gateway);
    const again = await Promise.all([step(gateway), step(gateway, { planToken: 'none' })]);
    expect(again.map(gistOf)).toEqual([running, running]);
    expect(cluster.posts()).toHaveLength(1);
    expect(notOk(await step(gateway, { dryRun: true }))).toContain('KEY_UNUSED');
  });

  it.each([
    ['no token', (_token: string) => null],
    ['the token of another key', (_token: string, other: string) => other],
    ['something else', () => 'planToken'],
  ])('is refused with %s, and nothing is sent', async (_what, tokenFrom) => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    const other = await step(gateway, { idempotencyKey: 'other', dryRun: true });
    const planToken = tokenFrom(plan.result.planToken, other.result.planToken);
    expect(gistOf(await step(gateway, { planToken }))).toBe('FailoverRejected PLAN_REQUIRED');
    expect(cluster.posts()).toEqual([]);
  });

  it('does not go by the plan of another step', async () => {
    const { cluster, gateway } = await begin();
    const { result } = await step(gateway, { dryRun: true });
    const pressed = await step(gateway, { action: 'UNPLANNED', ...confirmed, planToken: result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected PLAN_REQUIRED');
    expect(cluster.posts()).toEqual([]);
  });

  it.each([
    ['another step', { action: 'UNPLANNED' }],
    ['another view', { viewId: '32' }],
    ['another direction afterwards', { reverseReplication: true }],
  ])('is a conflict where the key stands for %s', async (_what, members) => {
    const { cluster, gateway } = await begin();
    await planAndStep(gateway);
    expect(gistOf(await step(gateway, members))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each([
    ['idempotencyKey', { idempotencyKey: 'viewFailover:x' }],
    ['viewId', { viewId: '0' }],
    ['reverseReplication', { action: 'FINALIZE', reverseReplication: true }],
    ['acceptDataLossSeconds', { acceptDataLossSeconds: -1 }],
    ['upstream', { upstream: 'nowhere' }],
  ])('is not sent with such an input: %s', async (member, members) => {
    const { cluster, gateway } = await begin();
    const { result } = await step(gateway, { ...members, dryRun: true });
    expect(result).toMatchObject({ __typename: 'InvalidFailoverInput', path: ['input', member] });
    expect(cluster.seen).toEqual([]);
  });
});

describe('a step of which the answer is lost', () => {
  it('is found, and is the answer', async () => {
    const { cluster, gateway } = await begin({ limits: quick });
    cluster.plays.post = ({ accept, drop }) => (accept(), drop());
    const pressed = await planAndStep(gateway);
    expect(pressed.errors).toEqual([]);
    expect(pressed.result.failover).toMatchObject({ state: 'RUNNING', failoverId: '9:9:901' });
    expect(gistOf(await step(gateway))).toBe(running);
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each<readonly [string, (ordered: Ordered) => Reply]>([
    ['the connection drops', ({ drop }) => drop()],
    ['a 500 comes', () => ({ status: 500 })],
    ['a 409 comes', () => ({ status: 409, body: { errorCode: 'KConflict', message: 'busy' } })],
    ['a page of a proxy comes', () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' })],
    ['a 201 without an id comes', () => ({ status: 201, body: { status: 'Running' } })],
  ])('is unconfirmed where %s and nothing shows, and blocks every other key', async (_what, answer) => {
    const { cluster, gateway } = await begin({ limits: quick });
    cluster.plays.post = answer;
    expect(gistOf(await planAndStep(gateway))).toBe(unconfirmed);
    expect(gistOf(await step(gateway))).toBe(unconfirmed);
    const plan = await step(gateway, { idempotencyKey: 'other', dryRun: true });
    expect(notOk(plan)).toEqual(['NO_FAILOVER_UNDER_WAY']);
    expect(plan.result.planToken).toBeNull();
    expect((await listOfView(gateway)).failovers).toMatchObject([{ state: 'UNCONFIRMED', failoverId: null }]);
    cluster.holds.failovers = [listedFailover('9:9:77')]; // late
    expect((await step(gateway)).result.failover).toMatchObject({ state: 'RUNNING', failoverId: '9:9:77' });
    expect(cluster.posts()).toHaveLength(1);
  });

  it('is not found in what was there before, or is of another kind', async () => {
    const { cluster, gateway } = await begin({ limits: quick });
    cluster.holds.failovers = [endedFailover('9:9:1', 60, { status: 'Failed' })];
    cluster.plays.post = ({ drop }) => drop();
    expect(gistOf(await planAndStep(gateway))).toBe(unconfirmed);
    cluster.holds.failovers = [...cluster.holds.failovers, listedFailover('9:9:2', { type: 'Unplanned' })];
    expect(gistOf(await step(gateway))).toBe(unconfirmed);
  });

  it('blocks another key that was planned before', async () => {
    const { cluster, gateway } = await begin({ limits: quick });
    const { result } = await step(gateway, { idempotencyKey: 'other', dryRun: true });
    cluster.plays.post = ({ drop }) => drop();
    expect(gistOf(await planAndStep(gateway))).toBe(unconfirmed);
    const other = await step(gateway, { idempotencyKey: 'other', planToken: result.planToken });
    expect(gistOf(other)).toBe('FailoverRejected UNCONFIRMED');
    expect(cluster.posts()).toHaveLength(1);
  });
});

describe('a step that the cluster refuses', () => {
  it('is a refusal with its code; the same key can be pressed again', async () => {
    const { cluster, gateway } = await begin();
    cluster.plays.post = () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } });
    const first = await planAndStep(gateway);
    expect(first.result).toMatchObject({ code: 'REJECTED_BY_CLUSTER', errorCode: 'KInvalidRequest' });
    cluster.plays.post = ({ accept }) => accept();
    expect(gistOf(await planAndStep(gateway))).toBe(running);
    expect(cluster.posts()).toHaveLength(2); // the first was not taken on
  });

  it('is not asked for where it does not allow it', async () => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    cluster.holds.operations = ['Cancel'];
    const pressed = await step(gateway, { planToken: plan.result.planToken });
    expect(gistOf(pressed)).toBe('FailoverRejected NOT_POSSIBLE');
    expect(pressed.result.message).toContain('does not allow Prepare');
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['OPERATION_ALLOWED']);
    expect(cluster.posts()).toEqual([]);
  });

  it.each([
    [undefined, ['OPERATION_ALLOWED']],
    [true, []],
  ])('is asked for without `operations` where the config says so: %j', async (viewFailoverWithoutOperations, names) => {
    const cluster = await startViewCluster({ viewFailoverWithoutOperations });
    cluster.holds.operations = null;
    const gateway = await startViewGateway([cluster.upstream]);
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(names);
    await planAndStep(gateway);
    expect(cluster.posts()).toHaveLength(names.length === 0 ? 1 : 0);
  });
});

describe('one open failover of a view', () => {
  it('is all there may be, whoever began it', async () => {
    const { cluster, gateway } = await begin();
    const plan = await step(gateway, { dryRun: true });
    cluster.holds.failovers = [listedFailover('9:9:5')]; // begun elsewhere
    expect(gistOf(await step(gateway, { planToken: plan.result.planToken }))).toBe('FailoverRejected NOT_POSSIBLE');
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['NO_FAILOVER_UNDER_WAY']);
    expect(cluster.posts()).toEqual([]);
  });

  it('is under way too in a state that nobody knows, as long as it has no end', async () => {
    const { cluster, gateway } = await begin();
    cluster.holds.failovers = [listedFailover('9:9:5', { status: 'Thinking' })];
    expect(notOk(await step(gateway, { dryRun: true }))).toEqual(['NO_FAILOVER_UNDER_WAY']);
    expect((await listOfView(gateway)).failovers).toMatchObject([{ state: 'UNKNOWN', upstreamState: 'Thinking' }]);
  });

  it('is what several keys come to that are pressed at once', async () => {
    const { cluster, gateway } = await begin();
    const keys = ['one', 'two', 'three'];
    const plans = await Promise.all(keys.map((idempotencyKey) => step(gateway, { idempotencyKey, dryRun: true })));
    const pressed = await Promise.all(
      keys.map((idempotencyKey, index) => step(gateway, { idempotencyKey, planToken: plans[index]?.result.planToken })),
    );
    expect(pressed.map(gistOf).filter((gist) => gist === running)).toHaveLength(1);
    expect(cluster.posts()).toHaveLength(1);
  });
});
