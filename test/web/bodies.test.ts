import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { type Sent, openRaw, send } from '../support/http.js';

const query = '{ copyJobs { totalCount } }';
const whole = JSON.stringify({ query });
const csrf = { 'x-graphql-yoga-csrf': '1' };
const maxBodyBytes = 20_000;
const secret = 's3cr3t-0815';

let aws: Fake;
let gateway: Gateway;

beforeAll(async () => {
  aws = await startAwsBackup();
  gateway = await startGateway({ upstreams: [awsBackupAt(aws)], limits: { maxBodyBytes } });
});
afterAll(async () => {
  await gateway.close();
  await aws.close();
});
afterEach(() => expectAlive(gateway));

/** One error with that status and a code of the closed set, and nothing that was sent; no upstream was asked. */
const expectRefused = async (sent: Sent, status: number): Promise<string> => {
  const before = aws.seen.length;
  const answer = await send(gateway, sent);
  expect([answer.status, answer.text]).toEqual([status, answer.text]);
  const { errors, ...rest } = JSON.parse(answer.text);
  expect(rest).toEqual({});
  const code = status === 403 ? 'FORBIDDEN' : 'BAD_USER_INPUT';
  expect(errors).toEqual([{ message: expect.any(String), extensions: { code } }]);
  expect(answer.text).not.toContain(secret);
  expect(answer.text).not.toMatch(/node_modules|file:|\.js:/);
  expect(aws.seen.length).toBe(before);
  return errors[0].message;
};

const type = (contentType: string | null): Sent['headers'] => ({ 'content-type': contentType });

describe('the type of a body', () => {
  const form = 'query=%7BcopyJobs%7BtotalCount%7D%7D';
  const parts = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${whole}\r\n--x--\r\n`;

  it.each<[string, string | null, string]>([
    ['a form', 'application/x-www-form-urlencoded', form],
    ['several parts', 'multipart/form-data; boundary=x', parts],
    ['text', 'text/plain', whole],
    ['a query as it is', 'application/graphql', query],
    ['no type', null, whole],
    ['an empty type', '', whole],
    ['a type that is none', 'json', whole],
    ['two types', 'application/json, text/plain', whole],
    ['one that begins so', 'application/jsonp', whole],
    ['another charset', 'application/json; charset=utf-16', whole],
    ['an odd charset', 'application/json; charset=iso-8859-1', whole],
    ['a charset that is none', 'application/json; charset=""', whole],
  ])('that is %s is refused with 415, also with the header against forgery', async (_what, contentType, body) => {
    await expectRefused({ headers: type(contentType), body }, 415);
    const message = await expectRefused({ headers: { ...type(contentType), ...csrf }, body }, 415);
    expect(message).toContain('application/json');
  });

  it.each([
    'application/json',
    'application/JSON',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
  ])('is taken as %s', async (contentType) => {
    const { text } = await send(gateway, { headers: type(contentType), body: whole });
    expect(JSON.parse(text)).toEqual({ data: { copyJobs: { totalCount: 0 } } });
  });

  it.each(['gzip', 'deflate', 'br', 'x', 'gzip, identity'])('with the encoding %s is refused', async (encoding) => {
    const body = gzipSync(Buffer.from(whole));
    expect(await expectRefused({ headers: { 'content-encoding': encoding }, body }, 415)).toContain('Content-Encoding');
  });

  it('is taken with the encoding that is none', async () => {
    expect((await send(gateway, { headers: { 'content-encoding': 'identity' }, body: whole })).status).toBe(200);
  });
});

describe('the size of a body', () => {
  const ofBytes = (size: number): string => whole.padEnd(size, ' ');

  it('may be the limit, and no byte more', async () => {
    expect((await send(gateway, { body: ofBytes(maxBodyBytes) })).status).toBe(200);
    expect(await expectRefused({ body: ofBytes(maxBodyBytes + 1) }, 413)).toContain('20000');
  });

  it('is refused by what its head says, before any of it comes, and the connection is closed', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n\r\n';
    const raw = openRaw(gateway, head);
    await raw.closed;
    expect(raw.text()).toMatch(/^HTTP\/1\.1 413 /);
    expect(raw.text()).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('is counted as it comes where no head says it, and the rest is not read', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    const raw = openRaw(gateway, head);
    const chunk = `400\r\n${' '.repeat(1024)}\r\n`;
    while (!raw.socket.destroyed) {
      raw.socket.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await raw.closed; // though its caller would have gone on
    expect(raw.text()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('may come in pieces', async () => {
    const [one, other] = [whole.slice(0, 9), whole.slice(9)];
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n';
    const raw = openRaw(gateway, `${head}transfer-encoding: chunked\r\n\r\n9\r\n${one}\r\n`);
    raw.socket.write(`${other.length.toString(16)}\r\n${other}\r\n0\r\n\r\n`);
    await raw.closed;
    expect(raw.text()).toContain('{"data":{"copyJobs":{"totalCount":0}}}');
  });

  it('that ends too early costs nobody anything', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"que';
    const before = gateway.logs.length;
    for (let opened = 0; opened < 5; opened += 1) {
      const raw = openRaw(gateway, head);
      raw.socket.end();
      await raw.closed;
    }
    await expectAlive(gateway);
    expect(gateway.logs.slice(before)).toEqual([]);
  });
});

describe('what a body holds', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const withVariables = (variables: string): string => `{"query": "{ __typename }", "variables": ${variables}}`;

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half of it', whole.slice(0, -1)],
    ['a secret that is no JSON', `${secret} {`],
    ['two of them', whole + whole],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('{"query":"{ __typename } #'), Buffer.from([0xff, 0xc0]), Buffer.from('"}')]),
    ],
    ['a batch', JSON.stringify([{ query }, { query }])],
    ['an empty batch', '[]'],
    ['text', '"{ __typename }"'],
    ['null', 'null'],
    ['a number', '1e9999'],
    ['a query that is a list', '{"query": ["{ __typename }"]}'],
    ['a query that is a mapping', `{"query": {"${secret}": 1}}`],
    ['variables in a list', withVariables(`["${secret}"]`)],
    ['variables as text', withVariables(`"${secret}"`)],
    ['variables as a number', withVariables('0')],
    ['extensions in a list', `{"query": "{ __typename }", "extensions": ["${secret}"]}`],
    ['an operation name that is none', `{"query": "{ __typename }", "operationName": {"${secret}": 1}}`],
    ['a member that is not known', `{"query": "{ __typename }", "${secret}": 1}`],
    ['brackets 10,000 deep', nested(9_000)],
    ['variables 5,000 deep', withVariables(`{"a": ${nested(5_000)}}`)],
    ['variables 65 deep', withVariables(`{"a": ${nested(63)}}`)],
    ['mappings without end', '{"a":'.repeat(3_000)],
  ])('is refused where it is %s', async (_what, body) => {
    await expectRefused({ body }, 400);
  });

  it.each(['{}', '{"query": null}', '{"variables": {}}'])('is refused without a query: %s', async (body) => {
    await expectRefused({ body, headers: { accept: 'application/graphql-response+json' } }, 400);
    await expectRefused({ body }, 400);
  });

  it('may be nested sixty-four levels deep, and hold any bracket in its texts', async () => {
    const brackets = JSON.stringify({ a: '[{'.repeat(2000) + '"\\' });
    for (const body of [withVariables(`{"a": ${nested(62)}}`), withVariables(brackets)]) {
      expect(JSON.parse((await send(gateway, { body })).text)).toEqual({ data: { __typename: 'Query' } });
    }
  });

  it('may name members of every object without harm', async () => {
    const odd = '{"__proto__": {"first": 1}, "constructor": {"prototype": {"a": 1}}, "toString": 1}';
    const { text } = await send(gateway, { body: withVariables(odd) });
    expect(JSON.parse(text)).toEqual({ data: { __typename: 'Query' } });
    await expectRefused({ body: `{"__proto__": {"query": "{ __typename }"}}` }, 400);
    expect(({} as { first?: unknown }).first).toBeUndefined();
  });

  it('may be a great many variables that nobody asks for', async () => {
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_value, index) => [`v${index}`, index]));
    const { status } = await send(gateway, { body: withVariables(JSON.stringify(many)) });
    expect(status).toBe(200);
  });
});

describe('a request without a body', () => {
  const get = (search: Readonly<Record<string, string>>, headers: Sent['headers'] = csrf): Sent => ({
    method: 'GET',
    path: `/graphql?${new URLSearchParams(search)}`,
    headers: { 'content-type': null, ...headers },
  });

  it('may be a query by GET', async () => {
    const { status, text } = await send(
      gateway,
      get({ query: 'query A($n: Int) { copyJobs(first: $n) { totalCount } }', variables: '{"n": 1}' }),
    );
    expect([status, JSON.parse(text)]).toEqual([200, { data: { copyJobs: { totalCount: 0 } } }]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['with variables that are no JSON', { query, variables: `{${secret}` }],
    ['with variables in a list', { query, variables: '[]' }],
    ['with variables that are deep', { query, variables: `{"a": ${'['.repeat(100)}${']'.repeat(100)}}` }],
    ['with extensions that are no JSON', { query, extensions: secret }],
  ])('is refused %s', async (_what, search) => {
    await expectRefused(get(search), 400);
  });

  it('that is a mutation is refused with 405', async () => {
    const mutation = 'mutation { cancelCopyRun(id: "CopyRun:a:1") { __typename } }';
    await expectRefused(get({ query: mutation }), 405);
    expect((await send(gateway, get({ query: mutation }))).headers.allow).toBe('POST');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is refused as %s, with what is allowed', async (method) => {
    await expectRefused({ method, body: whole }, 405);
    expect((await send(gateway, { method, body: whole })).headers.allow).toBe('GET, POST');
  });

  it('runs nothing for one who wants a page', async () => {
    await expectRefused(get({ query }, { ...csrf, accept: 'text/html, application/json' }), 406);
    const before = aws.seen.length;
    expect((await send(gateway, get({ query }, { ...csrf, accept: 'text/html' }))).status).toBe(406);
    expect(aws.seen.length).toBe(before);
  });
});

it('has a code of the closed set for what the server below refuses with one of its own', async () => {
  await expectRefused({ body: JSON.stringify({ query: 'query A { __typename } query B { __typename }' }) }, 400);
  await expectRefused({ body: JSON.stringify({ query: '{ __typename }', operationName: secret }) }, 400);
});
