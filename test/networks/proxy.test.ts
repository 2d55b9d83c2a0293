import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/assembly/check.js';
import { defaultConfig } from '../../src/assembly/config.js';
import { embedSandbox } from '../../src/assembly/embedded.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { createAuthority, startTls } from '../support/certificates.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt, startFake } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { type TestProxy, setEnvironment, startProxy } from '../support/proxy.js';
import { startIssuer } from '../support/tokens.js';

const runs = '{ copyRuns { upstreamReports { ok error { code message } } } }';
const jobs = '{ copyJobs { upstreamReports { ok error { code message } } } }';

const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];

beforeEach(() => {
  setEnvironment(Object.fromEntries(names.map((name) => [name, undefined])));
});

/** A cluster and an AWS endpoint over TLS, under names that only a proxy knows. */
const startBehindProxy = async () => {
  const authority = createAuthority();
  const cohesity = closing(await startCohesity());
  const aws = closing(await startAwsBackup());
  const cert = authority.issue(['DNS:cluster.invalid', 'DNS:backup.invalid']);
  const routes = {
    'cluster.invalid:443': (await startTls(cohesity, cert)).port,
    'backup.invalid:443': (await startTls(aws, cert)).port,
  };
  const tls = { caFile: authority.certFile };
  const cluster = { ...cohesityAt(cohesity), url: 'https://cluster.invalid', tls };
  const endpoint = { ...awsBackupAt(aws), endpoint: 'https://backup.invalid', tls };
  return { authority, cohesity, aws, routes, cluster, endpoint };
};

const open = async (options: GatewayOptions) => closing(await startGateway(options));

const withUser = (proxy: TestProxy): string => proxy.url.replace('://', '://ada:pass%40word-1@');

describe('behind a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('%s leads to a cluster and to AWS, over TLS', async (name) => {
    const { routes, cluster, endpoint } = await startBehindProxy();
    const proxy = await startProxy({ routes });
    setEnvironment({ [name]: proxy.url });
    const gateway = await open({ upstreams: [cluster, endpoint] });
    const answers = [await gateway.execute(runs), await gateway.execute(jobs)];
    expect(answers.map(({ data }) => Object.values(data)[0])).toEqual(
      answers.map(() => ({ upstreamReports: [{ ok: true, error: null }] })),
    );
    expect([...new Set(proxy.asked)].sort()).toEqual(['backup.invalid:443', 'cluster.invalid:443']);
    expect(proxy.forwarded).toEqual([]);
  });

  it.each(['HTTP_PROXY', 'http_proxy'])('%s leads to what has no TLS', async (name) => {
    const cohesity = closing(await startCohesity());
    const aws = closing(await startAwsBackup());
    const proxy = await startProxy();
    setEnvironment({ [name]: proxy.url, HTTPS_PROXY: 'http://127.0.0.1:9' });
    const gateway = await open({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] });
    expect((await gateway.execute(runs)).data.copyRuns.upstreamReports).toMatchObject([{ ok: true }]);
    expect((await gateway.execute(jobs)).data.copyJobs.upstreamReports).toMatchObject([{ ok: true }]);
    expect(proxy.asked.map((target) => `http://${target}`)).toEqual(expect.arrayContaining([cohesity.url, aws.url]));
  });

  it.each(['NO_PROXY', 'no_proxy'])('%s excepts hosts from it', async (name) => {
    const cohesity = closing(await startCohesity());
    const aws = closing(await startAwsBackup());
    const proxy = await startProxy();
    setEnvironment({ HTTP_PROXY: proxy.url, [name]: `elsewhere, 127.0.0.1:${new URL(aws.url).port}` });
    const gateway = await open({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] });
    await gateway.execute(runs);
    await gateway.execute(jobs);
    expect(proxy.asked).toEqual([new URL(cohesity.url).host]);
    expect(aws.seen.length).toBe(1);
  });

  it('an upstream’s own proxy wins over the environment, and `none` over both', async () => {
    const cohesity = closing(await startCohesity());
    const aws = closing(await startAwsBackup());
    const [own, other] = [await startProxy(), await startProxy()];
    setEnvironment({ HTTP_PROXY: other.url, NO_PROXY: '*' });
    const gateway = await open({
      upstreams: [
        { ...cohesityAt(cohesity), proxy: own.url },
        { ...awsBackupAt(aws), proxy: 'none' },
      ],
    });
    setEnvironment({ NO_PROXY: '' });
    await gateway.execute(runs);
    await gateway.execute(jobs);
    expect([own.asked.length, other.asked.length, cohesity.seen.length, aws.seen.length]).toEqual([1, 0, 1, 1]);
  });

  it('the proxy may want a password, and may have TLS itself', async () => {
    const { authority, routes, cluster, endpoint } = await startBehindProxy();
    const proxy = await startProxy({ routes, tls: authority.issue(['IP:127.0.0.1']) });
    const gateway = await open({
      upstreams: [cluster, endpoint].map((upstream) => ({ ...upstream, proxy: withUser(proxy) })),
    });
    expect((await gateway.execute(runs)).data.copyRuns.upstreamReports).toMatchObject([{ ok: true }]);
    expect((await gateway.execute(jobs)).data.copyJobs.upstreamReports).toMatchObject([{ ok: true }]);
    const basic = `Basic ${Buffer.from('ada:pass@word-1').toString('base64')}`;
    expect(new Set(proxy.credentials)).toEqual(new Set([basic]));
  });

  it('the sandbox inside the gateway is reached without it', async () => {
    const proxy = await startProxy();
    setEnvironment({ HTTP_PROXY: proxy.url });
    const sandbox = closing(await embedSandbox());
    const { ok } = await checkConfig(sandbox.config);
    expect([ok, proxy.asked]).toEqual([true, []]);
  });

  it('keeps its connections', async () => {
    const { routes, cluster, endpoint, cohesity, aws } = await startBehindProxy();
    const proxy = await startProxy({ routes });
    const gateway = await open({ upstreams: [cluster, endpoint].map((one) => ({ ...one, proxy: proxy.url })) });
    for (let times = 0; times < 4; times += 1) {
      await gateway.execute(runs);
      await gateway.execute(jobs);
    }
    expect([cohesity.seen.length, aws.seen.length, proxy.asked.length]).toEqual([4, 4, 2]);
  });

  it('the key set is fetched through it', async () => {
    const authority = createAuthority();
    const issuer = await startIssuer();
    const { port } = await startTls(issuer.jwks, authority.issue(['DNS:id.invalid']));
    const proxy = await startProxy({ routes: { 'id.invalid:443': port } });
    setEnvironment({ https_proxy: proxy.url, no_proxy: '127.0.0.1' });
    const cohesity = closing(await startCohesity());
    const jwt = { ...issuer.config, jwksUri: 'https://id.invalid/jwks', tls: { caFile: authority.certFile } };
    const gateway = await open({ upstreams: [cohesityAt(cohesity)], auth: { jwt } });
    const { status } = await gateway.execute(runs, {}, bearer(await issuer.token()));
    expect([status, proxy.asked]).toEqual([200, ['id.invalid:443']]);
    const config = { ...defaultConfig([cohesityAt(cohesity)], {}), auth: { jwt } };
    expect((await checkConfig(config)).table).toContain('key set with 1 key');

    proxy.refuse = 403;
    const refused = await open({ upstreams: [cohesityAt(cohesity)], auth: { jwt } });
    expect((await refused.execute(runs, {}, bearer(await issuer.token()))).status).toBe(503);
    expect(refused.logs.join('')).toContain(`the proxy ${proxy.url} refuses: 403 Forbidden`);
    const { table, ok } = await checkConfig(config);
    expect([table, ok]).toEqual([expect.stringContaining(`the proxy ${proxy.url} refuses: 403`), false]);
  });
});

describe('a proxy that does not let us through', () => {
  it.each<[number | null, string]>([
    [407, 'refuses: 407 Proxy Authentication Required'],
    [403, 'refuses: 403 Forbidden'],
    [503, 'refuses: 503 Service Unavailable'],
    [404, 'refuses: 404 Not Found'],
    [null, 'refuses: 502 Bad Gateway'], // it does not know the name
  ])('with %s is told as UPSTREAM_UNAVAILABLE, and the log names it without its password', async (refuse, words) => {
    const { cluster, endpoint } = await startBehindProxy();
    const proxy = await startProxy();
    proxy.refuse = refuse;
    const gateway = await open({
      upstreams: [cluster, endpoint].map((upstream) => ({ ...upstream, proxy: withUser(proxy) })),
    });
    for (const [query, id] of [
      [runs, 'dc-east'],
      [jobs, 'aws-prod'],
    ] as const) {
      const { data } = await gateway.execute(query);
      const message = `Upstream ${id} could not be reached or failed.`;
      expect(Object.values(data)[0]).toEqual({
        upstreamReports: [{ ok: false, error: { code: 'UPSTREAM_UNAVAILABLE', message } }],
      });
      const lines = gateway.logs.map((line) => JSON.parse(line)).filter(({ upstream }) => upstream === id);
      expect(lines[0].detail).toBe(`the proxy ${proxy.url} ${words}`);
    }
    expect(gateway.logs.join('')).not.toMatch(/pass@word-1|pass%40word-1|ada|SECRET/);
  });

  it('since nobody listens there is told in the same way, and the POST of a failover counts as not sent', async () => {
    const { cluster } = await startBehindProxy();
    const gateway = await open({ upstreams: [{ ...cluster, proxy: 'http://127.0.0.1:9' }] });
    const { data } = await gateway.execute(runs);
    expect(data.copyRuns.upstreamReports[0].error.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(gateway.logs.join('')).toContain('the proxy http://127.0.0.1:9 cannot be used: ECONNREFUSED');
  });

  it('since it never answers costs a time-out', async () => {
    const { cluster, endpoint } = await startBehindProxy();
    const proxy = await startProxy();
    proxy.refuse = 0;
    const gateway = await open({
      upstreams: [cluster, endpoint].map((one) => ({ ...one, timeoutMs: 200, proxy: proxy.url })),
      limits: { requestTimeoutMs: 1000 },
    });
    const codes = [await gateway.execute(runs), await gateway.execute(jobs)].map(
      ({ data }) => (data.copyRuns ?? data.copyJobs).upstreamReports[0].error.code,
    );
    for (const code of codes) expect(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']).toContain(code);
  });
});

/** AWS's services that credentials come from. */
const startSts = async (): Promise<Fake> =>
  closing(
    await startFake(({ path, body }) => {
      const keys = { accessKeyId: 'ASIASSO', secretAccessKey: 'sso-secret', sessionToken: 't', expiration: 4e12 };
      if (path === '/federation/credentials') return { body: { roleCredentials: keys } };
      const action = new URLSearchParams(body).get('Action') ?? '';
      return {
        headers: { 'content-type': 'text/xml' },
        body: `<${action}Response><${action}Result><Credentials><AccessKeyId>ASIASTS</AccessKeyId><SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></${action}Result></${action}Response>`,
      };
    }),
  );

describe('the credentials of AWS behind a proxy', () => {
  const start = async () => {
    const behind = await startBehindProxy();
    const sts = await startSts();
    const hosts = ['sts.us-east-1.amazonaws.com', 'portal.sso.us-east-1.amazonaws.com'];
    const { port } = await startTls(sts, behind.authority.issue(hosts.map((host) => `DNS:${host}`)));
    const routes = { ...behind.routes, ...Object.fromEntries(hosts.map((host) => [`${host}:443`, port])) };
    const proxy = await startProxy({ routes });
    const home = behind.authority.certFile.replace(/[^/]*$/, '');
    const file = (name: string, text: string): string => {
      writeFileSync(`${home}/${name}`, text);
      return `${home}/${name}`;
    };
    const ini = file(
      'config',
      `[profile assumed]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = keys\nregion = us-east-1\n
[profile keys]\naws_access_key_id = AKINI\naws_secret_access_key = ini-secret\n
[profile sso]\nsso_start_url = https://x.invalid/start\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r\n`,
    );
    const { credentials: _given, ...endpoint } = behind.endpoint;
    setEnvironment({
      AWS_CONFIG_FILE: ini,
      AWS_SHARED_CREDENTIALS_FILE: file('credentials', ''),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: proxy.url,
      HTTP_PROXY: proxy.url,
    });
    const signer = () => /Credential=(\w+)/.exec(String(behind.aws.seen[0]?.headers.authorization))?.[1];
    return { ...behind, proxy, sts, file, home, endpoint, signer };
  };

  it.each<[string, object, string]>([
    ['a role', { credentials: { roleArn: 'arn:aws:iam::123456789012:role/r' } }, 'ASIASTS'],
    ['a profile with a role', { credentials: { profile: 'assumed' } }, 'ASIASTS'],
    ['a token file, by the default chain', {}, 'ASIASTS'],
    ['a profile of SSO', { credentials: { profile: 'sso' } }, 'ASIASSO'],
  ])('come through it: %s', async (what, credentials, key) => {
    const { proxy, endpoint, file, home, signer } = await start();
    if (what.includes('token file'))
      setEnvironment({
        AWS_WEB_IDENTITY_TOKEN_FILE: file('token', 'eyJ'),
        AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r',
        AWS_REGION: 'us-east-1',
      });
    if (what === 'a role') setEnvironment({ AWS_ACCESS_KEY_ID: 'AKENV', AWS_SECRET_ACCESS_KEY: 'env-secret' });
    if (what.includes('SSO')) {
      const { mkdirSync } = await import('node:fs');
      const { createHash } = await import('node:crypto');
      mkdirSync(`${home}/.aws/sso/cache`, { recursive: true });
      const name = createHash('sha1').update('https://x.invalid/start').digest('hex');
      file(
        `.aws/sso/cache/${name}.json`,
        JSON.stringify({ accessToken: 'sso-token', expiresAt: '2100-01-01T00:00:00Z' }),
      );
      setEnvironment({ HOME: home });
    }
    const gateway = await open({ upstreams: [{ ...endpoint, ...credentials }] });
    const { data } = await gateway.execute(jobs);
    expect([data.copyJobs.upstreamReports, gateway.logs.join('')]).toMatchObject([[{ ok: true }], '']);
    expect(signer()).toBe(key);
    expect(proxy.asked).toHaveLength(2);
  });

  it('of a container come without it', async () => {
    const { proxy, endpoint, signer } = await start();
    const keys = { AccessKeyId: 'ASIAECS', SecretAccessKey: 's', Token: 't', Expiration: '2100-01-01T00:00:00Z' };
    const metadata = closing(await startFake(() => ({ body: keys })));
    setEnvironment({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${metadata.url}/creds` });
    const gateway = await open({ upstreams: [endpoint] });
    expect((await gateway.execute(jobs)).data.copyJobs.upstreamReports).toMatchObject([{ ok: true }]);
    expect([signer(), metadata.seen.length, proxy.asked]).toEqual(['ASIAECS', 1, ['backup.invalid:443']]);
  });

  it('of an instance come without it', async () => {
    const { proxy, endpoint, signer } = await start();
    const keys = {
      Code: 'Success',
      AccessKeyId: 'ASIAEC2',
      SecretAccessKey: 's',
      Token: 't',
      Expiration: '2100-01-01T00:00:00Z',
    };
    const metadata = closing(
      await startFake(({ path }) => {
        if (path.endsWith('/token')) return { headers: { 'content-type': 'text/plain' }, body: 'imds' };
        return path.endsWith('/r') ? { body: keys } : { headers: { 'content-type': 'text/plain' }, body: 'r' };
      }),
    );
    setEnvironment({ AWS_EC2_METADATA_DISABLED: undefined, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url });
    const gateway = await open({ upstreams: [endpoint] });
    expect((await gateway.execute(jobs)).data.copyJobs.upstreamReports).toMatchObject([{ ok: true }]);
    expect([signer(), proxy.asked]).toEqual(['ASIAEC2', ['backup.invalid:443']]);
  });

  it('that cannot come, since the proxy refuses, are no refusal by AWS', async () => {
    const { proxy, endpoint } = await start();
    proxy.refuse = 407;
    const gateway = await open({ upstreams: [{ ...endpoint, credentials: { profile: 'assumed' } }] });
    const { data } = await gateway.execute(jobs);
    expect(data.copyJobs.upstreamReports[0].error.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(gateway.logs.join('')).toContain(`the proxy ${proxy.url} refuses: 407`);
  });
});
