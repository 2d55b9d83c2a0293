import type { Failover, FailoverProgress, FailoverState } from '../domain/failover.js';
import { isFailoverOver } from '../domain/failover.js';
import { isFailoverAttempt, mayHaveArrived } from '../domain/failover-attempt.js';
import { encodeId } from '../domain/global-id.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import type { WatchEvent } from '../domain/watch-event.js';
import { orNull } from '../calling/outcome.js';
import { recallReachable } from '../failover/guard.js';
import { type FailoverContext, loadFailover, loadFailoverProgress } from '../failover/status.js';
import { stepOf } from './event.js';

/** A failover, as one poll found it. */
interface SeenStep {
  readonly failover: Failover;
  readonly progress: FailoverProgress;
}

/** The last seen state of each failover, by its id. */
export type FailoverMemory = ReadonlyMap<string, FailoverState>;

/** The result of polling failovers: the events since the last poll, and the states reached before the first. */
interface Steps {
  readonly memory: FailoverMemory;
  readonly events: readonly WatchEvent[];
  readonly past: readonly WatchEvent[];
}

/** Compares failovers with the memory. If one was requested before watching began, its first state is in `past`. */
export const rememberSteps = (
  memory: FailoverMemory,
  seen: readonly SeenStep[],
  { begun, at }: { readonly begun: Micros; readonly at: Micros },
): Steps => {
  const next = new Map(memory);
  const [events, past]: [WatchEvent[], WatchEvent[]] = [[], []];
  for (const { failover, progress } of seen) {
    const before = memory.get(failover.id);
    next.set(failover.id, progress.state);
    if (before === progress.state) continue;
    const isNew = before !== undefined || (failover.requestedAt ?? 0) >= begun;
    (isNew ? events : past).push(stepOf(failover, progress, at));
  }
  return { memory: next, events, past };
};

const readOne = async (context: FailoverContext, upstream: string, failoverId: string): Promise<SeenStep | null> => {
  const failover = await loadFailover(context, upstream, failoverId);
  return failover === null ? null : { failover, progress: await loadFailoverProgress(context.session, failover) };
};

/**
 * The failovers that were requested within a day and are not known to be over. Makes one poll for each cluster that has
 * any, and reads each run. A cluster that fails has none.
 */
export const readSteps = async (context: FailoverContext, memory: FailoverMemory): Promise<readonly SeenStep[]> => {
  const from = micros(context.now - DAY_MICROS);
  const upstreams = [...context.session.clients.values()]
    .filter(({ failover }) => failover !== undefined)
    .map(({ upstream }) => upstream.name);
  const isOver = (id: string): boolean => {
    const state = memory.get(id);
    return state !== undefined && isFailoverOver(state);
  };
  const seen = await Promise.all(
    upstreams.map(async (upstream) => {
      const known = (await recallReachable(context.failoverGuard, upstream, from)).attempts;
      const attempts = known.filter((attempt) => isFailoverAttempt(attempt) && mayHaveArrived(attempt));
      const open = attempts.filter(({ key }) => !isOver(encodeId('Failover', upstream, key)));
      return Promise.all(open.map(({ key }) => orNull(readOne(context, upstream, key))));
    }),
  );
  return seen.flat().filter((one) => one !== null);
};
