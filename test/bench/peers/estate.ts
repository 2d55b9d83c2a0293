/**
 * A made-up estate as both vendors' APIs report it. It has 5,000 copy jobs, one a minute. It has 100 protection jobs
 * with 50 hourly runs each, of three copies with ten tasks. The estate is the same for the same time of the newest
 * record.
 */
const JOBS = 5000;
const CHILDREN = 4500; // ten of each parent
const PARENTS = 450;
const RUNS = 50;
export const PROTECTION_JOBS = 100;
const TASKS = 10;
const CLUSTER = 5001;
const INCARNATION = 1_560_000_000_001;

const accounts = ['111111111111', '222222222222'];
const states = ['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'RUNNING', 'FAILED', 'PARTIAL', 'CREATED'];
const resourceTypes = ['EBS', 'RDS', 'DynamoDB', 'EFS', 'S3'];
const runStates = ['kSuccess', 'kSuccess', 'kSuccess', 'kWarning', 'kFailure', 'kRunning'];
const targets = [
  { type: 'kLocal' },
  { type: 'kRemote', replicationTarget: { clusterId: 8801, clusterName: 'dr-cluster' } },
  { type: 'kArchival', archivalTarget: { vaultId: 77, vaultName: 'aws-glacier', vaultType: 'kCloud' } },
];

/** A copy job as AWS sends it, as far as the bench asks for it. */
export interface WireJob {
  readonly CopyJobId: string;
  readonly CreationDate: number;
  readonly ParentJobId?: string;
  readonly [member: string]: unknown;
}

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T; // none of them is empty

const idOf = (index: number): string => {
  const hex = (index * 2654435761).toString(16).toUpperCase().padStart(12, '0');
  return `${hex.slice(0, 8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;
};

const toJob = (index: number, newest: number): WireJob => {
  const isChild = index < CHILDREN;
  const isParent = !isChild && index < CHILDREN + PARENTS;
  const account = at(accounts, Math.floor(index / 10));
  const created = newest - index * 60 + 0.087;
  const state = at(states, index * 7);
  const point = (region: string, kind: string, name: string) => `arn:aws:backup:${region}:${account}:${kind}:${name}`;
  return {
    AccountId: account,
    CopyJobId: idOf(index),
    SourceBackupVaultArn: point('us-east-1', 'backup-vault', 'primary'),
    SourceRecoveryPointArn: point('us-east-1', 'recovery-point', idOf(index + JOBS)),
    DestinationBackupVaultArn: point('us-west-2', 'backup-vault', `dr-${index % 4}`),
    DestinationRecoveryPointArn: point('us-west-2', 'recovery-point', idOf(index + 2 * JOBS)),
    ResourceArn: `arn:aws:ec2:us-east-1:${account}:volume/vol-${String(index).padStart(17, '0')}`,
    CreationDate: created,
    ...(['COMPLETED', 'FAILED', 'PARTIAL'].includes(state) && { CompletionDate: created + 30 + (index % 900) }),
    State: state,
    StatusMessage: state === 'FAILED' ? 'Access denied trying to call AWS Backup service' : '',
    BackupSizeInBytes: 1_073_741_824 + index * 4096,
    IamRoleArn: `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`,
    CreatedBy: { BackupPlanId: `plan-${index % 20}`, BackupRuleId: `rule-${index % 60}` },
    ResourceType: isParent ? 'CloudFormation' : at(resourceTypes, index),
    IsParent: isParent,
    ResourceName: `resource-${index}`,
    MessageCategory: state === 'FAILED' ? 'AccessDenied' : 'SUCCESS',
    ...(isChild && { ParentJobId: idOf(CHILDREN + Math.floor(index / 10)) }),
    ...(isParent && { NumberOfChildJobs: 10, ChildJobsInState: { COMPLETED: 6, RUNNING: 2, FAILED: 2 } }),
  };
};

const statsOf = (start: number, count: number) => ({
  startTimeUsecs: start,
  endTimeUsecs: start + 45_000_000,
  isIncremental: count % 4 !== 0,
  logicalBytesTransferred: 5e8 + count * 512,
  logicalSizeBytes: 1e10 + count * 4096,
  logicalTransferRateBps: 125_000_000,
  physicalBytesTransferred: 2e8 + count * 128,
});

const uidOf = (id: number) => ({ clusterId: CLUSTER, clusterIncarnationId: INCARNATION, id });

export const sourceOf = (job: number, task: number) => ({
  id: job * 100 + task,
  name: `vm-${job}-${task}`,
  environment: 'kVMware',
  parentId: job,
  vmWareProtectionSource: { name: `vm-${job}-${task}`, type: 'kVirtualMachine' },
});

const taskOf = (job: number, count: number, task: number, start: number) => ({
  source: sourceOf(job, task),
  stats: statsOf(start + 1_000_000, task),
  status: at(runStates, count + task),
  taskStartTimeUsecs: start + 1_000_000 + task * 1000,
  taskEndTimeUsecs: start + 46_000_000 + task * 1000,
});

const copyOf = (job: number, run: number, copy: number, begun: number, runId: number) => {
  const start = begun + 60_000_000;
  return {
    runStartTimeUsecs: start,
    status: at(runStates, run + copy),
    target: at(targets, copy),
    taskUid: uidOf(runId * 10 + copy),
    expiryTimeUsecs: begun + 2_592_000_000_000,
    holdForLegalPurpose: false,
    stats: statsOf(start, run + copy),
    copySnapshotTasks: Array.from({ length: TASKS }, (_, task) => taskOf(job, run + copy, task, start)),
  };
};

const toRun = (job: number, run: number, newest: number) => {
  const begun = newest * 1_000_000 - run * 3_600_000_000 - job * 1_000_000;
  const runId = job * 1000 + run;
  return {
    jobId: job,
    jobName: `protect-${job}`,
    jobUid: uidOf(job),
    viewBoxId: 5,
    backupRun: {
      jobRunId: runId,
      runType: run % 7 === 0 ? 'kFull' : 'kRegular',
      status: at(runStates, run),
      slaViolated: false,
      stats: {
        startTimeUsecs: begun,
        endTimeUsecs: begun + 60_000_000,
        totalBytesReadFromSource: 9e8,
        totalLogicalBackupSizeBytes: 1e10,
        totalPhysicalBackupSizeBytes: 3e8,
      },
    },
    copyRun: targets.map((_, copy) => copyOf(job, run, copy, begun, runId)),
  };
};

export type WireRun = ReturnType<typeof toRun>;

export const protectionJobOf = (job: number, newest: number) => ({
  id: job,
  uid: uidOf(job),
  name: `protect-${job}`,
  description: `Protects group ${job}`,
  environment: 'kVMware',
  policyId: `${CLUSTER}:${INCARNATION}:${job}0`,
  viewBoxId: 5,
  parentSourceId: job,
  sourceIds: Array.from({ length: TASKS }, (_, task) => job * 100 + task),
  creationTimeUsecs: (newest - 31_536_000) * 1_000_000,
  modificationTimeUsecs: (newest - 2_592_000) * 1_000_000,
});

export const cluster = (newest: number) => ({
  id: CLUSTER,
  incarnationId: INCARNATION,
  name: 'bench-cluster',
  clusterSoftwareVersion: '7.1.2_u1',
  timezone: 'UTC',
  currentTimeMsecs: (newest + 60) * 1000,
});

export const createEstate = (newest: number) => ({
  jobs: Array.from({ length: JOBS }, (_, index) => toJob(index, newest)), // newest first
  /** Newest first, those of one hour by their job. */
  runs: Array.from({ length: RUNS * PROTECTION_JOBS }, (_, index) =>
    toRun((index % PROTECTION_JOBS) + 1, Math.floor(index / PROTECTION_JOBS), newest),
  ),
});
