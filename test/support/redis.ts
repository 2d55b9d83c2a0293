import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type SuiteOptions, describe, expect, it } from 'vitest';
import { closing } from './products.js';

/** `REDIS_SERVER` names another program, such as `valkey-server`. */
const program = process.env['REDIS_SERVER'] ?? 'redis-server';
const installed = spawnSync(program, ['--version']).status === 0;
const required = process.env['COPYGRAPH_REQUIRE_REDIS'] === '1';

/** Tests that need a Redis: skipped where none is installed, unless `COPYGRAPH_REQUIRE_REDIS=1` asks for it. */
export const describeWithRedis = (
  name: string,
  ...given: readonly [tests: () => void] | readonly [options: SuiteOptions, tests: () => void]
): void => {
  const [options, tests] = given.length === 2 ? given : [{}, given[0]];
  if (required) {
    it('finds the Redis that COPYGRAPH_REQUIRE_REDIS=1 asks for', () => {
      expect(installed, `no ${program}; install Debian's redis-server or set REDIS_SERVER`).toBe(true);
    });
  }
  if (!installed) {
    process.stderr.write(
      `No ${program}: the tests of ${name} are skipped. Install redis-server or set REDIS_SERVER.\n`,
    );
  }
  describe.runIf(installed)(name, options, tests);
};

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** For the test's own reads of the content. */
  readonly client: Redis;
  /** Ends it at once with all its content, as a crash would; `start` starts another on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Leaves its connections open and answers nobody, until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

const PORTS = 1000; // of each process of tests

/** The first port of this process: no two processes take the same, nor does the system give them to connections. */
const firstPort = 20_000 + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 12) * PORTS;

let given = 0;

/** Another one each time, so that it is still free when a server starts there, and starts there again. */
const freePort = async (): Promise<number> => {
  for (;;) {
    const port = firstPort + (given++ % PORTS);
    if (await isFree(port)) return port;
  }
};

const answers = (port: number, password: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(password === '' ? 'PING\r\n' : `AUTH ${password}\r\nPING\r\n`);
    });
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
      if (text.includes('+PONG')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.includes('+PONG')));
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** A real Redis on loopback that keeps nothing on disk; it is stopped when the test is over. */
export const startRedis = async (password = '', more: readonly string[] = []): Promise<RunningRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const killNow = (): void => void child?.kill('SIGKILL');
  process.once('exit', killNow);

  const start = async (): Promise<void> => {
    const secret = password === '' ? [] : ['--requirepass', password];
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const settings = [...place, '--save', '', '--appendonly', 'no', ...secret, ...more];
    const one = spawn(program, settings, { stdio: ['ignore', 'pipe', 'ignore'] });
    child = one;
    let printed = '';
    one.stdout.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-2000)));
    while (!(await answers(port, password))) {
      if (one.exitCode !== null || one.signalCode !== null)
        throw new Error(`${program} ended with ${one.exitCode}: ${printed}`);
      await sleep(10);
    }
  };
  const kill = async (): Promise<void> => {
    if (child === null) return;
    killNow();
    await ended(child);
  };

  await start();
  const client = new Redis({ host: '127.0.0.1', port, password, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  const redis: RunningRedis = {
    url: `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`,
    port,
    client,
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    close: async () => {
      client.disconnect();
      await kill();
      process.off('exit', killNow);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return closing(redis);
};

/** Three nodes on loopback that share the keys; each is a `RunningRedis`, and `urls` is what a config names. */
export const startRedisCluster = async (password = '') => {
  const nodes = await Promise.all(
    [1, 2, 3].map(async () => {
      const bus = String(await freePort()); // the usual one may be taken by an outgoing connection
      const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-port', bus];
      return { bus, ...(await startRedis(password, options)) };
    }),
  );
  const [first] = nodes;
  if (first === undefined) throw new Error('no nodes');
  const slots = 16_384;
  await Promise.all(
    nodes.map(({ client }, index) =>
      client.cluster('ADDSLOTSRANGE', Math.floor((index * slots) / 3), Math.floor(((index + 1) * slots) / 3) - 1),
    ),
  );
  for (const { port, bus } of nodes.slice(1)) await first.client.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
  for (const { client } of nodes) {
    for (;;) {
      const info = String(await client.cluster('INFO'));
      if (/cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info)) break;
      await sleep(20);
    }
  }
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    keys: async (): Promise<readonly string[]> =>
      (await Promise.all(nodes.map(({ client }) => client.keys('copygraph:*')))).flat(),
  };
};

/** A port on loopback where nothing listens. */
export const deadPort = freePort;
