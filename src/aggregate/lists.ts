import type { Connection } from '../domain/connection.js';
import { type CopyFilter, asksForExpiry, isOfJob, windowOf } from '../domain/copy-filter.js';
import type { IncompleteReason } from '../domain/incomplete-reason.js';
import { lookBackReasons } from '../domain/look-back.js';
import type { Micros } from '../domain/micros.js';
import type { CopyOrder } from '../domain/copy-order.js';
import { type Order, type Timed, newestFirst } from '../domain/order.js';
import type { Window } from '../domain/window.js';
import { type PageArguments, type PageRequest, toPageRequest } from '../domain/page.js';
import type { MaybeReplica, ReplicaRule } from '../domain/replica.js';
import type { Session } from '../upstream/product.js';
import { clustersAmong, createReplicaRule } from '../upstream/replicas.js';
import type { Source } from '../upstream/source.js';
import { createByOwner } from './by-owner.js';
import { checkCopyFilter } from './check-filter.js';
import { merge } from './merge.js';

/** What a list needs beside its arguments. */
export interface ListContext {
  readonly session: Session;
  readonly now: Micros;
  readonly limits: { readonly maxPageSize: number; readonly lookBackHours: number; readonly maxGroups: number };
}

export interface ListArguments extends PageArguments {
  readonly filter?: CopyFilter | null | undefined;
}

/** The arguments of a list of copies, which can be sorted in several ways. */
export interface CopyListArguments extends ListArguments {
  readonly orderBy?: CopyOrder | null | undefined;
}

/** Whether a list must know when each copy expires: to filter by it, or to sort. */
export const needsExpiry = ({ filter, orderBy }: CopyListArguments): boolean =>
  asksForExpiry(filter ?? {}) || orderBy?.field === 'EXPIRES_AT';

/** Which of a connection's fields the query asks for; what nobody asks for is not read. */
export interface Asked {
  readonly page: boolean; // nodes, edges or pageInfo
  readonly totalCount: boolean;
  readonly tasks: boolean; // something below needs the copy snapshot tasks
  readonly copies?: boolean; // something below needs the copies of runs
  readonly posture: boolean; // something below says what an object's copies come to
}

/**
 * The filter with its window made explicit. Later pages look at the window of the first one, which else would move on
 * with the clock.
 */
export const within = (
  given: CopyFilter,
  { now, limits }: Pick<ListContext, 'now' | 'limits'>,
  page: PageRequest | null,
): {
  readonly filter: CopyFilter;
  readonly window: Window;
  readonly reasons: readonly IncompleteReason[];
} => {
  const standard = windowOf(given, now, limits.lookBackHours);
  const paged = page?.after?.windowFrom ?? page?.before?.windowFrom ?? null;
  const window: Window = { ...standard, from: given.startedAfter ?? paged ?? standard.from };
  return {
    window,
    filter: { ...given, startedAfter: window.from, startedBefore: window.to },
    reasons: lookBackReasons(given, window, now, limits.lookBackHours),
  };
};

/** What a list or a sum over these sources makes of replicas: only who is asked for a job can tell of it. */
export const replicaRuleOf = (
  { session }: Pick<ListContext, 'session'>,
  filter: CopyFilter,
  sources: readonly { readonly upstream: string }[],
): ReplicaRule =>
  createReplicaRule(session, {
    mode: filter.replicas,
    clusters: clustersAmong(
      session.clients,
      sources.map(({ upstream }) => upstream),
    ),
    asksFor: (owner, { id }) => isOfJob(filter, { upstream: owner, jobId: id }),
  });

/** Reads a list as its arguments ask. What belongs to it is decided by `matches`, whatever an upstream sent. */
export const list = async <T extends Timed & MaybeReplica>(
  name: string,
  context: ListContext,
  args: ListArguments & { readonly order?: Order<T> },
  asked: Asked,
  sources: readonly Source<T>[],
  matches: (filter: CopyFilter, record: T, now: Micros) => boolean,
  ruleOf: typeof replicaRuleOf = replicaRuleOf,
): Promise<Connection<T>> => {
  const { order = newestFirst } = args;
  const tag = order === newestFirst ? name : `${name} ${order.name}`; // a cursor is good in its own order alone
  checkCopyFilter(context.session.clients, args.filter ?? {});
  const request = toPageRequest(args, tag, order, context.limits.maxPageSize);
  const { filter, window, reasons } = within(args.filter ?? {}, context, request);
  const replicas = ruleOf(context, filter, sources);
  const counts = createByOwner(() => ({ count: 0 }));
  const merged = await merge<T>({
    sources,
    window,
    order,
    reasons,
    now: context.now,
    matches: (record) => matches(filter, record, context.now) && replicas.passes(record),
    replicas,
    page: asked.page || !asked.totalCount ? request : null,
    each: asked.totalCount ? (_record, owner) => void (counts.for(owner).count += 1) : undefined,
  });
  const upstreamReports = merged.upstreamReports.map(replicas.reported);
  const exact = upstreamReports.every(({ complete }) => complete);
  const total = counts.released(merged.released).reduce((sum, { count }) => sum + count, counts.sure.count);
  return {
    ...merged,
    upstreamReports,
    list: tag,
    order,
    windowFrom: window.from,
    totalCount: asked.totalCount && exact ? total : null,
  };
};
