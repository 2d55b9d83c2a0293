import { request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { apiKey, bearer } from '../support/keys.js';
import { changes, copyJob, quiet, startLive } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { type Opening, openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

describe('a page that opens a WebSocket', () => {
  it.each<[string, Opening['headers'], boolean]>([
    ['of this gateway', { origin: 'http://HOST' }, true],
    ['of this gateway behind TLS', { origin: 'https://HOST' }, true],
    ['of an origin of the config', { origin: 'https://board.example.com' }, true],
    ['of another site', { origin: 'https://evil.example.com' }, false],
    ['of that origin over plain HTTP', { origin: 'http://board.example.com' }, false],
    ['of a site whose name begins so', { origin: 'https://board.example.com.evil.example' }, false],
    ['of another port of this host', { origin: 'http://127.0.0.1:1' }, false],
    ['of nowhere', { origin: 'null' }, false],
    ['of an empty origin', { origin: '' }, false],
    ['that is no page', {}, true],
  ])('%s: %j, welcome: %s', async (_what, headers = {}, welcome) => {
    const live = await startLive({ cors: { origins: ['https://board.example.com'] } });
    const sent = Object.entries(headers).map(([name, value]) => [
      name,
      String(value).replace('HOST', new URL(live.url).host),
    ]);
    const opening = openSocket(live, { headers: Object.fromEntries(sent) });
    if (welcome) await (await opening).init();
    else await expect(opening).rejects.toThrow('403');
  });
});

/** The answer of a server to raw bytes, until it closes or has said enough. */
const exchange = (url: string, text: string, enough: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
      if (enough.test(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('a caller who asks and never reads', () => {
  it('is cut off before what waits for it fills the memory', async () => {
    const live = await startLive();
    const socket = await openSocket(live);
    await socket.init();
    socket.raw.pause();
    const payload = { text: 'x'.repeat(100_000) };
    for (let sent = 0; sent < 600; sent += 1) socket.send({ type: 'ping', payload }); // each is answered with as much
    await until(() => expect(socket.raw.bufferedAmount === 0 || socket.raw.readyState !== WebSocket.OPEN).toBe(true));
    socket.raw.resume();
    expect(await socket.closed).toBe(1006);
    expect((await live.execute('{ __typename }')).status).toBe(200);
  });
});

describe('an upgrade', () => {
  const body = '{"query":"{ upstreams { name } }"}';
  const lines = (...more: readonly string[]) => ['Host: localhost', ...more, '', ''].join('\r\n');

  it('to HTTP/2, as Java’s client asks for, is ignored, and the request is answered', async () => {
    const live = await startLive();
    const head = `POST /graphql HTTP/1.1\r\n${lines(
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      'content-type: application/json',
      `content-length: ${body.length}`,
    )}`;
    const answer = await exchange(live.url, head + body, /aws-prod/);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('{"data":{"upstreams":[{"name":"dc-east"},{"name":"aws-prod"}]}}');
  });

  it('is ignored on a path that has none, also when it comes behind another request', async () => {
    const live = await startLive();
    const upgrade = lines('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13');
    const two = `GET /livez HTTP/1.1\r\n${lines()}GET /nowhere HTTP/1.1\r\n${upgrade}`;
    const answer = await exchange(live.url, two, /404[^]*Not found/);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  it('comes after the answers to what was asked before', async () => {
    const live = await startLive();
    const post = (...more: readonly string[]) =>
      `POST /graphql HTTP/1.1\r\n${lines('content-type: application/json', `content-length: ${body.length}`, ...more)}${body}`;
    const webSocket = lines(
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
    );
    const three = `${post()}${post('Connection: upgrade', 'Upgrade: h2c')}GET /graphql HTTP/1.1\r\n${webSocket}`;
    const answer = await exchange(live.url, three, /Sec-WebSocket-Accept/);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 101']);
  });

  it.each([
    ['without a key', 'Sec-WebSocket-Version: 13'],
    ['with a key that is none', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x'],
    ['of an old version', 'Sec-WebSocket-Version: 1\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  ])('to a WebSocket %s is refused', async (_what, header) => {
    const live = await startLive();
    const head = `GET /graphql HTTP/1.1\r\n${lines('Connection: Upgrade', 'Upgrade: websocket', header)}`;
    expect(await exchange(live.url, head, /\r\n\r\n./)).toMatch(/^HTTP\/1\.1 4(?:00|26)/);
  });
});

describe('streams that are opened and left', () => {
  const left = (url: string, abandon: 'at once' | 'when it streams'): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, agent: false },
        (response) => {
          response.once('data', () => {
            sent.destroy();
            resolve();
          });
          response.on('error', () => undefined);
        },
      );
      sent.on('error', (error) => (sent.destroyed ? resolve() : reject(error)));
      sent.end(JSON.stringify({ query: changes() }), () => {
        if (abandon === 'when it streams') return;
        sent.destroy();
        resolve();
      });
    });

  /** The resources that keep the process alive: timers and sockets, counted by kind. */
  const resources = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  };

  /** Resolves when no more is held than before, save a few connections to the upstreams, which are kept. */
  const settled = (before: Record<string, number>): Promise<void> =>
    until(() => {
      const grown = Object.entries(resources()).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
      expect(grown.filter(([, more]) => more > 8)).toEqual([]);
    });

  it.each(['at once', 'when it streams'] as const)('%s, two hundred times, leave nothing behind', async (abandon) => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    await live.execute('{ copyJobs { totalCount } copyRuns { totalCount } }'); // so that connections are there
    const before = resources();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => left(live.url, abandon)));
    }
    await until(() => expect(live.subscribed()).toBe(0));
    await Promise.all([quiet(live.aws), quiet(live.cohesity)]);
    await settled(before);
  });

  it('over WebSockets leave nothing behind either', async () => {
    const live = await startLive();
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const before = resources();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 20 }, async (_value, index) => {
          const socket = await openSocket(live);
          await socket.init();
          socket.start('1', changes());
          if (index % 2 === 0) await until(() => expect(socket.messages.at(-1)?.type).toBe('next'));
          socket.raw.terminate();
        }),
      );
    }
    await Promise.all([quiet(live.aws), quiet(live.cohesity)]);
    await settled(before);
    expect(await (await fetch(new URL('/metrics', live.url))).text()).toMatch(/^copygraph_operations_running 0$/m);
  });
});

describe('a caller who subscribes on and on', () => {
  it('has a thousand streams at most, over all sockets, and others have theirs', async () => {
    const keys = { greedy: apiKey('greedy', ['copy:read']), modest: apiKey('modest', ['copy:read']) };
    const live = await startLive({ auth: { apiKeys: Object.values(keys) } });
    const query = 'subscription { copyOperationChanged { change } }';
    const open = async (key: string) => {
      const socket = await openSocket(live, { headers: bearer(key) });
      await socket.init();
      return socket;
    };
    const begun = async (): Promise<number | undefined> => {
      const read = parseMetrics(await (await fetch(new URL('/metrics', live.url))).text());
      return read('copygraph_operations_total', { kind: 'subscription', outcome: 'ok' });
    };
    for (let sockets = 1; sockets <= 10; sockets += 1) {
      const socket = await open('greedy');
      for (let started = 0; started < 100; started += 1) socket.start(String(started), query);
      await until(async () => expect(await begun()).toBe(sockets * 100));
    }
    const last = await open('greedy');
    last.start('last', query);
    const [refusal] = await last.answer('last');
    expect(JSON.stringify(refusal)).toContain('RATE_LIMITED');
    const other = await open('modest');
    other.start('first', query);
    await until(async () => expect(await begun()).toBe(1001));
  });
});
