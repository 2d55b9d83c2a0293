import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/assembly/config.js';
import { embedSandbox } from '../../src/assembly/embedded.js';
import { startServer } from '../../src/assembly/server.js';
import { startCohesity } from '../support/cohesity.js';
import { closing } from '../support/closing.js';
import { cohesityAt } from '../support/fake.js';
import { apiKey } from '../support/keys.js';

const logger = pino({ level: 'silent' });
const token = 'a-token-for-prometheus';

/** A gateway with these keys for metrics, and what it answers to those who read them, on the port that is asked for. */
const start = async (host: string, metrics: object = {}) => {
  const double = closing(await startCohesity());
  const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
  const whole = { server: { host, port: 0 }, upstreams: [cohesityAt(double)], auth, metrics };
  const read = (more: object = {}) => parseConfig(stringify({ ...whole, ...more }), 'test.yaml', {});
  const server = await startServer(read(), logger);
  closing({ close: () => server.drain(0) });
  const ask = async (port: number | null, authorization?: string, path = '/metrics') => {
    const headers = authorization === undefined ? {} : { authorization };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, text: await response.text() };
  };
  return { ask, server, reload: (next: object) => server.reload(() => read({ metrics: next })) };
};

describe('/metrics', () => {
  it('is open on a loopback host', async () => {
    const { ask, server } = await start('127.0.0.1');
    expect(server.metricsPort).toBeNull();
    expect(await ask(server.port)).toMatchObject({
      status: 200,
      text: expect.stringContaining('copygraph_build_info'),
    });
  });

  it('is refused on another host, where neither a token nor a port of its own is configured', async () => {
    const { ask, server } = await start('0.0.0.0');
    const { status, text } = await ask(server.port);
    expect([status, text]).toEqual([403, expect.stringContaining('`metrics.token` or `metrics.port`')]);
    expect(text).not.toContain('copygraph_');
    expect((await ask(server.port, 'Bearer board-key')).status).toBe(403);
    expect((await ask(server.port, undefined, '/livez')).status).toBe(200);
  });

  it('needs the token that is configured, on any host; a reload takes another', async () => {
    const { ask, server, reload } = await start('0.0.0.0', { token });
    const statuses = async (...given: readonly (string | undefined)[]) =>
      Promise.all(given.map(async (one) => (await ask(server.port, one)).status));
    expect(
      await statuses(undefined, `Bearer ${token}x`, token, 'Bearer', `Bearer ${token}`, `bearer ${token}`),
    ).toEqual([401, 401, 401, 401, 200, 200]);
    reload({ token: 'another-token-for-prometheus' });
    expect(await statuses(`Bearer ${token}`, 'Bearer another-token-for-prometheus')).toEqual([401, 200]);
    expect(() => reload({ token, port: 0 })).toThrow('metrics.port: cannot change while the gateway runs; restart it');
  });

  it('is on a port of its own alone, where one is configured, with nothing else, and closes with the gateway', async () => {
    const { ask, server } = await start('0.0.0.0', { host: '127.0.0.1', port: 0 });
    expect((await ask(server.port)).status).toBe(403);
    expect(await ask(server.metricsPort)).toMatchObject({ status: 200, text: expect.stringContaining('copygraph_') });
    expect((await ask(server.metricsPort, undefined, '/graphql?query={__typename}')).status).toBe(404);
    await server.drain(0);
    await expect(ask(server.metricsPort)).rejects.toThrow('fetch failed');
  });

  it('is open in the sandbox, which plays all that it tells', async () => {
    const sandbox = closing(await embedSandbox({ env: { HOST: '0.0.0.0', PORT: '0' }, keyed: true }));
    const server = await startServer(sandbox.config, logger);
    closing({ close: () => server.drain(0) });
    expect((await fetch(`http://127.0.0.1:${server.port}/metrics`)).status).toBe(200);
  });
});
