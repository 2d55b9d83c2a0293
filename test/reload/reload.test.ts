import { pino } from 'pino';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/assembly/config.js';
import { logOptions } from '../../src/assembly/logger.js';
import { startServer } from '../../src/assembly/server.js';
import { startCohesity } from '../support/cohesity.js';
import { type Double, cohesityAt } from '../support/fake.js';
import { apiKey, bearer } from '../support/keys.js';
import { changes, watch } from '../support/live.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';
import { openSocket } from '../support/websocket.js';

const board = apiKey('board-key', ['copy:read']);
const other = apiKey('other-key', ['copy:read']);

const at = (double: Double, id: string, more: object = {}) => ({ ...cohesityAt(double), id, ...more });

/** A gateway whose config a test reloads. */
const start = async (config: object) => {
  const whole = { server: { port: 0 }, live: { minSeconds: 1, maxSeconds: 1 }, ...config };
  const read = (one: object) => parseConfig(stringify(one), 'test.yaml', {});
  const lines: string[] = [];
  const logger = pino({ ...logOptions, level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const server = await startServer(read(whole), logger, {
    vitals: { delayMs: () => 0, heapUsed: () => 0, end: () => undefined },
  });
  closing({ close: () => server.drain(0) });
  const url = `${server.url}/graphql`;
  const ask = async (query: string, key = 'board-key', path = url) => {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(key) },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: await response.json() };
  };
  const metric = async (name: string, labels?: Record<string, string>) =>
    parseMetrics(await (await fetch(`${server.url}/metrics`)).text())(name, labels);
  return {
    ...server,
    url,
    ask,
    metric,
    lines,
    reload: (next: object) => server.reload(() => read({ ...whole, ...next })),
  };
};

const names = '{ upstreams { name } }';
const runs = '{ copyRuns { totalCount upstreamReports { upstream { name } ok } } }';
const namesIn = ({ body }: { body: { data: { upstreams: { name: string }[] } } }) =>
  body.data.upstreams.map(({ name }) => name);

const pair = async () => {
  const [east, west] = [closing(await startCohesity()), closing(await startCohesity())];
  const [first, second] = [at(east, 'east'), at(west, 'west')];
  return { east, west, first, second };
};

describe('keys that a reload adds and takes away', () => {
  it('are good from then on, and no longer, also where an equal answer is kept', async () => {
    const { east, first } = await pair();
    const gateway = await start({
      upstreams: [first],
      auth: { apiKeys: [board] },
      cache: { answerSeconds: 3600, listSeconds: 3600, runningSeconds: 3600 },
    });
    expect((await gateway.ask(runs, 'other-key')).status).toBe(401);
    gateway.reload({ auth: { apiKeys: [board, other] } });
    for (const _ of [1, 2, 3]) expect((await gateway.ask(runs, 'other-key')).status).toBe(200);
    expect((await gateway.ask(runs)).status).toBe(200);
    gateway.reload({ auth: { apiKeys: [board] } });
    expect((await gateway.ask(runs, 'other-key')).status).toBe(401);
    expect((await gateway.ask(runs)).status).toBe(200);
    expect(east.seen.filter(({ path }) => path.endsWith('/protectionRuns'))).toHaveLength(1); // what was read is kept
  });

  it('end with all their streams, those of other keys go on', async () => {
    const { first } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board, other] } });
    const open = async (key: string) => {
      const socket = await openSocket(gateway, { headers: bearer(key) });
      await socket.init();
      socket.start('1', changes());
      const sse = watch(gateway, changes(), { headers: bearer(key) });
      const parts = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'multipart/mixed;subscriptionSpec=1.0', ...bearer(key) },
        body: JSON.stringify({ query: changes() }),
      });
      return { socket, sse, parts };
    };
    const [kept, gone] = [await open('board-key'), await open('other-key')];
    gateway.reload({ auth: { apiKeys: [board] } });
    expect(await gone.socket.closed).toBe(4401);
    expect(await gone.sse.ended).toBeNull();
    expect(gone.sse.errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    expect(await gone.parts.text()).toContain('UNAUTHENTICATED');
    kept.socket.start('2', names);
    expect((await kept.socket.answer('2'))[0]?.payload.data.upstreams).toEqual([{ name: 'east' }]);
    expect([kept.socket.raw.readyState, kept.sse.errors]).toEqual([1, []]);
    await kept.parts.body?.cancel();
  });

  it.each([
    ['hash', { ...apiKey('a new key', ['copy:read']), name: 'other-key' }],
    ['scopes', { ...other, scopes: ['copy:read', 'copy:cancel'] }],
    ['upstreams', { ...other, upstreams: ['east'] }],
  ])('with another %s under the same name are others', async (_what, changed) => {
    const { first } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board, other] } });
    const socket = await openSocket(gateway, { headers: bearer('other-key') });
    await socket.init();
    gateway.reload({ auth: { apiKeys: [board, changed] } });
    expect(await socket.closed).toBe(4401);
  });
});

describe('upstreams that a reload adds and takes away', () => {
  it('are served from then on, and no longer; their streams end, others go on', async () => {
    const { first, second } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board] } });
    const ofEast = watch(gateway, changes('', '{ upstreams: ["east"] }'), { headers: bearer('board-key') });
    const socket = await openSocket(gateway, { headers: bearer('board-key') });
    await socket.init();
    gateway.reload({ auth: { apiKeys: [board] }, upstreams: [first, second] });
    expect(namesIn(await gateway.ask(names))).toEqual(['east', 'west']);
    expect((await gateway.ask(runs)).body.data.copyRuns.upstreamReports).toHaveLength(2);
    socket.start('1', changes('', '{ upstreams: ["west"] }'));
    socket.start('2', names);
    expect((await socket.answer('2'))[0]?.payload.data.upstreams).toHaveLength(2);
    gateway.reload({ auth: { apiKeys: [board] }, upstreams: [first] });
    expect((await socket.answer('1')).at(-1)?.type).toBe('complete');
    expect(namesIn(await gateway.ask(names))).toEqual(['east']);
    expect((await gateway.ask(runs)).body.data.copyRuns.upstreamReports).toEqual([
      { upstream: { name: 'east' }, ok: true },
    ]);
    expect(await gateway.metric('copygraph_upstream_calls_running', { upstream: 'west' })).toBeUndefined();
    expect(await gateway.metric('copygraph_upstream_calls_running', { upstream: 'east' })).toBe(0);
    gateway.reload({ auth: { apiKeys: [board] }, upstreams: [second] });
    expect(await ofEast.ended).toBeNull();
    expect(ofEast.errors).toEqual([]);
  });

  it('leave what is under way to its end, and what was read of others where it is', async () => {
    const { east, west, first, second } = await pair();
    const cache = { listSeconds: 3600, runningSeconds: 3600 };
    const gateway = await start({ upstreams: [first, second], cache, auth: { apiKeys: [board] } });
    const jobs = '{ protectionJobs(filter: { upstreams: ["west"] }) { totalCount } }';
    const jobsAsked = () => west.seen.filter(({ path }) => path.endsWith('/protectionJobs')).length;
    for (const query of [runs, jobs]) expect((await gateway.ask(query)).body.errors).toBeUndefined();
    const jobsBefore = jobsAsked();
    const asked = [east.seen.length, west.seen.length];
    let answer = (): void => undefined;
    west.before = () => new Promise((resolve) => (answer = () => resolve(undefined)));
    const underWay = gateway.ask(
      '{ copyRuns(filter: { upstreams: ["west"] }, maxAge: 0) { totalCount upstreamReports { ok } } }',
    );
    await until(() => expect(west.seen.length).toBeGreaterThan(asked[1] ?? 0));
    gateway.reload({ upstreams: [first] });
    answer();
    expect((await underWay).body.data.copyRuns.upstreamReports).toEqual([{ ok: true }]);
    expect((await gateway.ask(runs)).body.data.copyRuns.upstreamReports).toHaveLength(1);
    expect(east.seen.length).toBe(asked[0]);
    west.before = () => undefined;
    gateway.reload({ upstreams: [first, second] });
    const before = west.seen.length;
    expect((await gateway.ask(runs)).body.data.copyRuns.upstreamReports).toHaveLength(2);
    expect(west.seen.length).toBeGreaterThan(before); // nothing was kept of it
    expect((await gateway.ask(jobs)).body.errors).toBeUndefined();
    expect(jobsAsked()).toBeGreaterThan(jobsBefore);
    expect(east.seen.length).toBe(asked[0]);
  });
});

describe('a reload', () => {
  it('changes limits for what comes from then on', async () => {
    const { first } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board] } });
    const socket = await openSocket(gateway, { headers: bearer('board-key') });
    await socket.init();
    gateway.reload({
      upstreams: [first],
      auth: { apiKeys: [board] },
      limits: { maxPageSize: 5 },
      server: { port: 0, basePath: '/b' },
    });
    expect((await gateway.ask(names)).status).toBe(404);
    const moved = gateway.url.replace('/graphql', '/b/graphql');
    const { body } = await gateway.ask('{ copyRuns(first: 6) { totalCount } }', 'board-key', moved);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    socket.start('1', '{ copyRuns(first: 6) { totalCount } }');
    expect(JSON.stringify(await socket.answer('1'))).toContain('BAD_USER_INPUT');
  });

  it.each<[string, (double: Double) => object, RegExp]>([
    [
      'url',
      (double) => ({ upstreams: [{ ...at(double, 'east'), url: 'http://127.0.0.1:9' }] }),
      /upstream east: url has changed/,
    ],
    [
      'cluster behind Helios',
      (double) => ({ upstreams: [at(double, 'east', { accessClusterId: '5' })] }),
      /east: accessClusterId has changed/,
    ],
    [
      'product',
      () => ({ upstreams: [{ id: 'east', kind: 'aws-backup', region: 'us-east-1' }] }),
      /east: kind has changed/,
    ],
    ['port', () => ({ server: { port: 4001 } }), /server\.port: cannot change while the gateway runs/],
    ['audit file', () => ({ audit: { file: '/tmp/x.jsonl' } }), /audit: cannot change/],
    ['Redis', () => ({ redis: { url: 'redis://127.0.0.1:1' } }), /redis: cannot change/],
    ['key that is none', () => ({ limits: { maxDepht: 1 } }), /limits\.maxDepht: is not a known key/],
    [
      'certificate',
      (double) => ({ upstreams: [at(double, 'east', { tls: { caFile: '/nonexistent.pem' } })] }),
      /tls\.caFile: names a file that cannot be read/,
    ],
    [
      'manifest',
      () => ({ persisted: { mode: 'prefer', manifest: '/nonexistent.json' } }),
      /persisted\.manifest: the file/,
    ],
  ])('with another %s is refused whole, logged and told in the metrics', async (_what, change, words) => {
    const { east, first } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board] } });
    expect(await gateway.metric('copygraph_config_reload_success')).toBe(1);
    expect(() => gateway.reload({ auth: { apiKeys: [other] }, ...change(east) })).toThrow(words);
    expect([(await gateway.ask(names)).status, (await gateway.ask(names, 'other-key')).status]).toEqual([200, 401]);
    expect(await gateway.metric('copygraph_config_reload_success')).toBe(0);
    expect(gateway.lines.join('')).toMatch(words);
    gateway.reload({ auth: { apiKeys: [other] } });
    expect((await gateway.ask(names, 'other-key')).status).toBe(200);
    expect(await gateway.metric('copygraph_config_reload_success')).toBe(1);
    expect(await gateway.metric('copygraph_config_reload_success_timestamp_seconds')).toBeGreaterThan(1e9);
  });

  it('gives an id to no other system, also where it was gone meanwhile', async () => {
    const { first, second } = await pair();
    const gateway = await start({ upstreams: [first, second], auth: { apiKeys: [board] } });
    gateway.reload({ upstreams: [second] });
    expect(() => gateway.reload({ upstreams: [second, { ...first, url: second.url }] })).toThrow(
      /east: url has changed/,
    );
    gateway.reload({ upstreams: [second, first] });
    expect(namesIn(await gateway.ask(names))).toEqual(['west', 'east']);
  });

  it('speaks to an upstream with its new credentials', async () => {
    const { east, first } = await pair();
    const gateway = await start({ upstreams: [first], auth: { apiKeys: [board] }, cache: { listSeconds: 0 } });
    gateway.reload({ upstreams: [{ ...first, auth: { apiKey: 'rotated' } }] });
    await gateway.ask(runs);
    expect(east.seen.at(-1)?.headers['apikey']).toBe('rotated');
    expect(gateway.lines.join('')).not.toContain('rotated"');
  });
});

describe('reloads under load', () => {
  it(
    'fail no request that is good before and after, and serve nothing that was removed',
    { timeout: 240_000 },
    async () => {
      const { first, second } = await pair();
      const steady = { upstreams: [first], auth: { apiKeys: [board] }, limits: { requestsPerMinute: 1_000_000 } };
      const gateway = await start(steady);
      const socket = await openSocket(gateway, { headers: bearer('board-key') });
      await socket.init();
      let isOver = false;
      let version = 0; // odd: with the other key and the other upstream
      const wrong: unknown[] = [];
      const counts = { board: 0, other: 0, refused: 0, socket: 0 };
      const isFound = (body: { data: { copyRuns: { upstreamReports: { upstream: { name: string } }[] } } }) =>
        body.data.copyRuns.upstreamReports.some(({ upstream }) => upstream.name === 'west');
      const askOn = async (key: 'board' | 'other'): Promise<void> => {
        while (!isOver) {
          const began = version;
          const { status, body } = await gateway.ask(runs, `${key}-key`);
          const isSteady = began === version;
          if (key === 'board' && (status !== 200 || body.errors !== undefined)) wrong.push([key, status, body]);
          if (key === 'other' && isSteady && status !== (began % 2 === 1 ? 200 : 401)) wrong.push([key, began, status]);
          if (status === 200 && isSteady && isFound(body) !== (began % 2 === 1)) wrong.push([key, began, body]);
          counts[status === 200 ? key : 'refused'] += 1;
        }
      };
      const askSocket = async (): Promise<void> => {
        while (!isOver) {
          const id = `q${(counts.socket += 1)}`;
          socket.start(id, names);
          const [first_] = await socket.answer(id);
          if (first_?.type !== 'next') wrong.push(first_);
        }
      };
      const asking = [askOn('board'), askOn('board'), askOn('other'), askOn('other'), askSocket()];
      for (let round = 1; round <= 40; round += 1) {
        const { board: done } = counts;
        await until(() => expect(counts.board).toBeGreaterThan(done + 2));
        gateway.reload(
          round % 2 === 1
            ? {
                ...steady,
                upstreams: [first, second],
                auth: { apiKeys: [board, other] },
                limits: { ...steady.limits, maxPageSize: 100 + round },
              }
            : steady,
        );
        version = round;
      }
      isOver = true;
      await Promise.all(asking);
      expect(wrong).toEqual([]);
      expect(Math.min(counts.board, counts.other, counts.refused, counts.socket)).toBeGreaterThan(5);
      expect(socket.raw.readyState).toBe(1);
    },
  );
});
