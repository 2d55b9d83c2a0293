import type { AttemptOutcome } from '../domain/failover-attempt.js';
import type { FailoverRunConfiguration, PlannedRun } from '../domain/failover.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Wait } from '../domain/wait.js';
import type { FailoverAbility } from '../upstream/product.js';
import { wait } from '../calling/clock.js';
import { startDeadline } from '../calling/deadline.js';
import { orNull } from '../calling/outcome.js';

/** What became of the one POST. */
interface Sent {
  readonly outcome: AttemptOutcome;
  readonly planned: PlannedRun | null; // where the cluster was asked again, and lists it
  readonly failure: UpstreamError | null; // of the POST
}

/** How long a lost answer is looked for. */
const LONGEST_SEARCH_MS = 10_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * These do not say that nothing was taken on: 408 and 499 are a proxy's, which cannot know; 409, 423 and 425 may speak
 * of the very request that was sent.
 */
const ambiguous: ReadonlySet<number> = new Set([408, 409, 423, 425, 499]);

/** A status that says: not taken on. */
export const isRefusal = ({ status }: UpstreamError): boolean =>
  status !== null && status >= 400 && status < 500 && !ambiguous.has(status);

/**
 * Asks for what may have become of a request until the search shows it or the time is up; a poll that fails is no
 * answer either. Pauses grow, so that a cluster in trouble is not pressed.
 */
export const searchFor = async <T>(
  look: (signal: AbortSignal) => Promise<T | null>,
  timeoutMs: number,
  pauseFor: Wait = wait,
): Promise<T | null> => {
  const deadline = startDeadline(Math.min(timeoutMs, LONGEST_SEARCH_MS));
  try {
    for (let pause = SHORTEST_PAUSE_MS; !deadline.passed(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const found = await orNull(look(deadline.signal));
      if (found !== null) return found;
      await pauseFor(pause, deadline.signal);
    }
    return null;
  } finally {
    deadline.end();
  }
};

/**
 * Sends the request, once, and finds out what became of it. A lost or ambiguous answer (a time-out, a reset, a 5xx, a
 * 409, a page of a proxy) is looked for in `planned-runs`; it never leads to a second POST. A refusal is looked behind once:
 * the id may be taken by a request that another gateway sent a moment ago.
 */
export const sendPlannedRun = async (
  ability: FailoverAbility,
  key: string,
  configuration: FailoverRunConfiguration,
  { postMs, searchMs }: { readonly postMs: number; readonly searchMs: number },
): Promise<Sent> => {
  const deadline = startDeadline(postMs);
  const lookOnce = (signal: AbortSignal): Promise<PlannedRun | null> => ability.poll(key, { signal });
  try {
    await ability.start(key, configuration, { signal: deadline.signal });
    return { outcome: 'accepted', planned: null, failure: null };
  } catch (failure) {
    if (!(failure instanceof UpstreamError)) throw failure;
    if (!failure.sent) return { outcome: 'notSent', planned: null, failure };
    const refused = isRefusal(failure);
    const planned = refused
      ? await orNull(lookOnce(AbortSignal.timeout(Math.max(1, Math.ceil(searchMs)))))
      : await searchFor(lookOnce, searchMs);
    return { outcome: planned !== null ? 'accepted' : refused ? 'refused' : 'unconfirmed', planned, failure };
  } finally {
    deadline.end();
  }
};
