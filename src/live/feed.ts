import { setMaxListeners } from 'node:events';
import type { CopyOperation } from '../domain/copy-operation.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import type { Look, Relay } from '../domain/relay.js';
import { type UpstreamReport, isSameReport } from '../domain/upstream-report.js';
import type { Wait } from '../domain/wait.js';
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
  readonly wait?: Wait; // the machine's, if absent
  /** Reads everything that started since a time, no older than so many milliseconds. */
  readonly look: (since: Micros, call: { readonly signal: AbortSignal; readonly maxAgeMs: number }) => Promise<Look>;
  readonly relay: Relay | null;
  /** How often one who does not poll looks for itself all the same; ten minutes if absent. */
  readonly ownLookMs?: number;
  /** What must be over before it begins: another feed of the name, with which it would share its turns. */
  readonly after?: Promise<void> | undefined;
  /** Told of what nobody expected; the feed goes on. */
  readonly onError: (error: unknown) => void;
  /** Told when the last listener has left and nothing of the feed runs any more. */
  readonly onIdle?: (() => void) | undefined;
}

/** One kind of read of one upstream, made again and again while anyone listens, however many do. */
export interface Feed {
  /** Joins; the feed begins with the first who does, and ends with the last who leaves. */
  join(listener: (event: FeedEvent) => void, onEnd?: () => void): { leave(): void };
  /** What is unfinished now; `null` until everything was read once. */
  unfinished(): readonly CopyOperation[] | null;
  report(): UpstreamReport | null;
  /** Whether it would notice a change of that copy: of one that was over long ago it would not. */
  knows(id: string): boolean;
}

/** A feed as its owner has it. */
export interface OwnedFeed extends Feed {
  /** Tells all who listen that nothing more will come, and whoever joins from then on. Resolves when nothing of it runs. */
  end(): Promise<void>;
}

const TURN_MS = 2_000; // how often a turn is renewed or asked for
const GROWTH = 1.5;
const OWN_LOOK_MS = 600_000; // what is gone is told by no one, and what is published is not kept for who misses it
/** New copies may belong to runs that began earlier, so that much is always looked at; what is settled costs no call. */
const RECENT_MICROS = DAY_MICROS;

/** Since when it must be looked for: a copy is found by its run, which may have begun much earlier. */
const sinceOf = (copy: CopyOperation): number => {
  const startedAt = copy.startedAt ?? Number.POSITIVE_INFINITY;
  if (copy.run === undefined) return startedAt;
  const runStartedAt = Number(copy.run.startTimeUsecs); // NaN where no start is told
  return Number.isNaN(runStartedAt) ? startedAt : Math.min(startedAt, runStartedAt);
};

/** What is on hold, or in a state that nobody knows, may stay so for ever: it is looked at, but not often. */
const isUnderWay = ({ state }: CopyOperation): boolean => state !== 'ON_HOLD' && state !== 'UNKNOWN';

const AT_ONCE = 500;

/** A list in parts that are told at once; an empty one is a part too where there is something else to tell. */
const partsOf = <T>(list: readonly T[], evenNone: boolean): readonly (readonly T[])[] =>
  Array.from({ length: Math.max(evenNone ? 1 : 0, Math.ceil(list.length / AT_ONCE)) }, (_, index) =>
    list.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );

/**
 * Compares each look with what it saw before. The pause between looks is short while anything runs, grows while it is
 * quiet, and doubles, or is what the upstream asks for, while the upstream fails.
 */
export const createFeed = (options: FeedOptions): OwnedFeed => {
  const { name, minMs, maxMs, now, look, relay, ownLookMs = OWN_LOOK_MS, onError, wait: pauseFor = wait } = options;
  const listeners = new Map<(event: FeedEvent) => void, () => void>(); // with what ends each
  let isOver = false;
  const memory = createMemory({ lookBackMicros: options.lookBackMicros, now });
  let pauseMs = minMs;
  let running: AbortController | null = null;
  let ended: Promise<void> = options.after ?? Promise.resolve(); // the one before, whose turn would else be given back for both
  let behind: number | null = null; // since when only a look of its own will do

  /** Takes a look in, and tells it, in turns. Returns the copies that changed. */
  const absorb = async (seen: Look, whole: Micros | null): Promise<readonly CopyOperation[]> => {
    const taken = await memory.take(seen, whole);
    if (taken === null) return [];
    // Who comes from here on finds all of it in what is unfinished.
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
    // One that is on hold for ever would else have more and more read.
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
        fallBehind(); // what cannot be taken in is as good as not heard
      });
      if (behind !== null && seen.report.ok && !mine) due = 0; // the upstream answers again
    };
    behind = null;
    if (relay !== null) {
      await relay.listen(name, { take: hear, missed: fallBehind }, signal);
      fallBehind(); // so that a new stream has something to begin with
    }
    while (!signal.aborted) {
      const before = mine;
      mine = relay === null || (await relay.isMine(name));
      if (mine && !before) [due, pauseMs] = [0, minMs]; // what the one before has seen, and not told, is told now
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
      running?.abort(); // not only when the slowest reader has noticed
      running = null;
      for (const onEnd of all) onEnd();
      return ended;
    },
    join: (listener, onEnd = () => undefined) => {
      listeners.set(listener, onEnd);
      if (isOver) onEnd();
      else if (running === null) {
        running = new AbortController();
        const { signal } = running;
        setMaxListeners(0, signal);
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
