/** Waits so many milliseconds, or until the signal aborts; it never rejects. Given, so that a test decides how time goes. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;
