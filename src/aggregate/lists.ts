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

/** The parts of a request that a list needs, apart from its arguments. */
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

/** Whether a list must know when each copy expires, to filter or to sort by it. */
export const needsExpiry = ({ filter, orderBy }: CopyListArguments): boolean =>
  asksForExpiry(filter ?? {}) || orderBy?.field === 'EXPIRES_AT';

/** The fields of a connection that the query asks for; the others are not read. */
export interface Asked {
  readonly page: boolean; // nodes, edges or pageInfo
  readonly totalCount: boolean;
  readonly tasks: boolean; // a field below needs the copy snapshot tasks
  readonly copies?: boolean; // a field below needs the copies of runs
  readonly posture: boolean; // a field below needs the sums of an object's copies
}

/**
 * The filter with its window made explicit. Later pages use the window of the first page; otherwise it would move with
 * the clock.
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
  const window: Window = { from: given.startedAfter ?? paged ?? standard.from, to: standard.to };
  return {
    window,
    filter: { ...given, startedAfter: window.from, startedBefore: window.to },
    reasons: lookBackReasons(given, window, now, limits.lookBackHours),
  };
};

/** The replica rule of a list or sum over these sources. Only an upstream that is asked for a job can return it. */
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

/** Reads a list by its arguments. `matches` decides which records belong to it, whatever an upstream sent. */
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
  const tag = order === newestFirst ? name : `${name} ${order.name}`; // a cursor is valid only in its own order
  checkCopyFilter(context.session.clients, args.filter ?? {});
  const request = toPageRequest(args, tag, order, context.limits.maxPageSize);
  const { filter, window, reasons } = within(args.filter ?? {}, context, request);
  const replicas = ruleOf(context, filter, sources);
  const counts = createByOwner(() => ({ count: 0 }));
  const { upstreamReports: reports, ...read } = await merge<T>({
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
  const upstreamReports = reports.map(replicas.reported);
  const exact = upstreamReports.every(({ complete }) => complete);
  const total = counts.released(read.released).reduce((sum, { count }) => sum + count, counts.sure.count);
  return {
    upstreamReports,
    list: tag,
    order,
    windowFrom: window.from,
    totalCount: asked.totalCount && exact ? total : null,
    ...read,
  };
};
