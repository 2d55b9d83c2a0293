import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ID,
  type Mutation,
  begin,
  gistOf,
  link,
  named,
  notOk,
  openUnplanned,
  planAndTake,
  readWorkflow,
  statesOf,
  take,
  unplanned,
} from '../support/failover-workflow.js';
import { apiKey, bearer } from '../support/keys.js';

const unconfirmed = 'FailoverStepTaken UNCONFIRMED';
const done = 'FailoverStepTaken DONE';

type Begun = Awaited<ReturnType<typeof begin>>;

/** Each step with what comes before it, and the cluster that takes it. */
const steps: readonly (readonly [
  name: string,
  mutation: Mutation,
  request: 'init' | 'object-linkage' | 'backup-activation' | 'backup-deactivation' | 'cancel',
  before: (begun: Begun) => Promise<unknown>,
])[] = [
  ['INIT', 'initFailover', 'init', async () => undefined],
  ['LINK', 'linkFailoverObjects', 'object-linkage', ({ gateway }) => planAndTake(gateway, 'initFailover', unplanned)],
  ['ACTIVATE', 'activateFailover', 'backup-activation', ({ gateway }) => openUnplanned(gateway)],
  [
    'DEACTIVATE',
    'deactivateFailoverSource',
    'backup-deactivation',
    async ({ gateway }) => {
      await openUnplanned(gateway);
      await planAndTake(gateway, 'activateFailover');
    },
  ],
  ['CANCEL', 'cancelFailoverWorkflow', 'cancel', ({ gateway }) => planAndTake(gateway, 'initFailover', unplanned)],
];

const membersOf = (mutation: Mutation) => (mutation === 'initFailover' ? unplanned : {});

describe('a step whose answer is lost', () => {
  it.each(steps)(
    'stops the workflow, and a person continues it: %s',
    async (name, mutation, request, before) => {
      const begun = await begin();
      const { west, east, gateway } = begun;
      await before(begun);
      const cluster = request === 'backup-deactivation' ? east : west;
      cluster.plays[request] = ({ drop }) => drop();
      const sent = await planAndTake(gateway, mutation, membersOf(mutation));
      expect(gistOf(sent)).toBe(unconfirmed);
      expect(sent.result.step).toMatchObject({ name, evidence: 'AUDIT' });
      expect(sent.result.workflow.nextSteps).toEqual([]);
      expect(gistOf(await take(gateway, mutation, membersOf(mutation)))).toBe(unconfirmed);
      expect(cluster.posts(request)).toHaveLength(1);
      const other = name === 'LINK' ? 'activateFailover' : 'linkFailoverObjects';
      const blocked = await take(gateway, other, { dryRun: true });
      expect(notOk(blocked)).toContain('STEP_ALLOWED');
      cluster.plays[request] = ({ accept }) => accept();
      const judged = await take(gateway, 'acknowledgeFailoverStep', { step: name, happened: false, note: 'no trace' });
      expect(judged.result.step).toMatchObject({ state: 'REJECTED', evidence: 'PERSON' });
      expect(judged.result.step.message).toContain('no trace');
      expect(gistOf(await planAndTake(gateway, mutation, membersOf(mutation)))).toBe(done);
      expect(cluster.posts(request)).toHaveLength(2);
    },
    20_000,
  );

  it.each(steps)(
    'counts as taken if a person has seen it: %s',
    async (name, mutation, request, before) => {
      const begun = await begin();
      const { west, east, gateway } = begun;
      await before(begun);
      const cluster = request === 'backup-deactivation' ? east : west;
      cluster.plays[request] = ({ drop }) => drop();
      await planAndTake(gateway, mutation, membersOf(mutation));
      const judged = await take(gateway, 'acknowledgeFailoverStep', { step: name });
      expect(judged.result.step).toMatchObject({ state: 'DONE', evidence: 'PERSON' });
      expect(gistOf(await take(gateway, 'acknowledgeFailoverStep', { step: name }))).toBe(done);
      expect(gistOf(await take(gateway, mutation, membersOf(mutation)))).toBe(done);
      expect(cluster.posts(request)).toHaveLength(1);
    },
    20_000,
  );

  it('does not block the workflow of other objects', async () => {
    const { west, gateway } = await begin();
    await planAndTake(gateway, 'initFailover', { ...unplanned, ...named(501) });
    west.plays['object-linkage'] = ({ drop }) => drop();
    expect(gistOf(await planAndTake(gateway, 'linkFailoverObjects', link(501)))).toBe(unconfirmed);
    const other = { ...unplanned, idempotencyKey: 'other', ...named(502) };
    expect(gistOf(await planAndTake(gateway, 'initFailover', other))).toBe(done);
  });

  it('blocks a new workflow of the same objects', async () => {
    const { west, gateway } = await begin();
    const other = { ...unplanned, idempotencyKey: 'other' };
    const { result } = await take(gateway, 'initFailover', { ...other, dryRun: true });
    west.plays.init = ({ drop }) => drop();
    await planAndTake(gateway, 'initFailover', unplanned);
    expect(gistOf(await take(gateway, 'initFailover', { ...other, planToken: result.planToken }))).toBe(
      'FailoverRejected UNCONFIRMED',
    );
    expect(west.posts()).toHaveLength(1);
  });

  it('goes on without the pairs, if it was the opening', async () => {
    const { west, east, gateway } = await begin();
    west.plays.init = ({ drop }) => drop();
    await planAndTake(gateway, 'initFailover', unplanned);
    await take(gateway, 'acknowledgeFailoverStep', { step: 'INIT' });
    expect((await readWorkflow(gateway)).workflow.objects).toMatchObject([
      { replicaObjectId: '501', sourceObjectId: null },
      { replicaObjectId: '502', sourceObjectId: null },
    ]);
    await planAndTake(gateway, 'linkFailoverObjects');
    await planAndTake(gateway, 'activateFailover', named(501));
    expect(notOk(await take(gateway, 'deactivateFailoverSource', { dryRun: true }))).toEqual(['OBJECTS_ALLOWED']);
    await planAndTake(gateway, 'activateFailover', named(502));
    expect(gistOf(await planAndTake(gateway, 'deactivateFailoverSource'))).toBe(done);
    expect(east.posts()).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  it('is for a step that is unconfirmed, and needs a note', async () => {
    const { gateway } = await begin();
    expect(gistOf(await take(gateway, 'acknowledgeFailoverStep'))).toBe('FailoverRejected NOT_FOUND');
    await openUnplanned(gateway);
    for (const step of ['INIT', 'LINK', 'ACTIVATE', 'DEACTIVATE'])
      expect(gistOf(await take(gateway, 'acknowledgeFailoverStep', { step }))).toBe('FailoverRejected NOT_POSSIBLE');
    for (const members of [{ note: ' ' }, { step: 'PLANNED_RUN' }])
      expect(gistOf(await take(gateway, 'acknowledgeFailoverStep', members))).toBe(
        'InvalidFailoverInput BAD_USER_INPUT',
      );
  });

  it('ends a workflow whose source was deactivated in the console', async () => {
    const { gateway } = await begin();
    await openUnplanned(gateway);
    await planAndTake(gateway, 'activateFailover');
    const other = { ...unplanned, idempotencyKey: 'back' };
    expect(notOk(await take(gateway, 'initFailover', { ...other, dryRun: true }))).toEqual(['NO_FAILOVER_UNDER_WAY']);
    expect(gistOf(await take(gateway, 'acknowledgeFailoverStep', { step: 'DEACTIVATE' }))).toBe(done);
    expect((await readWorkflow(gateway)).workflow.nextSteps).toEqual([]);
    expect(gistOf(await planAndTake(gateway, 'initFailover', other))).toBe(done);
  });

  it('is another person’s where the config says so, and names them in the file', async () => {
    const scopes = ['copy:read', 'failover:execute', 'failover:activate'] as const;
    const { west, gateway, file } = await begin({
      failover: { twoPerson: true },
      auth: { apiKeys: [apiKey('ann', scopes), apiKey('bob', scopes)] },
    });
    west.plays.init = ({ drop }) => drop();
    await planAndTake(gateway, 'initFailover', unplanned, bearer('ann'));
    const own = await take(gateway, 'acknowledgeFailoverStep', { step: 'INIT' }, bearer('ann'));
    expect(gistOf(own)).toBe('FailoverRejected CONFIRMATION_REQUIRED');
    expect((await readWorkflow(gateway, ID, bearer('ann'))).workflow.nextSteps).toEqual([]);
    expect(gistOf(await take(gateway, 'acknowledgeFailoverStep', { step: 'INIT' }, bearer('bob')))).toBe(done);
    const last = JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({
      phase: 'acknowledged',
      action: 'initFailover',
      principal: 'ann',
      outcome: 'accepted',
      acknowledged: { by: 'bob', happened: true, note: 'seen in the console' },
    });
  });
});

describe('a workflow after a restart', () => {
  it('is what the audit file alone has, at every step', async () => {
    const { gateway, start } = await begin();
    await openUnplanned(gateway);
    const before = (await readWorkflow(gateway)).workflow;
    const second = await start({ played: false });
    expect((await readWorkflow(second)).workflow).toEqual(before);
    expect(gistOf(await planAndTake(second, 'activateFailover'))).toBe(done);
    const third = await start({ played: false });
    expect((await readWorkflow(third)).workflow).toMatchObject({
      reason: unplanned.reason,
      nextSteps: ['DEACTIVATE'],
      objects: [
        { sourceObjectId: '101', activated: true },
        { sourceObjectId: '102', activated: true },
      ],
    });
    expect(gistOf(await take(third, 'cancelFailoverWorkflow'))).toBe('FailoverRejected NOT_POSSIBLE');
    expect(gistOf(await planAndTake(third, 'deactivateFailoverSource'))).toBe(done);
  });

  it('knows what was being sent when the process died', async () => {
    const { west, gateway, start } = await begin({ limits: { requestTimeoutMs: 3000 } });
    await planAndTake(gateway, 'initFailover', unplanned);
    let reached = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (reached = resolve));
    west.plays['object-linkage'] = () => {
      reached();
      return new Promise(() => undefined);
    };
    void planAndTake(gateway, 'linkFailoverObjects').catch(() => undefined);
    await arrived;
    const second = await start({ played: false });
    expect(await statesOf(second)).toMatchObject({ LINK: 'REQUESTED' });
    await expect.poll(() => statesOf(second), { timeout: 5000 }).toMatchObject({ LINK: 'UNCONFIRMED' });
    expect(gistOf(await take(second, 'acknowledgeFailoverStep', { step: 'LINK', happened: true }))).toBe(done);
    expect(west.posts('object-linkage')).toHaveLength(1);
  });

  it('is refused without a file that lasts', async () => {
    const { west, east } = await begin();
    const { startGateway } = await import('../support/gateway.js');
    const gateway = await startGateway({
      upstreams: [west.upstream, east.upstream],
      experimental: { failoverWorkflow: true },
      played: false,
    });
    expect(gistOf(await take(gateway, 'initFailover'))).toBe('InvalidFailoverInput AUDIT_UNAVAILABLE');
    await gateway.close();
    expect(west.posts()).toEqual([]);
  });
});
