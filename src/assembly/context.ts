import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import { visibleClients } from '../upstream/clients.js';
import type { AllClients, Clients, Session } from '../upstream/product.js';
import type { FailoverGuard } from '../failover/guard.js';
import type { LiveHub } from '../live/hub.js';
import { type ObjectCopiesLoader, createObjectCopiesLoader } from '../aggregate/object-copies.js';
import type { Config } from './config.js';
import { errorOfReasons } from '../domain/incomplete-reason.js';
import type { Micros } from '../domain/micros.js';
import type { Principal } from '../domain/principal.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { reportedError } from '../edge/errors.js';
import type { CallBudget, CallOptions } from '../calling/call.js';
import { startDeadline } from '../calling/deadline.js';
import { clock } from '../calling/clock.js';

/** What may be missing of an upstream's part, and why. */
type Told = Pick<UpstreamReport, 'upstream' | 'error' | 'incompleteReasons'>;

/** What one request carries: who asks, what they may see and spend, and what was read for it. */
export interface Context {
  readonly principal: Principal;
  readonly session: Session;
  readonly objectCopies: ObjectCopiesLoader;
  readonly failoverGuard: FailoverGuard;
  readonly live: LiveHub;
  /** What an upstream call of this operation is given. */
  readonly call: CallOptions;
  readonly now: Micros;
  readonly limits: Config['limits'];
  /** Outages, and what else may be missing, that the query's own fields do not show: put into `errors` when it has run. */
  readonly outages: GraphQLError[];
  tell(info: GraphQLResolveInfo, reports: readonly Told[]): void;
  /** The same, reading nothing that is older than so many seconds; `null`: as old as the cache's own times allow. */
  aged(maxAgeSeconds: number | null | undefined, info?: GraphQLResolveInfo): Context;
  /** What the nearest field above `info` that has `maxAge` was read with: the fields below it have it too. */
  below(info: GraphQLResolveInfo): Context;
  /**
   * Everything anew for the next event of a stream, which outlives what one operation may cost. Put into what the
   * resolvers see, which is a copy that holds more.
   */
  renew(seen: Context): void;
  /** Lets go of the operation's deadline, when it has run. */
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

/** What the calls of one operation may cost, in number and in time. */
export const callOf = (
  limits: Config['limits'],
  signal: AbortSignal,
  more: Pick<CallOptions, 'stands' | 'trace'> = {},
): CallOptions => ({
  ...more,
  signal,
  deadlineAt: performance.now() + limits.requestTimeoutMs,
  budget: createBudget(limits.maxUpstreamCalls),
});

/** What a context is made of. */
export interface Given {
  readonly principal: Principal;
  /** Those of now: a stream may outlive an upstream. */
  readonly clients: () => AllClients;
  readonly failoverGuard: FailoverGuard;
  readonly live: LiveHub;
  readonly limits: Config['limits'];
  /** Aborts when the caller goes away; the operation's own deadline is added to it. */
  readonly signal: AbortSignal;
  readonly stands?: CallOptions['stands'];
  readonly trace?: CallOptions['trace'];
}

/** Nothing in it leads to an upstream that its principal may not see. */
export const createContext = (given: Given): Context => {
  const begin = (): Context =>
    createOnce(given, visibleClients(given.clients(), given.principal.upstreams), (seen) => {
      seen.end();
      Object.assign(seen, begin());
    });
  return begin();
};

/** The names of the fields that lead to one, without the places in lists: a field of each record of a list is one. */
const namesTo = ({ prev, key }: GraphQLResolveInfo['path']): readonly string[] => {
  const above = prev === undefined ? [] : namesTo(prev);
  return typeof key === 'string' ? [...above, key] : above;
};

/** What one operation, or one event of a stream, is given. */
const createOnce = (
  { principal, failoverGuard, live, limits, signal, stands, trace }: Given,
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
  const standard = callOf(limits, deadline.signal, { stands, trace });
  const others = new Map<number, Context>();
  const agedFields = new Map<string, Context>(); // by the names that lead to the field in the answer
  const nearest = (names: readonly string[]): Context =>
    names.length === 0 ? base : (agedFields.get(names.join(' ')) ?? nearest(names.slice(0, -1)));
  const create = (session: Session): Context => ({
    ...common,
    call: session.call,
    session,
    objectCopies: createObjectCopiesLoader({ ...common, session }),
    below: ({ path }) => (agedFields.size === 0 ? base : nearest(namesTo(path))),
    aged: (maxAgeSeconds, info) => {
      if (maxAgeSeconds === null || maxAgeSeconds === undefined) return base;
      const aged = { ...standard, maxAgeMs: maxAgeSeconds * 1000 };
      // What is read anew is known to the fields below it too, which know of no age.
      const context = others.get(maxAgeSeconds) ?? create({ clients, call: aged, base: base.session });
      others.set(maxAgeSeconds, context);
      if (info !== undefined) agedFields.set(namesTo(info.path).join(' '), context);
      return context;
    },
  });
  const base = create({ clients, call: standard, base: null });
  return base;
};
