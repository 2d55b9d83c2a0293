import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, NOW } from '../support/estates.js';
import { type Products, startProducts } from '../support/products.js';
import { cluster, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const MINUTE = HOUR / 60;
const TODAY = NOW + 20 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

const began = TODAY - 10 * MINUTE;
const runKey = `dc-east:7:${began}`;
const copyRunId = `CopyRun:${runKey}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`;
const arn = 'arn:aws:ec2:us-east-1:111122223333:instance/i-1';

/** The records are all new, so that no answer stays valid for more than seconds. */
const start = (): Promise<Products> =>
  startProducts({
    cache: {},
    runs: [
      wireRunOf(7, began, {
        copyRun: [
          wireCopyRun(501, {
            runStartTimeUsecs: began,
            copySnapshotTasks: [wireTask(wireSource(1), { taskStartTimeUsecs: began })],
          }),
        ],
      }),
    ],
    jobs: [{ id: 7, name: 'VM Gold', isActive: true, sourceIds: [1] }],
    sources: [wireSource(1)],
    copyJobs: [
      wireCopyJob('P', { IsParent: true, State: 'RUNNING', CreationDate: began / 1e6, ResourceArn: arn }),
      wireCopyJob('C', { ParentJobId: 'P', State: 'RUNNING', CreationDate: began / 1e6, ResourceArn: arn }),
    ],
    resources: [{ ResourceArn: arn }],
  });

/** How many calls a query takes. */
const cost = async (products: Products, query: string): Promise<number> => {
  const calls = () => products.cohesity.seen.length + products.aws.seen.length;
  const before = calls();
  const { errors } = await products.execute(query);
  expect(errors).toEqual([]);
  return calls() - before;
};

/** Every field that takes it, with a place for it, and how many calls it makes. */
const fields = [
  ['copyRun', `copyRun(id: "${copyRunId}" MAX) { id }`, 1],
  ['copyJob', 'copyJob(copyJobId: "P" MAX) { id }', 1],
  ['copyOperations', 'copyOperations(first: 5 MAX) { nodes { id } }', 2],
  ['copyRuns', 'copyRuns(first: 5 MAX) { nodes { id } }', 1],
  ['copySnapshotTasks', 'copySnapshotTasks(first: 5 MAX) { nodes { id } }', 1],
  ['protectionShells', 'protectionShells(first: 5 MAX) { nodes { id } }', 1],
  ['copyJobs', 'copyJobs(first: 5 MAX) { nodes { id } }', 1],
  ['protectionJobs', 'protectionJobs(first: 5 MAX) { nodes { id } }', 1],
  ['copySummary', 'copySummary(groupBy: [STATE] MAX) { total { count } }', 2],
  ['protectedObjects', 'protectedObjects(first: 5 MAX) { nodes { id } }', 5], // AWS: a list of a day, one of the days before
] as const;

const queryOf = (field: string, maxAge?: number): string =>
  `{ ${field.replace(' MAX', maxAge === undefined ? '' : `, maxAge: ${maxAge}`)} }`;

describe('maxAge', () => {
  it.each(fields)('of %s asks the upstream at 0, and takes older answers at more', async (_name, field, calls) => {
    const query = (maxAge?: number) => queryOf(field, maxAge);
    const products = await start();
    const first = await cost(products, query());
    expect(first).toBeGreaterThanOrEqual(calls);
    expect(await cost(products, query())).toBe(0);
    expect(await cost(products, query(0))).toBe(first);
    pass(30 * MINUTE);
    expect(await cost(products, query(3600))).toBe(0);
    expect(await cost(products, query(1799))).toBeGreaterThan(0);
    pass(6_000_000);
    expect(await cost(products, query())).toBeGreaterThan(0);
  });

  it('must not be negative, wherever it is', async () => {
    const products = await start();
    for (const [name, field] of fields) {
      const { errors } = await products.execute(queryOf(field, -1));
      const [{ code, argument } = { code: null, argument: null }] = errors.map(({ extensions }) => extensions);
      expect([name, code, argument]).toEqual([name, 'BAD_USER_INPUT', 'maxAge']);
    }
    expect(products.cohesity.seen.length + products.aws.seen.length).toBe(0);
  });
});

describe('what hangs on a record that was asked for with maxAge: 0', () => {
  it.each([
    ['copyRuns', 'copySnapshotTasks { nodes { id source { name } } } protectionJob { name }'],
    ['copyRuns', 'protectionJob { name }'],
    ['copySnapshotTasks', 'copyRun { state copySnapshotTasks { totalCount } }'],
    ['protectionShells', 'protectionJob { name }'],
    ['copyJobs', 'parent { state parent { id } } children { nodes { id parent { id } } }'],
    ['copyOperations', '... on CopyRun { protectionJob { name } } ... on CopyJob { parent { id } }'],
  ])('of %s costs no more than without it', async (list, selection) => {
    const plain = await start();
    const query = (args: string) => `{ ${list}(first: 10${args}) { nodes { ... on Node { id } ${selection} } } }`;
    const calls = await cost(plain, query(''));
    expect(await cost(await start(), query(', maxAge: 0'))).toBe(calls);
    // Asked again, only the list itself is.
    expect(await cost(plain, query(', maxAge: 0'))).toBeLessThanOrEqual(2);
  });

  it('shows the same state as the record in the list', async () => {
    const products = await start();
    await cost(products, '{ copyJobs { nodes { id } } }');
    const { data } = await products.execute(
      '{ copyJobs(maxAge: 0) { nodes { state observedAt parent { state observedAt } } } }',
    );
    const [{ observedAt }] = data.copyJobs.nodes;
    const parents = data.copyJobs.nodes.map(({ parent }: { readonly parent: object | null }) => parent);
    expect(parents).toContainEqual({ state: 'RUNNING', observedAt });
  });
});
