import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { isFinished } from '../domain/activity.js';
import { type CopyChange, type CopyMark, changeOf, markOf } from '../domain/copy-change.js';
import type { AnyCopy } from '../domain/copy-filter.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import { type UpstreamReport, isSameReport } from '../domain/upstream-report.js';

/** What one look at an upstream brought. */
export interface Look {
  readonly copies: readonly AnyCopy[];
  readonly report: UpstreamReport;
}

/** What a feed tells those who listen: copies that changed, or that only its report did. */
export interface FeedEvent {
  readonly changes: readonly (Pick<CopyChange, 'change' | 'previousState'> & { readonly copy: AnyCopy })[];
}

/** How replicas take turns, where there are several: who polls tells the others. Nothing of it throws. */
export interface Relay {
  /**
   * Whether it is this process that polls, which it does until it releases the name, however long a poll takes. Also true
   * while the others cannot be asked or heard. To be called every two seconds.
   */
  isMine(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  publish(name: string, look: Look): void;
  /**
   * Hands over what others publish, until the signal aborts; `missed` says that something may not have arrived. Resolves
   * when the others are heard, or cannot be for now.
   */
  listen(
    name: string,
    listener: { readonly take: (look: Look) => void; readonly missed: () => void },
    signal: AbortSignal,
  ): Promise<void>;
}

export interface FeedOptions {
  readonly name: string;
  readonly minMs: number;
  readonly maxMs: number;
  readonly lookBackMicros: number;
  readonly now: () => Micros;
  /** Reads everything that started since a time, no older than so many milliseconds. */
  readonly look: (since: Micros, call: { readonly signal: AbortSignal; readonly maxAgeMs: number }) => Promise<Look>;
  readonly relay: Relay | null;
  /** How often one who does not poll looks for itself all the same; ten minutes if absent. */
  readonly ownLookMs?: number;
  /** Told of what nobody expected; the feed goes on. */
  readonly onError: (error: unknown) => void;
  /** Told when the last listener has left and nothing of the feed runs any more. */
  readonly onIdle?: (() => void) | undefined;
}

/** One kind of read of one upstream, made again and again while anyone listens, however many do. */
export interface Feed {
  /** Joins; the feed begins with the first who does, and ends with the last who leaves. */
  join(listener: (event: FeedEvent) => void): { leave(): void };
  /** What is unfinished now; `null` until everything was read once. */
  unfinished(): readonly AnyCopy[] | null;
  report(): UpstreamReport | null;
  /** Whether it would notice a change of that copy: of one that was over long ago it would not. */
  knows(id: string): boolean;
}

const TURN_MS = 2_000; // how often a turn is renewed or asked for
const GROWTH = 1.5;
const OWN_LOOK_MS = 600_000; // what is gone is told by no one, and what is published is not kept for who misses it
/** New copies may belong to runs that began earlier, so that much is always looked at; what is settled costs no call. */
const RECENT_MICROS = DAY_MICROS;

/** Since when it must be looked for: a copy is found by its run, which may have begun much earlier. */
const sinceOf = (copy: AnyCopy): number => {
  const startedAt = copy.startedAt ?? Number.POSITIVE_INFINITY;
  if (copy.__typename === 'CopyJob') return startedAt;
  const runStartedAt = Number(copy.run.startTimeUsecs); // NaN where no start is told
  return Number.isNaN(runStartedAt) ? startedAt : Math.min(startedAt, runStartedAt);
};

/** What is on hold, or in a state that nobody knows, may stay so for ever: it is looked at, but not often. */
const isUnderWay = ({ state }: AnyCopy): boolean => state !== 'ON_HOLD' && state !== 'UNKNOWN';

/**
 * Compares each look with what it saw before. The pause between looks is short while anything runs, grows while it is
 * quiet, and doubles, or is what the upstream asks for, while the upstream fails.
 */
export const createFeed = (options: FeedOptions): Feed => {
  const { name, minMs, maxMs, now, look, relay, ownLookMs = OWN_LOOK_MS, onError } = options;
  const listeners = new Set<(event: FeedEvent) => void>();
  let marks = new Map<string, CopyMark>();
  let unfinished = new Map<string, AnyCopy>();
  let ready = false;
  let report: UpstreamReport | null = null;
  let known = 0; // all that started since then was seen, and what was over before is forgotten
  let pauseMs = minMs;
  let running: AbortController | null = null;
  let ended: Promise<void> = Promise.resolve(); // the one before, whose turn would else be given back for both
  let heard: Set<string> | null = null; // what others tell while this one looks
  let behind: number | null = null; // since when only a look of its own will do

  const forget = (): void => {
    marks = new Map();
    unfinished = new Map();
    ready = false;
    report = null;
    known = 0;
    pauseMs = minMs;
  };

  /** What is new in a look; before everything was read once, nothing is. */
  const compare = (copies: readonly AnyCopy[], isOwn: boolean): FeedEvent['changes'] =>
    copies.flatMap((copy) => {
      const before = marks.get(copy.id);
      // What was told while it looked may be newer, whenever its answer came; if not, the next look shows it.
      if (isOwn && heard?.has(copy.id)) return [];
      // What another replica saw earlier may arrive later.
      if (before !== undefined && copy.observedAt < before.observedAt) return [];
      // A look that reaches further back than the one before shows again what is forgotten.
      if (isOwn && before === undefined && isFinished(copy.state) && (copy.startedAt ?? known) < known) return [];
      const change = changeOf(before, copy);
      marks.set(copy.id, markOf(copy));
      if (isFinished(copy.state)) unfinished.delete(copy.id);
      else unfinished.set(copy.id, copy);
      return change === null || !ready ? [] : [{ ...change, copy }];
    });

  /** Takes a look in; `whole` is one that has everything since a time. Returns the copies that changed. */
  const absorb = (seen: Look, whole: Micros | null): readonly AnyCopy[] => {
    const told = !isSameReport(report, seen.report);
    report = seen.report;
    // Old records are no news: they stand in for what could not be read.
    const changes = seen.report.stale ? [] : compare(seen.copies, whole !== null);
    if (whole !== null && seen.report.complete && !seen.report.stale) prune(seen, whole);
    const becomesReady = whole !== null && !ready && seen.report.ok;
    ready ||= becomesReady;
    if (told || changes.length > 0 || becomesReady) {
      for (const listener of [...listeners]) listener({ changes });
    }
    return changes.map(({ copy }) => copy);
  };

  /** What a whole look does not show any more is gone; what is over and older than any look need not be known. */
  const prune = ({ copies, report: { observedAt } }: Look, since: Micros): void => {
    const ids = new Set(copies.map(({ id }) => id));
    const oldest = now() - options.lookBackMicros;
    for (const [id, { startedAt, ...mark }] of marks) {
      if (ids.has(id) || heard?.has(id)) continue;
      if (observedAt === null || mark.observedAt >= observedAt) continue; // another has seen it since
      if (startedAt !== null && startedAt < since && startedAt >= oldest && unfinished.has(id)) continue;
      marks.delete(id);
      unfinished.delete(id);
    }
    known = Math.max(known, since);
  };

  const sinceWhen = (): Micros => {
    const farthest = now() - options.lookBackMicros;
    const recent = Math.max(farthest, now() - RECENT_MICROS);
    const oldest = [...unfinished.values()].reduce((least, copy) => Math.min(least, sinceOf(copy)), recent);
    // One that is on hold for ever would else have more and more read.
    return micros(Math.max(1, ready ? Math.max(oldest, farthest) : farthest));
  };

  const poll = async (signal: AbortSignal, publish: boolean): Promise<void> => {
    const since = sinceWhen();
    const began = performance.now();
    const maxAgeMs = Math.min(pauseMs / 2, minMs / 2, behind === null ? minMs : began - behind);
    heard = new Set();
    const seen = await look(since, { signal, maxAgeMs });
    if (signal.aborted) return;
    const before = report;
    const changed = absorb(seen, since);
    if (publish && (changed.length > 0 || !isSameReport(before, seen.report))) {
      relay?.publish(name, { copies: changed, report: seen.report });
    }
    if (seen.report.ok && behind !== null && behind <= began) behind = null;
    if (!seen.report.ok) pauseMs = Math.min(maxMs, Math.max(pauseMs * 2, seen.report.error?.retryAfterMs ?? 0));
    else if (changed.length > 0 || [...unfinished.values()].some(isUnderWay)) pauseMs = minMs;
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
      for (const { id } of seen.copies) heard?.add(id);
      absorb(seen, null);
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
        heard = null;
        due = performance.now() + pauseMs;
      }
      const left = Math.max(0, due - performance.now());
      const pause = relay === null ? left : Math.min(TURN_MS, mine || behind !== null ? left : TURN_MS);
      await wait(pause, undefined, { signal }).catch(() => undefined); // the last one has left
    }
    await relay?.release(name);
  };

  return {
    unfinished: () => (ready ? [...unfinished.values()] : null),
    report: () => report,
    knows: (id) => marks.has(id),
    join: (listener) => {
      listeners.add(listener);
      if (running === null) {
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
          forget();
        },
      };
    },
  };
};
