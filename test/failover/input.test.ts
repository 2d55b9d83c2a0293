import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PlayedCluster, inputOf, press, startPlayedCluster } from '../support/failover.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import type { Wire } from '../support/wire.js';

let cluster: PlayedCluster;
let aws: Fake;
let gateway: Gateway;

beforeAll(async () => {
  cluster = await startPlayedCluster();
  aws = await startAwsBackup();
  gateway = await startGateway({ upstreams: [cohesityAt(cluster), awsBackupAt(aws)] });
});
afterAll(async () => {
  for (const one of [gateway, cluster, aws]) await one.close();
});

const nothingAsked = () => expect([cluster.seen.length, aws.seen.length]).toEqual([0, 0]);

const objects = (...ids: readonly string[]) => ({ objects: ids.map((objectId) => ({ objectId })) });
const many = Array.from({ length: 1001 }, (_, index) => String(index + 1));

const bad: readonly (readonly [what: string, members: Wire, path: string, message: RegExp])[] = [
  ...[
    ['an empty key', ''],
    ['a key of 65 characters', 'k'.repeat(65)],
    ['a key that leaves its place in a path', '../'],
    ['a key with an encoded slash', 'a%2Fb'],
    ['a key with a colon', 'a:b'],
    ['a key with a space', 'a b'],
    ['a key with a line break', 'a\n'],
    ['a key with a letter beyond ASCII', 'übung'],
    ['a key with a comma, which is two in a list', 'a,b'],
  ].map(([what = '', idempotencyKey]) => [what, { idempotencyKey }, 'idempotencyKey', /1 to 64 characters/] as const),
  ['no objects', objects(), 'objects', /at least one object/],
  ['too many objects', objects(...many), 'objects', /at most 1000 objects; these are 1001/],
  ['an object twice', objects('101', '102', '101'), 'objects.2.objectId', /appears twice/],
  ['an object 0', objects('0'), 'objects.0.objectId', /a positive number/],
  ['a negative object', objects('101', '-5'), 'objects.1.objectId', /a positive number/],
  ['a replication cluster 0', { replicationClusterId: '0' }, 'replicationClusterId', /a positive number/],
  ['a negative replication cluster', { replicationClusterId: '-1' }, 'replicationClusterId', /a positive number/],
  ['a view 0', { viewId: '0' }, 'viewId', /a positive number/],
  ['a negative view', { viewId: '-7' }, 'viewId', /a positive number/],
  ...['', '12', '1:2', '1:2:3:4', '1:2:x', ' 1:2:3', `1:2:${'9'.repeat(21)}`, 'ProtectionJob:dc-east:7'].map(
    (protectionGroupId) =>
      [
        `a group ${JSON.stringify(protectionGroupId)}`,
        { protectionGroupId },
        'protectionGroupId',
        /<clusterId>:<clusterIncarnationId>:<jobId>/,
      ] as const,
  ),
  ['an upstream that is not there', { upstream: 'elsewhere' }, 'upstream', /"elsewhere", which is not an upstream/],
  [
    'an AWS Backup endpoint',
    { upstream: 'aws-prod' },
    'upstream',
    /^input.upstream names aws-prod, which cannot fail over\.$/,
  ],
];

describe('an input that no cluster could take', () => {
  it.each(bad)('is refused for %s, dry run or not, and nothing is asked', async (_what, members, path, message) => {
    for (const dryRun of [false, true]) {
      const { result, errors } = await press(gateway, { ...members, dryRun });
      expect(errors).toEqual([]);
      expect(result).toEqual({
        __typename: 'InvalidFailoverInput',
        code: 'BAD_USER_INPUT',
        path: ['input', ...path.split('.')],
        message: expect.stringMatching(message),
      });
    }
    nothingAsked();
  });

  const odd: readonly (readonly [string, Wire])[] = [
    ['an objectId that is no number', objects('one')],
    ['an objectId with a fraction', objects('1.5')],
    ['an objectId beyond 64 bits', objects('9223372036854775808')],
    ['an objectId in hexadecimal', objects('0x10')],
    ['a number that a double cannot hold', { objects: [{ objectId: 2 ** 53 }] }],
    ['an object without an id', { objects: [{}] }],
    ['a null among the objects', { objects: [null] }],
    ['null for the objects', { objects: null }],
    ['no replicationClusterId', { replicationClusterId: undefined }],
    ['a viewId that is no number', { viewId: 'none' }],
    ['a word that is no run type', { runType: 'kFull' }],
    ['a text for a yes or no', { pauseNextRuns: 'yes' }],
    ['a member that is not there', { colour: 'red' }],
  ];

  it.each(odd)('is an error in the query for %s', async (_what, members) => {
    const { result, errors } = await press(gateway, members);
    expect(result).toBeUndefined();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    nothingAsked();
  });

  it('is an error in the query for a BigInt in its text too', async () => {
    const { data, errors } = await gateway.execute(
      'mutation { failover(input: { upstream: "dc-east", idempotencyKey: "k", replicationClusterId: "77", objects: [{ objectId: "x1" }] }) { __typename } }',
    );
    expect(data).toBeUndefined();
    expect(errors[0]?.extensions.code).toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED/);
    nothingAsked();
  });
});

describe('an input at its bounds', () => {
  it.each<readonly [string, Wire]>([
    ['a key of 1 character', { idempotencyKey: '-' }],
    ['a key of 64 characters', { idempotencyKey: 'aZ09_-'.padEnd(64, 'x') }],
    ['a number for a key', { idempotencyKey: 42 }],
    ['1000 objects', { idempotencyKey: 'most', ...objects(...many.slice(1)) }],
    [
      'a group of three large numbers',
      { idempotencyKey: 'group', protectionGroupId: '1:1546300800000:9223372036854775807' },
    ],
  ])('is taken: %s', async (_what, members) => {
    const { result, errors } = await press(gateway, members);
    expect(errors).toEqual([]);
    expect(result.__typename).toBe('FailoverAccepted');
    expect(cluster.accepted().at(-1)).toBe(String(inputOf(members)['idempotencyKey']));
  });
});
