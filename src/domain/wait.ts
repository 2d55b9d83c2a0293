/** Waits `ms` milliseconds, or until the signal aborts; never rejects. It is passed in, so that tests control time. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;
