import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import { wireCopyJob, wireCopyRun, wireRunOf } from '../support/wire.js';

const HOUR = 3_600_000_000;
const now = Date.now() * 1000;

const runWith = (taskId: number, hours: number, logicalSizeBytes: number | bigint | null, lasts: number | null) => {
  const at = now - hours * HOUR;
  const stats = { logicalSizeBytes, endTimeUsecs: lasts === null ? null : at + lasts * HOUR };
  return wireRunOf(taskId, at, { copyRun: [wireCopyRun(taskId, { runStartTimeUsecs: at, stats })] });
};

const estate = {
  runs: [runWith(1, 1, 9_007_199_254_740_993n, null), runWith(2, 2, 9_007_199_254_740_992n, 1), runWith(3, 3, null, 2)],
  copyJobs: [
    wireCopyJob('J', {
      ...{ CreationDate: (now - 10 * HOUR) / 1e6, CompletionDate: (now - 2 * HOUR) / 1e6 },
      BackupSizeInBytes: 5,
    }),
  ],
};

const query = `query ($orderBy: CopyOrder, $after: String, $before: String) {
  copyOperations(first: 2, orderBy: $orderBy, after: $after, before: $before) {
    nodes { id } pageInfo { hasNextPage endCursor startCursor } upstreamReports { complete } } }`;

const start = async () => {
  const products = await startProducts(estate);
  const page = async (variables: Readonly<Record<string, unknown>>) => {
    const { data, errors } = await products.execute(query, variables);
    const { nodes = [], pageInfo = {} } = data?.copyOperations ?? {};
    return { errors, pageInfo, names: nodes.map(({ id }: { id: string }) => id.split(':').at(-1)) };
  };
  return { ...products, page };
};

describe('the order of a list', () => {
  it.each([
    ['STARTED_AT', 'DESC', ['1', '2', '3', 'J']],
    ['STARTED_AT', 'ASC', ['J', '3', '2', '1']],
    ['ENDED_AT', 'DESC', ['J', '2', '3', '1']],
    ['SIZE_BYTES', 'ASC', ['J', '2', '1', '3']],
    ['SIZE_BYTES', 'DESC', ['1', '2', 'J', '3']],
    ['DURATION', 'DESC', ['J', '3', '2', '1']],
    ['DURATION', 'ASC', ['2', '3', 'J', '1']],
  ])('is by %s, %s, page by page, one call a page for each upstream', async (field, direction, expected) => {
    const { page, cohesity, aws } = await start();
    const orderBy = { field, direction };
    const first = await page({ orderBy });
    const second = await page({ orderBy, after: first.pageInfo.endCursor });
    const ties = field === 'ENDED_AT' ? [...first.names, ...second.names].sort() : [...first.names, ...second.names];
    expect(ties).toEqual(field === 'ENDED_AT' ? [...expected].sort() : expected);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    expect([cohesity.seen.length, aws.seen.length]).toEqual([2, 2]);
  });

  it('has cursors of its own: one of another order is refused', async () => {
    const { page } = await start();
    const bySize = { field: 'SIZE_BYTES', direction: 'ASC' };
    const { pageInfo } = await page({ orderBy: bySize });
    const others = [undefined, { ...bySize, direction: 'DESC' }, { ...bySize, field: 'DURATION' }];
    for (const orderBy of others) {
      for (const place of ['after', 'before']) {
        const { errors } = await page({ orderBy, [place]: pageInfo.endCursor });
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: place } }]);
      }
    }
    const plain = await page({});
    const { errors } = await page({ orderBy: bySize, after: plain.pageInfo.endCursor });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
    const same = await page({ orderBy: { field: 'STARTED_AT', direction: 'DESC' }, after: plain.pageInfo.endCursor });
    expect(same.errors).toEqual([]); // the order of a list that names none
  });

  it.each([
    ['orderBy: { field: SIZE_BYTES, field: DURATION, direction: ASC }', 'orderBy.field'],
    ['orderBy: { field: COLOR, direction: ASC }', 'orderBy.field'],
    ['orderBy: { field: SIZE_BYTES, direction: UP }', 'orderBy.direction'],
    ['orderBy: { direction: ASC }', 'orderBy'],
    ['orderBy: { field: DURATION }', 'orderBy'],
    ['orderBy: { field: SIZE_BYTES, direction: ASC }, first: 501', 'first'],
  ])('is refused where it cannot be one, naming the argument: %s', async (args, argument) => {
    const { execute, cohesity } = await start();
    for (const list of ['copyOperations', 'copyRuns', 'copyJobs']) {
      const { errors } = await execute(`{ ${list}(${args}) { nodes { id } } }`);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    }
    expect(cohesity.seen).toEqual([]);
  });
});
