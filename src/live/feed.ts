import type { CopyOperation } from '../domain/copy-operation.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import type { Look, Relay } from '../domain/relay.js';
import { type UpstreamReport, isSameReport } from '../domain/upstream-report.js';
import type { Wait } from '../domain/wait.js';
import { createAbort } from '../calling/abort.js';
import { wait } from '../calling/clock.js';
import { inTurns } from '../calling/event-loop.js';
import { createMemory } from './memory.js';
import type { FeedEvent } from './look.js';

export interface FeedOptions {
  readonly name: string;
  readonly minMs: number;
  readonly maxMs: number;
  readonly lookBackMicros: number;
  readonly now: () => Micros;
  readonly wait?: Wait; // the system's, if absent
  /** Reads everything that started since a time, at most `maxAgeMs` milliseconds old. */
  readonly look: (since: Micros, call: { readonly signal: AbortSignal; readonly maxAgeMs: number }) => Promise<Look>;
  readonly relay: Relay | null;
  /** How often a replica that does not poll reads by itself all the same, in milliseconds; ten minutes if absent. */
  readonly ownLookMs?: number;
  /** Must end before this feed begins: another feed of the same name, with which it would share its turns. */
  readonly after?: Promise<void> | undefined;
  /** Receives unexpected errors; the feed continues. */
  readonly onError: (error: unknown) => void;
  /** Called when the last listener has left and no work of the feed is running. */
  readonly onIdle?: (() => void) | undefined;
}

/** Polls one kind of read of one upstream while it has listeners; all of them share the polls. */
export interface Feed {
  /** Joins the feed. It begins with its first listener, and ends when the last one leaves. */
  join(listener: (event: FeedEvent) => void, onEnd?: () => void): { leave(): void };
  /** The unfinished copies now; `null` until everything was read once. */
  unfinished(): readonly CopyOperation[] | null;
  report(): UpstreamReport | null;
  /** Whether it would notice a change of that copy. It would not if the copy ended long ago. */
  knows(id: string): boolean;
}

/** A feed with the method that only its owner may call. */
export interface OwnedFeed extends Feed {
  /** Ends the streams of all present and later listeners. Resolves when no work of the feed is running. */
  end(): Promise<void>;
}

const TURN_MS = 2_000; // how often a turn is renewed or requested
const GROWTH = 1.5;
// other replicas do not publish copies that vanished, and a replica that missed an event does not get it later
const OWN_LOOK_MS = 600_000;
/** New copies may belong to runs that began earlier, so the last day is always read. Settled records cost no call. */
const RECENT_MICROS = DAY_MICROS;

/** The time from which a copy must be read: it is found by its run, which may have begun much earlier. */
const sinceOf = (copy: CopyOperation): number => {
  const startedAt = copy.startedAt ?? Number.POSITIVE_INFINITY;
  if (copy.run === undefined) return startedAt;
  const runStartedAt = Number(copy.run.startTimeUsecs); // NaN if the vendor does not report a start
  return Number.isNaN(runStartedAt) ? startedAt : Math.min(startedAt, runStartedAt);
};

/** Copies on hold or in an unknown state may stay so for ever: they are polled, but not often. */
const isUnderWay = ({ state }: CopyOperation): boolean => state !== 'ON_HOLD' && state !== 'UNKNOWN';

const AT_ONCE = 500;

/**
 * Splits a list into parts that are delivered at once. With `evenNone`, an empty list has one part, for a changed
 * report.
 */
const partsOf = <T>(list: readonly T[], evenNone: boolean): readonly (readonly T[])[] =>
  Array.from({ length: Math.max(evenNone ? 1 : 0, Math.ceil(list.length / AT_ONCE)) }, (_, index) =>
    list.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );

/**
 * Compares each poll with the one before. The pause between polls is short while copies run, and grows while they do
 * not. While the upstream fails it doubles, or is the wait that the upstream asks for.
 */
export const createFeed = (options: FeedOptions): OwnedFeed => {
  const { name, minMs, maxMs, now, look, relay, ownLookMs = OWN_LOOK_MS, onError, wait: pauseFor = wait } = options;
  const listeners = new Map<(event: FeedEvent) => void, () => void>(); // with the function that ends each
  let isOver = false;
  const memory = createMemory({ lookBackMicros: options.lookBackMicros, now });
  let pauseMs = minMs;
  let running: AbortController | null = null;
  // the previous run. We wait for it, or its end would also free our turn
  let ended: Promise<void> = options.after ?? Promise.resolve();
  // set when news from other replicas was missed: from then on this replica must read by itself
  let behind: number | null = null;

  /** Takes in the result of a poll and delivers it, in turns of the event loop. Returns the copies that changed. */
  const absorb = async (seen: Look, whole: Micros | null): Promise<readonly CopyOperation[]> => {
    const taken = await memory.take(seen, whole);
    if (taken === null) return [];
    // A listener that joins later finds all of it among the unfinished copies.
    const audience = [...listeners.keys()];
    try {
      for (const changes of partsOf(taken.changes, taken.isNews)) {
        await inTurns(audience, (listener) => {
          if (listeners.has(listener)) listener({ changes });
        });
      }
    } finally {
      taken.told();
    }
    return taken.changes.map(({ copy }) => copy);
  };

  const sinceWhen = (): Micros => {
    const farthest = now() - options.lookBackMicros;
    const recent = Math.max(farthest, now() - RECENT_MICROS);
    const unfinished = memory.unfinished();
    const oldest = (unfinished ?? []).reduce((least, copy) => Math.min(least, sinceOf(copy)), recent);
    // Without this limit, a copy that is on hold for ever would make each poll read more.
    return micros(Math.max(1, unfinished === null ? farthest : Math.max(oldest, farthest)));
  };

  const poll = async (signal: AbortSignal, publish: boolean): Promise<void> => {
    const since = sinceWhen();
    const began = performance.now();
    const maxAgeMs = Math.min(pauseMs / 2, minMs / 2, behind === null ? minMs : began - behind);
    memory.lookBegins();
    const seen = await look(since, { signal, maxAgeMs });
    if (signal.aborted) return;
    const before = memory.report();
    const changed = await absorb(seen, since);
    if (publish) {
      const parts = partsOf(changed, !isSameReport(before, seen.report));
      await inTurns(parts, (copies) => relay?.publish(name, { copies, report: seen.report }));
    }
    if (seen.report.ok && behind !== null && behind <= began) behind = null;
    if (!seen.report.ok) pauseMs = Math.min(maxMs, Math.max(pauseMs * 2, seen.report.error?.retryAfterMs ?? 0));
    else if (changed.length > 0 || memory.unfinished()?.some(isUnderWay) === true) pauseMs = minMs;
    else pauseMs = Math.min(maxMs, pauseMs * GROWTH);
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let mine = relay === null;
    let due = 0;
    let lookedAt = performance.now();
    const fallBehind = (): void => {
      behind = performance.now();
      if (!mine) due = 0;
    };
    const hear = (seen: Look): void => {
      memory.hear(seen);
      absorb(seen, null).catch((error: unknown) => {
        onError(error);
        fallBehind(); // a result that could not be taken in counts as missed
      });
      if (behind !== null && seen.report.ok && !mine) due = 0; // the upstream answers again
    };
    behind = null;
    if (relay !== null) {
      await relay.listen(name, { take: hear, missed: fallBehind }, signal);
      fallBehind(); // so that a new stream has a first read
    }
    while (!signal.aborted) {
      const before = mine;
      mine = relay === null || (await relay.isMine(name));
      // reports now the changes that the previous replica saw and did not publish
      if (mine && !before) [due, pauseMs] = [0, minMs];
      if (!mine && performance.now() - lookedAt >= ownLookMs) fallBehind();
      if ((mine || behind !== null) && performance.now() >= due) {
        lookedAt = performance.now();
        await poll(signal, mine).catch((error: unknown) => {
          pauseMs = Math.min(maxMs, pauseMs * 2);
          if (!signal.aborted) onError(error);
        });
        memory.lookEnds();
        due = performance.now() + pauseMs;
      }
      const left = Math.max(0, due - performance.now());
      const pause = relay === null ? left : Math.min(TURN_MS, mine || behind !== null ? left : TURN_MS);
      await pauseFor(pause, signal);
    }
    await relay?.release(name);
  };

  return {
    unfinished: memory.unfinished,
    report: memory.report,
    knows: memory.knows,
    end: () => {
      isOver = true;
      const all = [...listeners.values()];
      listeners.clear();
      running?.abort(); // at once, not when the slowest reader notices
      running = null;
      for (const onEnd of all) onEnd();
      return ended;
    },
    join: (listener, onEnd = () => undefined) => {
      listeners.set(listener, onEnd);
      if (isOver) onEnd();
      else if (running === null) {
        running = createAbort();
        const { signal } = running;
        ended = ended
          .then(() => run(signal))
          .catch(onError)
          .then(() => (listeners.size === 0 ? options.onIdle?.() : undefined));
      }
      return {
        leave: () => {
          listeners.delete(listener);
          if (listeners.size > 0) return;
          running?.abort();
          running = null;
          memory.forget();
          pauseMs = minMs;
        },
      };
    },
  };
};
