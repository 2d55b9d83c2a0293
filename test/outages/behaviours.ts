import type { ServerResponse } from 'node:http';
import { type Behaviour, secrets } from './vendors.js';

const html = `<html><body>${secrets.body} Bad Gateway</body></html>`;
const asHtml = { 'content-type': 'text/html' };

export interface Case {
  readonly name: string;
  readonly does: Behaviour;
  readonly code: string;
  readonly attempts: number;
  readonly retryAfterMs?: number;
}

/** Writes on until the caller hangs up. */
const dripping = (response: ServerResponse, write: () => void): null => {
  const timer = setInterval(write, 10);
  response.once('close', () => clearInterval(timer));
  return null;
};

const kError = (message: string) => ({
  status: 500,
  body: { errorCode: 'KInternalError', message: `${message} ${secrets.body}` },
});

/** What may go wrong between any two programs, and what becomes of it. A read is tried thrice where that may help. */
export const common: readonly Case[] = [
  { name: 'takes the request and never answers', does: () => null, code: 'UPSTREAM_TIMEOUT', attempts: 1 },
  {
    name: 'answers slower than its time-out, drop by drop',
    does: (_request, { response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      return dripping(response, () => response.write(' '));
    },
    code: 'UPSTREAM_TIMEOUT',
    attempts: 1,
  },
  {
    name: 'answers 500 with a page',
    does: () => ({ status: 500, headers: asHtml, body: html }),
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: 3,
  },
  {
    name: 'answers 503 with a page',
    does: () => ({ status: 503, headers: asHtml, body: html }),
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: 3,
  },
  {
    name: 'answers 503 and wants a minute',
    does: () => ({ status: 503, headers: { 'retry-after': '60' }, body: { message: secrets.body } }),
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: 1,
    retryAfterMs: 60_000,
  },
  {
    name: 'answers 429 without Retry-After',
    does: () => ({ status: 429, headers: { 'content-type': 'text/plain' }, body: 'Too Many Requests' }),
    code: 'UPSTREAM_RATE_LIMITED',
    attempts: 3,
  },
  {
    name: 'answers 429 and wants a minute',
    does: () => ({ status: 429, headers: { 'retry-after': '60' }, body: {} }),
    code: 'UPSTREAM_RATE_LIMITED',
    attempts: 1,
    retryAfterMs: 60_000,
  },
  {
    name: 'answers 429 and wants a thousand years',
    does: () => ({ status: 429, headers: { 'retry-after': '31536000000' }, body: {} }),
    code: 'UPSTREAM_RATE_LIMITED',
    attempts: 1,
    retryAfterMs: 86_400_000,
  },
  {
    name: 'resets the connection',
    does: (_request, { request }) => {
      request.socket.resetAndDestroy();
      return null;
    },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: 3,
  },
  {
    name: 'hangs up in the middle of its answer',
    does: (_request, { response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write(`[{"${secrets.body}`, () => response.destroy());
      return null;
    },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: 3,
  },
  { name: 'sends JSON that is cut', does: () => ({ body: '[{"CopyJobs":[{"jobId":7' }), ...unreadable() },
  {
    name: 'nests its JSON without end',
    does: () => ({ body: `[${'['.repeat(40_000)}12345678901234567890${']'.repeat(40_000)}]` }),
    ...unreadable(),
  },
  { name: 'sends a page with 200', does: () => ({ headers: asHtml, body: html }), ...unreadable() },
  { name: 'sends JSON of another kind', does: () => ({ body: { hello: secrets.body } }), ...unreadable() },
  { name: 'sends a text', does: () => ({ body: `"${secrets.body}"` }), ...unreadable() },
  {
    name: 'sends a list in which nothing is as described',
    does: () => ({ body: { CopyJobs: 'all' } }),
    ...unreadable(),
  },
  {
    name: 'calls garbage gzip',
    does: () => ({ headers: { 'content-encoding': 'gzip' }, body: `\u001f\u008b ${secrets.body}` }),
    ...unreadable(),
  },
  {
    name: 'answers 404 with a page',
    does: () => ({ status: 404, headers: asHtml, body: html }),
    ...unreadable(),
  },
  {
    name: 'does not speak HTTP',
    does: (_request, { request }) => {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
      return null;
    },
    ...unreadable(),
  },
  {
    name: 'sends headers without end',
    does: (_request, { request, response }) => {
      request.socket.write('HTTP/1.1 200 OK\r\n');
      return dripping(response, () => request.socket.write(`X-Filler: ${'x'.repeat(4000)}\r\n`));
    },
    ...unreadable(),
  },
  {
    name: 'answers 400',
    does: () => ({ status: 400, body: { errorCode: 'KQueryParamParseError', message: secrets.body } }),
    ...unreadable(),
  },
  { name: 'answers 401', does: () => ({ status: 401, body: { message: secrets.body } }), ...refused() },
  { name: 'answers 403', does: () => ({ status: 403, body: { message: secrets.body } }), ...refused() },
];

/** What only one of the two says, in its own words. */
export const special = {
  cohesity: [
    {
      name: 'answers 500 KInternalError, as for a missing group',
      does: () => kError('Protection group does not exist.'),
      code: 'UPSTREAM_UNAVAILABLE',
      attempts: 1,
    },
    {
      name: 'answers 500 since an inner service was busy',
      does: () => kError('Timed out while waiting for a response from magneto.'),
      code: 'UPSTREAM_UNAVAILABLE',
      attempts: 3,
    },
  ],
  'aws-backup': [
    {
      name: 'throttles with 400, by the name in a header',
      does: () => ({
        status: 400,
        headers: { 'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/' },
        body: { message: 'Rate exceeded' },
      }),
      code: 'UPSTREAM_RATE_LIMITED',
      attempts: 3,
    },
    {
      name: 'throttles with 400, by the name in the body',
      does: () => ({ status: 400, body: { __type: 'com.amazon.coral.availability#ThrottlingException' } }),
      code: 'UPSTREAM_RATE_LIMITED',
      attempts: 3,
    },
    {
      name: 'answers 500 ServiceUnavailableException',
      does: () => ({ status: 500, body: { Code: 'ServiceUnavailableException', Message: secrets.body } }),
      code: 'UPSTREAM_UNAVAILABLE',
      attempts: 3,
    },
    {
      name: 'refuses a parameter',
      does: () => ({ status: 400, body: { Code: 'InvalidParameterValueException', Message: secrets.body } }),
      code: 'UPSTREAM_BAD_RESPONSE',
      attempts: 1,
    },
    { name: 'says null', does: () => ({ body: 'null' }), ...unreadable() },
    { name: 'says nothing', does: () => ({ body: '' }), ...unreadable() },
  ],
} satisfies Readonly<Record<string, readonly Case[]>>;

function unreadable() {
  return { code: 'UPSTREAM_BAD_RESPONSE', attempts: 1 } as const;
}

function refused() {
  return { code: 'UPSTREAM_AUTH', attempts: 1 } as const;
}
