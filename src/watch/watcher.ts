import type { WatchedFigures } from '../domain/copy-figures.js';
import type { Wait } from '../domain/wait.js';
import { createAbort } from '../calling/abort.js';
import { idleWait } from '../calling/clock.js';
import { figuresOf, objectFiguresOf } from './figures.js';
import type { Micros } from '../domain/micros.js';
import { type Look, type WatchChange, type WatchMemory, type WatchTimes, nothingSeen, remember } from './memory.js';

/** The present settings of the watcher; a reload may change them. */
export interface WatchSettings {
  readonly upstreams: readonly string[];
  readonly seconds: number; // between the end of a poll and the next one; 0: no polls
  readonly times: WatchTimes;
}

interface WatcherOptions {
  readonly settings: () => WatchSettings;
  readonly now: () => Micros;
  readonly look: (signal: AbortSignal) => Promise<readonly Look[]>;
  /** The size of an upstream's indexes, in MiB. */
  readonly megabytesOf: (upstream: string) => number;
  readonly onChanges: (look: Look, changes: readonly WatchChange[]) => void;
  /** Called after the changes of a round of polls; the next round waits for it. */
  readonly onLooked: (signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly wait?: Wait; // the system's, if absent
}

/** Polls all copies again and again, even without requests. */
interface Watcher {
  figures(): readonly WatchedFigures[];
  close(): void;
}

/** Callers come first when the gateway has just started. */
const FIRST_SECONDS = 10;
/** How soon it notices that watching was turned on. */
const OFF_SECONDS = 5;

type Figures = Omit<WatchedFigures, 'upstream' | 'megabytes'>;

const nothing: Figures = { copies: null, objects: null, lookedAt: null, hours: null };

/** The figures of an upstream after a poll. Figures that were not read completely keep their earlier values. */
const figuresAfter = async (
  known: Figures,
  look: Look,
  stalled: ReadonlySet<string>,
  { times }: WatchSettings,
): Promise<Figures> => ({
  copies: look.isWhole ? await figuresOf(look, stalled) : known.copies,
  objects: look.objects === null ? known.objects : objectFiguresOf(look.objects, times),
  lookedAt: look.isUp ? look.at : known.lookedAt,
  hours: look.isWhole ? look.hours : known.hours,
});

/** Polls until the signal aborts, with the pause configured at each time. */
const lookAgain = async ({
  settings,
  wait,
  signal,
  lookOnce,
}: Pick<WatcherOptions, 'settings'> & {
  readonly wait: Wait;
  readonly signal: AbortSignal;
  readonly lookOnce: () => Promise<void>;
}): Promise<void> => {
  await wait(Math.min(settings().seconds || OFF_SECONDS, FIRST_SECONDS) * 1000, signal);
  while (!signal.aborted) {
    const { seconds } = settings();
    if (seconds > 0) await lookOnce();
    await wait((seconds || OFF_SECONDS) * 1000, signal);
  }
};

export const createWatcher = (options: WatcherOptions): Watcher => {
  const { settings, now, look, megabytesOf, onChanges, onLooked, onError, wait = idleWait } = options;
  const controller = createAbort();
  const { signal } = controller;
  const begun = now();
  const memories = new Map<string, WatchMemory>();
  const figures = new Map<string, Figures>();

  const take = async (seen: Look): Promise<void> => {
    const { upstream } = seen;
    const { memory, changes } = await remember(memories.get(upstream) ?? nothingSeen(begun), seen, settings().times);
    memories.set(upstream, memory);
    figures.set(upstream, await figuresAfter(figures.get(upstream) ?? nothing, seen, memory.stalled, settings()));
    onChanges(seen, changes);
  };

  const figuresFor = (upstream: string): WatchedFigures => ({
    upstream,
    ...(figures.get(upstream) ?? nothing),
    megabytes: megabytesOf(upstream),
  });

  const lookOnce = async (): Promise<void> => {
    try {
      const looks = await look(signal);
      for (const seen of looks) if (!signal.aborted) await take(seen);
      if (signal.aborted) return;
      await onLooked(signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  };
  void lookAgain({ settings, wait, signal, lookOnce });

  return {
    figures: () => (settings().seconds === 0 ? [] : settings().upstreams.map(figuresFor)),
    close: () => controller.abort(),
  };
};
