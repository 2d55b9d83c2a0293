import type { Action } from './action.js';
import type { MutationContext } from './mutation-context.js';

export interface Answer {
  readonly __typename: string;
}

/** One request to start something, while it runs. */
export interface Press<Seen, Result extends Answer> {
  readonly context: MutationContext;
  readonly action: Action<Seen, Result>;
  readonly signal: AbortSignal;
  msLeft(): number;
}

/** Refused by the gateway, before anything was sent. */
export const rejected = <Seen, Result extends Answer>(
  { action: { answers } }: Pick<Press<Seen, Result>, 'action'>,
  code: 'LOCK_UNAVAILABLE' | 'AUDIT_UNAVAILABLE',
  why: string,
): Result => answers.rejected(code, `${why} Nothing was sent; the same key can be used again.`);

/** Refused because the shared store cannot be trusted; `what` continues the sentence and ends it. */
export const withoutLock = <Seen, Result extends Answer>(press: Press<Seen, Result>, what: string): Result =>
  rejected(press, 'LOCK_UNAVAILABLE', `Redis, which keeps the failover lock of all replicas, ${what}`);
