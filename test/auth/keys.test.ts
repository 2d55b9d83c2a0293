import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { openRaw } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const key = 'board-key-0815-s3cr3t';
const other = 'wall-key-4711-s3cr3t';
const odd = 'schlüssel-0815';

const refusal = {
  errors: [
    {
      message: 'The API key is missing or unknown: send one as `Authorization: Bearer <key>` or as `x-api-key: <key>`.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

const query = '{ copyRuns { nodes { id } } copyJobs { nodes { id } } }';

let cohesity: Fake;
let aws: Fake;
let gateway: Gateway;
let unpaged: Gateway; // without GraphiQL

beforeAll(async () => {
  cohesity = await startCohesity();
  aws = await startAwsBackup();
  const upstreams = [cohesityAt(cohesity), awsBackupAt(aws)];
  const apiKeys = [apiKey(other, ['copy:read'], ['aws-prod']), apiKey(key, ['copy:read']), apiKey(odd, ['copy:read'])];
  gateway = await startGateway({ upstreams, auth: { apiKeys }, graphiql: true });
  unpaged = await startGateway({ upstreams, auth: { apiKeys } });
});
afterAll(async () => {
  for (const one of [gateway, unpaged, cohesity, aws]) await one.close();
});

const calls = (): number => cohesity.seen.length + aws.seen.length;

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | readonly string[]>;
  readonly body?: string;
}

/** Over Node's own client, which sends what `fetch` would refuse or mend. */
const send = (to: Gateway, { method = 'POST', path = '/graphql', headers = {}, body }: Sent) =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const given = { 'content-type': 'application/json', accept: 'application/json', ...headers };
    const sent = httpRequest(new URL(path, to.url), { method, headers: given }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    // As bytes: in front of text, Node would write the headers in the text's encoding.
    sent.end(Buffer.from(body ?? (method === 'POST' ? JSON.stringify({ query }) : '')));
  });

const expectRefused = ({ status, headers, text }: Awaited<ReturnType<typeof send>>): void => {
  expect(status).toBe(401);
  expect(headers['www-authenticate']).toBe('Bearer');
  expect(headers['content-type']).toBe('application/json');
  expect(Object.keys(headers).filter((name) => /^(?:allow|access-control|set-cookie|x-yoga)/.test(name))).toEqual([]);
  expect(JSON.parse(text)).toEqual(refusal);
};

describe('a caller', () => {
  it.each<[string, Sent['headers']]>([
    ['no key', {}],
    ['a wrong key', bearer('board-key')],
    ['a wrong key in the other header', { 'x-api-key': 'board-key' }],
    ['most of a key', bearer(key.slice(0, -1))],
    ['a key and something more', bearer(`${key}x`)],
    ['a key in other letters', bearer(key.toUpperCase())],
    ['the hash of a key', bearer(apiKey(key, []).sha256)],
    ['the name of the scheme alone', { authorization: 'Bearer' }],
    ['an empty key', { authorization: 'Bearer    ' }],
    ['an empty key in the other header', { 'x-api-key': '' }],
    ['a key without a scheme', { authorization: key }],
    ['a key under another scheme', { authorization: `Basic ${key}` }],
    ['a key behind a tab', { authorization: `Bearer\t${key}` }],
    ['two keys, of which the second is wrong', { ...bearer(key), 'x-api-key': 'board-key' }],
    ['two keys, of which the first is wrong', { ...bearer('board-key'), 'x-api-key': key }],
    ['two keys that are both right', { ...bearer(key), 'x-api-key': other }],
    ['a key beside an empty one', { ...bearer(key), 'x-api-key': '' }],
    ['a key beside another scheme', { authorization: 'Basic Ym9hcmQ6a2V5', 'x-api-key': key }],
  ])('with %s is told 401, and nothing leaves', async (_what, headers = {}) => {
    const before = calls();
    expectRefused(await send(gateway, { headers }));
    expect(calls()).toBe(before);
  });

  it.each<[string, readonly string[]]>([
    ['two different `Authorization` headers', [`Authorization: Bearer ${key}`, `authorization: Bearer ${other}`]],
    ['a wrong `Authorization` behind a right one', [`Authorization: Bearer ${key}`, 'AUTHORIZATION: Bearer wrong']],
    ['two equal ones', [`Authorization: Bearer ${key}`, `Authorization: Bearer ${key}`]],
    ['two different `x-api-key` headers', [`x-api-key: ${key}`, `X-API-KEY: ${other}`]],
    ['two equal ones of those', [`x-api-key: ${key}`, `x-api-key: ${key}`]],
  ])('with %s is refused with 400, over HTTP and for a WebSocket, and nothing leaves', async (_what, lines) => {
    const before = calls();
    const body = JSON.stringify({ query });
    const http = ['POST /graphql HTTP/1.1', 'content-type: application/json', `content-length: ${body.length}`];
    const upgrade = [
      'GET /graphql HTTP/1.1',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol: graphql-transport-ws',
    ];
    for (const [[start = '', ...rest], sent] of [[http, body] as const, [upgrade, ''] as const]) {
      const raw = openRaw(
        gateway,
        [start, 'host: localhost', 'connection: close', ...rest, ...lines, '', sent].join('\r\n'),
      );
      await until(() => expect(raw.text()).toContain('}]}'));
      raw.socket.destroy();
      expect(raw.text().split('\r\n')[0]).toBe('HTTP/1.1 400 Bad Request');
      expect(JSON.parse(/\{.*\}/.exec(raw.text())?.[0] ?? '')).toEqual({
        errors: [
          {
            message: 'Send `Authorization` and `x-api-key` at most once each: one of them is repeated.',
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      });
    }
    expect(calls()).toBe(before);
  });

  it.each<[string, Sent['headers']]>([
    ['as Bearer', { authorization: `Bearer ${key}` }],
    ['as bearer', { authorization: `bearer ${key}` }],
    ['as BEARER, with more space', { AUTHORIZATION: `BEARER   ${key}  ` }],
    ['as x-api-key', { 'x-api-key': key }],
    ['as X-API-KEY', { 'X-API-KEY': key }],
    ['in both headers', { ...bearer(key), 'x-api-key': key }],
    ['that has letters beyond ASCII', { 'x-api-key': Buffer.from(odd).toString('latin1') }],
  ])('with a key %s is served', async (_what, headers = {}) => {
    const { status, text } = await send(gateway, { headers });
    expect([status, JSON.parse(text)]).toEqual([200, { data: { copyRuns: { nodes: [] }, copyJobs: { nodes: [] } } }]);
  });

  it('is told apart from others by the key', async () => {
    const names = async (one: string) => (await gateway.execute('{ upstreams { name } }', {}, bearer(one))).data;
    expect(await Promise.all([names(key), names(other), names(key)])).toEqual([
      { upstreams: [{ name: 'dc-east' }, { name: 'aws-prod' }] },
      { upstreams: [{ name: 'aws-prod' }] },
      { upstreams: [{ name: 'dc-east' }, { name: 'aws-prod' }] },
    ]);
  });

  it('with the key of nothing is refused, though the config has its hash', async () => {
    const upstreams = [cohesityAt(cohesity)];
    const open = closing(await startGateway({ upstreams, auth: { apiKeys: [apiKey('', ['copy:read'])] } }));
    for (const headers of [{}, { 'x-api-key': '' }, { authorization: 'Bearer ' }]) {
      expectRefused(await send(open, { headers }));
    }
  });

  it('is refused whoever it is where authentication is configured without a key', async () => {
    const locked = closing(await startGateway({ upstreams: [cohesityAt(cohesity)], auth: {} }));
    for (const headers of [{}, bearer(key)]) expectRefused(await send(locked, { headers }));
  });

  it('may do everything where none is configured, with a key or without', async () => {
    const open = closing(await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] }));
    for (const headers of [{}, bearer('whatever')]) {
      const { data, errors } = await open.execute(`{ upstreams { name } ${query.slice(1)}`, {}, headers);
      expect([data.upstreams.length, errors]).toEqual([2, []]);
    }
  });
});

describe('without a key', () => {
  it.each<[string, Sent, number]>([
    ['a syntax error', { body: JSON.stringify({ query: '{' }) }, 200],
    ['an unknown field', { body: JSON.stringify({ query: '{ nonsense }' }) }, 200],
    ['no JSON', { body: '{' }, 400],
    ['a batch', { body: JSON.stringify([{ query }, { query }]) }, 400],
    ['no query', { body: '{}' }, 400],
    ['another content type', { headers: { 'content-type': 'text/csv' }, body: query }, 415],
    ['introspection', { body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }) }, 200],
    ['__typename', { body: JSON.stringify({ query: '{ __typename }' }) }, 200],
    ['a query as text', { headers: { 'content-type': 'application/graphql' }, body: '{ __typename }' }, 415],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query=%7B__typename%7D' },
      415,
    ],
    ['a query by GET', { method: 'GET', path: '/graphql?query=%7B__typename%7D' }, 200],
    ['GET without a query', { method: 'GET' }, 400],
    ['OPTIONS', { method: 'OPTIONS' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
  ])('%s is 401, as nobody has looked at it', async (_what, sent, known) => {
    const before = calls();
    expectRefused(await send(gateway, sent));
    expectRefused(await send(unpaged, sent));
    expect(calls()).toBe(before);
    const { status } = await send(gateway, { ...sent, headers: { ...sent.headers, ...bearer(key) } });
    expect(status).toBe(known);
  });

  it('HEAD is 401 too', async () => {
    expect(await send(gateway, { method: 'HEAD' })).toMatchObject({ status: 401, text: '' });
  });

  it('the page opens, and runs nothing of what its address says', async () => {
    const before = calls();
    const path = `/graphql?query=${encodeURIComponent(query)}`;
    const page = await send(gateway, { method: 'GET', path, headers: { accept: 'text/html' } });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(/^\s*<!doctype html>/i.test(page.text)).toBe(true); // too long to be shown
    expect(calls()).toBe(before);
  });

  it('a gateway without the page asks a browser for a key as well', async () => {
    const path = `/graphql?query=${encodeURIComponent(query)}`;
    const before = calls();
    expectRefused(await send(unpaged, { method: 'GET', path, headers: { accept: 'text/html' } }));
    expect(calls()).toBe(before);
  });

  it('an orchestrator is told how it is', async () => {
    const [alive, ready] = await Promise.all(
      ['/livez', '/readyz'].map((path) => send(gateway, { method: 'GET', path })),
    );
    expect([alive?.status, JSON.parse(alive?.text ?? '')]).toEqual([200, { status: 'alive' }]);
    expect([ready?.status, JSON.parse(ready?.text ?? '')]).toMatchObject([200, { status: 'ready' }]);
  });
});

describe('a key', () => {
  it('is in no answer, no log and no request to an upstream', async () => {
    const dead = { id: 'dc-dead', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'k' } } as const;
    const upstreams = [cohesityAt(cohesity), dead, awsBackupAt(aws)];
    const keys = [apiKey(key, ['copy:read'], ['dc-dead', 'aws-prod']), apiKey(other, ['copy:cancel'])];
    const logging = closing(await startGateway({ upstreams, auth: { apiKeys: keys } }));
    const answers = await Promise.all([
      logging.execute(query, {}, bearer(key)),
      logging.execute(query, {}, { 'x-api-key': other }),
      logging.execute('{ copyRuns(filter: { upstreams: ["dc-east"] }) { totalCount } }', {}, bearer(key)),
      logging.execute('{ nonsense }', {}, bearer(key)),
    ]);
    const refused = await Promise.all([
      send(logging, { headers: { ...bearer(key), 'x-api-key': other } }),
      send(logging, { headers: bearer(`${other}-and-more`) }),
    ]);
    expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual([
      'UPSTREAM_UNAVAILABLE',
      'FORBIDDEN',
      'FORBIDDEN',
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    refused.forEach(expectRefused);
    const told = JSON.stringify([answers, refused, logging.logs, cohesity.seen, aws.seen]);
    expect(logging.logs.join('')).toContain('dc-dead');
    expect(aws.seen.length).toBeGreaterThan(0);
    for (const { name, sha256 } of keys) {
      expect(told).not.toContain(name);
      expect(told).not.toContain(sha256);
    }
  });
});
