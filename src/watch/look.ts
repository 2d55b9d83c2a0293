import type { CopyOperation } from '../domain/copy-operation.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { type EveryCopy, readEveryCopy } from '../aggregate/every-copy.js';
import type { ListContext } from '../aggregate/lists.js';
import { lookBackFrom } from '../aggregate/object-copies.js';
import { listProtectedObjects } from '../aggregate/protected-objects.js';
import type { Look } from './memory.js';

const missing: ReadonlySet<IncompleteReason> = new Set(['UPSTREAM_FAILED', 'BUDGET', 'NOT_READ_YET']);

/** Whether every record could be read. Records that the vendor left out do not matter here. */
const isWhole = ({ ok, stale, incompleteReasons }: UpstreamReport): boolean =>
  ok && !stale && !incompleteReasons.some((reason) => missing.has(reason));

const everything = Number.MAX_SAFE_INTEGER;

/**
 * If more copies are expected, only recent and unfinished ones are read, so that a poll does not take seconds each
 * minute.
 */
const MOST_COPIES = 50_000;
const RECENT_HOURS = 26; // the day that metrics cover, and a little more for late ends

/** Adds all older unfinished copies to those that began within the last day or so. */
const withUnfinished = async (context: ListContext, recent: EveryCopy, since: Micros): Promise<EveryCopy> => {
  const unfinished = await readEveryCopy(context, { startedAfter: lookBackFrom(context), finished: false });
  const isOlder = (copy: CopyOperation): boolean => (copy.startedAt ?? since) < since;
  const upstreamReports = recent.upstreamReports.map((report) => {
    const other = unfinished.upstreamReports.find(({ upstream }) => upstream === report.upstream);
    return other !== undefined && !isWhole(other) ? other : report;
  });
  return { copies: [...recent.copies, ...unfinished.copies.filter(isOlder)], upstreamReports };
};

/** Records by their upstream. */
const byUpstream = <T extends { readonly upstream: string }>(
  records: readonly T[],
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const record of records) {
    const group = groups.get(record.upstream) ?? [];
    groups.set(record.upstream, group);
    group.push(record);
  }
  return groups;
};

/** How well objects are copied, by upstream; only for upstreams that could be read completely. */
const lookAtObjects = async (context: ListContext): Promise<ReadonlyMap<string, readonly ProtectedObject[]>> => {
  const asked = { page: true, totalCount: false, tasks: false, posture: true };
  const { records, upstreamReports } = await listProtectedObjects(context, { first: everything }, asked);
  const objects = byUpstream(records);
  return new Map(upstreamReports.filter(isWhole).map(({ upstream }) => [upstream, objects.get(upstream) ?? []]));
};

/**
 * Polls all upstreams of a session once: their copies, then their objects, which need the same reads. Covers the
 * look-back; if that would be too much, a day, and no objects.
 */
export const lookAt = async (given: ListContext): Promise<readonly Look[]> => {
  const context: ListContext = { ...given, limits: { ...given.limits, maxPageSize: everything } };
  const { lookBackHours } = context.limits;
  const since = micros(context.now - RECENT_HOURS * HOUR_MICROS);
  const recent = await readEveryCopy(context, { startedAfter: since });
  const isTooMuch = recent.copies.length * (lookBackHours / RECENT_HOURS) > MOST_COPIES;
  const seen = isTooMuch
    ? await withUnfinished(context, recent, since)
    : await readEveryCopy(context, { startedAfter: lookBackFrom(context) });
  const objects = isTooMuch ? new Map<string, readonly ProtectedObject[]>() : await lookAtObjects(context);
  const copies = byUpstream(seen.copies);
  return seen.upstreamReports.map((report) => ({
    upstream: report.upstream,
    at: context.now,
    copies: copies.get(report.upstream) ?? [],
    isUp: !report.stale && !report.incompleteReasons.includes('UPSTREAM_FAILED'),
    isWhole: isWhole(report),
    hours: isTooMuch ? RECENT_HOURS : lookBackHours,
    objects: objects.get(report.upstream) ?? null,
  }));
};
