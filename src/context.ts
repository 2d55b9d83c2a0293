import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { Clients } from './aggregate/clients.js';
import { type Loaders, createLoaders } from './aggregate/loaders.js';
import { type ObjectCopiesLoader, createObjectCopiesLoader } from './aggregate/object-copies.js';
import type { Config } from './config.js';
import { type Micros, microsFromMillis } from './domain/micros.js';
import { UpstreamError } from './domain/upstream-error.js';
import type { UpstreamReport } from './domain/upstream-report.js';
import { reportedError } from './edge/errors.js';
import type { CallBudget } from './upstream/call.js';
import { startDeadline } from './upstream/deadline.js';

/** What one request carries: the clients, fresh loaders, and what it may cost. */
export interface Context {
  readonly clients: Clients;
  readonly loaders: Loaders;
  readonly objectCopies: ObjectCopiesLoader;
  readonly now: Micros;
  readonly limits: Config['limits'];
  /** Outages that the query's own fields do not show; they are put into `errors` when it has run. */
  readonly outages: GraphQLError[];
  tell(info: GraphQLResolveInfo, reports: readonly UpstreamReport[]): void;
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
  };
};

/** `signal` aborts when the caller goes away; the operation's own deadline is added here. */
export const createContext = (clients: Clients, limits: Config['limits'], signal: AbortSignal): Context => {
  const outages: GraphQLError[] = [];
  const deadline = startDeadline(limits.requestTimeoutMs, signal);
  const call = { signal: deadline.signal, budget: createBudget(limits.maxUpstreamCalls) };
  const shared = { clients, loaders: createLoaders(clients, call), now: microsFromMillis(Date.now()), limits };
  return {
    ...shared,
    objectCopies: createObjectCopiesLoader(shared),
    outages,
    end: deadline.end,
    tell: ({ path, fieldNodes }, reports) => {
      for (const { upstream, error } of reports) {
        if (error !== null) outages.push(reportedError(upstream, error, path, fieldNodes));
      }
    },
  };
};
