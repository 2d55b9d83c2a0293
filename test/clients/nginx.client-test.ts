import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { copyJob, startLive } from '../support/live.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
};

/** nginx as it comes, with its buffers on: one location that takes the prefix off, and one that passes it on. */
const configOf = (folder: string, port: number, gateway: string, basePath: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location /tools/copygraph/ {
      proxy_pass ${gateway}${basePath === '' ? '/' : ''};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }
}
`;

/** The gateway behind nginx, under the prefix `/tools/copygraph`. */
const startBehind = async (basePath: '' | '/tools/copygraph') => {
  const live = await startLive({ basePath, graphiql: true });
  live.held.copyJobs.push(copyJob('J1', 'RUNNING', { ResourceName: 'shop-db' }));
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-nginx-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, port, new URL(live.url).origin, basePath));
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  nginx.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => nginx.once('close', () => resolve()));
  closing({ close: async () => (nginx.kill('SIGKILL'), ended) });
  const start = `http://127.0.0.1:${port}/tools/copygraph/`;
  await until(async () => {
    const response = await fetch(start).catch(() => null);
    expect(response?.status, said).toBeLessThan(500);
    await response?.body?.cancel();
  }, 50);
  return { live, start, url: `${start}graphql` };
};

describe.each([
  ['takes the prefix off', ''],
  ['passes the prefix on', '/tools/copygraph'],
] as const)('behind an nginx that %s', (_what, basePath) => {
  it('the start leads to the page, which asks for what it needs under the prefix', async () => {
    const { start } = await startBehind(basePath);
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
    closing({ close: () => browser.close() });
    const page = await browser.newPage();
    const lost: string[] = [];
    page.on('response', (response) => {
      const isElsewhere = response.url().startsWith('http') && !response.url().startsWith(start);
      if (response.status() >= 400 || isElsewhere) lost.push(response.url());
    });
    await page.goto(start);
    expect(page.url()).toMatch(/\/tools\/copygraph\/graphql(?:$|\?)/);
    await page.getByRole('tab').first().waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query', exact: true }).waitFor(); // the schema is there
    expect(lost).toEqual([]);
  });

  it('queries are answered, and packed once', async () => {
    const { url } = await startBehind(basePath);
    const headers = { 'content-type': 'application/json', 'x-request-id': 'behind-1' };
    const body = JSON.stringify({ query: '{ __schema { types { name } } }' });
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(response.headers.get('x-request-id')).toBe('behind-1');
    expect(response.headers.get('content-encoding')).toMatch(/^(?:gzip|br)$/);
    expect(await response.json()).toHaveProperty('data.__schema.types');
  });

  it('events come one by one through its buffers, and so do parts', async () => {
    const { live, url } = await startBehind(basePath);
    const client = createSse({ url, retryAttempts: 0 });
    closing({ close: async () => client.dispose() });
    const events = client.iterate({ query: 'subscription { copyOperationChanged { change } }' });
    expect((await events.next()).value).toMatchObject({ data: { copyOperationChanged: { change: 'SNAPSHOT' } } });
    live.held.copyJobs[0] = copyJob('J1', 'FAILED');
    expect((await events.next()).value).toMatchObject({ data: { copyOperationChanged: { change: 'FINISHED' } } });
    await events.return?.();

    let go = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    live.aws.before = () => held;
    const headers = { 'content-type': 'application/json', accept: 'multipart/mixed' };
    const body = JSON.stringify({
      query: '{ __typename ... @defer { copyJobs(filter: { startedAfter: "2026-01-01T00:00:00Z" }) { totalCount } } }',
    });
    const response = await fetch(url, { method: 'POST', headers, body });
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('"hasNext":true')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(text).not.toContain('"incremental"'); // the first part is here while the second one waits
    go();
    while (!text.includes('"incremental"')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    await reader?.cancel();
  });

  it('a WebSocket opens', async () => {
    const { url } = await startBehind(basePath);
    const client = createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    closing({ close: async () => void client.dispose() });
    const { value } = await client.iterate({ query: '{ __typename }' }).next();
    expect(value).toEqual({ data: { __typename: 'Query' } });
  });
});
