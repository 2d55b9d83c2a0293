import { AsyncLocalStorage } from 'node:async_hooks';
import type { TracedAttempt } from '../domain/call-trace.js';

const current = new AsyncLocalStorage<TracedAttempt>();

/** Does the work of an attempt, so that the code that sends its requests can find the attempt. */
export const duringAttempt = <T>(attempt: TracedAttempt | null, work: () => T): T =>
  attempt === null ? work() : current.run(attempt, work);

/** The trace headers for a request of the running attempt. `name` is the call's name, without ids. */
export const traceHeaders = (name: string): Readonly<Record<string, string>> => {
  const attempt = current.getStore();
  attempt?.named(name);
  return attempt?.headers ?? {};
};
