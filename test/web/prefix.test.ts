import { describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { awsBackupAt } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { openRaw, send } from '../support/http.js';
import { closing } from '../support/products.js';
import { openSocket } from '../support/websocket.js';

const start = async (options: Partial<GatewayOptions> = {}) =>
  closing(await startGateway({ upstreams: [awsBackupAt(closing(await startAwsBackup()))], ...options }));

const get = { method: 'GET', headers: { 'content-type': null } } as const;
const body = JSON.stringify({ query: '{ __typename }' });

describe('the start of the site', () => {
  it.each([
    ['', '/', 'graphql'],
    ['/tools/copygraph', '/tools/copygraph/', 'graphql'],
    ['/tools/copygraph', '/tools/copygraph', 'copygraph/graphql'],
  ])('under %j leads from %s to the page, whatever prefix a proxy takes off', async (basePath, path, location) => {
    const gateway = await start({ basePath, graphiql: true });
    const answer = await send(gateway, { ...get, path });
    expect([answer.status, answer.headers.location]).toEqual([302, location]);
    const behind = new URL(location, `https://proxy.example.com/prefix${path}`);
    expect(behind.pathname).toBe(`/prefix${basePath}/graphql`);
  });

  it('leads nowhere without the page', async () => {
    expect((await send(await start(), { ...get, path: '/' })).status).toBe(404);
  });
});

describe('under a base path', () => {
  const basePath = '/tools/copygraph';

  it('the graph answers over HTTP and WebSockets, and probes and metrics stay at the root', async () => {
    const gateway = await start({ basePath });
    expect(gateway.url).toMatch(/:\d+\/tools\/copygraph\/graphql$/);
    expect((await send(gateway, { path: `${basePath}/graphql`, body })).text).toBe('{"data":{"__typename":"Query"}}');
    const socket = await openSocket(gateway);
    await socket.init();
    socket.start('1', '{ __typename }');
    expect(await socket.answer('1')).toMatchObject([{ payload: { data: { __typename: 'Query' } } }, {}]);
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect([path, (await send(gateway, { ...get, path })).status]).toEqual([path, 200]);
    }
  });

  it('nothing is where it would be without one, and a stranger is told where the graph is', async () => {
    const gateway = await start({ basePath, graphiql: true });
    for (const path of ['/graphql', '/', `${basePath}/livez`, `${basePath}/graphql/`]) {
      const answer = await send(gateway, { path, body });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).toContain('The graph is at /tools/copygraph/graphql.');
    }
  });
});

describe('an idle connection', () => {
  it('is kept for longer than load balancers keep theirs, and answers say so', async () => {
    const response = await fetch((await start()).url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([response.headers.get('connection'), response.headers.get('keep-alive')]).toEqual([
      'keep-alive',
      'timeout=75',
    ]);
    await response.text();
  });

  it('is closed by the gateway when that time is over, and not before it was asked', async () => {
    const gateway = await start({ keepAliveSeconds: 1 });
    const raw = openRaw(
      gateway,
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await raw.closed;
    expect(raw.text()).toMatch(/^HTTP\/1\.1 200 [^]*keep-alive: timeout=1\r\n[^]*"__typename":"Query"/i);
  });
});
