import type { AttemptStore, FailoverAttempt } from '../domain/failover-attempt.js';
import { DAY_MICROS } from '../domain/micros.js';
import { afterEnd, newestAttemptFirst } from '../domain/newest-attempt.js';
import { mayHaveArrived } from '../domain/failover-attempt.js';
import { clock } from '../calling/clock.js';

/** The most attempts that are remembered without having reached an upstream. */
const CAPACITY = 10_000;

const nameOf = (upstream: string, key: string): string => `${upstream}:${key}`;

/**
 * The attempts of this process, until it ends. Those that may have arrived are always kept. Others are kept for a day;
 * beyond 10,000, the oldest are dropped. Its methods never fail.
 */
export const createFailoverMemory = (now = clock): AttemptStore => {
  const sent = new Map<string, FailoverAttempt>();
  const idle = new Map<string, FailoverAttempt>(); // in the order of their ends

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
