import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import {
  after,
  beyond,
  cluster,
  copyRunKey,
  runKey,
  start,
  wireCopyRun,
  wireRun,
  wireSource,
  wireTask,
} from '../support/wire.js';

const whole = wireCopyRun(501, {
  status: 'kWarning',
  error: 'one object was skipped',
  userActionMessage: 'Load tape B00421L8 into the library.',
  runStartTimeUsecs: after(0.000001),
  expiryTimeUsecs: after(86_400),
  stats: {
    startTimeUsecs: after(60),
    endTimeUsecs: after(120.000_5),
    isIncremental: true,
    logicalSizeBytes: beyond,
    logicalBytesTransferred: 4_503_599_627_370_496,
    logicalTransferRateBps: 1_000_000_000_001,
    physicalBytesTransferred: 123_456_789_012,
  },
  dataLockConstraints: { expiryTimeUsecs: after(604_800), wormRetentionType: 'kCompliance' },
  holdForLegalPurpose: false,
  legalHoldings: [
    { protectionSourceId: 1049, holdForLegalPurpose: true },
    { protectionSourceId: 404, holdForLegalPurpose: false },
  ],
  copySnapshotTasks: [wireTask(wireSource(1049)), wireTask(wireSource(1050), { status: 'kFailure' })],
});

const job = { id: 7, name: 'VM Gold', environment: 'kVMware' };

const fields = `
  id state upstreamState finished error failureCategory startedAt endedAt upstream { id name kind }
  name target { kind name } offsite sizeBytes transferredBytes progress expiresAt
  taskUid { clusterId clusterIncarnationId localId }
  dataLockConstraints { expiresAt wormRetentionType }
  holdForLegalPurpose
  legalHoldings { protectionSourceId holdForLegalPurpose protectionSource { id sourceId name environment parentId details } }
  userActionMessage
  stats { startedAt endedAt isIncremental logicalSizeBytes logicalBytesTransferred logicalTransferRateBps physicalBytesTransferred }
  copySnapshotTasks { totalCount nodes { id state } edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage } upstreamReports { ok complete upstream { name } } }
  protectionJob { id jobId name environment }
  protectionShell { id state jobRunId }
`;

describe('CopyRun', () => {
  it('shows every field that Cohesity sends', async () => {
    const products = await startProducts({
      runs: [wireRun({ copyRun: [whole] })],
      jobs: [job],
      sources: [wireSource(1049)],
    });
    const { node, errors } = await readNode(products, `CopyRun:${copyRunKey}`, `${fields} observedAt`);
    expect(errors).toEqual([]);
    const { copySnapshotTasks, observedAt, ...rest } = node;
    expect(observedAt).toMatch(/^20\d\d-\d\d-\d\dT.*Z$/);
    expect(rest).toEqual({
      id: `CopyRun:${copyRunKey}`,
      state: 'WARNING',
      upstreamState: 'kWarning',
      finished: true,
      error: 'one object was skipped',
      failureCategory: 'MEDIA',
      startedAt: '2024-05-01T02:00:00.123457Z',
      endedAt: '2024-05-01T02:02:00.123956Z',
      upstream: { id: 'Upstream:dc-east', name: 'dc-east', kind: 'COHESITY' },
      name: 'VM Gold',
      target: { kind: 'REMOTE', name: 'dr-west' },
      offsite: true,
      sizeBytes: '9007199254740993',
      transferredBytes: '4503599627370496',
      progress: expect.closeTo(0.5, 5),
      expiresAt: '2024-05-02T02:00:00.123456Z',
      taskUid: { clusterId: '8621173906188849', clusterIncarnationId: '1538852526333', localId: '501' },
      dataLockConstraints: { expiresAt: '2024-05-08T02:00:00.123456Z', wormRetentionType: 'COMPLIANCE' },
      holdForLegalPurpose: false,
      legalHoldings: [
        {
          protectionSourceId: '1049',
          holdForLegalPurpose: true,
          protectionSource: {
            id: 'ProtectionSource:dc-east:1049',
            sourceId: '1049',
            name: 'vm-1049',
            environment: 'kVMware',
            parentId: '2',
            details: { type: 'kVirtualMachine' },
          },
        },
        { protectionSourceId: '404', holdForLegalPurpose: false, protectionSource: null },
      ],
      userActionMessage: 'Load tape B00421L8 into the library.',
      stats: {
        startedAt: '2024-05-01T02:01:00.123456Z',
        endedAt: '2024-05-01T02:02:00.123956Z',
        isIncremental: true,
        logicalSizeBytes: '9007199254740993',
        logicalBytesTransferred: '4503599627370496',
        logicalTransferRateBps: '1000000000001',
        physicalBytesTransferred: '123456789012',
      },
      protectionJob: { id: 'ProtectionJob:dc-east:7', jobId: '7', name: 'VM Gold', environment: 'kVMware' },
      protectionShell: { id: `ProtectionShell:${runKey}`, state: 'SUCCEEDED', jobRunId: '4711' },
    });
    expect(copySnapshotTasks).toEqual({
      totalCount: 2,
      nodes: [
        { id: `CopySnapshotTask:${copyRunKey}:1049`, state: 'SUCCEEDED' },
        { id: `CopySnapshotTask:${copyRunKey}:1050`, state: 'FAILED' },
      ],
      edges: [
        { cursor: expect.stringMatching(/^[\w-]+$/), node: { name: 'vm-1049' } },
        { cursor: expect.stringMatching(/^[\w-]+$/), node: { name: 'vm-1050' } },
      ],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      upstreamReports: [{ ok: true, complete: true, upstream: { name: 'dc-east' } }],
    });
  });

  it('is the same by copyRun(id) and in the list', async () => {
    const recent = Date.now() * 1000 - 3_600_000_000;
    const products = await startProducts({
      runs: [
        wireRun({
          backupRun: { stats: { startTimeUsecs: recent } },
          copyRun: [{ ...whole, runStartTimeUsecs: recent }],
        }),
      ],
      jobs: [job],
      sources: [wireSource(1049)],
    });
    const listed = await products.execute(`{ copyRuns { nodes { ${fields} } } }`);
    expect(listed.errors).toEqual([]);
    const [first] = listed.data.copyRuns.nodes;
    const single = await products.execute(`query ($id: ID!) { copyRun(id: $id) { ${fields} } }`, { id: first.id });
    expect(single.errors).toEqual([]);
    expect(single.data.copyRun).toEqual(first);
  });

  it('pages its tasks in the order in which Cohesity sent them', async () => {
    const tasks = [30, 10, 20].map((id) => wireTask(wireSource(id)));
    const products = await startProducts({
      runs: [wireRun({ copyRun: [wireCopyRun(501, { copySnapshotTasks: tasks })] })],
    });
    const page = (args: string) =>
      readNode(
        products,
        `CopyRun:${copyRunKey}`,
        `copySnapshotTasks(${args}) { nodes { name } pageInfo { hasNextPage endCursor } }`,
      );
    const first = (await page('first: 2')).node.copySnapshotTasks;
    expect(first.nodes).toEqual([{ name: 'vm-30' }, { name: 'vm-10' }]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = (await page(`first: 2, after: "${first.pageInfo.endCursor}"`)).node.copySnapshotTasks;
    expect(second).toMatchObject({ nodes: [{ name: 'vm-20' }], pageInfo: { hasNextPage: false } });
    const last = (await page('last: 1')).node.copySnapshotTasks;
    expect(last.nodes).toEqual([{ name: 'vm-20' }]);
  });

  it('knows every kind of data lock, and one that comes later', async () => {
    const words = ['kNone', 'kCompliance', 'kAdministrative', 'kEternal', null];
    const copies = words.map((wormRetentionType, index) =>
      wireCopyRun(index, { dataLockConstraints: { wormRetentionType } }),
    );
    const products = await startProducts({ runs: [wireRun({ copyRun: copies })] });
    const { node } = await readNode(
      products,
      `ProtectionShell:${runKey}`,
      'copyRuns { nodes { dataLockConstraints { expiresAt wormRetentionType } } }',
    );
    expect(node.copyRuns.nodes).toEqual(
      ['NONE', 'COMPLIANCE', 'ADMINISTRATIVE', 'UNKNOWN', null].map((wormRetentionType) => ({
        dataLockConstraints: { expiresAt: null, wormRetentionType },
      })),
    );
  });

  it('takes its run’s start and job’s number where it has no own start and no name came', async () => {
    const bare = { taskUid: { ...cluster, id: 501 } };
    const products = await startProducts({ runs: [wireRun({ jobName: null, copyRun: [bare] })] });
    const { node } = await readNode(products, `CopyRun:${copyRunKey}`, 'startedAt endedAt name');
    expect(node).toEqual({ startedAt: '2024-05-01T02:00:00.123456Z', endedAt: null, name: '7' });
  });

  it('answers with nulls and empty lists where Cohesity sends nothing, or null', async () => {
    const nothing = wireCopyRun(501, {
      status: null,
      target: null,
      stats: null,
      copySnapshotTasks: null,
      dataLockConstraints: null,
      holdForLegalPurpose: null,
      legalHoldings: null,
      error: null,
      userActionMessage: null,
      expiryTimeUsecs: null,
    });
    const products = await startProducts({
      runs: [wireRun({ copyRun: [nothing, { taskUid: { ...cluster, id: 502 } }] })],
    });
    const empty = {
      state: 'UNKNOWN',
      upstreamState: null,
      finished: false,
      error: null,
      failureCategory: null,
      endedAt: null,
      target: null,
      sizeBytes: null,
      transferredBytes: null,
      progress: null,
      expiresAt: null,
      dataLockConstraints: null,
      holdForLegalPurpose: null,
      legalHoldings: [],
      userActionMessage: null,
      stats: null,
      protectionJob: null,
      copySnapshotTasks: { totalCount: 0, nodes: [] },
    };
    for (const task of ['501', '502']) {
      const { node, errors } = await readNode(products, `CopyRun:${copyRunKey.replace(/501$/, task)}`, fields);
      expect(errors).toEqual([]);
      expect(node).toMatchObject(empty);
    }
  });

  it('does not mind null elements, nor members that nobody described', async () => {
    const odd = wireCopyRun(501, {
      legalHoldings: [null, { protectionSourceId: null, holdForLegalPurpose: null, extra: 1 }],
      copySnapshotTasks: [null, wireTask(wireSource(1), { futureMember: [{}] })],
      stats: { endTimeUsecs: null, newNumber: beyond },
      replicaInfo: { anything: true },
    });
    const products = await startProducts({ runs: [wireRun({ copyRun: [null, odd], later: 'x' })] });
    const { node, errors } = await readNode(products, `CopyRun:${copyRunKey}`, fields);
    expect(errors).toEqual([]);
    expect(node).toMatchObject({
      legalHoldings: [{ protectionSourceId: null, holdForLegalPurpose: null, protectionSource: null }],
      stats: { startedAt: null, endedAt: null, isIncremental: null, logicalSizeBytes: null },
      copySnapshotTasks: { nodes: [{ id: `CopySnapshotTask:${copyRunKey}:1` }] },
    });
  });

  it('is null where the cluster has it no more', async () => {
    const products = await startProducts({ runs: [wireRun()] });
    for (const id of [`CopyRun:dc-east:7:${start + 1}:kUnknown.0`, `CopyRun:${copyRunKey}9`]) {
      const { data, errors } = await products.execute(`query ($id: ID!) { copyRun(id: $id) { id } }`, { id });
      expect([data.copyRun, errors]).toEqual([null, []]);
    }
  });

  it('leaves out a run without a job, and says that something is missing', async () => {
    const recent = Date.now() * 1000 - 3_600_000_000;
    const at = { stats: { startTimeUsecs: recent } };
    const copyRun = [wireCopyRun(501, { runStartTimeUsecs: recent })];
    const products = await startProducts({
      runs: [wireRun({ jobId: null, backupRun: at, copyRun }), wireRun({ backupRun: at, copyRun })],
    });
    const { data, errors } = await products.execute(
      '{ copyRuns { totalCount nodes { protectionShell { id } } upstreamReports { ok complete error { code } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.copyRuns).toEqual({
      totalCount: null,
      nodes: [{ protectionShell: { id: `ProtectionShell:dc-east:7:${recent}` } }],
      upstreamReports: [{ ok: true, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }],
    });
  });
});
