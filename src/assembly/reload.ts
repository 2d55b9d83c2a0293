import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.js';
import type { Connected } from './connect.js';
import type { Generation } from './generation.js';
import type { Lasting } from './lasting.js';

/** Time after an operation's own limit: for a body still being sent, and a failover request whose caller has left. */
const REST_MS = 40_000;

const nameOf = ({ client }: Connected): string => client.upstream.name;

/** The settings that each poll depends on. */
const paceOf = ({ live, limits }: Config): readonly unknown[] => [live, limits.lookBackHours, limits.maxUpstreamCalls];

/** The upstreams that were added, removed and changed, for the log. */
const differenceOf = (before: Generation, after: Generation) => {
  const [old, fresh] = [before.connected.map(nameOf), after.connected.map(nameOf)];
  const kept = new Set(after.connected.filter((one) => before.connected.includes(one)).map(nameOf));
  const keysOf = ({ config: { auth } }: Generation): readonly string[] => (auth?.apiKeys ?? []).map(({ name }) => name);
  return {
    added: fresh.filter((name) => !old.includes(name)),
    removed: old.filter((name) => !fresh.includes(name)),
    changed: fresh.filter((name) => old.includes(name) && !kept.has(name)),
    keys: keysOf(after),
  };
};

/** Connections without new calls: each is closed when all its running calls have ended. */
interface Leaving {
  add(connections: readonly Connected[], afterMs: number): void;
  /** Closes them all now. */
  close(): Promise<void>;
}

export const createLeaving = (): Leaving => {
  const all = new Map<Connected, NodeJS.Timeout>();
  const close = async (one: Connected): Promise<void> => {
    clearTimeout(all.get(one));
    all.delete(one);
    await one.close();
  };
  return {
    add: (connections, afterMs) => {
      for (const one of connections) {
        one.rest();
        all.set(one, setTimeout(() => void close(one), afterMs).unref());
      }
    },
    close: async () => void (await Promise.all([...all.keys()].map(close))),
  };
};

/** Releases the parts of the previous config that the new one does not have. */
export const letGo = (
  { live, webSockets, streams, metrics, admission, logger }: Lasting,
  leaving: Leaving,
  before: Generation,
  after: Generation,
): void => {
  const difference = differenceOf(before, after);
  const gone = before.connected.filter((one) => !after.connected.includes(one));
  const isOtherPace = !isDeepStrictEqual(paceOf(before.config), paceOf(after.config));
  webSockets.review();
  streams.review();
  live.retire(new Set((isOtherPace ? before.connected : gone).map(nameOf)));
  metrics.watch(
    after.connected.map(({ probed }) => probed),
    admission.running,
  );
  leaving.add(gone, before.config.limits.requestTimeoutMs + REST_MS);
  for (const name of difference.removed) void before.caching.store.dropUpstream(name);
  metrics.reloaded(true);
  logger.info(difference, 'config reloaded');
};
