import {
  DescribeBackupVaultCommand,
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  GetBackupPlanCommand,
  ListBackupPlansCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListCopyJobSummariesCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  paginateListCopyJobSummaries,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { awsBackupFaults, startAwsBackupSandbox } from '../../../src/sandbox/aws-backup/server.js';
import { dayMs, hourMs, startSandbox, tally } from './support.js';

const vaultName = (arn = ''): string => arn.slice(arn.indexOf('backup-vault:') + 'backup-vault:'.length);

describe('StartCopyJob', () => {
  /** A finished copy of the caller's own, to be copied again. */
  const startable = async (wantsParent = false) => {
    const sandbox = await startSandbox();
    const jobs = await sandbox.recent(24, {
      ByAccountId: '111122223333',
      ByState: wantsParent ? 'PARTIAL' : 'COMPLETED',
    });
    const source = jobs.find(
      ({ IsParent, ParentJobId }) => Boolean(IsParent) === wantsParent && ParentJobId === undefined,
    );
    const input = {
      RecoveryPointArn: source?.SourceRecoveryPointArn,
      SourceBackupVaultName: vaultName(source?.SourceBackupVaultArn),
      DestinationBackupVaultArn: source?.DestinationBackupVaultArn,
      IamRoleArn: 'arn:aws:iam::111122223333:role/operator',
    };
    return { ...sandbox, input, source };
  };

  it('starts a job that runs to its end', async () => {
    const { client, clock, input, source, list } = await startable();
    const started = await client.send(new StartCopyJobCommand({ ...input, Lifecycle: { DeleteAfterDays: 12 } }));
    expect(started.CreationDate).toEqual(new Date(clock.now));
    const read = async () => (await client.send(new DescribeCopyJobCommand({ CopyJobId: started.CopyJobId }))).CopyJob;
    const job = await read();
    expect(job).toMatchObject({
      State: 'CREATED',
      ResourceArn: source?.ResourceArn,
      IamRoleArn: input.IamRoleArn,
      DestinationRecoveryPointLifecycle: { DeleteAfterDays: 12 },
    });
    expect(job?.CreatedBy).toBeUndefined();
    expect(await list({ BySourceRecoveryPointArn: input.RecoveryPointArn })).toContainEqual(job);
    clock.now += 40 * hourMs;
    expect(await read()).toMatchObject({ State: expect.stringMatching(/COMPLETED|FAILED/) });
    clock.now += 30 * dayMs;
    await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('starts nothing again for a token it has seen', async () => {
    const { client, clock, input, list } = await startable();
    const send = (IdempotencyToken?: string) =>
      client.send(new StartCopyJobCommand({ ...input, ...(IdempotencyToken !== undefined && { IdempotencyToken }) }));
    const first = await send('once');
    clock.now += 60_000;
    const again = await send('once');
    expect([again.CopyJobId, again.CreationDate]).toEqual([first.CopyJobId, first.CreationDate]);
    expect((await send('twice')).CopyJobId).not.toBe(first.CopyJobId);
    expect((await send()).CopyJobId).not.toBe(first.CopyJobId);
    expect(
      await list({ ByCreatedAfter: new Date(clock.now - 60_001), BySourceRecoveryPointArn: input.RecoveryPointArn }),
    ).toHaveLength(3);
  });

  it('copies a composite with its members', async () => {
    const { client, input, list, source } = await startable(true);
    const started = await client.send(new StartCopyJobCommand(input));
    expect(started.IsParent).toBe(true);
    const children = await list({ ByParentJobId: started.CopyJobId });
    expect(children).toHaveLength(Number(source?.NumberOfChildJobs));
    expect(children.every(({ ParentJobId }) => ParentJobId === started.CopyJobId)).toBe(true);
  });

  it('keeps a job that was started between two pages out of them', async () => {
    const { client, clock, input, recent } = await startable();
    const filters = { ByCreatedAfter: new Date(clock.now - dayMs), MaxResults: 1000 };
    const before = await recent(24);
    const first = await client.send(new ListCopyJobsCommand({ ...filters, MaxResults: 10 }));
    await client.send(new StartCopyJobCommand(input)); // at the very same time
    const rest = await client.send(
      new ListCopyJobsCommand({ ...filters, ...(first.NextToken !== undefined && { NextToken: first.NextToken }) }),
    );
    expect([...(first.CopyJobs ?? []), ...(rest.CopyJobs ?? [])]).toEqual(before);
    expect(await recent(24)).toHaveLength(before.length + 1);
  });

  it('refuses what is missing, unknown or impossible', async () => {
    const { client, input, raw } = await startable();
    const refusalOf = async (changes: Record<string, unknown>) =>
      (
        (await (
          await raw('/copy-jobs/', { method: 'PUT', body: JSON.stringify({ ...input, ...changes }) })
        ).json()) as { Code: string }
      ).Code;
    for (const name of Object.keys(input))
      expect(await refusalOf({ [name]: undefined })).toBe('MissingParameterValueException');
    for (const unknown of [
      { SourceBackupVaultName: 'nowhere' },
      { SourceBackupVaultName: 'lake' },
      { SourceBackupVaultName: 'Default' },
      { DestinationBackupVaultArn: 'arn:aws:backup:us-east-1:111122223333:backup-vault:nowhere' },
      { RecoveryPointArn: 'arn:aws:ec2:us-east-1::image/ami-0888b126e2170b98e' },
    ])
      expect(await refusalOf(unknown), JSON.stringify(unknown)).toBe('ResourceNotFoundException');
    for (const invalid of [
      { IamRoleArn: 5 },
      { Lifecycle: 'long' },
      { Lifecycle: { DeleteAfterDays: 1.5 } },
      { Lifecycle: { DeleteAfterDays: 60, MoveToColdStorageAfterDays: 30 } },
      { Lifecycle: { DeleteAfterEvent: 'NEVER' } },
      { IdempotencyToken: 7 },
    ])
      expect(await refusalOf(invalid), JSON.stringify(invalid)).toBe('InvalidParameterValueException');
    const broken = await raw('/copy-jobs', { method: 'PUT', body: '{' });
    expect(await broken.json()).toMatchObject({ Code: 'InvalidRequestException' });
    await expect(
      client.send(new StartCopyJobCommand({ ...input, SourceBackupVaultName: 'nowhere' })),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('ListCopyJobSummaries', () => {
  it('counts what the list lists', async () => {
    const { client, list, clock } = await startSandbox();
    const today = Math.floor(clock.now / dayMs) * dayMs;
    const { CopyJobSummaries = [] } = await client.send(
      new ListCopyJobSummariesCommand({
        AggregationPeriod: 'SEVEN_DAYS',
        AccountId: 'AGGREGATE_ALL',
        ResourceType: 'AGGREGATE_ALL',
        MessageCategory: 'AGGREGATE_ALL',
        State: 'ANY',
      }),
    );
    const jobs = await list({ ByCreatedAfter: new Date(today - 7 * dayMs - 1), ByCreatedBefore: new Date(today) });
    const counted = Object.fromEntries(CopyJobSummaries.map(({ State, Count }) => [State, Count]));
    expect(counted).toEqual(tally(jobs, ({ State }) => State));
    expect(CopyJobSummaries[0]).toMatchObject({ StartTime: new Date(today - 7 * dayMs), EndTime: new Date(today) });
  });

  it('pages through a row for each day, account, state, type and category', async () => {
    const { client } = await startSandbox();
    const rows = [];
    for await (const page of paginateListCopyJobSummaries({ client, pageSize: 50 }, {})) {
      expect(page.CopyJobSummaries?.length).toBeLessThanOrEqual(50);
      rows.push(...(page.CopyJobSummaries ?? []));
    }
    expect(new Set(rows.map(({ StartTime }) => Number(StartTime))).size).toBe(14);
    expect(new Set(rows.map((row) => JSON.stringify({ ...row, Count: 0 }))).size).toBe(rows.length);
    const failed = await client.send(
      new ListCopyJobSummariesCommand({
        State: 'FAILED',
        AccountId: '444455556666',
        MessageCategory: 'InvalidParameters',
      }),
    );
    expect(failed.CopyJobSummaries?.length).toBeGreaterThan(5);
    expect(new Set(failed.CopyJobSummaries?.map(({ State, AccountId }) => `${State} ${AccountId}`))).toEqual(
      new Set(['FAILED 444455556666']),
    );
  });

  it('refuses values that make no sense', async () => {
    const { raw } = await startSandbox();
    for (const query of ['MaxResults=501', 'State=DONE', 'AccountId=me', 'AggregationPeriod=YEAR', 'NextToken=x'])
      expect(await (await raw(`/audit/copy-job-summaries?${query}`)).json(), query).toMatchObject({
        Code: 'InvalidParameterValueException',
      });
  });
});

describe('the surroundings of the jobs', () => {
  it('describe every vault they list, and only vaults of this Region', async () => {
    const { client } = await startSandbox();
    const { BackupVaultList = [] } = await client.send(new ListBackupVaultsCommand({}));
    expect(BackupVaultList.length).toBeGreaterThan(5);
    for (const vault of BackupVaultList) {
      const { $metadata: _, ...described } = await client.send(
        new DescribeBackupVaultCommand({ BackupVaultName: vault.BackupVaultName }),
      );
      expect(described).toEqual(vault);
    }
    const airGapped = await client.send(
      new ListBackupVaultsCommand({ ByVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' }),
    );
    expect(airGapped.BackupVaultList?.map(({ BackupVaultName }) => BackupVaultName)).toEqual(['airgap-prod']);
    for (const BackupVaultName of ['dr-prod', 'lake', 'nowhere'])
      await expect(client.send(new DescribeBackupVaultCommand({ BackupVaultName }))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    const other = await client.send(
      new DescribeBackupVaultCommand({ BackupVaultName: 'lake', BackupVaultAccountId: '444455556666' }),
    );
    expect(other.BackupVaultArn).toBe('arn:aws:backup:us-east-1:444455556666:backup-vault:lake');
  });

  it('have the recovery points that the jobs name, at both ends', async () => {
    const { client, recent } = await startSandbox();
    const jobs = await recent(48, { ByState: 'COMPLETED' });
    const here = jobs.filter(({ DestinationBackupVaultArn }) => DestinationBackupVaultArn?.includes(':us-east-1:'));
    expect(here.length).toBeGreaterThan(50);
    for (const job of here.slice(0, 40)) {
      const read = (vaultArn: string | undefined, RecoveryPointArn: string | undefined) =>
        client.send(
          new DescribeRecoveryPointCommand({
            BackupVaultName: vaultName(vaultArn),
            BackupVaultAccountId: vaultArn?.split(':')[4],
            RecoveryPointArn,
          }),
        );
      const source = await read(job.SourceBackupVaultArn, job.SourceRecoveryPointArn);
      const copy = await read(job.DestinationBackupVaultArn, job.DestinationRecoveryPointArn);
      expect(source).toMatchObject({ ResourceArn: job.ResourceArn, IsParent: job.IsParent ?? false });
      expect(copy).toMatchObject({ ResourceArn: job.ResourceArn, SourceBackupVaultArn: job.SourceBackupVaultArn });
      // A copy keeps the date of the backup it was made from.
      expect(copy.CreationDate).toEqual(source.CreationDate);
      expect(Number(copy.CreationDate)).toBeLessThan(Number(job.CreationDate));
      await expect(read(job.SourceBackupVaultArn, job.DestinationRecoveryPointArn)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    }
  });

  it('list as many recovery points as the vault counts, page by page', async () => {
    const { client } = await startSandbox();
    const vault = { BackupVaultName: 'prod-daily' };
    const { NumberOfRecoveryPoints } = await client.send(new DescribeBackupVaultCommand(vault));
    const arns: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListRecoveryPointsByBackupVaultCommand({
          ...vault,
          MaxResults: 90,
          ...(NextToken !== undefined && { NextToken }),
        }),
      );
      arns.push(...(page.RecoveryPoints ?? []).map(({ RecoveryPointArn }) => String(RecoveryPointArn)));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(new Set(arns).size).toBe(arns.length);
    expect(arns).toHaveLength(Number(NumberOfRecoveryPoints));
    const stacks = await client.send(
      new ListRecoveryPointsByBackupVaultCommand({ ...vault, ByResourceType: 'CloudFormation', MaxResults: 1 }),
    );
    const parent = stacks.RecoveryPoints?.[0];
    expect(parent?.IsParent).toBe(true);
    const members = await client.send(
      new ListRecoveryPointsByBackupVaultCommand({ ...vault, ByParentRecoveryPointArn: parent?.RecoveryPointArn }),
    );
    expect(members.RecoveryPoints?.map(({ CompositeMemberIdentifier }) => CompositeMemberIdentifier)).toContain(
      'Database',
    );
  });

  it('list every copied resource and some that no job ever copied', async () => {
    const { client, list } = await startSandbox();
    const { Results = [] } = await client.send(new ListProtectedResourcesCommand({ MaxResults: 1000 }));
    const copied = new Set((await list()).map(({ ResourceArn }) => ResourceArn));
    const known = new Set(Results.map(({ ResourceArn }) => ResourceArn));
    expect([...copied].filter((arn) => !known.has(arn))).toEqual([]);
    const never = Results.filter(({ ResourceArn }) => !copied.has(ResourceArn));
    expect(never.map(({ ResourceName }) => ResourceName).sort()).toEqual(['ci-cache', 'dev-box', 'dev-db', 'intranet']);
    for (const { LastBackupVaultArn, LastRecoveryPointArn, LastBackupTime } of Results.slice(0, 20)) {
      const point = await client.send(
        new DescribeRecoveryPointCommand({
          BackupVaultName: vaultName(LastBackupVaultArn),
          BackupVaultAccountId: LastBackupVaultArn?.split(':')[4],
          RecoveryPointArn: LastRecoveryPointArn,
        }),
      );
      expect(point.CompletionDate).toEqual(LastBackupTime);
    }
  });

  it('have the plans that the jobs name', async () => {
    const { client, recent } = await startSandbox();
    const plans = new Map((await recent(24)).map(({ CreatedBy }) => [CreatedBy?.BackupPlanId, CreatedBy]));
    plans.delete(undefined);
    expect(plans.size).toBeGreaterThan(4);
    for (const [BackupPlanId, createdBy] of plans) {
      const plan = await client.send(
        new GetBackupPlanCommand({ BackupPlanId, VersionId: createdBy?.BackupPlanVersion, MaxScheduledRunsPreview: 3 }),
      );
      expect(plan.BackupPlanArn).toBe(createdBy?.BackupPlanArn);
      expect(plan.BackupPlan?.Rules?.map(({ RuleId }) => RuleId)).toContain(createdBy?.BackupRuleId);
      expect(plan.ScheduledRunsPreview).toHaveLength(3);
    }
    const all = await client.send(new ListBackupPlansCommand({ IncludeDeleted: true }));
    const living = await client.send(new ListBackupPlansCommand({}));
    expect(Number(all.BackupPlansList?.length) - Number(living.BackupPlansList?.length)).toBe(1);
    await expect(client.send(new GetBackupPlanCommand({ BackupPlanId: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('what goes wrong', () => {
  it('is told as UnknownOperationException for a path or method that is not there', async () => {
    const { raw } = await startSandbox();
    for (const [target, method] of [
      ['/copy-job', 'GET'],
      ['/copy-jobs/a/b', 'GET'],
      ['/copy-jobs', 'DELETE'],
      ['/', 'GET'],
    ] as const) {
      const response = await raw(target, { method });
      expect([response.status, response.headers.get('x-amzn-errortype')?.split(':')[0]]).toEqual([
        404,
        'UnknownOperationException',
      ]);
      expect(response.headers.get('x-amzn-requestid')).toBeTruthy();
    }
  });

  it('throttles every third call, on purpose', async () => {
    const { client } = await startSandbox({ faults: ['aws-throttle'] });
    const names: string[] = [];
    for (let at = 0; at < 6; at += 1)
      names.push(
        await client.send(new ListBackupPlansCommand({})).then(
          () => 'ok',
          (error: Error) => error.name,
        ),
      );
    expect(names).toEqual(['ok', 'ok', 'ThrottlingException', 'ok', 'ok', 'ThrottlingException']);
  });

  it('is out of service, or behind a broken proxy, on purpose', async () => {
    const broken = await startSandbox({ faults: ['aws-unavailable'] });
    const statuses: number[] = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await broken.raw('/backup/plans')).status);
    expect(statuses).toEqual([200, 200, 500]);
    const proxied = await startSandbox({ faults: ['aws-html'] });
    const page = await proxied.raw('/backup/plans');
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
  });

  it('writes null for what a job does not have, on purpose', async () => {
    const { raw, recent } = await startSandbox({ faults: ['aws-nulls'] });
    const text = await (await raw('/copy-jobs?maxResults=50')).text();
    expect(text).toContain('"ParentJobId":null');
    expect((await recent(24)).length).toBeGreaterThan(100); // the SDK reads on
    expect(await (await (await startSandbox()).raw('/copy-jobs?maxResults=1000')).text()).not.toContain('null');
  });

  it('does not hold up the end of a slow sandbox', async () => {
    const { raw, sandbox } = await startSandbox({ faults: ['aws-slow'] });
    const waiting = raw('/backup/plans').then(
      () => 'answered',
      () => 'cut',
    );
    await sandbox.close();
    expect(await waiting).toBe('cut');
  });

  it('names the faults there are when asked for another', async () => {
    await expect(startAwsBackupSandbox({ faults: ['fire'] })).rejects.toThrow(/"fire".*aws-throttle, aws-unavailable/);
    expect(Object.keys(awsBackupFaults)).toContain('aws-slow');
  });
});
