import { describe, expect, it } from 'vitest';
import { press } from '../support/failover.js';
import {
  EAST,
  ID,
  SOURCE_GROUP,
  WEST,
  WORKFLOW,
  begin,
  gistOf,
  named,
  notOk,
  openUnplanned,
  planAndTake,
  readWorkflow,
  statesOf,
  succeedPlannedRun,
  take,
  unplanned,
} from '../support/failover-workflow.js';

const done = 'FailoverStepTaken DONE';
const planned = (members = {}) => ({
  idempotencyKey: WORKFLOW,
  replicationClusterId: String(WEST),
  objects: [{ objectId: '101' }, { objectId: '102' }],
  ...members,
});

describe('the failover of objects', () => {
  it('goes step by step, each in one request to its cluster, as planned', async () => {
    const { west, east, gateway } = await begin();
    expect(gistOf(await planAndTake(gateway, 'initFailover'))).toBe(done);
    expect((await readWorkflow(gateway)).workflow).toMatchObject({
      id: ID,
      kind: 'PLANNED',
      source: { name: 'dc-east' },
      replica: { name: 'dc-west' },
      nextSteps: ['PLANNED_RUN', 'CANCEL'],
      objects: [
        { sourceObjectId: '101', replicaObjectId: '501', recoveredObjectId: null, activated: false },
        { sourceObjectId: '102', replicaObjectId: '502', recoveredObjectId: null, activated: false },
      ],
      plannedRun: null,
    });
    await press(gateway, planned());
    expect((await readWorkflow(gateway)).workflow).toMatchObject({
      plannedRun: { id: `Failover:dc-east:${WORKFLOW}` },
    });
    succeedPlannedRun(east);
    expect((await readWorkflow(gateway)).workflow.nextSteps).toEqual(['LINK', 'CANCEL']);
    expect(gistOf(await planAndTake(gateway, 'linkFailoverObjects'))).toBe(done);
    expect(gistOf(await planAndTake(gateway, 'activateFailover'))).toBe(done);
    expect(gistOf(await planAndTake(gateway, 'deactivateFailoverSource'))).toBe(done);
    expect((await readWorkflow(gateway)).workflow).toMatchObject({
      nextSteps: [],
      activatedGroupId: `${WEST}:1:9`,
      objects: [
        { recoveredObjectId: '9501', activated: true },
        { recoveredObjectId: '9502', activated: true },
      ],
    });
    expect(west.posts().map(({ path }) => path)).toEqual([
      `/v2/data-protect/failover/${WORKFLOW}`,
      `/v2/data-protect/failover/${WORKFLOW}/object-linkage`,
      `/v2/data-protect/failover/${WORKFLOW}/backup-activation`,
    ]);
    const [, deactivation] = east.posts();
    expect(JSON.parse(deactivation?.body ?? '')).toEqual({
      replicationClusterId: WEST,
      objects: [{ objectId: 101 }, { objectId: 102 }],
      keepFailoverObjects: true,
    });
  });

  it('is sent once, however often it is asked for', async () => {
    const { west, gateway } = await begin();
    const { result } = await take(gateway, 'initFailover', { dryRun: true });
    const presses = Array.from({ length: 3 }, () => take(gateway, 'initFailover', { planToken: result.planToken }));
    expect((await Promise.all(presses)).map(gistOf)).toEqual([done, done, done]);
    expect(gistOf(await take(gateway, 'initFailover'))).toBe(done);
    expect(gistOf(await take(gateway, 'initFailover', named(501)))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
    expect(west.posts()).toHaveLength(1);
  });

  it('is refused by a cluster, and can be asked for again', async () => {
    const { west, gateway } = await begin();
    west.plays.init = () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } });
    expect((await planAndTake(gateway, 'initFailover')).result).toMatchObject({
      code: 'REJECTED_BY_CLUSTER',
      errorCode: 'KInvalidRequest',
    });
    expect((await readWorkflow(gateway)).workflow).toMatchObject({ nextSteps: ['INIT'] });
    delete west.plays.init;
    expect(gistOf(await planAndTake(gateway, 'initFailover'))).toBe(done);
  });
});

describe('a step of a failover workflow', () => {
  it.each(['linkFailoverObjects', 'activateFailover'] as const)(
    'needs a planned run that SUCCEEDED before it: %s',
    async (mutation) => {
      const { west, east, gateway } = await begin();
      await planAndTake(gateway, 'initFailover');
      await press(gateway, planned());
      succeedPlannedRun(east, 'kRunning');
      expect(notOk(await take(gateway, mutation, { dryRun: true }))).toContain('STEP_ALLOWED');
      expect(gistOf(await planAndTake(gateway, mutation))).toBe('FailoverRejected PLAN_REQUIRED');
      expect(west.posts()).toHaveLength(1);
    },
  );

  it.each([
    ['went to another cluster', { replicationClusterId: '99' }, 99, 'went to cluster 99'],
    ['left an object out', { objects: [{ objectId: '101' }] }, WEST, 'did not name object 102'],
  ])('is refused after a planned run that %s', async (_what, members, clusterId, words) => {
    const { west, east, gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    await press(gateway, planned(members));
    succeedPlannedRun(east, 'kSuccess', clusterId);
    const plan = await take(gateway, 'linkFailoverObjects', { dryRun: true });
    expect(notOk(plan)).toEqual(['OBJECTS_ALLOWED']);
    expect(plan.result.checks.find(({ ok }: { readonly ok: boolean }) => !ok).detail).toContain(words);
    expect(west.posts('object-linkage')).toEqual([]);
  });

  it('is judged again when it is sent, not by the plan alone', async () => {
    const { west, east, gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    await press(gateway, planned());
    succeedPlannedRun(east);
    const plan = await take(gateway, 'linkFailoverObjects', { dryRun: true });
    expect(plan.result.ok).toBe(true);
    succeedPlannedRun(east, 'kFailure');
    const sent = await take(gateway, 'linkFailoverObjects', { planToken: plan.result.planToken });
    expect(gistOf(sent)).toBe('FailoverRejected NOT_POSSIBLE');
    expect(west.posts('object-linkage')).toEqual([]);
  });

  it('names only objects of the workflow, and each once', async () => {
    const { west, gateway } = await begin();
    await openUnplanned(gateway);
    expect(notOk(await take(gateway, 'activateFailover', { ...named(777), dryRun: true }))).toContain(
      'OBJECTS_ALLOWED',
    );
    expect(gistOf(await take(gateway, 'activateFailover', named(501, 501)))).toBe(
      'InvalidFailoverInput BAD_USER_INPUT',
    );
    expect(gistOf(await planAndTake(gateway, 'activateFailover', named(501)))).toBe(done);
    const again = await take(gateway, 'activateFailover', { ...named(501, 502), dryRun: true });
    expect(notOk(again)).toEqual(['OBJECTS_ALLOWED']);
    expect(again.result.checks.find(({ ok }: { readonly ok: boolean }) => !ok).detail).toContain(
      '501 is activated already',
    );
    expect(gistOf(await planAndTake(gateway, 'activateFailover', named(502)))).toBe(done);
    expect(west.posts('backup-activation')).toHaveLength(2);
  });

  it('deactivates only what is activated for certain', async () => {
    const { east, gateway } = await begin();
    await openUnplanned(gateway);
    expect(notOk(await take(gateway, 'deactivateFailoverSource', { dryRun: true }))).toEqual([
      'STEP_ALLOWED',
      'OBJECTS_ALLOWED',
    ]);
    await planAndTake(gateway, 'activateFailover', named(501));
    expect(notOk(await take(gateway, 'deactivateFailoverSource', { dryRun: true }))).toEqual(['OBJECTS_ALLOWED']);
    expect(gistOf(await planAndTake(gateway, 'deactivateFailoverSource', named(101)))).toBe(done);
    expect(east.posts()).toHaveLength(1);
  });

  it('takes objects out of the source’s group only with its name', async () => {
    const { east, gateway } = await begin();
    await openUnplanned(gateway);
    await planAndTake(gateway, 'activateFailover');
    const drop = { keepObjects: false, acceptDataLossSeconds: 3600 };
    const plan = await take(gateway, 'deactivateFailoverSource', { ...drop, confirmName: 'gold', dryRun: true });
    expect(notOk(plan)).toEqual(['NAME_CONFIRMED']);
    const sent = await planAndTake(gateway, 'deactivateFailoverSource', { ...drop, confirmName: SOURCE_GROUP });
    expect(gistOf(sent)).toBe(done);
    expect(JSON.parse(east.posts()[0]?.body ?? '')).toMatchObject({ keepFailoverObjects: false });
  });

  it('activates only with the name of the group and the accepted loss', async () => {
    const { west, gateway } = await begin();
    await openUnplanned(gateway);
    const blind = { confirmName: null, acceptDataLossSeconds: 10, dryRun: true };
    expect(notOk(await take(gateway, 'activateFailover', blind))).toEqual(['NAME_CONFIRMED', 'DATA_LOSS_ACCEPTED']);
    west.holds.runs = [];
    const plan = await take(gateway, 'activateFailover', { dryRun: true });
    expect(notOk(plan)).toEqual(['DATA_LOSS_ACCEPTED']);
    expect(west.posts('backup-activation')).toEqual([]);
  });

  it('that activates in part is PARTIAL, and the rest can be activated', async () => {
    const { west, gateway } = await begin();
    await openUnplanned(gateway);
    west.plays['backup-activation'] = () => ({
      status: 201,
      body: {
        objects: [{ objectId: 501 }],
        objectErrors: [{ errorCode: 'KInvalidRequest', message: 'no recovered object' }],
        reverseReplicationResult: { isReverseReplicationEnabled: false, errorReason: 'unreachable' },
      },
    });
    const sent = await planAndTake(gateway, 'activateFailover');
    expect(sent.result.step).toMatchObject({ state: 'PARTIAL', message: 'no recovered object' });
    expect(sent.result.workflow).toMatchObject({
      objects: [{ activated: true }, { activated: null, error: 'no recovered object' }],
      reverseReplication: { enabled: false, error: 'unreachable' },
    });
    expect(notOk(await take(gateway, 'activateFailover', { ...named(502), dryRun: true }))).toContain(
      'OBJECTS_ALLOWED',
    );
    await take(gateway, 'acknowledgeFailoverStep', { step: 'ACTIVATE', happened: false });
    delete west.plays['backup-activation'];
    expect(gistOf(await planAndTake(gateway, 'activateFailover', named(502)))).toBe(done);
    expect((await readWorkflow(gateway)).workflow.objects).toMatchObject([{ activated: true }, { activated: true }]);
  });
});

describe('the opening of a workflow', () => {
  it.each([
    ['a source that is another cluster', { sourceClusterId: '99' }, ['CLUSTERS_KNOWN']],
    ['the cluster that takes over as its source', { sourceClusterId: String(WEST) }, ['CLUSTERS_KNOWN']],
    ['a group that is not there', { protectionGroupId: '1:2:3' }, ['GROUP_KNOWN']],
    ['objects of no group', named(501, 777), ['GROUP_KNOWN']],
  ])('is refused with %s', async (_what, members, names) => {
    const { west, gateway } = await begin();
    expect(notOk(await take(gateway, 'initFailover', { ...members, dryRun: true }))).toEqual(names);
    await planAndTake(gateway, 'initFailover', members);
    expect(west.posts()).toEqual([]);
  });

  it('needs a reason, if unplanned, and a source that is silent or said to be alive', async () => {
    const { west, east, gateway } = await begin();
    const blank = { ...unplanned, reason: ' ' };
    expect(gistOf(await take(gateway, 'initFailover', blank))).toBe('InvalidFailoverInput BAD_USER_INPUT');
    await readWorkflow(gateway);
    const careful = { ...unplanned, sourceIsAlive: false };
    expect(notOk(await take(gateway, 'initFailover', { ...careful, dryRun: true }))).toEqual(['SOURCE_SILENT']);
    expect(gistOf(await planAndTake(gateway, 'initFailover', unplanned))).toBe(done);
    expect(west.posts()).toHaveLength(1);
    expect(east.posts()).toEqual([]);
    expect((await readWorkflow(gateway)).workflow).toMatchObject({
      reason: unplanned.reason,
      nextSteps: ['LINK', 'CANCEL'],
    });
  });

  it('is refused for an object that another workflow holds, until that one is canceled', async () => {
    const { west, gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    const other = { idempotencyKey: 'other', ...named(502) };
    expect(notOk(await take(gateway, 'initFailover', { ...other, dryRun: true }))).toEqual(['NO_FAILOVER_UNDER_WAY']);
    await take(gateway, 'cancelFailoverWorkflow');
    expect(gistOf(await planAndTake(gateway, 'initFailover', other))).toBe(done);
    expect(west.posts('init')).toHaveLength(2);
  });

  it('needs the experimental key, and an audit file', async () => {
    const { start } = await begin();
    const off = await start({ experimental: { failoverWorkflow: false } });
    const refused = await take(off, 'initFailover');
    expect(gistOf(refused)).toBe('InvalidFailoverInput NOT_POSSIBLE');
    expect(refused.result.message).toContain('experimental.failoverWorkflow');
    expect((await readWorkflow(off)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    expect((await off.execute(query, { id: ID })).data).toEqual({ node: null });
  });

  it('does not trust a cluster that has changed since the start', async () => {
    const { west, gateway } = await begin();
    const { result } = await take(gateway, 'initFailover', { dryRun: true });
    west.holds.cluster = { id: 4711, name: 'west' };
    const sent = await take(gateway, 'initFailover', { planToken: result.planToken });
    expect(gistOf(sent)).toBe('FailoverRejected OTHER_SYSTEM');
    expect(west.posts()).toEqual([]);
  });
});

describe('the cancel of a workflow', () => {
  it('goes to each cluster once, and may go to both', async () => {
    const { west, east, gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    expect(gistOf(await take(gateway, 'cancelFailoverWorkflow'))).toBe(done);
    expect((await readWorkflow(gateway)).workflow.nextSteps).toEqual(['CANCEL']);
    expect(gistOf(await take(gateway, 'cancelFailoverWorkflow', { upstream: 'dc-east' }))).toBe(done);
    expect(gistOf(await take(gateway, 'cancelFailoverWorkflow'))).toBe(done);
    expect([west.posts('cancel'), east.posts('cancel')].map(({ length }) => length)).toEqual([1, 1]);
    expect((await readWorkflow(gateway)).workflow.nextSteps).toEqual([]);
  });

  it('is refused once an activation was sent, even if the cluster refused it', async () => {
    const { west, gateway } = await begin();
    await openUnplanned(gateway);
    west.plays['backup-activation'] = () => ({ status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } });
    await planAndTake(gateway, 'activateFailover');
    expect(await statesOf(gateway)).toMatchObject({ ACTIVATE: 'REJECTED' });
    expect(gistOf(await take(gateway, 'cancelFailoverWorkflow'))).toBe('FailoverRejected NOT_POSSIBLE');
    expect(west.posts('cancel')).toEqual([]);
  });

  it('is refused for a third cluster, and takes only a token of its own', async () => {
    const { gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    expect(gistOf(await take(gateway, 'cancelFailoverWorkflow', { upstream: 'dc-north' }))).toBe(
      'InvalidFailoverInput BAD_USER_INPUT',
    );
    const foreign = await take(gateway, 'cancelFailoverWorkflow', { planToken: `abc.${'a'.repeat(43)}` });
    expect(gistOf(foreign)).toBe('FailoverRejected PLAN_REQUIRED');
    expect(String(EAST)).toHaveLength(16);
  });
});
