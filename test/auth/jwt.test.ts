import { UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, type GatewayOptions, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { changes, copyJob, quiet, startLive, watch } from '../support/live.js';
import { closing } from '../support/products.js';
import { type Issuer, type SignOptions, seconds, startIssuer } from '../support/tokens.js';
import { openSocket } from '../support/websocket.js';
import { until } from '../support/until.js';

const dotted = 'a-key.with.dots';
const apiKeys = [apiKey('board-key', ['copy:read']), apiKey(dotted, ['copy:read'])];

let issuer: Issuer;
let cohesity: Fake;
let aws: Fake;

const start = async (auth: NonNullable<GatewayOptions['auth']>, audit?: GatewayOptions['audit']): Promise<Gateway> =>
  closing(
    await startGateway({
      upstreams: [cohesityAt(cohesity), awsBackupAt(aws)],
      auth,
      ...(audit === undefined ? {} : { audit }),
    }),
  );

beforeEach(async () => {
  issuer = await startIssuer();
  cohesity = closing(await startCohesity());
  aws = closing(await startAwsBackup());
});

const names = '{ upstreams { name } }';

/** How a gateway answers who brings that. */
const ask = async (gateway: Gateway, headers: Record<string, string>, query = names) => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { data, errors = [] } = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, data, errors };
};

const statusOf = async (gateway: Gateway, token: string): Promise<number> => (await ask(gateway, bearer(token))).status;

describe('a token', () => {
  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'that is signed by %s is good',
    async (alg) => {
      await issuer.rotate(alg);
      const gateway = await start({ jwt: issuer.config });
      const { status, data } = await ask(gateway, bearer(await issuer.token()));
      expect([status, data.upstreams.length]).toEqual([200, 2]);
    },
  );

  it.each<[string, () => Record<string, unknown>]>([
    ['for several audiences', () => ({ aud: ['other', 'copygraph'] })],
    ['that expired a moment ago, as clocks differ', () => ({ exp: seconds(-1) })],
    ['that begins in a moment', () => ({ nbf: seconds(3) })],
    ['of a client', () => ({ sub: undefined, client_id: 'nightly' })],
  ])('%s is good', async (_what, claims) => {
    const gateway = await start({ jwt: issuer.config });
    expect(await statusOf(gateway, await issuer.token(claims()))).toBe(200);
  });

  it.each<[string, () => Record<string, unknown>, SignOptions?]>([
    ['of another issuer', () => ({ iss: 'https://evil.example.com' })],
    ['of no issuer', () => ({ iss: undefined })],
    ['for another audience', () => ({ aud: 'other' })],
    ['for no audience', () => ({ aud: undefined })],
    ['that has expired', () => ({ exp: seconds(-60) })],
    ['whose time has not come', () => ({ nbf: seconds(60) })],
    ['that never expires', () => ({ exp: undefined })],
    ['whose expiry is text', () => ({ exp: String(seconds(60)) })],
    ['that names nobody', () => ({ sub: undefined })],
    ['whose subject is a number', () => ({ sub: 7 })],
    ['whose subject is nothing to see', () => ({ sub: '\u0000\u200b' })],
    ['by a key that is not published', () => ({}), { kid: 'key-9' }],
  ])('%s is refused with 401, and nothing is asked', async (_what, claims, options) => {
    const gateway = await start({ jwt: issuer.config });
    const token = await issuer.token(claims(), options);
    const { status, headers, data, errors } = await ask(gateway, bearer(token), '{ copyRuns { totalCount } }');
    expect([status, headers.get('www-authenticate'), data]).toEqual([401, 'Bearer', undefined]);
    expect(errors).toEqual([
      {
        message:
          'The token or API key is missing or invalid: send one as `Authorization: Bearer <token or key>`, or a key as `x-api-key: <key>`.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
    expect(cohesity.seen.length).toBe(0);
    expect(gateway.logs.join('')).not.toContain(token);
    expect(await statusOf(gateway, await issuer.token())).toBe(200); // a good one is
  });

  it('that is signed by nobody, by a secret, by the public key’s text, or changed is refused', async () => {
    await issuer.rotate('RS256');
    const gateway = await start({ jwt: issuer.config });
    const good = await issuer.token();
    expect(await statusOf(gateway, good)).toBe(200);
    const claims = { iss: 'https://id.example.com', aud: 'copygraph', sub: 'eve', exp: seconds(60) };
    const secret = new TextEncoder().encode('a secret that is long enough for this');
    const publicText = new TextEncoder().encode(await issuer.publicText());
    const [head = '', body = '', signature = ''] = good.split('.');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const other = await startIssuer();
    for (const token of [
      new UnsecuredJWT(claims).encode(),
      `${part({ alg: 'none', kid: 'key-2' })}.${body}.`,
      `${part({ alg: 'None', kid: 'key-2' })}.${body}.`,
      await issuer.token({}, { alg: 'HS256', key: secret }),
      await issuer.token({}, { alg: 'HS256', key: publicText }),
      `${head}.${part({ ...claims, sub: 'eve' })}.${signature}`,
      `${head}.${body}.${'A'.repeat(signature.length)}`,
      `${head}.${body}.`,
      await other.token({}, { kid: 'key-2' }), // another's key under the same name
      `${part({ alg: 'ES256', kid: 'key-2', jwk: {}, jku: `${issuer.jwks.url}/evil` })}.${body}.${signature}`,
      `${part({ alg: 'RS256', kid: 'key-2', crit: ['x'], x: 1 })}.${body}.${signature}`,
      '..',
      'a.b.c',
      `${good}.`,
    ]) {
      expect([token, await statusOf(gateway, token)]).toEqual([token, 401]);
    }
    expect(issuer.jwks.requests().filter((request) => request !== 'GET /jwks')).toEqual([]);
  });

  it('is not taken from x-api-key, nor beside another key, nor where the config has no JWT', async () => {
    const gateway = await start({ jwt: issuer.config, apiKeys });
    const token = await issuer.token();
    expect((await ask(gateway, { 'x-api-key': token })).status).toBe(401);
    expect((await ask(gateway, { ...bearer(token), 'x-api-key': 'board-key' })).status).toBe(401);
    expect((await ask(gateway, { authorization: `Basic ${token}` })).status).toBe(401);
    expect(await statusOf(await start({ apiKeys }), token)).toBe(401);
  });

  it('leaves API keys as they are, also one that looks like it', async () => {
    const gateway = await start({ jwt: issuer.config, apiKeys });
    for (const headers of [bearer('board-key'), { 'x-api-key': 'board-key' }, bearer(dotted)]) {
      expect((await ask(gateway, headers)).status).toBe(200);
    }
    expect(await statusOf(gateway, 'another-key')).toBe(401);
    expect(issuer.jwks.seen.length).toBe(0);
  });

  it.each<[string, Record<string, unknown>, boolean, boolean]>([
    ['a scope', { scope: 'openid copy:read' }, true, false],
    ['two scopes', { scope: ' copy:read  copy:cancel ' }, true, true],
    ['permissions', { scope: undefined, permissions: ['copy:read', 'copy:cancel'] }, true, true],
    ['both', { scope: 'openid copy:read', permissions: ['copy:cancel'] }, true, true],
    ['none that is known', { scope: 'copy:readall admin COPY:READ copy:*' }, false, false],
    ['none', { scope: undefined }, false, false],
    ['what is no list', { scope: undefined, permissions: { 'copy:read': true } }, false, false],
    ['numbers', { scope: 7, permissions: [1, null] }, false, false],
  ])('with %s may what that says', async (_what, claims, reads, cancels) => {
    const gateway = await start({ jwt: issuer.config });
    const headers = bearer(await issuer.token(claims));
    const read = await ask(gateway, headers, '{ copyRuns { totalCount } }');
    expect(read.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code)).toEqual(
      reads ? [] : ['FORBIDDEN'],
    );
    const cancel = await ask(gateway, headers, 'mutation { cancelFailover(id: "Failover:dc-east:x") { __typename } }');
    expect(cancel.errors[0]?.extensions.code === 'FORBIDDEN').toBe(!cancels);
  });

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['a list', { 'https://example.com/upstreams': ['aws-prod', 'elsewhere'] }, ['aws-prod']],
    ['text', { 'https://example.com/upstreams': 'dc-east aws-prod' }, ['dc-east', 'aws-prod']],
    ['an empty list', { 'https://example.com/upstreams': [] }, []],
    ['nothing', {}, []],
    ['null', { 'https://example.com/upstreams': null }, []],
    ['an object', { 'https://example.com/upstreams': { 'dc-east': true } }, []],
  ])('sees the upstreams that its claim names: %s', async (_what, claims, seen) => {
    const jwt = { ...issuer.config, upstreamsClaim: 'https://example.com/upstreams' };
    const gateway = await start({ jwt });
    const { data } = await ask(gateway, bearer(await issuer.token(claims)));
    expect(data.upstreams.map(({ name }: { name: string }) => name)).toEqual(seen);
  });

  it('has its subject in the audit trail, without what could be harmful there', async () => {
    const gateway = await start({ jwt: issuer.config });
    const sub = `ada\n{"outcome":"ACCEPTED"}\u0007${'x'.repeat(500)}`;
    const token = await issuer.token({ sub, scope: 'copy:read copy:cancel failover:execute' });
    await ask(gateway, bearer(token), 'mutation { cancelFailover(id: "Failover:dc-east:x") { __typename } }');
    const lines = gateway.logs.map((line): { principal?: string; who?: string } => JSON.parse(line));
    const [who] = lines.flatMap((line) => [line.principal ?? line.who ?? []].flat());
    expect(who).toMatch(/^ada \{/);
    expect(who).toHaveLength(200);
    expect(gateway.logs.join('')).not.toContain(token);
  });
});

describe('the key set', () => {
  it('is read once for many tokens, and again when one names a key that it does not have', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    closing({ close: async () => void vi.useRealTimers() });
    const gateway = await start({ jwt: issuer.config });
    const old = await issuer.token();
    await Promise.all(Array.from({ length: 5 }, () => statusOf(gateway, old)));
    expect(issuer.jwks.requests()).toEqual(['GET /jwks']);

    await issuer.rotate();
    const rotated = await issuer.token();
    expect(await statusOf(gateway, rotated)).toBe(401); // it was read just now
    for (let flood = 0; flood < 5; flood += 1) await statusOf(gateway, await issuer.token({}, { kid: `no-${flood}` }));
    expect(issuer.jwks.seen.length).toBe(1);

    vi.setSystemTime(Date.now() + 31_000);
    expect(await statusOf(gateway, rotated)).toBe(200);
    expect(await statusOf(gateway, old)).toBe(401); // it is no longer published
    expect(issuer.jwks.seen.length).toBe(2);

    vi.setSystemTime(Date.now() + 601_000);
    expect(await statusOf(gateway, rotated)).toBe(200);
    expect(issuer.jwks.seen.length).toBe(3);
  });

  it('may hold old keys beside new ones', async () => {
    const first = await issuer.token();
    await issuer.rotate('RS256', true);
    const gateway = await start({ jwt: issuer.config });
    expect([await statusOf(gateway, first), await statusOf(gateway, await issuer.token())]).toEqual([200, 200]);
    expect(await statusOf(gateway, await issuer.token({}, { kid: null }))).toBe(200); // one key fits its algorithm
  });

  it('has each key tried that fits a token without a name, or whose name is there twice', async () => {
    const keys = [await issuer.rotate('ES256'), await issuer.rotate('ES256', true), await issuer.rotate('ES256', true)];
    const gateway = await start({ jwt: issuer.config });
    const unnamed = await Promise.all(keys.map((kid) => issuer.tokenOf(kid, { kid: null })));
    for (const token of unnamed) expect(await statusOf(gateway, token)).toBe(200);
    const strangers = await startIssuer();
    expect(await statusOf(gateway, await strangers.token({}, { kid: null }))).toBe(401);
    const [first = ''] = unnamed;
    expect(await statusOf(gateway, `${first.slice(0, first.lastIndexOf('.'))}.${'A'.repeat(86)}`)).toBe(401);

    issuer.publish((published) => published.map((key) => ({ ...key, kid: 'same' })));
    const doubled = await start({ jwt: issuer.config });
    for (const kid of keys) expect(await statusOf(doubled, await issuer.tokenOf(kid, { kid: 'same' }))).toBe(200);
    const expired = await issuer.tokenOf(keys[2] ?? '', { kid: 'same' }, { exp: seconds(-60) });
    expect(await statusOf(doubled, expired)).toBe(401);
  });

  it.each<[string, unknown]>([
    ['no object', 'SECRET'],
    ['null', null],
    ['without a type', { kid: 'x' }],
    ['of a type that nobody knows', { kty: 'SECRET' }],
    ['cut short', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'key-1', alg: 'ES256', use: 'sig' }],
    ['a secret', { kty: 'oct', k: 'SECRET', kid: 'key-1' }],
  ])('is used without a key that is %s, which is logged once', async (_what, odd) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    closing({ close: async () => void vi.useRealTimers() });
    issuer.publish((published) => [odd, ...published]);
    const gateway = await start({ jwt: issuer.config });
    expect(await statusOf(gateway, await issuer.token())).toBe(200);
    vi.setSystemTime(Date.now() + 601_000);
    expect(await statusOf(gateway, await issuer.token())).toBe(200);
    expect(issuer.jwks.seen.length).toBe(2);
    const told = gateway.logs.filter((line) => line.includes('skipped'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, keys: [0] }]);
    expect(gateway.logs.join('')).not.toContain('SECRET');
  });

  it.each<[string, () => ReturnType<NonNullable<Issuer['broken']>>]>([
    ['fails', () => ({ status: 500, body: 'SECRET' })],
    ['is a page', () => ({ body: '<html>SECRET</html>' })],
    ['is no key set', () => ({ body: { keys: 'SECRET' } })],
    ['is elsewhere', () => ({ status: 302, headers: { location: '/jwks' } })],
  ])('that %s is no fault of the caller: 503, and API keys still work', async (_what, broken) => {
    issuer.broken = broken;
    const gateway = await start({ jwt: issuer.config, apiKeys });
    const token = await issuer.token();
    const { status, headers, data, errors } = await ask(gateway, bearer(token));
    expect([status, headers.get('retry-after'), headers.get('www-authenticate'), data]).toEqual([
      503,
      '5',
      null,
      undefined,
    ]);
    const [{ message, extensions }] = errors;
    expect(extensions).toEqual({ code: 'INTERNAL', errorId: expect.any(String), retryAfterMs: 5000 });
    expect(message).toBe(
      `Tokens cannot be checked now; try again in a moment, or quote the error id ${extensions.errorId} to the operator.`,
    );
    const lines = gateway.logs.filter((line) => line.includes(extensions.errorId));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 50, msg: 'a token could not be checked' }]);
    expect(gateway.logs.join('')).not.toContain(token);
    expect((await ask(gateway, bearer('board-key'))).status).toBe(200);

    const socket = await openSocket(gateway);
    socket.send({ type: 'connection_init', payload: bearer(token) });
    expect(await socket.closed).toBe(1013); // "try again later": the usual client does
  });

  it('that cannot be reached is not asked for each token, and is asked again when it may be back', async () => {
    issuer.broken = () => ({ status: 500, body: '' });
    vi.useFakeTimers({ toFake: ['performance'] }); // no time passes
    const gateway = await start({ jwt: issuer.config });
    const token = await issuer.token();
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(gateway, token)));
    expect(new Set([...statuses, await statusOf(gateway, token)])).toEqual(new Set([503]));
    expect(issuer.jwks.seen.length).toBe(1);
    issuer.broken = null;
    vi.advanceTimersByTime(999);
    expect(await statusOf(gateway, token)).toBe(503);
    vi.advanceTimersByTime(1);
    expect(await statusOf(gateway, token)).toBe(200);
    vi.useRealTimers();
  });

  it('is given up after five seconds', async () => {
    const timeOut = vi.spyOn(AbortSignal, 'timeout');
    issuer.broken = () => new Promise(() => undefined);
    const gateway = await start({ jwt: issuer.config });
    expect(await statusOf(gateway, await issuer.token())).toBe(503);
    expect(timeOut.mock.calls).toContainEqual([5000]);
    timeOut.mockRestore();
  });
});

describe('a token that expires', { concurrent: true }, () => {
  const startWatching = async () => {
    const live = await startLive({ auth: { jwt: issuer.config } });
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    return { live, headers: bearer(await issuer.token({ exp: seconds(4) })) };
  };

  it('ends an event stream with an error, and the poller with it', async () => {
    const { live, headers } = await startWatching();
    const watching = watch(live, changes(), { headers });
    await until(() => expect(watching.events).toHaveLength(1));
    expect(await watching.ended).toBeNull();
    expect(watching.errors).toEqual([
      {
        message: 'The token has expired; get a new one and subscribe again.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ]);
    await quiet(live.aws);
  });

  it('closes a WebSocket with 4401, and the poller stops', async () => {
    const { live, headers } = await startWatching();
    const socket = await openSocket(live);
    await socket.init(headers);
    socket.start('1', changes());
    await until(() => expect(socket.messages.at(-1)?.type).toBe('next'));
    expect(await socket.closed).toBe(4401);
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack', 'next']);
    await quiet(live.aws);
  });

  it('lets a query end that has begun', async () => {
    const { live, headers } = await startWatching();
    let go = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    live.aws.before = () => held;
    const answer = live.execute('{ copyJobs { totalCount } }', {}, headers);
    await until(() => expect(live.aws.seen.length).toBe(1));
    await until(async () => expect((await live.execute('{ __typename }', {}, headers)).status).toBe(401), 100);
    go();
    expect((await answer).data).toEqual({ copyJobs: { totalCount: 1 } });
  });

  it('is not waited for by what has ended before, and may be years away', async () => {
    const live = await startLive({ auth: { jwt: issuer.config } });
    live.held.copyJobs.push(copyJob('J1', 'RUNNING'));
    const headers = bearer(await issuer.token({ exp: seconds(40 * 366 * 86_400) })); // beyond what a timer can
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const streams = Array.from({ length: 20 }, () => watch(live, changes(), { headers }));
    const socket = await openSocket(live);
    await socket.init(headers);
    await until(() => expect(streams.map(({ events }) => events.length)).toEqual(streams.map(() => 1)));
    streams.forEach(({ leave }) => leave());
    socket.raw.close();
    await until(() => expect(live.subscribed()).toBe(0));
    await quiet(live.aws);
    await until(() => {
      const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      expect(timers - before).toBeLessThan(5);
    });
    expect(streams.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
