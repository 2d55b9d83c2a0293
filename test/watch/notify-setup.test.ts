import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { checkConfig } from '../../src/assembly/check.js';
import { parseConfig } from '../../src/assembly/config.js';
import { logOptions } from '../../src/assembly/logger.js';
import { startServer } from '../../src/assembly/server.js';
import { closing } from '../support/closing.js';
import { startCohesity } from '../support/cohesity.js';
import { KEY, startFailover } from '../support/failover.js';
import { cohesityAt } from '../support/fake.js';
import { setTime } from '../support/notify.js';
import { deadPort } from '../support/redis.js';
import { until } from '../support/until.js';
import { secret, startWebhook } from '../support/webhook.js';
import { start, wireCopyRun, wireRun } from '../support/wire.js';

const watch = { seconds: 0.05 };
const read = (config: object) => parseConfig(stringify({ server: { port: 0 }, watch, ...config }), 'test.yaml', {});

describe('check --notify', () => {
  it('sends a test to each webhook, in the format of its rule, and says which did not take it', async () => {
    const [webhook, double] = [await startWebhook(), closing(await startCohesity())];
    const notify = [
      { name: 'ops', url: webhook.url, secret },
      { name: 'chat', url: `${webhook.url}/chat`, format: 'slack' },
      { name: 'dead', url: `http://127.0.0.1:${await deadPort()}/?key=s3cret-key`, secret },
    ];
    const config = read({ upstreams: [cohesityAt(double)], notify });
    const { table, ok } = await checkConfig(config, { notify: true });
    expect(ok).toBe(false);
    expect(table).toMatch(/^notify\.ops\s+WEBHOOK\s+ok\s+accepted a test, \d+ ms$/m);
    expect(table).toMatch(/^notify\.dead\s+WEBHOOK\s+FAILED\s+it cannot be reached: ECONNREFUSED$/m);
    const bodies = new Map(webhook.told.map(({ path, body }) => [path, body]));
    expect(bodies.get('/hook')).toEqual({ type: 'TEST', timestamp: expect.any(String), data: { name: 'ops' } });
    expect(bodies.get('/hook/chat')).toEqual({ text: 'Test of the notification rule chat of copygraph' });
    expect(webhook.told.find(({ path }) => path === '/hook')?.isSigned).toBe(true);
    const silent = await checkConfig(config);
    expect([silent.ok, webhook.told.length]).toEqual([true, 2]);
  });
});

describe('a reload', () => {
  setTime();

  it('takes another webhook, a new rule, and leaves a rule that is gone', async () => {
    const [first, second, double] = [await startWebhook(), await startWebhook(), closing(await startCohesity())];
    const config = (...rules: readonly object[]) => read({ upstreams: [cohesityAt(double)], notify: rules });
    const rule = { name: 'ops', url: first.url, secret, on: ['UPSTREAM_DOWN', 'UPSTREAM_UP'] };
    const lines: string[] = [];
    const logger = pino({ ...logOptions, level: 'debug' }, { write: (line: string) => void lines.push(line) });
    const server = await startServer(config(), logger);
    closing({ close: () => server.drain(0) });
    const turn = async (isUp: boolean): Promise<void> => {
      const looks = double.seen.length;
      double.before = () => (isUp ? undefined : { status: 500, body: '{}' });
      await until(() => {
        vi.setSystemTime(Date.now() + 10_000); // an open circuit lets a call through
        expect(double.seen.length).toBeGreaterThan(looks + 3);
      }, 20);
    };
    await turn(true);
    await turn(false);
    server.reload(() => config(rule));
    await until(() => expect(lines.join('')).toContain('config reloaded'));
    await turn(true);
    await turn(false);
    await until(() => expect(first.told.at(-1)?.body.type).toBe('UPSTREAM_DOWN'));
    server.reload(() => config({ ...rule, url: second.url }));
    await turn(true);
    await until(() => expect(second.told.map(({ body }) => body.type)).toEqual(['UPSTREAM_UP']));
    server.reload(() => config());
    const before = first.told.length;
    await turn(false);
    await turn(true);
    expect([first.told.length, second.told.length]).toEqual([before, 1]);
    expect(lines.join('')).not.toContain(secret.replace('whsec_', ''));
  });
});

describe('a failover', () => {
  it('is told of in each state that it reaches, once', async () => {
    const webhook = await startWebhook();
    const notify = [{ url: webhook.url, secret, on: ['FAILOVER'] as const }];
    const { cluster, press } = await startFailover({ watch, notify });
    const states = () => webhook.told.map(({ body: { data } }) => data.state);
    await press();
    await until(() => expect(states()).toEqual(['REQUESTED']));
    cluster.listed.set(KEY, { failoverId: KEY, runId: `7:${start}`, backupTaskStatus: 'Succeeded' });
    const hold = (status: string): void => {
      cluster.held.runs = [wireRun({ copyRun: [wireCopyRun(501, { status })] })];
    };
    hold('kRunning');
    await until(() => expect(states()).toEqual(['REQUESTED', 'RUNNING']));
    hold('kSuccess');
    await until(() => expect(states()).toEqual(['REQUESTED', 'RUNNING', 'SUCCEEDED']));
    expect(webhook.told[0]?.body).toMatchObject({
      type: 'FAILOVER',
      data: { id: `Failover:dc-east:${KEY}`, upstream: 'dc-east', requestedAt: expect.any(String) },
    });
  });
});

describe('docs/webhooks.md', () => {
  it('has a receiver that takes what is signed, and refuses what is not', async () => {
    const [, program = ''] = /^```js\n(.*?)^```/ms.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? [];
    const port = await deadPort();
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret };
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { env, stdio: 'pipe' });
    closing({
      close: async () => {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      },
    });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => (printed += text.toString()));
    const double = closing(await startCohesity());
    const rule = { name: 'ops', url: `http://127.0.0.1:${port}/`, secret };
    const check = (more: object) =>
      checkConfig(read({ upstreams: [cohesityAt(double)], notify: [{ ...rule, ...more }] }), { notify: true });
    await until(async () => expect([(await check({})).ok, printed]).toEqual([true, expect.anything()]), 50);
    expect(printed).toMatch(/^msg_[\da-f]{32} TEST ops$/m);
    const { table } = await check({ secret: `whsec_${'B'.repeat(32)}` });
    expect(table).toContain('it answered with status 401');
  });
});
