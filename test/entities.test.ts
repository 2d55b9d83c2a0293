import { describe, expect, it } from 'vitest';
import { startProducts } from './support/products.js';
import { start, wireCopyRun, wireRunOf, wireSource, wireTask } from './support/wire.js';

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
