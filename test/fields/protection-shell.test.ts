import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import { after, copyRunKey, runKey, start, wireCopyRun, wireRun, wireRunOf } from '../support/wire.js';

const fields = `
  id jobRunId runType state upstreamState finished startedAt endedAt error failureCategory upstream { name }
  protectionJob { id name }
  copyRuns { totalCount nodes { id state target { kind } } }
`;

const told = {
  jobRunId: 4711,
  runType: 'kFull',
  status: 'kFailure',
  error: 'the guest agent did not answer in time: timed out',
  startTimeUsecs: start,
  endTimeUsecs: after(30),
};

const expected = {
  id: `ProtectionShell:${runKey}`,
  jobRunId: '4711',
  runType: 'FULL',
  state: 'FAILED',
  upstreamState: 'kFailure',
  finished: true,
  startedAt: '2024-05-01T02:00:00.123456Z',
  endedAt: '2024-05-01T02:00:30.123456Z',
  error: 'the guest agent did not answer in time: timed out',
  failureCategory: 'TARGET_UNREACHABLE',
  upstream: { name: 'dc-east' },
  protectionJob: { id: 'ProtectionJob:dc-east:7', name: 'VM Gold' },
  copyRuns: {
    totalCount: 2,
    nodes: [
      { id: `CopyRun:${copyRunKey.replace(/501$/, '500')}`, state: 'SUCCEEDED', target: { kind: 'LOCAL' } },
      { id: `CopyRun:${copyRunKey}`, state: 'SUCCEEDED', target: { kind: 'REMOTE' } },
    ],
  },
};

const copies = [wireCopyRun(500, { target: { type: 'kLocal' } }), wireCopyRun(501)];
const jobs = [{ id: 7, name: 'VM Gold' }];

describe('ProtectionShell', () => {
  it('shows all six facts as Cohesity tells them in brief', async () => {
    const { startTimeUsecs, ...shell } = told;
    const products = await startProducts({
      runs: [
        wireRun({
          backupRun: { stats: { startTimeUsecs } },
          protectionShellInfo: { ...shell, startTimeUsecs },
          copyRun: copies,
        }),
      ],
      jobs,
    });
    const { node, errors } = await readNode(products, `ProtectionShell:${runKey}`, fields);
    expect(errors).toEqual([]);
    expect(node).toEqual(expected);
  });

  it('reads the same six facts off the backup where the run came whole', async () => {
    const { jobRunId, runType, status, error, startTimeUsecs, endTimeUsecs } = told;
    const backupRun = { jobRunId, runType, status, error, stats: { startTimeUsecs, endTimeUsecs } };
    const products = await startProducts({ runs: [wireRun({ backupRun, copyRun: copies })], jobs });
    const { node, errors } = await readNode(products, `ProtectionShell:${runKey}`, fields);
    expect(errors).toEqual([]);
    expect(node).toEqual(expected);
  });

  it('knows every run type, and one that comes later', async () => {
    const words = ['kRegular', 'kFull', 'kLog', 'kSystem', 'kHydrateCDP', 'kStorageArraySnapshot', 'kNew', null];
    const recent = Date.now() * 1000 - 3_600_000_000;
    const runs = words.map((runType, index) =>
      wireRunOf(index + 1, recent - index, { backupRun: { runType, stats: { startTimeUsecs: recent - index } } }),
    );
    const products = await startProducts({ runs });
    const { data, errors } = await products.execute('{ protectionShells { nodes { runType } } }');
    expect(errors).toEqual([]);
    expect(data.protectionShells.nodes.map(({ runType }: { runType: unknown }) => runType)).toEqual([
      'REGULAR',
      'FULL',
      'LOG',
      'SYSTEM',
      'HYDRATE_CDP',
      'STORAGE_ARRAY_SNAPSHOT',
      'UNKNOWN',
      null,
    ]);
  });

  it('goes by the start of its first copy, and tells nothing else, where Cohesity left the backup out', async () => {
    const products = await startProducts({ runs: [wireRun({ jobName: null, backupRun: null })] });
    const { data, errors } = await products.execute(
      'query ($id: ID!) { copyRun(id: $id) { protectionShell { id } } }',
      {
        id: `CopyRun:${copyRunKey}`,
      },
    );
    expect([data.copyRun.protectionShell, errors]).toEqual([{ id: `ProtectionShell:${runKey}` }, []]);
    const { node } = await readNode(products, `ProtectionShell:${runKey}`, fields);
    expect(node).toMatchObject({
      jobRunId: null,
      runType: null,
      state: 'UNKNOWN',
      upstreamState: null,
      finished: false,
      startedAt: '2024-05-01T02:00:00.123456Z',
      endedAt: null,
      error: null,
      failureCategory: null,
      protectionJob: null,
    });
  });

  it('is null where the cluster has it no more', async () => {
    const products = await startProducts({ runs: [wireRun()] });
    const { node, errors } = await readNode(products, `ProtectionShell:dc-east:7:${start + 1}`, 'id');
    expect([node, errors]).toEqual([null, []]);
  });
});
