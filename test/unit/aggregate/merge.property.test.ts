import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CopyOperationFilter, listCopyOperations } from '../../../src/aggregate/copy-operations.js';
import { summarizeCopies } from '../../../src/aggregate/copy-summary.js';
import { type Asked, type ListArguments, type ListContext } from '../../../src/aggregate/lists.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import { listCopyRuns, listCopySnapshotTasks, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import type { Connection } from '../../../src/domain/connection.js';
import { type GroupBy, groupings } from '../../../src/domain/copy-group.js';
import { type CopyGroup, type CopySummaryOrder, summaryOrders } from '../../../src/domain/copy-summary.js';
import { micros } from '../../../src/domain/micros.js';
import { encodeCursor } from '../../../src/domain/page.js';
import { contextOf, copyOf, jobOf, runOf } from '../../support/estate.js';
import {
  DAY,
  HOUR,
  type ListName,
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
import { plain, plainGroups, plainSum } from '../../support/sums.js';

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

/** One page after the other, each of another size, to the end. Returns what Relay's `pageInfo` said on the way. */
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

const coming = fc.constantFrom(micros(NOW - 2 * DAY), micros(NOW), micros(NOW + DAY), micros(NOW + 40 * DAY));

const vault = 'arn:aws:backup:us-west-2:111122223333:backup-vault:dr';
const targetIds = [
  'CopyTarget:dc-east:LOCAL',
  'CopyTarget:dc-east:REMOTE:77',
  'CopyTarget:dc-west:ARCHIVAL',
  `CopyTarget:aws-use1:VAULT:${encodeURIComponent(vault)}`,
];

/** A window that ends before it begins is refused. */
const inOrder = (filter: CopyOperationFilter): CopyOperationFilter => {
  const swapped = (['started', 'ended', 'expires'] as const).map((what) => {
    const [after, before] = [filter[`${what}After`], filter[`${what}Before`]];
    return after && before && before < after ? { [`${what}After`]: before, [`${what}Before`]: after } : {};
  });
  return Object.assign({ ...filter }, ...swapped) as CopyOperationFilter;
};

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
      targetIds: fc.subarray(targetIds),
      expiresAfter: coming,
      expiresBefore: coming,
      onLegalHold: fc.boolean(),
      dataLocked: fc.boolean(),
      longerThanSeconds: fc.constantFrom(0, 3600, 36_000, 172_800),
      errorContains: fc.constantFrom('DENIED', 'space', 'x'),
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
  .map((entries): CopyOperationFilter => inOrder(Object.fromEntries(entries)));

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
        // Nobody is asked for no types; and no recovery point can be read here, so nobody knows when jobs expire.
        const unread = counted.upstreamReports.some(({ incompleteReasons }) =>
          incompleteReasons.includes('UNREADABLE'),
        );
        const expires = filter.expiresAfter !== undefined || filter.expiresBefore !== undefined;
        expect(unread && !expires).toBe(false);
        const isShort = (goesPast(filter) && counted.upstreamReports.length > 0) || unread;
        expect(counted.totalCount).toBe(isShort ? null : all.length);
      }),
      { numRuns: runs(100) },
    ));
});

const places = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'] as const;

const groupBys = fc.uniqueArray(fc.constantFrom(...groupings), { maxLength: 4 }).map((all): readonly GroupBy[] => all);

const orders = fc.option(
  fc.record({
    field: fc.constantFrom(...summaryOrders),
    direction: fc.constantFrom('ASC' as const, 'DESC' as const),
  }),
);

/** The copies that a summary has to add up, and whether it may. */
const toSum = (world: World, filter: CopyOperationFilter, groupBy: readonly GroupBy[]) => {
  const ofObjects = groupBy.includes('OBJECT');
  const types = filter.types ?? (ofObjects ? ['COPY_SNAPSHOT_TASK', 'COPY_JOB'] : ['COPY_RUN', 'COPY_JOB']);
  return {
    isFit: !ofObjects || !types.includes('COPY_RUN'),
    copies: expected(world, ['copyOperations', { composite: 'LEAVES', ...filter, types }]).filter(
      (record) => record.__typename !== 'ProtectionShell',
    ),
  };
};

const valueOf = (group: CopyGroup, { field }: CopySummaryOrder): string | number | bigint | null => {
  if (field === 'TIME') return group.hour === null ? (group.day ?? group.week) : String(group.hour);
  return field === 'COUNT' ? group.count : field === 'COPIED_BYTES' ? group.copiedBytes : group.sizeBytes;
};

/** Bytes per second are added up in another order, so the last digit may differ. */
const closely = <T extends { readonly bytesPerSecond: number | null }>(sum: T) => ({
  ...sum,
  bytesPerSecond: sum.bytesPerSecond === null ? null : (expect.closeTo(sum.bytesPerSecond, 3) as unknown),
});

/** Whether each group may come before the next one. */
const isInOrder = (groups: readonly CopyGroup[], order: CopySummaryOrder): boolean =>
  groups.every((group, at) => {
    const next = groups[at + 1];
    const [mine, other] = [valueOf(group, order), next === undefined ? null : valueOf(next, order)];
    if (other === null) return true;
    return mine !== null && (order.direction === 'ASC' ? mine <= other : mine >= other);
  });

describe('copySummary', () => {
  it('adds up what the list holds, whatever it is split by, and counts composite jobs by their leaves', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(estates, tightEstates),
        filters,
        groupBys,
        fc.constantFrom(...places),
        fc.constantFrom('STARTED' as const, 'ENDED' as const),
        async (estate, filter, groupBy, timeZone, by) => {
          const world = play(estate);
          const args = { filter, groupBy, timeZone, by };
          const reading = summarizeCopies(contextOf(upstreamsOf(world), NOW), args);
          const { isFit, copies } = toSum(world, filter, groupBy);
          if (!isFit) {
            await expect(reading).rejects.toMatchObject({ argument: 'filter.types' });
            return; // what the assertion comes to is no verdict
          }
          const { total, groups, upstreamReports } = await reading;
          const reasons = upstreamReports.map(({ incompleteReasons }) => incompleteReasons);
          expect(reasons.every((some) => some.includes('LOOK_BACK') === goesPast(filter))).toBe(true);
          const expires = filter.expiresAfter !== undefined || filter.expiresBefore !== undefined;
          const unread = reasons.flat().filter((reason) => reason !== 'LOOK_BACK');
          expect(unread.every((reason) => expires && reason === 'UNREADABLE')).toBe(true);
          expect(total).toEqual(closely(plainSum(copies)));
          const slowly = plainGroups(copies, { groupBy, timeZone, by });
          expect(groups).toHaveLength(slowly.length);
          expect(groups.map(plain)).toEqual(expect.arrayContaining(slowly.map(closely)));
          expect(groups.reduce((all, { count }) => all + count, 0)).toBe(groupBy.length === 0 ? 0 : total.count);
        },
      ),
      { numRuns: runs(100) },
    ));

  it('sorts its groups as it is told, unknown values last, and cuts them after that', () =>
    fc.assert(
      fc.asyncProperty(estates, groupBys, orders, fc.nat(20), async (estate, groupBy, orderBy, first) => {
        const world = play(estate);
        const filter = { startedAfter: week };
        const read = (args: object) =>
          summarizeCopies(contextOf(upstreamsOf(world), NOW), { filter, groupBy, ...args });
        const [all, sorted, cut] = [await read({}), await read({ orderBy }), await read({ orderBy, first })];
        expect(new Set(sorted.groups)).toEqual(new Set(all.groups));
        expect(orderBy === null || isInOrder(sorted.groups, orderBy)).toBe(true);
        expect(cut.groups).toEqual(sorted.groups.slice(0, first));
        expect(cut.total).toEqual(all.total);
      }),
      { numRuns: runs(50) },
    ));
});
