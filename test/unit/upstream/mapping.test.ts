import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseId } from '../../../src/domain/global-id.js';
import { formatDateTime, micros } from '../../../src/domain/micros.js';
import { WireCopyJob, toCopyJob } from '../../../src/upstream/aws-backup/copy-job.js';
import { WireProtectionJob, toProtectionJob } from '../../../src/upstream/cohesity/protection-job.js';
import { WireProtectionRun, toProtectionRun } from '../../../src/upstream/cohesity/protection-run.js';

const observedAt = micros(1_714_528_800_123_456);

/** A member that is there, null or left out. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof({ weight: 4, arbitrary: value }, fc.constantFrom(null, undefined));

const id = fc.oneof(fc.nat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
const text = maybe(fc.string({ unit: 'grapheme', maxLength: 40 }));
const word = maybe(
  fc.constantFrom('kSuccess', 'kRunning', 'kFailure', 'kArchival', 'kLocal', 'kRemote', 'kFuture', 'constructor', ''),
);
const time = maybe(fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n })));
const flag = maybe(fc.boolean());

const stats = maybe(
  fc.record({ startTimeUsecs: time, endTimeUsecs: time, logicalSizeBytes: maybe(id), isIncremental: flag }),
);
const source = maybe(
  fc.record({
    id: maybe(id),
    name: text,
    environment: text,
    parentId: maybe(id),
    xProtectionSource: maybe(fc.jsonValue()),
  }),
);
const task = maybe(
  fc.record({ source, status: word, stats, taskStartTimeUsecs: time, taskEndTimeUsecs: time, error: text }),
);
const cloud = maybe(
  fc.record({
    id: maybe(id),
    type: word,
    awsParams: maybe(fc.record({ region: maybe(id) })),
    azureParams: maybe(fc.constant({})),
  }),
);
const copyRun = maybe(
  fc.record({
    taskUid: maybe(fc.record({ clusterId: maybe(id), clusterIncarnationId: maybe(id), id: maybe(id) })),
    status: word,
    target: maybe(fc.record({ type: word, cloudReplicationTarget: cloud })),
    runStartTimeUsecs: time,
    expiryTimeUsecs: time,
    stats,
    copySnapshotTasks: maybe(fc.array(task, { maxLength: 4 })),
    dataLockConstraints: maybe(fc.record({ expiryTimeUsecs: time, wormRetentionType: word })),
    legalHoldings: maybe(
      fc.array(maybe(fc.record({ protectionSourceId: maybe(id), holdForLegalPurpose: flag })), { maxLength: 3 }),
    ),
    error: text,
  }),
);
const shell = maybe(
  fc.record({ jobRunId: maybe(id), runType: word, status: word, startTimeUsecs: time, endTimeUsecs: time }),
);
const run = fc.record({
  jobId: maybe(id),
  jobName: text,
  backupRun: maybe(fc.record({ status: word, stats })),
  protectionShellInfo: shell,
  copyRun: maybe(fc.array(copyRun, { maxLength: 5 })),
});

const date = maybe(fc.date({ noInvalidDate: true }));
const count = maybe(fc.maxSafeInteger());
const copyJob = fc.record({
  CopyJobId: text,
  State: maybe(fc.constantFrom('CREATED', 'FAILED', 'ABORTED', '__proto__')),
  CreationDate: date,
  CompletionDate: date,
  BackupSizeInBytes: count,
  ResourceArn: text,
  ResourceName: text,
  StatusMessage: text,
  SourceBackupVaultArn: maybe(fc.oneof(fc.string(), fc.constant('arn:aws:backup:us-east-1:1:backup-vault:x'))),
  DestinationBackupVaultArn: maybe(fc.oneof(fc.string(), fc.constant('arn:aws:backup:us-west-2:1:backup-vault:x'))),
  DestinationRecoveryPointLifecycle: maybe(fc.record({ DeleteAfterDays: count })),
  CreatedBy: maybe(fc.record({ BackupPlanId: text })),
  ChildJobsInState: maybe(fc.dictionary(fc.string(), fc.nat())),
  IsParent: flag,
});

/** Every id in what a mapping made. */
const idsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) =>
    member === 'details' ? [] : member === 'id' && typeof inner === 'string' ? [inner] : idsIn(inner),
  );
};

/** Every time of an activity, as it will be shown. */
const show = ({
  startedAt,
  endedAt,
  expiresAt,
}: {
  startedAt: unknown;
  endedAt: unknown;
  expiresAt?: unknown;
}): void => {
  for (const at of [startedAt, endedAt, expiresAt]) if (typeof at === 'number') formatDateTime(micros(at));
};

describe('the mapping of whatever fits the description', () => {
  it('of a Cohesity run never throws, and gives ids that are taken again', () => {
    fc.assert(
      fc.property(run, fc.boolean(), (wire, tasksLeftOut) => {
        const read = toProtectionRun(WireProtectionRun.parse(wire), { upstream: 'dc-east', observedAt, tasksLeftOut });
        if (read === null) return;
        for (const one of idsIn(read)) expect(parseId(one), one).not.toBeNull();
        for (const activity of [read.shell, ...read.copyRuns, ...read.copyRuns.flatMap(({ tasks }) => tasks ?? [])])
          show(activity);
        expect(new Set(read.copyRuns.map((copy) => copy.run))).toEqual(
          new Set(read.copyRuns.length > 0 ? [read.run] : []),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('of a Cohesity run gives each copy an id of its own, unless the task ids are equal', () => {
    const uid = (number: number) => ({ clusterId: 1, clusterIncarnationId: 2, id: number });
    const copies = [
      { taskUid: uid(1) },
      {},
      { target: { type: 'kArchival' } },
      { target: { type: 'kArchival' } },
      { taskUid: uid(2) },
    ];
    const wire = WireProtectionRun.parse({ jobId: 7, backupRun: { stats: { startTimeUsecs: 1 } }, copyRun: copies });
    const read = toProtectionRun(wire, { upstream: 'u', observedAt, tasksLeftOut: false });
    expect(new Set(read?.copyRuns.map((copy) => copy.id)).size).toBe(copies.length);
  });

  it('of a protection job never throws, and gives ids that are taken again', () => {
    const job = fc.record({
      id: maybe(id),
      name: text,
      sourceIds: maybe(fc.array(maybe(id))),
      isActive: flag,
      creationTimeUsecs: time,
      policyAppliedTimeMsecs: count,
    });
    fc.assert(
      fc.property(job, (wire) => {
        const read = toProtectionJob(WireProtectionJob.parse(wire), 'dc-east', observedAt);
        for (const one of idsIn(read)) expect(parseId(one), one).not.toBeNull();
      }),
    );
  });

  it('of a copy job never throws, and gives ids that are taken again', () => {
    fc.assert(
      fc.property(copyJob, (wire) => {
        const job = toCopyJob(WireCopyJob.parse(wire), 'aws-prod', observedAt);
        if (job === null) return;
        show(job);
        expect(parseId(job.id)?.parts).toEqual([job.copyJobId]);
      }),
      { numRuns: 500 },
    );
  });
});
