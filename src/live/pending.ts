/** A queue that holds each key once: a value that arrives while its reader is busy is merged with the waiting one. */
export interface Pending<T> {
  put(key: string, value: T): void;
  has(key: string): boolean;
  /** Takes the value of a key out of turn; `undefined` if none is waiting. */
  pick(key: string): T | undefined;
  /** Takes the next value, once there is one; `undefined` when the queue is closed. */
  take(): Promise<T | undefined>;
  /** Takes the next value; `undefined` if none is waiting. */
  shift(): T | undefined;
  /** Resolves when there may be a new value, or the queue is closed. */
  changed(): Promise<void>;
  /** Makes its reader check again. */
  wake(): void;
  isClosed(): boolean;
  close(): void;
}

export const createPending = <T>(merge: (first: T, second: T) => T): Pending<T> => {
  const waiting = new Map<string, T>();
  let wake: (() => void) | null = null;
  let closed = false;
  const pick = (key: string): T | undefined => {
    const value = waiting.get(key);
    waiting.delete(key);
    return value;
  };
  const shift = (): T | undefined => {
    const [first] = waiting.keys();
    return first === undefined ? undefined : pick(first);
  };
  const changed = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  return {
    put: (key, value) => {
      const before = waiting.get(key);
      waiting.set(key, before === undefined ? value : merge(before, value));
      wake?.();
    },
    has: (key) => waiting.has(key),
    pick,
    take: async () => {
      while (waiting.size === 0 && !closed) await changed();
      return closed ? undefined : shift();
    },
    shift,
    changed,
    wake: () => wake?.(),
    isClosed: () => closed,
    close: () => {
      closed = true;
      waiting.clear();
      wake?.();
    },
  };
};

/**
 * A generator that ends at once on `return`, even while it waits. Otherwise it would notice only at the next event,
 * which may never come.
 */
export const endable = <T>(events: AsyncGenerator<T, void, void>, end: () => void): AsyncGenerator<T, void, void> => {
  const whole: AsyncGenerator<T, void, void> = {
    next: () => events.next(),
    return: () => {
      end();
      return events.return();
    },
    throw: (error) => {
      end();
      return events.throw(error);
    },
    [Symbol.asyncIterator]: () => whole,
    [Symbol.asyncDispose]: async () => {
      await whole.return();
    },
  };
  return whole;
};
