import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLagTrend } from '../../../src/aggregate/copy-lag-trend.js';
import type { Asked } from '../../../src/aggregate/lists.js';
import { listProtectedObjects } from '../../../src/aggregate/protected-objects.js';
import { micros } from '../../../src/domain/micros.js';
import { encodeCursor } from '../../../src/domain/page.js';
import type { ProtectedObjectOrder } from '../../../src/domain/protected-object-order.js';
import { contextOf, copyOf, runOf } from '../../support/estate.js';
import {
  DAY,
  HOUR,
  type Listed,
  NOW,
  type World,
  estates,
  expected,
  play,
  upstreamsOf,
} from '../../support/estates.js';
import { runs } from '../../support/runs.js';
import { isKeptAt, objectOf } from '../../support/sums.js';

type Copy = Exclude<Listed, { __typename: 'ProtectionShell' }>;

/** The copies of each object in the last week, by its id. */
const objectsOf = (world: World): ReadonlyMap<string, readonly Copy[]> => {
  const filter = { types: ['COPY_SNAPSHOT_TASK', 'COPY_JOB'], startedAfter: micros(NOW - 7 * DAY) };
  const copies = expected(world, ['copyOperations', filter]).filter((one) => one.__typename !== 'ProtectionShell');
  const byObject = new Map<string, Copy[]>();
  for (const copy of copies) {
    const id = objectOf(copy);
    if (id !== null) byObject.set(id, [...(byObject.get(id) ?? []), copy]);
  }
  return byObject;
};

const isGoodAt = (copy: Copy, at: number): boolean =>
  (copy.state === 'SUCCEEDED' || copy.state === 'WARNING') && isKeptAt(copy, at);
const isGoodOffsiteAt = (copy: Copy, at: number): boolean => isGoodAt(copy, at) && copy.offsite === true;
const dataAt = (copy: Copy): number | null =>
  copy.__typename === 'CopyJob' ? copy.startedAt : Number(copy.run.startTimeUsecs);

const newest = (copies: readonly Copy[]): number | null => {
  const times = copies.map(dataAt).filter((at) => at !== null);
  return times.length === 0 ? null : Math.max(...times);
};

const order = fc.record({
  field: fc.constantFrom('NAME' as const, 'OFFSITE_LAG' as const, 'COPIES' as const),
  direction: fc.constantFrom('ASC' as const, 'DESC' as const),
});

const posture: Asked = { page: true, totalCount: false, tasks: false, posture: true };

/** The value that an object is sorted by, as a number or a name that grows. */
const valueOf = (name: string, copies: readonly Copy[], field: ProtectedObjectOrder['field']) => {
  if (field === 'NAME') return name;
  if (field === 'COPIES') return copies.filter((copy) => isGoodAt(copy, NOW)).length;
  const at = newest(copies.filter((copy) => isGoodOffsiteAt(copy, NOW)));
  return at === null ? Number.POSITIVE_INFINITY : NOW - at;
};

/** All objects, page by page. */
const walk = async (world: World, orderBy: ProtectedObjectOrder, first: number, between: (page: number) => void) => {
  const found: { id: string; name: string }[] = [];
  for (let after: string | null = null, page = 0; ; page += 1) {
    const context = contextOf(upstreamsOf(world), NOW);
    const read = await listProtectedObjects(context, { orderBy, first, after }, posture);
    found.push(...read.records);
    const last = read.records.at(-1);
    if (!read.hasNextPage || last === undefined) return found;
    after = encodeCursor(read.list, { position: read.order.positionOf(last), windowFrom: read.windowFrom });
    between(page);
  }
};

const isInOrder = (values: readonly (string | number)[], { direction }: ProtectedObjectOrder): boolean =>
  values.every((value, at) => {
    const next = values[at + 1];
    return next === undefined || (direction === 'ASC' ? value <= next : value >= next);
  });

describe('objects of estates of any kind', () => {
  it('come in each order, once each, whatever the pages', () =>
    fc.assert(
      fc.asyncProperty(estates, order, fc.integer({ min: 1, max: 7 }), async (estate, orderBy, size) => {
        const world = play(estate);
        const objects = objectsOf(world);
        const found = await walk(world, orderBy, size, () => undefined);
        expect(found.map(({ id }) => id).sort()).toEqual([...objects.keys()].sort());
        const values = found.map(({ id, name }) => valueOf(name, objects.get(id) ?? [], orderBy.field));
        expect(isInOrder(values, orderBy)).toBe(true);
      }),
      { numRuns: runs(40) },
    ));

  it('that do not change come once each while others come', () =>
    fc.assert(
      fc.asyncProperty(estates, order, fc.integer({ min: 1, max: 4 }), async (estate, orderBy, size) => {
        const world = play(estate);
        const before = [...objectsOf(world).keys()];
        const found = await walk(world, orderBy, size, (page) => {
          if (page > 4) return; // or it would never end
          const tasks = [{ sourceId: 500 + page, startedAt: NOW - HOUR, status: 'kSuccess' }];
          for (const cluster of world.clusters)
            cluster.records = [runOf(9, NOW - HOUR - page, { copies: [copyOf(1, { tasks })] }), ...cluster.records];
        });
        const ids = found.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => before.includes(id)).sort()).toEqual(before.sort());
      }),
      { numRuns: runs(30) },
    ));
});

/** The lag of one object at a time, searched for among all its copies. */
const lagAt = (copies: readonly Copy[], at: number): number | null | undefined => {
  const starts = copies.map(({ startedAt }) => startedAt).filter((start) => start !== null);
  if (starts.length > 0 && Math.min(...starts) > at) return undefined;
  const there = copies.filter(
    (copy) => isGoodOffsiteAt(copy, at) && (copy.endedAt ?? copy.startedAt ?? Infinity) <= at,
  );
  const data = newest(there);
  return data === null ? null : Math.max(0, at - data);
};

/** The least that 95 of 100 do not pass. */
const ranked = (lags: readonly number[]): number | null =>
  lags.toSorted((a, b) => a - b).find((lag) => lags.filter((one) => one <= lag).length >= 0.95 * lags.length) ?? null;

const seconds = (lag: number | null): number | null => (lag === null ? null : Math.floor(lag / 1_000_000));

describe('the trend of the lag', () => {
  it('is what each object had at each point', () =>
    fc.assert(
      fc.asyncProperty(
        estates,
        fc.integer({ min: 0, max: 167 }),
        fc.option(fc.integer({ min: -10, max: 160 })),
        fc.constantFrom('HOUR' as const, 'DAY' as const),
        async (estate, hours, until, step) => {
          const world = play(estate);
          const from = NOW - hours * HOUR;
          const to = until === null ? null : micros(Math.max(from, NOW - until * HOUR));
          const args = { from: micros(from), to, step };
          const { points } = await readLagTrend(contextOf(upstreamsOf(world), NOW), args);
          const objects = [...objectsOf(world).values()];
          const reference = [];
          for (let at = from; at <= Math.min(to ?? NOW, NOW); at += step === 'DAY' ? DAY : HOUR) {
            const all = objects.map((copies) => lagAt(copies, at)).filter((lag) => lag !== undefined);
            const lags = all.filter((lag) => lag !== null);
            reference.push({
              at,
              objects: all.length,
              withoutOffsite: all.length - lags.length,
              p95LagSeconds: seconds(ranked(lags)),
              maxLagSeconds: seconds(lags.length === 0 ? null : Math.max(...lags)),
            });
          }
          expect(points).toEqual(reference);
        },
      ),
      { numRuns: runs(60) },
    ));
});
