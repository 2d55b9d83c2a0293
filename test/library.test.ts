import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSchema } from 'graphql';
import { createClient as createSse } from 'graphql-sse';
import type { z } from 'zod';
import { describe, expect, it } from 'vitest';
import {
  type Copygraph,
  type CopygraphConfig,
  type CopygraphOptions,
  type UpstreamConfig,
  createCopygraph,
  schema,
  startSandbox,
} from '../src/assembly/library.js';
import { configShapeOf } from '../src/config/shape.js';
import { products } from '../src/upstream/products.js';
import { startCohesity } from './support/cohesity.js';
import { type Double, cohesityAt } from './support/fake.js';
import { apiKey, bearer } from './support/keys.js';
import { changes } from './support/live.js';
import { closing } from './support/products.js';
import { openSocket } from './support/websocket.js';

type Shape = z.input<ReturnType<typeof configShapeOf>>;
/** Each key of the types is one of the shape, with a type that it takes: this compiles. */
const asShape = ({ upstreams: _, ...rest }: CopygraphConfig): Partial<Writable<Omit<Shape, 'upstreams'>>> => rest;
/** And each key of the sections that hold numbers has its type. */
type Numbers = 'limits' | 'cache' | 'index' | 'live' | 'watch';
type Untyped = {
  [Section in Numbers]: Exclude<keyof NonNullable<Shape[Section]>, keyof NonNullable<CopygraphConfig[Section]>>;
}[Numbers];
const untyped: readonly Untyped[] = [];
type Writable<T> = T extends (infer Item)[]
  ? readonly Writable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Writable<T[Key]> }
    : T;

const lines: string[] = [];
const log: CopygraphOptions['log'] = { write: (line) => void lines.push(line) };

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is never a string
};

const make = async (config: CopygraphConfig): Promise<Copygraph> => {
  const copygraph = await createCopygraph(config, { log });
  closing({ close: copygraph.drain });
  return copygraph;
};

/** A program's server that has a route of its own, and hands the rest to the first gateway whose path it is. */
const mount = (gateways: Readonly<Record<string, Copygraph>>): Promise<string> => {
  const at = (url = '/'): Copygraph | undefined => Object.entries(gateways).find(([path]) => url.startsWith(path))?.[1];
  const server = createServer((request, response) => {
    const copygraph = at(request.url);
    if (copygraph === undefined) response.end('its own');
    else copygraph.handle(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    if (at(request.url)?.upgrade(request, socket, head) !== true) socket.destroy();
  });
  return listen(server);
};

const ask = async (url: string, query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.json() };
};

const upstreamAt = (double: Double, id: string): UpstreamConfig => ({ ...cohesityAt(double), id });

describe('the library', () => {
  it('has types for every key of a config, and no others', () => {
    const all: Required<Omit<CopygraphConfig, 'upstreams'>> = {
      server: {},
      auth: {},
      limits: {},
      cache: {},
      index: {},
      live: {},
      watch: {},
      metrics: {},
      notify: [],
      cors: {},
      persisted: {},
      failover: {},
      experimental: {},
      audit: { file: 'audit.jsonl' },
      redis: {},
    };
    untyped satisfies readonly never[];
    const known = Object.keys(configShapeOf(products).shape);
    expect([...Object.keys(asShape({ upstreams: [], ...all })), 'upstreams'].sort()).toEqual(known.sort());
  });

  it('exports the schema', () => {
    expect(isSchema(schema)).toBe(true);
    expect(schema.getQueryType()?.getFields()['copyOperations']).toBeDefined();
  });

  it('serves the sandbox beside the routes of a program, and sets no listener of the process', async () => {
    const names = ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'unhandledRejection', 'exit'];
    const before = names.map((name) => process.listenerCount(name));
    const sandbox = closing(await startSandbox());
    const copygraph = await make({ ...sandbox.config, server: { basePath: '/backup' } });
    const url = await mount({ '/backup': copygraph });
    expect(names.map((name) => process.listenerCount(name))).toEqual(before);
    expect(copygraph.schema).toBe(schema);
    const { status, body } = await ask(
      `${url}/backup/graphql`,
      '{ upstreams { name sandbox } copyOperations(first: 2) { nodes { id } } }',
    );
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data.upstreams.map(({ sandbox: isPlayed }: { sandbox: boolean }) => isPlayed)).toEqual([
      true,
      true,
      true,
    ]);
    expect(body.data.copyOperations.nodes).toHaveLength(2);
    expect(await (await fetch(`${url}/hello`)).text()).toBe('its own');
  });

  it('keeps two gateways in one process apart, each with its keys and upstreams', async () => {
    const [east, west] = [closing(await startCohesity()), closing(await startCohesity())];
    const config = (double: Double, id: string, basePath: string): CopygraphConfig => ({
      upstreams: [upstreamAt(double, id)],
      server: { basePath },
      auth: { apiKeys: [{ ...apiKey(`key of ${id}`, ['copy:read']) }] },
    });
    const url = await mount({
      '/a': await make(config(east, 'east', '/a')),
      '/b': await make(config(west, 'west', '/b')),
    });
    const query = '{ upstreams { name } copyRuns { totalCount } }';
    const answers = await Promise.all(
      (['a', 'b'] as const).flatMap((path) =>
        ['east', 'west'].map((id) => ask(`${url}/${path}/graphql`, query, bearer(`key of ${id}`))),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401, 200]);
    expect(answers[0]?.body.data.upstreams).toEqual([{ name: 'east' }]);
    expect(answers[3]?.body.data.upstreams).toEqual([{ name: 'west' }]);
    expect([east.seen.length, west.seen.length].every((count) => count > 0)).toBe(true);
  });

  it('streams over SSE and WebSockets, and drain completes both and leaves the server to its program', async () => {
    const copygraph = await make({ upstreams: [upstreamAt(closing(await startCohesity()), 'dc-east')] });
    const url = await mount({ '/graphql': copygraph, '/readyz': copygraph });
    const socket = await openSocket({ url: `${url}/graphql` });
    await socket.init();
    socket.start('1', changes());
    const sse = createSse({ url: `${url}/graphql`, retryAttempts: 0 });
    const events = sse.iterate({ query: changes() });
    const ended = events.next();
    socket.start('2', '{ upstreams { name } }');
    expect((await socket.answer('2'))[0]?.payload.data.upstreams).toEqual([{ name: 'dc-east' }]);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await copygraph.drain();
    expect((await socket.answer('1')).at(-1)?.type).toBe('complete');
    expect(await socket.closed).toBe(1001);
    await ended;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await ask(`${url}/graphql`, '{ __typename }')).status).toBe(503);
    expect(await (await fetch(`${url}/hello`)).text()).toBe('its own');
  });

  it('says so where the body of a request was read before it came', async () => {
    const copygraph = await make({ upstreams: [upstreamAt(closing(await startCohesity()), 'dc-east')] });
    const server = createServer((request, response) => {
      request.resume();
      request.once('end', () => setImmediate(() => copygraph.handle(request, response)));
    });
    const { status, body } = await ask(`${await listen(server)}/graphql`, '{ __typename }');
    expect(status).toBe(500);
    expect(body.errors[0].message).toMatch(/mount copygraph before any body parser/);
  });

  it('leaves upgrades of others alone', async () => {
    const copygraph = await make({ upstreams: [upstreamAt(closing(await startCohesity()), 'dc-east')] });
    const taken: boolean[] = [];
    const server = createServer();
    server.on('upgrade', (request, socket, head) => {
      taken.push(copygraph.upgrade(request, socket, head));
      socket.end('HTTP/1.1 418 Its own\r\nconnection: close\r\n\r\n');
    });
    await expect(openSocket({ url: `${await listen(server)}/chat` })).rejects.toThrow('418');
    expect(taken).toEqual([false]);
  });

  it('refuses a config that is none, line by line', async () => {
    const config = { upstreams: [{ id: 'dc', kind: 'cohesity' }], limits: { maxDepth: 0 } };
    await expect(createCopygraph(config, { log })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^config: upstreams\[0\]\.url: is missing.*^config: limits\.maxDepth: must be/ms),
    });
  });
});
