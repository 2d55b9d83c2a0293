import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply, Seen } from '../support/fake.js';

export type Vendor = 'cohesity' | 'aws-backup';

/** The request and its answer as Node has them, for what no `Reply` can say. */
export interface Raw {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The way that an upstream treats a request. `usual` answers it as on a good day. */
export type Behaviour = (request: Seen, raw: Raw, usual: () => Reply | Promise<Reply>) => Reply | Promise<Reply>;

/** The secrets that we send to the upstreams, and that they may send to us. None may be in an answer or a log. */
export const secrets = {
  apiKey: 'api-key-4f1c9d',
  password: 'password-0be2a8',
  secretAccessKey: 'secret-access-key-77ab',
  body: 'BODY-OF-THE-VENDOR',
} as const;

export const html = `<html><body>${secrets.body} Bad Gateway</body></html>`;
export const asHtml = { 'content-type': 'text/html' };

/** The outcome of a call. */
export interface Outcome {
  readonly code: string | null; // null: it is answered
  readonly attempts: number; // a read is tried thrice where that may help
  readonly retryAfterMs?: number;
}

export interface Fault extends Outcome {
  readonly name: string;
  readonly does: Behaviour;
  readonly only?: Vendor; // in this vendor's own words
}

/** Writes on until the caller hangs up. */
export const dripping = (response: ServerResponse, write: () => void): null => {
  const timer = setInterval(write, 10);
  response.once('close', () => clearInterval(timer));
  return null;
};

/** Answers well, but so many milliseconds late. */
const late =
  (ms: number): Behaviour =>
  (_request, { response }, usual) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(usual()), ms);
      response.once('close', () => {
        clearTimeout(timer);
        resolve(null);
      });
    });

const isCohesity = ({ path }: Seen): boolean => path.startsWith('/irisservices/');

const wrongTypes: Behaviour = (request) =>
  isCohesity(request)
    ? { body: [{ jobId: secrets.body, backupRun: 'whole', copyRun: 3 }] }
    : { body: { CopyJobs: [{ CopyJobId: 7, State: [secrets.body] }], CopyJob: { CopyJobId: {}, State: 1 } } };

const PIECE = `{"${'x'.repeat(50_000 - 7)}":1},`;

/** 50 MB that begin like a list. */
const endless: Behaviour = (request, { response }) => {
  let left = 1000;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(isCohesity(request) ? '[' : '{"CopyJobs":[');
  const more = (): void => {
    if (response.destroyed) return;
    if (left === 0) response.end(isCohesity(request) ? '{}]' : '{}]}');
    else response.write(PIECE, more);
    left -= 1;
  };
  more();
  return null;
};

const throttled = { code: 'UPSTREAM_RATE_LIMITED', attempts: 3 } as const;
const unavailable = { code: 'UPSTREAM_UNAVAILABLE', attempts: 3 } as const;
const silent = { code: 'UPSTREAM_TIMEOUT', attempts: 1 } as const;
export const unreadable = { code: 'UPSTREAM_BAD_RESPONSE', attempts: 1 } as const;
export const refused = { code: 'UPSTREAM_AUTH', attempts: 1 } as const;

/** How late an answer may be and still be in time, and what no time-out of the tests waits for. */
const IN_TIME_MS = 80;
const TOO_LATE_MS = 60_000;

/** Longer than `maxUpstreamBytes`: how often it is asked for less depends on the call. */
export const tooLarge: Fault = { name: 'answers with 50 MB', does: endless, ...unreadable };

export const expired: Fault = {
  name: 'answers 401',
  does: () => ({ status: 401, body: { message: secrets.body } }),
  ...refused,
};

/** The faults of any call, and the outcome of each. They are the rows of the matrix, and the soak is made of them. */
export const faults: readonly Fault[] = [
  { name: 'answers late, but in time', does: late(IN_TIME_MS), code: null, attempts: 1 },
  { name: 'answers too late', does: late(TOO_LATE_MS), ...silent },
  { name: 'takes the request and never answers', does: () => null, ...silent },
  {
    name: 'answers drop by drop, without end',
    does: (_request, { response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      return dripping(response, () => response.write(' '));
    },
    ...silent,
  },
  {
    name: 'answers 500 with a page',
    does: () => ({ status: 500, headers: asHtml, body: html }),
    ...unavailable,
  },
  {
    name: 'answers 429 without Retry-After',
    does: () => ({ status: 429, headers: { 'content-type': 'text/plain' }, body: 'Too Many Requests' }),
    ...throttled,
  },
  {
    name: 'answers 429 and wants a minute',
    does: () => ({ status: 429, headers: { 'retry-after': '60' }, body: {} }),
    code: 'UPSTREAM_RATE_LIMITED',
    attempts: 1,
    retryAfterMs: 60_000,
  },
  {
    name: 'throttles with 400, by the name in a header',
    only: 'aws-backup',
    does: () => ({
      status: 400,
      headers: { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' },
      body: { message: 'Rate exceeded' },
    }),
    ...throttled,
  },
  {
    name: 'throttles with 400, by the name in the body',
    only: 'aws-backup',
    does: () => ({ status: 400, body: { __type: 'com.amazon.coral.availability#ThrottlingException' } }),
    ...throttled,
  },
  {
    // The nearest that a cluster has to a name for it.
    name: 'answers 500 since an inner service was busy',
    only: 'cohesity',
    does: () => ({
      status: 500,
      body: {
        errorCode: 'KInternalError',
        message: `Timed out while waiting for a response from magneto. ${secrets.body}`,
      },
    }),
    ...unavailable,
  },
  {
    name: 'resets the connection',
    does: (_request, { request }) => {
      request.socket.resetAndDestroy();
      return null;
    },
    ...unavailable,
  },
  {
    name: 'sends JSON that is cut',
    does: (request) => ({
      body: isCohesity(request) ? '[{"jobId":7,"backupRun":{"sta' : '{"CopyJobs":[{"CopyJobId":"J',
    }),
    ...unreadable,
  },
  { name: 'sends a page with 200', does: () => ({ headers: asHtml, body: html }), ...unreadable },
  { name: 'sends wrong types', does: wrongTypes, ...unreadable },
  expired,
  tooLarge,
];
