import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listCopyOperations } from '../../../src/aggregate/copy-operations.js';
import type { Asked, CopyListArguments, ListContext } from '../../../src/aggregate/lists.js';
import type { Connection } from '../../../src/domain/connection.js';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { type CopyOrder, copyOrderFields } from '../../../src/domain/copy-order.js';
import { micros } from '../../../src/domain/micros.js';
import { encodeCursor } from '../../../src/domain/page.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import { listCopyRuns } from '../../../src/schema/cohesity/run-lists.js';
import { contextOf, copyOf, jobOf, runOf } from '../../support/estate.js';
import {
  DAY,
  HOUR,
  NOW,
  type World,
  estates,
  expected,
  play,
  tightEstates,
  upstreamsOf,
} from '../../support/estates.js';
import { runs } from '../../support/runs.js';

type List = (context: ListContext, args: CopyListArguments, asked: Asked) => Promise<Connection<CopyOperation>>;

const lists = { copyOperations: listCopyOperations, copyRuns: listCopyRuns, copyJobs: listCopyJobs } as const;
type Name = keyof typeof lists;

const justPage: Asked = { page: true, totalCount: false, tasks: false, posture: false };
const filter = { startedAfter: micros(NOW - 7 * DAY) };

const read = (world: World, name: Name, args: CopyListArguments, now = NOW) => {
  const list: List = lists[name];
  return list(contextOf(upstreamsOf(world), now), { filter, ...args }, justPage);
};

/** The value that a record is sorted by, as plainly as can be; `null` where it is not known. */
const valueOf = (copy: CopyOperation, { field }: CopyOrder): number | null => {
  const { startedAt, endedAt, expiresAt, sizeBytes } = copy;
  if (field === 'STARTED_AT') return startedAt;
  if (field === 'ENDED_AT') return endedAt;
  if (field === 'EXPIRES_AT') return expiresAt;
  if (field === 'SIZE_BYTES') return sizeBytes === null ? null : Number(sizeBytes);
  return startedAt === null || endedAt === null || endedAt < startedAt ? null : endedAt - startedAt;
};

const sorted = (copies: readonly CopyOperation[], order: CopyOrder): readonly CopyOperation[] =>
  [...copies].sort((a, b) => {
    const [one, other] = [valueOf(a, order), valueOf(b, order)];
    if (one === other) return a.id < b.id ? -1 : 1;
    if (one === null || other === null) return one === null ? 1 : -1;
    return order.direction === 'ASC' ? one - other : other - one;
  });

const copiesOf = (world: World, name: Name, now = NOW): readonly CopyOperation[] =>
  expected(world, [name, filter], now).flatMap((one) => (one.__typename === 'ProtectionShell' ? [] : [one]));

const idsOf = (copies: readonly CopyOperation[]): readonly string[] => copies.map(({ id }) => id);

const names = fc.constantFrom<Name>('copyOperations', 'copyOperations', 'copyRuns', 'copyJobs');
const orders = fc.record({
  field: fc.constantFrom(...copyOrderFields),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
});
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });

/** Every page, one after the other. */
const walk = async (
  world: World,
  name: Name,
  orderBy: CopyOrder,
  pageSizes: readonly number[],
  { backward = false, between = () => undefined }: { backward?: boolean; between?: (pages: number) => void } = {},
) => {
  const records: CopyOperation[] = [];
  let cursor: string | null = null;
  for (let pages = 0; ; pages += 1) {
    const size = pageSizes[pages % pageSizes.length] ?? 1;
    const place = backward ? { last: size, before: cursor } : { first: size, after: cursor };
    const page: Connection<CopyOperation> = await read(world, name, { orderBy, ...place }, NOW + pages * HOUR);
    if (backward) records.unshift(...page.records);
    else records.push(...page.records);
    const end = backward ? page.records[0] : page.records.at(-1);
    if (!(backward ? page.hasPreviousPage : page.hasNextPage) || end === undefined) return records;
    cursor = encodeCursor(page.list, { position: page.order.positionOf(end), windowFrom: page.windowFrom });
    between(pages);
  }
};

describe('a list in any order', () => {
  it('is a plain sort of all that there is, in one page or many, from either end', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(estates, tightEstates),
        names,
        orders,
        sizes,
        fc.boolean(),
        async (estate, name, orderBy, pageSizes, backward) => {
          const world = play(estate);
          const all = idsOf(sorted(copiesOf(world, name), orderBy));
          expect(idsOf((await read(world, name, { orderBy, first: 500 })).records)).toEqual(all);
          expect(idsOf(await walk(world, name, orderBy, pageSizes, { backward }))).toEqual(all);
        },
      ),
      { numRuns: runs(60) },
    ));

  it('shows each record once that stays as it is, while others come and change', () =>
    fc.assert(
      fc.asyncProperty(estates, names, orders, sizes, fc.nat(50), async (estate, name, orderBy, pageSizes, odd) => {
        const world = play(estate);
        const before = new Map(copiesOf(world, name).map((one) => [one.id, valueOf(one, orderBy)]));
        const records = await walk(world, name, orderBy, pageSizes, {
          between: (pages) => {
            if (pages >= 20) return; // what comes behind the cursor each time would be a list without an end
            const at = NOW - ((pages * odd) % 150) * HOUR; // anywhere in the window
            for (const cluster of world.clusters) {
              const copies = [copyOf(1, { sizeBytes: odd, endedAt: at + odd * HOUR, expiresAt: NOW + odd * DAY })];
              cluster.records = [runOf(50 + pages, at, { copies }), ...cluster.records];
            }
            for (const endpoint of world.endpoints) {
              const ends = endpoint.records.map((job, place) =>
                place === pages % 7 ? { ...job, sizeBytes: odd, completedAt: NOW, state: 'COMPLETED' } : job,
              );
              endpoint.records = [...ends, jobOf(`new-${pages}`, at, { sizeBytes: odd })];
            }
          },
        });
        const after = new Map(copiesOf(world, name).map((one) => [one.id, valueOf(one, orderBy)]));
        const times = new Map<string, number>();
        for (const { id } of records) times.set(id, (times.get(id) ?? 0) + 1);
        for (const [id, value] of before) if (after.get(id) === value) expect([id, times.get(id)]).toEqual([id, 1]);
        for (const { id } of records) if (!before.has(id)) expect([id, times.get(id)]).toEqual([id, 1]);
      }),
      { numRuns: runs(40) },
    ));
});
