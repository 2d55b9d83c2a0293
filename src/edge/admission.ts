import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Rejection } from './metrics.js';
import type { Strain } from './strain.js';

export interface AdmissionOptions {
  readonly maxConcurrent: number;
  readonly strain: () => Strain | null;
  readonly onRejected: (reason: Rejection) => void;
}

/** How many operations may run at once, over every transport. */
export interface Admission {
  /** Counts one until it is released; where there is no room, says why. */
  enter(operation: object): Rejection | null;
  /** Counts one until its response is closed; where there is no room, answers 503 at once and says `false`. */
  admit(request: IncomingMessage, response: ServerResponse): boolean;
  /** Counts it no longer: for a response that stays open and idle, such as an event stream. */
  release(operation: object): void;
  running(): number;
}

const RETRY_AFTER_SECONDS = 1;

const refusal = JSON.stringify({
  errors: [
    {
      message: 'The gateway has as much to do as it can; ask again in a second.',
      extensions: { code: 'RATE_LIMITED', retryAfterMs: RETRY_AFTER_SECONDS * 1000 },
    },
  ],
});

/** Turns away what would make everything late: a prompt refusal serves a caller better than a late answer. */
export const createAdmission = ({ maxConcurrent, strain, onRejected }: AdmissionOptions): Admission => {
  const running = new Set<object>();
  const enter = (operation: object): Rejection | null => {
    const reason = running.size >= maxConcurrent ? 'concurrency' : strain();
    if (reason === null) running.add(operation);
    else onRejected(reason);
    return reason;
  };
  return {
    enter,
    admit: (request, response) => {
      if (enter(request) === null) {
        response.once('close', () => running.delete(request));
        return true;
      }
      response.writeHead(503, {
        'content-type': 'application/json',
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
      response.end(refusal);
      return false;
    },
    release: (operation) => void running.delete(operation),
    running: () => running.size,
  };
};
