import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { printSubgraph } from '../src/schema/subgraph.js';
import { begin, planAndTake } from './support/failover-workflow.js';
import { listedFailover, startViewCluster, startViewGateway } from './support/view-failover.js';
import { startFailover } from './support/failover.js';
import { awsBackupAt, cohesityAt } from './support/fake.js';
import { startGateway } from './support/gateway.js';
import { apiKey, bearer } from './support/keys.js';
import { closing, startProducts } from './support/products.js';
import { start, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from './support/wire.js';

const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on CopyRun { id state }
  ... on CopySnapshotTask { id name }
  ... on CopyJob { id state }
  ... on ProtectionShell { id }
  ... on Upstream { name }
} }`;

const copyRun = `dc-east:7:${start}:8621173906188849:1538852526333:501`;

const estate = {
  runs: [wireRunOf(7, start, { copyRun: [wireCopyRun(501, { copySnapshotTasks: [wireTask(wireSource(9))] })] })],
  copyJobs: [{ CopyJobId: 'J1', State: 'COMPLETED' }],
};

describe('references from other subgraphs', () => {
  it('are resolved together: what hangs on one run costs one call', async () => {
    const { execute, cohesity, aws } = await startProducts(estate);
    const { data, errors } = await execute(query, {
      representations: [
        { __typename: 'CopyRun', id: `CopyRun:${copyRun}` },
        { __typename: 'CopyOperation', id: `CopySnapshotTask:${copyRun}:9` },
        { __typename: 'CopyOperation', id: 'CopyJob:aws-prod:J1' },
        { __typename: 'ProtectionShell', id: `ProtectionShell:dc-east:7:${start}` },
        { __typename: 'Upstream', id: 'Upstream:dc-east' },
      ],
    });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { __typename: 'CopyRun', id: `CopyRun:${copyRun}`, state: 'SUCCEEDED' },
      { __typename: 'CopySnapshotTask', id: `CopySnapshotTask:${copyRun}:9`, name: 'vm-9' },
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1', state: 'SUCCEEDED' },
      { __typename: 'ProtectionShell', id: `ProtectionShell:dc-east:7:${start}` },
      { __typename: 'Upstream', name: 'dc-east' },
    ]);
    expect([cohesity.seen.length, aws.seen.length]).toEqual([1, 1]);
  });

  it('fail one by one: a bad one is null with its own error, and the others stand', async () => {
    const { execute } = await startProducts(estate);
    const { data, errors } = await execute(query, {
      representations: [
        { __typename: 'CopyJob', id: `CopyRun:${copyRun}` }, // mislabelled
        { __typename: 'Nonsense', id: 'CopyJob:aws-prod:J1' },
        { __typename: 'constructor', id: 'CopyJob:aws-prod:J1' },
        { __typename: 'CopyJob' },
        { __typename: 'CopyJob', id: 'CopyJob:elsewhere:J1' },
        { __typename: 'CopyJob', id: 'CopyJob:aws-prod:GONE' },
        { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1' },
      ],
    });
    expect(data._entities).toEqual([
      ...Array<null>(6).fill(null),
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1', state: 'SUCCEEDED' },
    ]);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual(
      [0, 1, 2, 3, 4].map((index) => [index, 'BAD_USER_INPUT']),
    );
  });

  it('are taken a hundred at a time, and more are refused before anything is asked', async () => {
    const { execute, aws } = await startProducts(estate);
    const representations = Array.from({ length: 101 }, () => ({ __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1' }));
    const { errors } = await execute(query, { representations });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(aws.seen).toEqual([]);
    const { data } = await execute(query, { representations: representations.slice(1) });
    expect(data._entities).toHaveLength(100);
    expect(aws.seen).toHaveLength(1);
  });

  it('find the schema under _service', async () => {
    const { execute } = await startProducts({});
    const { data } = await execute('{ _service { sdl } }');
    expect(data._service.sdl).toContain('@key(fields: "id")');
  });
});

/** The types, and the interface, that other subgraphs may refer to, as the SDL has them. */
const keyed = parse(printSubgraph(schema)).definitions.flatMap((one) =>
  (one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.INTERFACE_TYPE_DEFINITION) &&
  one.directives?.some(({ name }) => name.value === 'key')
    ? [one.name.value]
    : [],
);

const arn = 'arn:aws:ec2:us-east-1:111122223333:volume/vol-1';
const tasks = Array.from({ length: 24 }, (_, index) => 1000 + index);
const jobs = Array.from({ length: 12 }, (_, index) => `J${index}`);

const vaultArn = 'arn:aws:backup:us-west-2:111122223333:backup-vault:dr';
const hourAgo = (Date.now() - 3_600_000) * 1000;

const targets = [
  { type: 'kLocal' },
  { type: 'kArchival', archivalTarget: { vaultId: 12, vaultName: 'glacier' } },
  { type: 'kCloudDeploy', cloudReplicationTarget: { id: 3, name: 'azure-eu' } },
  { type: 'kCloudReplication', cloudReplicationTarget: { name: 'in the clouds' } },
  { type: 'kMoonBase' },
  { type: 'kRemote', replicationTarget: { clusterId: 77, clusterName: 'dr-west' } },
];

const large = {
  runs: [
    wireRunOf(8, hourAgo, {
      copyRun: targets.map((target, index) => wireCopyRun(600 + index, { target, runStartTimeUsecs: hourAgo })),
    }),
    wireRunOf(7, start, {
      copyRun: [wireCopyRun(501, { copySnapshotTasks: tasks.map((id) => wireTask(wireSource(id))) })],
    }),
  ],
  jobs: [{ id: 7, name: 'VM Gold' }],
  sources: [wireSource(1000), wireSource(1001)],
  copyJobs: [...jobs.map((id) => wireCopyJob(id)), wireCopyJob('OF-VOLUME', { ResourceArn: arn })],
};

/** One id of each type, put together by hand as docs/federation.md says. */
const built: Readonly<Record<string, string>> = {
  CopyJob: 'CopyJob:aws-prod:J1',
  CopyRun: `CopyRun:${copyRun}`,
  CopySnapshotTask: `CopySnapshotTask:${copyRun}:1000`,
  Failover: 'Failover:dc-east:drill_1',
  FailoverWorkflow: 'FailoverWorkflow:dc-west:drill-1',
  ProtectedObject: `ProtectedObject:aws-prod:${encodeURIComponent(arn)}`,
  ProtectionJob: 'ProtectionJob:dc-east:7',
  ProtectionShell: `ProtectionShell:dc-east:7:${start}`,
  Upstream: 'Upstream:aws-prod',
  ViewFailover: 'ViewFailover:dc-west:31:%409%3A9%3A1',
  // The ids of targets begin with the name of their interface, whatever their type.
  ArchivalTarget: 'CopyTarget:dc-east:ARCHIVAL:12',
  BackupVaultTarget: `CopyTarget:aws-prod:VAULT:${encodeURIComponent(vaultArn)}`,
  CloudDeployTarget: 'CopyTarget:dc-east:CLOUD_DEPLOY:3',
  CloudReplicationTarget: 'CopyTarget:dc-east:CLOUD_REPLICATION:in%20the%20clouds',
  LocalTarget: 'CopyTarget:dc-east:LOCAL',
  RemoteClusterTarget: 'CopyTarget:dc-east:REMOTE:77',
  UnknownTarget: 'CopyTarget:dc-east:UNKNOWN',
};

const bare = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Node { id } } }`;

describe('a type with a key', () => {
  it('has an id that can be put together', () => {
    const interfaces = ['CopyOperation', 'CopyTarget'];
    expect(keyed).toEqual([...Object.keys(built), ...interfaces].sort());
  });

  const types = Object.entries(built).filter(([type]) => !/Failover(Workflow)?$/.test(type));
  const targetIds = Object.values(built).filter((id) => id.startsWith('CopyTarget'));
  const typeOf = (id: string): string | undefined => Object.entries(built).find(([, one]) => one === id)?.[0];

  it.each<readonly [as: string, id: string]>([
    ...types,
    ...types.filter(([type]) => type.startsWith('Copy')).map(([, id]) => ['CopyOperation', id] as const),
    ['ProtectedObject', 'ProtectedObject:dc-east:1000'],
    ...targetIds.map((id) => ['CopyTarget', id] as const),
  ])('is found as %s by %s', async (__typename, id) => {
    const { execute } = await startProducts(large);
    const { data, errors } = await execute(bare, { representations: [{ __typename, id }] });
    expect([data, errors]).toEqual([{ _entities: [{ __typename: typeOf(id) ?? id.split(':')[0], id }] }, []]);
  });

  it.each(targetIds)('is no other type of target: %s', async (id) => {
    const { execute, cohesity, aws } = await startProducts(large);
    const others = Object.keys(built).filter((name) => name.endsWith('Target') && name !== typeOf(id));
    for (const __typename of others) {
      const { data, errors } = await execute(bare, { representations: [{ __typename, id }] });
      expect(data._entities).toEqual([null]);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect([...cohesity.seen, ...aws.seen]).toEqual([]);
  });

  it('is found where it is a failover', async () => {
    const { cluster, gateway } = await startFailover();
    cluster.listed.set('drill_1', { failoverId: 'drill_1' });
    const representation = { __typename: 'Failover', id: built['Failover'] };
    const { data, errors } = await gateway.execute(bare, { representations: [representation] });
    expect([data, errors]).toEqual([{ _entities: [representation] }, []]);
    expect(cluster.seen).toHaveLength(1);
  });

  it('is found where it is a failover workflow', async () => {
    const { gateway } = await begin();
    await planAndTake(gateway, 'initFailover');
    const representation = { __typename: 'FailoverWorkflow', id: built['FailoverWorkflow'] };
    const { data, errors } = await gateway.execute(bare, { representations: [representation] });
    expect([data, errors]).toEqual([{ _entities: [representation] }, []]);
  });

  it('is found where it is the failover of a view that was begun elsewhere', async () => {
    const cluster = await startViewCluster();
    cluster.holds.failovers = [listedFailover('9:9:1')];
    const gateway = await startViewGateway([cluster.upstream]);
    const representation = { __typename: 'ViewFailover', id: built['ViewFailover'] };
    const { data, errors } = await gateway.execute(bare, { representations: [representation] });
    expect([data, errors]).toEqual([{ _entities: [representation] }, []]);
    expect(cluster.seen).toHaveLength(1);
  });
});

describe('fifty references of all sorts', () => {
  it('cost what the loaders say: one call a run, a job, both sources, and one for each copy job', async () => {
    const { execute, cohesity, aws } = await startProducts(large);
    const of = (__typename: string, ...ids: readonly string[]) => ids.map((id) => ({ __typename, id }));
    const taskIds = tasks.map((id) => `CopySnapshotTask:${copyRun}:${id}`);
    const jobIds = jobs.map((id) => `CopyJob:aws-prod:${id}`);
    const representations = [
      ...of('CopySnapshotTask', ...taskIds.slice(0, 12)),
      ...of('CopyOperation', ...taskIds.slice(12)),
      ...of('CopyRun', `CopyRun:${copyRun}`),
      ...of('CopyOperation', `CopyRun:${copyRun}`),
      ...of('ProtectionShell', `ProtectionShell:dc-east:7:${start}`),
      ...of('CopyJob', ...jobIds.slice(0, 8)),
      ...of('CopyOperation', ...jobIds.slice(4)), // half of them once more
      ...of('ProtectionJob', 'ProtectionJob:dc-east:7'),
      ...of('ProtectedObject', 'ProtectedObject:dc-east:1000', 'ProtectedObject:dc-east:1001'),
      ...of('ProtectedObject', `ProtectedObject:aws-prod:${encodeURIComponent(arn)}`),
      ...of('Upstream', 'Upstream:dc-east', 'Upstream:aws-prod', 'Upstream:dc-east'),
    ];
    expect(representations).toHaveLength(50);
    const { data, errors } = await execute(bare, { representations });
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(representations.map(({ id }) => ({ __typename: id.split(':')[0], id })));
    expect([...cohesity.requests()].sort()).toEqual([
      `GET /irisservices/api/v1/public/protectionJobs?ids=7&allUnderHierarchy=true`,
      `GET /irisservices/api/v1/public/protectionRuns?jobId=7&startedTimeUsecs=${start}`,
      `GET /irisservices/api/v1/public/protectionSources/objects?objectIds=1000%2C1001`,
    ]);
    expect([...aws.requests()].sort()).toEqual(
      [
        `GET /copy-jobs?maxResults=1&resourceArn=${encodeURIComponent(arn)}`,
        ...jobs.map((id) => `GET /copy-jobs/${id}`),
      ].sort(),
    );
  });

  it('leave alone what only one of them cannot have: each has its own path and code', async () => {
    const { cohesity, aws } = await startProducts(large);
    const gateway = closing(
      await startGateway({
        upstreams: [cohesityAt(cohesity), awsBackupAt(aws), { ...awsBackupAt(aws), id: 'aws-lab' }],
        auth: { apiKeys: [apiKey('router', ['copy:read'], ['dc-east', 'aws-prod'])] },
      }),
    );
    const good = { __typename: 'CopyOperation', id: 'CopyJob:aws-prod:J1' };
    const bad = [
      [{ __typename: 'CopyJob', id: 'CopyJob:aws-prod:a%00b' }, 'BAD_USER_INPUT'], // malformed
      [{ __typename: 'CopyOperation', id: 'Q29weUpvYg==' }, 'BAD_USER_INPUT'], // of another gateway
      [{ __typename: 'CopyRun', id: 'CopyJob:aws-prod:J1' }, 'BAD_USER_INPUT'], // mislabelled
      [{ __typename: 'CopyOperation', id: 'Upstream:dc-east' }, 'BAD_USER_INPUT'], // no copy
      [{ __typename: 'Activity', id: 'CopyJob:aws-prod:J1' }, 'BAD_USER_INPUT'], // an interface without a key
      [{ __typename: 'ProtectionSource', id: 'CopyJob:aws-prod:J1' }, 'BAD_USER_INPUT'], // mislabelled
      [{ __typename: 'Moon', id: 'CopyJob:aws-prod:J1' }, 'BAD_USER_INPUT'], // no such type
      [{ __typename: 'CopyJob', id: 'CopyJob:elsewhere:J1' }, 'BAD_USER_INPUT'], // an upstream that nobody has
      [{ __typename: 'CopyJob', id: 'CopyJob:aws-lab:J1' }, 'FORBIDDEN'], // another's upstream
      [{ __typename: 'CopyOperation', id: 'CopyJob:aws-lab:J1' }, 'FORBIDDEN'],
      [{ __typename: 'Upstream', id: 'Upstream:aws-lab' }, 'FORBIDDEN'],
      [{ __typename: 'CopyJob' }, 'BAD_USER_INPUT'], // no key
      [{ __typename: 'CopyJob', id: 7 }, 'BAD_USER_INPUT'],
      [{ id: 'CopyJob:aws-prod:J1' }, 'BAD_USER_INPUT'],
    ] as const;
    // An answer reports at most five errors.
    for (let from = 0; from < bad.length; from += 4) {
      const some = bad.slice(from, from + 4);
      const before = aws.seen.length;
      const representations = some.flatMap(([representation]) => [representation, good]);
      const { data, errors } = await gateway.execute(bare, { representations }, bearer('router'));
      expect(data._entities).toEqual(some.flatMap(() => [null, { __typename: 'CopyJob', id: good.id }]));
      expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual(
        some.map(([, code], index) => [['_entities', 2 * index], code]),
      );
      expect(aws.requests().slice(before)).toEqual(['GET /copy-jobs/J1']);
    }
  });
});
