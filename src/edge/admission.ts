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

/** The request and response of an operation over HTTP. */
interface Carried {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
}

/** Limits how many operations run at once, over every transport. */
export interface Admission {
  /** Counts an operation once until it is released; if there is no room, returns why. */
  enter(operation: object): Rejection | null;
  /** The same until the response is closed. */
  hold(request: IncomingMessage, response: ServerResponse): Rejection | null;
  /** Whether there is no room, or too little for its own good. */
  isFull(): boolean;
  /** Counts each request whose body has arrived, until its response is closed; if there is no room, it gets 503. */
  readonly plugin: Plugin<object, Carried>;
  /** Whether the process can do nothing more now. If so, it answers 503 before it reads anything of the request. */
  turnAway(response: ServerResponse): boolean;
  /** Stops counting it: for a response that stays open and idle, such as an event stream. */
  release(operation: object): void;
  running(): number;
}

const MESSAGE = 'The gateway is at its limit; try again in a second.';

/** The refusal for a full gateway: 503 over HTTP. */
export const tooBusy = (): GraphQLError => comeAgain(503, MESSAGE, 1000);

const refusal = refusalBody('RATE_LIMITED', MESSAGE, { retryAfterMs: 1000 });

/** Counts the operations that have entered and not left. It holds none of them, see `createPassing`. */
const createPresent = () => {
  const all = new WeakSet<object>();
  let count = 0;
  return {
    has: (operation: object): boolean => all.has(operation),
    enter: (operation: object): void => {
      if (all.has(operation)) return;
      all.add(operation);
      count += 1;
    },
    leave: (operation: object): void => {
      if (all.delete(operation)) count -= 1;
    },
    count: (): number => count,
  };
};

/** Refuses work that would make everything late: a prompt refusal serves a caller better than a late answer. */
export const createAdmission = ({ maxConcurrent, strain, onRejected }: AdmissionOptions): Admission => {
  const present = createPresent();
  const rejection = (): Rejection | null => (present.count() >= maxConcurrent() ? 'concurrency' : strain());
  const enter = (operation: object): Rejection | null => {
    const reason = present.has(operation) ? null : rejection();
    if (reason === null) present.enter(operation);
    else onRejected(reason);
    return reason;
  };
  const hold = (request: IncomingMessage, response: ServerResponse): Rejection | null => {
    if (present.has(request)) return null;
    const reason = enter(request);
    if (reason === null) response.once('close', () => present.leave(request));
    return reason;
  };
  return {
    enter,
    hold,
    isFull: () => rejection() !== null,
    plugin: {
      // Not while the body is being sent, or slow senders would take the room of others.
      onRequestParse: ({ serverContext: { req, res } }) => ({
        onRequestParseDone: () => {
          if (req === undefined || res === undefined || res.destroyed) return;
          if (hold(req, res) !== null) throw tooBusy();
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
    release: present.leave,
    running: present.count,
  };
};
