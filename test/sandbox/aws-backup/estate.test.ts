import type { CopyJob, RecoveryPointCreator } from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { createEstate } from '../../../src/sandbox/aws-backup/estate.js';
import { scheduledJobs } from '../../../src/sandbox/aws-backup/copy-jobs.js';
import { lifeOf, longestMs } from '../../../src/sandbox/aws-backup/timeline.js';
import { dayMs, hourMs, idsOf, noon, startSandbox, tally } from './support.js';
import { costOf } from '../../support/cost.js';

const states = ['COMPLETED', 'CREATED', 'FAILED', 'PARTIAL', 'RUNNING'];

const members = [
  'AccountId',
  'BackupSizeInBytes',
  'ChildJobsInState',
  'CompletionDate',
  'CompositeMemberIdentifier',
  'CopyJobId',
  'CreatedBy',
  'CreatedByBackupJobId',
  'CreationDate',
  'DestinationBackupVaultArn',
  'DestinationEncryptionKeyArn',
  'DestinationRecoveryPointArn',
  'DestinationRecoveryPointLifecycle',
  'DestinationVaultLockState',
  'DestinationVaultType',
  'IamRoleArn',
  'IsParent',
  'MessageCategory',
  'NumberOfChildJobs',
  'ParentJobId',
  'ResourceArn',
  'ResourceName',
  'ResourceType',
  'SourceBackupVaultArn',
  'SourceRecoveryPointArn',
  'State',
  'StatusMessage',
];

const membersOf = (part: CopyJob | RecoveryPointCreator): string[] =>
  Object.entries(part)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);

describe('the estate', () => {
  it('is the same for the same seed and time, and another for another', async () => {
    const [first, again, other, elsewhere] = [
      await startSandbox(),
      await startSandbox(),
      await startSandbox({ seed: 2 }),
      await startSandbox({ region: 'eu-central-1' }),
    ];
    const jobs = await first.recent(48);
    expect(await again.recent(48)).toEqual(jobs);
    const known = new Set(idsOf(jobs));
    for (const stranger of [other, elsewhere])
      expect(idsOf(await stranger.recent(48)).filter((id) => known.has(id))).toEqual([]);
  });

  it('holds some hundred jobs of two days, fewer of each older week, and none beyond 30 days', async () => {
    const { list, recent, clock } = await startSandbox();
    const twoDays = await recent(48);
    expect(twoDays.length).toBeGreaterThan(300);
    expect(twoDays.length).toBeLessThan(500);
    const all = await list();
    const ages = all.map(({ CreationDate }) => clock.now - Number(CreationDate));
    expect(Math.max(...ages)).toBeLessThanOrEqual(30 * dayMs);
    expect(Math.max(...ages)).toBeGreaterThan(29 * dayMs);
    const inWeek = (week: number) =>
      ages.filter((age) => age > (week - 1) * 7 * dayMs && age <= week * 7 * dayMs).length;
    expect(inWeek(2)).toBeLessThan(inWeek(1) / 2);
    expect(inWeek(3)).toBeGreaterThan(100);
  });

  it('has each of the five states within 24 hours, at any time and for any seed', async () => {
    const times = [0, 3.2, 7.9, 11, 14.5, 18.01, 22.7, 24 * 40 + 5, 24 * 200.3].map((hours) => noon + hours * hourMs);
    for (const seed of [1, 2, 77]) {
      const { recent, clock } = await startSandbox({ seed });
      for (const now of times) {
        clock.now = now;
        expect(Object.keys(tally(await recent(24), ({ State }) => State)).sort()).toEqual(states);
      }
    }
  });

  it('has all five at every quarter of an hour of a month', () => {
    const { lanes } = createEstate(5, 1, 'us-east-1');
    const jobs = [...scheduledJobs(lanes, noon - dayMs, noon + 28 * dayMs, noon + 28 * dayMs)].map((job) => ({
      createdAt: job.createdAt,
      ...lifeOf(job),
    }));
    for (let now = noon + 22 * dayMs; now < noon + 28 * dayMs; now += hourMs / 4) {
      const seen = new Set<string>();
      for (const { createdAt, startsAt, endsAt, end } of jobs)
        if (createdAt <= now && createdAt > now - dayMs)
          seen.add(now < startsAt ? 'CREATED' : now < endsAt ? 'RUNNING' : end);
      expect([...seen].sort()).toEqual(states);
    }
  });

  it('never takes longer for a copy than the list filters reckon with', () => {
    const { lanes } = createEstate(3, 1, 'us-east-1');
    const longest = longestMs(lanes);
    for (const job of scheduledJobs(lanes, noon - 7 * dayMs, noon, noon))
      expect(lifeOf(job).endsAt - job.createdAt).toBeLessThanOrEqual(longest);
  });

  it('fills all 27 members somewhere, and leaves out what a job does not have', async () => {
    const { recent } = await startSandbox();
    const jobs = await recent(48);
    expect([...new Set(jobs.flatMap(membersOf))].sort()).toEqual(members);
    const full = jobs.find(({ CreatedBy }) => CreatedBy?.BackupPlanName !== undefined);
    expect(membersOf(full?.CreatedBy ?? {}).sort()).toEqual([
      'BackupPlanArn',
      'BackupPlanId',
      'BackupPlanName',
      'BackupPlanVersion',
      'BackupRuleCron',
      'BackupRuleId',
      'BackupRuleName',
      'BackupRuleTimezone',
    ]);
    const idsOnly = jobs.find(({ CreatedBy }) => CreatedBy !== undefined && CreatedBy.BackupPlanName === undefined);
    expect(membersOf(idsOnly?.CreatedBy ?? {})).toHaveLength(4);
    expect(jobs.some(({ CreatedBy }) => CreatedBy === undefined)).toBe(true);
    expect(jobs.some(({ ResourceName }) => ResourceName === undefined)).toBe(true);
    expect(
      jobs.filter(({ ResourceType }) => ResourceType === 'Aurora').every((job) => job.BackupSizeInBytes === undefined),
    ).toBe(true);
    const lifecycles = jobs.map(({ DestinationRecoveryPointLifecycle: lifecycle }) => lifecycle);
    expect(lifecycles.some((lifecycle) => lifecycle?.DeleteAfterDays === -1)).toBe(true);
    expect(lifecycles.some((lifecycle) => lifecycle?.DeleteAfterEvent === 'DELETE_AFTER_COPY')).toBe(true);
    expect(lifecycles.some((lifecycle) => lifecycle?.OptInToArchiveForSupportedResources)).toBe(true);
  });

  it('copies within a Region, to others, to another account, and into locked and air-gapped vaults', async () => {
    const { recent } = await startSandbox();
    const jobs = await recent(48);
    const place = (arn = '') => arn.split(':').slice(3, 5);
    const kinds = tally(jobs, ({ SourceBackupVaultArn, DestinationBackupVaultArn }) => {
      const [[region, account], [toRegion, toAccount]] = [
        place(SourceBackupVaultArn),
        place(DestinationBackupVaultArn),
      ];
      return `${region === toRegion ? 'same' : 'other'} Region, ${account === toAccount ? 'same' : 'other'} account`;
    });
    expect(Object.keys(kinds).sort()).toEqual([
      'other Region, other account',
      'other Region, same account',
      'same Region, other account',
      'same Region, same account',
    ]);
    expect(Object.keys(tally(jobs, (job) => job.AccountId)).sort()).toEqual(['111122223333', '444455556666']);
    expect(jobs.some((job) => job.DestinationVaultType === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT')).toBe(true);
    expect(jobs.some((job) => job.DestinationVaultLockState === 'LOCKED')).toBe(true);
    expect(Object.keys(tally(jobs, (job) => job.ResourceType))).toEqual(
      expect.arrayContaining([
        'EC2',
        'EBS',
        'RDS',
        'Aurora',
        'S3',
        'DynamoDB',
        'EFS',
        'SAP HANA on Amazon EC2',
        'VirtualMachine',
        'CloudFormation',
        'Timestream',
      ]),
    );
  });

  it('says why a job failed, in words AWS uses, and nothing on one that did not', async () => {
    const { recent } = await startSandbox();
    const jobs = await recent(24 * 7);
    for (const job of jobs) {
      const failed = job.State === 'FAILED' || job.State === 'PARTIAL';
      expect(job.StatusMessage !== undefined).toBe(failed);
      expect(job.MessageCategory).toBe(
        failed
          ? expect.stringMatching(/^(AccessDenied|InvalidParameters)$/) && job.MessageCategory
          : job.State === 'COMPLETED'
            ? 'SUCCESS'
            : undefined,
      );
      expect(job.CompletionDate !== undefined).toBe(job.State !== 'CREATED' && job.State !== 'RUNNING');
      expect(job.DestinationRecoveryPointArn !== undefined).toBe(job.State === 'COMPLETED' || job.State === 'PARTIAL');
    }
    expect(Object.keys(tally(jobs, (job) => job.StatusMessage))).toHaveLength(5);
    expect(Object.keys(tally(jobs, (job) => job.MessageCategory)).sort()).toEqual([
      'AccessDenied',
      'InvalidParameters',
      'SUCCESS',
      'undefined',
    ]);
  });

  it('tells some times in whole seconds and some in milliseconds', async () => {
    const { recent } = await startSandbox();
    const whole = (await recent(24)).map(({ CreationDate }) => Number(CreationDate) % 1000 === 0);
    expect(new Set(whole)).toEqual(new Set([true, false]));
  });

  it('always has something under way', async () => {
    const { list, clock } = await startSandbox();
    for (let hour = 0; hour < 24; hour += 1) {
      clock.now = noon + hour * hourMs;
      expect((await list({ ByState: 'RUNNING' })).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('grows to about 50,000 jobs a week at scale 5, and a narrow window of it stays quick', async () => {
    const { lanes } = createEstate(1, 5, 'us-east-1');
    let week = 0;
    const ofTheWeek = await costOf(() => {
      for (const job of scheduledJobs(lanes, noon - 7 * dayMs, noon, noon)) week += Number(job.createdAt > 0);
    });
    expect(week).toBeGreaterThan(45_000);
    expect(week).toBeLessThan(55_000);
    const { recent } = await startSandbox({ scale: 5 });
    await recent(1);
    const ofTheHour = await costOf(async () => expect((await recent(1)).length).toBeGreaterThan(50));
    expect(ofTheHour / ofTheWeek).toBeLessThan(3); // to go through all that are kept takes four times the week
  });

  it('refuses a scale that makes no sense', () => {
    for (const scale of [0, -1, Number.NaN, 1e9]) expect(() => createEstate(1, scale, 'us-east-1')).toThrow(/scale/);
  });
});
