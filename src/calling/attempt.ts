import { AsyncLocalStorage } from 'node:async_hooks';
import type { TracedAttempt } from '../domain/call-trace.js';

const current = new AsyncLocalStorage<TracedAttempt>();

/** Does the work of an attempt, so that whatever sends a request for it knows it. */
export const duringAttempt = <T>(attempt: TracedAttempt | null, work: () => T): T =>
  attempt === null ? work() : current.run(attempt, work);

/** The headers that a request of the attempt under way takes along; `name` says what is called, without ids. */
export const traceHeaders = (name: string): Readonly<Record<string, string>> => {
  const attempt = current.getStore();
  attempt?.named(name);
  return attempt?.headers ?? {};
};
