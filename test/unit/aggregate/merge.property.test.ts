import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CopyOperationFilter,
  listCopyOperations,
  summarizeCopies,
} from '../../../src/aggregate/copy-operations.js';
import { type Asked, type ListArguments, type ListContext } from '../../../src/aggregate/lists.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import { listCopyRuns, listCopySnapshotTasks, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import type { Connection } from '../../../src/domain/connection.js';
import { type GroupBy, groupings } from '../../../src/domain/copy-summary.js';
import { micros } from '../../../src/domain/micros.js';
import { encodeCursor } from '../../../src/domain/page.js';
import { contextOf, copyOf, jobOf, runOf } from '../../support/estate.js';
import {
  DAY,
  HOUR,
  type ListName,
  type Listed,
  type Shown,
  NOW,
  type Request,
  type World,
  crowdedEstates,
  estates,
  expected,
  goesPast,
  play,
  tightEstates,
  upstreamNames,
  upstreamsOf,
} from '../../support/estates.js';
import { runs } from '../../support/runs.js';

type Arguments = ListArguments & { readonly filter: CopyOperationFilter };
type List = (context: ListContext, args: Arguments, asked: Asked) => Promise<Connection<Shown>>;

const lists: Readonly<Record<ListName, List>> = {
  copyOperations: listCopyOperations,
  copyRuns: listCopyRuns,
  copySnapshotTasks: listCopySnapshotTasks,
  copyJobs: listCopyJobs,
  protectionShells: listProtectionShells,
};

const justPage: Asked = { page: true, totalCount: false, tasks: false, posture: false };

const read = (world: World, list: ListName, args: Arguments, asked = justPage, now = NOW) =>
  lists[list](contextOf(upstreamsOf(world), now), args, asked);

const cursorOf = ({ list, order, windowFrom }: Connection<Shown>, record: Shown): string =>
  encodeCursor(list, { position: order.positionOf(record), windowFrom });

const idsOf = (records: readonly Shown[]): readonly string[] => records.map(({ id }) => id);

const week = micros(NOW - 7 * DAY);

/** The default window, a week, and one that ends before now. */
const windows = fc.constantFrom<CopyOperationFilter>(
  {},
  { startedAfter: week },
  { startedAfter: week },
  { startedAfter: micros(NOW - 5 * DAY), startedBefore: micros(NOW - 30 * HOUR) },
);

const allTypes = ['COPY_RUN', 'COPY_SNAPSHOT_TASK', 'COPY_JOB'] as const;
const requests: fc.Arbitrary<Request> = fc.oneof(
  { weight: 3, arbitrary: windows.map((filter) => ['copyOperations', filter] as const) },
  { weight: 1, arbitrary: windows.map((filter) => ['copyOperations', { ...filter, types: allTypes }] as const) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom<ListName>('copyRuns', 'copySnapshotTasks', 'copyJobs', 'protectionShells'),
      windows,
    ),
  },
);

/** One page after the other, each of another size, to the end; tells what Relay's `pageInfo` said on the way. */
const walk = async (
  world: World,
  [list, filter]: Request,
  sizes: readonly number[],
  direction: 'forward' | 'backward',
  between: (pages: number) => void = () => undefined,
) => {
  const records: Shown[] = [];
  let cursor: string | null = null;
  for (let pages = 0; ; pages += 1) {
    const size = sizes[pages % sizes.length] ?? 1;
    const page: Connection<Shown> = await read(
      world,
      list,
      direction === 'forward' ? { filter, first: size, after: cursor } : { filter, last: size, before: cursor },
      justPage,
      NOW + pages * HOUR,
    );
    const [first, last] = [page.records[0], page.records.at(-1)];
    const [goesOn, cameFrom] =
      direction === 'forward' ? [page.hasNextPage, page.hasPreviousPage] : [page.hasPreviousPage, page.hasNextPage];
    expect(cameFrom).toBe(cursor !== null);
    expect(page.records.length).toBeLessThanOrEqual(size);
    if (goesOn) expect(page.records).toHaveLength(size);
    expect(page.upstreamReports.filter(({ complete }) => !complete)).toEqual([]);
    if (direction === 'forward') records.push(...page.records);
    else records.unshift(...page.records);
    const end = direction === 'forward' ? last : first;
    if (!goesOn || end === undefined) return records;
    cursor = cursorOf(page, end);
    between(pages);
  }
};

const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });
const direction = fc.constantFrom('forward' as const, 'backward' as const);

describe('a list over estates of any kind', () => {
  it('is the whole estate in order, whatever the pages and the direction', () =>
    fc.assert(
      fc.asyncProperty(estates, requests, sizes, direction, async (estate, request, pageSizes, way) => {
        const world = play(estate);
        expect(idsOf(await walk(world, request, pageSizes, way))).toEqual(idsOf(expected(world, request)));
      }),
      { numRuns: runs(75) },
    ));

  it('is the same where answers must be asked for in parts', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(tightEstates, crowdedEstates),
        requests,
        sizes,
        direction,
        async (estate, request, pageSizes, way) => {
          const world = play(estate);
          expect(idsOf(await walk(world, request, pageSizes, way))).toEqual(idsOf(expected(world, request)));
        },
      ),
      { numRuns: runs(50) },
    ));

  it('does not mind records that come while it is paged through', () =>
    fc.assert(
      fc.asyncProperty(estates, requests, sizes, async (estate, request, pageSizes) => {
        const world = play(estate);
        const before = idsOf(expected(world, request));
        const newer = (pages: number) => NOW + (pages + 40) * HOUR; // than whatever a clock ahead of ours may have made
        const records = await walk(world, request, pageSizes, 'forward', (pages) => {
          for (const cluster of world.clusters)
            cluster.records = [runOf(1, newer(pages), { copies: [copyOf(1), copyOf(2)] }), ...cluster.records];
          for (const endpoint of world.endpoints)
            endpoint.records = [...endpoint.records, jobOf(`new-${pages}`, newer(pages))];
        });
        expect(idsOf(records)).toEqual(before);
      }),
      { numRuns: runs(30) },
    ));

  it('cuts any part between any two cursors as Relay has it', () =>
    fc.assert(
      fc.asyncProperty(
        estates,
        requests,
        fc.record({
          after: fc.option(fc.nat()),
          before: fc.option(fc.nat()),
          size: fc.nat(12),
          backward: fc.boolean(),
        }),
        async (estate, [list, filter], { after, before, size, backward }) => {
          const world = play(estate);
          const all = expected(world, [list, filter]);
          const whole = await read(world, list, { filter, first: 0 });
          const at = (n: number | null) => (n === null || all.length === 0 ? null : n % all.length);
          const cursor = (n: number | null) => {
            const record = n === null ? undefined : all[n];
            return record === undefined ? null : cursorOf(whole, record);
          };
          const [from, to] = [at(after), at(before)];
          const page = await read(world, list, {
            filter,
            after: cursor(from),
            before: cursor(to),
            ...(backward ? { last: size } : { first: size }),
          });
          const edges = all.slice(from === null ? 0 : from + 1, to ?? all.length);
          const cut = backward ? edges.slice(Math.max(0, edges.length - size)) : edges.slice(0, size);
          expect(idsOf(page.records)).toEqual(idsOf(cut));
          expect([page.hasPreviousPage, page.hasNextPage]).toEqual(
            backward ? [edges.length > size, to !== null] : [from !== null, edges.length > size],
          );
        },
      ),
      { numRuns: runs(75) },
    ));
});

describe('an upstream that fails', () => {
  it('costs its own records and no others, and its report says so', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(estates, tightEstates),
        requests,
        fc.constantFrom(...upstreamNames),
        fc.nat(6),
        async (estate, [list, filter], victim, calls) => {
          const world = play(estate);
          const context = contextOf(upstreamsOf(world), NOW);
          const failing = upstreamsOf(world).find(({ name }) => name === victim);
          if (failing !== undefined) failing.failsAfter = calls;
          const asked = { page: true, totalCount: true, tasks: false, posture: false };
          const page = await lists[list](context, { filter, first: 500 }, asked);
          if (failing !== undefined) failing.failsAfter = Number.POSITIVE_INFINITY;
          const all = expected(world, [list, filter]);
          const report = page.upstreamReports.find(({ upstream }) => upstream === victim);
          const others = (records: readonly Shown[]) => idsOf(records.filter(({ upstream }) => upstream !== victim));
          expect(others(page.records)).toEqual(others(all));
          expect(page.upstreamReports.filter(({ ok }) => !ok)).toEqual(report?.ok === false ? [report] : []);
          if (report?.ok === false) {
            expect(report).toMatchObject({ complete: false, error: { code: 'UPSTREAM_UNAVAILABLE' } });
            expect(page.totalCount).toBeNull();
            const known = new Set(idsOf(all));
            expect(page.records.filter(({ id }) => !known.has(id))).toEqual([]);
          } else {
            expect(idsOf(page.records)).toEqual(idsOf(all));
            expect(page.totalCount).toBe(all.length);
          }
        },
      ),
      { numRuns: runs(60) },
    ));

  it('leaves the cursors good: after it has recovered, the list goes on without a gap', () =>
    fc.assert(
      fc.asyncProperty(estates, requests, fc.constantFrom(...upstreamNames), async (estate, [list, filter], victim) => {
        const world = play(estate);
        const first = await read(world, list, { filter, first: 5 });
        const last = first.records.at(-1);
        fc.pre(last !== undefined && first.hasNextPage);
        const after = last === undefined ? null : cursorOf(first, last);
        const failing = upstreamsOf(world).find(({ name }) => name === victim);
        if (failing !== undefined) failing.failsAfter = 0;
        const without = await read(world, list, { filter, first: 500, after }, justPage, NOW + HOUR);
        if (failing !== undefined) failing.failsAfter = Number.POSITIVE_INFINITY;
        const rest = expected(world, [list, filter]).slice(first.records.length);
        expect(idsOf(without.records)).toEqual(idsOf(rest.filter(({ upstream }) => upstream !== victim)));
        const again = await read(world, list, { filter, first: 500, after }, justPage, NOW + 2 * HOUR);
        expect(idsOf([...first.records, ...again.records])).toEqual(idsOf(expected(world, [list, filter])));
      }),
      { numRuns: runs(40) },
    ));
});

const times = fc.integer({ min: -2, max: 8 * 24 }).map((hours) => micros(NOW - hours * HOUR));

const filters = fc
  .record<CopyOperationFilter>(
    {
      upstreams: fc.subarray(upstreamNames),
      types: fc.subarray([...allTypes]),
      states: fc.subarray(['QUEUED', 'RUNNING', 'SUCCEEDED', 'WARNING', 'PARTIAL', 'FAILED', 'UNKNOWN'] as const),
      finished: fc.boolean(),
      targetKinds: fc.subarray(['LOCAL', 'REMOTE', 'ARCHIVAL', 'VAULT', 'UNKNOWN'] as const, { minLength: 1 }),
      startedAfter: times,
      startedBefore: times,
      endedAfter: times,
      endedBefore: times,
      objectName: fc.constantFrom('vm-2', 'JOB 1', 'ec2', 'j'),
      protectionJobIds: fc.subarray(['ProtectionJob:dc-east:1', 'ProtectionJob:dc-west:2', 'ProtectionJob:gone:1']),
      accountIds: fc.subarray(['111122223333', '444455556666', '999900001111']),
      resourceTypes: fc.subarray(['EC2', 'EBS']),
      failureCategories: fc.subarray(['ACCESS', 'CAPACITY', 'OTHER'] as const),
      composite: fc.constantFrom('ALL' as const, 'TOP_LEVEL' as const, 'LEAVES' as const),
    },
    { requiredKeys: [] },
  )
  // Many members at once leave nothing; a few of them show what each does.
  .chain((filter) => fc.subarray(Object.entries(filter), { maxLength: 3 }))
  .map((entries): CopyOperationFilter => Object.fromEntries(entries));

describe('a filter', () => {
  it('keeps what passes it and nothing else, in the list and in its totalCount', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(estates, tightEstates), filters, fc.nat(40), async (estate, filter, first) => {
        const world = play(estate);
        const all = expected(world, ['copyOperations', filter]);
        const page = await read(world, 'copyOperations', { filter, first });
        expect(idsOf(page.records)).toEqual(idsOf(all.slice(0, first)));
        expect(page.totalCount).toBeNull();
        const counted = await read(world, 'copyOperations', { filter, first }, { ...justPage, totalCount: true });
        expect(idsOf(counted.records)).toEqual(idsOf(all.slice(0, first)));
        const isShort = goesPast(filter) && counted.upstreamReports.length > 0; // nobody is asked for no types
        expect(counted.totalCount).toBe(isShort ? null : all.length);
      }),
      { numRuns: runs(100) },
    ));
});

/** The groups of a summary, added up the slow way. */
const sumsOf = (records: readonly Listed[], by: readonly GroupBy[]) => {
  const sum = (values: readonly (bigint | null)[]) => {
    const told = values.filter((value) => value !== null);
    return told.length === 0 ? null : told.reduce((a, b) => a + b, 0n);
  };
  const copies = records.filter((record) => record.__typename !== 'ProtectionShell');
  const keyed = copies.map((copy) => ({
    copy,
    key: {
      state: by.includes('STATE') ? copy.state : null,
      upstream: by.includes('UPSTREAM') ? copy.upstream : null,
      targetKind: by.includes('TARGET_KIND') ? (copy.target?.kind ?? null) : null,
      day:
        by.includes('DAY') && copy.startedAt !== null
          ? new Date(copy.startedAt / 1000).toISOString().replace(/T.*/, '')
          : null,
      failureCategory: by.includes('FAILURE_CATEGORY') ? copy.failureCategory : null,
    },
  }));
  const texts = [...new Set(keyed.map(({ key }) => JSON.stringify(key)))];
  return texts.map((text) => {
    const group = keyed.filter(({ key }) => JSON.stringify(key) === text).map(({ copy }) => copy);
    return {
      ...JSON.parse(text),
      count: group.length,
      sizeBytes: sum(group.map(({ sizeBytes }) => sizeBytes)),
      transferredBytes: sum(group.map(({ transferredBytes }) => transferredBytes)),
    };
  });
};

describe('copySummary', () => {
  it('adds up what the list holds, whatever it is split by, and counts composite jobs by their leaves', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(estates, tightEstates),
        filters,
        fc.subarray([...groupings]),
        async (estate, filter, groupBy) => {
          const world = play(estate);
          const context = contextOf(upstreamsOf(world), NOW);
          const { total, groups, upstreamReports } = await summarizeCopies(context, filter, groupBy);
          const all = expected(world, ['copyOperations', { composite: 'LEAVES', ...filter }]);
          const [whole = { count: 0, sizeBytes: null, transferredBytes: null }] = sumsOf(all, []);
          expect(upstreamReports.every(({ complete }) => complete !== goesPast(filter))).toBe(true);
          expect(total).toEqual({
            count: whole.count,
            sizeBytes: whole.sizeBytes,
            transferredBytes: whole.transferredBytes,
          });
          const sorted = groupBy.length === 0 ? [] : sumsOf(all, groupBy);
          expect(new Set(groups)).toEqual(new Set(sorted));
          expect(groups).toHaveLength(sorted.length);
        },
      ),
      { numRuns: runs(75) },
    ));
});
