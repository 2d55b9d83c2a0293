import {
  type CopyJob,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  ListRecoveryPointsByBackupVaultCommand,
} from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { dayMs, hourMs, noon, startSandbox } from './support.js';

const vaultOf = (arn = ''): string => arn.slice(arn.indexOf('backup-vault:') + 'backup-vault:'.length);

const times = [0, 7.9, 18.01, 24 * 40 + 5].map((hours) => noon + hours * hourMs);

/** The jobs completed by a time. They are asked for once, since the same estate has the same jobs then. */
const completed = new Map<number, Promise<readonly CopyJob[]>>();

/** The sandbox at a time, with the points on both ends of a job; `undefined` for one that is not there. */
const startAt = async (now: number) => {
  const sandbox = await startSandbox();
  sandbox.clock.now = now;
  const point = async (vaultArn: string | undefined, RecoveryPointArn: string | undefined) =>
    sandbox.client
      .send(new DescribeRecoveryPointCommand({ BackupVaultName: vaultOf(vaultArn), RecoveryPointArn }))
      .catch((error: Error) => {
        if (error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      });
  return {
    ...sandbox,
    source: (job: CopyJob) => point(job.SourceBackupVaultArn, job.SourceRecoveryPointArn),
    copy: (job: CopyJob) => point(job.DestinationBackupVaultArn, job.DestinationRecoveryPointArn),
    jobsOf: async (name: string) => {
      const jobs = completed.get(now) ?? sandbox.list({ ByState: 'COMPLETED' });
      completed.set(now, jobs);
      return (await jobs).filter(({ ResourceName }) => ResourceName === name);
    },
  };
};

describe.each(times)('recovery points at %d', (now) => {
  it.each([
    ['ledger-2025', 60, 90],
    ['contracts-2025', 60, 365], // -1: as long as its backup
  ])('of %s are copied after %d days, and go %d days after the backup was made', async (name, after, kept) => {
    const { jobsOf, source, copy } = await startAt(now);
    const jobs = await jobsOf(name);
    expect(jobs.length).toBeGreaterThan(3);
    for (const job of jobs.slice(0, 4)) {
      const [backup, copied] = [await source(job), await copy(job)];
      const made = Number(backup?.CreationDate);
      expect((Number(job.CreationDate) - made) / dayMs).toBeCloseTo(after, 0);
      expect(copied?.CreationDate).toEqual(backup?.CreationDate);
      expect(copied?.CalculatedLifecycle?.DeleteAt).toEqual(new Date(made + kept * dayMs));
      expect(backup?.CalculatedLifecycle?.DeleteAt).toEqual(new Date(made + 365 * dayMs));
    }
  });

  it('are gone a few hours after a copy that was made just before its time, however fresh its job', async () => {
    const { jobsOf, source, copy, client, clock } = await startAt(now);
    const young = (await jobsOf('web-sessions')).filter(
      ({ CompletionDate }) => clock.now - Number(CompletionDate) < 3 * dayMs,
    );
    expect(young.length).toBeGreaterThan(1);
    for (const job of young) {
      const made = Number((await source(job))?.CreationDate);
      const isDue = clock.now >= made + 7 * dayMs;
      expect((await copy(job)) === undefined).toBe(isDue);
      const { RecoveryPoints = [] } = await client.send(
        new ListRecoveryPointsByBackupVaultCommand({
          BackupVaultName: 'prod-copies',
          ByResourceArn: job.ResourceArn,
          ByCreatedAfter: new Date(made - 1),
          ByCreatedBefore: new Date(made + 1),
        }),
      );
      expect(RecoveryPoints.length).toBe(isDue ? 0 : 1);
    }
  });
});

describe('vaults', () => {
  it('tell their locks: one that can be lifted, one still for a time, one that cannot, and air-gapped', async () => {
    const { client, clock } = await startSandbox();
    const describeVault = (BackupVaultName: string) => client.send(new DescribeBackupVaultCommand({ BackupVaultName }));
    const locked = { Locked: true, MinRetentionDays: 7, MaxRetentionDays: 3650 };
    const governance = await describeVault('lock-governance');
    expect(governance).toMatchObject(locked);
    expect(governance.LockDate).toBeUndefined();
    const grace = await describeVault('lock-grace');
    expect(grace).toMatchObject(locked);
    expect(Number(grace.LockDate)).toBeGreaterThan(clock.now);
    const compliance = await describeVault('lock-compliance');
    expect(compliance).toMatchObject(locked);
    expect(Number(compliance.LockDate)).toBeLessThan(clock.now);
    const airGapped = await describeVault('airgap-prod');
    expect(airGapped).toMatchObject({ ...locked, VaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' });
    expect(airGapped.LockDate).toBeUndefined();
    expect(await describeVault('prod-copies')).toMatchObject({ Locked: false });
  });

  it('each have a resource that is copied to them alone', async () => {
    const { recent } = await startSandbox();
    const jobs = await recent(24);
    for (const [name, vault] of [
      ['payroll-db', 'lock-governance'],
      ['audit-trail-db', 'lock-grace'],
      ['evidence-db', 'lock-compliance'],
      ['root-keys-db', 'airgap-prod'],
    ])
      expect(
        new Set(
          jobs
            .filter(({ ResourceName }) => ResourceName === name)
            .map(({ DestinationBackupVaultArn }) => vaultOf(DestinationBackupVaultArn)),
        ),
      ).toEqual(new Set([vault]));
  });
});

it('lists the jobs of two member accounts, each by itself and both together', async () => {
  const { recent } = await startSandbox();
  const [all, first, second] = [
    await recent(24),
    await recent(24, { ByAccountId: '111122223333' }),
    await recent(24, { ByAccountId: '444455556666' }),
  ];
  for (const [jobs, account] of [
    [first, '111122223333'],
    [second, '444455556666'],
  ] as const) {
    expect(jobs.length).toBeGreaterThan(10);
    expect(new Set(jobs.map(({ AccountId }) => AccountId))).toEqual(new Set([account]));
  }
  expect(first.length + second.length).toBe(all.length);
});

it('has the copies of 2^53 + 1 bytes, and none of the last week', async () => {
  const { list, clock } = await startSandbox();
  const ages = (await list())
    .filter(({ ResourceName }) => ResourceName === 'science-archive')
    .map(({ CreationDate }) => clock.now - Number(CreationDate));
  expect(ages.length).toBeGreaterThan(20);
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(9 * dayMs);
});
