import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/closing.js';
import type { AccountHolds } from '../support/aws-backup.js';
import { pointArn, startAccount, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import type { Wire } from '../support/wire.js';

const [ours, theirs] = ['111122223333', '444455556666'] as const;
const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);
const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

const home = vaultArn('us-east-1', ours, 'home');
const away = vaultArn('us-west-2', ours, 'away');
const central = vaultArn('us-east-1', theirs, 'central');

/** A job of an hour ago that copied a point to a vault. */
const jobTo = (vault: string, name: string, days: number | null, overrides: Wire = {}): Wire => ({
  CopyJobId: name,
  State: 'COMPLETED',
  AccountId: ours,
  CreationDate: now - 3600,
  CompletionDate: now - 1800,
  ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:volume/vol-1',
  SourceBackupVaultArn: home,
  SourceRecoveryPointArn: pointArn('us-east-1', `${name}-from`),
  DestinationBackupVaultArn: vault,
  DestinationRecoveryPointArn: pointArn(vault.includes('us-west-2') ? 'us-west-2' : 'us-east-1', `${name}-to`),
  ...(days === null ? {} : { DestinationRecoveryPointLifecycle: { DeleteAfterDays: days } }),
  ...overrides,
});

const sourceOf = (name: string, createdAt: number, overrides: Wire = {}): Wire =>
  wirePoint(home, pointArn('us-east-1', `${name}-from`), createdAt, overrides);
const copyOf = (vault: string, name: string, createdAt: number, overrides: Wire = {}): Wire =>
  wirePoint(
    vault,
    pointArn(vault.includes('us-west-2') ? 'us-west-2' : 'us-east-1', `${name}-to`),
    createdAt,
    overrides,
  );
const deletedAt = (seconds: number): Wire => ({ CalculatedLifecycle: { DeleteAt: seconds } });

/** One gateway over our account in two Regions; another account's endpoint only where it is given. */
const start = async (
  east: AccountHolds,
  west: AccountHolds,
  other?: AccountHolds,
  upstreamsSeen?: readonly string[],
) => {
  const first = await startAccount('aws-east', 'us-east-1', {
    vaults: [wireVault('us-east-1', ours, 'home')],
    ...east,
  });
  const second = await startAccount('aws-west', 'us-west-2', {
    vaults: [wireVault('us-west-2', ours, 'away')],
    ...west,
  });
  const third =
    other === undefined
      ? null
      : await startAccount('aws-other', 'us-east-1', {
          vaults: [wireVault('us-east-1', theirs, 'central')],
          ...other,
        });
  const upstreams = [first, second, ...(third === null ? [] : [third])].map(({ upstream }) => upstream);
  const gateway = closing(
    await startGateway({
      upstreams,
      ...(upstreamsSeen === undefined ? {} : { auth: { apiKeys: [apiKey('east', ['copy:read'], upstreamsSeen)] } }),
    }),
  );
  return { ...gateway, first, second, third };
};

const ofEast = 'copyJobs(first: 100, filter: { upstreams: ["aws-east"] })';
const list = `{ ${ofEast} { nodes { copyJobId expiresAt } } }`;
const expiries = (data: { copyJobs: { nodes: readonly { copyJobId: string; expiresAt: string | null }[] } }) =>
  Object.fromEntries(data.copyJobs.nodes.map(({ copyJobId, expiresAt }) => [copyJobId, expiresAt]));

const fields = `arn status createdAt expiresAt sizeBytes isEncrypted encryptionKeyArn storageClass
  vault { name arn kind locked lockDate minRetentionDays maxRetentionDays }`;

describe('a recovery point', () => {
  it('is shown at both ends of a job, each read where it lies, by a job, a list and a reference alike', async () => {
    const key = 'arn:aws:kms:us-west-2:111122223333:key/1';
    const whole = { IsEncrypted: true, EncryptionKeyArn: key, BackupSizeInBytes: 8_589_934_592 };
    const lock = { Locked: true, LockDate: now - DAY, MinRetentionDays: 7, MaxRetentionDays: 3650 };
    const created = now - 30 * DAY;
    const { execute, first, second } = await start(
      { copyJobs: [jobTo(away, 'J1', 35)], points: [sourceOf('J1', created, { Status: 'AVAILABLE' })] },
      {
        vaults: [wireVault('us-west-2', ours, 'away', lock)],
        points: [copyOf(away, 'J1', created, { ...whole, ...deletedAt(created + 35 * DAY) })],
      },
    );
    const job = `expiresAt destinationRecoveryPoint { ${fields} } sourceRecoveryPoint { ${fields} }`;
    const { data, errors } = await execute(
      `query ($refs: [_Any!]!) {
        copyJobs { nodes { ${job} } }
        copyOperations { nodes { expiresAt } }
        copyJob(copyJobId: "J1") { ${job} }
        node(id: "CopyJob:aws-east:J1") { ... on CopyJob { ${job} } }
        _entities(representations: $refs) { ... on CopyJob { ${job} } ... on CopyOperation { expiresAt } }
      }`,
      {
        refs: ['CopyJob', 'CopyOperation'].map((__typename) => ({ __typename, id: 'CopyJob:aws-east:J1' })),
      },
    );
    expect(errors).toEqual([]);
    const expected = {
      expiresAt: at(created + 35 * DAY),
      destinationRecoveryPoint: {
        arn: pointArn('us-west-2', 'J1-to'),
        status: 'COMPLETED',
        createdAt: at(created),
        expiresAt: at(created + 35 * DAY),
        sizeBytes: '8589934592',
        isEncrypted: true,
        encryptionKeyArn: key,
        storageClass: 'WARM',
        vault: {
          name: 'away',
          arn: away,
          kind: 'BACKUP_VAULT',
          locked: true,
          lockDate: at(now - DAY),
          minRetentionDays: '7',
          maxRetentionDays: '3650',
        },
      },
      sourceRecoveryPoint: {
        arn: pointArn('us-east-1', 'J1-from'),
        status: 'AVAILABLE',
        createdAt: at(created),
        expiresAt: null,
        sizeBytes: null,
        isEncrypted: null,
        encryptionKeyArn: null,
        storageClass: 'WARM',
        vault: {
          name: 'home',
          arn: home,
          kind: 'BACKUP_VAULT',
          locked: false,
          lockDate: null,
          minRetentionDays: null,
          maxRetentionDays: null,
        },
      },
    };
    expect(data.copyJobs.nodes).toEqual([expected]);
    expect(data.copyOperations.nodes).toEqual([{ expiresAt: expected.expiresAt }]);
    expect([data.copyJob, data.node, ...data._entities]).toEqual([expected, expected, expected, expected]);
    const readOnce = (paths: readonly string[]) => paths.filter((path) => !path.startsWith('/copy-jobs')).sort();
    expect(readOnce(first.take())).toEqual([
      '/backup-vaults',
      `/backup-vaults/home/recovery-points/${pointArn('us-east-1', 'J1-from')}`,
    ]);
    expect(readOnce(second.take())).toEqual([
      '/backup-vaults',
      `/backup-vaults/away/recovery-points/${pointArn('us-west-2', 'J1-to')}`,
    ]);
  });

  it('that is gone, or in an account that no upstream has, is null without an error', async () => {
    const { execute } = await start(
      { copyJobs: [jobTo(away, 'GONE', 35), jobTo(central, 'FAR', null), jobTo('no vault', 'ODD', 35)] },
      {},
    );
    const { data, errors } = await execute(
      '{ copyJobs { nodes { expiresAt destinationRecoveryPoint { arn } sourceRecoveryPoint { arn } } } }',
    );
    expect(errors).toEqual([]);
    const nothing = { expiresAt: null, destinationRecoveryPoint: null, sourceRecoveryPoint: null };
    expect(data.copyJobs.nodes).toEqual([nothing, nothing, nothing]);
  });

  it('is not read through an upstream that the caller may not see', async () => {
    const created = now - 3 * DAY;
    const estate = { copyJobs: [jobTo(away, 'J1', 35)], points: [sourceOf('J1', created)] };
    const { execute, second } = await start(
      estate,
      { points: [copyOf(away, 'J1', created, deletedAt(created + 99 * DAY))] },
      undefined,
      ['aws-east'],
    );
    const query = '{ copyJobs { nodes { expiresAt destinationRecoveryPoint { arn } } } }';
    const { data, errors } = await execute(query, {}, bearer('east'));
    expect(errors).toEqual([]);
    expect(data.copyJobs.nodes).toEqual([{ expiresAt: at(created + 35 * DAY), destinationRecoveryPoint: null }]);
    expect(second.take()).toEqual([]);
  });
});

describe('the expiry of a copy job', () => {
  it('is its own point’s, else counted from the source, never from the end of the copying', async () => {
    const month = now - 30 * DAY;
    const { execute } = await start(
      {
        copyJobs: [
          jobTo(away, 'own', 7),
          jobTo(away, 'forever', 7),
          jobTo(away, 'gone', 7),
          jobTo(central, 'counted', 35),
          jobTo(central, 'kept', -1),
          jobTo(central, 'endless', -1),
          jobTo(central, 'unknown', 35),
          jobTo(away, 'running', 35, { State: 'RUNNING', CompletionDate: undefined }),
          jobTo(away, 'failed', 35, { State: 'FAILED' }),
        ],
        points: [
          ...['gone', 'counted', 'endless', 'running', 'failed'].map((name) => sourceOf(name, month)),
          sourceOf('kept', month, deletedAt(month + 90 * DAY)),
        ],
      },
      { points: [copyOf(away, 'own', month, deletedAt(month + 40 * DAY)), copyOf(away, 'forever', month)] },
    );
    const { data, errors } = await execute(list);
    expect(errors).toEqual([]);
    expect(expiries(data)).toEqual({
      own: at(month + 40 * DAY),
      forever: null,
      gone: null,
      counted: at(month + 35 * DAY),
      kept: at(month + 90 * DAY),
      endless: null,
      unknown: null,
      running: at(month + 35 * DAY),
      failed: null,
    });
  });

  it('of another account is read where that account is configured', async () => {
    const created = now - 3 * DAY;
    const { execute, first, third } = await start(
      { copyJobs: [jobTo(central, 'J1', 7)] },
      {},
      { points: [copyOf(central, 'J1', created, deletedAt(created + 9 * DAY))] },
    );
    const { data } = await execute(list);
    expect(expiries(data)).toEqual({ J1: at(created + 9 * DAY) });
    expect(first.take()).toEqual(['/copy-jobs', '/backup-vaults']);
    expect(third?.take()).toEqual([
      '/backup-vaults',
      `/backup-vaults/central/recovery-points/${pointArn('us-east-1', 'J1-to')}`,
    ]);
  });

  it('is an error of its own where the upstream fails, and the rest of the job stands', async () => {
    const { execute, second } = await start({ copyJobs: [jobTo(away, 'J1', null)] }, {});
    second.before = () => ({ status: 500, body: {} });
    const { data, errors } = await execute(list);
    expect(data.copyJobs.nodes).toEqual([{ copyJobId: 'J1', expiresAt: null }]);
    expect(errors).toMatchObject([
      {
        path: ['copyJobs', 'nodes', 0, 'expiresAt'],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'aws-west' },
      },
    ]);
  });
});

describe('what the expiry costs', () => {
  const names = Array.from({ length: 50 }, (_, index) => `J${index}`);
  const vaultOf = (index: number): string => (index % 2 === 0 ? away : home);
  const created = (index: number): number => now - 2 * 3600 - index * 60;
  const estate = (): readonly [AccountHolds, AccountHolds] => {
    const points = names.map((name, index) =>
      copyOf(vaultOf(index), name, created(index), deletedAt(created(index) + 7 * DAY)),
    );
    return [{ copyJobs: names.map((name, index) => jobTo(vaultOf(index), name, 7)), points }, { points }];
  };
  const right = Object.fromEntries(names.map((name, index) => [name, at(created(index) + 7 * DAY)]));

  it('is at most four calls for 50 jobs in two vaults, and nothing where it is not asked for', async () => {
    const { execute, first, second } = await start(...estate());
    await execute(`{ ${ofEast} { totalCount nodes { copyJobId sizeBytes state } } }`);
    expect([first.take(), second.take()]).toEqual([['/copy-jobs'], []]);
    const { data, errors } = await execute(list);
    expect(errors).toEqual([]);
    expect(expiries(data)).toEqual(right);
    expect(first.take()).toEqual(['/copy-jobs', '/backup-vaults', '/backup-vaults/home/recovery-points']);
    expect(second.take()).toEqual(['/backup-vaults', '/backup-vaults/away/recovery-points']);
    const asked = second.seen.at(-1)?.query;
    expect([asked?.get('createdAfter'), asked?.get('createdBefore'), asked?.get('maxResults')]).toEqual([
      at(now - 3600 - DAY).replace('.000', ''),
      at(now - 1800 + 3600).replace('.000', ''), // an hour after the last of the jobs has ended
      '1000',
    ]);
  });

  it('is a describe for each of twenty points of a vault, and a list for one more', async () => {
    for (const [count, calls] of [
      [20, 20],
      [21, 1],
    ] as const) {
      const some = names.slice(0, count);
      const { execute, second } = await start(
        { copyJobs: some.map((name) => jobTo(away, name, 7)) },
        { points: some.map((name) => copyOf(away, name, now - 7200)) },
      );
      const { data } = await execute(`{ ${ofEast} { nodes { destinationRecoveryPoint { status storageClass } } } }`);
      const storageClass = calls === 1 ? null : 'WARM';
      expect(data.copyJobs.nodes).toEqual(
        some.map(() => ({ destinationRecoveryPoint: { status: 'COMPLETED', storageClass } })),
      );
      expect(second.take().filter((path) => path.includes('recovery-points'))).toHaveLength(calls);
    }
  });

  it('looks further back for the few whose backup was made long before, and finds out who is gone', async () => {
    const old = 5;
    const points = names.flatMap((name, index) =>
      index === 0 ? [] : [copyOf(away, name, index <= old ? now - 200 * DAY : now - 7200)],
    );
    const { execute, second } = await start({ copyJobs: names.map((name) => jobTo(away, name, 7)) }, { points });
    const { data } = await execute(
      '{ copyJobs(first: 100) { nodes { copyJobId destinationRecoveryPoint { createdAt } } } }',
    );
    const found = data.copyJobs.nodes.filter((node: Wire) => node['destinationRecoveryPoint'] !== null);
    expect(found).toHaveLength(49);
    expect(data.copyJobs.nodes.find((node: Wire) => node['copyJobId'] === 'J0').destinationRecoveryPoint).toBeNull();
    // The list of the usual days, and a describe for each of the six that are not in it.
    expect(second.take().filter((path) => path.includes('recovery-points'))).toHaveLength(1 + old + 1);
  });

  it('is a second list where many were made long before', async () => {
    const points = names.slice(0, 45).map((name) => copyOf(away, name, now - 200 * DAY));
    const { execute, second } = await start({ copyJobs: names.map((name) => jobTo(away, name, 7)) }, { points });
    const { data } = await execute('{ copyJobs(first: 100) { nodes { destinationRecoveryPoint { createdAt } } } }');
    const found = data.copyJobs.nodes.filter((node: Wire) => node['destinationRecoveryPoint'] !== null);
    expect(found).toHaveLength(45);
    expect(second.take().filter((path) => path.includes('recovery-points'))).toHaveLength(2);
  });
});
