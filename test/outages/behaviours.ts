import { type Behaviour, type Outcome, asHtml, dripping, html, refused, secrets, unreadable } from './faults.js';

export interface Case extends Outcome {
  readonly name: string;
  readonly does: Behaviour;
  readonly code: string;
}

/** The other faults between any two programs, beside the rows of the matrix, and the outcome of each. */
export const common: readonly Case[] = [
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
    name: 'answers 429 and wants a thousand years',
    does: () => ({ status: 429, headers: { 'retry-after': '31536000000' }, body: {} }),
    code: 'UPSTREAM_RATE_LIMITED',
    attempts: 1,
    retryAfterMs: 86_400_000,
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
  {
    name: 'nests its JSON without end',
    does: () => ({ body: `[${'['.repeat(40_000)}12345678901234567890${']'.repeat(40_000)}]` }),
    ...unreadable,
  },
  { name: 'sends JSON of another kind', does: () => ({ body: { hello: secrets.body } }), ...unreadable },
  { name: 'sends a text', does: () => ({ body: `"${secrets.body}"` }), ...unreadable },
  {
    name: 'calls garbage gzip',
    does: () => ({ headers: { 'content-encoding': 'gzip' }, body: `\u001f\u008b ${secrets.body}` }),
    ...unreadable,
  },
  {
    name: 'answers 404 with a page',
    does: () => ({ status: 404, headers: asHtml, body: html }),
    ...unreadable,
  },
  {
    name: 'does not speak HTTP',
    does: (_request, { request }) => {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
      return null;
    },
    ...unreadable,
  },
  {
    name: 'sends headers without end',
    does: (_request, { request, response }) => {
      request.socket.write('HTTP/1.1 200 OK\r\n');
      return dripping(response, () => request.socket.write(`X-Filler: ${'x'.repeat(4000)}\r\n`));
    },
    ...unreadable,
  },
  {
    name: 'answers 400',
    does: () => ({ status: 400, body: { errorCode: 'KQueryParamParseError', message: secrets.body } }),
    ...unreadable,
  },
  { name: 'answers 403', does: () => ({ status: 403, body: { message: secrets.body } }), ...refused },
];

/** The faults that only one of the two products reports, in its own words. */
export const special = {
  cohesity: [
    {
      name: 'answers 500 KInternalError, as for a missing group',
      does: () => ({
        status: 500,
        body: { errorCode: 'KInternalError', message: `Protection group does not exist. ${secrets.body}` },
      }),
      code: 'UPSTREAM_UNAVAILABLE',
      attempts: 1,
    },
  ],
  'aws-backup': [
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
    { name: 'says null', does: () => ({ body: 'null' }), ...unreadable },
    { name: 'says nothing', does: () => ({ body: '' }), ...unreadable },
  ],
} satisfies Readonly<Record<string, readonly Case[]>>;
