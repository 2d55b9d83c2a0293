import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupClient, ListCopyJobsCommand } from '@aws-sdk/client-backup';
import { stringify } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { type AuthConfig, readConfig } from '../../src/assembly/config.js';
import { startSandboxes } from '../../src/assembly/embedded.js';
import { awsBackupFaults, awsBackupSandboxCredentials } from '../../src/sandbox/aws-backup/server.js';
import { cohesityFaults, cohesitySandboxCredentials } from '../../src/sandbox/cohesity/server.js';
import { run, start } from '../support/cli.js';
import { type Reply, startFake } from '../support/fake.js';
import { closing } from '../support/products.js';
import { startIssuer } from '../support/tokens.js';

const folder = mkdtempSync(join(tmpdir(), 'copygraph-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const configFile = (config: object | string): string => {
  const file = join(folder, `copygraph-${(files += 1)}.yaml`);
  writeFileSync(file, typeof config === 'string' ? config : stringify(config));
  return file;
};

/** The help of a command, asked for once. */
const helps = new Map<string, ReturnType<typeof run>>();
const helpOf = (command: string): ReturnType<typeof run> => {
  const asked = helps.get(command) ?? run([command, '--help']);
  helps.set(command, asked);
  return asked;
};

const isPlain = (text: string): boolean => !/^\s+at |node_modules|\.ts:\d|\.js:\d/m.test(text);

const cluster = { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 's3cr3t-key-0815' } };
/** The SHA-256 of `board-key`. */
const sha256 = 'fe06137d01a104bd54937f3bbb60566ae4f2c2892f752bec9579f51030a04599';
const apiKeys: AuthConfig['apiKeys'] = [{ name: 'board', sha256, scopes: ['copy:read'] }];
const auth = { apiKeys };
const jwt = { jwksUri: 'https://id.example.com/jwks', issuer: 'https://id.example.com', audience: 'copygraph' };
const withCluster = (change: object) => configFile({ upstreams: [{ ...cluster, ...change }] });

describe('a person who asks for help', { concurrent: true }, () => {
  it.each([
    [['--help'], ['serve', 'sandbox', 'check']],
    [
      ['serve', '--help'],
      ['--config', '--fault', 'planned-run-lost-answer', 'aws-throttle'],
    ],
    [
      ['sandbox', '--help'],
      ['--cohesity-port', '--aws-port', '--seed', '--scale', '--fault'],
    ],
    [
      ['check', '--help'],
      ['--config', 'exits 1'],
    ],
    [['--version'], ['0.']],
  ])('gets it: %j', async (args, words) => {
    const [command = '', help] = args;
    const { code, stdout, stderr } = await (help === undefined ? run(args) : helpOf(command));
    expect([code, stderr]).toEqual([0, '']);
    for (const word of words) expect(stdout).toContain(word);
  });
});

describe('the faults of the sandbox', { concurrent: true }, () => {
  it.each(['sandbox', 'serve'])('are listed by the help of %s, each with a few words', async (command) => {
    const { stdout } = await helpOf(command);
    for (const [name, words] of Object.entries({ ...cohesityFaults, ...awsBackupFaults })) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +${words}$`, 'm'));
    }
  });

  it('have one name each, whosesoever they are', () => {
    const names = [...Object.keys(cohesityFaults), ...Object.keys(awsBackupFaults)];
    expect(new Set(names).size).toBe(names.length);
  });

  it('are played by the sandbox, of both doubles, and told', async () => {
    const cli = start(['sandbox', '--fault', 'planned-run-500', '--fault', 'aws-html,unknown-failover-404']);
    const [, cohesity = ''] = await cli.saying(/Cohesity\s+(http:\/\/127\.0\.0\.1:\d+)/);
    const [, aws = ''] = await cli.saying(/AWS Backup\s+(http:\/\/127\.0\.0\.1:\d+)/);
    await cli.saying(/unknown-failover-404/);
    expect(cli.stdout().match(/^ {2}Fault .*$/gm)).toEqual([
      `  Fault       planned-run-500: ${cohesityFaults['planned-run-500']}`,
      `  Fault       aws-html: ${awsBackupFaults['aws-html']}`,
      `  Fault       unknown-failover-404: ${cohesityFaults['unknown-failover-404']}`,
    ]);
    const ask = async (method: string, path: string) => {
      const headers = { apiKey: cohesitySandboxCredentials.apiKey };
      return (await fetch(`${cohesity}/v2/data-protect/failover/${path}`, { method, headers })).status;
    };
    expect([await ask('POST', 'wf/planned-run'), await ask('GET', 'planned-runs?failoverIds=wf')]).toEqual([500, 404]);
    const backup = new BackupClient({
      region: 'us-east-1',
      endpoint: aws,
      credentials: { ...awsBackupSandboxCredentials },
    });
    await expect(backup.send(new ListCopyJobsCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 502 },
    });
  });

  it('are played by the embedded sandbox too, and told', async () => {
    const cli = start(['--fault', 'aws-html']);
    const [, url = ''] = await cli.saying(/GraphiQL\s+(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    expect(cli.stdout()).toContain(`  fault     aws-html: ${awsBackupFaults['aws-html']}\n`);
    const { body } = await ask(url, '{ copyOperations { upstreamReports { ok error { code } } } }');
    expect(body.data.copyOperations.upstreamReports).toEqual([
      { ok: true, error: null },
      { ok: true, error: null },
      { ok: false, error: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });

  it('are none where none is asked for', async () => {
    const cli = start(['sandbox']);
    await cli.saying(/AWS Backup/);
    expect(cli.stdout()).not.toContain('Fault');
  });
});

describe('what cannot be done is said in plain words', { concurrent: true }, () => {
  it.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ['an unknown flag', ['serve', '--prot', '1'], {}, /unknown option '--prot'/],
    ['an unknown command', ['sevre'], {}, /too many arguments|unknown command/],
    ['a flag without its value', ['serve', '--config'], {}, /argument missing/],
    ['check without a config', ['check'], {}, /required option '-c, --config <file>'/],
    ['a bad port of the sandbox', ['sandbox', '--aws-port', '70000'], {}, /--aws-port.*It must be a port, 0 to 65535/s],
    ['a port that is no number', ['sandbox', '--cohesity-port', '1e3'], {}, /--cohesity-port.*It must be a port/s],
    ['a bad seed', ['sandbox', '--seed', '-1'], {}, /--seed.*It must be a whole number from 1/s],
    [
      'an unknown fault',
      ['sandbox', '--fault', 'aws-slow,planned-run-typo'],
      {},
      /--fault.*Unknown fault "planned-run-typo"\. Known ones: planned-run-lost-answer, .*aws-slow/s,
    ],
    ['an empty fault', ['serve', '--fault', ''], {}, /--fault.*Unknown fault ""\. Known ones/s],
    [
      'a fault of what is not the sandbox',
      ['serve', '--fault', 'aws-slow', '--config', '/nonexistent.yaml'],
      {},
      /option '--fault <names>' cannot be used with option '-c, --config <file>'/,
    ],
    ['a bad scale', ['sandbox', '--scale', '0'], {}, /--scale.*It must be a whole number from 1/s],
    [
      'a bad PORT',
      ['serve'],
      { PORT: '70000' },
      /^copygraph: sandbox: PORT: \(environment\) must be a whole number from 0 to 65535$/m,
    ],
    ['a bad HOST', ['serve'], { HOST: 'http://x' }, /^copygraph: sandbox: HOST: \(environment\) must be a host name/m],
    [
      'a HOST that all can reach',
      ['serve'],
      { HOST: '0.0.0.0' },
      /^copygraph: sandbox: auth: is missing, and server\.host/m,
    ],
    [
      'a bad LOG_LEVEL',
      ['serve'],
      { LOG_LEVEL: 'loud' },
      /^copygraph: LOG_LEVEL: \(environment\) must be one of .*info/m,
    ],
    [
      'a config that is not there',
      ['serve', '-c', '/nonexistent.yaml'],
      {},
      /^copygraph: \/nonexistent\.yaml: the config file cannot be read: there is no such file$/m,
    ],
  ])('%s', async (_what, args, env, words) => {
    const { code, stdout, stderr } = await run(args, env);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(words);
    expect(isPlain(stderr)).toBe(true);
  });

  it.each<[string, () => string, RegExp]>([
    ['an unknown key', () => withCluster({ hots: 'x' }), /upstreams\[0\]\.hots: is not a known key/],
    [
      'a missing variable',
      () => withCluster({ auth: { apiKey: '${NO_SUCH_KEY}' } }),
      /upstreams\[0\]\.auth\.apiKey: needs the environment variable NO_SUCH_KEY/,
    ],
    [
      'an id twice',
      () => configFile({ upstreams: [cluster, cluster] }),
      /upstreams\[1\]\.id: is the same as upstreams\[0\]\.id/,
    ],
    [
      'a bad URL',
      () => withCluster({ url: 'cluster.example.com' }),
      /upstreams\[0\]\.url: must be an http or https URL/,
    ],
    [
      'a URL with a password',
      () => withCluster({ url: 'https://u:s3cr3t-key-0815@x' }),
      /upstreams\[0\]\.url: must be/,
    ],
    [
      'a certificate that is not there',
      () => withCluster({ tls: { caFile: '/nonexistent.pem' } }),
      /upstream dc-east: tls\.caFile: names a file that cannot be read: there is no such file$/m,
    ],
    ['broken YAML', () => configFile('upstreams: [ { auth: { apiKey: s3cr3t-key-0815 }'), /line \d+, column \d+/],
  ])('a config with %s', async (_what, file, words) => {
    const path = file();
    for (const command of ['serve', 'check']) {
      const { code, stdout, stderr } = await run([command, '--config', path]);
      expect([command, code, stdout]).toEqual([command, 1, '']);
      expect(stderr).toMatch(words);
      expect(stderr.startsWith(`copygraph: ${path}: `)).toBe(true);
      expect(stderr.trim().split('\n').length).toBe(1);
      expect(isPlain(stderr)).toBe(true);
      expect(stderr).not.toContain('s3cr3t-key-0815');
    }
  });

  it('a port that is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const attempts: readonly [readonly string[], NodeJS.ProcessEnv][] = [
      [['serve'], { PORT: port }],
      [['sandbox', '--aws-port', port], {}],
      [['sandbox', '--replica-port', port], {}],
    ];
    for (const [args, env] of attempts) {
      const { code, stderr } = await run(args, env);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^copygraph: cannot listen: .*EADDRINUSE.*127\\.0\\.0\\.1:${port}\\..*another port`, 'm'),
      );
      expect(stderr.trim().split('\n').length).toBe(1);
    }
    await new Promise((resolve) => holder.close(resolve));
  });
});

const ask = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

describe('serve', { concurrent: true }, () => {
  it('without a config serves the sandbox, says so, answers, and ends with 0 on SIGTERM', async () => {
    const cli = start(['serve']);
    const [, url = ''] = await cli.saying(/GraphiQL\s+(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    expect(cli.stdout()).toMatch(/SANDBOX: built-in doubles, no real backup product/);
    expect(cli.stdout()).toMatch(/sandbox-cohesity \(cohesity, sandbox\)/);
    expect(cli.stdout()).toMatch(/sandbox-cohesity-dr \(cohesity, sandbox\)/);
    expect(cli.stdout()).toMatch(/sandbox-aws \(aws-backup, sandbox\)/);

    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready', upstreams: { of: 3 } }]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await fetch(`${url}/anything`)).status).toBe(404);
    const { body } = await ask(url, '{ upstreams { name sandbox } copyOperations(first: 3) { nodes { id } } }');
    expect(body.errors).toBeUndefined();
    expect(body.data.upstreams).toEqual([
      { name: 'sandbox-cohesity', sandbox: true },
      { name: 'sandbox-cohesity-dr', sandbox: true },
      { name: 'sandbox-aws', sandbox: true },
    ]);
    expect(body.data.copyOperations.nodes.length).toBe(3);

    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
    expect(cli.stderr()).toMatch(/"msg":"draining".*"msg":"stopped"/s);
    // Each line of the log is JSON, and none holds what logs us in.
    const lines = cli
      .stderr()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(cli.stderr()).not.toContain(cohesitySandboxCredentials.password);
    expect(cli.stderr()).not.toContain(awsBackupSandboxCredentials.secretAccessKey);
  });

  it('answers what is in flight when SIGTERM comes, and takes nothing new', async () => {
    let answer = (): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const upstream = closing(
      await startFake(({ path }) => {
        if (!path.endsWith('/protectionRuns')) return { body: [] }; // not of the query: asked at the start
        arrive();
        return new Promise((resolve) => (answer = () => resolve({ body: [] })));
      }),
    );
    const cli = start(['serve', '--config', withCluster({ url: upstream.url })]);
    const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    const inFlight = ask(url, '{ copyRuns { totalCount } }');
    await arrived;
    cli.child.kill('SIGTERM');
    await cli.saying(/"msg":"draining"/);
    await expect(ask(url, '{ __typename }')).rejects.toThrow();
    answer();
    const { status, headers, body } = await inFlight;
    expect([status, body]).toEqual([200, { data: { copyRuns: { totalCount: 0 } } }]);
    expect(headers.get('connection')).toBe('close');
    expect(await cli.ended).toBe(0);
  });

  it('takes requests on after SIGTERM while it says that it is not ready, for as long as the config says', async () => {
    const upstream = closing(await startFake(() => ({ body: [] })));
    const file = configFile({
      server: { drainDelaySeconds: 3600 },
      upstreams: [{ ...cluster, url: upstream.url }],
    });
    const cli = start(['serve', '--config', file]);
    const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    expect((await ask(url, '{ copyRuns { totalCount } }')).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    cli.child.kill('SIGTERM');
    await cli.saying(/"msg":"draining"/);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await ask(url, '{ copyRuns { totalCount } }')).body.data).toEqual({ copyRuns: { totalCount: 0 } });
    // A second one does not wait; what comes at the same moment is taken for the same.
    const again = setInterval(() => cli.child.kill('SIGTERM'), 100);
    expect(await cli.ended).toBe(1);
    clearInterval(again);
  });

  it('does not wait any longer on a second signal', async () => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const upstream = closing(
      await startFake(({ path }) => {
        if (!path.endsWith('/protectionRuns')) return { body: [] }; // not of the query: asked at the start
        arrive();
        return null;
      }),
    );
    const cli = start(['serve', '--config', withCluster({ url: upstream.url })]);
    const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);
    const inFlight = ask(url, '{ copyRuns { totalCount } }').then(
      () => 'answered',
      () => 'cut off',
    );
    await arrived;
    cli.child.kill('SIGTERM');
    await cli.saying(/"msg":"draining"/);
    // One that comes at the same moment is taken for the same.
    const again = setInterval(() => cli.child.kill('SIGTERM'), 100);
    expect(await cli.ended).toBe(1);
    clearInterval(again);
    expect(await inFlight).toBe('cut off');
  });

  it.each([
    ['alone', {}],
    ['beside API keys', { apiKeys }],
  ])('serves a config with JWT %s, also while the key set cannot be reached', async (_what, auth) => {
    const path = configFile({ server: { host: '0.0.0.0' }, upstreams: [cluster], auth: { jwt, ...auth } });
    const cli = start(['serve', '--config', path]);
    const [, port = ''] = await cli.saying(/http:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    expect((await fetch(`http://127.0.0.1:${port}/graphql?query={upstreams{name}}`)).status).toBe(401);
  });

  it('serves a config with API keys to those who have one, on any host', async () => {
    const cli = start(['serve', '--config', configFile({ server: { host: '0.0.0.0' }, upstreams: [cluster], auth })]);
    const [, port = ''] = await cli.saying(/http:\/\/0\.0\.0\.0:(\d+)\/graphql/);
    const url = `http://127.0.0.1:${port}/graphql?query={upstreams{name}}`;
    expect((await fetch(url)).status).toBe(401);
    const response = await fetch(url, { headers: { 'x-api-key': 'board-key', 'x-graphql-yoga-csrf': '1' } });
    expect(await response.json()).toEqual({ data: { upstreams: [{ name: 'dc-east' }] } });
  });

  it('serves a config with a Redis that is away, and tells nothing of its password', async () => {
    const file = configFile({
      upstreams: [cluster],
      redis: { url: 'redis://:s3cr3t-key-0815@127.0.0.1:1' },
      cors: { origins: ['https://board.example.com'] },
      live: { minSeconds: 5 },
      cache: { listSeconds: 0 },
    });
    const cli = start(['serve', '-c', file]);
    await cli.saying(/"msg":"listening"/);
    const warnings = cli
      .stderr()
      .split('\n')
      .flatMap((line) => (line.includes('"level":40') ? [JSON.parse(line)] : []))
      .filter(({ upstream }) => upstream !== cluster.id); // nothing listens there, and it is asked at the start
    expect(warnings).toEqual([]);
    expect(cli.stderr()).not.toContain('s3cr3t-key-0815');
    expect(cli.stdout()).not.toContain('SANDBOX');
  });

  it('says that its heap is too small for its index, and what to do', async () => {
    const cluster = { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'key' } };
    const file = configFile({ upstreams: [cluster], index: { maxMegabytes: 5000 } });
    const cli = start(['serve', '--config', file], {}, ['--max-old-space-size=1024']);
    const [line] = await cli.saying(/\{.*index\.maxMegabytes.*\}/);
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      maxMegabytes: 5000,
      msg: expect.stringContaining('NODE_OPTIONS'),
    });
    await cli.saying(/"msg":"listening"/);
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });
});

describe('sandbox', { concurrent: true }, () => {
  it('plays both APIs on ports of the system’s choice, and ends with 0', async () => {
    const cli = start(['sandbox', '--cohesity-port', '0', '--replica-port', '0', '--aws-port', '0', '--seed', '7']);
    const [, cohesity = ''] = await cli.saying(/Cohesity\s+(http:\/\/127\.0\.0\.1:\d+)/);
    const [, aws = ''] = await cli.saying(/AWS Backup\s+(http:\/\/127\.0\.0\.1:\d+)/);
    expect(cli.stdout()).toMatch(/SANDBOX/);
    const jobs = await fetch(`${cohesity}/irisservices/api/v1/public/protectionJobs`, {
      headers: { apiKey: cohesitySandboxCredentials.apiKey },
    });
    expect(jobs.status).toBe(200);
    const [, replica = ''] = await cli.saying(/replica\s+(http:\/\/127\.0\.0\.1:\d+)/);
    const { name } = await (
      await fetch(`${replica}/irisservices/api/v1/public/cluster`, {
        headers: { apiKey: cohesitySandboxCredentials.apiKey },
      })
    ).json();
    expect(name).toBe('cohesity-dr-sandbox');
    expect((await fetch(`${aws}/copy-jobs`)).status).toBe(403); // it wants a signature
    cli.child.kill('SIGTERM');
    expect(await cli.ended).toBe(0);
  });
});

describe('check', { concurrent: true }, () => {
  it('reaches each upstream and prints a table; one that is dead makes it fail', async () => {
    const sandboxes = closing(await startSandboxes({}));
    const { apiKey } = cohesitySandboxCredentials;
    const upstreams = [
      { id: 'dc-east', kind: 'cohesity', url: sandboxes.cohesity.url, auth: { apiKey } },
      {
        id: 'aws-prod',
        kind: 'aws-backup',
        region: 'us-east-1',
        endpoint: sandboxes.aws.url,
        credentials: { ...awsBackupSandboxCredentials },
      },
    ];
    const good = await run(['check', '--config', configFile({ upstreams })]);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(/^NAME\s+KIND\s+RESULT\s+DETAIL$/m);
    expect(good.stdout).toMatch(/^dc-east\s+COHESITY\s+ok\s+cluster \S.*, version \S+, \d+ ms$/m);
    expect(good.stdout).toMatch(/^aws-prod\s+AWS_BACKUP\s+ok\s+us-east-1, copy jobs can be listed, \d+ ms$/m);

    const keyed = await run(['check', '--config', configFile({ upstreams, auth })]);
    expect([keyed.code, keyed.stderr]).toEqual([0, '']);

    const dead = [
      ...upstreams,
      { ...cluster, id: 'dc-dead' },
      { ...upstreams[0], id: 'dc-locked', auth: { username: 'sandbox', password: 'wr0ng-password' } },
    ];
    const bad = await run(['check', '--config', configFile({ upstreams: dead })]);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^dc-east\s+COHESITY\s+ok/m);
    expect(bad.stdout).toMatch(
      /^dc-dead\s+COHESITY\s+FAILED\s+Upstream dc-dead could not be reached or failed\. \(ECONNREFUSED\)$/m,
    );
    expect(bad.stdout).toMatch(/^dc-locked\s+COHESITY\s+FAILED\s+Upstream dc-locked refused our credentials\./m);
    expect(bad.stdout + bad.stderr).not.toMatch(/wr0ng-password|s3cr3t-key/);
    expect(isPlain(bad.stdout + bad.stderr)).toBe(true);
  });

  it('reaches the key set of JWTs too, and says how many keys it has', async () => {
    const alive = closing(await startFake(() => ({ body: { id: 1, name: 'east' } })));
    const issuer = await startIssuer();
    await issuer.rotate('ES256', true);
    const withJwt = (jwksUri: string) =>
      configFile({ upstreams: [{ ...cluster, url: alive.url }], auth: { apiKeys, jwt: { ...jwt, jwksUri } } });
    const good = await run(['check', '--config', withJwt(issuer.config.jwksUri)]);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(
      /^dc-east {3}COHESITY {2}ok .*\nauth\.jwt {2}JWKS {6}ok {6}key set with 2 keys, \d+ ms$/m,
    );
    expect(issuer.jwks.requests()).toEqual(['GET /jwks']);

    await issuer.jwks.close();
    const bad = await run(['check', '--config', withJwt(issuer.config.jwksUri)]);
    expect([bad.code, bad.stderr]).toEqual([1, '']);
    expect(bad.stdout).toMatch(/^dc-east\s+COHESITY\s+ok/m);
    expect(bad.stdout).toMatch(/^auth\.jwt\s+JWKS\s+FAILED\s+The key set could not be read \(ECONNREFUSED\)\.$/m);
  });

  it.each<[string, Reply, RegExp]>([
    ['has no keys', { body: { keys: [] } }, /The key set has no keys\.$/],
    ['is none', { body: { jwks: 's3cr3t' } }, /could not be read \(JSON Web Key Set malformed\)\.$/],
    ['is no JSON', { body: 's3cr3t' }, /could not be read \(.*\)\.$/],
    ['is answered 500', { status: 500, body: 's3cr3t' }, /could not be read \(Expected 200 OK .*\)\.$/],
  ])('fails for a key set that %s, and quotes nothing of it', async (_what, reply, words) => {
    const alive = closing(await startFake(() => ({ body: { id: 1, name: 'east' } })));
    const issuer = await startIssuer();
    issuer.broken = () => reply;
    const upstreams = [{ ...cluster, url: alive.url }];
    const { table, ok } = await checkConfig(readConfig(configFile({ upstreams, auth: { jwt: issuer.config } }), {}));
    expect([ok, table]).toEqual([false, expect.stringMatching(words)]);
    expect(table).not.toMatch(/127\.0\.0\.1|s3cr3t/);
  });
});

describe('a bug that nobody catches', { concurrent: true }, () => {
  it.each([
    ['unhandled rejection', "Promise.reject(new Error('nobody caught this'))"],
    ['uncaught exception', "(() => { throw new Error('nobody caught this'); })()"],
  ])('ends the program with a line in the log (%s)', async (message, bug) => {
    // Into the running program by a signal that it does not use itself.
    const inject = `data:text/javascript,process.on('SIGUSR2', () => { ${bug}; })`;
    const cli = start(['serve'], {}, ['--import', inject]);
    await cli.saying(/"msg":"listening"/);
    cli.child.kill('SIGUSR2');
    expect(await cli.ended).toBe(1);
    const lines = cli.stderr().trim().split('\n');
    const told: unknown = JSON.parse(lines.at(-1) ?? '');
    expect(told).toMatchObject({ level: 60, msg: message, err: { message: 'nobody caught this' } });
  });
});
