import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { serve } from '../support/served.js';
import { costOf } from '../support/cost.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const task = (sourceId: number) => ({ sourceId, status: 'kSuccess', startedAt: NOW - HOUR });

const estate = () =>
  serve({
    clusters: {
      'dc-east': [
        runOf(1, NOW - HOUR, {
          copies: [
            copyOf(11, { target: 'kLocal', tasks: [task(21)] }),
            copyOf(12, { status: 'kFailure', error: 'no space left', tasks: [task(22), task(23)], sizeBytes: 40 }),
          ],
        }),
        runOf(2, NOW - 2 * HOUR, { copies: [copyOf(13, { target: 'kArchival', tasks: [task(22)] })] }),
      ],
    },
    endpoints: {
      'aws-prod': [
        jobOf('parent', NOW - 3 * HOUR, { isParent: true, sizeBytes: 10 }),
        jobOf('child', NOW - 3 * HOUR, { parentId: 'parent', sizeBytes: 10 }),
        jobOf('alone', NOW - 4 * HOUR, { resourceType: 'EBS', accountId: '444455556666', state: 'FAILED' }),
      ],
    },
  });

/** The last part of each id that a list finds. */
const find = async (filter: string, list = 'copyOperations') => {
  const served = await estate();
  const { data, errors } = await served.execute(`{ list: ${list}(filter: { ${filter} }) { nodes { __typename id } } }`);
  expect(errors).toEqual([]);
  return data.list.nodes.map(({ id }: { id: string }) => id.split(':').at(-1));
};

describe('a filter', () => {
  it.each([
    ['', ['11', '12', '13', 'child', 'parent', 'alone']],
    ['types: [COPY_RUN]', ['11', '12', '13']],
    ['types: [COPY_SNAPSHOT_TASK]', ['21', '22', '22', '23']],
    ['types: [COPY_JOB, COPY_SNAPSHOT_TASK]', ['21', '22', '22', '23', 'child', 'parent', 'alone']],
    ['objectName: "VM-22"', ['12', '13']], // the name of a task's source
    ['objectName: "job 2"', ['13']],
    ['objectName: "ebs-ALONE"', ['alone']],
    ['objectName: ""', ['11', '12', '13', 'child', 'parent', 'alone']],
    ['types: [COPY_SNAPSHOT_TASK], objectName: "vm-23"', ['23']],
    ['targetKinds: [LOCAL]', ['11']],
    ['targetKinds: [ARCHIVAL, VAULT]', ['13', 'child', 'parent', 'alone']],
    ['composite: LEAVES', ['11', '12', '13', 'child', 'alone']],
    ['composite: TOP_LEVEL, types: [COPY_JOB]', ['parent', 'alone']],
    ['states: [FAILED]', ['12', 'alone']],
    ['failureCategories: [CAPACITY]', ['12']],
    ['accountIds: ["444455556666"]', ['alone']],
    ['resourceTypes: ["EC2"]', ['child', 'parent']],
    ['upstreams: ["dc-east"], finished: true', ['11', '12', '13']],
    ['finished: false', ['child', 'parent']],
    ['protectionJobIds: ["ProtectionJob:dc-east:2"]', ['13']],
  ])('of { %s } finds %j', async (filter, ids) => {
    expect([...(await find(filter))].sort()).toEqual([...ids].sort());
  });

  it('narrows the lists of one kind in the same way', async () => {
    expect(await find('objectName: "vm-22"', 'copyRuns')).toEqual(['12', '13']);
    expect(await find('objectName: "vm-23"', 'copySnapshotTasks')).toEqual(['23']);
    expect(await find('composite: TOP_LEVEL', 'copyJobs')).toEqual(['parent', 'alone']);
    expect(await find('protectionJobIds: ["ProtectionJob:dc-east:1"]', 'protectionShells')).toEqual([
      String(NOW - HOUR),
    ]);
  });

  it.each([
    ['upstreams: ["dc-wast"]', 'filter.upstreams'],
    ['protectionJobIds: ["7"]', 'filter.protectionJobIds'],
    ['protectionJobIds: ["CopyJob:aws-prod:7"]', 'filter.protectionJobIds'],
  ])('of { %s } is refused by name', async (filter, argument) => {
    const served = await estate();
    const { data, errors } = await served.execute(`{ copyOperations(filter: { ${filter} }) { nodes { id } } }`);
    expect(data.copyOperations).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });
});

describe('copySummary', () => {
  it('counts leaves unless told otherwise, so that no byte counts twice', async () => {
    const served = await estate();
    const { data, errors } = await served.execute(`{
      leaves: copySummary { total { count sizeBytes transferredBytes } }
      all: copySummary(filter: { composite: ALL }) { total { count sizeBytes } groups { count } }
      none: copySummary(filter: { states: [MISSED] }) { total { count sizeBytes } groups { count } }
    }`);
    expect(errors).toEqual([]);
    expect(data.leaves.total).toEqual({ count: 5, sizeBytes: '50', transferredBytes: '20' });
    expect(data.all).toEqual({ total: { count: 6, sizeBytes: '60' }, groups: [] });
    expect(data.none).toEqual({ total: { count: 0, sizeBytes: null }, groups: [] });
    expect([served.calls('dc-east').length, served.calls('aws-prod').length]).toEqual([1, 1]);
  });

  it('splits by state, upstream, kind, day and category, in that order of days, upstreams and states', async () => {
    const served = await estate();
    const { data } = await served.execute(`{
      copySummary(groupBy: [STATE, UPSTREAM, TARGET_KIND, DAY, FAILURE_CATEGORY]) {
        groups { day upstream { name } state targetKind failureCategory count }
      }
    }`);
    const rows = data.copySummary.groups.map((group: Record<string, unknown> & { upstream: { name: string } }) =>
      [
        group['day'],
        group.upstream.name,
        group['state'],
        group['targetKind'],
        group['failureCategory'],
        group['count'],
      ].join(' '),
    );
    expect(rows).toEqual([
      '2024-05-07 aws-prod FAILED VAULT OTHER 1',
      '2024-05-08 aws-prod RUNNING VAULT  1',
      '2024-05-08 dc-east FAILED REMOTE CAPACITY 1',
      '2024-05-08 dc-east SUCCEEDED ARCHIVAL  1',
      '2024-05-08 dc-east SUCCEEDED LOCAL  1',
    ]);
  });
});

it('is no slower to look for thousands of words, in every list of a query', async () => {
  const created = { CreationDate: (NOW - HOUR) / 1e6, State: 'COMPLETED', MessageCategory: 'Success' };
  const jobs = Array.from({ length: 3000 }, (_, n) => ({ CopyJobId: `J${n}`, ...created }));
  const aws = closing(await startAwsBackup({ copyJobs: jobs }));
  const { execute } = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
  const lists = Array.from({ length: 15 }, (_, n) => `a${n}: copyJobs(filter: $filter) { totalCount }`).join(' ');
  const ask = async (words: readonly string[]): Promise<number> => {
    const variables = { filter: { messageCategories: words } };
    return costOf(async () => {
      const { data, errors } = await execute(`query ($filter: CopyJobFilter) { ${lists} }`, variables);
      expect([data.a14.totalCount, errors]).toEqual([words.includes('success') ? 3000 : 0, []]);
    });
  };
  await ask(['success', 'other']); // of two words AWS is asked for neither
  // A search through all words for each job would be 900 million comparisons.
  const [one, many] = [await ask(['b', 'c']), await ask(Array<string>(20_000).fill('a'))];
  expect(many / one).toBeLessThan(10);
});
