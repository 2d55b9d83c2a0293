import { backupEndOf, backupRunWire } from './backup-run-v1.js';
import { copyRunWire, isQueued } from './copy-run-v1.js';
import type { Wire } from './json.js';
import { withQuirk } from './quirk.js';
import type { Run } from './run.js';
import { statusAt } from './timeline.js';
import type { World } from './world.js';

const head = ({ job }: Run): Wire => ({ jobId: job.id, jobName: job.name, jobUid: job.uid, viewBoxId: job.viewBoxId });

/** A run in the form of `protectionRuns`. */
export const runWire = (world: World, run: Run, excludeTasks: boolean): Wire => {
  const copies = run.copies
    .filter((copy) => isQueued(copy, world.now))
    .map((copy) => copyRunWire(world, run, copy, excludeTasks));
  return withQuirk(run, { ...head(run), backupRun: backupRunWire(world, run, excludeTasks) }, copies);
};

/** A run in the form of `onlyReturnShellInfo`. */
export const shellWire = (world: World, run: Run): Wire => {
  const status = statusAt(run.backup, world.now);
  return {
    ...head(run),
    protectionShellInfo: {
      jobRunId: run.jobRunId,
      runType: run.runType,
      status,
      startTimeUsecs: run.start,
      endTimeUsecs: backupEndOf(run, world.now),
      error: status === 'kFailure' ? run.failure : undefined,
    },
  };
};
