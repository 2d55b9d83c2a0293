import type { AttemptStore, FailoverAttempt } from '../domain/failover-attempt.js';
import { DAY_MICROS } from '../domain/micros.js';
import { afterEnd, newestAttemptFirst } from '../domain/newest-attempt.js';
import { mayHaveArrived } from '../domain/failover-attempt.js';
import { clock } from '../calling/clock.js';

/** So many attempts that came to nothing are remembered at most. */
const CAPACITY = 10_000;

const nameOf = (upstream: string, key: string): string => `${upstream}:${key}`;

/**
 * The attempts of this process, until it ends: always those that may have reached a cluster; for a day those that came
 * to nothing, the oldest going first beyond 10,000. Its methods never fail.
 */
export const createFailoverMemory = (now = clock): AttemptStore => {
  const sent = new Map<string, FailoverAttempt>();
  const idle = new Map<string, FailoverAttempt>(); // in the order they ended

  const get = (name: string): FailoverAttempt | undefined => sent.get(name) ?? idle.get(name);

  const put = (name: string, attempt: FailoverAttempt): void => {
    sent.delete(name);
    idle.delete(name);
    (mayHaveArrived(attempt) ? sent : idle).set(name, attempt);
    for (const [oldest, { startedAt }] of idle) {
      if (idle.size <= CAPACITY && now() - startedAt < DAY_MICROS) break;
      idle.delete(oldest);
    }
  };

  return {
    find: (upstream, key) => Promise.resolve(get(nameOf(upstream, key)) ?? null),
    since: (upstream, from) =>
      Promise.resolve(
        [...sent.values(), ...idle.values()]
          .filter((attempt) => attempt.upstream === upstream && attempt.startedAt >= from)
          .sort(newestAttemptFirst),
      ),
    begin: (attempt) => {
      put(nameOf(attempt.upstream, attempt.key), attempt);
      return Promise.resolve();
    },
    end: (attempt) => {
      const name = nameOf(attempt.upstream, attempt.key);
      put(name, afterEnd(get(name), attempt));
      return Promise.resolve();
    },
  };
};
