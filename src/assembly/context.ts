import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { visibleClients } from '../upstream/clients.js';
import type { AllClients, Clients, Session } from '../upstream/product.js';
import type { FailoverGuard } from '../failover/guard.js';
import type { LiveHub } from '../live/hub.js';
import { type ObjectCopiesLoader, createObjectCopiesLoader } from '../aggregate/object-copies.js';
import type { Config } from './config.js';
import { errorOfReasons } from '../domain/incomplete-reason.js';
import type { WorkflowRules } from '../domain/failover-workflow-result.js';
import type { Micros } from '../domain/micros.js';
import type { Principal } from '../domain/principal.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { reportedError } from '../edge/errors.js';
import type { CallBudget, CallOptions } from '../calling/call.js';
import { startDeadline } from '../calling/deadline.js';
import { clock } from '../calling/clock.js';

/** The reasons why an upstream's part may be incomplete. */
type Told = Pick<UpstreamReport, 'upstream' | 'error' | 'incompleteReasons'>;

/** The context of one request: its caller, the upstreams the caller may see, its budgets, and its reads. */
export interface Context {
  readonly principal: Principal;
  readonly session: Session;
  readonly objectCopies: ObjectCopiesLoader;
  readonly failoverGuard: FailoverGuard;
  readonly live: LiveHub;
  /** The options of this operation's upstream calls. */
  readonly call: CallOptions;
  readonly now: Micros;
  readonly limits: Config['limits'];
  readonly workflow: WorkflowRules;
  /**
   * Outages and other missing data that the query's own fields do not show. They go into `errors` after the query has
   * run.
   */
  readonly outages: GraphQLError[];
  tell(info: GraphQLResolveInfo, reports: readonly Told[]): void;
  /**
   * The same context, but reading nothing older than `maxAgeSeconds`. `null`: as old as the cache's own times allow.
   */
  aged(maxAgeSeconds: number | null | undefined, info?: GraphQLResolveInfo): Context;
  /** The context of the nearest field above `info` that has `maxAge`; the fields below it use it too. */
  below(info: GraphQLResolveInfo): Context;
  /**
   * Renews everything for the next event of a stream, which may last longer than one operation's budgets. Yoga gives
   * resolvers an extended copy of the context, so the new values are assigned into that copy.
   */
  renew(seen: Context): void;
  /** Releases the operation's deadline after it has run. */
  end(): void;
}

const createBudget = (calls: number): CallBudget => {
  let left = calls;
  return {
    spend: (upstream) => {
      if (left <= 0) throw new UpstreamError(upstream, 'budgetExceeded', `more than ${calls} calls in one operation`);
      left -= 1;
    },
    left: () => left,
  };
};

/** The call options of one operation: its budgets of calls and time. */
export const callOf = (
  limits: Config['limits'],
  signal: AbortSignal,
  more: Pick<CallOptions, 'stands' | 'aheadMs' | 'trace'> = {},
): CallOptions => ({
  signal,
  deadlineAt: performance.now() + limits.requestTimeoutMs,
  budget: createBudget(limits.maxUpstreamCalls),
  ...more,
});

/** The inputs of a context. */
export interface Given {
  readonly principal: Principal;
  /** The present clients: a stream may outlive an upstream. */
  readonly clients: () => AllClients;
  readonly failoverGuard: FailoverGuard;
  readonly live: LiveHub;
  readonly limits: Config['limits'];
  readonly workflow: WorkflowRules;
  /** Aborts when the caller goes away; the operation's own deadline is added. */
  readonly signal: AbortSignal;
  readonly stands?: CallOptions['stands'];
  readonly aheadMs?: CallOptions['aheadMs'];
  readonly trace?: CallOptions['trace'];
}

/** Makes the context of a request. It contains no upstream that its principal may not see. */
export const createContext = (given: Given): Context => {
  const begin = (): Context =>
    createOnce(given, visibleClients(given.clients(), given.principal.upstreams), (seen) => {
      seen.end();
      Object.assign(seen, begin());
    });
  return begin();
};

/** The names on the path to a field, without list indexes: a field counts once for all records of a list. */
const namesTo = ({ prev, key }: GraphQLResolveInfo['path']): readonly string[] => {
  const above = prev === undefined ? [] : namesTo(prev);
  return typeof key === 'string' ? [...above, key] : above;
};

/** Makes the context of one operation, or of one event of a stream. */
const createOnce = (
  { principal, failoverGuard, live, limits, workflow, signal, stands, aheadMs, trace }: Given,
  clients: Clients,
  renew: Context['renew'],
): Context => {
  const outages: GraphQLError[] = [];
  const deadline = startDeadline(limits.requestTimeoutMs, signal);
  const common = {
    principal,
    failoverGuard,
    live,
    now: clock(),
    limits,
    workflow,
    outages,
    renew,
    end: deadline.end,
    tell: ({ path, fieldNodes }: GraphQLResolveInfo, reports: readonly Told[]) => {
      for (const { upstream, error, incompleteReasons } of reports) {
        const told = error ?? errorOfReasons(upstream, incompleteReasons);
        if (told !== null) outages.push(reportedError(upstream, told, path, fieldNodes));
      }
    },
  };
  const standard = callOf(limits, deadline.signal, { stands, aheadMs, trace });
  const others = new Map<number, Context>();
  const agedFields = new Map<string, Context>(); // by the path of names to the field
  const nearest = (names: readonly string[]): Context =>
    names.length === 0 ? base : (agedFields.get(names.join(' ')) ?? nearest(names.slice(0, -1)));
  const create = (session: Session): Context => ({
    call: session.call,
    session,
    objectCopies: createObjectCopiesLoader({ session, ...common }),
    below: ({ path }) => (agedFields.size === 0 ? base : nearest(namesTo(path))),
    aged: (maxAgeSeconds, info) => {
      if (maxAgeSeconds === null || maxAgeSeconds === undefined) return base;
      const aged = { ...standard, maxAgeMs: maxAgeSeconds * 1000 };
      // Fresh reads also serve the fields below, which have no age of their own.
      const context = others.get(maxAgeSeconds) ?? create({ clients, call: aged, base: base.session });
      others.set(maxAgeSeconds, context);
      if (info !== undefined) agedFields.set(namesTo(info.path).join(' '), context);
      return context;
    },
    ...common,
  });
  const base = create({ clients, call: standard, base: null });
  return base;
};
