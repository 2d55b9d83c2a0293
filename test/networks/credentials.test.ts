import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/assembly/config.js';
import { logOptions } from '../../src/assembly/logger.js';
import { startServer } from '../../src/assembly/server.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { calm } from '../support/calm.js';
import { startCohesity } from '../support/cohesity.js';
import { type Double, type Reply, type Seen, awsBackupAt } from '../support/fake.js';
import { closing } from '../support/products.js';
import { setEnvironment } from '../support/proxy.js';

let folder: string;
let cohesity: Double;
let aws: Double;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copygraph-secrets-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  cohesity = closing(await startCohesity());
  aws = closing(await startAwsBackup());
  setEnvironment({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined });
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const runs = '{ copyRuns { upstreamReports { ok error { code } } } }';
const jobs = '{ copyJobs { upstreamReports { ok error { code } } } }';

/** Queries that are a call each. */
const several = [1, 2, 3].map((day) =>
  jobs.replace('copyJobs', `copyJobs(filter: { startedAfter: "2026-01-0${day}T00:00:00Z" })`),
);

/** The gateway on this config, as its file has it. */
const start = async (upstream: object) => {
  const text = stringify({ server: { port: 0 }, upstreams: [upstream], cache: { listSeconds: 0, staleSeconds: 0 } });
  const logs: string[] = [];
  const logger = pino({ ...logOptions, level: 'debug' }, { write: (line: string) => void logs.push(line) });
  const server = await startServer(parseConfig(text, 'test.yaml', process.env), logger, {
    asksIdentities: false, // each request counts here
    vitals: calm,
  });
  closing({ close: () => server.drain(0) });
  const ask = async (query: string): Promise<{ ok: boolean; error: { code: string } | null }> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data } = JSON.parse(await response.text());
    return (data.copyRuns ?? data.copyJobs).upstreamReports[0];
  };
  return { ask, logs };
};

const good = { ok: true, error: null };
const refused = { ok: false, error: { code: 'UPSTREAM_AUTH' } };

describe('a secret of a cluster that has changed in its file', () => {
  /** Takes this key alone. */
  const takeKey = (key: () => string): void => {
    cohesity.before = ({ headers }) =>
      headers['apikey'] === key() ? undefined : { status: 401, body: { message: 'bad key' } };
  };

  it.each(['apiKeyFile', 'a variable that is in a file'])('is read again after a 401: %s', async (how) => {
    let key = 'first-key';
    takeKey(() => key);
    const secret = file('key', 'first-key\n');
    if (how !== 'apiKeyFile') setEnvironment({ TEST_KEY_FILE: secret, TEST_KEY: undefined });
    const auth = how === 'apiKeyFile' ? { apiKeyFile: secret } : { apiKey: '${TEST_KEY}' };
    const { ask, logs } = await start({ id: 'dc', kind: 'cohesity', url: cohesity.url, auth });
    expect(await ask(runs)).toEqual(good);
    key = 'second-key';
    expect(await ask(runs)).toEqual(refused); // and tried once: nothing has changed
    expect(cohesity.seen).toHaveLength(2);
    file('key', 'second-key\n');
    expect([await ask(runs), await ask(runs)]).toEqual([good, good]);
    expect(cohesity.seen).toHaveLength(5);
    expect(logs.join('')).not.toMatch(/first-key|second-key/);
  });

  it('is read again where a login is refused', async () => {
    let password = 'first-word';
    cohesity.before = ({ path, body, headers }) => {
      if (path.endsWith('/accessTokens'))
        return JSON.parse(body).password === password
          ? { status: 201, body: { accessToken: `token of ${password}`, tokenType: 'Bearer' } }
          : { status: 400, body: { message: 'bad password' } };
      return headers.authorization === `Bearer token of ${password}` ? undefined : { status: 401, body: {} };
    };
    const auth = { username: 'u', passwordFile: file('password', password) };
    const { ask } = await start({ id: 'dc', kind: 'cohesity', url: cohesity.url, auth });
    expect(await ask(runs)).toEqual(good);
    password = file('password', 'second-word') && 'second-word';
    expect(await ask(runs)).toEqual(good);
  });

  it('that is gone or empty leaves the old one in use', async () => {
    let key = 'first-key';
    takeKey(() => key);
    const apiKeyFile = file('key', 'first-key');
    const { ask } = await start({ id: 'dc', kind: 'cohesity', url: cohesity.url, auth: { apiKeyFile } });
    key = 'second-key';
    rmSync(apiKeyFile);
    expect(await ask(runs)).toEqual(refused);
    file('key', '');
    expect(await ask(runs)).toEqual(refused);
    key = 'first-key';
    expect(await ask(runs)).toEqual(good);
  });

  it('is not read for a refusal of another kind', async () => {
    cohesity.before = () => ({ status: 403, body: { message: 'no right' } });
    const { ask } = await start({
      id: 'dc',
      kind: 'cohesity',
      url: cohesity.url,
      auth: { apiKeyFile: file('key', 'first-key') },
    });
    file('key', 'second-key');
    expect(await ask(runs)).toEqual(refused);
    expect(cohesity.seen).toHaveLength(1);
  });
});

const signerOf = ({ headers }: Seen): string => /Credential=(\w+)/.exec(String(headers.authorization))?.[1] ?? '';

const says = (name: string, status = 403, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'x-amzn-errortype': name, ...headers },
  body: { message: name },
});

const outdated = [
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClient',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
];

describe('credentials of AWS that have changed in their file', () => {
  const { credentials: _given, ...endpointAt } = awsBackupAt({ url: '' });
  const endpoint = (more: object) => ({ ...endpointAt, endpoint: aws.url, ...more });
  const ini = (key: string): string =>
    file('credentials', `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret-of-${key}\n`);

  it.each(outdated.flatMap((name) => [[name, 'a profile'] as const, [name, 'the default chain'] as const]))(
    'are read again after %s: %s',
    async (name, how) => {
      let key = 'AKIDFIRST';
      aws.before = (seen) => (signerOf(seen) === key ? undefined : says(name));
      setEnvironment({ AWS_SHARED_CREDENTIALS_FILE: ini(key), AWS_CONFIG_FILE: file('config', '') });
      const { ask } = await start(endpoint(how === 'a profile' ? { credentials: { profile: 'default' } } : {}));
      expect(await ask(jobs)).toEqual(good);
      key = 'AKIDSECOND';
      expect(await ask(jobs)).toEqual(refused);
      expect(aws.seen).toHaveLength(2);
      ini(key);
      expect([await ask(jobs), await ask(jobs)]).toEqual([good, good]);
      expect(aws.seen.map(signerOf)).toEqual(['AKIDFIRST', 'AKIDFIRST', 'AKIDFIRST', 'AKIDSECOND', 'AKIDSECOND']);
    },
  );

  it('are read again where the config names a file for the secret', async () => {
    let key = 'AKIDFIRST';
    aws.before = (seen) => (signerOf(seen) === key ? undefined : says('UnrecognizedClientException'));
    setEnvironment({ TEST_ID_FILE: file('id', key), TEST_ID: undefined });
    const credentials = { accessKeyId: '${TEST_ID}', secretAccessKeyFile: file('secret', 'first-secret') };
    const { ask } = await start(endpoint({ credentials }));
    expect(await ask(jobs)).toEqual(good);
    key = 'AKIDSECOND';
    file('id', key);
    file('secret', 'second-secret');
    expect(await ask(jobs)).toEqual(good);
  });

  it('are not read again after another refusal', async () => {
    aws.before = () => says('AccessDeniedException');
    setEnvironment({ AWS_SHARED_CREDENTIALS_FILE: ini('AKIDFIRST'), AWS_CONFIG_FILE: file('config', '') });
    const { ask } = await start(endpoint({ credentials: { profile: 'default' } }));
    expect(await ask(jobs)).toEqual(refused);
    ini('AKIDSECOND');
    expect(await ask(jobs)).toEqual(refused);
    expect(aws.seen.map(signerOf)).toEqual(['AKIDFIRST', 'AKIDFIRST']);
  });

  it('are read once for all calls that are refused together', async () => {
    let key = 'AKIDFIRST';
    aws.before = (seen) => (signerOf(seen) === key ? undefined : says('ExpiredTokenException'));
    setEnvironment({ AWS_SHARED_CREDENTIALS_FILE: ini(key), AWS_CONFIG_FILE: file('config', '') });
    const { ask } = await start(endpoint({ credentials: { profile: 'default' } }));
    key = 'AKIDSECOND';
    await ask(jobs);
    ini(key);
    expect(await Promise.all(several.map(ask))).toEqual(several.map(() => good));
  });
});

describe('a clock that is wrong', () => {
  /** The time that a request says it was signed at. */
  const signedAt = ({ headers }: Seen): number => {
    const [, y, mo, d, h, mi, s] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
    return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  };
  const HOUR_MS = 3_600_000;

  /** An endpoint whose clock differs so much from ours, and which refuses by this name what seems too old or too new. */
  const setClock = (offMs: number, name: string): void => {
    aws.before = (seen, { response }) => {
      const its = Date.now() + offMs;
      response.setHeader('date', new Date(its).toUTCString());
      return Math.abs(signedAt(seen) - its) > 900_000 ? says(name) : undefined;
    };
  };

  it.each(
    ['InvalidSignatureException', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch', 'RequestExpired'].flatMap((name) =>
      [HOUR_MS, -HOUR_MS].map((offMs) => [name, offMs] as const),
    ),
  )('answers rightly at once: %s, by %d ms', async (name, offMs) => {
    setClock(offMs, name);
    const { ask } = await start(awsBackupAt(aws));
    expect(await ask(jobs)).toEqual(good);
    expect(aws.seen).toHaveLength(2);
    expect([await ask(jobs), await ask(jobs)]).toEqual([good, good]);
    expect(aws.seen).toHaveLength(4);
  });

  it('answers rightly also where several first calls are refused together', async () => {
    setClock(HOUR_MS, 'InvalidSignatureException');
    const { ask } = await start(awsBackupAt(aws));
    expect(await Promise.all(several.map(ask))).toEqual(several.map(() => good));
  });

  it('is not the reason where the signature is wrong', async () => {
    aws.before = () => says('InvalidSignatureException', 403, { date: new Date().toUTCString() });
    const { ask } = await start(awsBackupAt(aws));
    expect(await ask(jobs)).toEqual(refused);
    expect(aws.seen).toHaveLength(1);
  });
});
