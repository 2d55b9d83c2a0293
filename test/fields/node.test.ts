import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import {
  beyond,
  cluster,
  copyRunKey,
  runKey,
  wireCopyJob,
  wireCopyRun,
  wireRun,
  wireSource,
  wireTask,
} from '../support/wire.js';

const oddId = 'a:c dü&=';
const resourceArn = 'arn:aws:ec2:us-east-1:111122223333:volume/vol-1';

const estate = {
  runs: [
    wireRun({
      copyRun: [
        wireCopyRun(501, { copySnapshotTasks: [wireTask(wireSource(1049)), wireTask(null)] }),
        wireCopyRun(beyond, { target: { type: 'kLocal' } }),
        wireCopyRun(0, {
          taskUid: null,
          target: { type: 'kArchival' },
          copySnapshotTasks: [
            wireTask(wireSource(1049)),
            ...Array.from({ length: 17 }, () => wireTask({ name: 'nameless' })),
          ],
        }),
        wireCopyRun(0, { taskUid: { ...cluster, id: null }, target: { type: 'kArchival' } }),
        wireCopyRun(0, { taskUid: undefined, target: null }),
        wireCopyRun(0, { taskUid: null, target: { type: 'Moon base/7' }, copySnapshotTasks: [wireTask({})] }),
      ],
    }),
  ],
  jobs: [{ id: 7, name: 'VM Gold' }],
  sources: [wireSource(1049)],
  copyJobs: [wireCopyJob('J1', { ResourceArn: resourceArn }), wireCopyJob(oddId)],
};

const documented: readonly (readonly [what: string, id: string, type: string])[] = [
  ['a copy job', 'CopyJob:aws-prod:J1', 'CopyJob'],
  ['a copy job whose id must be encoded', 'CopyJob:aws-prod:a%3Ac%20d%C3%BC%26%3D', 'CopyJob'],
  ['a copy run', `CopyRun:${copyRunKey}`, 'CopyRun'],
  [
    'a copy run whose task id is beyond 2^53',
    `CopyRun:${runKey}:${cluster.clusterId}:${cluster.clusterIncarnationId}:${beyond}`,
    'CopyRun',
  ],
  ['a copy run without a task id, by kind and position', `CopyRun:${runKey}:kArchival.2`, 'CopyRun'],
  ['a copy run with part of a task id', `CopyRun:${runKey}:kArchival.3`, 'CopyRun'],
  ['a copy run without task id and target', `CopyRun:${runKey}:kUnknown.4`, 'CopyRun'],
  ['a copy run without task id, to a kind with an odd name', `CopyRun:${runKey}:Moon%20base%2F7.5`, 'CopyRun'],
  ['a task', `CopySnapshotTask:${copyRunKey}:1049`, 'CopySnapshotTask'],
  ['a task without a source, by position', `CopySnapshotTask:${copyRunKey}:%401`, 'CopySnapshotTask'],
  ['a task of a copy run without a task id', `CopySnapshotTask:${runKey}:kArchival.2:1049`, 'CopySnapshotTask'],
  ['a task without id in a copy run without id', `CopySnapshotTask:${runKey}:kArchival.2:%4017`, 'CopySnapshotTask'],
  ['a task to a kind with an odd name', `CopySnapshotTask:${runKey}:Moon%20base%2F7.5:%400`, 'CopySnapshotTask'],
  ['a run in brief', `ProtectionShell:${runKey}`, 'ProtectionShell'],
  ['a protection job', 'ProtectionJob:dc-east:7', 'ProtectionJob'],
  ['a source', 'ProtectionSource:dc-east:1049', 'ProtectionSource'],
  ['an object of Cohesity', 'ProtectedObject:dc-east:1049', 'ProtectedObject'],
  ['an object of AWS', `ProtectedObject:aws-prod:${encodeURIComponent(resourceArn)}`, 'ProtectedObject'],
  ['an upstream', 'Upstream:dc-east', 'Upstream'],
];

const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

describe('an id', () => {
  it.each(documented)('in its documented form finds %s', async (_what, id, type) => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute('query ($id: ID!) { node(id: $id) { __typename id } }', { id });
    expect([data, errors]).toEqual([{ node: { __typename: type, id } }, []]);
  });

  it('finds every type beside every other', async () => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute(query, { ids: documented.map(([, id]) => id) });
    expect(errors).toEqual([]);
    expect(data.nodes).toEqual(documented.map(([, id, __typename]) => ({ __typename, id })));
  });

  it('may be written with fewer percent signs than ours: it is the same record', async () => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute(query, {
      ids: [`CopySnapshotTask:${copyRunKey}:@1`, 'CopyJob:aws-prod:%4A1'],
    });
    expect(errors).toEqual([]);
    expect(data.nodes).toEqual([
      { __typename: 'CopySnapshotTask', id: `CopySnapshotTask:${copyRunKey}:%401` },
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1' },
    ]);
  });

  it('that would leave its place in a path is refused before anything is asked', async () => {
    const products = await startProducts(estate);
    const { errors } = await products.execute('query ($id: ID!) { node(id: $id) { id } }', {
      id: 'CopyJob:aws-prod:..%2F..%2Fbackup-vaults',
    });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(products.aws.requests()).toEqual([]);
  });

  it.each([
    ['a job that AWS does not have', 'CopyJob:aws-prod:GONE'],
    ['a copy of another run', `CopyRun:dc-east:7:1:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`],
    ['a copy that its run does not have', `${`CopyRun:${copyRunKey}`}0`],
    ['a position that is taken by a copy with a task id', `CopyRun:${runKey}:kRemote.0`],
    ['a position that is taken by another kind', `CopyRun:${runKey}:kRemote.2`],
    ['a position beyond the end', `CopyRun:${runKey}:kArchival.99`],
    ['a task that its copy does not have', `CopySnapshotTask:${copyRunKey}:1050`],
    ['a position beyond the last task', `CopySnapshotTask:${copyRunKey}:@99`],
    ['a run that is gone', 'ProtectionShell:dc-east:7:1'],
    ['a job that is gone', 'ProtectionJob:dc-east:8'],
    ['a source that is gone', 'ProtectionSource:dc-east:1'],
    ['an object that is gone', 'ProtectedObject:dc-east:1'],
    ['an object that AWS has no copy of', 'ProtectedObject:aws-prod:arn%3Aaws%3As3%3A%3A%3Anothing'],
    ['a copy job of an upstream that is a cluster', 'CopyJob:dc-east:J1'],
    ['a copy run of an upstream that is no cluster', `CopyRun:${copyRunKey.replace('dc-east', 'aws-prod')}`],
  ])('of %s is null, and no error', async (_what, id) => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect([data, errors]).toEqual([{ node: null }, []]);
  });
});

const malformed: readonly (readonly [what: string, id: string])[] = [
  ['nothing', ''],
  ['no id', 'hello'],
  ['a type that there is not', 'Moon:dc-east:7'],
  ['a member that every object has', 'constructor:dc-east:7'],
  ['no upstream', 'CopyJob'],
  ['an empty upstream', 'CopyJob::J1'],
  ['no key', 'CopyJob:aws-prod'],
  ['an empty key', 'CopyJob:aws-prod:'],
  ['too many parts', 'CopyJob:aws-prod:J1:J2'],
  ['a step up', 'CopyJob:aws-prod:..'],
  ['an encoded step up', 'CopyJob:aws-prod:%2E%2E'],
  ['a stray percent sign', 'CopyJob:aws-prod:100%'],
  ['a cut UTF-8 sequence', 'CopyJob:aws-prod:%C3'],
  ['a control character', 'CopyJob:aws-prod:a%00b'],
  ['a line break', 'CopyJob:aws-prod:a%0Db'],
  ['too few parts', 'CopyRun:dc-east:7'],
  ['letters where digits belong', `CopyRun:${copyRunKey.replace(':7:', ':seven:')}`],
  ['a negative time', 'ProtectionShell:dc-east:7:-'],
  ['base64, as other gateways have it', Buffer.from('CopyJob:aws-prod:J1').toString('base64')],
  ['an upstream that is not configured', 'CopyJob:elsewhere:J1'],
  ['an upstream in other letters', 'CopyJob:AWS-PROD:J1'],
  ['a long text', `CopyJob:aws-prod:${'x'.repeat(5000)}`],
  ['something that is not addressed at all', 'CopyStats:dc-east:7'],
  ['a target of a kind that there is not', 'CopyTarget:dc-east:MOON:7'],
  ['a target without a kind', 'CopyTarget:dc-east'],
  ['the cluster itself, with a key', 'CopyTarget:dc-east:LOCAL:7'],
];

describe('a malformed id', () => {
  it.each(malformed)('is null with an error of its own: %s', async (_what, id) => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute('query ($id: ID!) { node(id: $id) { id } }', { id });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ path: ['node'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
    expect([products.cohesity.seen.length, products.aws.seen.length]).toEqual([0, 0]);
  });

  it('costs itself and no other of nodes', async () => {
    const products = await startProducts(estate);
    const ids = [
      'CopyJob:aws-prod:J1',
      ...malformed.map(([, id]) => id),
      `CopyRun:${copyRunKey}`,
      'CopyJob:aws-prod:GONE',
    ];
    const { data, errors } = await products.execute(query, { ids });
    expect(data.nodes).toEqual([
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1' },
      ...malformed.map(() => null),
      { __typename: 'CopyRun', id: `CopyRun:${copyRunKey}` },
      null,
    ]);
    const told = malformed.slice(0, 5); // an answer reports no more errors
    expect(errors.map(({ path }) => path)).toEqual(told.map((_, index) => ['nodes', index + 1]));
    for (const { extensions, message } of errors) {
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'ids' });
      expect(message.length).toBeLessThan(400);
    }
  });

  it('is refused by copyRun when it is of another type', async () => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute('{ copyRun(id: "CopyJob:aws-prod:J1") { id } }');
    expect(data).toEqual({ copyRun: null });
    expect(errors).toMatchObject([{ path: ['copyRun'], extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
  });
});

describe('nodes', () => {
  it('lets one that cannot be read cost only itself', async () => {
    const products = await startProducts(estate);
    await products.cohesity.close();
    const { data, errors } = await products.execute(query, {
      ids: ['CopyJob:aws-prod:J1', 'ProtectionJob:dc-east:7', 'Upstream:dc-east'],
    });
    expect(data.nodes).toEqual([
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J1' },
      null,
      { __typename: 'Upstream', id: 'Upstream:dc-east' },
    ]);
    expect(errors).toMatchObject([
      { path: ['nodes', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'dc-east' } },
    ]);
  });

  it('takes as many ids as a page may hold, and no more', async () => {
    const products = await startProducts({ limits: { maxPageSize: 2 } });
    const refused = await products.execute(query, {
      ids: ['Upstream:dc-east', 'Upstream:aws-prod', 'Upstream:dc-east'],
    });
    expect(refused.data).toBeNull();
    expect(refused.errors).toMatchObject([
      { path: ['nodes'], extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } },
    ]);
    const taken = await products.execute(query, { ids: ['Upstream:dc-east', 'Upstream:aws-prod'] });
    expect(taken.errors).toEqual([]);
  });
});
