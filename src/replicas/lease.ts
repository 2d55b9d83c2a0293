import { randomUUID } from 'node:crypto';
import { RELEASE } from './exclusive.js';
import type { Askable } from './redis-aid.js';

/** Takes a free name, and renews the lease of its holder. */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const keyOf = (name: string): string => `copygraph:lease:{${name}}`;

/** The tasks that this process has for all replicas. */
interface Leases {
  /**
   * Whether this process holds the name; takes it if it is free. A held name is renewed in the background, so work may
   * take longer than the lease. Throws an `Error` if Redis cannot be reached. One call at a time for a name.
   */
  take(name: string): Promise<boolean>;
  /** Lets another process take it at once. */
  release(name: string): Promise<void>;
  /** Releases all, for good. */
  close(): Promise<void>;
}

/**
 * Names that one process holds over all replicas until it releases them, or is gone for `leaseMs`. Unlike `Exclusive`,
 * it is for work that two may do at once for a while without harm.
 */
export const createLeases = (redis: Askable, leaseMs: number): Leases => {
  const token = randomUUID();
  const renewals = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const ask = async (name: string): Promise<boolean> =>
    (await redis.ask((client) => client.eval(TAKE, 1, keyOf(name), token, leaseMs))) === 1;

  const stop = (name: string): void => {
    clearInterval(renewals.get(name));
    renewals.delete(name);
  };

  const renew = (name: string): void => {
    void ask(name).then(
      (held) => held || stop(name), // it was away for longer than the lease, and was replaced
      () => undefined, // tried again at the next renewal
    );
  };

  const release = async (name: string): Promise<void> => {
    stop(name);
    await redis.ask((client) => client.eval(RELEASE, 1, keyOf(name), token)).catch(() => undefined); // it expires
  };

  return {
    take: async (name) => {
      if (closed) return false;
      const held = await ask(name);
      if (!held) stop(name);
      else if (!closed && !renewals.has(name)) renewals.set(name, setInterval(() => renew(name), leaseMs / 3).unref());
      return held;
    },
    release,
    close: async () => {
      closed = true;
      await Promise.all([...renewals.keys()].map(release));
    },
  };
};
