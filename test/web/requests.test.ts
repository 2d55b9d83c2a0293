import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { expectAlive } from '../support/alive.js';
import { type Received, openRaw, send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';

const whole = JSON.stringify({ query: '{ copyJobs { totalCount } }' });

let aws: Fake;
let gateway: Gateway;
beforeEach(async () => {
  aws = closing(await startAwsBackup());
  gateway = closing(await startGateway({ upstreams: [awsBackupAt(aws)] }));
});
afterEach(() => expectAlive(gateway));

const expectNotServed = ({ status, headers, text }: Received, named: readonly string[]): void => {
  expect([status, headers['content-type']]).toEqual([406, 'application/json; charset=utf-8']);
  const { errors, ...rest } = JSON.parse(text);
  expect([rest, errors.length, errors[0].extensions.code]).toEqual([{}, 1, 'BAD_USER_INPUT']);
  for (const type of named) expect(errors[0].message).toContain(type);
};

describe('a caller who takes no answer of ours', () => {
  it.each([
    'text/plain',
    'image/png',
    'text/html',
    'nonsense',
    'application/xml;q=0.9',
    'application/json;q=0',
    'multipart/mixed;deferSpec=20200101',
    'multipart/mixed;incrementalSpec=v0.2',
    'multipart/mixed;deferSpec=20220824;more=1',
  ])('is told in JSON what is served, before anything runs: %s', async (accept) => {
    const before = aws.seen.length;
    expectNotServed(await send(gateway, { body: whole, headers: { accept } }), [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      'multipart/mixed;deferSpec=20220824',
      'multipart/mixed;subscriptionSpec=1.0',
      'graphql-transport-ws',
    ]);
    expect(aws.seen.length).toBe(before);
  });

  const subscription = JSON.stringify({ query: 'subscription { copyOperationChanged { change } }' });
  it.each([
    'application/json',
    'multipart/mixed',
    'multipart/mixed;deferSpec=20220824, application/json',
    'application/graphql-response+json',
  ])('is told how events are served: %s', async (accept) => {
    const before = aws.seen.length;
    const answer = await send(gateway, { body: subscription, headers: { accept } });
    expectNotServed(answer, ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0', 'graphql-transport-ws']);
    expect(aws.seen.length).toBe(before);
  });

  it.each(['application/json', 'multipart/mixed;incrementalSpec=v0.2,application/json', 'application/*;q=0.5'])(
    'is told how parts are served: %s',
    async (accept) => {
      const before = aws.seen.length;
      for (const query of [
        '{ ... @defer { copyJobs { totalCount } } }',
        '{ ...F } fragment F on Query { copyJobs { nodes { ...G @defer(label: "g") } } } fragment G on CopyJob { id }',
        'query Q($on: Boolean!) { copyJobs { ... @defer(if: $on) { totalCount } } }',
        '{ upstreams @stream { name } }',
        'mutation { cancelCopyRun(id: "CopyRun:a:1") { __typename ... @defer { __typename } } }',
      ]) {
        const body = JSON.stringify({ query, variables: { on: true } });
        const answer = await send(gateway, { body, headers: { accept } });
        expectNotServed(answer, ['multipart/mixed;deferSpec=20220824', 'text/event-stream']);
      }
      expect(aws.seen.length).toBe(before);
    },
  );

  it.each([
    '{ ... @defer(if: false) { __typename } }',
    'query Q($on: Boolean!) { ... @defer(if: $on) { __typename } }',
    'query Q($on: Boolean = false) { ... @defer(if: $on) { __typename } }',
    '{ __typename ... @skip(if: true) { ... @defer { __typename } } }',
    '{ __typename ... @include(if: false) @defer { __typename } }',
    'query A { __typename } query B { ... @defer { __typename } }',
  ])('is answered where no part is put off: %s', async (query) => {
    const body = JSON.stringify({
      query,
      variables: { on: query.includes('= false') ? undefined : false },
      operationName: query.includes('query A') ? 'A' : null,
    });
    expect(await send(gateway, { body })).toMatchObject({ status: 200, text: '{"data":{"__typename":"Query"}}' });
  });

  it.each(['*/*', 'application/*', 'text/plain, application/json;q=0.1', 'application/graphql-response+json'])(
    'is not who takes %s',
    async (accept) => {
      expect((await send(gateway, { body: whole, headers: { accept } })).status).toBe(200);
    },
  );
});

describe('a host that is none', () => {
  it.each(['[', 'a b', 'a%00/b?c#d', '/livez', 'x/?', 'a:b', 'a:99999', '1.2.3.4.5', 'a@b', ''])(
    '%j is refused, without a word of what is below',
    async (host) => {
      for (const [path, more] of [
        ['/graphql', ''],
        ['/graphql', 'upgrade: websocket\r\nconnection: upgrade\r\n'],
        ['/readyz', ''],
      ]) {
        const raw = openRaw(
          gateway,
          `GET ${path} HTTP/1.1\r\nhost: ${host}\r\naccept: text/html\r\nconnection: close\r\n${more}\r\n`,
        );
        await raw.closed;
        expect(raw.text()).toMatch(/^HTTP\/1\.1 400 /);
        expect(raw.text()).not.toMatch(/node_modules|TypeError| at /);
      }
    },
  );

  it.each(['localhost', '127.0.0.1:4000', '[::1]:4000', 'copy_graph.example.com', 'xn--bcher-kva.example'])(
    '%s is none of them',
    async (host) => {
      const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
      const guarded = closing(await startGateway({ upstreams: [awsBackupAt(aws)], auth }));
      const headers = { host, ...bearer('board-key') };
      expect((await send(guarded, { body: whole, headers })).status).toBe(200);
    },
  );
});

describe('a name that somebody else has let lead here', () => {
  const cors = { origins: ['https://board.example.com'] };

  it.each(['evil.example.com', 'localhost.evil.example.com:4000', '127.0.0.1.evil.example.com', '10.0.0.1', '[::2]'])(
    '%s is refused where nobody needs a key, over every transport',
    async (host) => {
      const open = closing(await startGateway({ upstreams: [awsBackupAt(aws)], cors }));
      const before = aws.seen.length;
      const answer = await send(open, { body: whole, headers: { host, origin: `http://${host}` } });
      expect([answer.status, answer.text]).toEqual([421, expect.stringContaining('FORBIDDEN')]);
      const path = '/graphql?query=%7B__typename%7D'; // a page that reads its own site does not say where it is from
      expect((await send(open, { method: 'GET', path, headers: { host, 'x-graphql-yoga-csrf': '1' } })).status).toBe(
        421,
      );
      await expect(openSocket(open, { headers: { host, origin: `http://${host}` } })).rejects.toThrow('421');
      expect(aws.seen.length).toBe(before);
    },
  );

  it.each(['localhost:1', 'LOCALHOST', '127.1.2.3:4000', '[::1]:4000', 'board.example.com', 'board.example.com:8443'])(
    '%s is not one of them',
    async (host) => {
      const open = closing(await startGateway({ upstreams: [awsBackupAt(aws)], cors }));
      const origin = `http://${host}`;
      expect((await send(open, { body: whole, headers: { host, origin } })).status).toBe(200);
    },
  );

  it('is no matter to a program, which no page makes send anything', async () => {
    const host = 'copies.internal';
    expect((await send(gateway, { body: whole, headers: { host } })).status).toBe(200);
    await (await openSocket(gateway, { headers: { host } })).init();
  });
});

describe('a caller who is not known', () => {
  it.each(['/graphql?x=/livez', '/graphql?x=/health', '/graphql?query=%0A', '/graphql?x=%0a'])(
    'finds no way around authentication: %s',
    async (path) => {
      const guarded = closing(
        await startGateway({ upstreams: [awsBackupAt(aws)], auth: { apiKeys: [apiKey('board-key', ['copy:read'])] } }),
      );
      for (const method of ['GET', 'POST'])
        expect((await send(guarded, { method, path, body: whole })).status).toBe(401);
    },
  );

  it('sends a body that is not read', async () => {
    const guarded = closing(
      await startGateway({ upstreams: [awsBackupAt(aws)], auth: { apiKeys: [apiKey('board-key', ['copy:read'])] } }),
    );
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 99999999\r\n\r\n';
    const raw = openRaw(guarded, head);
    await expect.poll(raw.text).toMatch(/^HTTP\/1\.1 401 /);
    raw.socket.destroy();
  });
});
