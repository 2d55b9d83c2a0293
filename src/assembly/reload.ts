import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.js';
import type { Connected } from './connect.js';
import type { Generation } from './generation.js';
import type { Lasting } from './lasting.js';

/** Beyond an operation's own time: a body that is still sent, and a press whose caller has gone away. */
const REST_MS = 40_000;

const nameOf = ({ client }: Connected): string => client.upstream.name;

/** What each look of the live pollers goes by. */
const paceOf = ({ live, limits }: Config): readonly unknown[] => [live, limits.lookBackHours, limits.maxUpstreamCalls];

/** What was added, removed and changed, for the log. */
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

/** Connections that nothing new goes over: each is closed when all that was under way has ended. */
interface Leaving {
  add(connections: readonly Connected[], afterMs: number): void;
  /** Closes them now. */
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

/** Lets go of what the config before had and the one that serves now has not. */
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
