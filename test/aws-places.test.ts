import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError, parseConfig } from '../src/assembly/config.js';
import { run } from './support/cli.js';
import { startFake } from './support/fake.js';
import { closing } from './support/products.js';

const role = (account: string) => `arn:aws:iam::${account}:role/copygraph`;
const shop = { id: 'shop', roleArn: role('111111111111') };
const lake = { id: 'lake', roleArn: role('222222222222'), externalId: 'x1' };
const aws = { id: 'aws', kind: 'aws-backup' };
const parse = (...upstreams: readonly object[]) =>
  parseConfig(stringify({ upstreams }), 'copygraph.yaml', {}).upstreams;

const refusal = (...upstreams: readonly object[]): string => {
  try {
    parse(...upstreams);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll('copygraph.yaml: ', '');
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('an upstream of several Regions or accounts', () => {
  it.each<[string, object, readonly (readonly [string, string, string | undefined])[]]>([
    ['one Region', { region: 'us-east-1' }, [['aws', 'us-east-1', undefined]]],
    [
      'Regions',
      { regions: ['us-east-1', 'eu-west-1'] },
      [
        ['aws-us-east-1', 'us-east-1', undefined],
        ['aws-eu-west-1', 'eu-west-1', undefined],
      ],
    ],
    ['a list of one Region', { regions: ['us-east-1'] }, [['aws-us-east-1', 'us-east-1', undefined]]],
    [
      'accounts in one Region',
      { region: 'us-east-1', accounts: [shop, lake] },
      [
        ['aws-shop-us-east-1', 'us-east-1', shop.roleArn],
        ['aws-lake-us-east-1', 'us-east-1', lake.roleArn],
      ],
    ],
    [
      'accounts in Regions',
      { regions: ['us-east-1', 'eu-west-1'], accounts: [shop, lake] },
      [
        ['aws-shop-us-east-1', 'us-east-1', shop.roleArn],
        ['aws-shop-eu-west-1', 'eu-west-1', shop.roleArn],
        ['aws-lake-us-east-1', 'us-east-1', lake.roleArn],
        ['aws-lake-eu-west-1', 'eu-west-1', lake.roleArn],
      ],
    ],
  ])('is one for each of %s', (_what, places, expected) => {
    const made = parse({ ...aws, ...places, maxConcurrent: 3, callsPerSecond: { list: 7 } });
    expect(made).toEqual(
      expected.map(([id, region, roleArn]) => ({
        id,
        kind: 'aws-backup',
        region,
        sandbox: false,
        timeoutMs: 3000,
        maxConcurrent: 3,
        callsPerSecond: { describe: 15, list: 7 },
        ...(roleArn !== undefined && {
          credentials: { roleArn, externalId: roleArn === lake.roleArn ? lake.externalId : undefined },
        }),
      })),
    );
  });

  it('keeps its place among the others', () => {
    const ids = parse(
      { ...aws, id: 'a', region: 'r' },
      { ...aws, regions: ['x', 'y'] },
      { ...aws, id: 'z', region: 'r' },
    );
    expect(ids.map(({ id }) => id)).toEqual(['a', 'aws-x', 'aws-y', 'z']);
  });

  const use1 = { ...aws, id: 'aws-us-east-1', region: 'us-east-1' };
  it.each<[string, readonly object[], string]>([
    [
      'an id that another upstream has',
      [use1, { ...aws, regions: ['eu-west-1', 'us-east-1'] }],
      'upstreams[1].regions[1]: makes the same id as upstreams[0].id',
    ],
    [
      'an id that a later upstream has',
      [{ ...aws, regions: ['us-east-1'] }, use1],
      'upstreams[1].id: makes the same id as upstreams[0].regions[0]',
    ],
    [
      'a Region twice',
      [{ ...aws, regions: ['r', 'r'] }],
      'upstreams[0].regions[1]: makes the same id as upstreams[0].regions[0]',
    ],
    [
      'an account twice',
      [{ ...aws, region: 'r', accounts: [shop, { ...lake, id: 'shop' }] }],
      'upstreams[0].accounts[1].id: makes the same id as upstreams[0].accounts[0].id',
    ],
    [
      'Regions and accounts that come to the same id',
      [
        { ...aws, region: 'x', accounts: [shop] },
        { ...aws, id: 'aws-shop', regions: ['x'] },
      ],
      'upstreams[1].regions[0]: makes the same id as upstreams[0].accounts[0].id',
    ],
    [
      'a Region beside Regions',
      [{ ...aws, region: 'r', regions: ['r'] }],
      'upstreams[0].regions: must not be set together with region; keep one of them',
    ],
    [
      'no Region at all',
      [{ ...aws, accounts: [shop] }],
      'upstreams[0].region: is missing; it must be a Region, such as us-east-1',
    ],
    [
      'no Region in the list',
      [{ ...aws, regions: [] }],
      'upstreams[0].regions: must be a list of Regions, with at least one',
    ],
    [
      'credentials beside accounts',
      [{ ...aws, region: 'r', accounts: [shop], credentials: { profile: 'p' } }],
      'upstreams[0].credentials: must not be set together with accounts, whose roles are assumed with the default chain',
    ],
    [
      'an account without a role',
      [{ ...aws, region: 'r', accounts: [{ id: 'shop' }] }],
      'upstreams[0].accounts[0].roleArn: is missing; it must be the ARN of an IAM role',
    ],
    [
      'an account whose number would lose its zeros',
      [{ ...aws, region: 'r', accounts: [{ ...shop, id: 12345678901 }] }],
      'upstreams[0].accounts[0].id: must be a name of lower-case letters, digits and dashes (a number needs quotes)',
    ],
    [
      'ids that are too long',
      [{ ...aws, id: 'a'.repeat(60), regions: ['us-east-1'] }],
      'upstreams[0].id: with its Regions and accounts makes ids of more than 63 characters',
    ],
  ])('refuses %s', (_what, upstreams, line) => {
    expect(refusal(...upstreams)).toBe(line);
  });

  it('is named by the ids that it makes where a key may see it', () => {
    const of = (id: string) =>
      stringify({
        upstreams: [{ ...aws, regions: ['r1', 'r2'] }],
        auth: { apiKeys: [{ name: 'board', sha256: 'a'.repeat(64), scopes: ['copy:read'], upstreams: [id] }] },
      });
    expect(parseConfig(of('aws-r2'), 'c', {}).auth?.apiKeys?.[0]?.upstreams).toEqual(['aws-r2']);
    expect(() => parseConfig(of('aws'), 'c', {})).toThrow('auth.apiKeys[0].upstreams[0]: names no configured upstream');
  });
});

describe('the accounts of an upstream', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-places-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are asked each in each Region, by a role that the default chain assumes', async () => {
    const sts = closing(
      await startFake(({ body }) => {
        const account = /role%2F|role\//.test(body) ? (/iam%3A%3A(\d+)/.exec(body)?.[1] ?? '') : '';
        const key = `<AccessKeyId>AKIA${account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
        return {
          headers: { 'content-type': 'text/xml' },
          body: `<AssumeRoleResponse><AssumeRoleResult><Credentials>${key}<Expiration>2040-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        };
      }),
    );
    const backup = closing(await startFake(() => ({ body: { CopyJobs: [] } })));
    const file = join(folder, 'copygraph.yaml');
    const upstream = { ...aws, regions: ['us-east-1', 'eu-west-1'], accounts: [shop, lake], endpoint: backup.url };
    writeFileSync(file, stringify({ upstreams: [upstream] }));
    const { code, stdout, stderr } = await run(['check', '--config', file], {
      AWS_ACCESS_KEY_ID: 'AKIDCHAIN',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_STS: sts.url,
    });
    expect([stderr, code]).toEqual(['', 0]);
    expect(stdout.split('\n').flatMap((line) => /^(aws-\S+) .* ok /.exec(line)?.[1] ?? [])).toEqual([
      'aws-shop-us-east-1',
      'aws-shop-eu-west-1',
      'aws-lake-us-east-1',
      'aws-lake-eu-west-1',
    ]);
    const signed = backup.seen.map(({ headers }) =>
      /Credential=(\w+)\/\d+\/([\w-]+)\//.exec(headers.authorization ?? ''),
    );
    expect(signed.map((one) => `${one?.[1]} ${one?.[2]}`).sort()).toEqual([
      'AKIA111111111111 eu-west-1',
      'AKIA111111111111 us-east-1',
      'AKIA222222222222 eu-west-1',
      'AKIA222222222222 us-east-1',
    ]);
    expect(sts.seen.every(({ headers }) => headers.authorization?.includes('Credential=AKIDCHAIN/'))).toBe(true);
    expect(sts.seen.filter(({ body }) => body.includes('ExternalId=x1')).length).toBe(2);
  });
});
