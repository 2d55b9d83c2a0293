import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failoverCheckNames } from '../../src/domain/failover-result.js';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import type { Sandbox } from '../../src/sandbox/listen.js';
import { auditFile, gistOf, press, quick, startFailover } from '../support/failover.js';
import { type Reply, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { type Recorder, startRecorder } from '../support/recorder.js';
import { type Wire, beyond, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';
import { rmSync, mkdirSync } from 'node:fs';

type Checks = Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;

const plan = async (gateway: Gateway, members: Wire = {}): Promise<Checks> => {
  const { result, errors } = await press(gateway, { dryRun: true, ...members });
  expect(errors).toEqual([]);
  expect(result.__typename).toBe('FailoverPlan');
  const { checks, ok } = result;
  expect(checks.map(({ name }: { name: string }) => name)).toEqual(failoverCheckNames);
  expect(ok).toBe(checks.every((check: { ok: boolean }) => check.ok));
  return Object.fromEntries(checks.map(({ name, ...rest }: { name: string }) => [name, rest]));
};

/** The names of the checks that are not ok. */
const wrongIn = (checks: Checks): readonly string[] =>
  Object.entries(checks)
    .filter(([, { ok }]) => !ok)
    .map(([name]) => name);

describe('a dry run against the sandbox', () => {
  let sandbox: Sandbox;
  let recorder: Recorder;
  let gateway: Gateway;
  beforeAll(async () => {
    sandbox = await startCohesitySandbox();
    recorder = await startRecorder(sandbox.url);
    const { apiKey } = cohesitySandboxCredentials;
    gateway = await startGateway({ upstreams: [{ ...cohesityAt(recorder), auth: { apiKey } }] });
  });
  afterAll(async () => {
    expect(recorder.exchanges.filter(({ method }) => method !== 'GET')).toEqual([]);
    for (const one of [gateway, recorder, sandbox]) await one.close();
  });

  const home = '3141592653589793:1546300800000';
  const ofJob = (job: number, members: Wire = {}) =>
    plan(gateway, {
      replicationClusterId: '2718281828459045',
      objects: [{ objectId: String(job * 100 + 1) }],
      protectionGroupId: `${home}:${job}`,
      ...members,
    });

  it('finds nothing wrong with a group that replicates', async () => {
    const checks = await ofJob(1001);
    expect(wrongIn(checks)).toEqual([]);
    expect(checks).toMatchObject({
      GROUP_KNOWN: { detail: 'The group is VM-Prod-Frankfurt-Gold.' },
      REPLICATION_CLUSTER_KNOWN: { detail: 'It is cohesity-dr-sandbox, a replication target.' },
      RECENT_COPY: { detail: expect.stringMatching(/^The newest good copy of each object there is at most .* old\.$/) },
    });
  });

  it('finds the group by its objects where none is named', async () => {
    const checks = await ofJob(1001, {
      protectionGroupId: null,
      objects: [{ objectId: '100110' }, { objectId: '100111' }],
    });
    expect(wrongIn(checks)).toEqual([]);
    expect(checks['GROUP_KNOWN']?.detail).toBe('The group is VM-Prod-Frankfurt-Gold, found by its objects.');
  });

  it.each([1015, 1016])('says of %d that it is a replica of another cluster’s group', async (job) => {
    const response = await fetch(`${sandbox.url}/irisservices/api/v1/public/protectionJobs?ids=${job}`, {
      headers: { apiKey: cohesitySandboxCredentials.apiKey },
    });
    const [{ uid }] = JSON.parse(await response.text());
    const checks = await ofJob(job, { protectionGroupId: `${uid.clusterId}:${uid.clusterIncarnationId}:${uid.id}` });
    expect(wrongIn(checks)).toContain('GROUP_ACTIVE');
    expect(checks['GROUP_ACTIVE']?.detail).toMatch(/is not active on this cluster: it is a replica/);
  });

  it('says that a group is deleted, and that one is not there', async () => {
    expect((await ofJob(1014))['GROUP_ACTIVE']).toEqual({ ok: false, detail: expect.stringMatching(/is deleted\.$/) });
    const checks = await ofJob(1001, { protectionGroupId: `${home}:9999` });
    expect(wrongIn(checks)).toEqual(['GROUP_KNOWN', 'GROUP_ACTIVE', 'OBJECTS_IN_GROUP', 'RECENT_COPY']);
    expect(checks['RECENT_COPY']?.detail).toBe('Could not be checked: the protection group is not known.');
  });

  it('says which objects the group does not protect', async () => {
    const checks = await ofJob(1001, { objects: [{ objectId: '100101' }, { objectId: '5' }] });
    expect(wrongIn(checks)).toEqual(['OBJECTS_IN_GROUP', 'RECENT_COPY']);
    expect(checks['OBJECTS_IN_GROUP']?.detail).toBe('VM-Prod-Frankfurt-Gold does not protect 5.');
  });

  it.each([
    ['1414213562373095', ['REPLICATION_CLUSTER_REACHABLE', 'RECENT_COPY'], /does not reach all of its endpoints/],
    ['1732050807568877', ['REPLICATION_CLUSTER_KNOWN', 'RECENT_COPY'], /is known, but not as a replication target/],
    ['5', ['REPLICATION_CLUSTER_KNOWN', 'REPLICATION_CLUSTER_REACHABLE', 'RECENT_COPY'], /knows no remote cluster 5/],
  ])('says what is the matter with the cluster %s', async (replicationClusterId, wrong, detail) => {
    const checks = await ofJob(1001, { replicationClusterId });
    expect(wrongIn(checks)).toEqual(wrong);
    expect(JSON.stringify(checks)).toMatch(detail);
  });

  it('says which runs are going on, and what becomes of them', async () => {
    const waiting = (await ofJob(1021))['RUNNING_RUNS'];
    expect(waiting).toEqual({
      ok: true,
      detail: expect.stringMatching(/^The failover would wait for 1021:\d+ of Physical-Seismic-Archive-Full/),
    });
    const canceling = (await ofJob(1021, { cancelNonFailoverRuns: true }))['RUNNING_RUNS'];
    expect(canceling).toEqual({ ok: true, detail: expect.stringMatching(/^Would be asked to cancel: 1021:\d+ of /) });
  });
});

const HOUR = 3_600_000_000;
const hoursAgo = (hours: number): number => Date.now() * 1000 - hours * HOUR;
const uid = { clusterId: 8621173906188849, clusterIncarnationId: 1538852526333, id: 7 };
const job = (members: Wire = {}): Wire => ({ id: 7, uid, name: 'VM Gold', sourceIds: [101, 102], ...members });

/** A run of job 7 that copied these objects to the cluster 77. */
const copied = (hours: number, ids: readonly (number | bigint)[], members: Wire = {}, status = 'kSuccess'): Wire =>
  wireRunOf(7, hoursAgo(hours), {
    copyRun: [
      wireCopyRun(501, {
        runStartTimeUsecs: hoursAgo(hours),
        copySnapshotTasks: ids.map((id) => wireTask(wireSource(id), { status })),
        ...members,
      }),
    ],
  });

/** A cluster with one job and what its runs were; `failing` replaces the reply of a path. */
const startEstate = async (
  { jobs = [job()], runs = [copied(2, [101, 102])], remotes }: Readonly<Record<string, readonly Wire[]>>,
  options: Parameters<typeof startFailover>[0] = {},
) => {
  const started = await startFailover(options);
  const { plays, held } = started.cluster;
  const failing = new Map<string, Reply>();
  const reached = { clusterId: 77, name: 'dr-west', purposeReplication: true, allEndpointsReachable: true };
  Object.assign(held, { jobs, runs, remotes: remotes ?? [reached] });
  plays.gate = ({ path }) => failing.get(path.split('/').at(-1) ?? '');
  const group = { protectionGroupId: '8621173906188849:1538852526333:7' };
  return {
    ...started,
    failing,
    plan: async (members: Wire = {}) => {
      const checks = await plan(started.gateway, { ...group, ...members });
      expect(started.cluster.posts()).toEqual([]);
      return checks;
    },
    planBeside: (members: Wire = {}) => plan(started.gateway, { ...group, ...members }),
  };
};

const down: Reply = { status: 400, body: { errorCode: 'KOdd', message: 'secret of the cluster' } };

describe('a dry run', () => {
  it('finds nothing wrong, and sends nothing', async () => {
    const { plan, cluster } = await startEstate({});
    expect(wrongIn(await plan())).toEqual([]);
    expect(cluster.requests().map((one) => one.split('?')[0])).toEqual(
      expect.arrayContaining([
        'GET /v2/data-protect/failover/planned-runs',
        'GET /irisservices/api/v1/public/protectionJobs',
        'GET /irisservices/api/v1/public/protectionRuns',
        'GET /irisservices/api/v1/public/remoteClusters',
      ]),
    );
    expect(cluster.seen.length).toBeLessThanOrEqual(5);
  });

  it('takes no key: what was only looked at can be pressed with any body', async () => {
    const { press, cluster, gateway } = await startFailover();
    await plan(gateway);
    expect(gistOf(await press({ runType: 'FULL' }))).toBe('FailoverAccepted REQUESTED');
    expect(cluster.posts()).toHaveLength(1);
  });

  it.each([
    ['protectionJobs', ['GROUP_KNOWN', 'GROUP_ACTIVE', 'OBJECTS_IN_GROUP', 'RECENT_COPY', 'RUNNING_RUNS']],
    ['protectionRuns', ['RECENT_COPY', 'RUNNING_RUNS']],
    ['remoteClusters', ['REPLICATION_CLUSTER_KNOWN', 'REPLICATION_CLUSTER_REACHABLE']],
  ])('says what it could not read where %s fails, and the rest all the same', async (path, wrong) => {
    const { plan, failing } = await startEstate({});
    failing.set(path, down);
    const checks = await plan();
    expect(wrongIn(checks)).toEqual(wrong);
    for (const name of wrong)
      expect(checks[name]?.detail).toMatch(/^(Could not be checked|The cluster could not show)/);
    expect(JSON.stringify(checks)).not.toContain('secret');
  });

  it('says so where the failovers themselves cannot be read', async () => {
    const { plan, cluster } = await startEstate({});
    cluster.plays.poll = () => down;
    expect(wrongIn(await plan())).toEqual(['KEY_UNUSED']);
  });

  it('is a plan too where nothing at all answers', async () => {
    const { plan, cluster } = await startEstate({});
    cluster.plays.gate = () => down;
    const checks = await plan();
    expect(wrongIn(checks)).toEqual(failoverCheckNames.filter((name) => name !== 'NO_FAILOVER_UNDER_WAY'));
  });

  it('compares ids exactly, beyond 2^53 too', async () => {
    const near = beyond - 1n;
    const { plan } = await startEstate({ jobs: [job({ sourceIds: [near] })], runs: [copied(2, [near])] });
    const checks = await plan({ objects: [{ objectId: String(beyond) }] });
    expect(checks['OBJECTS_IN_GROUP']?.detail).toBe(`VM Gold does not protect ${beyond}.`);
    expect(checks['RECENT_COPY']?.ok).toBe(false);
    expect(wrongIn(await plan({ objects: [{ objectId: String(near) }] }))).toEqual([]);
  });

  it('finds objects of a folder in the runs of the group', async () => {
    const { plan } = await startEstate({ jobs: [job({ sourceIds: [9] })] });
    const checks = await plan();
    expect(checks['OBJECTS_IN_GROUP']).toEqual({ ok: true, detail: 'VM Gold protects all of them, as its runs show.' });
    expect(wrongIn(await plan({ objects: [{ objectId: '9' }, { objectId: '103' }] }))).toContain('OBJECTS_IN_GROUP');
  });

  it('knows no group of objects that two active groups have, or none', async () => {
    const { plan } = await startEstate({ jobs: [job(), job({ id: 8, uid: { ...uid, id: 8 }, name: 'Other' })] });
    for (const objects of [[{ objectId: '101' }], [{ objectId: '1' }]]) {
      const checks = await plan({ protectionGroupId: null, objects });
      expect(checks['GROUP_KNOWN']).toEqual({ ok: false, detail: expect.stringMatching(/^No single active group/) });
    }
  });

  it.each<readonly [string, Wire, boolean, RegExp]>([
    ['active', {}, true, /^VM Gold is active\.$/],
    ['paused', { isPaused: true }, true, /and its own runs are paused/],
    ['deleted', { isDeleted: true }, false, /is deleted/],
    ['not active', { isActive: false }, false, /is a replica/],
  ])('tells a group that is %s', async (_what, members, ok, detail) => {
    const { plan } = await startEstate({ jobs: [job(members)] });
    expect((await plan())['GROUP_ACTIVE']).toEqual({ ok, detail: expect.stringMatching(detail) });
  });

  it('cannot tell whether a cluster is reached that does not say', async () => {
    const { plan } = await startEstate({ remotes: [{ clusterId: 77, purposeReplication: true }] });
    const checks = await plan();
    expect(wrongIn(checks)).toEqual(['REPLICATION_CLUSTER_REACHABLE']);
    expect(checks['REPLICATION_CLUSTER_REACHABLE']?.detail).toMatch(/does not report/);
  });

  const old = { expiryTimeUsecs: hoursAgo(1) };
  const elsewhere = { target: { type: 'kRemote', replicationTarget: { clusterId: 78 } } };
  it.each<readonly [string, readonly Wire[], boolean, RegExp]>([
    ['2 h old', [copied(2, [101, 102])], true, /at most 2 h 0 min old\.$/],
    ['as old as the older of two', [copied(1, [101]), copied(3, [102])], true, /at most 3 h 0 min old/],
    ['no older for an old copy beside it', [copied(2, [101, 102]), copied(90, [101, 102])], true, /2 h 0 min/],
    ['good with warnings', [copied(2, [101, 102], {}, 'kWarning')], true, /2 h 0 min/],
    ['30 h old', [copied(30, [101, 102])], false, /at most 1 d 6 h old\. A failover must replicate the difference/],
    ['old for one of two', [copied(1, [101]), copied(30, [102])], false, /1 d 6 h/],
    ['missing for one of two', [copied(1, [101])], false, /No good copy of 102 on that cluster in the last 168 hours/],
    ['older than we look back', [copied(200, [101, 102])], false, /No good copy of 101, 102/],
    ['failed', [copied(1, [101, 102], {}, 'kFailure')], false, /No good copy/],
    ['still running', [copied(1, [101, 102], {}, 'kRunning')], false, /No good copy/],
    ['gone by now', [copied(2, [101, 102], old)], false, /No good copy/],
    ['on another cluster', [copied(2, [101, 102], elsewhere)], false, /No good copy/],
    ['local', [copied(2, [101, 102], { target: { type: 'kLocal' } })], false, /No good copy/],
  ])('tells a copy that is %s', async (_what, runs, ok, detail) => {
    const { plan } = await startEstate({ runs });
    expect((await plan())['RECENT_COPY']).toEqual({ ok, detail: expect.stringMatching(detail) });
  });

  it('tells running runs of the same objects, in other groups too', async () => {
    const running = (id: number, hours: number) => {
      const [startTimeUsecs, runStartTimeUsecs] = [hoursAgo(hours), hoursAgo(hours)];
      return wireRunOf(id, startTimeUsecs, {
        backupRun: { jobRunId: 1, status: 'kRunning', stats: { startTimeUsecs } },
        copyRun: [wireCopyRun(1, { runStartTimeUsecs })],
      });
    };
    const { plan } = await startEstate({
      jobs: [
        job(),
        job({ id: 8, name: 'Other' }),
        job({ id: 9, name: 'Stranger', sourceIds: [5] }),
        job({ id: 10, name: 'Gone', isDeleted: true }),
      ],
      runs: [copied(2, [101, 102]), running(8, 1), running(9, 1), running(10, 1)],
    });
    expect((await plan())['RUNNING_RUNS']).toEqual({
      ok: true,
      detail: expect.stringMatching(/^The failover would wait for 8:\d+ of Other; cancelNonFailoverRuns/),
    });
  });
});

describe('a dry run beside failovers', () => {
  it('says that the key is taken, here or by another gateway', async () => {
    const { planBeside, press, cluster } = await startEstate({});
    cluster.listed.set('theirs', { failoverId: 'theirs' });
    await press();
    for (const members of [{}, { idempotencyKey: 'theirs' }]) {
      expect((await planBeside(members))['KEY_UNUSED']).toEqual({
        ok: false,
        detail: expect.stringMatching(/is taken/),
      });
    }
    expect(cluster.posts()).toHaveLength(1);
  });

  it('says what is under way with the same objects, until it has ended', async () => {
    const { planBeside, press, cluster } = await startEstate({});
    await press({ idempotencyKey: 'one' });
    await press({ idempotencyKey: 'elsewhere', objects: [{ objectId: '999' }] });
    cluster.plays.post = () => down;
    await press({ idempotencyKey: 'refused' });
    const look = async () => (await planBeside({ objects: [{ objectId: '102' }] }))['NO_FAILOVER_UNDER_WAY'];
    expect(await look()).toEqual({ ok: false, detail: 'Under way: one (REQUESTED).' });
    expect((await planBeside({ objects: [{ objectId: '500' }] }))['NO_FAILOVER_UNDER_WAY']?.ok).toBe(true);
    expect((await planBeside({ idempotencyKey: 'one' }))['NO_FAILOVER_UNDER_WAY']?.ok).toBe(true); // its own
    for (const [backupTaskStatus, ok] of [
      ['Running', false],
      ['Failed', true],
      ['Canceled', true],
    ] as const) {
      cluster.listed.set('one', { failoverId: 'one', backupTaskStatus });
      expect((await look())?.ok).toBe(ok);
    }
  });

  it('says so of one that nobody can tell of', async () => {
    const { planBeside, press, cluster } = await startEstate({}, { limits: quick });
    cluster.plays.post = ({ drop }) => drop();
    await press({ idempotencyKey: 'lost' });
    expect((await planBeside())['NO_FAILOVER_UNDER_WAY']).toEqual({
      ok: false,
      detail: 'Under way: lost (UNCONFIRMED).',
    });
  });

  it('says so where what was pressed before cannot be read', async () => {
    const { file } = auditFile();
    const { plan } = await startEstate({}, { audit: { file } });
    rmSync(file);
    mkdirSync(file);
    const checks = await plan();
    expect(wrongIn(checks)).toEqual(['NO_FAILOVER_UNDER_WAY']);
    expect(checks['NO_FAILOVER_UNDER_WAY']?.detail).toMatch(/the earlier requests cannot be read/);
  });
});
