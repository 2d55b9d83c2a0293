import type { Wire } from './json.js';
import type { Run } from './run.js';

const without = (wire: Wire, ...members: readonly string[]): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([name]) => !members.includes(name)));

type Change = (wire: Wire, copies: readonly Wire[]) => Wire;

const eachCopy =
  (change: (copy: Wire, position: number) => Wire): Change =>
  (wire, copies) => ({ ...wire, copyRun: copies.map(change) });

/** Changes the tasks of a copy, which are absent if they were not asked for. */
const withTasks = (copy: Wire, change: (task: Wire, position: number) => Wire): Wire =>
  Array.isArray(copy['copySnapshotTasks'])
    ? { ...copy, copySnapshotTasks: copy['copySnapshotTasks'].map(change) }
    : copy;

/** The unusual shapes; each run of the quirky job shows the next one. */
const changes: readonly Change[] = [
  (wire) => without(wire, 'copyRun'),
  (wire) => ({ ...wire, copyRun: null }),
  (wire) => ({ ...wire, copyRun: [] }),
  eachCopy((copy) => ({ ...copy, stats: null })),
  eachCopy((copy) => without(copy, 'stats', 'expiryTimeUsecs')),
  eachCopy((copy, position) => (position === 1 ? without(copy, 'taskUid') : copy)),
  eachCopy((copy) =>
    withTasks(copy, (task, position) => {
      if (position === 0) return { ...task, source: without(Object(task['source']), 'id') };
      return position === 1 ? { ...task, source: null } : task;
    }),
  ),
  eachCopy((copy, position) =>
    position === 0
      ? copy
      : { ...copy, status: position === 1 ? 'kPaused' : 'kSkipped', stats: null, copySnapshotTasks: null },
  ),
  // Archived directly to a cloud: without backup and local snapshot, only the archive.
  (wire, copies) => ({ ...wire, backupRun: null, copyRun: copies.filter((_, position) => position === 2) }),
  eachCopy((copy, position) =>
    position === 1
      ? { ...copy, target: null, runStartTimeUsecs: null, error: null, dataLockConstraints: null, legalHoldings: null }
      : copy,
  ),
];

/** The shape that this run of the quirky job shows; -1 for any other job. */
export const quirkOf = ({ job, index }: Run): number => (job.quirks === true ? index % changes.length : -1);

/** The quirk in which a run has no backup. */
export const straightToCloud = 8;

export const withQuirk = (run: Run, wire: Wire, copies: readonly Wire[]): Wire => {
  const change = changes[quirkOf(run)];
  return change === undefined ? { ...wire, copyRun: copies } : change(wire, copies);
};
