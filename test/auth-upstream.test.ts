import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamInput } from '../src/assembly/config.js';
import { awsBackupSandboxCredentials, startAwsBackupSandbox } from '../src/sandbox/aws-backup/server.js';
import { type Fake, type Reply, type Seen, startFake } from './support/fake.js';
import { type Gateway, startGateway } from './support/gateway.js';
import { closing } from './support/products.js';

const V1 = '/irisservices/api/v1/public';
const start = 1_714_528_800_000_000;
const login = { username: 'auditor', password: 'pass-word-8812', domain: 'corp.example' };

const gatewayOver = async (...upstreams: UpstreamInput[]): Promise<Gateway> =>
  closing(await startGateway({ upstreams }));

describe('logging in to a cluster', () => {
  interface Cluster extends Fake {
    logins(): readonly Seen[];
    /** The `authorization` that each call brought, in order. */
    tokens(): readonly (string | undefined)[];
    /** From now on takes only tokens that are handed out later. */
    expire(answer?: Reply): void;
  }

  /** A cluster that hands out `token-1`, `token-2` and so on, and takes only those that have not expired. */
  const startCluster = async (
    answerLogin?: (attempt: number) => Reply | undefined | Promise<Reply>,
  ): Promise<Cluster> => {
    let issued = 0;
    let attempts = 0;
    let oldest = 1;
    let refusal: Reply = { status: 401, body: { errorCode: 'KStatusUnauthorized', message: 'Unauthorized access.' } };
    const fake = closing(
      await startFake(async ({ method, path, headers, query }) => {
        if (method === 'POST' && path === `${V1}/accessTokens`) {
          attempts += 1;
          const other = await answerLogin?.(attempts);
          if (other !== undefined) return other;
          issued += 1;
          return { status: 201, body: { accessToken: `token-${issued}`, tokenType: 'Bearer', privileges: [] } };
        }
        const number = Number(/^Bearer token-(\d+)$/.exec(headers.authorization ?? '')?.[1] ?? 0);
        if (number < oldest || number > issued) return refusal;
        return {
          body: [{ jobId: Number(query.get('jobId')), backupRun: { stats: { startTimeUsecs: start } }, copyRun: [] }],
        };
      }),
    );
    const isLogin = ({ path }: Seen) => path === `${V1}/accessTokens`;
    return {
      ...fake,
      logins: () => fake.seen.filter(isLogin),
      tokens: () => fake.seen.filter((one) => !isLogin(one)).map(({ headers }) => headers.authorization),
      expire: (answer) => {
        oldest = issued + 1;
        refusal = answer ?? refusal;
      },
    };
  };

  const at = ({ url }: Fake, timeoutMs = 5000): UpstreamInput => ({
    id: 'dc-east',
    kind: 'cohesity',
    url,
    auth: login,
    timeoutMs,
  });

  /** So many different runs, each of which costs a call. */
  const readRuns = (gateway: Gateway, count: number) => {
    const ids = Array.from({ length: count }, (_, index) => `ProtectionShell:dc-east:${index + 1}:${start}`);
    return gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  };

  it('happens once, however many calls need it at once, with exactly what the vendor documents', async () => {
    const cluster = await startCluster();
    const { data, errors } = await readRuns(await gatewayOver(at(cluster)), 50);
    expect(errors).toEqual([]);
    expect(data.nodes.filter((node: unknown) => node !== null).length).toBe(50);
    expect(cluster.tokens()).toEqual(Array.from({ length: 50 }, () => 'Bearer token-1'));
    const [first, ...more] = cluster.logins();
    expect(more).toEqual([]);
    expect(JSON.parse(first?.body ?? '')).toEqual(login);
    expect(first?.headers['content-type']).toBe('application/json');
    expect(first?.headers.authorization).toBeUndefined();
  });

  it('is not needed again for the next operation', async () => {
    const cluster = await startCluster();
    const gateway = await gatewayOver(at(cluster));
    await readRuns(gateway, 1);
    await readRuns(gateway, 2);
    expect(cluster.logins().length).toBe(1);
  });

  it('names the domain LOCAL where the config names none', async () => {
    const cluster = await startCluster();
    const { username, password } = login;
    await readRuns(
      await gatewayOver({ ...at(cluster), kind: 'cohesity', url: cluster.url, auth: { username, password } }),
      1,
    );
    expect(JSON.parse(cluster.logins()[0]?.body ?? '')).toEqual({ username, password, domain: 'LOCAL' });
  });

  it.each<[string, Reply | undefined]>([
    ['401', undefined],
    ['500 with "Token expired"', { status: 500, body: { errorCode: 'KInternalError', message: 'Token expired.' } }],
    ['403 with "Token has expired"', { status: 403, body: { message: 'The access token has expired' } }],
    ['400 with "expired token"', { status: 400, body: { errorCode: 'KInvalidRequest', message: 'Expired token' } }],
  ])('is renewed when a call is refused with %s: one login, each call once more', async (_what, answer) => {
    const cluster = await startCluster();
    const gateway = await gatewayOver(at(cluster));
    await readRuns(gateway, 1);
    cluster.expire(answer);
    const { errors } = await readRuns(gateway, 8);
    expect(errors).toEqual([]);
    expect(cluster.logins().length).toBe(2);
    const tokens = cluster.tokens().slice(1);
    expect(tokens.filter((token) => token === 'Bearer token-2').length).toBe(8);
    expect(tokens.filter((token) => token === 'Bearer token-1').length).toBeLessThanOrEqual(8);
  });

  it('is renewed once only: a cluster that refuses the new token too has refused us', async () => {
    const cluster = await startCluster(() => ({ status: 201, body: { accessToken: 'not-taken' } }));
    const { errors } = await readRuns(await gatewayOver(at(cluster)), 1);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_AUTH', upstream: 'dc-east' } }]);
    expect(cluster.tokens()).toEqual(['Bearer not-taken', 'Bearer not-taken']);
    expect(cluster.logins().length).toBe(2);
  });

  it.each<[string, Reply]>([
    [
      '400',
      { status: 400, body: { errorCode: 'KInvalidRequest', message: 'Invalid Username or Password specified.' } },
    ],
    ['401', { status: 401, body: { errorCode: 'KStatusUnauthorized', message: 'Unauthorized' } }],
    ['403', { status: 403, body: { errorCode: 'KStatusForbidden', message: 'No UI access' } }],
  ])('that is refused with %s is tried once for all fields of an operation', async (_status, refusal) => {
    const cluster = await startCluster(() => refusal);
    const gateway = await gatewayOver(at(cluster));
    const { data, errors } = await gateway.execute(
      `query ($ids: [ID!]!) {
        nodes(ids: $ids) { id }
        upstreams { clusterId clusterName version }
        copyRuns { nodes { id } upstreamReports { ok error { code } } }
        protectionJobs { nodes { id } }
        copyRun(id: "CopyRun:dc-east:1:${start}:1:2:3") { id }
      }`,
      { ids: Array.from({ length: 10 }, (_, index) => `ProtectionShell:dc-east:${index + 1}:${start}`) },
    );
    expect(cluster.logins().length).toBe(1);
    expect(cluster.tokens()).toEqual([]);
    expect(data.copyRuns.upstreamReports).toEqual([{ ok: false, error: { code: 'UPSTREAM_AUTH' } }]);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['UPSTREAM_AUTH']));
    expect(JSON.stringify({ data, errors }) + gateway.logs.join('')).not.toContain(login.password);
  });

  it('that was refused is tried again after a few seconds, as the password may have been set right', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const cluster = await startCluster((attempt) => (attempt === 1 ? { status: 401, body: {} } : undefined));
    const gateway = await gatewayOver(at(cluster));
    await readRuns(gateway, 3);
    await readRuns(gateway, 3);
    expect(cluster.logins().length).toBe(1);
    vi.setSystemTime(Date.now() + 5001);
    expect((await readRuns(gateway, 3)).errors).toEqual([]);
    expect(cluster.logins().length).toBe(2);
  });
  afterEach(() => void vi.useRealTimers());

  it('that fails for another reason is tried again by the next operation', async () => {
    const cluster = await startCluster((attempt) => (attempt <= 3 ? { status: 503, body: '' } : undefined));
    const gateway = await gatewayOver(at(cluster));
    const first = await readRuns(gateway, 2);
    expect(first.errors.map(({ extensions }) => extensions.code)).toEqual(Array(2).fill('UPSTREAM_UNAVAILABLE'));
    expect(cluster.logins().length).toBe(3);
    expect((await readRuns(gateway, 2)).errors).toEqual([]);
    expect(cluster.logins().length).toBe(4);
  });

  it.each<[string, Reply, string]>([
    ['no token', { status: 201, body: { tokenType: 'Bearer' } }, 'UPSTREAM_BAD_RESPONSE'],
    ['an empty token', { status: 201, body: { accessToken: '' } }, 'UPSTREAM_BAD_RESPONSE'],
    ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, 'UPSTREAM_BAD_RESPONSE'],
    // Otherwise a wrong URL would seem to be a cluster that has none of the records.
    ['404', { status: 404, body: { message: 'not here' } }, 'UPSTREAM_BAD_RESPONSE'],
    ['a redirect', { status: 302, headers: { location: '/login' }, body: '' }, 'UPSTREAM_BAD_RESPONSE'],
  ])('that is answered with %s fails, and nothing is null without an error', async (_what, reply, code) => {
    const cluster = await startCluster(() => reply);
    const { data, errors } = await readRuns(await gatewayOver(at(cluster)), 1);
    expect(data.nodes).toEqual([null]);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(cluster.tokens()).toEqual([]);
  });

  it('takes the kind of token from the answer', async () => {
    const kinds: (string | undefined)[] = [];
    const cluster = closing(
      await startFake(({ method, headers }) => {
        if (method === 'POST') return { status: 201, body: { accessToken: 'abc', tokenType: 'Cohesity' } };
        kinds.push(headers.authorization);
        return { body: [] };
      }),
    );
    await readRuns(await gatewayOver(at(cluster)), 1);
    expect(kinds).toEqual(['Cohesity abc']);
  });

  it('does not keep a caller who leaves; the others still get their token', async () => {
    let answer = (_reply: Reply): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const cluster = await startCluster(() => {
      arrive();
      return new Promise<Reply>((resolve) => (answer = resolve));
    });
    const gateway = closing(
      await startGateway({ upstreams: [at(cluster, 20_000)], limits: { requestTimeoutMs: 600 } }),
    );
    const asking = readRuns(gateway, 1);
    await arrived;
    const { errors } = await asking; // the operation's time is up long before the login's
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    const next = readRuns(gateway, 1);
    answer({ status: 201, body: { accessToken: 'not-known-here' } });
    expect((await next).errors).toMatchObject([{ extensions: { code: expect.stringMatching(/UPSTREAM_/) } }]);
    expect(cluster.tokens()).toContain('Bearer not-known-here');
  });
});

describe('other ways into a cluster', () => {
  it('an API key travels as a header, without a login, and with the cluster’s id through Helios', async () => {
    const cluster = closing(await startFake(() => ({ body: [] })));
    const common = { id: 'dc-east', kind: 'cohesity', url: cluster.url, auth: { apiKey: 'key-of-ours' } } as const;
    const direct = await gatewayOver(common);
    const helios = await gatewayOver({ ...common, accessClusterId: '8621173906188849' });
    await direct.execute('{ copyRuns { nodes { id } } }');
    await helios.execute('{ copyRuns { nodes { id } } }');
    expect(cluster.seen.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(
      cluster.seen.map(({ headers }) => [headers['apikey'], headers['accessclusterid'], headers.authorization]),
    ).toEqual([
      ['key-of-ours', undefined, undefined],
      ['key-of-ours', '8621173906188849', undefined],
    ]);
  });

  it('a refused API key is not tried twice', async () => {
    const cluster = closing(await startFake(() => ({ status: 401, body: { message: 'Invalid API key.' } })));
    const gateway = await gatewayOver({
      id: 'dc-east',
      kind: 'cohesity',
      url: cluster.url,
      auth: { apiKey: 'wrong-key-1' },
    });
    const { data, errors } = await gateway.execute('{ copyRuns { nodes { id } } }');
    expect(data.copyRuns.nodes).toEqual([]);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_AUTH', upstream: 'dc-east' } }]);
    expect(cluster.seen.length).toBe(1);
    expect(JSON.stringify(errors) + gateway.logs.join('')).not.toContain('wrong-key-1');
  });
});

describe('signing for AWS', () => {
  const region = 'eu-west-1';
  const listed = '{ copyJobs(first: 1) { nodes { accountId } upstreamReports { ok error { code message } } } }';
  const startSandbox = async () => closing(await startAwsBackupSandbox({ region }));
  afterEach(() => void vi.unstubAllEnvs());

  const over = (endpoint: string, rest: Partial<UpstreamInput> = {}) =>
    gatewayOver({ id: 'aws-prod', kind: 'aws-backup', region, endpoint, ...rest });

  it('the SDK’s signature of each kind of call is right', async () => {
    const { url } = await startSandbox();
    const gateway = await over(url, { credentials: { ...awsBackupSandboxCredentials } });
    const { data, errors } = await gateway.execute('{ copyJobs(first: 1) { nodes { copyJobId } } }');
    expect(errors).toEqual([]);
    const [job] = data.copyJobs.nodes;
    const one = await gateway.execute('query ($id: String!) { copyJob(copyJobId: $id) { copyJobId } }', {
      id: job.copyJobId,
    });
    expect(one.errors).toEqual([]);
    expect(one.data.copyJob).toEqual(job);
  });

  it.each([
    ['secret', { credentials: { ...awsBackupSandboxCredentials, secretAccessKey: 'wrong-secret-5521' } }],
    ['access key', { credentials: { ...awsBackupSandboxCredentials, accessKeyId: 'AKIDSTRANGER00000000' } }],
    ['session token', { credentials: { ...awsBackupSandboxCredentials, sessionToken: 'stale-session-31' } }],
    ['Region', { credentials: { ...awsBackupSandboxCredentials }, region: 'us-east-2' }],
  ])('a wrong %s is UPSTREAM_AUTH, tried once', async (_what, rest) => {
    const sandbox = await startSandbox();
    let calls = 0;
    const counter = closing(
      await startFake(async ({ path, headers }, { request }) => {
        calls += 1;
        const answer = await fetch(sandbox.url + (request.url ?? path), {
          headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
            typeof value === 'string' && !['host', 'connection'].includes(name) ? [[name, value]] : [],
          ),
        });
        return { status: answer.status, body: await answer.text() };
      }),
    );
    const gateway = await over(counter.url, rest);
    const { data } = await gateway.execute(listed);
    expect(data.copyJobs.nodes).toEqual([]);
    expect(data.copyJobs.upstreamReports).toEqual([
      { ok: false, error: { code: 'UPSTREAM_AUTH', message: 'Upstream aws-prod refused our credentials.' } },
    ]);
    expect(calls).toBe(1);
    expect(gateway.logs.join('')).not.toMatch(/wrong-secret|stale-session|sandbox\/not-a-secret/);
  });

  it('an endpoint with a path keeps it, before and in the signature', async () => {
    const paths: string[] = [];
    const credentials = { accessKeyId: 'AKIDFAKE', secretAccessKey: 'fake-secret' };
    const endpoint = closing(
      await startFake(({ path, headers }) => {
        paths.push(path);
        expect(headers.authorization).toMatch(new RegExp(`Credential=AKIDFAKE/\\d{8}/${region}/backup/aws4_request`));
        return { body: path.endsWith('/copy-jobs') ? { CopyJobs: [] } : { CopyJob: { CopyJobId: 'J 1' } } };
      }),
    );
    const gateway = await over(`${endpoint.url}/proxy/backup/`, { credentials });
    await gateway.execute('{ copyJobs { nodes { id } } copyJob(copyJobId: "J 1") { id } }');
    expect(paths.sort()).toEqual(['/proxy/backup/copy-jobs', '/proxy/backup/copy-jobs/J%201']);
  });

  it('without configured credentials the default chain is asked: the environment’s keys', async () => {
    const { url } = await startSandbox();
    vi.stubEnv('AWS_ACCESS_KEY_ID', awsBackupSandboxCredentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', awsBackupSandboxCredentials.secretAccessKey);
    vi.stubEnv('AWS_PROFILE', undefined);
    const gateway = await over(url);
    const { data, errors } = await gateway.execute(listed);
    expect(errors).toEqual([]);
    expect(data.copyJobs.upstreamReports).toEqual([{ ok: true, error: null }]);
    expect(data.copyJobs.nodes.length).toBe(1);
  });

  it('credentials that cannot be found are UPSTREAM_AUTH, and nothing is sent', async () => {
    const endpoint = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent/credentials');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    for (const rest of [{}, { credentials: { profile: 'nobody' } }]) {
      const gateway = await over(endpoint.url, rest);
      const { data } = await gateway.execute(listed);
      expect(data.copyJobs.upstreamReports).toMatchObject([{ ok: false, error: { code: 'UPSTREAM_AUTH' } }]);
      expect(JSON.stringify(data)).not.toMatch(/nonexistent|profile/);
    }
    expect(endpoint.seen).toEqual([]);
  });
});
