import type { IncompleteReason } from '../domain/incomplete-reason.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { readEveryCopy } from '../aggregate/every-copy.js';
import type { ListContext } from '../aggregate/lists.js';
import { listProtectedObjects } from '../aggregate/protected-objects.js';
import type { Look } from './memory.js';

const missing: ReadonlySet<IncompleteReason> = new Set(['UPSTREAM_FAILED', 'BUDGET', 'NOT_READ_YET']);

/** Whether every record was there to be read; what the vendor itself left out is no reason to keep silent of the rest. */
const isWhole = ({ ok, stale, incompleteReasons }: UpstreamReport): boolean =>
  ok && !stale && !incompleteReasons.some((reason) => missing.has(reason));

const everything = Number.MAX_SAFE_INTEGER;

/** One look at all upstreams of a session: their copies, then their objects, which need the same reads. */
export const lookAt = async (given: ListContext): Promise<readonly Look[]> => {
  const context: ListContext = { ...given, limits: { ...given.limits, maxPageSize: everything } };
  const { copies, upstreamReports } = await readEveryCopy(context);
  const asked = { page: true, totalCount: false, tasks: false, posture: true };
  const objects = await listProtectedObjects(context, { first: everything }, asked);
  const wholeObjects = new Set(objects.upstreamReports.filter(isWhole).map(({ upstream }) => upstream));
  return upstreamReports.map((report) => ({
    upstream: report.upstream,
    at: context.now,
    copies: copies.filter(({ upstream }) => upstream === report.upstream),
    isUp: report.ok && !report.stale,
    isWhole: isWhole(report),
    objects: wholeObjects.has(report.upstream)
      ? objects.records.filter(({ upstream }) => upstream === report.upstream)
      : null,
  }));
};
