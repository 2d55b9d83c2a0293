import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { closing } from '../support/closing.js';
import { startCohesity } from '../support/cohesity.js';
import { type Double, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type GatedOptions, startGated } from '../support/gated.js';
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { parseMetrics } from '../support/metrics.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { wireCopyJob } from '../support/wire.js';

const CreationDate = Date.now() / 1000 - 60; // equal, so that the ids order them
const aws = { copyJobs: ['J1', 'J2'].map((id) => wireCopyJob(id, { CreationDate })) };
const query = '{ copyJobs { nodes { copyJobId } } }';

/** So long that a test never sees the end of it. */
const long = { finishedSeconds: 3600, runningSeconds: 3600, listSeconds: 3600, answerSeconds: 3600 };

const countsOf = async ({ url }: Pick<Gateway, 'url'>) => {
  const value = parseMetrics(await (await fetch(url.replace(/graphql$/, 'metrics'))).text());
  const answers = (result: string) => value('copygraph_answers_total', { result });
  return {
    executed: answers('executed'),
    joined: answers('joined'),
    kept: answers('kept'),
    queries: value('copygraph_operations_total', { kind: 'query', outcome: 'ok' }) ?? 0,
    unknown: value('copygraph_operations_total', { kind: 'unknown', outcome: 'ok' }) ?? 0,
  };
};

type Headers = Readonly<Record<string, string>>;

const send = (gateway: Pick<Gateway, 'url'>, body: object, headers: Headers = {}): Promise<Response> =>
  fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const start = async (options: Partial<GatewayOptions> = {}): Promise<{ gateway: Gateway; fake: Double }> => {
  const fake = closing(await startAwsBackup(aws));
  const upstreams = ['aws-prod', 'aws-dev'].map((id) => ({ ...awsBackupAt(fake), id }));
  return { fake, gateway: closing(await startGateway({ upstreams, cache: long, ...options })) };
};

/** A gateway that knows the query, and whose upstreams wait to be released. */
const startKnowing = async (known: string, options: Partial<GatedOptions> = {}) => {
  const gated = await startGated({ aws, ...options });
  const first = gated.ask(known);
  await until(() => expect(gated.aws.seen).toHaveLength(1));
  gated.releaseOne();
  await first.answer;
  return gated;
};

describe('equal queries under way', () => {
  it('are one execution, and each counts as a query that was answered', async () => {
    const gated = await startKnowing(query);
    const before = await countsOf(gated);
    const asked = Array.from({ length: 10 }, () => gated.ask(query));
    await gated.settled();
    const middle = await countsOf(gated);
    gated.release();
    const answers = await Promise.all(asked.map(({ answer }) => answer));
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]?.data.copyJobs.nodes).toHaveLength(2);
    const after = await countsOf(gated);
    expect(middle.joined).toBe(9);
    expect(after.queries - before.queries).toBe(10 + 5); // five are the queries of `settled`
    expect(after.unknown).toBe(0);
    expect(gated.aws.seen).toHaveLength(2);
  });

  it('go on when the first caller leaves, and end when the last one has left', async () => {
    const gated = await startKnowing(query);
    const [first, second] = [gated.ask(query), gated.ask(query)];
    await gated.settled();
    await until(() => expect(gated.aws.seen).toHaveLength(2));
    first?.leave();
    await gated.settled();
    expect(gated.closed).toEqual([]);
    second?.leave();
    await until(() => expect(gated.closed).toHaveLength(1));
    const third = gated.ask(query); // is not joined to what was ended
    await until(() => expect(gated.aws.seen).toHaveLength(3));
    gated.release();
    expect((await third.answer).data.copyJobs.nodes).toHaveLength(2);
  });

  it('with `maxAge` are an execution each', async () => {
    const aged = '{ copyJobs(maxAge: 60) { nodes { copyJobId } } }';
    const gated = await startKnowing(aged);
    const asked = [gated.ask(aged), gated.ask(aged)];
    await gated.settled();
    gated.release();
    await Promise.all(asked.map(({ answer }) => answer));
    expect(await countsOf(gated)).toMatchObject({ joined: 0, kept: 0 });
  });
});

describe('an answer that is kept', () => {
  it('is sent again, with its age', async () => {
    const { gateway } = await start();
    await send(gateway, { query });
    const second = await send(gateway, { query });
    expect(second.headers.get('age')).toBeNull();
    const text = await second.text();
    const third = await send(gateway, { query });
    expect(await third.text()).toBe(text);
    expect(Number(third.headers.get('age'))).toBeGreaterThanOrEqual(0);
    expect(third.headers.get('age')).toMatch(/^\d+$/);
    expect(await countsOf(gateway)).toEqual({ executed: 2, joined: 0, kept: 1, queries: 3, unknown: 0 });
  });

  it.each(['application/json', 'text/event-stream', 'multipart/mixed', '*/*'])(
    'has the text that it would have otherwise, for %s',
    async (accept) => {
      const { gateway } = await start();
      const texts = [];
      for (let time = 0; time < 3; time += 1) texts.push(await (await send(gateway, { query }, { accept })).text());
      expect(texts[0]).toContain('{"data":{"copyJobs":{"nodes":[{"copyJobId":"J1"}');
      expect(texts).toEqual([texts[0], texts[0], texts[0]]);
      expect((await countsOf(gateway)).kept).toBe(1);
    },
  );

  it.each<readonly [string, object, Headers]>([
    ['as a program asks', { query }, {}],
    ['with variables and a name', { query: `query Page { copyJobs { totalCount } }`, variables: {} }, {}],
    ['in the newer form', { query }, { accept: 'application/graphql-response+json' }],
    ['for a browser', { query }, { accept: '*/*', 'accept-encoding': 'br, gzip', origin: 'https://ours.example' }],
    ['in another charset’s words', { query }, { 'content-type': 'application/json; charset=utf-8' }],
  ])('is the same to the last header, %s, each time', async (_, body, headers) => {
    const { gateway } = await start({ cors: { origins: ['https://ours.example'] } });
    const answers = [];
    for (let time = 0; time < 6; time += 1) {
      const answer = await send(gateway, body, headers);
      const all = [...answer.headers].filter(([name]) => !['date', 'x-request-id', 'age'].includes(name)).sort();
      answers.push({ status: answer.status, all, text: await answer.text(), id: answer.headers.get('x-request-id') });
    }
    const [first, ...others] = answers.map(({ id: _id, ...answer }) => answer);
    expect(first?.all.length).toBeGreaterThan(12);
    for (const other of others) expect(other).toEqual(first);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(6);
    expect(await countsOf(gateway)).toEqual({ executed: 2, joined: 0, kept: 4, queries: 6, unknown: 0 });
    const lines = gateway.operationLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const told = lines.map(({ name, kind, principal, outcome, requestId }) => [
      name,
      kind,
      principal,
      outcome,
      requestId,
    ]);
    const name = 'variables' in body ? 'Page' : null;
    expect(told).toEqual(answers.map(({ id }) => [name, 'query', 'anonymous', 'ok', id]));
  });

  it('is refused to a caller who may send trusted documents alone, after another with the same rights', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
    const manifest = join(folder, 'documents.json');
    writeFileSync(manifest, '{}');
    const free = apiKey('free', ['copy:read']);
    const bound = { ...apiKey('bound', ['copy:read']), persisted: { mode: 'require' as const, manifest } };
    const { gateway } = await start({ auth: { apiKeys: [free, bound] } });
    for (let time = 0; time < 5; time += 1) await send(gateway, { query }, bearer('free'));
    expect((await countsOf(gateway)).kept).toBe(3);
    expect((await send(gateway, { query }, bearer('bound'))).status).toBe(403);
  });

  it('is refused while the gateway has no room, as any other', async () => {
    const { gateway, fake } = await start({ limits: { maxConcurrentOperations: 1 } });
    const again = () => send(gateway, { query });
    for (let time = 0; time < 5; time += 1) expect((await again()).status).toBe(200);
    let release = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (release = () => resolve(undefined)));
    const before = fake.seen.length;
    fake.before = () => held;
    const other = send(gateway, { query: '{ copyJobs(maxAge: 0) { totalCount } }' });
    await until(() => expect(fake.seen.length).toBeGreaterThan(before));
    const refused = await again();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    release();
    expect((await other).status).toBe(200);
    await until(async () => expect((await again()).status).toBe(200));
  });

  const variables = 'query A($first: Int) { copyJobs(first: $first) { nodes { copyJobId } } } query B { __typename }';

  it.each<readonly [string, object, Headers]>([
    ['another text', { query: `${query} ` }, {}],
    ['other variables', { query: variables, operationName: 'A', variables: { first: 1 } }, {}],
    ['another operation of its text', { query: variables, operationName: 'B' }, {}],
    ['another form', { query }, { accept: 'application/graphql-response+json' }],
    ['fewer upstreams', { query }, bearer('dev')],
  ])('is not for %s', async (_, body, headers) => {
    const keys = [apiKey('all', ['copy:read']), apiKey('dev', ['copy:read'], ['aws-dev'])];
    const { gateway } = await start({ auth: { apiKeys: keys } });
    for (const first of [{ query }, { query: variables, operationName: 'A', variables: { first: 2 } }])
      for (let time = 0; time < 5; time += 1) await send(gateway, first, bearer('all'));
    const before = await countsOf(gateway);
    expect(before.kept).toBe(6);
    expect((await send(gateway, body, { ...bearer('all'), ...headers })).status).toBe(200);
    expect(await countsOf(gateway)).toMatchObject({ kept: 6, executed: (before.executed ?? 0) + 1 });
  });

  it('is for nobody who may not read', async () => {
    const keys = [apiKey('all', ['copy:read']), apiKey('none', ['copy:cancel'])];
    const { gateway } = await start({ auth: { apiKeys: keys } });
    for (let time = 0; time < 5; time += 1) await send(gateway, { query }, bearer('all'));
    const { errors } = JSON.parse(await (await send(gateway, { query }, bearer('none'))).text());
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await send(gateway, { query })).status).toBe(401);
  });

  it('counts as a request of its caller', async () => {
    const { gateway } = await start({ limits: { requestsPerMinute: 5 } });
    const statuses = [];
    for (let time = 0; time < 6; time += 1) statuses.push((await send(gateway, { query })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it.each(['listSeconds', 'runningSeconds', 'answerSeconds'])('is none where %s is 0', async (key) => {
    const { gateway } = await start({ cache: { ...long, [key]: 0 } });
    for (let time = 0; time < 4; time += 1) await send(gateway, { query });
    expect(await countsOf(gateway)).toMatchObject({ executed: 4, kept: 0 });
  });

  it.each([
    ['copyJobs', async () => ({ fake: await startAwsBackup(aws), at: awsBackupAt })],
    ['copyRuns', async () => ({ fake: await startCohesity(), at: cohesityAt })],
  ])('is none that has errors, or that old records stand in for: %s', async (field, double) => {
    const { fake, at } = await double();
    const gateway = await startGateway({
      upstreams: [at(closing(fake))],
      cache: { ...long, listSeconds: 0.05, answerSeconds: 0.05, staleSeconds: 3600 },
    });
    closing(gateway);
    const read = `{ ${field} { nodes { id } } }`;
    await send(gateway, { query: read });
    fake.before = () => ({ status: 500, body: {} });
    const withReports = `{ list: ${field} { nodes { id } upstreamReports { stale } } }`;
    await until(async () => {
      const { data } = (await (await send(gateway, { query: withReports })).json()) as {
        data: { list: { upstreamReports: { stale: boolean }[] } };
      };
      expect(data.list.upstreamReports).toEqual([{ stale: true }]);
    });
    const before = await countsOf(gateway);
    for (let time = 0; time < 3; time += 1) {
      await send(gateway, { query: read });
      await send(gateway, { query: withReports });
    }
    expect((await countsOf(gateway)).kept).toBe(before.kept);
  });
});

const mutation = 'mutation { cancelCopyRun(id: "CopyRun:none:7:1:1:1:1") { __typename } }';

describe('a mutation', () => {
  it('ends what is kept, even one that is refused', async () => {
    const { gateway } = await start();
    for (let time = 0; time < 5; time += 1) await send(gateway, { query });
    await send(gateway, { query: mutation });
    await send(gateway, { query });
    expect(await countsOf(gateway)).toMatchObject({ executed: 3, kept: 3 });
  });

  it('is never answered by what another one was answered', async () => {
    const { gateway } = await start();
    for (let time = 0; time < 4; time += 1) await send(gateway, { query: mutation });
    expect(await countsOf(gateway)).toMatchObject({ executed: 0, joined: 0, kept: 0 });
  });
});

describeWithRedis('answers of replicas', () => {
  it('end with a mutation at another one, and are not kept while Redis cannot be asked', async () => {
    const redis = closing(await startRedis());
    const { gateway: one } = await start({ redis: { url: redis.url } });
    const { gateway: other } = await start({ redis: { url: redis.url } });
    for (let time = 0; time < 3; time += 1) await send(one, { query });
    expect(await countsOf(one)).toMatchObject({ executed: 2, kept: 1 });
    await send(other, { query: mutation });
    await send(one, { query });
    expect(await countsOf(one)).toMatchObject({ executed: 3, kept: 1 });
    await send(one, { query });
    expect(await countsOf(one)).toMatchObject({ executed: 3, kept: 2 });
    await redis.kill();
    await send(one, { query });
    expect(await countsOf(one)).toMatchObject({ executed: 4, kept: 2 });
  });
});
