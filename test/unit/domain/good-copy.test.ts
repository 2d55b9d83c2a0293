import { describe, expect, it } from 'vitest';
import type { CopyRun } from '../../../src/domain/copy-run.js';
import type { CopySnapshotTask } from '../../../src/domain/copy-snapshot-task.js';
import { isGoodSnapshot } from '../../../src/domain/good-copy.js';
import { micros } from '../../../src/domain/micros.js';
import { noPoints, worthOfJob } from '../../../src/domain/recovery-point.js';
import { WireProtectionRun, toProtectionRun } from '../../../src/upstream/cohesity/protection-run.js';
import { jobOf, toJob } from '../../support/estate.js';
import { type Wire, after, start, wireCopyRun, wireRun, wireSource, wireTask } from '../../support/wire.js';

const now = micros(after(3600));
const past = after(3000);
const ahead = after(4000);

/** A local copy of source 9, and the run it is a part of, as a cluster sends them. */
const mapped = (copy: Wire, backup: Wire = {}): readonly [CopyRun, CopySnapshotTask] => {
  const wire = wireRun({
    backupRun: { jobRunId: 1, status: 'kSuccess', stats: { startTimeUsecs: start }, ...backup },
    copyRun: [wireCopyRun(501, { target: { type: 'kLocal' }, copySnapshotTasks: [wireTask(wireSource(9))], ...copy })],
  });
  const context = { upstream: 'dc-east', observedAt: now, tasksLeftOut: false };
  const [run] = toProtectionRun(WireProtectionRun.parse(wire), context)?.copyRuns ?? [];
  const [task] = run?.tasks ?? [];
  if (run === undefined || task === undefined) throw new Error('a run with a copy has a copy');
  return [run, task];
};

const held = (protectionSourceId: number, holdForLegalPurpose = true): Wire => ({
  legalHoldings: [{ protectionSourceId, holdForLegalPurpose }],
});
const remote: Wire = { target: { type: 'kRemote', replicationTarget: { clusterId: 77 } } };

describe('a copy of a cluster', () => {
  it.each<[string, Wire, Wire, boolean, boolean]>([
    ['without an expiry', {}, {}, true, true],
    ['before its expiry', { expiryTimeUsecs: ahead }, {}, true, true],
    ['at its expiry', { expiryTimeUsecs: now }, {}, false, false],
    ['after its expiry', { expiryTimeUsecs: past }, {}, false, false],
    ['with an expiry of 0', { expiryTimeUsecs: 0 }, {}, false, false],
    ['with an expiry of -1', { expiryTimeUsecs: -1 }, {}, false, false],
    ['expired, and held whole', { expiryTimeUsecs: past, holdForLegalPurpose: true }, {}, true, true],
    ['expired, and its source held', { expiryTimeUsecs: past, ...held(9) }, {}, true, true],
    ['expired, and another source held', { expiryTimeUsecs: past, ...held(8) }, {}, true, false],
    [
      'expired, and held but for its source',
      { expiryTimeUsecs: past, holdForLegalPurpose: true, ...held(9, false) },
      {},
      true,
      false,
    ],
    ['with an expiry of 0, and held', { expiryTimeUsecs: 0, holdForLegalPurpose: true }, {}, false, false],
    ['whose snapshot is there', {}, { snapshotsDeleted: false, metadataDeleted: false }, true, true],
    ['whose snapshot is deleted', {}, { snapshotsDeleted: true }, false, false],
    ['whose metadata is deleted', {}, { snapshotsDeleted: false, metadataDeleted: true }, false, false],
    ['whose snapshot is deleted, and held', { holdForLegalPurpose: true }, { snapshotsDeleted: true }, false, false],
    ['elsewhere, whose local snapshot is deleted', remote, { snapshotsDeleted: true }, true, true],
    ['that ended with warnings', { status: 'kWarning' }, {}, true, true],
    ['that failed', { status: 'kFailure' }, {}, false, true],
    ['that goes on', { status: 'kRunning' }, {}, false, true],
  ])('%s', (_name, copy, backup, run, task) => {
    expect(mapped(copy, backup).map((one) => isGoodSnapshot(one, now))).toEqual([run, task]);
  });

  it.each<[Wire, Wire, boolean | null]>([
    [{}, { snapshotsDeleted: true }, true],
    [{}, { metadataDeleted: true }, true],
    [{}, { snapshotsDeleted: false }, false],
    [{}, { metadataDeleted: false }, null],
    [{}, { snapshotsDeleted: null }, null],
    [{}, {}, null],
    [remote, { snapshotsDeleted: true }, null],
    [{ target: null }, { snapshotsDeleted: true }, null],
  ])('%o of a run with %o says of its snapshot: %s', (copy, backup, deleted) => {
    expect(mapped(copy, backup).map(({ snapshotDeleted }) => snapshotDeleted)).toEqual([deleted, deleted]);
  });
});

describe('a copy job', () => {
  it('that ended well is good as far as its recovery points say', () => {
    const job = { ...toJob('aws-prod', jobOf('J', start)), state: 'SUCCEEDED' } as const;
    expect(worthOfJob(job, now).good).toBe(true);
    expect(worthOfJob(job, now, { ...noPoints, destination: 'GONE' }).good).toBe(false);
    expect(worthOfJob({ ...job, state: 'PARTIAL' }, now).good).toBe(false);
  });
});
