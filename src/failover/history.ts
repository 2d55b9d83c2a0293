import type { Asked } from '../aggregate/lists.js';
import type { Connection } from '../domain/connection.js';
import { isGiven } from '../domain/copy-filter.js';
import type { Failover, FailoverProgress, FailoverState, PlannedRun } from '../domain/failover.js';
import { type FailoverAttempt, isFailoverAttempt, mayHaveArrived } from '../domain/failover-attempt.js';
import { type Micros, micros } from '../domain/micros.js';
import { type Order, inOrder, newestFirst } from '../domain/order.js';
import { type PageArguments, type PageRequest, cutPage, isWithin, toPageRequest } from '../domain/page.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { orFailure } from '../calling/outcome.js';
import { clientsNamed } from '../upstream/clients.js';
import { reportOf } from '../upstream/report.js';
import { recallReachable } from './guard.js';
import { type FailoverContext, abilityOf, loadFailoverProgress, toFailover } from './status.js';

/** The filter for past failovers. */
interface FailoverFilter {
  readonly upstreams?: readonly string[] | null | undefined;
  readonly states?: readonly FailoverState[] | null | undefined;
  readonly requestedAfter?: Micros | null | undefined; // inclusive
}

interface HistoryContext extends FailoverContext {
  readonly limits: { readonly maxPageSize: number };
}

/** Newest request first, equal times by id. */
const newestRequestFirst: Order<Failover> = {
  ...newestFirst,
  name: 'requested',
  positionOf: ({ requestedAt, id }) => [requestedAt, id],
};

const byRequest = inOrder(newestRequestFirst);

const AT_ONCE = 50; // as many as one poll of a cluster may ask for

/** Collects each upstream's part in the answer. */
const createParts = (names: readonly string[]) => {
  const parts = new Map(
    names.map((upstream) => [
      upstream,
      { observedAt: null as Micros | null, error: null as UpstreamError | null, isWhole: true },
    ]),
  );
  return {
    forgot: (upstream: string): void => void Object.assign(parts.get(upstream) ?? {}, { isWhole: false }),
    polled: (upstream: string, polled: PlannedRun | UpstreamError | null): void => {
      const part = parts.get(upstream);
      if (part === undefined || polled === null) return;
      if (polled instanceof UpstreamError) part.error ??= polled;
      else part.observedAt = micros(Math.min(part.observedAt ?? polled.observedAt, polled.observedAt));
    },
    reports: (): readonly UpstreamReport[] =>
      [...parts].map(([upstream, { observedAt, error, isWhole }]) =>
        reportOf({ upstream, observedAt, error, unreadable: 0, reasons: isWhole ? [] : ['UNREADABLE'] }),
      ),
  };
};

/** The progress if the cluster cannot be reached: only the remembered acceptance is known. */
const unasked = ({ outcome }: FailoverAttempt): FailoverProgress => ({
  state: outcome === 'accepted' ? 'REQUESTED' : 'UNCONFIRMED',
  message: 'The cluster cannot be asked now, so its progress is not known.',
});

/** An attempt and its failover, as far as that is known without a call. */
interface Remembered {
  readonly attempt: FailoverAttempt;
  readonly failover: Failover;
}

/** Reads the state from the cluster, once for all failovers of a poll. */
const refresh = async (
  { session, now }: HistoryContext,
  { attempt, failover }: Remembered,
  parts: ReturnType<typeof createParts>,
): Promise<Failover> => {
  const { upstream, key } = attempt;
  const planned = await orFailure(abilityOf(session, upstream)?.planned(session, key) ?? Promise.resolve(null));
  parts.polled(upstream, planned);
  if (planned instanceof UpstreamError) return { ...failover, progress: unasked(attempt) };
  return toFailover(upstream, key, { planned, attempt, now });
};

/** Reads as many as are needed, a poll's worth at a time; all of them if they are counted. */
const readUntil = async (
  context: HistoryContext,
  remembered: readonly Remembered[],
  parts: ReturnType<typeof createParts>,
  { states, most }: { readonly states: ReadonlySet<FailoverState> | null; readonly most: number },
): Promise<readonly Failover[]> => {
  const found: Failover[] = [];
  for (let at = 0; at < remembered.length && found.length < most; at += AT_ONCE) {
    const some = remembered.slice(at, Math.min(at + AT_ONCE, states === null ? at + most - found.length : Infinity));
    const read = await Promise.all(some.map((one) => refresh(context, one, parts)));
    if (states === null) found.push(...read);
    else {
      const told = await Promise.all(
        read.map(async (one) => ({ ...one, progress: await loadFailoverProgress(context.session, one) })),
      );
      found.push(...told.filter(({ progress }) => states.has(progress.state)));
    }
  }
  return found;
};

/** All remembered failovers that may have reached a cluster, newest first. */
const rememberAll = async (
  context: HistoryContext,
  names: readonly string[],
  parts: ReturnType<typeof createParts>,
  from: Micros,
): Promise<readonly Remembered[]> => {
  const all = await Promise.all(
    names.map(async (upstream) => {
      const { attempts, isWhole } = await recallReachable(context.failoverGuard, upstream, from);
      if (!isWhole) parts.forgot(upstream);
      return attempts;
    }),
  );
  return all
    .flat()
    .filter((attempt) => isFailoverAttempt(attempt) && mayHaveArrived(attempt))
    .map((attempt) => {
      const { upstream, key } = attempt;
      return { attempt, failover: toFailover(upstream, key, { planned: null, attempt, now: context.now }) };
    })
    .sort((a, b) => byRequest(a.failover, b.failover));
};

/** The failovers of a page, with the states needed for the filter. */
const pageOf = async (
  context: HistoryContext,
  remembered: readonly Remembered[],
  parts: ReturnType<typeof createParts>,
  { request, states }: { readonly request: PageRequest; readonly states: ReadonlySet<FailoverState> | null },
) => {
  const within = remembered.filter(({ failover }) => isWithin(newestRequestFirst, request, failover));
  return cutPage(await readUntil(context, within, parts, { states, most: request.size + 1 }), request);
};

/**
 * `failoverHistory`: the failovers that may have reached a cluster, from this process, Redis and the audit file. One
 * poll for each cluster and each fifty of a page; a filter on states also reads their runs.
 */
export const listFailovers = async (
  context: HistoryContext,
  args: Pick<PageArguments, 'first' | 'after'> & { readonly filter?: FailoverFilter | null | undefined },
  asked: Pick<Asked, 'page' | 'totalCount'>,
): Promise<Connection<Failover>> => {
  const request = toPageRequest(args, 'failoverHistory', newestRequestFirst, context.limits.maxPageSize);
  const { upstreams, states, requestedAfter } = args.filter ?? {};
  const names = clientsNamed(context.session.clients, upstreams, 'filter.upstreams')
    .filter(({ failover }) => failover !== undefined)
    .map(({ upstream }) => upstream.name);
  const parts = createParts(names);
  const remembered = await rememberAll(context, names, parts, requestedAfter ?? micros(0));
  const wanted = isGiven(states) ? new Set(states) : null;
  const counted =
    asked.totalCount && wanted !== null
      ? (await readUntil(context, remembered, parts, { states: wanted, most: Number.POSITIVE_INFINITY })).length
      : remembered.length;
  const page = await pageOf(context, remembered, parts, { request, states: wanted });
  const upstreamReports = parts.reports();
  return {
    ...page,
    list: 'failoverHistory',
    order: newestRequestFirst,
    windowFrom: null,
    totalCount: asked.totalCount && upstreamReports.every(({ complete }) => complete) ? counted : null,
    upstreamReports,
  };
};
