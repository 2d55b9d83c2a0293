import { describe, expect, it } from 'vitest';
import { closing } from '../support/closing.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { startProducts } from '../support/products.js';
import type { AccountHolds } from '../support/aws-backup.js';
import { pointArn, startAccount, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import { type Wire, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const account = '111122223333';
const [HOUR, DAY] = [3600, 86_400];
const now = Math.floor(Date.now() / 1000);
const region = 'us-west-2';
const away = vaultArn(region, account, 'away');
const volume = (name: string): string => `arn:aws:ec2:us-east-1:${account}:volume/${name}`;

/** A job that copied a volume, so many hours ago, to the vault of that name. */
const jobOf = (id: string, resource: string, hours: number, overrides: Wire = {}): Wire => ({
  CopyJobId: id,
  State: 'COMPLETED',
  CreationDate: now - hours * HOUR,
  CompletionDate: now - hours * HOUR + 600,
  ResourceArn: volume(resource),
  ResourceType: 'EBS',
  SourceBackupVaultArn: vaultArn('us-east-1', account, 'home'),
  SourceRecoveryPointArn: pointArn('us-east-1', `${id}-from`),
  DestinationBackupVaultArn: away,
  DestinationRecoveryPointArn: pointArn(region, id),
  DestinationRecoveryPointLifecycle: { DeleteAfterDays: 7 },
  ...overrides,
});

const pointOf = (id: string, createdAt: number, overrides: Wire = {}): Wire =>
  wirePoint(away, pointArn(region, id), createdAt, {
    CalculatedLifecycle: { DeleteAt: createdAt + 7 * DAY },
    ...overrides,
  });

const posture = `name
    copyPosture { copies sites offsite immutable locked }
    copyTargets { lastSuccessfulCopy { id } copyLagSeconds }`;

const objects = `nodes { ${posture} }
  upstreamReports { upstream { name } ok complete incompleteReasons }`;

/** The account in two Regions; `east` has the jobs and `west` the copies. Without `west` nobody can read them. */
const start = async (copyJobs: readonly Wire[], west: AccountHolds | null, limits: GatewayOptions['limits'] = {}) => {
  const home = await startAccount('aws-east', 'us-east-1', {
    copyJobs,
    vaults: [wireVault('us-east-1', account, 'home')],
  });
  const copies = await startAccount(
    'aws-west',
    region,
    west === null ? {} : { vaults: [wireVault(region, account, 'away')], ...west },
  );
  const gateway = closing(await startGateway({ upstreams: [home.upstream, copies.upstream], limits }));
  const ask = async (text = '') => {
    const { data, errors } = await gateway.execute(
      `{ protectedObjects(filter: { upstreams: ["aws-east"] ${text} }) { totalCount ${objects} } }`,
    );
    expect(errors).toEqual([]);
    return data.protectedObjects;
  };
  return { ...gateway, ask, home, copies };
};

/** Lags in quarters of an hour, which pass more slowly than a test. */
const aged = (object: { copyTargets: readonly { copyLagSeconds: number }[] }) => ({
  ...object,
  copyTargets: object.copyTargets.map((place) => ({
    ...place,
    copyLagSeconds: Math.round(place.copyLagSeconds / 900),
  })),
});

const objectId = (name: string): string => `ProtectedObject:aws-east:${encodeURIComponent(volume(name))}`;
const one = (name: string): string => `{ node(id: "${objectId(name)}") { ... on ProtectedObject { ${posture} } } }`;

describe('the posture of what AWS copied', () => {
  it('counts no copy from before the look-back, although hours are read whole', async () => {
    const ids = ['J1', 'J2'];
    const jobs = [jobOf('J1', 'disk', 1), jobOf('J2', 'disk', 24 + 2 / HOUR)]; // two seconds too early
    const points = ids.map((id) => pointOf(id, now - DAY));
    const { ask, execute } = await start(jobs, { points }, { lookBackHours: 24 });
    expect((await ask()).nodes).toMatchObject([{ copyPosture: { copies: 1 } }]);
    expect((await execute(one('disk'))).data.node).toMatchObject({ copyPosture: { copies: 1 } });
  });

  it('counts only copies whose recovery point is there, and by the age of their data', async () => {
    const { ask, execute } = await start(
      [
        jobOf('J1', 'disk', 1), // of a backup of six days ago
        jobOf('J2', 'disk', 2), // of a backup made just before: the newest data
        jobOf('J3', 'disk', 3), // deleted by hand
        jobOf('J4', 'disk', 4), // expired: the backup was eight days old
        jobOf('J5', 'disk', 5), // being deleted
        jobOf('J6', 'lost', 6), // gone
      ],
      {
        points: [
          pointOf('J1', now - 6 * DAY),
          pointOf('J2', now - 3 * HOUR, { Status: 'AVAILABLE' }),
          pointOf('J4', now - 8 * DAY),
          pointOf('J5', now - 6 * HOUR, { Status: 'DELETING' }),
        ],
      },
    );
    const { nodes, totalCount, upstreamReports } = await ask();
    const [disk, lost] = nodes;
    expect(disk.copyPosture).toEqual({ copies: 2, sites: 1, offsite: true, immutable: false, locked: false });
    expect(disk.copyTargets[0].lastSuccessfulCopy).toEqual({ id: 'CopyJob:aws-east:J2' });
    expect(disk.copyTargets[0].copyLagSeconds / HOUR).toBeCloseTo(3, 1);
    expect(lost).toEqual({
      name: 'lost',
      copyPosture: { copies: 0, sites: 0, offsite: false, immutable: false, locked: false },
      copyTargets: [{ lastSuccessfulCopy: null, copyLagSeconds: null }],
    });
    expect([totalCount, upstreamReports]).toEqual([
      2,
      [{ upstream: { name: 'aws-east' }, ok: true, complete: true, incompleteReasons: [] }],
    ]);
    const node = await execute(one('disk'));
    expect(node.errors).toEqual([]);
    expect(aged(node.data.node)).toEqual(aged(disk));
    const referred = await execute(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
         ... on ProtectedObject { ${posture} } } }`,
      {
        representations: ['disk', 'lost'].map((name) => ({ __typename: 'ProtectedObject', id: objectId(name) })),
      },
    );
    expect(referred.errors).toEqual([]);
    expect(referred.data._entities.map(aged)).toEqual([disk, lost].map(aged));
    expect((await ask('offsiteLagOver: 7200')).nodes).toHaveLength(2);
    expect((await ask('offsiteLagOver: 14400')).nodes).toEqual([lost]);
  });

  it('believes a copy that nobody can read, and says that the answer is not complete', async () => {
    const { ask } = await start([jobOf('J1', 'disk', 1)], null);
    const { nodes, totalCount, upstreamReports } = await ask();
    expect(nodes[0].copyPosture).toMatchObject({ copies: 1, offsite: true });
    expect(nodes[0].copyTargets[0].copyLagSeconds / HOUR).toBeCloseTo(1, 1);
    expect([totalCount, upstreamReports]).toEqual([
      null,
      [{ upstream: { name: 'aws-east' }, ok: true, complete: false, incompleteReasons: ['UNREADABLE'] }],
    ]);
  });

  it('believes a copy while its upstream is down, says so in the list, and in errors for one object', async () => {
    const { ask, execute, copies } = await start([jobOf('J1', 'disk', 1)], {});
    copies.before = () => ({ status: 500, body: {} });
    const { nodes, upstreamReports } = await ask();
    expect(nodes[0].copyPosture).toMatchObject({ copies: 1 });
    expect(upstreamReports).toMatchObject([{ complete: false, incompleteReasons: ['UPSTREAM_FAILED'] }]);
    const { data, errors } = await execute(one('disk'));
    expect(data.node.copyPosture).toMatchObject({ copies: 1 });
    expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it.each([
    ['described', 10, 3, 3],
    ['listed', 30, 1, 30],
  ])('believes copies that the call budget does not reach (%s)', async (_name, count, short, believed) => {
    const jobs = Array.from({ length: count }, (_, index) => jobOf(`J${index}`, 'disk', index + 1));
    const rich = await start(jobs, {}); // of all of which the vault has none
    expect((await rich.ask()).nodes[0].copyPosture).toMatchObject({ copies: 0 });
    const calls = rich.home.seen.length + rich.copies.seen.length;
    const poor = await start(jobs, {}, { maxUpstreamCalls: calls - short });
    const { nodes, totalCount, upstreamReports } = await poor.ask();
    expect([nodes[0].copyPosture.copies, totalCount]).toEqual([believed, null]);
    expect(upstreamReports).toMatchObject([{ complete: false, incompleteReasons: ['BUDGET'] }]);
  });

  it('does not believe it where its source tells that it has expired', async () => {
    const east = vaultArn('us-east-1', account, 'home');
    const home = await startAccount('aws-east', 'us-east-1', {
      copyJobs: [jobOf('J1', 'disk', 1)],
      vaults: [wireVault('us-east-1', account, 'home')],
      points: [wirePoint(east, pointArn('us-east-1', 'J1-from'), now - 8 * DAY)],
    });
    const { execute } = closing(await startGateway({ upstreams: [home.upstream] }));
    const { data } = await execute(`{ protectedObjects { ${objects} } }`);
    expect(data.protectedObjects.nodes[0].copyPosture).toMatchObject({ copies: 0 });
  });

  it('is not read where nobody asks for it', async () => {
    const { execute, home, copies } = await start([jobOf('J1', 'disk', 1)], {});
    const { data } = await execute(
      '{ protectedObjects(filter: { upstreams: ["aws-east"] }) { nodes { name } upstreamReports { complete } } }',
    );
    expect(data.protectedObjects).toEqual({ nodes: [{ name: 'disk' }], upstreamReports: [{ complete: true }] });
    expect(new Set(home.take())).toEqual(new Set(['/copy-jobs', '/resources']));
    expect(copies.take()).toEqual([]);
  });

  it.each<[string, Wire, Wire, boolean, boolean]>([
    ['without a lock', {}, {}, false, false],
    ['locked, with a date that has passed', { Locked: true, LockDate: now - DAY }, {}, true, true],
    ['locked, with a date ahead', { Locked: true, LockDate: now + DAY }, {}, true, false],
    ['locked, without a date', { Locked: true }, { DestinationVaultLockState: 'LOCKED' }, true, false],
    ['unlocked since', { Locked: false }, { DestinationVaultLockState: 'LOCKED' }, false, false],
    ['air-gapped', { VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', Locked: true }, {}, true, true],
    [
      'air-gapped, as the job says',
      { VaultType: undefined },
      { DestinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
      true,
      true,
    ],
  ])('in a vault %s', async (_name, vault, job, locked, immutable) => {
    const { ask, execute } = await start([jobOf('J1', 'disk', 1, job)], {
      vaults: [wireVault(region, account, 'away', vault)],
      points: [pointOf('J1', now - 2 * HOUR)],
    });
    const { nodes } = await ask();
    expect(nodes[0].copyPosture).toMatchObject({ locked, immutable });
    expect((await execute(one('disk'))).data.node.copyPosture).toEqual(nodes[0].copyPosture);
  });
});

describe('the posture of what Cohesity copied', () => {
  const micros = (hours: number): number => (now - hours * HOUR) * 1_000_000;

  it.each([
    ['kCompliance', true, true],
    ['kAdministrative', true, false],
    ['kNone', false, false],
  ])('under a lock in force of %s', async (wormRetentionType, locked, immutable) => {
    const { execute } = await startProducts({
      runs: [
        wireRunOf(7, micros(5), {
          copyRun: [
            wireCopyRun(1, {
              runStartTimeUsecs: micros(5),
              dataLockConstraints: { expiryTimeUsecs: micros(-1), wormRetentionType },
              copySnapshotTasks: [wireTask(wireSource(1), { taskStartTimeUsecs: micros(1) })],
            }),
          ],
        }),
      ],
    });
    const { data } = await execute(`{ protectedObjects(filter: { upstreams: ["dc-east"] }) { ${objects} } }`);
    const [object] = data.protectedObjects.nodes;
    expect(object.copyPosture).toMatchObject({ copies: 1, locked, immutable });
    // The copying began an hour ago, of data of five hours ago.
    expect(object.copyTargets[0].copyLagSeconds / HOUR).toBeCloseTo(5, 1);
  });
});
