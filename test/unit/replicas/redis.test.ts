import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { createRedis } from '../../../src/replicas/redis.js';
import type { RedisChange } from '../../../src/replicas/redis-health.js';
import { closing } from '../../support/products.js';
import { deadPort, describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const connected = async (url: string) => {
  const changes: RedisChange[] = [];
  const redis = closing(await createRedis(url, (change) => changes.push(change)));
  const ping = () => redis.ask((client) => client.ping());
  return { redis, changes, ping };
};

/** The outcome of a promise: its error's message, or that it was answered. */
const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was answered',
    (error: Error) => error.message,
  );

/** The same where it is known in a few turns of the event loop, without a timer or an answer. */
const outcomeAtOnce = async (promise: Promise<unknown>): Promise<string> => {
  const turns = async (): Promise<string> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return 'not yet';
  };
  return Promise.race([outcomeOf(promise), turns()]);
};

/** Runs the work while the time of timers is stopped until the test lets it pass. Sockets go on. */
const inGivenTime = async (work: (pass: (ms: number) => void) => Promise<void>): Promise<void> => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await work((ms) => void vi.advanceTimersByTime(ms));
  } finally {
    vi.useRealTimers();
  }
};

describe('a Redis URL', () => {
  it.each([
    ['redis://:s3cret@host:notaport', 'must be a URL such as'],
    ['redis://:s3cret@host:6379/zero', 'must end with the host'],
    ['redis://:s3cret@host:6379/0?commandTimeout=0', 'must end with the host'],
    ['redis://:s3cret%zz@host:6379', 'written as %25'],
    ['http://:s3cret@host:6379', 'must begin with redis://'],
    ['redis://', 'must name a host'],
  ])('that is none (%s) is refused without being quoted', async (url, what) => {
    const error: unknown = await createRedis(url, () => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain('redis.url: ');
    expect(String(error)).toContain(what);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });

  it('with rediss:// speaks TLS', async () => {
    const first: number[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data: Buffer) => {
        first.push(data[0] ?? 0);
        socket.destroy();
      });
    });
    const port = await deadPort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    closing({ close: () => new Promise<void>((resolve) => void server.close(() => resolve())) });
    await connected(`rediss://127.0.0.1:${port}`);
    expect(first[0]).toBe(0x16); // a TLS handshake
  });
});

describe('a Redis that is not there at the start', () => {
  it('is told once, stops nobody, and every command fails at once', async () => {
    const { changes, ping } = await connected(`redis://:s3cret@127.0.0.1:${await deadPort()}`);
    expect(changes).toEqual([{ state: 'lost', reason: 'ECONNREFUSED' }]);
    expect(await outcomeAtOnce(ping())).toBe('Redis could not be asked: not connected');
    await new Promise((resolve) => setTimeout(resolve, 500)); // some more tries
    expect(changes).toHaveLength(1);
  });

  it('is waited for no longer than two seconds where it takes connections and says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    const port = await deadPort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    closing({ close: () => new Promise<void>((resolve) => void server.close(() => resolve())) });
    const taken = new Promise((resolve) => server.once('connection', resolve));
    await inGivenTime(async (pass) => {
      const connecting = connected(`redis://127.0.0.1:${port}`);
      await taken;
      expect(await outcomeAtOnce(connecting)).toBe('not yet');
      pass(2000);
      expect((await connecting).changes).toEqual([{ state: 'lost', reason: 'no answer in time' }]);
    });
  });
});

describeWithRedis('the connection to Redis', () => {
  it('answers, in the database and with the password of its URL', async () => {
    const { url, client } = await startRedis('p%ss/word');
    const { redis, changes } = await connected(`${url.replace('p%ss/word', 'p%25ss%2Fword')}/3`);
    await redis.ask((one) => one.set('a', 'b'));
    expect(await client.get('a')).toBeNull();
    await client.select(3);
    expect(await client.get('a')).toBe('b');
    expect(changes).toEqual([]);
  });

  it('tells a wrong password by the code of Redis, and never the password', async () => {
    const { port } = await startRedis('right');
    const { changes, ping } = await connected(`redis://:s3cret@127.0.0.1:${port}`);
    expect(changes).toEqual([{ state: 'lost', reason: 'WRONGPASS' }]);
    const error: unknown = await ping().catch((reason: unknown) => reason);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });

  it('tells once that Redis was killed and once that it is back, and fails fast between', async () => {
    const server = await startRedis();
    const { changes, ping } = await connected(server.url);
    expect(await ping()).toBe('PONG');
    await server.kill();
    expect(await outcomeOf(ping())).toMatch(/^Redis could not be asked: /);
    await new Promise((resolve) => setTimeout(resolve, 500)); // some tries in vain
    await server.start();
    await until(async () => expect(await ping()).toBe('PONG'), 50);
    expect(changes.map(({ state }) => state)).toEqual(['lost', 'back']);
  });

  it('fails after a second where Redis has stopped answering, and connects anew when it answers again', async () => {
    const server = await startRedis();
    const { changes, ping } = await connected(server.url);
    server.pause();
    await inGivenTime(async (pass) => {
      const asked = ping();
      pass(999);
      expect(await outcomeAtOnce(asked)).toBe('not yet');
      pass(1);
      expect(await outcomeAtOnce(asked)).toBe('Redis could not be asked: no answer in time');
    });
    await until(() => expect(changes).toEqual([{ state: 'lost', reason: 'no answer in time' }]));
    expect(await outcomeAtOnce(ping())).toMatch(/^Redis could not be asked: /);
    server.resume();
    await until(async () => expect(await ping()).toBe('PONG'), 50);
    expect(changes.map(({ state }) => state)).toEqual(['lost', 'back']);
  });

  it('fails what was under way when Redis was killed, and does not send it again', async () => {
    const server = await startRedis();
    const { redis, ping } = await connected(server.url);
    server.pause();
    const underWay = outcomeOf(redis.ask((one) => one.set('a', 'b')));
    await server.kill();
    // And not of a time-out: it is not waited for until then.
    expect(await underWay).toMatch(/^Redis could not be asked: (not connected|ECONNRESET)$/);
    await server.start();
    await until(async () => expect(await ping()).toBe('PONG'), 50);
    expect(await redis.ask((one) => one.exists('a'))).toBe(0);
  });

  it('connects anew when its Redis is the primary no more', async () => {
    const { url, client } = await startRedis();
    const { redis, changes } = await connected(url);
    await client.replicaof('127.0.0.1', 1);
    expect(await outcomeOf(redis.ask((one) => one.set('a', 'b')))).toBe('Redis could not be asked: READONLY');
    expect(changes).toEqual([{ state: 'lost', reason: 'READONLY', refuses: true }]);
    const connections = async () => Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]);
    await until(async () => expect(await connections()).toBeGreaterThan(2)); // the test's own, and two of the program
    expect(changes).toHaveLength(1); // connected is not enough
    await client.replicaof('NO', 'ONE');
    await until(() => expect(changes.map(({ state }) => state)).toEqual(['lost', 'back']));
  });

  it('says nothing after it was closed', async () => {
    const server = await startRedis();
    const { redis, changes, ping } = await connected(server.url);
    await redis.close();
    await server.kill();
    expect(await outcomeOf(ping())).toBe('Redis could not be asked: not connected');
    expect(changes).toEqual([]);
  });
});
