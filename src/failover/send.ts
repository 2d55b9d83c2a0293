import type { AttemptOutcome } from '../domain/failover-attempt.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Wait } from '../domain/wait.js';
import type { CallOptions } from '../calling/call.js';
import { wait } from '../calling/clock.js';
import { startDeadline } from '../calling/deadline.js';
import { orNull } from '../calling/outcome.js';
import type { Taken } from './action.js';

/** The outcome of the one request. */
interface Sent<Seen> extends Taken<Seen> {
  readonly outcome: AttemptOutcome;
  readonly failure: UpstreamError | null; // the failure of the request
}

/** The one request, and the search for its effect. */
interface Sending<Seen> {
  send(call: CallOptions): Promise<Taken<Seen>>;
  find(call: CallOptions): Promise<Seen | null>;
  /** Whether to search once after a refusal: an equal request of another process may have come a moment earlier. */
  readonly looksBehindRefusal: boolean;
}

/** The longest search after a lost answer, in milliseconds. */
const LONGEST_SEARCH_MS = 10_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Statuses that do not rule out acceptance: 408 and 499 come from proxies, which cannot know; 409, 423 and 425 may be
 * about this very request.
 */
const ambiguous: ReadonlySet<number> = new Set([408, 409, 423, 425, 499]);

/** Whether a status means: not accepted. */
export const isRefusal = ({ status }: UpstreamError): boolean =>
  status !== null && status >= 400 && status < 500 && !ambiguous.has(status);

/**
 * Searches for the effect of a request until it is found or the time is up; a failed poll is not an answer. Pauses
 * grow, so that a cluster in trouble is not burdened.
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
 * Sends a request once, and finds out its outcome. After a lost or ambiguous answer (a timeout, a reset, a 5xx, a 409,
 * a proxy's page) it searches for the effect; it never sends a second request.
 */
export const sendAndFind = async <Seen>(
  { send, find, looksBehindRefusal }: Sending<Seen>,
  { postMs, searchMs }: { readonly postMs: number; readonly searchMs: number },
): Promise<Sent<Seen>> => {
  const deadline = startDeadline(postMs);
  const lookOnce = (signal: AbortSignal): Promise<Seen | null> => find({ signal });
  try {
    const taken = await send({ signal: deadline.signal });
    return { ...taken, outcome: 'accepted', failure: null };
  } catch (failure) {
    if (!(failure instanceof UpstreamError)) throw failure;
    if (!failure.sent) return { outcome: 'notSent', seen: null, madeId: null, failure };
    const refused = isRefusal(failure);
    if (refused && !looksBehindRefusal) return { outcome: 'refused', seen: null, madeId: null, failure };
    const seen = refused
      ? await orNull(lookOnce(AbortSignal.timeout(Math.max(1, Math.ceil(searchMs)))))
      : await searchFor(lookOnce, searchMs);
    const outcome = seen !== null ? 'accepted' : refused ? 'refused' : 'unconfirmed';
    return { outcome, seen, madeId: null, failure };
  } finally {
    deadline.end();
  }
};
