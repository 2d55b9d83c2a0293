import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asked } from '../../../src/aggregate/lists.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import { listCopyRuns, listCopySnapshotTasks, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import { listCopyOperations } from '../../../src/aggregate/copy-operations.js';
import { summarizeCopies } from '../../../src/aggregate/copy-summary.js';
import { createObjectCopiesLoader } from '../../../src/aggregate/object-copies.js';
import type { CopySnapshotTask } from '../../../src/domain/copy-snapshot-task.js';
import { micros } from '../../../src/domain/micros.js';
import { objectOfSource } from '../../../src/domain/protected-object.js';
import type { ProtectionRun } from '../../../src/domain/protection-run.js';
import type { MaybeReplica } from '../../../src/domain/replica.js';
import { UpstreamError } from '../../../src/domain/upstream-error.js';
import type { CopyJobPage } from '../../../src/upstream/aws-backup/client.js';
import type { Read } from '../../../src/calling/call.js';
import { contextOf, toRun } from '../../support/estate.js';
import {
  DAY,
  type Estate,
  type ListName,
  NOW,
  type World,
  clusterIds,
  estates,
  expected,
  overlappingEstates,
  play,
  upstreamNames,
  upstreamsOf,
} from '../../support/estates.js';
import { isKeptAt } from '../../support/sums.js';

/** So many estates are tried; a long run tries more. */
const ESTATES = Number(process.env['COPYGRAPH_ESTATES'] ?? 100);
const PATIENCE_MS = Math.max(60_000, ESTATES * 1000);

const lists = {
  copyOperations: listCopyOperations,
  copyRuns: listCopyRuns,
  copySnapshotTasks: listCopySnapshotTasks,
  copyJobs: listCopyJobs,
  protectionShells: listProtectionShells,
} as const;

/** The damage to one upstream. */
const damages = fc.record({
  victim: fc.constantFrom(...upstreamNames),
  failsAfter: fc.option(fc.nat(8), { nil: undefined }), // calls that it answers before it fails
  every: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }), // one record of so many cannot be read
  inside: fc.boolean(), // or a copy of one run of so many
});
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

const odd = fc.record({
  slowForAll: fc.boolean(), // no answer in time for all jobs at once
  budget: fc.option(fc.nat(30), { nil: undefined }), // calls that the operation may make
});
type Odd = typeof odd extends fc.Arbitrary<infer T> ? T : never;

/** Whether a record is one that cannot be read; the same in each answer. */
const isBad = ({ every }: Damage, id: string): boolean => every !== undefined && numberOf(id) % every === 0;

/** Unreadable parts are left out and counted, as a client does it: whole records, or the first copy of a run. */
const spoilRuns = (answer: Read<ProtectionRun>, damage: Damage): Read<ProtectionRun> => {
  const records = answer.records.flatMap((run): readonly ProtectionRun[] => {
    if (!isBad(damage, run.shell.id)) return [run];
    if (!damage.inside) return [];
    const unreadable = run.unreadable + Math.min(1, run.copyRuns.length);
    return [{ ...run, copyRuns: run.copyRuns.slice(1), unreadable }];
  });
  return { ...answer, records, unreadable: answer.unreadable + answer.records.length - records.length };
};

const spoilJobs = (page: CopyJobPage, damage: Damage): CopyJobPage => {
  const records = page.records.filter(({ id }) => !isBad(damage, id));
  return { ...page, records, unreadable: page.unreadable + page.records.length - records.length };
};

/** A number of a record that is the same in each answer. */
const numberOf = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7);

const damaged = (estate: Estate, damage: readonly Damage[], { budget, slowForAll }: Odd): World => {
  const world = play({ ...estate, manners: { ...estate.manners, slowForAll } });
  let left = budget ?? Number.POSITIVE_INFINITY;
  const spend = (name: string): void => {
    left -= 1;
    if (left < 0) throw new UpstreamError(name, 'budgetExceeded', 'no call is left');
  };
  const damageOf = (name: string) => damage.filter(({ victim }) => victim === name);
  for (const one of upstreamsOf(world)) {
    const mine = damageOf(one.name);
    one.failsAfter = Math.min(...mine.map(({ failsAfter }) => failsAfter ?? Number.POSITIVE_INFINITY));
  }
  for (const { name, client } of world.clusters) {
    const read = client.client.getProtectionRuns;
    client.client.getProtectionRuns = async (query, call) => {
      spend(name);
      return damageOf(name).reduce(spoilRuns, await read(query, call));
    };
  }
  for (const { name, client } of world.endpoints) {
    const read = client.client.listCopyJobs;
    client.client.listCopyJobs = async (query, call) => {
      spend(name);
      return damageOf(name).reduce(spoilJobs, await read(query, call));
    };
  }
  return world;
};

const asked: Asked = { page: true, totalCount: true, tasks: false, posture: false };
const week = micros(NOW - 7 * DAY);
const windows = fc.constantFrom({}, { startedAfter: week }, { finished: false }, { endedAfter: micros(NOW - 3 * DAY) });
/** Answers may hold few runs, which overlap as they like, and few shells. */
const anything = fc
  .record({
    estate: fc.oneof(estates, overlappingEstates),
    maxRecords: fc.option(fc.nat(6), { nil: undefined }),
    maxShells: fc.option(fc.nat(14), { nil: undefined }),
    replicated: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), // a job of dc-east, of which dc-west holds a replica
    deleted: fc.integer({ min: 1, max: 4 }), // the snapshots of one run of so many
  })
  .map(
    ({ estate: { manners, runs, jobs }, maxRecords = manners.maxRecords, maxShells, replicated, deleted }): Estate => ({
      jobs,
      runs: runs.map((held, n) =>
        held.map((run) => ({
          ...run,
          snapshotsDeleted: numberOf(`${run.startedAt}`) % deleted === 0,
          ...(run.jobId === replicated
            ? { ownedBy: clusterIds['dc-east'] }
            : n === 1
              ? { ownedBy: clusterIds['dc-west'] }
              : {}),
        })),
      ),
      manners: { ...manners, maxRecords, maxShells },
    }),
  );
const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id);

/** Whether a replica holds what its owner reports too: the run, or its local copy (a copy to it by the owner). */
const isToldTwice = ({ upstream, jobUid, target }: MaybeReplica): boolean =>
  upstream === 'dc-west' &&
  jobUid?.clusterId === BigInt(clusterIds['dc-east']) &&
  (target === undefined || target?.kind === 'LOCAL');

describe('An answer that says it is complete, of an estate with any damage', () => {
  let complete = 0;

  it(
    'is a list that holds all of the estate',
    () =>
      fc.assert(
        fc.asyncProperty(
          anything,
          fc.array(damages, { maxLength: 3 }),
          odd,
          fc.constantFrom<ListName>('copyOperations', 'copyRuns', 'copySnapshotTasks', 'copyJobs', 'protectionShells'),
          windows,
          async (estate, damage, strange, list, filter) => {
            const context = contextOf(upstreamsOf(damaged(estate, damage, strange)), NOW);
            const page = await lists[list](context, { filter, first: 500 }, asked);
            const all = expected(play(estate), [list, filter]).filter((record) => !isToldTwice(record));
            const isOwnerRead = page.upstreamReports.every(
              ({ upstream, ok, complete: is }) => upstream !== 'dc-east' || (ok && is),
            );
            // A replica's records are shown instead where the report of its owner may be missing.
            const once = page.records.filter((record) => isOwnerRead || !isToldTwice(record));
            for (const report of page.upstreamReports) {
              const of = (records: readonly { readonly id: string; readonly upstream: string }[]) =>
                idsOf(records.filter(({ upstream }) => upstream === report.upstream));
              expect(report.complete).toBe(report.incompleteReasons.length === 0);
              if (report.complete) expect(of(once)).toEqual(of(all));
            }
            const isWhole = page.upstreamReports.every((report) => report.complete);
            if (isWhole) complete += 1;
            expect(page.totalCount).toBe(isWhole ? all.length : null);
          },
        ),
        { numRuns: ESTATES },
      ),
    PATIENCE_MS,
  );

  it(
    'is a sum over all of the estate',
    () =>
      fc.assert(
        fc.asyncProperty(
          anything,
          fc.array(damages, { maxLength: 2 }),
          odd,
          windows,
          async (estate, damage, strange, filter) => {
            const context = contextOf(upstreamsOf(damaged(estate, damage, strange)), NOW);
            const { groups, upstreamReports } = await summarizeCopies(context, { filter, groupBy: ['UPSTREAM'] });
            const all = expected(play(estate), ['copyOperations', { ...filter, composite: 'LEAVES' }]);
            const isOwnerRead = upstreamReports.every(({ upstream, complete: is }) => upstream !== 'dc-east' || is);
            for (const { upstream, complete: isWhole } of upstreamReports) {
              const counted = groups.find((group) => group.upstream === upstream)?.count ?? 0;
              const mine = all.filter((record) => record.upstream === upstream);
              const once = mine.filter((record) => !isToldTwice(record)).length;
              if (isWhole) expect(counted).toBeGreaterThanOrEqual(once);
              if (isWhole) expect(counted).toBeLessThanOrEqual(isOwnerRead ? once : mine.length);
            }
          },
        ),
        { numRuns: ESTATES },
      ),
    PATIENCE_MS,
  );

  it(
    'is what the copies of one object come to, or says what it could not read',
    () =>
      fc.assert(
        fc.asyncProperty(
          anything,
          fc.array(damages, { maxLength: 2 }),
          odd,
          fc.constantFrom(1, 2, 3),
          async (estate, damage, strange, sourceId) => {
            const context = contextOf(upstreamsOf(damaged(estate, damage, strange)), NOW);
            const tasks = (estate.runs[0] ?? [])
              .flatMap((run) => toRun('dc-east', run).copyRuns)
              .flatMap((copy): readonly CopySnapshotTask[] => copy.tasks ?? [])
              .filter(({ source }) => source?.sourceId === BigInt(sourceId));
            const object = objectOfSource(tasks[0]?.source ?? null);
            if (object === null) return;
            const seen = await createObjectCopiesLoader(context)
              .load(object)
              .catch((error: unknown) => error);
            if (seen instanceof UpstreamError) return;
            const told = seen as Awaited<ReturnType<ReturnType<typeof createObjectCopiesLoader>['load']>>;
            if (told.unread.some(({ incompleteReasons }) => incompleteReasons.length > 0)) return;
            const all = expected(play(estate), ['copySnapshotTasks', { startedAfter: week }]);
            const gone = new Set(
              (estate.runs[0] ?? []).flatMap(({ jobId, startedAt, snapshotsDeleted }) =>
                snapshotsDeleted === true ? [`${jobId} ${startedAt}`] : [],
              ),
            );
            const good = all.filter(
              (task) =>
                task.__typename === 'CopySnapshotTask' &&
                task.upstream === 'dc-east' &&
                task.source?.sourceId === BigInt(sourceId) &&
                task.state === 'SUCCEEDED' &&
                isKeptAt(task, NOW) &&
                !(task.target?.kind === 'LOCAL' && gone.has(`${task.jobId} ${task.run.startTimeUsecs}`)),
            );
            expect(told.posture.copies).toBe(good.length);
          },
        ),
        { numRuns: ESTATES },
      ),
    PATIENCE_MS,
  );

  it('is common enough to be worth the tries', () => expect(complete).toBeGreaterThan(ESTATES / 20));
});
