import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import {
  beyond,
  copyRunKey,
  runKey,
  wireCopyJob,
  wireCopyRun,
  wireRun,
  wireSource,
  wireTask,
} from '../support/wire.js';

const jobsWith = async (fields: string, jobs: readonly Record<string, unknown>[]) => {
  const copyJobs = jobs.map((job, index) => wireCopyJob(`J${index}`, job));
  const products = await startProducts({ copyJobs });
  const { data, errors } = await products.execute(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { ${fields} } } }`,
    {
      ids: copyJobs.map((_, index) => `CopyJob:aws-prod:J${index}`),
    },
  );
  expect(errors).toEqual([]);
  return data.nodes;
};

describe('the progress of a copy', () => {
  it.each<readonly [string, unknown, unknown, number | null]>([
    ['half done', 200, 100, 0.5],
    ['not begun', 200, 0, 0],
    ['done', 200, 200, 1],
    ['more than all, as vendors count', 200, 300, 1],
    ['sizes beyond 2^53', beyond * 4n, beyond, 0.25],
    ['nothing to copy', 0, 0, null],
    ['an unknown size', null, 100, null],
    ['an unknown part', 200, null, null],
  ])('is known only with both figures: %s', async (_what, logicalSizeBytes, logicalBytesTransferred, expected) => {
    const stats = { logicalSizeBytes, logicalBytesTransferred };
    const copyRun = [wireCopyRun(501, { stats, copySnapshotTasks: [wireTask(wireSource(1), { stats })] })];
    const products = await startProducts({ runs: [wireRun({ copyRun })] });
    const { node } = await readNode(
      products,
      `CopyRun:${copyRunKey}`,
      'progress sizeBytes transferredBytes copySnapshotTasks { nodes { progress } }',
    );
    expect(node).toEqual({
      progress: expected,
      sizeBytes: logicalSizeBytes === null ? null : String(logicalSizeBytes),
      transferredBytes: logicalBytesTransferred === null ? null : String(logicalBytesTransferred),
      copySnapshotTasks: { nodes: [{ progress: expected }] },
    });
  });

  it('is never invented for AWS, which tells none', async () => {
    const jobs = ['RUNNING', 'COMPLETED'].map((State) => ({ State, BackupSizeInBytes: 10 }));
    expect(await jobsWith('sizeBytes transferredBytes progress', jobs)).toEqual([
      { sizeBytes: '10', transferredBytes: null, progress: null },
      { sizeBytes: '10', transferredBytes: null, progress: null },
    ]);
  });
});

describe('the end of a copy’s life', () => {
  it('is not made up for a copy job of which no recovery point can be read', async () => {
    const lifecycle = (DeleteAfterDays: unknown) => ({ DestinationRecoveryPointLifecycle: { DeleteAfterDays } });
    const jobs = [lifecycle(35), lifecycle(0), lifecycle(-1), {}];
    expect(await jobsWith('expiresAt', jobs)).toEqual(jobs.map(() => ({ expiresAt: null })));
  });

  it('is the run’s own for a Cohesity copy, and for each of its tasks', async () => {
    const copyRun = [
      wireCopyRun(501, {
        expiryTimeUsecs: 1_000_001,
        copySnapshotTasks: [wireTask(wireSource(1), { expiryTimeUsecs: 5 })],
      }),
      wireCopyRun(502, { copySnapshotTasks: [wireTask(wireSource(1))] }),
    ];
    const products = await startProducts({ runs: [wireRun({ copyRun })] });
    const { node } = await readNode(
      products,
      `ProtectionShell:${runKey}`,
      'copyRuns { nodes { expiresAt copySnapshotTasks { nodes { expiresAt } } } }',
    );
    expect(node.copyRuns.nodes).toEqual(
      ['1970-01-01T00:00:01.000001Z', null].map((expiresAt) => ({
        expiresAt,
        copySnapshotTasks: { nodes: [{ expiresAt }] },
      })),
    );
  });
});

describe('the name of an AWS copy', () => {
  it('is the resource’s, else the last part of its ARN, else the job’s own id', async () => {
    const jobs = [
      { ResourceName: 'web-1' },
      { ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:volume/vol-050eba21ee4d3c001' },
      { ResourceArn: 'arn:aws:rds:us-east-1:111122223333:cluster:orders' },
      { ResourceArn: 'arn:aws:s3:::reports' },
      { ResourceArn: null },
    ];
    const nodes: readonly { readonly name: string }[] = await jobsWith('name', jobs);
    expect(nodes.map(({ name }) => name)).toEqual(['web-1', 'vol-050eba21ee4d3c001', 'orders', 'reports', 'J4']);
  });
});

describe('both vendors behind one interface', () => {
  it('answers the shared fields of every type through Activity and CopyOperation', async () => {
    const copyRun = [wireCopyRun(501, { copySnapshotTasks: [wireTask(wireSource(1))] })];
    const products = await startProducts({ runs: [wireRun({ copyRun })], copyJobs: [wireCopyJob('J1')] });
    const ids = [
      `CopyRun:${copyRunKey}`,
      `CopySnapshotTask:${copyRunKey}:1`,
      'CopyJob:aws-prod:J1',
      `ProtectionShell:${runKey}`,
    ];
    const { data, errors } = await products.execute(
      `query ($ids: [ID!]!) { nodes(ids: $ids) {
        __typename id
        ... on Activity { state finished upstream { name } }
        ... on CopyOperation { name target { kind } sizeBytes }
      } }`,
      { ids },
    );
    expect(errors).toEqual([]);
    const shared = { state: 'SUCCEEDED', finished: true };
    const east = { ...shared, upstream: { name: 'dc-east' } };
    expect(data.nodes).toEqual([
      { __typename: 'CopyRun', id: ids[0], ...east, name: 'VM Gold', target: { kind: 'REMOTE' }, sizeBytes: null },
      {
        __typename: 'CopySnapshotTask',
        id: ids[1],
        ...east,
        name: 'vm-1',
        target: { kind: 'REMOTE' },
        sizeBytes: null,
      },
      {
        __typename: 'CopyJob',
        id: ids[2],
        ...shared,
        upstream: { name: 'aws-prod' },
        name: 'i-0bc877aee7782ba75',
        target: { kind: 'VAULT' },
        sizeBytes: null,
      },
      { __typename: 'ProtectionShell', id: ids[3], ...east },
    ]);
  });
});
