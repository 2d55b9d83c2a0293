import type { AnyCopy } from '../domain/copy-filter.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import { HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { CallOptions } from '../calling/call.js';
import { type AllClients, type UpstreamClient, isAwsBackup, visibleClients } from '../aggregate/clients.js';
import { copyJobSource } from '../aggregate/copy-job-pages.js';
import { type FailoverFeed, createFailoverFeed } from '../failover/feed.js';
import type { FailoverGuard } from '../failover/guard.js';
import { type Feed, type Relay, createFeed } from './feed.js';
import { type Look } from './look.js';
import { type Loaders, createLoaders } from '../aggregate/loaders.js';
import { type Source, merge } from '../aggregate/merge.js';
import { protectionRunSource } from '../aggregate/protection-runs.js';
import { clock } from '../calling/clock.js';

/** What is read of an upstream: a cluster's copies, with their tasks or without, or an endpoint's jobs. */
export type FeedKind = 'copies' | 'tasks' | 'jobs';

export interface LiveHubOptions {
  readonly clients: AllClients;
  readonly failoverGuard: FailoverGuard;
  readonly lookBackHours: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** How many calls a look may make, as an operation. */
  readonly maxCalls: number;
  readonly relay: Relay | null;
  /** What each look may cost: the budgets of an operation. */
  readonly callFor: (signal: AbortSignal, ages: Pick<CallOptions, 'maxAgeMs' | 'movingMaxAgeMs'>) => CallOptions;
  readonly onError: (error: unknown) => void;
}

/** Everything that is watched, over all subscribers of this process. It outlives requests. */
export interface LiveHub {
  /** With an account: that account's jobs, which AWS lists only where they are asked for. */
  feed(upstream: string, kind: FeedKind, accountId?: string): Feed;
  failovers(upstream: string): FailoverFeed;
}

const recordsOf: Readonly<Record<'copies' | 'tasks', (run: ProtectionRun) => readonly AnyCopy[]>> = {
  copies: ({ copyRuns }) => copyRuns,
  tasks: ({ copyRuns }) => copyRuns.flatMap((copyRun): readonly AnyCopy[] => [copyRun, ...(copyRun.tasks ?? [])]),
};

/** What one feed reads. */
interface Watched {
  readonly client: UpstreamClient;
  readonly kind: FeedKind;
  readonly accountId: string | undefined;
}

const sourceOf = ({ client, kind, accountId }: Watched, loaders: Loaders): Source<AnyCopy> => {
  const upstream = client.upstream.name;
  if (isAwsBackup(client)) {
    const queries = [accountId === undefined ? {} : { accountId }];
    return copyJobSource({ upstream, loaders, slices: client.slices, queries });
  }
  const detail = kind === 'tasks' ? 'tasks' : 'copies';
  return protectionRunSource<AnyCopy>({
    upstream,
    loaders,
    slices: client.slices,
    detail,
    jobIds: null,
    recordsOf: recordsOf[detail],
  });
};

/** One poller for each upstream and kind of read, made when first asked for; it runs while anyone listens. */
export const createLiveHub = (options: LiveHubOptions): LiveHub => {
  const { clients, failoverGuard, lookBackHours, minMs, maxMs, maxCalls, relay, callFor, onError } = options;
  const all = visibleClients(clients, null);
  const feeds = new Map<string, Feed>();
  const failoverFeeds = new Map<string, FailoverFeed>();

  const look = async (
    watched: Watched,
    since: Micros,
    call: { readonly signal: AbortSignal; readonly maxAgeMs: number },
  ): Promise<Look> => {
    const copies: AnyCopy[] = [];
    const asOf = clock() - call.maxAgeMs * 1000;
    const { upstreamReports } = await merge<AnyCopy>({
      sources: [sourceOf(watched, createLoaders(all, callFor(call.signal, { movingMaxAgeMs: call.maxAgeMs })))],
      window: { from: since, to: null },
      now: clock(),
      matches: ({ startedAt }) => startedAt === null || startedAt >= since,
      page: null,
      each: (copy) => void copies.push(copy),
    });
    const [report] = upstreamReports;
    if (report === undefined) throw new Error('one source gives one report');
    if (report.stale || report.observedAt === null) return { copies, report };
    // What is settled may have been read a day ago, but it says what it would say now.
    return { copies, report: { ...report, observedAt: micros(Math.max(report.observedAt, asOf)) } };
  };

  return {
    feed: (upstream, kind, accountId) => {
      const name = [upstream, kind, accountId ?? []].flat().join(' ');
      const client = clients.get(upstream);
      if (client === undefined) throw new Error(`an upstream that is not configured: ${upstream}`);
      const feed =
        feeds.get(name) ??
        createFeed({
          name,
          minMs,
          maxMs,
          lookBackMicros: lookBackHours * HOUR_MICROS,
          now: clock,
          look: (since, call) => look({ client, kind, accountId }, since, call),
          relay,
          onError,
          // Callers choose accounts, so what nobody watches any more must not stay.
          onIdle: accountId === undefined ? undefined : () => void feeds.delete(name),
        });
      feeds.set(name, feed);
      return feed;
    },
    failovers: (upstream) => {
      const feed =
        failoverFeeds.get(upstream) ??
        createFailoverFeed({
          upstream,
          minMs,
          maxMs,
          perLook: Math.max(1, Math.floor(maxCalls / 2)), // each costs a call, and may be repeated
          contextFor: (signal) => ({
            loaders: createLoaders(all, callFor(signal, { maxAgeMs: 0 })),
            failoverGuard,
            now: clock(),
          }),
          onError,
        });
      failoverFeeds.set(upstream, feed);
      return feed;
    },
  };
};
