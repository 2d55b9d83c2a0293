import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, defaultConfig, parseConfig, readConfig, type Config } from '../src/assembly/config.js';

const parse = (text: string, env: NodeJS.ProcessEnv = {}): Config => parseConfig(text, 'copygraph.yaml', env);

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message; // the line above made sure
  }
  throw new Error('nothing was thrown');
};

const sha256 = 'a'.repeat(64);
const cluster = { id: 'dc-east', kind: 'cohesity', url: 'https://cluster.example.com', auth: { apiKey: 'k' } };
const region = { id: 'aws-prod', kind: 'aws-backup', region: 'us-east-1' };
const jwt = { jwksUri: 'https://id.example.com/jwks', issuer: 'a', audience: 'b' };
const board = { name: 'board', sha256, scopes: ['copy:read'] };
/** A valid config with some keys of one cluster replaced. */
const withCluster = (change: object) => stringify({ upstreams: [{ ...cluster, ...change }] });
const withRegion = (change: object) => stringify({ upstreams: [{ ...region, ...change }] });
const withRest = (rest: object) => stringify({ upstreams: [cluster], ...rest });

const hook = { name: 'ops', url: 'https://hooks.example.com/x', secret: `whsec_${'A'.repeat(32)}` };
const { secret: _, ...unsigned } = hook;
const withRules = (...rules: readonly object[]) => withRest({ notify: rules });
const whsec = 'whsec_ and 24 to 64 bytes in base64, as `echo "whsec_$(openssl rand -base64 32)"` prints';
const linkLocal =
  'notify[0].url: must not be a link-local address: the service there gives away the credentials of a machine';
const notifyCases: readonly [string, string, string][] = [
  ['a rule that is none', withRules('ops' as never), 'notify[0]: must be a mapping of keys'],
  [
    'a rule with a typing error',
    withRules({ ...hook, urls: 'x' }),
    'notify[0].urls: is not a known key; did you mean url?',
  ],
  ['a rule without a secret', withRules(unsigned), `notify[0].secret: is missing; it must be ${whsec}`],
  ['a secret that is too short', withRules({ ...hook, secret: 'whsec_AAAA' }), `notify[0].secret: must be ${whsec}`],
  ['a secret that is none', withRules({ ...hook, secret: 'password' }), `notify[0].secret: must be ${whsec}`],
  [
    'a secret twice',
    withRules({ ...hook, secretFile: '/run/x' }),
    'notify[0].secretFile: must not be set together with secret; keep one of them',
  ],
  [
    'a secret in no file',
    withRules({ ...unsigned, secretFile: '/run/nothing' }),
    'notify[0].secretFile: names a file that cannot be read: there is no such file',
  ],
  [
    'a webhook that is no URL',
    withRules({ ...hook, url: 'hooks.example.com' }),
    'notify[0].url: must be an http or https URL without user name, password or fragment, such as https://hooks.example.com/copygraph',
  ],
  ['a link-local webhook', withRules({ ...hook, url: 'http://169.254.169.254/latest' }), linkLocal],
  ['one in IPv6', withRules({ ...hook, url: 'http://[::ffff:169.254.169.254]/' }), linkLocal],
  ['one as a number', withRules({ ...hook, url: 'http://2852039166/' }), linkLocal],
  [
    'an unknown event',
    withRules({ ...hook, on: ['COPY_DONE'] }),
    'notify[0].on[0]: must be one of COPY_FAILED, COPY_STALLED, OFFSITE_LAG, UPSTREAM_DOWN, UPSTREAM_UP, FAILOVER',
  ],
  ['no events', withRules({ ...hook, on: [] }), 'notify[0].on: must be a list of events (COPY_FAILED'],
  ['an unknown format', withRules({ ...hook, format: 'teams' }), 'notify[0].format: must be one of json, slack'],
  [
    'a negative pause',
    withRules({ ...hook, minSeconds: -1 }),
    'notify[0].minSeconds: must be a whole number from 0 to 86400',
  ],
  [
    'an unknown kind',
    withRules({ ...hook, targetKinds: ['TAPE'] }),
    'notify[0].targetKinds[0]: must be one of LOCAL, REMOTE',
  ],
  [
    'an unknown upstream',
    withRules({ ...hook, upstreams: ['dc-nowhere'] }),
    'notify[0].upstreams[0]: names no configured upstream',
  ],
  [
    'metrics with a host and no port',
    withRest({ metrics: { host: '0.0.0.0' } }),
    'metrics.port: is missing; metrics can have a host of their own only with a port of their own',
  ],
  [
    'a token for metrics that can be guessed',
    withRest({ metrics: { token: 'secret' } }),
    'metrics.token: must be a token of at least 16 characters without spaces',
  ],
  [
    'a token in no file',
    withRest({ metrics: { tokenFile: '/run/nothing' } }),
    'metrics.tokenFile: names a file that cannot be read: there is no such file',
  ],
  ['a name twice', withRules(hook, hook), 'notify[1].name: is the same as notify[0].name'],
];

const folder = mkdtempSync(join(tmpdir(), 'copygraph-config-'));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

const full = `
server: { host: 127.0.0.1, port: 4000, graphiql: true, board: false, introspection: true, basePath: /tools/copygraph, keepAliveSeconds: 75, drainDelaySeconds: 5 }
upstreams:
  - id: dc-east
    kind: cohesity
    url: https://cluster.example.com
    auth: { apiKey: "\${COHESITY_API_KEY}" }
    accessClusterId: 8621173906188849
    tls: { caFile: /etc/ssl/cluster.pem }
    timeoutMs: 20000
    maxConcurrent: 8
    viewFailoverWithoutOperations: true
  - id: aws-prod-use1
    kind: aws-backup
    region: us-east-1
    endpoint: http://127.0.0.1:9001
    timeoutMs: 3000
    callsPerSecond: { describe: 15, list: 20 }
    credentials: { profile: backup }
auth:
  jwt: { jwksUri: https://id.example.com/jwks.json, issuer: https://id.example.com, audience: copygraph }
  apiKeys: [{ name: board, sha256: "${sha256}", scopes: [copy:read], upstreams: [dc-east] }]
limits: { maxDepth: 12, maxAliases: 50, maxRootFields: 20, maxTokens: 2000, maxCost: 20000, maxBodyBytes: 102400, maxPageSize: 500, maxGroups: 10000, maxUpstreamCalls: 200, maxUpstreamBytes: 33554432,
          lookBackHours: 168, requestTimeoutMs: 30000, maxConcurrentOperations: 200, requestsPerMinute: 1200 }
cache: { finishedSeconds: 86400, runningSeconds: 5, listSeconds: 5, staleSeconds: 3600, answerSeconds: 1, maxEntries: 50000 }
index: { maxMegabytes: 256, hours: 168 }
live: { minSeconds: 2, maxSeconds: 60 }
cors: { origins: [] }
persisted: { mode: off, manifest: persisted-documents.json }
audit: { file: /var/log/copygraph/audit.jsonl }
failover: { twoPerson: true }
experimental: { failoverWorkflow: true }
redis: { url: "redis://127.0.0.1:6379" }
`;

const defaults = {
  server: {
    host: '127.0.0.1',
    port: 4000,
    graphiql: true,
    board: true,
    introspection: true,
    basePath: '',
    keepAliveSeconds: 75,
    drainDelaySeconds: 0,
  },
  limits: {
    maxDepth: 12,
    maxAliases: 50,
    maxRootFields: 20,
    maxTokens: 2000,
    maxCost: 20000,
    maxBodyBytes: 102400,
    maxPageSize: 500,
    maxGroups: 10000,
    maxUpstreamCalls: 200,
    maxUpstreamBytes: 33554432,
    lookBackHours: 168,
    requestTimeoutMs: 30000,
    maxConcurrentOperations: 200,
    requestsPerMinute: 1200,
    metricSeries: 2000,
  },
  cache: {
    finishedSeconds: 86400,
    runningSeconds: 5,
    listSeconds: 5,
    staleSeconds: 3600,
    answerSeconds: 1,
    maxEntries: 50000,
  },
  index: { maxMegabytes: 256, hours: 168 },
  live: { minSeconds: 2, maxSeconds: 60 },
  watch: { seconds: 60, stalledMinutes: 60, offsiteLagHours: 24 },
  cors: { origins: [] },
  persisted: { mode: 'off', manifest: 'persisted-documents.json' },
  metrics: {},
  notify: [],
  failover: { twoPerson: false },
  experimental: { failoverWorkflow: false },
};

describe('a good config', () => {
  it('reads every key of the documented sample', () => {
    expect(parse(full, { COHESITY_API_KEY: 'key-1' })).toEqual({
      ...defaults,
      server: { ...defaults.server, board: false, basePath: '/tools/copygraph', drainDelaySeconds: 5 },
      upstreams: [
        {
          id: 'dc-east',
          kind: 'cohesity',
          sandbox: false,
          url: 'https://cluster.example.com',
          auth: { apiKey: 'key-1' },
          accessClusterId: '8621173906188849',
          tls: { caFile: '/etc/ssl/cluster.pem' },
          timeoutMs: 20000,
          maxConcurrent: 8,
          viewFailoverWithoutOperations: true,
        },
        {
          id: 'aws-prod-use1',
          kind: 'aws-backup',
          sandbox: false,
          region: 'us-east-1',
          endpoint: 'http://127.0.0.1:9001',
          timeoutMs: 3000,
          maxConcurrent: 8,
          callsPerSecond: { describe: 15, list: 20 },
          credentials: { profile: 'backup' },
        },
      ],
      auth: {
        jwt: { jwksUri: 'https://id.example.com/jwks.json', issuer: 'https://id.example.com', audience: 'copygraph' },
        apiKeys: [{ name: 'board', sha256, scopes: ['copy:read'], upstreams: ['dc-east'] }],
      },
      audit: { file: '/var/log/copygraph/audit.jsonl' },
      failover: { twoPerson: true },
      experimental: { failoverWorkflow: true },
      redis: { url: 'redis://127.0.0.1:6379', cacheMegabytes: 128 },
    });
  });

  it('fills in the documented defaults', () => {
    expect(parse(stringify({ upstreams: [cluster, region] }))).toEqual({
      ...defaults,
      upstreams: [
        { ...cluster, sandbox: false, timeoutMs: 20000, maxConcurrent: 8, viewFailoverWithoutOperations: false },
        {
          ...region,
          sandbox: false,
          timeoutMs: 3000,
          maxConcurrent: 8,
          callsPerSecond: { describe: 15, list: 20 },
        },
      ],
    });
  });

  it('keeps an accessClusterId beyond 2^53 exact, quoted or not', () => {
    for (const written of ['9007199254740993', '"9007199254740993"', '"${CLUSTER}"']) {
      const text = `upstreams: [{ id: a, kind: cohesity, url: "http://c", auth: { apiKey: k }, accessClusterId: ${written} }]`;
      const [upstream] = parse(text, { CLUSTER: '9007199254740993' }).upstreams;
      expect(upstream).toMatchObject({ accessClusterId: '9007199254740993' });
    }
  });

  it('trims the trailing slash of a url and keeps its path', () => {
    expect(parse(withCluster({ url: 'HTTPS://Cluster.example.com:8443/' })).upstreams[0]).toMatchObject({
      url: 'https://cluster.example.com:8443',
    });
    expect(parse(withCluster({ url: 'http://proxy/east//' })).upstreams[0]).toMatchObject({ url: 'http://proxy/east' });
  });

  it('gives a login the domain LOCAL unless it names one', () => {
    const login = { username: 'u', password: 'p' };
    expect(parse(withCluster({ auth: login })).upstreams[0]).toMatchObject({ auth: { ...login, domain: 'LOCAL' } });
    const elsewhere = { ...login, domain: 'corp' };
    expect(parse(withCluster({ auth: elsewhere })).upstreams[0]).toMatchObject({ auth: elsewhere });
  });

  it.each([
    [{ profile: 'backup' }],
    [{ roleArn: 'arn:aws:iam::123456789012:role/reader' }],
    [{ roleArn: 'arn:aws:iam::123456789012:role/reader', externalId: 'x' }],
    [{ accessKeyId: 'AK', secretAccessKey: 'sk' }],
    [{ accessKeyId: 'AK', secretAccessKey: 'sk', sessionToken: 't' }],
  ])('takes the credentials %j as they are', (credentials) => {
    const [upstream] = parse(withRegion({ credentials })).upstreams;
    expect(upstream).toMatchObject({ kind: 'aws-backup', credentials });
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '::1'])('needs no auth on %s', (host) => {
    expect(parse(withRest({ server: { host } })).auth).toBeUndefined();
  });

  it('may listen everywhere once callers must identify themselves', () => {
    expect(parse(withRest({ server: { host: '0.0.0.0' }, auth: { apiKeys: [board] } })).server.host).toBe('0.0.0.0');
  });

  it('lets a cache time be 0, which turns that cache off', () => {
    expect(parse(withRest({ cache: { finishedSeconds: 0, maxEntries: 0 } })).cache).toMatchObject({
      finishedSeconds: 0,
    });
  });

  it('reads anchors and aliases', () => {
    const text = `upstreams:\n- &east { id: a, kind: aws-backup, region: eu-west-1, credentials: &me { profile: p } }\n- { id: b, kind: aws-backup, region: eu-west-2, credentials: *me }`;
    expect(parse(text).upstreams).toHaveLength(2);
  });
});

describe('the environment', () => {
  const keyed = (apiKey: string, env: NodeJS.ProcessEnv) => parse(withCluster({ auth: { apiKey } }), env).upstreams[0];

  it.each([
    ['${KEY}', { KEY: 'a' }, 'a'],
    ['pre-${KEY}-post', { KEY: 'a' }, 'pre-a-post'],
    ['${KEY:-fallback}', {}, 'fallback'],
    ['${KEY:-fallback}', { KEY: '' }, 'fallback'],
    ['${KEY:-fallback}', { KEY: 'a' }, 'a'],
    ['$${KEY}', {}, '${KEY}'],
    ['a$b', {}, 'a$b'],
    ['${KEY}', { KEY: '12345' }, '12345'],
    ['${KEY}', { KEY: 'a: {b} # "c\nd: ${OTHER}' }, 'a: {b} # "c\nd: ${OTHER}'],
    ['${KEY}', { KEY: '$& $1 $$' }, '$& $1 $$'],
  ])('reads %s as text, with %j', (written, env, apiKey) => {
    expect(keyed(written, env)).toMatchObject({ auth: { apiKey } });
  });

  it('turns text into numbers and booleans where those belong', () => {
    const config = parse(
      'server: { graphiql: "${G}", port: "${P}" }\nlimits: { maxDepth: "${D:-7}" }\nupstreams: [{ id: a, kind: aws-backup, region: r }]',
      {
        G: 'false',
        P: '8080',
      },
    );
    expect(config.server).toMatchObject({ graphiql: false, port: 8080 });
    expect(config.limits.maxDepth).toBe(7);
  });

  it('has PORT and HOST win over the file, unless they are empty', () => {
    const text = withRest({ server: { port: 1, host: 'localhost' } });
    expect(parse(text, { PORT: '0', HOST: '127.0.0.2' }).server).toMatchObject({ port: 0, host: '127.0.0.2' });
    expect(parse(text, { PORT: '', HOST: '' }).server).toMatchObject({ port: 1, host: 'localhost' });
    expect(parse(withRest({}), { PORT: '81' }).server.port).toBe(81);
  });

  it.each(['x', '-1', '65536', '1.5', ' 80', '0x50'])('names PORT when it is %j', (PORT) => {
    expect(refusal(() => parse(withRest({}), { PORT }))).toBe(
      'copygraph.yaml: PORT: (environment) must be a whole number from 0 to 65535',
    );
  });

  it('names HOST when it cannot be one', () => {
    expect(refusal(() => parse(withRest({}), { HOST: 'a b' }))).toBe(
      'copygraph.yaml: HOST: (environment) must be a host name or address, such as 127.0.0.1',
    );
  });

  it('counts HOST when it decides whether auth may be absent', () => {
    expect(refusal(() => parse(withRest({}), { HOST: '0.0.0.0' }))).toContain('copygraph.yaml: auth: is missing');
  });
});

describe('a variable that names a file', () => {
  const keyed = (apiKey: string, env: NodeJS.ProcessEnv) => parse(withCluster({ auth: { apiKey } }), env).upstreams[0];

  it.each([
    ['s3cret\n', 's3cret'],
    ['s3cret\r\n', 's3cret'],
    ['s3cret', 's3cret'],
    [' two\nlines\n\n', ' two\nlines'],
    ['${OTHER}: $& #', '${OTHER}: $& #'],
  ])('stands for the text of the file without the line breaks at its end: %j', (content, apiKey) => {
    expect(keyed('${KEY}', { KEY_FILE: file('variable', content) })).toMatchObject({ auth: { apiKey } });
    expect(keyed('${KEY:-other}', { KEY_FILE: file('variable', content) })).toMatchObject({ auth: { apiKey } });
  });

  it('counts only where the variable itself is not set, or is empty', () => {
    const KEY_FILE = file('variable', 'from the file');
    expect(keyed('${KEY}', { KEY: 'k', KEY_FILE: '/nonexistent' })).toMatchObject({ auth: { apiKey: 'k' } });
    expect(keyed('${KEY}', { KEY: '', KEY_FILE })).toMatchObject({ auth: { apiKey: 'from the file' } });
    expect(keyed('${KEY:-other}', { KEY_FILE: '' })).toMatchObject({ auth: { apiKey: 'other' } });
    expect(keyed('${KEY:-other}', { KEY_FILE: file('variable', '\n') })).toMatchObject({ auth: { apiKey: 'other' } });
  });

  it('is told by its name, with the reason, where the file cannot be read', () => {
    const said = (KEY_FILE: string) => refusal(() => keyed('${KEY}', { KEY_FILE }));
    const line = 'copygraph.yaml: upstreams[0].auth.apiKey: needs KEY, and KEY_FILE names a file that cannot be read: ';
    expect(said(join(folder, 'nothing-there'))).toBe(`${line}there is no such file`);
    expect(said(folder)).toBe(`${line}it is a directory`);
    expect(refusal(() => keyed('${KEY:-other}', { KEY_FILE: folder }))).toBe(`${line}it is a directory`);
    expect(refusal(() => keyed('${KEY}', {}))).toContain(
      'needs the environment variable KEY, which is not set (nor is KEY_FILE)',
    );
  });
});

describe('secrets in files', () => {
  it('reads them without the line end', () => {
    const apiKeyFile = file('key', ' s3cret \n');
    expect(parse(withCluster({ auth: { apiKeyFile } })).upstreams[0]).toMatchObject({ auth: { apiKey: ' s3cret ' } });
    const auth = { username: 'u', passwordFile: file('password', 'p\r\n') };
    expect(parse(withCluster({ auth }), {}).upstreams[0]).toMatchObject({ auth: { password: 'p' } });
    const credentials = { accessKeyId: 'AK', secretAccessKeyFile: '${DIR}/key' };
    const [upstream] = parse(withRegion({ credentials }), { DIR: folder }).upstreams;
    expect(upstream).toMatchObject({ credentials: { accessKeyId: 'AK', secretAccessKey: ' s3cret ' } });
  });

  it('says why a file is of no use, once', () => {
    const at = 'copygraph.yaml: upstreams[0].auth.apiKeyFile:';
    const said = (auth: object) => refusal(() => parse(withCluster({ auth })));
    expect(said({ apiKeyFile: join(folder, 'none') })).toBe(
      `${at} names a file that cannot be read: there is no such file`,
    );
    expect(said({ apiKeyFile: folder })).toBe(`${at} names a file that cannot be read: it is a directory`);
    expect(said({ apiKeyFile: file('empty', '\n') })).toBe(`${at} names a file that is empty`);
    expect(said({ apiKeyFile: 'f', apiKey: 'k' })).toBe(`${at} must not be set together with apiKey; keep one of them`);
    expect(said({ apiKeyFile: 5 })).toBe(`${at} must be text (a number needs quotes)`);
  });
});

describe('a bad config', () => {
  const url =
    'must be an http or https URL without user name, password, query or fragment, such as https://cluster.example.com';
  const cases: [name: string, text: string, line: string][] = [
    ['empty', '', 'upstreams: is missing; it must be a list of upstreams, with at least one'],
    ['a list', '- a', 'must be a mapping of keys'],
    ['no upstream', 'upstreams: []', 'upstreams: must be a list of upstreams, with at least one'],
    ['upstreams no list', 'upstreams: {}', 'upstreams: must be a list of upstreams, with at least one'],
    ['an upstream that is text', 'upstreams: [x]', 'upstreams[0]: must be a mapping of keys, with id and kind'],
    ['unknown key', withRest({ sever: {} }), 'sever: is not a known key; did you mean server?'],
    [
      'unknown key deep',
      withCluster({ timeout_ms: 5 }),
      'upstreams[0].timeout_ms: is not a known key; did you mean timeoutMs?',
    ],
    [
      'nothing close',
      withRest({ live: { often: 1 } }),
      'live.often: is not a known key; the keys here are minSeconds, maxSeconds',
    ],
    [
      'sandbox from a file',
      withCluster({ sandbox: true }),
      'upstreams[0].sandbox: is not a known key; the keys here are',
    ],
    ['an aws key on a cluster', withCluster({ region: 'us-east-1' }), 'upstreams[0].region: is not a known key'],
    ['no kind', 'upstreams: [{ id: a }]', 'upstreams[0].kind: must be cohesity or aws-backup'],
    ['another kind', 'upstreams: [{ id: a, kind: rubrik }]', 'upstreams[0].kind: must be cohesity or aws-backup'],
    [
      'bad id',
      withCluster({ id: 'DC_East' }),
      'upstreams[0].id: must be a name of lower-case letters, digits and dashes',
    ],
    [
      'id twice',
      stringify({ upstreams: [cluster, { ...region, id: 'dc-east' }] }),
      'upstreams[1].id: is the same as upstreams[0].id',
    ],
    ['no url', withCluster({ url: undefined }), `upstreams[0].url: is missing; it ${url}`],
    ['empty url', withCluster({ url: null }), `upstreams[0].url: has no value; it ${url}`],
    ...[
      'ftp://c',
      'c.example.com',
      'https://u:p@c',
      'https://u@c',
      'https://c?x=1',
      'https://c/#f',
      'https://',
      'https://c d',
      5,
    ].map((bad): [string, string, string] => [`url ${bad}`, withCluster({ url: bad }), `upstreams[0].url: ${url}`]),
    [
      'no auth for a cluster',
      withCluster({ auth: undefined }),
      'upstreams[0].auth: is missing; it must be a mapping of keys',
    ],
    ['empty auth for a cluster', withCluster({ auth: {} }), 'upstreams[0].auth: must hold only apiKey'],
    [
      'both kinds of auth',
      withCluster({ auth: { apiKey: 'k', username: 'u' } }),
      'upstreams[0].auth: must hold only apiKey',
    ],
    ['half a login', withCluster({ auth: { username: 'u' } }), 'upstreams[0].auth: must hold only apiKey'],
    [
      'number as key',
      withCluster({ auth: { apiKey: 12345 } }),
      'upstreams[0].auth.apiKey: must be text (a number needs quotes)',
    ],
    [
      'bad accessClusterId',
      withCluster({ accessClusterId: 'east' }),
      'upstreams[0].accessClusterId: must be a cluster id: digits only',
    ],
    [
      'fractional accessClusterId',
      withCluster({ accessClusterId: 1.5 }),
      'upstreams[0].accessClusterId: must be a cluster id: digits only',
    ],
    [
      'a word for viewFailoverWithoutOperations',
      withCluster({ viewFailoverWithoutOperations: 'sometimes' }),
      'upstreams[0].viewFailoverWithoutOperations: must be true or false',
    ],
    ['timeout 0', withCluster({ timeoutMs: 0 }), 'upstreams[0].timeoutMs: must be a whole number from 1 to 3600000'],
    [
      'no region',
      withRegion({ region: undefined }),
      'upstreams[0].region: is missing; it must be a Region, such as us-east-1',
    ],
    ['bad endpoint', withRegion({ endpoint: 'localhost:9001' }), `upstreams[0].endpoint: ${url}`],
    [
      'budget',
      withRegion({ callsPerSecond: { list: 0 } }),
      'upstreams[0].callsPerSecond.list: must be a whole number from 1 to 10000',
    ],
    [
      'two credentials',
      withRegion({ credentials: { profile: 'p', accessKeyId: 'a' } }),
      'upstreams[0].credentials: must hold one of: profile;',
    ],
    [
      'half a key',
      withRegion({ credentials: { accessKeyId: 'a' } }),
      'upstreams[0].credentials: must hold one of: profile;',
    ],
    [
      'an externalId alone',
      withRegion({ credentials: { externalId: 'a' } }),
      'upstreams[0].credentials: must hold one of: profile;',
    ],
    [
      'no credentials in credentials',
      withRegion({ credentials: {} }),
      'upstreams[0].credentials: must hold one of: profile;',
    ],
    [
      'bad role',
      withRegion({ credentials: { roleArn: 'reader' } }),
      'upstreams[0].credentials.roleArn: must be the ARN of an IAM role',
    ],
    ['port', withRest({ server: { port: 65536 } }), 'server.port: must be a whole number from 0 to 65535'],
    ['host', withRest({ server: { host: 'a b' } }), 'server.host: must be a host name or address, such as 127.0.0.1'],
    ...['/', 'tools', '/tools/', '//', '/a b', '/tools?x'].map((basePath): [string, string, string] => [
      `base path ${basePath}`,
      withRest({ server: { basePath } }),
      'server.basePath: must be a path that begins with / and does not end with it, such as /tools/copygraph',
    ]),
    [
      'keep alive 0',
      withRest({ server: { keepAliveSeconds: 0 } }),
      'server.keepAliveSeconds: must be a whole number from 1 to 3600',
    ],
    [
      'a look before the last one',
      withRest({ watch: { seconds: -1 } }),
      'watch.seconds: must be a number from 0 to 86400',
    ],
    [
      'minutes that are no number',
      withRest({ watch: { stalledMinutes: '1e3' } }),
      'watch.stalledMinutes: must be a number from 0.01 to 525600',
    ],
    ...notifyCases,
    [
      'drain delay below 0',
      withRest({ server: { drainDelaySeconds: -1 } }),
      'server.drainDelaySeconds: must be a whole number from 0 to 3600',
    ],
    ['flag', withRest({ server: { graphiql: 'yes' } }), 'server.graphiql: must be true or false'],
    ['board', withRest({ server: { board: 'no' } }), 'server.board: must be true or false'],
    ['flag in a list', withRest({ server: { graphiql: [true] } }), 'server.graphiql: must be true or false'],
    [
      'open to all',
      withRest({ server: { host: '0.0.0.0' } }),
      'auth: is missing, and server.host (or HOST) is not a loopback address',
    ],
    ['a name that begins with 127.', withRest({ server: { host: '127.example.com' } }), 'auth: is missing'],
    ['empty auth', withRest({ auth: {} }), 'auth: must hold jwt or apiKeys, or both'],
    ['auth without value', `${withRest({})}\nauth:\n`, 'auth: has no value; it must be a mapping of keys'],
    ['no keys', withRest({ auth: { apiKeys: [] } }), 'auth.apiKeys: must be a list of keys, with at least one'],
    [
      'jwt',
      withRest({ auth: { jwt: { jwksUri: 'x' } } }),
      'auth.jwt.issuer: is missing; it must be text (a number needs quotes)',
    ],
    ...['http://id.example.com/jwks', 'http://127.0.0.1.example.com/jwks', 'https://ada:pw@id.example.com/', 'x'].map(
      (jwksUri): [string, string, string] => [
        `keys from ${jwksUri}`,
        withRest({ auth: { jwt: { jwksUri, issuer: 'a', audience: 'b' } } }),
        'auth.jwt.jwksUri: must be an https URL without user name (http only on a loopback host)',
      ],
    ),
    ...['x', 'ftp://proxy.example.com', 'proxy.example.com:3128', 'http://p/path', 'http://p:99999', '', 'None'].map(
      (proxy): [string, string, string] => [
        `a proxy that is ${JSON.stringify(proxy)}`,
        stringify({ upstreams: [{ ...region, proxy }] }),
        'upstreams[0].proxy: must be the URL of an http or https proxy, such as http://proxy.example.com:3128, or none',
      ],
    ),
    ...['10.0.0.1', '::1', 'a b', '', 'https://a', 'a:443', '.a'].map((serverName): [string, string, string] => [
      `a name of a server that is ${JSON.stringify(serverName)}`,
      stringify({ upstreams: [{ ...cluster, tls: { serverName } }] }),
      'upstreams[0].tls.serverName: must be the host name in the certificate, such as cohesity-cluster, not an address',
    ]),
    [
      'nothing of TLS',
      stringify({ upstreams: [{ ...region, tls: {} }] }),
      'upstreams[0].tls: must hold caFile or serverName, or both',
    ],
    [
      'an address for the name of a key set’s server',
      withRest({ auth: { jwt: { ...jwt, tls: { serverName: '10.0.0.1' } } } }),
      'auth.jwt.tls.serverName: must be the host name in the certificate, such as cohesity-cluster, not an address',
    ],
    ...(
      [
        [{ cluster: true, url: 'redis://r' }, 'cluster: needs urls, a list of the URLs of some nodes, instead of url'],
        [{ cluster: true }, 'urls: is missing; it must be a list of the URLs of some nodes of a cluster'],
        [{ cluster: true, urls: [] }, 'urls: must be a list of the URLs of some nodes of a cluster, with at least one'],
        [{ cluster: true, urls: ['http://r'] }, 'urls[0]: must be a URL that begins with redis:// or rediss://'],
        [{ cluster: true, urls: ['redis://r/1'] }, 'urls: must not name a database: a cluster has only database 0'],
        [{ urls: ['redis://r'] }, 'urls: needs cluster: true; without it give one url'],
        [{ url: 'redis://r', urls: ['redis://r'] }, 'urls: must not be set together with url; keep one of them'],
        [{}, 'url: is missing; it must be a URL that begins with redis:// or rediss://'],
      ] as const
    ).map(([redis, problem]): [string, string, string] => [
      `a Redis ${JSON.stringify(redis)}`,
      withRest({ redis }),
      `redis.${problem}`,
    ]),
    [
      'tokens of nobody',
      withRest({ auth: { jwt: { jwksUri: 'https://id.example.com/jwks', issuer: 'a' } } }),
      'auth.jwt.audience: is missing; it must be text (a number needs quotes), or clientIds must list the clients whose tokens are accepted',
    ],
    [
      'no clients',
      withRest({ auth: { jwt: { ...jwt, clientIds: [] } } }),
      'auth.jwt.clientIds: must be a list of client ids, with at least one; leave it out to accept the tokens of all clients',
    ],
    ...['', 'a b'].map((scopePrefix): [string, string, string] => [
      `a prefix of scopes that is ${JSON.stringify(scopePrefix)}`,
      withRest({ auth: { jwt: { ...jwt, scopePrefix } } }),
      'auth.jwt.scopePrefix: must be the prefix that the issuer writes before each scope, such as copygraph/',
    ]),
    [
      'a prefix of scopes that is a scope',
      withRest({ auth: { jwt: { ...jwt, scopePrefix: 'copygraph/copy:read' } } }),
      'auth.jwt.scopePrefix: must be only the prefix, without the scope itself (copy:read, failover:execute, failover:activate, copy:cancel, copy:retry)',
    ],
    [
      'hash',
      withRest({ auth: { apiKeys: [{ ...board, sha256: 'ab' }] } }),
      'auth.apiKeys[0].sha256: must be the SHA-256 of the key: 64 hexadecimal digits',
    ],
    [
      'hash of an unset variable',
      withRest({ auth: { apiKeys: [{ ...board, sha256: createHash('sha256').digest('hex').toUpperCase() }] } }),
      'auth.apiKeys[0].sha256: is the SHA-256 of an empty text; make it from a key',
    ],
    [
      'scope',
      withRest({ auth: { apiKeys: [{ ...board, scopes: ['copy:write'] }] } }),
      'auth.apiKeys[0].scopes[0]: must be one of copy:read, failover:execute, failover:activate, copy:cancel',
    ],
    [
      'no scopes',
      withRest({ auth: { apiKeys: [{ ...board, scopes: [] }] } }),
      'auth.apiKeys[0].scopes: must be a list of scopes (copy:read, failover:execute, failover:activate, copy:cancel, copy:retry), with at least one',
    ],
    [
      'stranger',
      withRest({ auth: { apiKeys: [{ ...board, upstreams: ['dc-east', 'dc-west'] }] } }),
      'auth.apiKeys[0].upstreams[1]: names no configured upstream',
    ],
    [
      'key twice, in other letters',
      withRest({ auth: { apiKeys: [board, { ...board, name: 'b', sha256: sha256.toUpperCase() }] } }),
      'auth.apiKeys[1].sha256: is the same as auth.apiKeys[0].sha256',
    ],
    [
      'key twice',
      withRest({ auth: { apiKeys: [board, { ...board, name: 'b' }] } }),
      'auth.apiKeys[1].sha256: is the same as auth.apiKeys[0].sha256',
    ],
    ['limit 0', withRest({ limits: { maxDepth: 0 } }), 'limits.maxDepth: must be a whole number from 1 to 1000000000'],
    ['limit half', withRest({ limits: { maxDepth: 1.5 } }), 'limits.maxDepth: must be a whole number'],
    [
      'limit huge',
      'limits: { maxCost: 99999999999999999999 }\nupstreams: []',
      'limits.maxCost: must be a whole number',
    ],
    [
      'cache',
      withRest({ cache: { listSeconds: -1 } }),
      'cache.listSeconds: must be a whole number from 0 to 315360000',
    ],
    ['live', withRest({ live: { minSeconds: 61 } }), 'live: must have minSeconds no larger than maxSeconds'],
    [
      'origin',
      withRest({ cors: { origins: ['https://a/b'] } }),
      'cors.origins[0]: must be an origin without path, such as https://board.example.com',
    ],
    ['any origin', withRest({ cors: { origins: ['*'] } }), 'cors.origins[0]: must be an origin'],
    [
      'mode of a key',
      withRest({ auth: { apiKeys: [{ ...board, persisted: { mode: 'on' } }] } }),
      'auth.apiKeys[0].persisted.mode: must be one of off, prefer, require',
    ],
    [
      'unknown member of a key',
      withRest({ auth: { apiKeys: [{ ...board, persisted: { file: 'x' } }] } }),
      'auth.apiKeys[0].persisted.file: is not a known key; the keys here are mode, manifest',
    ],
    ['mode', withRest({ persisted: { mode: 'on' } }), 'persisted.mode: must be one of off, prefer, require'],
    [
      'redis',
      withRest({ redis: { url: 'http://r' } }),
      'redis.url: must be a URL that begins with redis:// or rediss://',
    ],
    [
      'no variable',
      withCluster({ auth: { apiKey: '${COHESITY_API_KEY}' } }),
      'upstreams[0].auth.apiKey: needs the environment variable COHESITY_API_KEY, which is not set',
    ],
    [
      'broken reference',
      withCluster({ auth: { apiKey: '${COHESITY-KEY}' } }),
      'upstreams[0].auth.apiKey: has a `${` that is neither',
    ],
    [
      'no such thing as an inherited variable',
      withCluster({ auth: { apiKey: '${constructor}' } }),
      'needs the environment variable constructor',
    ],
    [
      'broken YAML',
      'server: {\n  port: 1\n',
      'line 3, column 1: the line is not indented like the lines around it, or a bracket above is not closed',
    ],
    ['a key twice', 'cors: {}\ncors: {}', 'line 2, column 1: this key is there twice'],
    ['a tag', 'audit: !secret x', 'line 1, column 8: tags (!name) are not supported'],
    ['two documents', 'cors: {}\n---\ncors: {}', 'line 2, column 1: there must be one document'],
    ['an alias to itself', 'upstreams: &a [*a, *a, *a, *a, *a, *a, *a, *a, *a]', 'upstreams[0]: is nested too deep'],
    [
      'a prototype',
      '__proto__: { upstreams: [] }\nupstreams: [{ __proto__: { kind: cohesity } }]',
      '(a key that is not a word): is not a known key',
    ],
  ];
  it.each(cases)('%s', (_name, text, line) => {
    const message = refusal(() => parse(text));
    expect(message).toContain(line);
    for (const each of message.split('\n')) expect(each).toMatch(/^copygraph\.yaml: ./);
  });

  it('reports all problems at once, one line for each key', () => {
    const message = refusal(() =>
      parse(
        stringify({
          server: { prot: 1, host: '0.0.0.0' },
          upstreams: [
            { ...cluster, url: 'x', auth: { apiKey: '${NONE}' } },
            { ...cluster, id: 'dc-east', tls: 5 },
          ],
          limits: { maxDepth: 'deep' },
        }),
        { PORT: 'x' },
      ),
    );
    expect(
      message
        .split('\n')
        .map((line) => line.split(': ')[1])
        .sort(),
    ).toEqual([
      'PORT',
      'auth',
      'limits.maxDepth',
      'server.prot',
      'upstreams[0].auth.apiKey',
      'upstreams[0].url',
      'upstreams[1].id',
      'upstreams[1].tls',
    ]);
  });

  it('is told by the name of a file that cannot be read', () => {
    const missing = join(folder, 'none.yaml');
    expect(refusal(() => readConfig(missing, {}))).toBe(
      `${missing}: the config file cannot be read: there is no such file`,
    );
    expect(refusal(() => readConfig(folder, {}))).toContain('it is a directory');
    expect(readConfig(file('good.yaml', withRest({})), {}).upstreams).toHaveLength(1);
  });
});

describe('secrets', () => {
  const secret = 'S3cr3t-hunter2';
  const env = { SECRET: secret, PORT: 'x' };
  it.each([
    ['in an unknown key of auth', withCluster({ auth: { apikey: secret } })],
    ['as a key, for want of a space', `upstreams: [{ id: a, kind: cohesity, url: x, auth: { apiKey:${secret} } }]`],
    ['in broken YAML', `upstreams:\n  - auth: { apiKey: "${secret} }\n`],
    ['after a broken indent', `upstreams:\n  auth:\n   apiKey: ${secret}\n  b: *${secret}\n : ${secret}`],
    ['in a tag', `a: !${secret} b`],
    ['in place of a section', withCluster({ auth: secret })],
    ['as the wrong type', withCluster({ auth: { apiKey: [secret] } })],
    ['beside a bad twin', withCluster({ auth: { apiKey: secret, password: secret, passwordFile: secret } })],
    ['in a url', withCluster({ url: `https://u:${secret}@c` })],
    ['from the environment', withCluster({ url: '${SECRET}', id: '${SECRET}', auth: { username: '${SECRET}' } })],
    ['in a broken reference', withCluster({ auth: { apiKey: `\${${secret}}` } })],
    ['in AWS credentials', withRegion({ credentials: { profile: secret, secretAccessKey: secret } })],
    [
      'in redis and hashes',
      withRest({ redis: { url: `http://:${secret}@r` }, auth: { apiKeys: [{ ...board, sha256: secret }] } }),
    ],
    ['as a path of keys', withCluster({ [secret]: { [secret]: `\${${'MISSING'}}` } })],
  ])('are in no error: %s', (_where, text) => {
    expect(refusal(() => parse(text, env))).not.toMatch(/s3cr3t|hunter2/i);
  });
});

describe('the sandbox', () => {
  const played = [
    { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9000', auth: { apiKey: 'sandbox' } },
    { id: 'aws', kind: 'aws-backup', region: 'us-east-1', endpoint: 'http://127.0.0.1:9001' },
  ] as const;

  it('has the defaults, its own mark, and obeys PORT', () => {
    const config = defaultConfig(played, { PORT: '4100' });
    expect(config).toMatchObject({ ...defaults, server: { ...defaults.server, port: 4100 } });
    expect(config.upstreams.map(({ sandbox }) => sandbox)).toEqual([true, true]);
  });

  it('listens nowhere else than on loopback, since it asks for no token', () => {
    expect(defaultConfig(played, { HOST: 'localhost' }).server.host).toBe('localhost');
    expect(refusal(() => defaultConfig(played, { HOST: '0.0.0.0' }))).toContain('sandbox: auth: is missing');
  });
});

describe('any text at all', () => {
  const answersOrRefuses = (text: string) => {
    try {
      expect(parse(text).upstreams.length).toBeGreaterThan(0);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  };
  let keys: string[];
  beforeAll(() => {
    keys = [...new Set(full.match(/[A-Za-z]+(?=:)/g))];
  });

  it('is a config or a ConfigError', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), answersOrRefuses), { numRuns: 500 });
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ': ',
      '- ',
      '\n',
      '  ',
      '&a ',
      '*a',
      '<<',
      '!x',
      '"',
      '|',
      '${A}',
      '?',
      '#',
    );
    const soup = fc.array(fc.oneof(token, fc.constantFrom(...keys)), { maxLength: 60 });
    fc.assert(
      fc.property(soup, (tokens) => answersOrRefuses(tokens.join(''))),
      { numRuns: 1000 },
    );
  });

  it('may hold anything where a value belongs', () => {
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 0, -1, 1.5, 1e300, '', 'x', '${A:-1}', 'cohesity', 'aws-backup', 'http://c'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys, 'toString', '__proto__', 'constructor'), tie('value'), { maxKeys: 6 }),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (data) => answersOrRefuses(stringify(data))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(tree, (data) => answersOrRefuses(withCluster({ auth: data, tls: data }))),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(tree, (data) => answersOrRefuses(withRest({ auth: data, limits: data }))),
      { numRuns: 300 },
    );
  });
});

it.each([
  'http://127.0.0.1:8080/jwks',
  'http://[::1]/jwks',
  'http://localhost/jwks?v=1',
  'https://id.example.com/jwks',
])('takes the keys of tokens from %s', (jwksUri) => {
  const text = withRest({ auth: { jwt: { jwksUri, issuer: 'a', audience: 'b' } } });
  expect(parseConfig(text, 'test.yaml', {}).auth?.jwt?.jwksUri).toBe(jwksUri);
});
