import { between } from '../random.js';
import type { Run } from './run.js';
import { second } from './time.js';
import { canceledAt, type Timeline } from './timeline.js';
import { copyKey, runKey, type Overlay } from './world.js';

/** The timeline as the cancels left it. */
const withCancel = (timeline: Timeline, at: number | undefined, key: string): Timeline =>
  at === undefined ? timeline : canceledAt(timeline, at, between(15, 40, key) * second);

/** A run as its cancels left it. A backup that is canceled leaves no snapshot, so that its copies end with it. */
export const withCancels = (run: Run, { cancels }: Overlay): Run => {
  if (cancels.size === 0) return run;
  const key = runKey(run.jobRunId);
  const at = cancels.get(key);
  const backup = withCancel(run.backup, at, key);
  return {
    ...run,
    backup,
    copies: run.copies.map((copy) => {
      if (copy.plan.target.type === 'kLocal') return backup === run.backup ? copy : { ...copy, timeline: backup };
      const own = copyKey(copy.taskId);
      const withRun = backup === run.backup ? copy.timeline : withCancel(copy.timeline, at, own);
      return { ...copy, timeline: withCancel(withRun, cancels.get(own), own) };
    }),
  };
};
