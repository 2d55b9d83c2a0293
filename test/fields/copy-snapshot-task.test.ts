import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import {
  after,
  beyond,
  cluster,
  copyRunKey,
  runKey,
  wireCopyRun,
  wireRun,
  wireSource,
  wireTask,
} from '../support/wire.js';

const runWith = (...tasks: readonly unknown[]) => [
  wireRun({ copyRun: [wireCopyRun(501, { expiryTimeUsecs: after(86_400), copySnapshotTasks: tasks })] }),
];

const fields = `
  id state upstreamState finished error failureCategory startedAt endedAt upstream { name }
  name target { kind name ... on RemoteClusterTarget { clusterId clusterName } } offsite
  sizeBytes transferredBytes progress expiresAt
  source { id sourceId name environment parentId details }
  stats { startedAt endedAt isIncremental logicalSizeBytes logicalBytesTransferred logicalTransferRateBps physicalBytesTransferred }
  copyRun { id name taskUid { localId } }
  protectedObject { id name resourceArn resourceType upstream { name } source { id sourceId name } }
`;

const whole = wireTask(
  wireSource(beyond, {
    name: 'sql-prod',
    environment: 'kSQL',
    parentId: beyond + 2n,
    vmWareProtectionSource: null,
    sqlProtectionSource: {
      id: beyond,
      ids: [1, beyond, { deep: beyond }],
      name: 'sql-prod',
      ratio: 0.25,
      isPrimary: true,
      owner: null,
    },
  }),
  {
    status: 'kFailure',
    error: 'Access denied',
    stats: {
      startTimeUsecs: after(61),
      endTimeUsecs: after(89),
      isIncremental: false,
      logicalSizeBytes: 200,
      logicalBytesTransferred: 50,
      logicalTransferRateBps: beyond,
      physicalBytesTransferred: 30,
    },
  },
);

describe('CopySnapshotTask', () => {
  it('shows every field that Cohesity sends', async () => {
    const products = await startProducts({ runs: runWith(whole) });
    const id = `CopySnapshotTask:${copyRunKey}:${beyond}`;
    const { node, errors } = await readNode(products, id, fields);
    expect(errors).toEqual([]);
    expect(node).toEqual({
      id,
      state: 'FAILED',
      upstreamState: 'kFailure',
      finished: true,
      error: 'Access denied',
      failureCategory: 'ACCESS',
      startedAt: '2024-05-01T02:01:00.123456Z',
      endedAt: '2024-05-01T02:01:30.123456Z',
      upstream: { name: 'dc-east' },
      name: 'sql-prod',
      target: { kind: 'REMOTE', name: 'dr-west', clusterId: '77', clusterName: 'dr-west' },
      offsite: true,
      sizeBytes: '200',
      transferredBytes: '50',
      progress: 0.25,
      expiresAt: '2024-05-02T02:00:00.123456Z',
      source: {
        id: `ProtectionSource:dc-east:${beyond}`,
        sourceId: '9007199254740993',
        name: 'sql-prod',
        environment: 'kSQL',
        parentId: '9007199254740995',
        details: {
          id: '9007199254740993',
          ids: [1, '9007199254740993', { deep: '9007199254740993' }],
          name: 'sql-prod',
          ratio: 0.25,
          isPrimary: true,
          owner: null,
        },
      },
      stats: {
        startedAt: '2024-05-01T02:01:01.123456Z',
        endedAt: '2024-05-01T02:01:29.123456Z',
        isIncremental: false,
        logicalSizeBytes: '200',
        logicalBytesTransferred: '50',
        logicalTransferRateBps: '9007199254740993',
        physicalBytesTransferred: '30',
      },
      copyRun: { id: `CopyRun:${copyRunKey}`, name: 'VM Gold', taskUid: { localId: '501' } },
      protectedObject: {
        id: `ProtectedObject:dc-east:${beyond}`,
        name: 'sql-prod',
        resourceArn: null,
        resourceType: null,
        upstream: { name: 'dc-east' },
        source: { id: `ProtectionSource:dc-east:${beyond}`, sourceId: '9007199254740993', name: 'sql-prod' },
      },
    });
  });

  it('is in the list of all tasks as it is under its run', async () => {
    const recent = Date.now() * 1000 - 3_600_000_000;
    const task = { ...whole, taskStartTimeUsecs: recent + 1 };
    const products = await startProducts({
      runs: [
        wireRun({
          backupRun: { stats: { startTimeUsecs: recent } },
          copyRun: [wireCopyRun(501, { copySnapshotTasks: [task] })],
        }),
      ],
    });
    const listed = await products.execute(`{ copySnapshotTasks { totalCount nodes { ${fields} } } }`);
    expect(listed.errors).toEqual([]);
    expect(listed.data.copySnapshotTasks.totalCount).toBe(1);
    const [first] = listed.data.copySnapshotTasks.nodes;
    expect((await readNode(products, first.id, fields)).node).toEqual(first);
  });

  it('is named after its source, else by the source’s number, else after its run', async () => {
    const products = await startProducts({
      runs: runWith(wireTask(wireSource(1)), wireTask(wireSource(2, { name: null })), wireTask({}), wireTask(null)),
    });
    const { node } = await readNode(products, `CopyRun:${copyRunKey}`, 'copySnapshotTasks { nodes { id name } }');
    expect(node.copySnapshotTasks.nodes).toEqual([
      { id: `CopySnapshotTask:${copyRunKey}:1`, name: 'vm-1' },
      { id: `CopySnapshotTask:${copyRunKey}:2`, name: '2' },
      { id: `CopySnapshotTask:${copyRunKey}:%402`, name: 'VM Gold' },
      { id: `CopySnapshotTask:${copyRunKey}:%403`, name: 'VM Gold' },
    ]);
  });

  it('answers with nulls where Cohesity sends nothing, or null', async () => {
    const nulls = {
      source: null,
      status: null,
      stats: null,
      taskStartTimeUsecs: null,
      taskEndTimeUsecs: null,
      error: null,
    };
    const products = await startProducts({
      runs: [wireRun({ copyRun: [{ taskUid: { ...cluster, id: 501 }, copySnapshotTasks: [nulls, {}] }] })],
    });
    for (const position of ['%400', '%401']) {
      const { node, errors } = await readNode(products, `CopySnapshotTask:${copyRunKey}:${position}`, fields);
      expect(errors).toEqual([]);
      expect(node).toMatchObject({
        state: 'UNKNOWN',
        upstreamState: null,
        finished: false,
        error: null,
        failureCategory: null,
        startedAt: null,
        endedAt: null,
        target: null,
        sizeBytes: null,
        transferredBytes: null,
        progress: null,
        expiresAt: null,
        source: null,
        stats: null,
        protectedObject: null,
        copyRun: { id: `CopyRun:${copyRunKey}` },
      });
    }
  });

  it('keeps what a source without an id does say', async () => {
    const source = { name: 'orphan', environment: 'kView', viewProtectionSource: { type: 'kView' }, extra: [1] };
    const products = await startProducts({ runs: runWith(wireTask(source)) });
    const { node } = await readNode(
      products,
      `CopySnapshotTask:${copyRunKey}:@0`,
      'name source { id sourceId name environment parentId details } protectedObject { id }',
    );
    expect(node).toEqual({
      name: 'orphan',
      source: {
        id: expect.stringMatching(/^ProtectionSource:dc-east:%40/),
        sourceId: null,
        name: 'orphan',
        environment: 'kView',
        parentId: null,
        details: { type: 'kView' },
      },
      protectedObject: null,
    });
    const again = await products.execute('query ($id: ID!) { node(id: $id) { id } }', { id: node.source.id });
    expect(again).toMatchObject({ data: { node: null }, errors: [] });
  });

  it.each([
    ['physicalProtectionSource', 'kPhysical', { hostType: 'kLinux' }],
    ['viewProtectionSource', 'kView', { viewBoxId: 5 }],
    ['futureCloudProtectionSource', 'kFutureCloud', [1, 'two']],
  ])('shows the part %s as details', async (member, environment, part) => {
    const source = { id: 5, name: 'x', environment, vmWareProtectionSource: null, [member]: part };
    const products = await startProducts({ runs: runWith(wireTask(source)) });
    const { node } = await readNode(products, `CopySnapshotTask:${copyRunKey}:5`, 'source { environment details }');
    expect(node.source).toEqual({ environment, details: part });
  });

  it('is null where its copy run is gone', async () => {
    const products = await startProducts({ runs: [wireRun()] });
    const { node, errors } = await readNode(products, `CopySnapshotTask:${runKey}:kArchival.2:17`, 'id');
    expect([node, errors]).toEqual([null, []]);
  });
});
