import { describe, expect, it } from 'vitest';
import { closing, startProducts } from '../support/products.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { type Wire, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const HOUR = 3_600_000_000;
const now = Date.now() * 1000;
const hoursAgo = (hours: number): number => now - hours * HOUR;

const remote = { type: 'kRemote', replicationTarget: { clusterId: 77, clusterName: 'dr-west' } };
const local = { type: 'kLocal' };

/** A run of a job with one copy, and in it one task for each source. */
const runWith = (jobId: number, hours: number, target: Wire, sources: readonly Wire[], copy: Wire = {}): Wire =>
  wireRunOf(jobId, hoursAgo(hours), {
    copyRun: [
      wireCopyRun(jobId * 1000 + hours, {
        target,
        runStartTimeUsecs: hoursAgo(hours),
        copySnapshotTasks: sources.map((source) =>
          wireTask(source, { taskStartTimeUsecs: hoursAgo(hours), status: copy['status'] ?? 'kSuccess' }),
        ),
        ...copy,
      }),
    ],
  });

const vault = (region: string, name: string): string => `arn:aws:backup:${region}:111122223333:backup-vault:${name}`;
const volume = (name: string): string => `arn:aws:ec2:us-east-1:111122223333:volume/${name}`;

const jobOf = (id: string, resource: string, hours: number, overrides: Wire = {}): Wire => ({
  CopyJobId: id,
  State: 'COMPLETED',
  CreationDate: Math.floor(hoursAgo(hours) / 1_000_000),
  ResourceArn: volume(resource),
  ResourceType: 'EBS',
  SourceBackupVaultArn: vault('us-east-1', 'home'),
  DestinationBackupVaultArn: vault('us-west-2', 'away'),
  ...overrides,
});

const fields = `name resourceArn source { sourceId } lookBackHours
  copyTargets { target { kind name } copyLagSeconds lastSuccessfulCopy { id } }
  copyPosture { copies sites offsite immutable locked }`;

const reports = 'upstreamReports { upstream { name } ok complete error { code } }';

const estate = {
  jobs: [
    { id: 7, name: 'VM Gold', policyId: 'p', viewBoxId: 1, sourceIds: [1, 2, 3, 10] },
    { id: 8, name: 'replica', policyId: 'p', viewBoxId: 1, sourceIds: [4], isActive: false },
  ],
  sources: [
    wireSource(1),
    wireSource(2),
    wireSource(3),
    wireSource(4),
    wireSource(10, { name: 'folder', parentId: null }),
  ],
  runs: [
    runWith(7, 30, remote, [wireSource(1, { parentId: 10 }), wireSource(2, { parentId: 10 })]),
    runWith(7, 6, remote, [wireSource(1, { parentId: 10 })]),
    runWith(7, 5, local, [wireSource(2, { parentId: 10 })]),
    runWith(7, 2, remote, [wireSource(2, { parentId: 10 })], { status: 'kFailure' }),
  ],
  copyJobs: [
    jobOf('J1', 'good', 3, { DestinationVaultLockState: 'LOCKED' }),
    jobOf('J2', 'good', 50),
    jobOf('J3', 'stale', 40),
    jobOf('J4', 'stale', 1, { State: 'FAILED' }),
    jobOf('J5', 'near', 2, { DestinationBackupVaultArn: vault('us-east-1', 'next-door') }),
  ],
  resources: ['good', 'never', 'stale', 'near'].map((name) => ({ ResourceArn: volume(name), ResourceType: 'EBS' })),
};

describe('the protected objects', () => {
  it('are what was copied and what never was, by name, over all vendors', async () => {
    const { execute } = await startProducts(estate);
    const { data, errors } = await execute(`{ protectedObjects { totalCount nodes { name } ${reports} } }`);
    expect(errors).toEqual([]);
    // The folder is where the two machines live, and the replica's source is protected elsewhere.
    expect(data.protectedObjects.nodes.map(({ name }: { name: string }) => name)).toEqual([
      'good',
      'near',
      'never',
      'stale',
      'vm-1',
      'vm-2',
      'vm-3',
    ]);
    expect(data.protectedObjects.totalCount).toBe(7);
    expect(data.protectedObjects.upstreamReports).toEqual(
      ['dc-east', 'aws-prod'].map((name) => ({ upstream: { name }, ok: true, complete: true, error: null })),
    );
  });

  it('say for each place what the newest good copy is and how old', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(`{ protectedObjects(filter: { name: "vm-2" }) { nodes { ${fields} } } }`);
    const [object] = data.protectedObjects.nodes;
    expect(object.lookBackHours).toBe(168);
    expect(object.copyPosture).toEqual({ copies: 2, sites: 2, offsite: true, immutable: false, locked: false });
    const places = object.copyTargets.map((place: Wire) => [place['target'], place['lastSuccessfulCopy']]);
    expect(places).toEqual([
      [{ kind: 'LOCAL', name: null }, { id: expect.stringMatching(/^CopySnapshotTask:dc-east:7:\d+:\d+:\d+:7005:2$/) }],
      // The failed copy of two hours ago is none; the one of thirty hours ago still is.
      [{ kind: 'REMOTE', name: 'dr-west' }, { id: expect.stringMatching(/:7030:2$/) }],
    ]);
    const [near, far] = object.copyTargets.map((place: Wire) => Number(place['copyLagSeconds']) / 3600);
    expect(near).toBeCloseTo(5, 1);
    expect(far).toBeCloseTo(30, 1);
  });

  it('without a good copy off site for a day are one query', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute('{ protectedObjects(filter: { offsiteLagOver: 86400 }) { nodes { name } } }');
    expect(data.protectedObjects.nodes.map(({ name }: { name: string }) => name)).toEqual([
      'near', // a vault in the same Region is not off site
      'never',
      'stale', // the copy of an hour ago failed
      'vm-2',
      'vm-3',
    ]);
  });

  it('are immutable under a lock in force, and only then', async () => {
    const lock = (expiryTimeUsecs: number, wormRetentionType: string): Wire => ({
      dataLockConstraints: { expiryTimeUsecs, wormRetentionType },
    });
    const { execute } = await startProducts({
      runs: [
        runWith(7, 3, remote, [wireSource(1)], lock(now + HOUR, 'kCompliance')),
        runWith(7, 4, remote, [wireSource(2)], lock(now - HOUR, 'kCompliance')),
        runWith(7, 5, remote, [wireSource(3)], lock(now + HOUR, 'kNone')),
      ],
      copyJobs: estate.copyJobs,
    });
    const { data } = await execute('{ protectedObjects { nodes { name copyPosture { immutable locked } } } }');
    const under = (lock: string) =>
      data.protectedObjects.nodes
        .filter((one: { copyPosture: Wire }) => one.copyPosture[lock])
        .map(({ name }: { name: string }) => name);
    expect(under('immutable')).toEqual(['vm-1']);
    expect(under('locked')).toEqual(['good', 'vm-1']); // nobody knows who could unlock that vault
  });

  it('do not count a copy that has expired', async () => {
    const { execute } = await startProducts({
      runs: [runWith(7, 3, remote, [wireSource(1)], { expiryTimeUsecs: now - HOUR })],
    });
    const { data } = await execute(`{ protectedObjects { nodes { ${fields} } } }`);
    expect(data.protectedObjects.nodes[0].copyPosture).toEqual({
      copies: 0,
      sites: 0,
      offsite: false,
      immutable: false,
      locked: false,
    });
    expect(data.protectedObjects.nodes[0].copyTargets[0]).toMatchObject({
      lastSuccessfulCopy: null,
      copyLagSeconds: null,
    });
  });

  it('narrow by type and environment, and page', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(`{
      aws: protectedObjects(filter: { resourceTypes: ["EBS"] }, first: 2) { nodes { name } pageInfo { hasNextPage endCursor } }
      machines: protectedObjects(filter: { environments: ["kVMware"] }) { nodes { name } }
      none: protectedObjects(filter: { environments: ["kSQL"] }) { nodes { name } }
    }`);
    expect(data.aws).toMatchObject({ nodes: [{ name: 'good' }, { name: 'near' }], pageInfo: { hasNextPage: true } });
    expect(data.machines.nodes).toHaveLength(3);
    expect(data.none.nodes).toEqual([]);
    const next = await execute(
      `query ($after: String) { protectedObjects(filter: { resourceTypes: ["EBS"] }, after: $after) { nodes { name } } }`,
      { after: data.aws.pageInfo.endCursor },
    );
    expect(next.data.protectedObjects.nodes).toEqual([{ name: 'never' }, { name: 'stale' }]);
  });

  it('of an upstream that cannot be read are left out and told, since half of the copies would raise an alarm', async () => {
    const cohesity = closing(await startCohesity(estate));
    cohesity.before = ({ path }) =>
      path.endsWith('/protectionRuns')
        ? { status: 500, body: { errorCode: 'KInternalError', message: 'no' } }
        : undefined;
    const aws = closing(await startAwsBackup());
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] }));
    const { data } = await gateway.execute(`{ protectedObjects { totalCount nodes { name } ${reports} } }`);
    expect(data.protectedObjects.totalCount).toBeNull();
    expect(data.protectedObjects.nodes).toEqual([]);
    expect(data.protectedObjects.upstreamReports[0]).toEqual({
      upstream: { name: 'dc-east' },
      ok: false,
      complete: false,
      error: { code: 'UPSTREAM_UNAVAILABLE' },
    });
  });

  it('show what was copied where the inventory cannot be read, and say that it is not all', async () => {
    const cohesity = closing(await startCohesity({ runs: estate.runs ?? [] }));
    cohesity.before = ({ path }) => (path.endsWith('/protectionJobs') ? { body: { not: 'a list' } } : undefined);
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity)] }));
    const { data } = await gateway.execute(`{ protectedObjects { nodes { name } ${reports} } }`);
    expect(data.protectedObjects.nodes).toEqual([{ name: 'vm-1' }, { name: 'vm-2' }]);
    expect(data.protectedObjects.upstreamReports[0]).toMatchObject({
      ok: false,
      complete: false,
      error: { code: 'UPSTREAM_BAD_RESPONSE' },
    });
  });
});

describe('one protected object', () => {
  it('lists its copies, newest first, and asks for no others', async () => {
    const { execute, cohesity, aws } = await startProducts(estate);
    const query = `query ($id: ID!, $since: DateTime) { node(id: $id) { ... on ProtectedObject {
      name copies(filter: { startedAfter: $since }) { totalCount nodes { id state } } } } }`;
    const since = new Date(hoursAgo(60) / 1000).toISOString();
    const machine = await execute(query, { id: 'ProtectedObject:dc-east:2', since });
    expect(machine.data.node).toMatchObject({ name: 'vm-2', copies: { totalCount: 3 } });
    expect(machine.data.node.copies.nodes.map(({ state }: Wire) => state)).toEqual([
      'FAILED',
      'SUCCEEDED',
      'SUCCEEDED',
    ]);
    expect(cohesity.requests().at(-1)).toMatch(/protectionRuns\?.*sourceId=2/);
    const disk = await execute(query, { id: `ProtectedObject:aws-prod:${encodeURIComponent(volume('good'))}`, since });
    expect(disk.data.node).toMatchObject({
      name: 'good',
      copies: { nodes: [{ id: 'CopyJob:aws-prod:J1' }, { id: 'CopyJob:aws-prod:J2' }] },
    });
    expect(aws.seen.at(-1)?.query.get('resourceArn')).toBe(volume('good'));
  });

  it('tells its posture wherever it is met, the same as in the list', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(`{
      list: protectedObjects(filter: { name: "vm-1" }) { nodes { ${fields} } }
      node(id: "ProtectedObject:dc-east:1") { ... on ProtectedObject { ${fields} } }
    }`);
    expect(data.node).toEqual(data.list.nodes[0]);
  });

  it('is found in the inventory where it was never copied, and is null where nobody knows it', async () => {
    const { execute } = await startProducts(estate);
    const ids = ['never', 'unheard-of'].map((name) => `ProtectedObject:aws-prod:${encodeURIComponent(volume(name))}`);
    const { data, errors } = await execute(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ProtectedObject { name } } }',
      { ids },
    );
    expect(errors).toEqual([]);
    expect(data.nodes).toEqual([{ name: 'never' }, null]);
  });
});
