import type { Micros } from '../../domain/micros.js';
import type { Span } from '../../index/span.js';

/** The slices of time in which lists lately needed running jobs, and the reread of all running jobs that they share. */
export interface SharedRereads {
  note(slice: Span): void;
  /** The number of slices that were noted lately. */
  lately(): number;
  /** Starts a reread, or joins the one under way. */
  share(reread: () => Promise<void>): Promise<void>;
}

/** `periodMicros`: how long a slice counts. */
export const createSharedRereads = (now: () => Micros, periodMicros: number): SharedRereads => {
  const asked = new Map<string, number>(); // oldest first
  let running: Promise<void> | null = null;
  return {
    note: ({ from, to }) => {
      const slice = `${from} ${to}`;
      asked.delete(slice);
      asked.set(slice, now());
    },
    lately: () => {
      for (const [slice, at] of asked) {
        if (at > now() - periodMicros) break;
        asked.delete(slice);
      }
      return asked.size;
    },
    share: (reread) => {
      running ??= reread().finally(() => (running = null));
      return running;
    },
  };
};
