import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { comeAgain, refusalBody } from './refusal.js';
import { refusalText } from './request-id.js';
import type { Rejection } from './metrics.js';
import type { Strain } from './strain.js';

interface AdmissionOptions {
  readonly maxConcurrent: () => number;
  readonly strain: () => Strain | null;
  readonly onRejected: (reason: Rejection) => void;
}

/** What carries an operation over HTTP. */
interface Carried {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** How many operations may run at once, over every transport. */
export interface Admission {
  /** Counts one until it is released; where there is no room, says why. */
  enter(operation: object): Rejection | null;
  /** Counts each request that has come whole, until its response is closed; where there is no room, it gets 503. */
  readonly plugin: Plugin<object, Carried>;
  /** Whether nothing more can be done now, whatever it is; answers 503 then, before anything of a request is read. */
  turnAway(response: ServerResponse): boolean;
  /** Counts it no longer: for a response that stays open and idle, such as an event stream. */
  release(operation: object): void;
  running(): number;
}

const MESSAGE = 'The gateway has as much to do as it can; ask again in a second.';

/** For who is told so: over HTTP with 503. */
export const tooBusy = (): GraphQLError => comeAgain(503, MESSAGE, 1000);

const refusal = refusalBody('RATE_LIMITED', MESSAGE, { retryAfterMs: 1000 });

/** Turns away what would make everything late: a prompt refusal serves a caller better than a late answer. */
export const createAdmission = ({ maxConcurrent, strain, onRejected }: AdmissionOptions): Admission => {
  const running = new Set<object>();
  const enter = (operation: object): Rejection | null => {
    const reason = running.size >= maxConcurrent() ? 'concurrency' : strain();
    if (reason === null) running.add(operation);
    else onRejected(reason);
    return reason;
  };
  return {
    enter,
    plugin: {
      // Not while it is still being sent: who sends slowly would take the room of those who ask.
      onRequestParse: ({ serverContext: { req, res } }) => ({
        onRequestParseDone: () => {
          if (req === undefined || res === undefined || res.destroyed) return;
          if (enter(req) !== null) throw tooBusy();
          res.once('close', () => running.delete(req));
        },
      }),
    },
    turnAway: (response) => {
      const reason = strain();
      if (reason === null) return false;
      onRejected(reason);
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
      response.end(refusalText(refusal, response.req));
      return true;
    },
    release: (operation) => void running.delete(operation),
    running: () => running.size,
  };
};
