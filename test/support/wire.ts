/** Any JSON object of an upstream; a `bigint` in it is an integer beyond 2^53. */
export type Wire = Readonly<Record<string, unknown>>;

/** 2024-05-01T02:00:00.123456Z, when the run of these records started; in microseconds. */
export const start = 1_714_528_800_123_456;

const second = 1_000_000;

/** So many seconds after `start`, in microseconds. */
export const after = (seconds: number): number => start + seconds * second;

/** 2^53 + 1, which a double cannot distinguish from 2^53. */
export const beyond = 9_007_199_254_740_993n;

export const cluster = { clusterId: 8621173906188849, clusterIncarnationId: 1538852526333 };

export const wireSource = (id: number | bigint, overrides: Wire = {}): Wire => ({
  id,
  name: `vm-${id}`,
  environment: 'kVMware',
  parentId: 2,
  vmWareProtectionSource: { type: 'kVirtualMachine' },
  ...overrides,
});

export const wireTask = (source: Wire | null, overrides: Wire = {}): Wire => ({
  source,
  status: 'kSuccess',
  taskStartTimeUsecs: after(60),
  taskEndTimeUsecs: after(90),
  ...overrides,
});

/** A copy of the run to another cluster, whose task has that number. */
export const wireCopyRun = (taskId: number | bigint, overrides: Wire = {}): Wire => ({
  taskUid: { ...cluster, id: taskId },
  status: 'kSuccess',
  target: { type: 'kRemote', replicationTarget: { clusterId: 77, clusterName: 'dr-west' } },
  runStartTimeUsecs: start,
  copySnapshotTasks: [],
  ...overrides,
});

/** A run of job 7. */
export const wireRun = (overrides: Wire = {}): Wire => ({
  jobId: 7,
  jobName: 'VM Gold',
  backupRun: {
    jobRunId: 4711,
    runType: 'kRegular',
    status: 'kSuccess',
    stats: { startTimeUsecs: start, endTimeUsecs: after(30) },
  },
  copyRun: [wireCopyRun(501)],
  ...overrides,
});

/** A run of any job at any time, with no other members of interest. */
export const wireRunOf = (jobId: number, startTimeUsecs: number, overrides: Wire = {}): Wire =>
  wireRun({
    jobId,
    jobName: `Job ${jobId}`,
    backupRun: { jobRunId: 1, runType: 'kRegular', status: 'kSuccess', stats: { startTimeUsecs } },
    copyRun: [wireCopyRun(501, { runStartTimeUsecs: startTimeUsecs })],
    ...overrides,
  });

/** The key that ids of `wireRun` and its copies begin with, behind the type. */
export const runKey = `dc-east:7:${start}`;
export const copyRunKey = `${runKey}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`;

const vault = (region: string, account: string, name: string): string =>
  `arn:aws:backup:${region}:${account}:backup-vault:${name}`;

/** A copy job as the REST API sends it: times are seconds, with milliseconds behind the point. */
export const wireCopyJob = (copyJobId: string, overrides: Wire = {}): Wire => ({
  CopyJobId: copyJobId,
  AccountId: '111122223333',
  State: 'COMPLETED',
  SourceBackupVaultArn: vault('us-east-1', '111122223333', 'Default'),
  DestinationBackupVaultArn: vault('us-west-2', '111122223333', 'dr'),
  ResourceArn: 'arn:aws:ec2:us-east-1:111122223333:instance/i-0bc877aee7782ba75',
  CreationDate: 1_714_528_800.123,
  CompletionDate: 1_714_532_400.5,
  ...overrides,
});
