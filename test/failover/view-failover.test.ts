import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile } from '../support/failover.js';
import type { Reply } from '../support/fake.js';
import type { GatewayOptions } from '../support/gateway.js';
import {
  KEY,
  NAME,
  VIEW,
  type Ordered,
  confirmed,
  endedFailover,
  gistOf,
  listOfView,
  listedFailover,
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
const unconfirmed = 'ViewFailoverAccepted UNCONFIRMED';

const begin = async (options: Partial<GatewayOptions> = {}) => {
  const cluster = await startViewCluster();
  const gateway = await startViewGateway([cluster.upstream], options);
  return { cluster, gateway };
};

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
