import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig, parseConfig } from '../../src/assembly/config.js';
import { answerBoard, readBoard } from '../../src/edge/board.js';
import { cohesityAt } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';

const dead = cohesityAt({ url: 'http://127.0.0.1:9' });
const start = async (options: Partial<GatewayOptions> = {}) =>
  closing(await startGateway({ upstreams: [dead], ...options }));

const documents: Readonly<Record<string, string>> = JSON.parse(
  readFileSync('board/generated/persisted-documents.json', 'utf8'),
);
const [idOfUpstreams = ''] = Object.keys(documents).filter((id) => documents[id]?.startsWith('query Upstreams '));

const get = (path: string, accept = 'text/html,*/*;q=0.8') => ({
  method: 'GET',
  path,
  headers: { 'content-type': null, accept },
});
const filesIn = (html: string): readonly string[] =>
  [...html.matchAll(/(?:src|href)="(board\/[^"]+)"/g)].map(([, name = '']) => name);
const settingsIn = (html: string): unknown =>
  JSON.parse((/data-settings="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&quot;', '"'));

beforeAll(() => void execFileSync(process.execPath, ['board/build.js']));

describe('the board', () => {
  it('is a page without data, which may run its own script and ask this gateway, and nothing else', async () => {
    const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
    const { status, headers, text } = await send(await start({ auth }), get('/board'));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    });
    expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "script-src 'self'",
      "style-src 'self'",
    ]);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|style="|dc-east|board-key/);
  });

  it('says what the page must know of its gateway', async () => {
    const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
    const settings = { keyed: false, sandbox: true, graphiql: false, offsiteLagHours: 24, lookBackHours: 168 };
    expect(settingsIn((await send(await start(), get('/board'))).text)).toEqual(settings);
    const other = await start({ auth, graphiql: true, watch: { offsiteLagHours: 6.5, seconds: 0 } });
    expect(settingsIn((await send(other, get('/board'))).text)).toEqual({
      ...settings,
      keyed: true,
      graphiql: true,
      offsiteLagHours: 6.5,
    });
  });

  it('has files that may be kept for ever and come packed, behind any prefix', async () => {
    const gateway = await start({ basePath: '/tools/copygraph' });
    const names = filesIn((await send(gateway, get('/tools/copygraph/board'))).text);
    expect(names).toEqual([
      expect.stringMatching(/^board\/board-[\da-f]{16}\.css$/),
      expect.stringMatching(/^board\/board-[\da-f]{16}\.js$/),
    ]);
    for (const name of names) {
      const path = `/tools/copygraph/${name}`;
      const { status, headers } = await send(gateway, get(path, '*/*'));
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(String(headers['content-type'])).toMatch(name.endsWith('.js') ? /^text\/javascript/ : /^text\/css/);
      const packed = await send(gateway, { method: 'GET', path, headers: { 'accept-encoding': 'br' } });
      expect(packed.headers['content-encoding']).toBe('br');
    }
    const slash = await send(gateway, get('/tools/copygraph/board/'));
    expect([slash.status, slash.headers['location']]).toEqual([302, '../board']);
    expect((await send(gateway, get('/board'))).status).toBe(404);
  });

  it('is read and not written, and has no other file', async () => {
    const gateway = await start();
    const { status, headers } = await send(gateway, { path: '/board', body: '{}' });
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
    for (const path of [
      '/board/board-0123456789abcdef.js',
      '/board/../package.json',
      '/board/documents.json',
      '/boards',
    ])
      expect([path, (await send(gateway, get(path))).status]).toEqual([path, 404]);
  });

  it('is on in production too, and off where the config says so', async () => {
    const upstreams = 'upstreams: [{ id: a, kind: aws-backup, region: us-east-1 }]';
    const config = (text: string) => parseConfig(text, 'test.yaml', { NODE_ENV: 'production' });
    expect(config(upstreams).server.board).toBe(true);
    expect(config(`server: { board: false }\n${upstreams}`).server.board).toBe(false);
    expect(defaultConfig([dead], {}).server.board).toBe(true);
    const off = await start({ board: false });
    expect((await send(off, get('/board'))).status).toBe(404);
    const { status } = await send(off, { body: JSON.stringify({ documentId: idOfUpstreams }) });
    expect(status).toBe(400);
  });

  it.each(['off', 'prefer', 'require'] as const)('asks documents that are trusted with mode %s', async (mode) => {
    const manifest = join(mkdtempSync(join(tmpdir(), 'copygraph-manifest-')), 'documents.json');
    writeFileSync(manifest, '{}');
    const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
    const gateway = await start({ persisted: { mode, manifest }, auth });
    const sent = [
      { documentId: idOfUpstreams },
      { documentId: idOfUpstreams.replace('sha256:', '') },
      { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: idOfUpstreams.replace('sha256:', '') } } },
    ];
    for (const body of sent) {
      const { status, text } = await send(gateway, { body: JSON.stringify(body), headers: bearer('board-key') });
      expect([status, JSON.parse(text).data?.upstreams[0]?.name]).toEqual([200, 'dc-east']);
    }
    const { status } = await send(gateway, { body: JSON.stringify(sent[0]) });
    expect(status).toBe(401); // the documents are trusted, and not who asks them
  });

  it('says how it is built where it is not', async () => {
    expect(readBoard(mkdtempSync(join(tmpdir(), 'copygraph-no-board-')))).toBeNull();
    const settings = { keyed: false, sandbox: false, graphiql: false, offsiteLagHours: 24, lookBackHours: 168 };
    const server = createServer(
      (request, response) => void answerBoard(null, settings, { asset: null, request, response }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing({ close: async () => void server.close() });
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/board`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npm run build:board')]);
  });
});
