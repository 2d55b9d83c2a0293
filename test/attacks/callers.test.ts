import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectAlive } from '../support/alive.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type AnsweredError, type Gateway, startGateway } from '../support/gateway.js';
import { send } from '../support/http.js';
import { apiKey, bearer } from '../support/keys.js';
import { attacks, keys } from './list.js';

let fakes: readonly Fake[];
let gateway: Gateway;

beforeAll(async () => {
  const [cohesity, aws] = [await startCohesity(), await startAwsBackup({ copyJobs: [{ CopyJobId: 'J1' }] })];
  fakes = [cohesity, aws];
  gateway = await startGateway({
    upstreams: [cohesityAt(cohesity), awsBackupAt(aws)],
    auth: { apiKeys: [apiKey('reader', keys.reader, ['aws-prod']), apiKey('presser', keys.presser)] },
    introspection: false,
  });
});
afterAll(async () => {
  await gateway.close();
  for (const fake of fakes) await fake.close();
});
afterEach(() => expectAlive({ ...gateway, execute: (query) => gateway.execute(query, undefined, bearer('reader')) }));

/** The secrets that no answer may hold: paths of the code, addresses of the upstreams, and their credentials. */
const leak = /node_modules|\.[jt]s:\d|127\.0\.0\.1:\d|irisservices|fake-secret|AKIDFAKE|Did you mean|<html|\bat \w+ \(/;

describe.each(attacks)('$name', ({ sent, status, code }) => {
  it(code === null ? 'does no harm' : `gets ${status} and ${code}`, async () => {
    const before = fakes.map(({ seen }) => seen.length);
    const answer = await send(gateway, sent);
    expect(answer.text).not.toMatch(leak);
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([status, answer.text.slice(0, 300)]);
    const { errors = [], extensions } = JSON.parse(answer.text || '{}') as {
      errors?: AnsweredError[];
      extensions?: object;
    };
    const codes = errors.map((error) => error.extensions.code);
    expect(codes.length).toBeLessThanOrEqual(5);
    expect(extensions ?? {}).not.toHaveProperty('tracing');
    if (code === null) expect(codes).toEqual([]);
    else expect(codes).toContain(code);
    if (code !== null) expect(fakes.map(({ seen }) => seen.length)).toEqual(before); // nothing was asked for it
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(answer.headers).not.toHaveProperty('x-injected');
  });
});
