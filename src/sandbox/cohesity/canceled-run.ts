import { between } from '../random.js';
import type { Run } from './run.js';
import { second } from './time.js';
import { canceledAt, type Timeline } from './timeline.js';
import { resynced } from './resynced.js';
import { copyKey, runKey, type Overlay } from './world.js';

/** The timeline after the cancels. */
const withCancel = (timeline: Timeline, at: number | undefined, key: string): Timeline =>
  at === undefined ? timeline : canceledAt(timeline, at, between(15, 40, key) * second);

/** A run after its cancels and resyncs. A canceled backup leaves no snapshot, so its copies end with it. */
export const withCancels = (run: Run, { cancels, resyncs }: Overlay): Run => {
  if (cancels.size === 0 && resyncs.size === 0) return run;
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
      const [canceled, again] = [cancels.get(own), resyncs.get(own)];
      const first = { ...copy, timeline: withCancel(withRun, canceled, own) };
      if (again === undefined) return first;
      const second = resynced(first, again);
      return canceled === undefined || canceled < again
        ? second
        : { ...second, timeline: withCancel(second.timeline, canceled, own) };
    }),
  };
};
