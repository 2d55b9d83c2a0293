import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { createLightAbort } from '../domain/light-abort.js';
import type { WithBytes } from './answer-store.js';
import { toJsonBytes } from './compiled/json-text.js';
import { createPassingByKey } from './passing.js';

/** The arguments of an execution that serves several requests. */
export interface Shared {
  readonly signal: AbortSignal; // aborts when no request is waiting
  /** Receives how long a read stays valid, in milliseconds; absent if no answer is cached. */
  readonly stands?: ((ms: number) => void) | undefined;
  /** How long its records must stay valid, in milliseconds; given if an earlier answer is sent until this one is made. */
  readonly aheadMs?: number | undefined;
}

/** An execution that several requests wait for. */
interface Running {
  readonly result: Promise<unknown>;
  readonly controller: AbortController;
  waiting: number;
}

const isWhole = (result: unknown): result is ExecutionResult =>
  typeof result === 'object' && result !== null && !Array.isArray(result) && !isAsyncIterable(result);

/** The same answer, whose bytes are made once for all its requests. */
const withBytes = (result: ExecutionResult): WithBytes => {
  let bytes: Buffer | undefined;
  const stringify = (): Buffer => (bytes ??= toJsonBytes(result));
  return Object.defineProperty(result, 'stringify', { value: stringify }) as WithBytes;
};

interface SharedRunsOptions {
  readonly now: () => number; // milliseconds
  /** The longest time an answer stays valid, in milliseconds. */
  readonly keepMs: number;
  /** Receives each answer without errors: when it began, and how long it stays valid. */
  readonly done: (key: string, result: WithBytes, began: number, standsMs: number) => void;
}

/** Records must stay valid for this part of an answer's time if it is renewed. Then nobody waits when they expire. */
const AHEAD = 0.5;

type Execute = (shared: Shared) => unknown;

/** Running executions, which equal requests may join. */
interface SharedRuns {
  has(key: string): boolean;
  /** Joins a running execution, or starts it. It has its own deadline, and ends when the last caller has left. */
  join(key: string, left: AbortSignal, execute: Execute, renews: boolean): Promise<unknown>;
}

export const createSharedRuns = ({ now, keepMs, done }: SharedRunsOptions): SharedRuns => {
  const underWay = createPassingByKey<Running>();

  const begin = (key: string, execute: Execute, renews: boolean): Running => {
    const controller = createLightAbort();
    let standsMs = keepMs;
    const stands = keepMs === 0 ? undefined : (ms: number): void => void (standsMs = Math.min(standsMs, ms));
    const began = now();
    const shared = { signal: controller.signal, stands, aheadMs: renews ? AHEAD * keepMs : undefined };
    const made = (async () => execute(shared))();
    const result = made.then((answer) => {
      if (isWhole(answer) && answer.errors === undefined) done(key, withBytes(answer), began, standsMs);
      return answer;
    });
    const running: Running = { result, controller, waiting: 0 };
    underWay.set(key, running);
    const end = (): void => underWay.delete(key, running);
    result.then(end, end);
    return running;
  };

  return {
    has: (key) => underWay.get(key) !== null,
    join: (key, left, execute, renews) => {
      const running = underWay.get(key) ?? begin(key, execute, renews);
      running.waiting += 1;
      const leave = (): void => {
        running.waiting -= 1;
        if (running.waiting > 0) return;
        underWay.delete(key, running);
        running.controller.abort();
      };
      left.addEventListener('abort', leave, { once: true });
      if (left.aborted) leave();
      return running.result.finally(() => left.removeEventListener('abort', leave));
    },
  };
};
