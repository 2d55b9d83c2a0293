import type { Failover, FailoverProgress } from '../domain/failover.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { Wait } from '../domain/wait.js';
import { createAbort } from '../calling/abort.js';
import { wait } from '../calling/clock.js';
import { type FailoverContext, loadFailover, loadFailoverProgress } from './status.js';

/** A failover, as one poll found it. */
export interface SeenFailover {
  readonly failover: Failover;
  readonly progress: FailoverProgress;
}

type FailoverListener = (seen: SeenFailover | null) => void; // null: it is unknown

/** The failovers of one cluster with subscribers: one poll for all of them, and a read of each run. */
export interface FailoverFeed {
  watch(failoverId: string, listener: FailoverListener, onEnd: () => void): { leave(): void };
  /** Ends the streams of all subscribers. */
  end(): void;
}

interface FailoverFeedOptions {
  readonly upstream: string;
  readonly minMs: number;
  readonly maxMs: number;
  /**
   * How many are read in one poll, which has one budget of calls. The others come next, so that none waits for ever.
   */
  readonly perLook: number;
  /** A new session for each poll. */
  readonly contextFor: (signal: AbortSignal) => FailoverContext;
  readonly onError: (error: unknown) => void;
  readonly wait?: Wait; // the system's, if absent
}

const textOf = ({ failover: { planned }, progress }: SeenFailover): string =>
  JSON.stringify([progress, planned?.runId ?? null]);

interface Watcher {
  readonly id: string;
  readonly onEnd: () => void;
  told: string | null;
}

const tell = (listener: FailoverListener, watcher: Watcher, one: SeenFailover | null): void => {
  const text = one === null ? '' : textOf(one);
  if (text === watcher.told) return;
  watcher.told = text;
  listener(one);
};

/**
 * Polls while there are subscribers. A failover gives an event when its state, message or run changes. Outages are
 * waited out.
 */
export const createFailoverFeed = ({
  upstream,
  minMs,
  maxMs,
  perLook,
  contextFor,
  onError,
  wait: pauseFor = wait,
}: FailoverFeedOptions): FailoverFeed => {
  const watched = new Map<FailoverListener, Watcher>();
  let latest = new Map<string, SeenFailover | null>(); // as the last poll of each found it
  let turns = new Map<string, number>(); // when each was last polled
  let turn = 0;
  let running: AbortController | null = null;
  let woken: AbortController | null = null;

  /** The failovers that have waited longest. Their turn counts even if the poll fails. */
  const nextInTurn = (): readonly string[] => {
    const all = [...new Set([...watched.values()].map(({ id }) => id))];
    const longest = [...all].sort((a, b) => (turns.get(a) ?? 0) - (turns.get(b) ?? 0)).slice(0, perLook);
    const next = all.filter((id) => longest.includes(id));
    turn += 1;
    turns = new Map(all.flatMap((id) => [[id, next.includes(id) ? turn : (turns.get(id) ?? 0)] as const]));
    return next;
  };

  const lookOnce = async (signal: AbortSignal): Promise<void> => {
    const context = contextFor(signal);
    const ids = nextInTurn();
    const seen = new Map(
      await Promise.all(
        ids.map(async (id) => {
          const failover = await loadFailover(context, upstream, id);
          const one =
            failover === null ? null : { failover, progress: await loadFailoverProgress(context.session, failover) };
          return [id, one] as const;
        }),
      ),
    );
    if (signal.aborted) return;
    const all = new Set([...watched.values()].map(({ id }) => id));
    latest = new Map([...latest, ...seen].filter(([id]) => all.has(id)));
    for (const [listener, watcher] of [...watched]) {
      const one = seen.get(watcher.id);
      if (one !== undefined) tell(listener, watcher, one); // otherwise it joined during this poll
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let pauseMs = minMs;
    while (!signal.aborted) {
      // a subscriber that joins during this poll is served by the next one
      const { signal: early } = (woken = new AbortController());
      try {
        await lookOnce(signal);
        pauseMs = minMs;
      } catch (error) {
        if (!(error instanceof UpstreamError) && !signal.aborted) onError(error);
        pauseMs = Math.min(maxMs, pauseMs * 2);
      }
      await pauseFor(pauseMs, early);
    }
  };

  return {
    end: () => {
      const all = [...watched.values()];
      watched.clear();
      running?.abort();
      woken?.abort();
      running = null;
      for (const { onEnd } of all) onEnd();
    },
    watch: (id, listener, onEnd) => {
      const watcher: Watcher = { id, onEnd, told: null };
      watched.set(listener, watcher);
      const known = latest.get(id) ?? null;
      if (known === null)
        woken?.abort(); // so that the new one is polled at once
      else tell(listener, watcher, known);
      if (running === null) {
        running = createAbort();
        void run(running.signal).catch(onError);
      }
      return {
        leave: () => {
          watched.delete(listener);
          if (watched.size > 0) return;
          running?.abort();
          woken?.abort();
          running = null;
          latest = new Map();
        },
      };
    },
  };
};
