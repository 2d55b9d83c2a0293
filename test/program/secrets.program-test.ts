import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { start as startProgram } from '../support/cli.js';
import { type Fake, type Seen, startFake } from '../support/fake.js';
import { bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { deadPort } from '../support/redis.js';
import { seconds, startIssuer } from '../support/tokens.js';
import { openSocket } from '../support/websocket.js';
import { copyRunKey, wireCopyJob, wireCopyRun, wireRun } from '../support/wire.js';
import { leaksIn } from '../secrets/leaks.js';
import { until } from '../support/until.js';

const random = (): string => randomBytes(15).toString('hex');

const secrets = {
  cohesityKey: `ck-${random()}`,
  password: `pw/${random()}+x`,
  accessToken: `at.${random()}`,
  awsSecret: `${random()}/aB+${'x'.repeat(6)}`,
  awsSession: `FwoG${random()}${random()}==`,
  awsSecretOfProcess: `${random()}/aB+${'y'.repeat(6)}`,
  externalId: `tenant-${random()}`,
  redisPassword: `rp${random()}`,
  callerKey: `caller-${random()}`,
};

/** All that the programs printed and answered, which becomes one text. */
const told: string[] = [];

/** The answer of a careless server: all that it was sent, in some of the ways that such servers have. */
const echo = ({ headers, body, query }: Seen): string => {
  const { authorization = '', apikey = '' } = headers;
  const url = `https://svc:${secrets.password}@inner.example.com/v1`;
  return [
    `request was ${JSON.stringify({ headers, body })}`,
    `Authorization: ${authorization}, apiKey=${String(apikey)} ${String(authorization)}`,
    `API key ${String(apikey || secrets.cohesityKey)} is not good, user sandbox password=${secrets.password}`,
    `{\\"password\\":\\"${secrets.password}\\",\\"apiKey\\": \\"${secrets.cohesityKey}\\"}`,
    `could not reach ${url}?${String(query)}&token=${secrets.accessToken}`,
    `ExternalId=${secrets.externalId} secretAccessKey: ${secrets.awsSecret} sessionToken=${secrets.awsSession}`,
    `Basic ${Buffer.from(`svc:${secrets.password}`).toString('base64')}`,
  ].join('\r\n');
};

/** Headers as careless as the words; no line breaks. */
const echoHeaders = (seen: Seen) => ({
  'x-debug': echo(seen).replace(/[\r\n]+/g, ' '),
  'set-cookie': `session=${secrets.accessToken}`,
  location: `https://svc:${secrets.password}@elsewhere.example.com/?apiKey=${secrets.cohesityKey}`,
});

const startCluster = async (): Promise<Fake> =>
  closing(
    await startFake((seen) => {
      const headers = echoHeaders(seen);
      const failed = (status: number) => ({
        status,
        headers,
        body: { errorCode: 'KInternalError', message: echo(seen) },
      });
      if (seen.path.endsWith('/accessTokens')) {
        return { status: 201, headers, body: { accessToken: secrets.accessToken, tokenType: 'Bearer' } };
      }
      if (seen.path.endsWith('/protectionRuns')) {
        const copy = wireCopyRun(501, { status: 'kFailure', error: echo(seen), userActionMessage: echo(seen) });
        return { headers, body: [wireRun({ copyRun: [copy] })] };
      }
      if (seen.path.endsWith('/protectionJobs')) return failed(500);
      if (seen.path.endsWith('/protectionSources/objects')) return { ...failed(302), body: echo(seen) };
      if (seen.path.endsWith('/cluster')) return { status: 502, headers, body: `<html>${echo(seen)}</html>` };
      return failed(seen.method === 'POST' ? 403 : 400);
    }),
  );

const startAws = async (): Promise<Fake> =>
  closing(
    await startFake((seen) => {
      const headers = { ...echoHeaders(seen), 'x-amzn-errortype': 'AccessDeniedException' };
      if (/^\/copy-jobs\/?$/.test(seen.path)) {
        return { body: { CopyJobs: [wireCopyJob('J1', { State: 'FAILED', StatusMessage: echo(seen) })] } };
      }
      if (seen.path === '/') {
        const message = echo(seen).replace(/[<&]/g, ' ');
        const body = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${message}</Message></Error></ErrorResponse>`;
        return { status: 403, headers: { ...headers, 'content-type': 'text/xml' }, body };
      }
      return { status: 403, headers, body: { message: echo(seen) } };
    }),
  );

const folder = mkdtempSync(join(tmpdir(), 'copygraph-secrets-'));
const fileOf = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** The real program. All that it prints is kept, from the first byte to the last. */
const start = (args: readonly string[], env: NodeJS.ProcessEnv, before: readonly string[] = []) => {
  const cli = startProgram(args, { LOG_LEVEL: 'trace', ...env }, before);
  for (const stream of [cli.child.stdout, cli.child.stderr])
    stream?.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  return cli;
};

const keep = async (url: string, init: RequestInit = {}): Promise<string> => {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
  told.push(text);
  return text;
};

const since = 'filter: { startedAfter: "2024-01-01T00:00:00Z" }';
const fields = 'id error userActionMessage';
const queries = [
  `{ copyRuns(${since}) { nodes { ${fields} protectionJob { name } } upstreamReports { error { code message } } } }`,
  `{ copyJobs(${since}) { nodes { id error protectedObject { name } } upstreamReports { error { code message } } } }`,
  '{ protectedObjects { nodes { name } upstreamReports { error { message } } } }',
  `{ node(id: "CopyRun:${copyRunKey}") { ... on CopyRun { ${fields} } } }`,
  '{ node(id: "CopyJob:aws-keys:J1") { id } }',
  '{ node(id: "CopyJob:aws-role:J1") { id } }',
  '{ upstreams { name clusterName status lastError } }',
  `mutation { cancelCopyRun(id: "CopyRun:${copyRunKey}") { __typename } }`,
  `mutation { failover(input: { upstream: "dc-east", idempotencyKey: "k1", protectionGroupId: "1:2:3",
     replicationClusterId: "4", objects: [{ objectId: "5" }], dryRun: true }) { __typename ... on FailoverPlan { checks { name detail } } } }`,
  'query ($x: Nothing) { nope }',
  '{',
];

describe('a whole run, against servers that tell all they know', () => {
  it('prints and answers none of its secrets, up to the crash at its end', { timeout: 120_000 }, async () => {
    closing({ close: async () => rmSync(folder, { recursive: true }) });
    const [cluster, aws, issuer] = [await startCluster(), await startAws(), await startIssuer()];
    const { callerKey } = secrets;
    const awsBackup = { kind: 'aws-backup', region: 'us-east-1', endpoint: aws.url };
    const config = {
      upstreams: [
        { id: 'dc-east', kind: 'cohesity', url: cluster.url, auth: { apiKey: '${CK}' } },
        { id: 'dc-west', kind: 'cohesity', url: cluster.url, auth: { username: 'svc', password: '${PW}' } },
        {
          ...awsBackup,
          id: 'aws-keys',
          credentials: { accessKeyId: 'AKIAQ7Q7Q7Q7Q7Q7Q7Q7', secretAccessKey: '${AS}', sessionToken: '${AT}' },
        },
        {
          ...awsBackup,
          id: 'aws-role',
          credentials: { roleArn: 'arn:aws:iam::123456789012:role/reader', externalId: '${XI}' },
        },
      ],
      auth: {
        jwt: issuer.config,
        apiKeys: [
          {
            name: 'board',
            sha256: createHash('sha256').update(callerKey).digest('hex'),
            scopes: ['copy:read', 'copy:cancel', 'failover:execute'],
          },
        ],
      },
      redis: { url: `redis://:\${RP}@127.0.0.1:${await deadPort()}` },
    };
    const env = {
      CK_FILE: fileOf('ck', `${secrets.cohesityKey}\n`),
      PW: secrets.password,
      AS: secrets.awsSecret,
      AT_FILE: fileOf('at', secrets.awsSession),
      XI: secrets.externalId,
      RP: secrets.redisPassword,
      AWS_ACCESS_KEY_ID: 'AKIAP7P7P7P7P7P7P7P7',
      AWS_SECRET_ACCESS_KEY: secrets.awsSecretOfProcess,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_STS: aws.url,
      AWS_MAX_ATTEMPTS: '1',
    };
    const file = fileOf('config.yaml', stringify(config));
    // An error as HTTP clients throw them, with all that hangs on it.
    const bug = `Object.assign(new Error('login failed, password=' + process.env.PW + ' at redis://:' + process.env.RP + '@h', {
        cause: new Error(JSON.stringify({ authorization: 'Bearer ' + process.env.AS })) }),
        { config: { apiKey: process.env.PW }, $response: { headers: { 'x-amz-security-token': process.env.AS } }, request: process.env })`;
    const inject = `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => setImmediate(() => { throw ${bug}; }))`)}`;
    const cli = start(['serve', '-c', file], env, ['--import', inject]);
    const [, url = ''] = await cli.saying(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/);
    await cli.saying(/"msg":"listening"/);

    const good = await issuer.token({ sub: 'ada', scope: 'copy:read' });
    const expired = await issuer.token({ exp: seconds(-60) });
    const bad = `${good.slice(0, -4)}aaaa`;
    const all = { ...secrets, good, expired, bad };
    const post = (query: string, headers: Record<string, string>) =>
      keep(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
    const answers = await Promise.all(queries.map((query) => post(query, bearer(callerKey))));
    issuer.broken = () => ({ status: 500, headers: { location: `/?token=${good}` }, body: `no keys for ${good}` });
    expect(await post('{ upstreams { name } }', bearer(good))).toMatch(/^503 /);
    issuer.broken = null;
    await until(async () => expect(await post('{ __typename }', bearer(good))).toMatch(/^200 /));
    for (const token of [good, expired, bad, 'nobody']) {
      await post('{ upstreams { name } }', bearer(token));
      await post('{ upstreams { name } }', { 'x-api-key': token });
      await keep(`${url}/graphql?query={__typename}&token=${encodeURIComponent(token)}`, { headers: bearer(token) });
    }
    for (const path of ['/readyz', '/metrics', '/livez', `/${callerKey.slice(0, 3)}`, '/']) await keep(`${url}${path}`);

    for (const key of [callerKey, 'nobody', expired]) {
      const socket = await openSocket({ url: `${url}/graphql` });
      socket.send({ type: 'connection_init', payload: bearer(key) });
      if (key === callerKey) {
        await until(() => expect(socket.messages[0]?.type).toBe('connection_ack'));
        socket.start(
          '1',
          'subscription { copyOperationChanged { operation { name error } upstreamReports { error { message } } } }',
        );
        socket.start('2', queries[0] ?? '');
        await socket.answer('2');
        socket.raw.terminate();
      } else {
        told.push(String(await socket.closed));
      }
      told.push(JSON.stringify(socket.messages));
    }

    cli.child.kill('SIGUSR2');
    expect(await cli.ended).toBe(1);
    const fatal: unknown = JSON.parse(cli.stderr().trim().split('\n').at(-1) ?? '');
    expect(fatal).toMatchObject({ level: 60, msg: 'uncaught exception', err: { type: 'Error' } });

    const mistakes = [
      stringify({ ...config, redis: { url: `http://:${secrets.redisPassword}@h` } }),
      stringify({ ...config, auth: { apiKeys: [{ name: 'x', sha256: callerKey, scopes: [callerKey] }] } }),
      stringify({ upstreams: [{ id: 'a', kind: 'cohesity', url: `https://u:${secrets.password}@h`, auth: secrets }] }),
      `upstreams: [{ id: a, auth: { apiKey:${secrets.cohesityKey}, password: "${secrets.password}`,
    ];
    const runs = [
      start(['check', '-c', file], env),
      start(['check', '-c', file], { ...env, CK_FILE: join(folder, 'none') }),
      ...mistakes.map((text, index) => start(['check', '-c', fileOf(`mistake-${index}.yaml`, text)], env)),
    ];
    for (const run of runs) expect(await run.ended).toBe(1);

    const text = told.join('\n');
    expect(leaksIn(text, all)).toEqual([]);
    expect(leaksIn(text.replaceAll('\\', ''), all)).toEqual([]);
    // The secrets could have leaked: upstreams were sent them, repeated them, and had them blotted out.
    expect(cluster.seen.some(({ headers }) => headers['apikey'] === secrets.cohesityKey)).toBe(true);
    expect(cluster.seen.some(({ headers }) => headers.authorization === `Bearer ${secrets.accessToken}`)).toBe(true);
    expect(aws.seen.some(({ headers }) => headers['x-amz-security-token'] === secrets.awsSession)).toBe(true);
    expect(aws.seen.some(({ body }) => body.includes(secrets.externalId))).toBe(true);
    expect(answers.slice(0, 2).join()).toContain('[redacted]');
    expect(cli.stderr()).toMatch(/upstream call failed/);
    expect(cli.stderr()).toMatch(/a token could not be checked/);
    expect(cli.stderr()).toMatch(/Redis is lost/);
  });
});
