import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { start as startCli } from '../support/cli.js';
import { startCohesity } from '../support/cohesity.js';
import type { Double } from '../support/fake.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

let folder: string;
let cohesity: Double;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copygraph-reload-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  cohesity = closing(await startCohesity());
});

const config = (key: string, auth: object = { apiKey: 'key' }): string =>
  stringify({
    upstreams: [{ id: 'dc', kind: 'cohesity', url: cohesity.url, auth }],
    auth: { apiKeys: [apiKey(key, ['copy:read'])] },
    cache: { listSeconds: 0, answerSeconds: 0 },
  });

/** The program, once it listens. */
const start = async (file: string) => {
  const cli = startCli(['serve', '--config', file]);
  const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
  await cli.saying(/"msg":"listening"/);
  const status = async (key: string): Promise<number> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(key) },
      body: '{"query":"{ copyRuns { totalCount } }"}',
    });
    await response.text();
    return response.status;
  };
  const becomes = (key: string, wanted: number) => until(async () => expect(await status(key)).toBe(wanted), 50);
  return { cli, status, becomes };
};

describe('a config file', () => {
  it('is read again when it is written over, and when it is renamed over', async () => {
    const file = join(folder, 'copygraph.yaml');
    writeFileSync(file, config('first'));
    const { cli, status, becomes } = await start(file);
    expect(await status('first')).toBe(200);
    writeFileSync(file, config('second'));
    await becomes('second', 200);
    expect(await status('first')).toBe(401);
    writeFileSync(`${file}.new`, config('third'));
    renameSync(`${file}.new`, file);
    await becomes('third', 200);
    writeFileSync(file, 'upstreams: [');
    await cli.saying(/config not reloaded/);
    expect(await status('third')).toBe(200);
    rmSync(file);
    await until(() => expect(cli.stderr().match(/config not reloaded/g)).toHaveLength(2), 50);
    expect(await status('third')).toBe(200);
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });

  it('and secrets in a mounted Secret are read again when its ..data leads elsewhere', async () => {
    const fill = (name: string, key: string, secret: string): void => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'copygraph.yaml'), config(key, { apiKeyFile: join(folder, 'api-key') }));
      writeFileSync(join(folder, name, 'api-key'), `${secret}\n`);
    };
    fill('..1', 'first', 'secret-1');
    symlinkSync('..1', join(folder, '..data'));
    for (const name of ['copygraph.yaml', 'api-key']) symlinkSync(join('..data', name), join(folder, name));
    const { becomes } = await start(join(folder, 'copygraph.yaml'));
    await becomes('first', 200);
    expect(cohesity.seen.at(-1)?.headers['apikey']).toBe('secret-1');
    fill('..2', 'second', 'secret-2');
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await becomes('second', 200);
    expect(cohesity.seen.at(-1)?.headers['apikey']).toBe('secret-2');
  });

  it('is read again when a file that it names has changed alone, or came to be', async () => {
    const file = join(folder, 'copygraph.yaml');
    const secret = join(folder, 'api-key');
    writeFileSync(secret, 'secret-1');
    writeFileSync(file, config('first', { apiKeyFile: secret }));
    const { cli, status } = await start(file);
    writeFileSync(secret, 'secret-2');
    await cli.saying(/config reloaded/);
    expect(await status('first')).toBe(200);
    expect(cohesity.seen.at(-1)?.headers['apikey']).toBe('secret-2');
    writeFileSync(file, config('first', { apiKeyFile: `${secret}-new` }));
    await cli.saying(/config not reloaded.*|.*apiKeyFile: names a file that cannot be read/);
    writeFileSync(`${secret}-new`, 'secret-3');
    await until(async () => {
      await status('first');
      expect(cohesity.seen.at(-1)?.headers['apikey']).toBe('secret-3');
    }, 50);
  });

  it('is read again on SIGHUP, also where nothing has changed', async () => {
    const file = join(folder, 'copygraph.yaml');
    writeFileSync(file, config('first'));
    const { cli, status } = await start(file);
    cli.child.kill('SIGHUP');
    await cli.saying(/"msg":"config reloaded"/);
    expect(await status('first')).toBe(200);
  });
});
