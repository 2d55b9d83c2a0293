import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { bearer } from '../support/keys.js';
import { parseMetrics } from '../support/metrics.js';
import { closing } from '../support/products.js';
import { type Issuer, type SignOptions, seconds, startIssuer } from '../support/tokens.js';

type Claims = Record<string, unknown>;

let issuer: Issuer;
let cohesity: Fake;

beforeEach(async () => {
  issuer = await startIssuer();
  cohesity = closing(await startCohesity());
});

/** A token with these claims; one that is `undefined` is left out. */
const tokenWith = (claims: Claims, options?: SignOptions): Promise<string> => issuer.token(claims, options);

const start = async (jwt: Partial<Issuer['config']>): Promise<Gateway> =>
  closing(await startGateway({ upstreams: [cohesityAt(cohesity)], auth: { jwt: { ...issuer.config, ...jwt } } }));

/** Without what the support puts in by itself. */
const bare = { sub: undefined, scope: undefined, aud: undefined };

/** The outcome for a token: `READ` where it may read copies, otherwise the code of the error. */
const told = async (gateway: Gateway, token: string): Promise<string> => {
  const { data, errors } = await gateway.execute('{ copyRuns { totalCount } }', {}, bearer(token));
  return errors[0]?.extensions.code ?? (data.copyRuns === null ? 'NOTHING' : 'READ');
};

const withIssuer = { audience: undefined, issuer: 'https://id.example.com' };

describe('the scopes of a token', () => {
  it.each<[string, Claims, Partial<Issuer['config']>, string]>([
    ['are in scp, as text', { scp: 'copy:read' }, {}, 'READ'],
    ['are in scp, as a list', { scp: ['openid', 'copy:read'] }, {}, 'READ'],
    ['are in roles', { roles: ['copy:read'] }, {}, 'READ'],
    ['are in roles beside other words in scope', { scope: 'openid', roles: ['copy:read'] }, {}, 'READ'],
    ['are not in another claim', { scopes: 'copy:read' }, {}, 'FORBIDDEN'],
    ['are in the claim that the config names', { rights: 'copy:read' }, { scopesClaim: 'rights' }, 'READ'],
    ['are then nowhere else', { scope: 'copy:read' }, { scopesClaim: 'rights' }, 'FORBIDDEN'],
    [
      'are in a claim with dots',
      { 'https://example.com/rights': ['copy:read'] },
      { scopesClaim: 'https://example.com/rights' },
      'READ',
    ],
    [
      'are in a claim of a claim',
      { realm_access: { roles: ['copy:read'] } },
      { scopesClaim: 'realm_access.roles' },
      'READ',
    ],
    ['are not in what every object has', {}, { scopesClaim: 'constructor.name' }, 'FORBIDDEN'],
    ['begin with a prefix', { scope: 'copygraph/copy:read' }, { scopePrefix: 'copygraph/' }, 'READ'],
    ['begin with a URI', { scp: 'api://x/copy:read' }, { scopePrefix: 'api://x/' }, 'READ'],
    ['need no prefix', { scp: 'copy:read' }, { scopePrefix: 'api://x/' }, 'READ'],
    ['with a prefix are not ours without the config', { scope: 'copygraph/copy:read' }, {}, 'FORBIDDEN'],
    ['with another prefix are not ours', { scope: 'billing/copy:read' }, { scopePrefix: 'copygraph/' }, 'FORBIDDEN'],
    ['with a prefix twice are not ours', { scope: 'x/x/copy:read' }, { scopePrefix: 'x/' }, 'FORBIDDEN'],
  ])('%s', async (_what, claims, config, expected) => {
    const gateway = await start(config);
    expect(await told(gateway, await tokenWith({ scope: undefined, ...claims }))).toBe(expected);
  });
});

describe('whom a token is for', () => {
  it.each<[string, Claims, Partial<Issuer['config']>, string]>([
    ...['client_id', 'azp', 'appid', 'cid'].map((claim): [string, Claims, Partial<Issuer['config']>, string] => [
      `its client, in ${claim}`,
      { [claim]: 'board' },
      { audience: undefined, clientIds: ['nightly', 'board'] },
      'READ',
    ]),
    ['another client', { azp: 'evil' }, { audience: undefined, clientIds: ['board'] }, 'UNAUTHENTICATED'],
    ['no client', {}, { audience: undefined, clientIds: ['board'] }, 'UNAUTHENTICATED'],
    ['a client that is no text', { azp: ['board'] }, { audience: undefined, clientIds: ['board'] }, 'UNAUTHENTICATED'],
    [
      'a client whose name is in a claim of less weight',
      { client_id: 'evil', azp: 'board' },
      { audience: undefined, clientIds: ['board'] },
      'UNAUTHENTICATED',
    ],
    ['a client and another audience', { azp: 'board', aud: 'other' }, { clientIds: ['board'] }, 'UNAUTHENTICATED'],
    ['the audience and another client', { azp: 'evil' }, { clientIds: ['board'] }, 'UNAUTHENTICATED'],
    ['the audience and a client', { azp: 'board' }, { clientIds: ['board'] }, 'READ'],
    ['an issuer with a slash more', { iss: 'https://id.example.com/' }, {}, 'READ'],
    ['an issuer with a slash less', {}, { issuer: 'https://id.example.com/' }, 'READ'],
    ['an issuer with two slashes more', { iss: 'https://id.example.com//' }, {}, 'UNAUTHENTICATED'],
    ['another issuer with the same beginning', { iss: 'https://id.example.com/evil' }, {}, 'UNAUTHENTICATED'],
  ])('%s', async (_what, claims, config, expected) => {
    const gateway = await start(config);
    expect(await told(gateway, await tokenWith({ sub: 'ada', ...claims }))).toBe(expected);
  });
});

describe('the name of a token', () => {
  it.each<[string, Claims, Partial<Issuer['config']>, string]>([
    ['its subject', { sub: 'ada', client_id: 'board' }, {}, 'ada'],
    ['its client', { client_id: 'board', azp: 'x' }, {}, 'board'],
    ['azp', { azp: 'board', appid: 'x' }, {}, 'board'],
    ['appid', { appid: 'board', cid: 'x' }, {}, 'board'],
    ['cid', { cid: 'board' }, {}, 'board'],
    [
      'the claim that the config names',
      { sub: 'a1', email: 'ada@example.com' },
      { nameClaim: 'email' },
      'ada@example.com',
    ],
    ['its subject, where that claim is absent', { sub: 'a1' }, { nameClaim: 'email' }, 'a1'],
    ['its subject, where that claim is empty', { sub: 'a1', email: '' }, { nameClaim: 'email' }, 'a1'],
  ])('is %s', async (_what, claims, config, name) => {
    const gateway = await start(config);
    const token = await tokenWith({ sub: undefined, scope: 'copy:read copy:cancel failover:execute', ...claims });
    await gateway.execute('mutation { cancelFailover(id: "Failover:dc-east:x") { __typename } }', {}, bearer(token));
    const lines = gateway.logs.map((line): { principal?: string; who?: string } => JSON.parse(line));
    expect(lines.flatMap((line) => line.principal ?? line.who ?? [])[0]).toBe(name);
  });
});

describe('docs/identity.md', () => {
  const text = readFileSync(new URL('../../docs/identity.md', import.meta.url), 'utf8');
  const sections = text.split(/^## /m).filter((section) => section.includes('```yaml'));
  const block = (section: string, language: string): string =>
    new RegExp('```' + language + '\\n([^]*?)```').exec(section)?.[1] ?? '';

  it.each(sections.map((section) => [section.split('\n')[0] ?? '', section]))(
    'has for %s a config that takes its tokens',
    async (_provider, section) => {
      const { auth } = parseYaml(block(section, 'yaml'));
      const claims: Claims = JSON.parse(block(section, 'json'));
      const gateway = await start({ audience: undefined, ...auth.jwt, jwksUri: issuer.config.jwksUri });
      expect(await told(gateway, await tokenWith({ ...bare, ...claims }))).toBe('READ');
      const others = { ...bare, ...claims, iss: `${claims.iss}evil` };
      expect(await told(gateway, await tokenWith(others))).toBe('UNAUTHENTICATED');
    },
  );

  it('has the five', () => {
    expect(sections.map((section) => section.split('\n')[0])).toEqual([
      'Auth0',
      'Entra ID',
      'Okta',
      'Cognito',
      'Keycloak',
    ]);
  });
});

describe('a refused token', () => {
  const client = { ...withIssuer, clientIds: ['board'] };

  it.each<[string, string, Claims, SignOptions?, Partial<Issuer['config']>?]>([
    ['issuer', 'another issuer', { iss: 'https://other.example.com' }],
    ['issuer', 'no issuer', { iss: undefined }],
    ['audience', 'another audience', { aud: ['other', 'third'] }],
    ['audience', 'no audience', { aud: undefined }],
    ['client', 'another client', { azp: 'evil' }, {}, client],
    ['expired', 'an end that has passed', { exp: 1000 }],
    ['not_yet', 'a beginning that has not come', { nbf: seconds(3600) }],
    ['signature', 'a secret for a key', {}, { alg: 'HS256', key: new Uint8Array(32).fill(7) }],
    ['key', 'a key that nobody has', {}, { kid: 'key-9' }],
    ['shape', 'no end', { exp: undefined }],
    ['shape', 'a beginning that is text', { nbf: 'soon' }],
    ['shape', 'no name', { sub: undefined }],
  ])('is logged and counted as %s: %s', async (reason, _what, claims, options = {}, config = {}) => {
    const gateway = await start(config);
    const token = await tokenWith(claims, options);
    expect(await told(gateway, token)).toBe('UNAUTHENTICATED');
    const { aud = 'copygraph', iss = 'https://id.example.com' } = claims;
    const lines = gateway.logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a token was refused');
    expect(lines).toMatchObject([
      {
        level: 30,
        reason,
        kid: options.kid ?? 'key-1',
        ...('iss' in claims && claims.iss === undefined ? {} : { iss }),
        ...('aud' in claims && claims.aud === undefined ? {} : { aud }),
      },
    ]);
    expect(gateway.logs.join('')).not.toContain(token.split('.')[2]);
    const metric = parseMetrics(await (await fetch(gateway.url.replace('/graphql', '/metrics'))).text());
    const counted = ['issuer', 'audience', 'client', 'expired', 'not_yet', 'signature', 'key', 'shape'].map((one) => [
      one,
      metric('copygraph_tokens_refused_total', { reason: one }),
    ]);
    expect(Object.fromEntries(counted)[reason]).toBe(1);
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(1);
  });

  it.each(['opaque-token-of-auth0', 'eyJ.one', 'eyJhbGciOiJkaXIifQ..iv.text.tag', 'a.b.c'])(
    'that is no JWT has the reason shape: %s',
    async (token) => {
      const gateway = await start({});
      expect(await told(gateway, token)).toBe('UNAUTHENTICATED');
      const lines = gateway.logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'a token was refused');
      expect(lines).toMatchObject([{ reason: 'shape' }]);
      expect(issuer.jwks.seen).toEqual([]);
    },
  );

  it('has one line a second for each reason, and is counted each time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    closing({ close: async () => void vi.useRealTimers() });
    const gateway = await start({});
    const old = await tokenWith({ exp: 1000 });
    const others = await tokenWith({ aud: 'other' });
    const reasons = () => gateway.logs.flatMap((line) => JSON.parse(line).reason ?? []);
    for (const token of [old, old, others, old, others]) await told(gateway, token);
    expect(reasons()).toEqual(['expired', 'audience']);
    vi.advanceTimersByTime(999);
    await told(gateway, old);
    expect(reasons()).toEqual(['expired', 'audience']);
    vi.advanceTimersByTime(1);
    await told(gateway, old);
    expect(reasons()).toEqual(['expired', 'audience', 'expired']);
    const metric = parseMetrics(await (await fetch(gateway.url.replace('/graphql', '/metrics'))).text());
    expect(metric('copygraph_tokens_refused_total', { reason: 'expired' })).toBe(5);
  });

  it('has no line with what could be harmful there, nor without end', async () => {
    const gateway = await start({});
    const good = await issuer.token();
    const words = `x\n\u001b[2J${'y '.repeat(500)}`;
    await told(gateway, await tokenWith({ iss: words, aud: Array(20).fill(good), kid: good }));
    const [line = ''] = gateway.logs.filter((one) => one.includes('a token was refused'));
    expect(line).not.toContain(good);
    expect(line.length).toBeLessThan(500);
    expect(line).not.toContain('\u001b');
  });

  it('says so where one of two fitting keys has signed it', async () => {
    await issuer.rotate('ES256', true);
    const gateway = await start({});
    await told(gateway, await tokenWith({ aud: 'other' }, { kid: null }));
    expect(gateway.logs.flatMap((line) => JSON.parse(line).reason ?? [])).toEqual(['audience']);
  });
});
