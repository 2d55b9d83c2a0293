import type { CopyOperation } from '../domain/copy-operation.js';
import { HOUR_MICROS, type Micros, micros } from '../domain/micros.js';
import type { CallOptions } from '../calling/call.js';
import { clock } from '../calling/clock.js';
import { merge } from '../aggregate/merge.js';
import { type FailoverFeed, createFailoverFeed } from '../failover/feed.js';
import type { FailoverGuard } from '../failover/guard.js';
import { visibleClients } from '../upstream/clients.js';
import type { AllClients, Clients, LiveRead, UpstreamClient } from '../upstream/product.js';
import type { Look, Relay } from '../domain/relay.js';
import { type Feed, type OwnedFeed, createFeed } from './feed.js';

/** How the hub polls, and how often. */
interface Pace {
  readonly lookBackHours: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** How many calls one poll may make, as an operation. */
  readonly maxCalls: number;
}

interface LiveHubOptions {
  /** The present clients, which a reload may replace. */
  readonly clients: () => AllClients;
  readonly failoverGuard: FailoverGuard;
  /** The pace of feeds that begin now. */
  readonly pace: () => Pace;
  readonly relay: Relay | null;
  /** The call options of one poll: the budgets of an operation. */
  readonly callFor: (signal: AbortSignal, ages: Pick<CallOptions, 'maxAgeMs' | 'movingMaxAgeMs'>) => CallOptions;
  readonly onError: (error: unknown) => void;
}

/** All pollers, shared by all subscribers of this process. They outlive requests. */
export interface LiveHub {
  /** One poller for equal reads of an upstream. */
  feed(client: UpstreamClient, read: LiveRead): Feed;
  failovers(upstream: string): FailoverFeed;
}

/** The hub with the method that only its owner may call. */
interface OwnedLiveHub extends LiveHub {
  /** Ends the streams of these upstreams, which were removed or have new settings. */
  retire(upstreams: ReadonlySet<string>): void;
}

/** One poller for each upstream and kind of read, made on first use. It runs while it has listeners. */
export const createLiveHub = (options: LiveHubOptions): OwnedLiveHub => {
  const { clients, failoverGuard, pace, relay, callFor, onError } = options;
  const all = (): Clients => visibleClients(clients(), null);
  const feeds = new Map<string, { readonly upstream: string; readonly feed: OwnedFeed }>();
  const ending = new Map<string, Promise<void>>(); // retired feeds, by name
  const failoverFeeds = new Map<string, FailoverFeed>();

  const look = async (
    read: LiveRead,
    since: Micros,
    call: { readonly signal: AbortSignal; readonly maxAgeMs: number },
  ): Promise<Look> => {
    const copies: CopyOperation[] = [];
    const asOf = clock() - call.maxAgeMs * 1000;
    const session = { clients: all(), call: callFor(call.signal, { movingMaxAgeMs: call.maxAgeMs }), base: null };
    const source = read.copies(session);
    // A run that began long ago may get another copy, and that copy has the run's date until it starts.
    const farthest = clock() - pace().lookBackHours * HOUR_MICROS;
    const from = micros(Math.max(1, Math.min(since, Math.max(farthest, source.goesOnSince?.() ?? since))));
    const { upstreamReports } = await merge<CopyOperation>({
      sources: [source],
      window: { from, to: null },
      now: clock(),
      matches: ({ startedAt }) => startedAt === null || startedAt >= from,
      page: null,
      each: (copy) => void copies.push(copy),
    });
    const [report] = upstreamReports;
    if (report === undefined) throw new Error('one source gives one report');
    if (report.stale || report.observedAt === null) return { copies, report };
    // Settled records may have been read a day ago, but a new read would return the same.
    return { copies, report: { ...report, observedAt: micros(Math.max(report.observedAt, asOf)) } };
  };

  const create = (name: string, read: LiveRead): OwnedFeed => {
    const { lookBackHours, minMs, maxMs } = pace();
    return createFeed({
      name,
      minMs,
      maxMs,
      lookBackMicros: lookBackHours * HOUR_MICROS,
      now: clock,
      look: (since, call) => look(read, since, call),
      relay,
      after: ending.get(name),
      onError,
      onIdle: read.passing ? () => void feeds.delete(name) : undefined,
    });
  };

  return {
    retire: (upstreams) => {
      for (const [name, { upstream, feed }] of [...feeds]) {
        if (!upstreams.has(upstream)) continue;
        feeds.delete(name);
        ending.set(name, feed.end());
      }
      for (const upstream of upstreams) {
        failoverFeeds.get(upstream)?.end();
        failoverFeeds.delete(upstream);
      }
    },
    feed: (client, read) => {
      const upstream = client.upstream.name;
      const name = `${upstream} ${read.key}`;
      const isGone = clients().get(upstream) !== client;
      const known = isGone ? undefined : feeds.get(name)?.feed;
      const feed = known ?? create(name, read);
      if (isGone) void feed.end();
      else feeds.set(name, { upstream, feed });
      return feed;
    },
    failovers: (upstream) => {
      const { minMs, maxMs, maxCalls } = pace();
      const feed =
        failoverFeeds.get(upstream) ??
        createFailoverFeed({
          upstream,
          minMs,
          maxMs,
          perLook: Math.max(1, Math.floor(maxCalls / 2)), // each costs a call, and may be repeated
          contextFor: (signal) => ({
            session: { clients: all(), call: callFor(signal, { maxAgeMs: 0 }), base: null },
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
