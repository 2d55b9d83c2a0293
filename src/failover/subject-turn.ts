import { befallen } from '../domain/store-refused.js';
import type { MutationContext } from './mutation-context.js';
import { leaseOf, subjectLockOf } from './ready.js';

/** Does work while no request for the subject is sent, here or at another replica; `busy` if the lock is not to be had. */
export const withSubject = async <T>(
  { failoverGuard: guard, limits }: MutationContext,
  { upstream, subject, thing }: { readonly upstream: string; readonly subject: string; readonly thing: string },
  work: () => Promise<T>,
  busy: (why: string) => T,
): Promise<T> => {
  const turn = await (guard.shared?.exclusive ?? guard.ownTurns).acquire(subjectLockOf(upstream, subject), {
    leaseMs: leaseOf(limits),
    waitMs: limits.requestTimeoutMs / 4,
  });
  if (turn.kind !== 'held')
    return busy(
      turn.kind === 'busy'
        ? `Another request for the same ${thing} is in progress.`
        : `Redis, which keeps the failover lock of all replicas, ${befallen(turn.refusal, 'cannot be reached.')}`,
    );
  try {
    return await work();
  } finally {
    await turn.release();
  }
};
