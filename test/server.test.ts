import { once } from 'node:events';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../src/assembly/config.js';
import { startServer } from '../src/assembly/server.js';
import { startFake } from './support/fake.js';
import { startGateway } from './support/gateway.js';
import { openRaw, send } from './support/http.js';
import { closing } from './support/products.js';

const ask = async (url: string, query: string) =>
  JSON.parse((await send({ url }, { body: JSON.stringify({ query }) })).text);

describe('the server', { concurrent: true }, () => {
  const dead = { id: 'dc-dead', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'k' } } as const;
  const startAlive = async () => {
    const fake = closing(await startFake(() => ({ body: { id: 1, name: 'east' } })));
    return { ...fake, config: { id: 'dc-alive', kind: 'cohesity', url: fake.url, auth: { apiKey: 'k' } } as const };
  };
  const readyz = async (gateway: { readonly url: string }) => {
    const response = await fetch(new URL('/readyz', gateway.url));
    return { status: response.status, body: await response.json() };
  };

  it('is ready while one upstream answers', async () => {
    const alive = await startAlive();
    const gateway = closing(await startGateway({ upstreams: [dead, alive.config] }));
    expect(await readyz(gateway)).toMatchObject({
      status: 200,
      body: { status: 'ready', upstreams: { up: 1, of: 2 } },
    });
    expect(alive.requests()).toEqual(['GET /irisservices/api/v1/public/cluster']);
  });

  it('is not when none does, and says why in our words alone', async () => {
    const gateway = closing(await startGateway({ upstreams: [dead] }));
    const each = [{ name: 'dc-dead', status: 'DOWN', circuit: 'CLOSED', latencyMs: null, lastError: 'unavailable' }];
    expect(await readyz(gateway)).toEqual({
      status: 503,
      body: { status: 'no upstream answers', upstreams: { up: 0, of: 1, each } },
    });
  });

  it('says of each upstream how it is, and of one that has not answered yet that nobody knows', async () => {
    const alive = await startAlive();
    const silent = closing(await startFake(() => null));
    const upstreams = [{ ...dead, id: 'dc-silent', url: silent.url, timeoutMs: 60_000 }, alive.config];
    const gateway = closing(await startGateway({ upstreams }));
    const { body } = await readyz(gateway);
    expect(body.upstreams.each).toEqual([
      { name: 'dc-silent', status: 'UNKNOWN', circuit: 'CLOSED', latencyMs: null, lastError: null },
      { name: 'dc-alive', status: 'UP', circuit: 'CLOSED', latencyMs: expect.any(Number), lastError: null },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|http/);
  });

  it('does not wait for an upstream that hangs when another one answers', async () => {
    const alive = await startAlive();
    const silent = closing(await startFake(() => null));
    const upstreams = [{ ...dead, url: silent.url, timeoutMs: 60_000 }, alive.config];
    const gateway = closing(await startGateway({ upstreams }));
    expect(await readyz(gateway)).toMatchObject({ status: 200, body: { upstreams: { up: 1, of: 2 } } });
  });

  it('waits four seconds for upstreams that hang, and no more', async () => {
    const silent = closing(await startFake(() => null));
    const gateway = closing(await startGateway({ upstreams: [{ ...dead, url: silent.url, timeoutMs: 60_000 }] }));
    expect((await readyz(gateway)).status).toBe(503);
  });

  it('asks an upstream once, however many ask whether it is ready', async () => {
    const alive = await startAlive();
    const gateway = closing(await startGateway({ upstreams: [alive.config] }));
    const answers = await Promise.all(Array.from({ length: 20 }, () => readyz(gateway)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await readyz(gateway)).status).toBe(200);
    expect(alive.seen.length).toBe(1);
  });

  it('has nothing else to show', async () => {
    const gateway = closing(await startGateway({ upstreams: [dead] }));
    for (const path of ['/', '/graphql/', '/graphqlx', '/readyz/x', '//graphql', '/..%2fgraphql']) {
      const response = await fetch(new URL(gateway.url).origin + path, { redirect: 'manual' });
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toEqual({
        errors: [{ message: 'Not found. The graph is at /graphql.', extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });

  const startWith = (change: Partial<Config>) => {
    const config = defaultConfig([dead], { PORT: '0' });
    return startServer({ ...config, ...change }, pino({ level: 'silent' }));
  };

  it('does not tell its schema where introspection is turned off', async () => {
    const { server: usual } = defaultConfig([dead], { PORT: '0' });
    const server = await startWith({ server: { ...usual, graphiql: false, introspection: false } });
    closing({ close: () => server.drain() });
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
      const body = await ask(server.url, query);
      expect(body.data).toBeUndefined();
      const codes = body.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code);
      expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    }
    expect(await ask(server.url, '{ upstreams { __typename name } }')).toEqual({
      data: { upstreams: [{ __typename: 'Upstream', name: 'dc-dead' }] },
    });
  });

  it('cuts off what has not ended when its time to drain is up, and hangs up on the upstream', async () => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    let hangUp = (): void => undefined;
    const hungUp = new Promise<void>((resolve) => (hangUp = resolve));
    const silent = closing(
      await startFake((_request, { request }) => {
        request.socket.once('close', () => hangUp());
        arrive();
        return null;
      }),
    );
    const gateway = await startGateway({ upstreams: [{ ...dead, url: silent.url, timeoutMs: 60_000 }] });
    const inFlight = expect(gateway.execute('{ copyRuns { totalCount } }')).rejects.toThrow();
    await arrived;
    await gateway.close(100);
    await inFlight;
    await hungUp;
  });

  it('does not wait for a connection that is opened in advance', async () => {
    const gateway = await startGateway({ upstreams: [dead] });
    const unused = openRaw(gateway);
    await once(unused.socket, 'connect');
    await gateway.close(1_000_000); // longer than a test may take
    await unused.closed;
  });

  it('takes nothing more over a connection that is open when it begins to drain', async () => {
    let answer = (): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const slow = closing(
      await startFake(({ path }) => {
        if (!path.endsWith('/protectionRuns')) return { body: [] }; // not of the query: asked at the start
        arrive();
        return new Promise((resolve) => (answer = () => resolve({ body: [] })));
      }),
    );
    const gateway = await startGateway({ upstreams: [{ ...dead, url: slow.url }] });
    const { port } = new URL(gateway.url);
    const body = JSON.stringify({ query: '{ copyRuns { totalCount } }' });
    const message = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(message);
    await arrived;
    const closed = gateway.close();
    socket.write(message); // behind the one that is in flight, as a pipelining client sends it
    answer();
    await over;
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(received).not.toMatch(/HTTP\/1\.1 200 OK.*HTTP\/1\.1 200 OK/s);
    expect(slow.seen.length).toBe(1);
  });
});
