/**
 * Serves in place of `AbortSignal`. Node 20 gives each of its own a hidden class, which takes 3 µs, and which only full
 * collections free. No call of an upstream may get this one: `fetch` and `AbortSignal.any` refuse it.
 */
class LightSignal extends EventTarget implements AbortSignal {
  aborted = false;
  reason: unknown = undefined;
  onabort: AbortSignal['onabort'] = null;

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }
}

/** An abort controller for what each operation makes. */
export const createLightAbort = (): AbortController => {
  const signal = new LightSignal();
  return {
    signal,
    abort: (reason: unknown = new DOMException('This operation was aborted', 'AbortError')) => {
      if (signal.aborted) return;
      signal.aborted = true;
      signal.reason = reason;
      const event = new Event('abort');
      signal.onabort?.(event);
      signal.dispatchEvent(event);
    },
  };
};
