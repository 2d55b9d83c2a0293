import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSse } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from '../federation/program.js';
import { closing } from '../support/closing.js';
import { until } from '../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'copygraph-embedded-'));
afterAll(() => rmSync(folder, { recursive: true }));

const npm = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], {
    cwd,
    encoding: 'utf8',
  });

/** The example as somebody else has it: in a folder of its own, with the package as it is packed. */
beforeAll(() => {
  npm('.', 'pack', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  cpSync('examples/embedded', folder, {
    recursive: true,
    filter: (name) => !/node_modules|[\\/]dist/.test(name.slice('examples/embedded'.length)),
  });
  npm(folder, 'ci');
  npm(folder, 'install', '--no-save', join(folder, tarball));
});

const start = async (app: string, env: NodeJS.ProcessEnv = {}) => {
  const program: Program = closing(startProgram([join(folder, 'dist', `${app}-app.js`)], env));
  const [url = ''] = await program.saying(/http:\/\/127\.0\.0\.1:\d+\/backup\/graphql/);
  return { program, url, at: (path: string) => new URL(path, url) };
};

const ask = async (url: string | URL, query: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.json() };
};

const live = 'subscription { copyOperationChanged { change } }';

describe('the example in TypeScript', () => {
  it('compiles with tsc --strict against the types of the package, those of its libraries included', () => {
    const tsc = join(folder, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '--strict', '--skipLibCheck', 'false'], { cwd: folder, encoding: 'utf8' });
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['express-app.js', 'fastify-app.js']);
  });

  describe.each(['express', 'fastify'])('as an app of %s', (app) => {
    it('answers queries beside the routes of the app', async () => {
      const { url, at } = await start(app);
      const query = '{ upstreams { name } copyOperations(first: 3) { nodes { id } upstreamReports { ok } } }';
      // A busy machine may take longer than an upstream is given; then it is asked again.
      await until(async () => {
        const { status, body } = await ask(url, query);
        expect([status, body.errors, body.data.upstreams.length]).toEqual([200, undefined, 3]);
        expect(body.data.copyOperations.nodes).toHaveLength(3);
      });
      expect(await (await fetch(at('/hello'))).json()).toEqual({ hello: 'world' });
      expect((await ask(at('/echo'), 'twice')).body).toEqual({ query: 'twice' });
      expect((await fetch(at('/readyz'))).status).toBe(200);
      expect(await (await fetch(at('/metrics'))).text()).toContain('copygraph_operations_total');
      expect((await fetch(at('/elsewhere'))).status).toBe(404);
    });

    it('streams over SSE and over a WebSocket, and drains both when it is told to end', async () => {
      const { program, url } = await start(app);
      const sse = createSse({ url, retryAttempts: 0 });
      const webSocket = createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazyCloseTimeout: 60_000,
      });
      const seen = { sse: 0, webSocket: 0 };
      const read = async (name: keyof typeof seen, events: AsyncIterable<unknown>): Promise<void> => {
        for await (const _ of events) seen[name] += 1;
      };
      const ended = [read('sse', sse.iterate({ query: live })), read('webSocket', webSocket.iterate({ query: live }))];
      await until(() => expect(Math.min(seen.sse, seen.webSocket)).toBeGreaterThan(0));
      program.kill('SIGTERM');
      await Promise.all(ended); // completed, and not cut off
      expect(await program.ended).toBe(0);
    });

    it('is not ready any more while it takes requests on', async () => {
      const { program, url, at } = await start(app, { DRAIN_DELAY: '3600' });
      expect((await fetch(at('/readyz'))).status).toBe(200);
      program.kill('SIGTERM');
      await until(async () => expect((await fetch(at('/readyz'))).status).toBe(503));
      expect((await ask(url, '{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    });
  });
});
