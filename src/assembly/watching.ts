import { clock } from '../calling/clock.js';
import type { IndexMemory } from '../index/memory.js';
import { createLeases } from '../replicas/lease.js';
import type { Askable } from '../replicas/redis-aid.js';
import { visibleClients } from '../upstream/clients.js';
import type { AllClients } from '../upstream/product.js';
import { kindOf } from '../watch/figures.js';
import { lookAt } from '../watch/look.js';
import { type WatchSettings, createWatcher } from '../watch/watcher.js';
import type { Config } from './config.js';
import { callOf } from './context.js';
import { type NotifyingOptions, startNotifying, timesOf } from './notifying.js';

/** The present config and clients of the watcher; a reload replaces them. */
interface Watched {
  readonly config: () => Config;
  readonly clients: () => AllClients;
  readonly memory: () => IndexMemory;
}

interface WatchingOptions extends NotifyingOptions {
  readonly now: Watched;
  readonly aid: Askable | null; // the Redis that replicas share
}

/** Longer than a poll may take. If the holder has died, it is replaced after this time. */
const LEASE_MS = 15_000;

/**
 * Picks the replica that counts and notifies: the holder of the lease. While Redis is lost there is none, and `isOurs`
 * is `null`.
 */
const createTurns = (aid: Askable | null) => {
  const leases = aid === null ? null : createLeases(aid, LEASE_MS);
  let isOurs: boolean | null = aid === null;
  return {
    take: async (): Promise<void> => {
      if (leases !== null) isOurs = await leases.take('watch').catch(() => null);
    },
    isOurs: (): boolean | null => isOurs,
    close: async (): Promise<void> => leases?.close(),
  };
};

const settingsOf = ({ config, clients }: Watched): WatchSettings => {
  const { watch } = config();
  return {
    upstreams: [...clients().keys()],
    seconds: watch.seconds,
    times: timesOf(config()),
  };
};

const contextOf = ({ config, clients }: Watched, signal: AbortSignal): Parameters<typeof lookAt>[0] => {
  const { limits }: Config = config();
  const session = { clients: visibleClients(clients(), null), call: callOf(limits, signal), base: null };
  return { session, now: clock(), limits };
};

/** Polls all copies even without requests, for metrics and notifications; not while `watch.seconds` is 0. */
export const startWatching = (options: WatchingOptions): { close(): Promise<void> } => {
  const { now, metrics, logger, aid } = options;
  const turns = createTurns(aid);
  const notifying = startNotifying(options);
  const watcher = createWatcher({
    settings: () => settingsOf(now),
    now: clock,
    look: async (signal) => {
      await turns.take();
      return lookAt(contextOf(now, signal));
    },
    megabytesOf: (upstream) => now.memory().megabytes(upstream),
    onChanges: (look, changes) => {
      notifying.looked(look, changes);
      if (turns.isOurs() !== true) return;
      for (const one of changes) if (one.kind === 'finished') finished(look.upstream, kindOf(one.copy), one.copy.state);
    },
    onLooked: (signal) => notifying.turn(contextOf(now, signal), turns.isOurs()),
    onError: (err) => logger.error({ err }, 'polling the copies failed'),
  });
  const { finished } = metrics.watchCopies({
    figures: watcher.figures,
    now: clock,
    maxSeries: () => now.config().limits.metricSeries,
  });
  return {
    close: async () => {
      watcher.close();
      await notifying.close();
      await turns.close();
    },
  };
};
