import { describe, expect, it } from 'vitest';
import { ago } from '../support/live.js';
import { type AccountHeld, type Case, type ClusterHeld, expectEverywhere } from '../support/surfaces.js';
import { pointArn, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import { type Wire, cluster, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

/** One moment for all records, so that times may be compared. */
const now = ago(0);
const hoursAgo = (hours: number): number => now - hours * 3_600_000_000;
const text = (at: number): string => new Date(at / 1000).toISOString();
const seconds = (at: number): number => at / 1_000_000;
const [EAST, WEST] = [1001, 1002];
const ofEast = { clusterId: EAST, clusterIncarnationId: 1, id: 7 };
const ofWest = { clusterId: WEST, clusterIncarnationId: 2, id: 30 };
const local = { type: 'kLocal' };

/** A copy of vm-9, to another cluster unless said otherwise. */
const copy = (taskId: number, startedAt: number | null, overrides: Wire = {}, task: Wire = {}): Wire => {
  const started = startedAt === null ? 0 : startedAt;
  return wireCopyRun(taskId, {
    runStartTimeUsecs: started,
    copySnapshotTasks: [
      wireTask(wireSource(9), {
        taskStartTimeUsecs: started,
        taskEndTimeUsecs: 0,
        ...(overrides['status'] === undefined ? {} : { status: overrides['status'] }),
        ...task,
      }),
    ],
    ...overrides,
  });
};

const run = (jobId: number, startedAt: number | null, copies: readonly Wire[], backup: Wire = {}): Wire =>
  wireRunOf(jobId, startedAt ?? 0, {
    backupRun: {
      jobRunId: 4711,
      runType: 'kRegular',
      status: 'kSuccess',
      stats: { startTimeUsecs: startedAt ?? 0 },
      ...backup,
    },
    copyRun: copies,
  });

const east = (...runs: readonly Wire[]): Readonly<Record<string, ClusterHeld>> => ({
  'dc-east': { id: EAST, runs, sources: [wireSource(9)] },
});

const copyRunId = (jobId: number, run: number | string, taskId: number): string =>
  `CopyRun:dc-east:${jobId}:${run}:${cluster.clusterId}:${cluster.clusterIncarnationId}:${taskId}`;
const object = 'ProtectedObject:dc-east:9';

const account = '111122223333';
const [home, away] = [vaultArn('us-east-1', account, 'home'), vaultArn('us-west-2', account, 'away')];
const disk = `arn:aws:ec2:us-east-1:${account}:volume/disk`;
const diskId = `ProtectedObject:aws-east:${encodeURIComponent(disk)}`;
const jobId = (id: string): string => `CopyJob:aws-east:${id}`;

const job = (id: string, hours: number, overrides: Wire = {}): Wire =>
  wireCopyJob(id, {
    State: 'COMPLETED',
    CreationDate: seconds(hoursAgo(hours)),
    CompletionDate: seconds(hoursAgo(hours)) + 600,
    ResourceArn: disk,
    ResourceType: 'EBS',
    SourceBackupVaultArn: home,
    SourceRecoveryPointArn: pointArn('us-east-1', `${id}-from`),
    DestinationBackupVaultArn: away,
    DestinationRecoveryPointArn: pointArn('us-west-2', id),
    ...overrides,
  });

/** An account in two Regions: the jobs of one, whose copies are in the other. */
const accounts = (
  copyJobs: readonly Wire[],
  points: readonly Wire[] = [],
  vault: Wire = {},
  sources: readonly Wire[] = [],
): Readonly<Record<string, AccountHeld>> => ({
  'aws-east': { region: 'us-east-1', copyJobs, vaults: [wireVault('us-east-1', account, 'home')], points: sources },
  'aws-west': { region: 'us-west-2', vaults: [wireVault('us-west-2', account, 'away', vault)], points },
});
const point = (id: string, hours: number, overrides: Wire = {}): Wire =>
  wirePoint(away, pointArn('us-west-2', id), seconds(hoursAgo(hours)), overrides);

const finds = (filter: string): string => `copies(filter: { ${filter} }) { totalCount }`;

const times = 'startedAt endedAt expiresAt';
const noTimes = { startedAt: null, endedAt: null, expiresAt: null };
const since = (hours: number): string => `"${text(hoursAgo(hours))}"`;
const posture = 'copyPosture { copies offsite }';

/** The effect of each rule on records, for every query that asks for them. */
const rules: Readonly<Record<string, Case>> = {
  'a time of 0 is not told, and a copy without a start takes that of its run': {
    clusters: east(
      run(7, hoursAgo(2), [copy(501, null, { status: 'kAccepted', expiryTimeUsecs: 0 })]),
      run(8, null, [copy(601, null, { status: 'kAccepted', expiryTimeUsecs: -1 })]),
      run(9, hoursAgo(3), [copy(701, hoursAgo(3), { expiryTimeUsecs: 0 })]),
    ),
    accounts: accounts([job('J1', 0, { State: 'CREATED', CreationDate: 0, CompletionDate: 0 })]),
    fields: times,
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'QUEUED', ...noTimes, startedAt: text(hoursAgo(2)) },
      { id: copyRunId(8, '%404711', 601), state: 'QUEUED', ...noTimes },
      { id: copyRunId(9, hoursAgo(3), 701), state: 'SUCCEEDED', ...noTimes, startedAt: text(hoursAgo(3)) },
      { id: jobId('J1'), state: 'QUEUED', ...noTimes },
    ],
    objectFields: posture,
    objects: [
      { id: object, copyPosture: { copies: 0, offsite: false } }, // an expiry of 0 is none
      { id: diskId, copyPosture: { copies: 0, offsite: false } },
    ],
  },

  'a finished record without an end may have ended since': {
    clusters: east(
      run(7, hoursAgo(30), [copy(501, hoursAgo(30), { status: 'kFailure' })]),
      run(8, hoursAgo(31), [copy(601, hoursAgo(31), { status: 'kFailure', stats: { endTimeUsecs: hoursAgo(29) } })]),
    ),
    accounts: accounts([
      job('J1', 30, { State: 'FAILED', CompletionDate: undefined }),
      job('J2', 30, { State: 'FAILED', CompletionDate: seconds(hoursAgo(29)) }),
    ]),
    filter: `states: [FAILED], endedAfter: ${since(24)}`,
    fields: 'endedAt',
    copies: [
      { id: copyRunId(7, hoursAgo(30), 501), state: 'FAILED', endedAt: null },
      { id: jobId('J1'), state: 'FAILED', endedAt: null },
    ],
    hidden: [
      { id: copyRunId(8, hoursAgo(31), 601), state: 'FAILED', endedAt: text(hoursAgo(29)) },
      { id: jobId('J2'), state: 'FAILED', endedAt: text(hoursAgo(29)) },
    ],
    objectFields: finds(`states: [FAILED], endedAfter: ${since(24)}`),
    objects: [
      { id: object, copies: { totalCount: 2 } }, // its tasks, of which neither has an end
      { id: diskId, copies: { totalCount: 1 } },
    ],
  },

  'states that are all unfinished reach back as far as the gateway looks': {
    clusters: east(run(7, hoursAgo(40), [copy(501, hoursAgo(40), { status: 'kRunning' })])),
    accounts: accounts([job('J1', 40, { State: 'RUNNING', CompletionDate: undefined })]),
    filter: 'states: [QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN]',
    copies: [
      { id: copyRunId(7, hoursAgo(40), 501), state: 'RUNNING' },
      { id: jobId('J1'), state: 'RUNNING' },
    ],
    objectFields: finds('states: [QUEUED, RUNNING, CANCELING, ON_HOLD, UNKNOWN]'),
    objects: [
      { id: object, copies: { totalCount: 1 } },
      { id: diskId, copies: { totalCount: 1 } },
    ],
  },

  'a replica’s local copy is told by its owner, its archive by nobody else': {
    clusters: {
      'dc-east': {
        id: EAST,
        runs: [
          {
            ...run(7, hoursAgo(2), [copy(501, hoursAgo(2), { target: local }), copy(502, hoursAgo(2))]),
            jobUid: ofEast,
          },
        ],
        jobs: [{ id: 7, uid: ofEast, name: 'Gold', sourceIds: [9] }],
        sources: [wireSource(9)],
      },
      'dc-west': {
        id: WEST,
        runs: [
          {
            ...run(29, hoursAgo(2), [
              copy(601, hoursAgo(2), { target: local }),
              copy(602, hoursAgo(2), {
                target: { type: 'kArchival', archivalTarget: { vaultId: 3, vaultName: 'tape' } },
              }),
            ]),
            jobUid: ofEast,
          },
        ],
        jobs: [
          { id: 29, uid: ofEast, name: 'Gold', isActive: false, sourceIds: [9] },
          { id: 30, uid: ofWest, name: 'Own', sourceIds: [] },
        ],
        sources: [wireSource(9)],
      },
    },
    fields: 'target { kind } ... on CopyRun { isReplica }',
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'SUCCEEDED', target: { kind: 'LOCAL' }, isReplica: false },
      { id: copyRunId(7, hoursAgo(2), 502), state: 'SUCCEEDED', target: { kind: 'REMOTE' }, isReplica: false },
      {
        id: copyRunId(29, hoursAgo(2), 602).replace('dc-east', 'dc-west'),
        state: 'SUCCEEDED',
        target: { kind: 'ARCHIVAL' },
        isReplica: true,
      },
    ],
    hidden: [
      {
        id: copyRunId(29, hoursAgo(2), 601).replace('dc-east', 'dc-west'),
        state: 'SUCCEEDED',
        target: { kind: 'LOCAL' },
        isReplica: true,
      },
    ],
    objectFields: 'copyPosture { copies sites }',
    objects: [{ id: object, copyPosture: { copies: 3, sites: 3 } }],
  },

  'a snapshot that was deleted is no good copy': {
    clusters: east(
      run(7, hoursAgo(2), [copy(501, hoursAgo(2), { target: local }), copy(502, hoursAgo(2))], {
        snapshotsDeleted: true,
      }),
    ),
    fields: '... on CopyRun { snapshotDeleted }',
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'SUCCEEDED', snapshotDeleted: true },
      { id: copyRunId(7, hoursAgo(2), 502), state: 'SUCCEEDED', snapshotDeleted: null },
    ],
    objectFields: `${posture} copyTargets { target { kind } lastSuccessfulCopy { state } }`,
    objects: [
      {
        id: object,
        copyPosture: { copies: 1, offsite: true },
        copyTargets: [
          { target: { kind: 'LOCAL' }, lastSuccessfulCopy: null },
          { target: { kind: 'REMOTE' }, lastSuccessfulCopy: { state: 'SUCCEEDED' } },
        ],
      },
    ],
  },

  'a copy on legal hold is good after its expiry': {
    clusters: east(
      run(7, hoursAgo(4), [
        copy(501, hoursAgo(4), { expiryTimeUsecs: hoursAgo(1), holdForLegalPurpose: true }),
        copy(502, hoursAgo(4), { expiryTimeUsecs: hoursAgo(1), target: local }),
      ]),
    ),
    fields: 'expiresAt ... on CopyRun { holdForLegalPurpose }',
    copies: [
      {
        id: copyRunId(7, hoursAgo(4), 501),
        state: 'SUCCEEDED',
        expiresAt: text(hoursAgo(1)),
        holdForLegalPurpose: true,
      },
      {
        id: copyRunId(7, hoursAgo(4), 502),
        state: 'SUCCEEDED',
        expiresAt: text(hoursAgo(1)),
        holdForLegalPurpose: null,
      },
    ],
    objectFields: posture,
    objects: [{ id: object, copyPosture: { copies: 1, offsite: true } }],
  },

  'a copy of AWS expires as its recovery point does, and is no good copy without one': {
    accounts: accounts(
      [job('J1', 2), job('J2', 3), job('J3', 4)],
      [
        point('J1', 24, { CalculatedLifecycle: { DeleteAt: seconds(hoursAgo(-24)) } }),
        point('J2', 24, { CalculatedLifecycle: { DeleteAt: seconds(hoursAgo(1)) } }),
      ],
    ),
    fields: 'expiresAt ... on CopyJob { destinationRecoveryPoint { status } }',
    copies: [
      {
        id: jobId('J1'),
        state: 'SUCCEEDED',
        expiresAt: text(hoursAgo(-24)),
        destinationRecoveryPoint: { status: 'COMPLETED' },
      },
      {
        id: jobId('J2'),
        state: 'SUCCEEDED',
        expiresAt: text(hoursAgo(1)),
        destinationRecoveryPoint: { status: 'COMPLETED' },
      },
      { id: jobId('J3'), state: 'SUCCEEDED', expiresAt: null, destinationRecoveryPoint: null },
    ],
    objectFields: posture,
    objects: [{ id: diskId, copyPosture: { copies: 1, offsite: true } }],
  },

  'the lag of a copy counts from the time of its data, not of its copying': {
    clusters: east(run(7, hoursAgo(5), [copy(501, hoursAgo(1))])),
    accounts: accounts([job('J1', 1)], [point('J1', 6)], {}, [
      wirePoint(home, pointArn('us-east-1', 'J1-from'), seconds(hoursAgo(6))),
    ]),
    fields: 'startedAt',
    copies: [
      { id: copyRunId(7, hoursAgo(5), 501), state: 'SUCCEEDED', startedAt: text(hoursAgo(1)) },
      { id: jobId('J1'), state: 'SUCCEEDED', startedAt: text(hoursAgo(1)) },
    ],
    objectFilter: 'offsiteLagOver: 14400', // four hours
    objectFields: 'copyTargets { copyLagSeconds }',
    objects: [
      { id: object, copyTargets: [{ copyLagSeconds: expect.closeTo(5 * 3600, -3) }] },
      { id: diskId, copyTargets: [{ copyLagSeconds: expect.closeTo(6 * 3600, -3) }] },
    ],
  },

  'a lock that can be lifted makes no copy immutable': {
    accounts: accounts([job('J1', 2)], [point('J1', 24)], {
      Locked: true,
      LockDate: seconds(hoursAgo(-24)),
    }),
    clusters: east(
      run(7, hoursAgo(4), [
        copy(501, hoursAgo(4), {
          dataLockConstraints: { expiryTimeUsecs: hoursAgo(-24), wormRetentionType: 'kCompliance' },
        }),
      ]),
    ),
    fields: `... on CopyRun { dataLockConstraints { wormRetentionType } }
      ... on CopyJob { destinationRecoveryPoint { vault { locked } } }`,
    copies: [
      {
        id: copyRunId(7, hoursAgo(4), 501),
        state: 'SUCCEEDED',
        dataLockConstraints: { wormRetentionType: 'COMPLIANCE' },
      },
      { id: jobId('J1'), state: 'SUCCEEDED', destinationRecoveryPoint: { vault: { locked: true } } },
    ],
    objectFields: 'copyPosture { immutable locked }',
    objects: [
      { id: object, copyPosture: { immutable: true, locked: true } },
      { id: diskId, copyPosture: { immutable: false, locked: true } },
    ],
  },

  'a failure has the vendor’s own category, else that of its text without the names in it': {
    clusters: east(
      run(7, hoursAgo(2), [
        copy(
          501,
          hoursAgo(2),
          { status: 'kFailure', error: "Access denied by the policy of '/net/timeout/share'" },
          {
            error: "Access denied by the policy of '/net/timeout/share'",
          },
        ),
      ]),
    ),
    accounts: accounts([
      job('J1', 2, { State: 'FAILED', MessageCategory: 'AccessDenied', StatusMessage: 'The policy says no' }),
      job('J2', 2, { State: 'FAILED', StatusMessage: 'Connection timed out' }),
    ]),
    filter: 'failureCategories: [ACCESS]',
    fields: 'failureCategory',
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'FAILED', failureCategory: 'ACCESS' },
      { id: jobId('J1'), state: 'FAILED', failureCategory: 'ACCESS' },
    ],
    hidden: [{ id: jobId('J2'), state: 'FAILED', failureCategory: 'TARGET_UNREACHABLE' }],
    objectFields: finds('failureCategories: [ACCESS]'),
    objects: [
      { id: object, copies: { totalCount: 1 } },
      { id: diskId, copies: { totalCount: 1 } },
    ],
  },

  'several accounts are those of each, and no third': {
    accounts: accounts([
      job('J1', 2),
      job('J2', 2, { AccountId: '444455556666' }),
      job('J3', 2, { AccountId: '777788889999' }),
    ]),
    filter: 'types: [COPY_JOB], accountIds: ["111122223333", "444455556666"]',
    fields: '... on CopyJob { accountId }',
    copies: [
      { id: jobId('J1'), state: 'SUCCEEDED', accountId: '111122223333' },
      { id: jobId('J2'), state: 'SUCCEEDED', accountId: '444455556666' },
    ],
    objectFields: 'copyPosture { copies }', // of the upstream's own account
    objects: [{ id: diskId, copyPosture: { copies: 0 } }],
  },

  'the objects of a tenant’s job are there, copied or not': {
    clusters: {
      'dc-east': {
        id: EAST,
        jobs: [{ id: 7, name: 'Of a tenant', tenantId: 'tenant-1', sourceIds: [9] }],
        sources: [wireSource(9)],
      },
    },
    copies: [],
    objectFields: posture,
    objects: [{ id: object, copyPosture: { copies: 0, offsite: false } }],
  },

  'a cluster that is too slow for all jobs at once is asked job by job': {
    clusters: {
      'dc-east': {
        id: EAST,
        slow: true,
        runs: [run(7, hoursAgo(2), [copy(501, hoursAgo(2))]), run(8, hoursAgo(3), [copy(601, hoursAgo(3))])],
        jobs: [7, 8].map((id) => ({ id, name: `Job ${id}` })),
        sources: [wireSource(9)],
      },
    },
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'SUCCEEDED' },
      { id: copyRunId(8, hoursAgo(3), 601), state: 'SUCCEEDED' },
    ],
    objectFields: posture,
    objects: [{ id: object, copyPosture: { copies: 2, offsite: true } }],
  },

  'a record that nobody can read is missing, and every answer says so': {
    clusters: east(
      run(7, hoursAgo(2), [copy(501, hoursAgo(2))]),
      run(8, hoursAgo(3), [copy(601, hoursAgo(3), { taskUid: 'not an object' })]),
    ),
    accounts: accounts([job('J1', 2), job('J2', 2, { IsParent: 'perhaps' })], [point('J1', 3)]),
    copies: [
      { id: copyRunId(7, hoursAgo(2), 501), state: 'SUCCEEDED' },
      { id: jobId('J1'), state: 'SUCCEEDED' },
    ],
    objectFields: posture,
    objects: [
      { id: object, copyPosture: { copies: 1, offsite: true } },
      { id: diskId, copyPosture: { copies: 1, offsite: true } },
    ],
    reasons: ['UNREADABLE'],
    errors: ['_entities UPSTREAM_BAD_RESPONSE'],
  },
};

describe('in lists, sums, objects, streams and references from other subgraphs alike', () => {
  it.each(Object.entries(rules))('%s', (_rule, asked) => expectEverywhere(asked));
});
