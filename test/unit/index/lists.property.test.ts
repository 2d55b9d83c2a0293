import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CopyOperationFilter, listCopyOperations } from '../../../src/aggregate/copy-operations.js';
import { type Asked, type ListArguments, type ListContext } from '../../../src/aggregate/lists.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import { listCopyRuns, listCopySnapshotTasks, listProtectionShells } from '../../../src/schema/cohesity/run-lists.js';
import { isFinished } from '../../../src/domain/activity.js';
import type { Connection } from '../../../src/domain/connection.js';
import { micros } from '../../../src/domain/micros.js';
import { newestFirst } from '../../../src/domain/order.js';
import { encodeCursor } from '../../../src/domain/page.js';
import {
  type Estate,
  HOUR,
  type ListName,
  type Shown,
  NOW,
  type Request,
  estates,
  expected,
  play,
  tightEstates,
  upstreamsOf,
} from '../../support/estates.js';
import { type Clock, keep, keptIn, requestOf } from '../../support/kept.js';
import { runs } from '../../support/runs.js';
import { type Made, type Step, dated, make, mayStillHide, steps, versionOf, windows } from '../../support/steps.js';

type List = (
  context: ListContext,
  args: ListArguments & { readonly filter: CopyOperationFilter },
  asked: Asked,
) => Promise<Connection<Shown>>;

const lists: Readonly<Record<ListName, List>> = {
  copyOperations: listCopyOperations,
  copyRuns: listCopyRuns,
  copySnapshotTasks: listCopySnapshotTasks,
  copyJobs: listCopyJobs,
  protectionShells: listProtectionShells,
};

/** The page of the oracle's list that an ask wants. */
const pageOf = (all: readonly Shown[], { size, backward, cursor }: Extract<Step, { kind: 'ask' }>) => {
  const at = cursor === null || all.length === 0 ? null : cursor % all.length;
  const between = at === null ? all : backward ? all.slice(0, at) : all.slice(at + 1);
  const record = at === null ? undefined : all[at];
  return { record, page: backward ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size) };
};

/**
 * Plays the steps in front of two gateways, one with a cache, and compares each list with the whole estate. The list
 * must be exact where each change is older than a list may be kept. Otherwise it must consist of records that there
 * were.
 */
const playSteps = async (
  estate: Estate,
  all: readonly Step[],
  { maxAgeMs, countsCalls }: { readonly maxAgeMs?: number; readonly countsCalls: boolean },
): Promise<void> => {
  const clock: Clock = { at: NOW };
  const [plain, behind] = [play(estate), play(estate)];
  const kept = keep(behind, keptIn(clock));
  const changes: Made[] = [];
  const history = new Set<string>();
  const remember = (request: Request): readonly Shown[] => {
    const whole = expected(plain, request, clock.at);
    for (const record of whole) history.add(versionOf(record));
    return whole;
  };
  const everything = (): void => {
    for (const list of Object.keys(lists) as ListName[])
      remember([list, { startedAfter: micros(1), types: ['COPY_RUN', 'COPY_SNAPSHOT_TASK', 'COPY_JOB'] }]);
  };
  everything();
  for (const [nth, step] of all.entries()) {
    if (step.kind === 'wait') clock.at += step.micros;
    else if (step.kind !== 'ask') {
      const made = make([plain, behind], step, clock.at, nth);
      if (made !== null) changes.push(made);
      everything();
    } else {
      const filter = { ...step.members, ...windows(clock.at)[step.window] };
      const oracle = expected(plain, [step.list, filter], clock.at);
      const { record, page } = pageOf(oracle, step);
      const cursor = record && encodeCursor(step.list, { position: newestFirst.positionOf(record), windowFrom: null });
      const args = {
        filter,
        ...(step.backward ? { last: step.size, before: cursor } : { first: step.size, after: cursor }),
      };
      const asked = { page: true, totalCount: step.counted, tasks: false, posture: false };
      const reference = await lists[step.list](requestOf(plain, clock.at), args, asked);
      // Answers that are cut short may hide runs that overlap; where they do so without a cache, this is not about it.
      fc.pre(reference.upstreamReports.every(({ ok, complete }) => ok && complete));
      fc.pre(reference.records.map(versionOf).join() === page.map(versionOf).join());
      fc.pre(!step.counted || reference.totalCount === oracle.length);
      const answer = await lists[step.list](
        requestOf(kept, clock.at, maxAgeMs === undefined ? {} : { maxAgeMs }),
        args,
        asked,
      );
      expect(answer.upstreamReports.filter(({ ok, complete }) => !ok || !complete)).toEqual([]);
      if (maxAgeMs === 0 || !changes.some((one) => mayStillHide(one, clock.at))) {
        expect(answer.records.map(versionOf)).toEqual(page.map(versionOf));
        if (step.counted) expect(answer.totalCount).toBe(oracle.length);
      } else {
        expect(answer.records.filter((one) => !history.has(versionOf(one)))).toEqual([]);
        if (step.size === 500 && cursor === undefined) {
          const shown = new Set(answer.records.map(versionOf));
          const settled = (one: Shown): boolean =>
            isFinished(one.state) && one.startedAt !== null && one.startedAt < clock.at - 2 * HOUR;
          const missing = oracle.filter((one) => settled(one) && (one.endedAt ?? 0) < clock.at - HOUR);
          expect(missing.filter((one) => !shown.has(versionOf(one)))).toEqual([]);
        }
      }
      // A page that shows the state of a moment ago may take more slices to be full.
      if (!countsCalls || answer.records.map(versionOf).join() !== page.map(versionOf).join()) continue;
      for (const [index, { name, calls }] of upstreamsOf(kept).entries()) {
        const without = upstreamsOf(plain)[index]?.calls.length ?? 0;
        expect({ name, more: Math.max(0, calls.length - without) }).toEqual({ name, more: 0 });
      }
    }
  }
};

describe('lists out of the indexes, whatever happens between them', () => {
  it('are the whole estate as it is now where nothing old is taken', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(estates, estates.map(dated), tightEstates), steps, (estate, all) =>
        playSteps(estate, all, { maxAgeMs: 0, countsCalls: false }),
      ),
      { numRuns: runs(25) },
    ));

  it('show all that is older than a list may be kept, nothing that never was, and make no call more', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(estates, estates.map(dated), estates.map(dated)), steps, (estate, all) =>
        playSteps(estate, all, { countsCalls: true }),
      ),
      { numRuns: runs(50) },
    ));

  it('do so too where answers must be asked for in parts', () =>
    fc.assert(
      fc.asyncProperty(tightEstates.map(dated), steps, (estate, all) => playSteps(estate, all, { countsCalls: false })),
      { numRuns: runs(25) },
    ));
});
