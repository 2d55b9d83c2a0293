import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import { type Wire, wireCopyJob } from '../support/wire.js';

const arn = (rest: string): string => `arn:aws:${rest}`;

/** All 27 members that `DescribeCopyJob` can have. */
const whole: Wire = {
  AccountId: '111122223333',
  CopyJobId: 'F45BBF9B-B18D-6831-62BA-59C12037613D',
  SourceBackupVaultArn: arn('backup:us-east-1:111122223333:backup-vault:Default'),
  SourceRecoveryPointArn: arn('ec2:us-east-1::image/ami-007b3819f25697299'),
  DestinationBackupVaultArn: arn('backup:us-west-2:444455556666:backup-vault:dr'),
  DestinationVaultType: 'BACKUP_VAULT',
  DestinationVaultLockState: 'UNLOCKED',
  DestinationRecoveryPointArn: arn('ec2:us-west-2::image/ami-0eba2199a0bcece3c'),
  DestinationEncryptionKeyArn: arn('kms:us-west-2:444455556666:key/1'),
  DestinationRecoveryPointLifecycle: {
    MoveToColdStorageAfterDays: 7,
    DeleteAfterDays: 100,
    OptInToArchiveForSupportedResources: true,
    DeleteAfterEvent: 'DELETE_AFTER_COPY',
  },
  ResourceArn: arn('ec2:us-east-1:111122223333:instance/i-0bc877aee7782ba75'),
  CreationDate: 1_714_528_800.123,
  CompletionDate: 1_714_532_400.5,
  State: 'PARTIAL',
  StatusMessage: 'Copy job failed. Both source and destination account must be a member of the same organization',
  BackupSizeInBytes: 8_589_934_592,
  IamRoleArn: arn('iam::111122223333:role/service-role/AWSBackupDefaultServiceRole'),
  CreatedBy: {
    BackupPlanId: 'plan-1',
    BackupPlanArn: arn('backup:us-east-1:111122223333:backup-plan:plan-1'),
    BackupPlanVersion: 'Mjc4',
    BackupPlanName: 'nightly',
    BackupRuleId: 'rule-1',
    BackupRuleName: 'gold',
    BackupRuleCron: 'cron(0 5 ? * * *)',
    BackupRuleTimezone: 'Etc/UTC',
  },
  CreatedByBackupJobId: 'backup-job-1',
  ResourceType: 'EC2',
  ParentJobId: 'P1',
  IsParent: true,
  CompositeMemberIdentifier: arn('ec2:us-east-1:111122223333:volume/vol-1'),
  NumberOfChildJobs: 3,
  ChildJobsInState: { COMPLETED: 2, FAILED: 1, ORBITING: 9_007_199_254_740_991 },
  ResourceName: 'web-1',
  MessageCategory: 'InvalidParameters',
};

const creator = `backupPlanId backupPlanArn backupPlanVersion backupPlanName backupRuleId backupRuleName backupRuleCron backupRuleTimezone`;

const fields = `
  id upstream { name } error failureCategory finished upstreamState name progress transferredBytes expiresAt target { name }
  accountId copyJobId sourceBackupVaultArn sourceRecoveryPointArn destinationBackupVaultArn destinationRecoveryPointArn
  resourceArn startedAt endedAt state statusMessage sizeBytes iamRoleArn createdBy { ${creator} } resourceType parentJobId
  isParent compositeMemberIdentifier numberOfChildJobs childJobsInState { state upstreamState count } resourceName
  messageCategory
  destinationVaultType destinationVaultLockState destinationEncryptionKeyArn
  destinationRecoveryPointLifecycle {
    moveToColdStorageAfterDays deleteAfterDays optInToArchiveForSupportedResources deleteAfterEvent
  }
  createdByBackupJobId
  parent { id copyJobId state }
  children { totalCount nodes { id } }
  protectedObject { id name resourceArn resourceType source { id } upstream { name } }
`;

const child = wireCopyJob('C1', { ParentJobId: whole['CopyJobId'] });

describe('CopyJob', () => {
  it('shows all 22 members of the seed, the five that came later, and the graph around them', async () => {
    const products = await startProducts({
      copyJobs: [whole, wireCopyJob('P1', { State: 'RUNNING', IsParent: true }), child],
    });
    const { node, errors } = await readNode(products, `CopyJob:aws-prod:${String(whole['CopyJobId'])}`, fields);
    expect(errors).toEqual([]);
    expect(node).toEqual({
      id: 'CopyJob:aws-prod:F45BBF9B-B18D-6831-62BA-59C12037613D',
      upstream: { name: 'aws-prod' },
      error: whole['StatusMessage'],
      failureCategory: 'POLICY',
      finished: true,
      upstreamState: 'PARTIAL',
      name: 'web-1',
      progress: null,
      transferredBytes: null,
      expiresAt: null, // no upstream of its vaults' accounts is configured
      target: { name: 'dr' },
      accountId: '111122223333',
      copyJobId: 'F45BBF9B-B18D-6831-62BA-59C12037613D',
      sourceBackupVaultArn: whole['SourceBackupVaultArn'],
      sourceRecoveryPointArn: whole['SourceRecoveryPointArn'],
      destinationBackupVaultArn: whole['DestinationBackupVaultArn'],
      destinationRecoveryPointArn: whole['DestinationRecoveryPointArn'],
      resourceArn: whole['ResourceArn'],
      startedAt: '2024-05-01T02:00:00.123Z',
      endedAt: '2024-05-01T03:00:00.500Z',
      state: 'PARTIAL',
      statusMessage: whole['StatusMessage'],
      sizeBytes: '8589934592',
      iamRoleArn: whole['IamRoleArn'],
      createdBy: {
        backupPlanId: 'plan-1',
        backupPlanArn: 'arn:aws:backup:us-east-1:111122223333:backup-plan:plan-1',
        backupPlanVersion: 'Mjc4',
        backupPlanName: 'nightly',
        backupRuleId: 'rule-1',
        backupRuleName: 'gold',
        backupRuleCron: 'cron(0 5 ? * * *)',
        backupRuleTimezone: 'Etc/UTC',
      },
      resourceType: 'EC2',
      parentJobId: 'P1',
      isParent: true,
      compositeMemberIdentifier: whole['CompositeMemberIdentifier'],
      numberOfChildJobs: '3',
      childJobsInState: [
        { state: 'SUCCEEDED', upstreamState: 'COMPLETED', count: '2' },
        { state: 'FAILED', upstreamState: 'FAILED', count: '1' },
        { state: 'UNKNOWN', upstreamState: 'ORBITING', count: '9007199254740991' },
      ],
      resourceName: 'web-1',
      messageCategory: 'InvalidParameters',
      destinationVaultType: 'BACKUP_VAULT',
      destinationVaultLockState: 'UNLOCKED',
      destinationEncryptionKeyArn: whole['DestinationEncryptionKeyArn'],
      destinationRecoveryPointLifecycle: {
        moveToColdStorageAfterDays: '7',
        deleteAfterDays: '100',
        optInToArchiveForSupportedResources: true,
        deleteAfterEvent: 'DELETE_AFTER_COPY',
      },
      createdByBackupJobId: 'backup-job-1',
      parent: { id: 'CopyJob:aws-prod:P1', copyJobId: 'P1', state: 'RUNNING' },
      children: { totalCount: 1, nodes: [{ id: 'CopyJob:aws-prod:C1' }] },
      protectedObject: {
        id: `ProtectedObject:aws-prod:${encodeURIComponent(String(whole['ResourceArn']))}`,
        name: 'web-1',
        resourceArn: whole['ResourceArn'],
        resourceType: 'EC2',
        source: null,
        upstream: { name: 'aws-prod' },
      },
    });
  });

  it('is the same by copyJob(copyJobId), with or without an upstream, and in the list', async () => {
    const CreationDate = Date.now() / 1000 - 60;
    const products = await startProducts({ copyJobs: [{ ...whole, CreationDate }, wireCopyJob('P1')] });
    const { data, errors } = await products.execute(
      `query ($id: String!) {
        here: copyJob(copyJobId: $id, upstream: "aws-prod") { ${fields} }
        anywhere: copyJob(copyJobId: $id) { ${fields} }
        listed: copyJobs { nodes { ${fields} } }
      }`,
      { id: whole['CopyJobId'] },
    );
    expect(errors).toEqual([]);
    expect(data.anywhere).toEqual(data.here);
    expect(data.listed.nodes).toEqual([data.here]);
  });

  it('answers with nulls where AWS leaves members out, or sends null', async () => {
    const nulls = Object.fromEntries(Object.keys(whole).map((name) => [name, null]));
    const products = await startProducts({ copyJobs: [{ ...nulls, CopyJobId: 'J1' }, { CopyJobId: 'J2' }] });
    for (const copyJobId of ['J1', 'J2']) {
      const { node, errors } = await readNode(products, `CopyJob:aws-prod:${copyJobId}`, fields);
      expect(errors).toEqual([]);
      const { id, name, upstream, state, finished, children, ...rest } = node;
      expect({ id, name, upstream, state, finished, children }).toEqual({
        id: `CopyJob:aws-prod:${copyJobId}`,
        name: copyJobId,
        upstream: { name: 'aws-prod' },
        state: 'UNKNOWN',
        finished: false,
        children: { totalCount: 0, nodes: [] },
      });
      expect(rest).toEqual({ ...Object.fromEntries(Object.keys(rest).map((key) => [key, null])), copyJobId });
    }
  });

  it('does not mind members that nobody described, nor empty parts', async () => {
    const odd = {
      CreatedBy: {},
      DestinationRecoveryPointLifecycle: {},
      ChildJobsInState: {},
      FutureMember: { deep: [1] },
    };
    const products = await startProducts({ copyJobs: [wireCopyJob('J1', odd)] });
    const { node, errors } = await readNode(
      products,
      'CopyJob:aws-prod:J1',
      `createdBy { ${creator} } childJobsInState { count }`,
    );
    expect(errors).toEqual([]);
    expect(new Set(Object.values(node.createdBy))).toEqual(new Set([null]));
    expect(node.childJobsInState).toEqual([]);
  });

  it('has sizes as exact as AWS’s SDK gives them: to the digit up to 2^53, rounded beyond', async () => {
    const sizes = [0n, 5_000_000_000_000n, 9_007_199_254_740_991n, 9_007_199_254_740_993n];
    const products = await startProducts({
      copyJobs: sizes.map((BackupSizeInBytes, index) => wireCopyJob(`J${index}`, { BackupSizeInBytes })),
    });
    const { data } = await products.execute(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { sizeBytes } } }',
      {
        ids: sizes.map((_, index) => `CopyJob:aws-prod:J${index}`),
      },
    );
    expect(data.nodes.map(({ sizeBytes }: { sizeBytes: string }) => sizeBytes)).toEqual([
      '0',
      '5000000000000',
      '9007199254740991',
      '9007199254740992',
    ]);
  });

  it('lists the children of a composite newest first, and no others', async () => {
    const children = [1, 3, 2].map((hour) =>
      wireCopyJob(`C${hour}`, { ParentJobId: 'P1', CreationDate: 1_714_528_800 + hour * 3600 }),
    );
    const products = await startProducts({
      copyJobs: [
        wireCopyJob('P1', { IsParent: true, NumberOfChildJobs: 3 }),
        ...children,
        wireCopyJob('X', { ParentJobId: 'P2' }),
      ],
    });
    const { node, errors } = await readNode(
      products,
      'CopyJob:aws-prod:P1',
      'children(first: 2) { totalCount pageInfo { hasNextPage } nodes { copyJobId parent { copyJobId } } }',
    );
    expect(errors).toEqual([]);
    const parent = { copyJobId: 'P1' };
    expect(node.children).toEqual({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [
        { copyJobId: 'C3', parent },
        { copyJobId: 'C2', parent },
      ],
    });
  });

  it('has no parent where AWS has forgotten it', async () => {
    const products = await startProducts({ copyJobs: [wireCopyJob('J1', { ParentJobId: 'GONE' })] });
    const { node, errors } = await readNode(products, 'CopyJob:aws-prod:J1', 'parentJobId parent { id }');
    expect([node, errors]).toEqual([{ parentJobId: 'GONE', parent: null }, []]);
  });

  it('leaves out a job without an id, and says that something is missing', async () => {
    const CreationDate = Date.now() / 1000 - 60;
    const products = await startProducts({
      copyJobs: [wireCopyJob('J1', { CreationDate }), wireCopyJob('', { CopyJobId: null, CreationDate })],
    });
    const { data, errors } = await products.execute(
      '{ copyJobs { nodes { copyJobId } upstreamReports { ok complete error { code } } } }',
    );
    expect(errors).toEqual([]);
    expect(data.copyJobs).toEqual({
      nodes: [{ copyJobId: 'J1' }],
      upstreamReports: [{ ok: true, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }],
    });
  });
});
