import type { CopyRun } from '../../domain/copy-run.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import type { ParsedId } from '../../domain/global-id.js';
import type { RunKey } from '../../domain/run-key.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Session } from '../product.js';
import { cohesityLoaders } from './loaders.js';

/** The run in the id of a copy run, a task or a shell. */
export const runKeyOf = ({ upstream, parts }: ParsedId): RunKey => ({
  upstream,
  jobId: parts[0] ?? '',
  startTimeUsecs: parts[1] ?? '',
});

/** A copy run is one element of its run, found by its task id, or by kind and index if the vendor left that out. */
export const loadCopyRun = async (session: Session, id: ParsedId): Promise<CopyRun | null> => {
  const run = await cohesityLoaders(session).protectionRun.load({ run: runKeyOf(id), part: 'tasks' });
  const [, , ...key] = id.parts;
  const place = /\.(\d+)$/.exec(key[0] ?? '')?.[1];
  const found =
    key.length === 1 && place !== undefined
      ? run?.copyRuns[Number(place)]
      : run?.copyRuns.find(
          ({ taskUid }) =>
            taskUid !== null &&
            taskUid.clusterId.toString() === key[0] &&
            taskUid.clusterIncarnationId.toString() === key[1] &&
            taskUid.id.toString() === key[2],
        );
  // If the key has an index, the copy there must still be of that kind, and still without a task id.
  if (found !== undefined && (key.length === 3 || found.id.endsWith(`:${encodeURIComponent(key[0] ?? '')}`)))
    return found;
  // An unreadable copy is not a missing one.
  if (run !== null && run.unreadable > 0)
    throw new UpstreamError(id.upstream, 'malformed', 'a copy that cannot be read');
  return null;
};

/** The copy run of a task; its run is read once for all tasks. */
export const copyRunOf = async (session: Session, { run, copyRunId }: CopySnapshotTask): Promise<CopyRun | null> => {
  const whole = await cohesityLoaders(session).protectionRun.load({ run, part: 'tasks' });
  return whole?.copyRuns.find(({ id }) => id === copyRunId) ?? null;
};

/**
 * A task is one element of its copy run, found by its source, or by its index if the vendor left the source's id out.
 */
export const loadTask = async (session: Session, id: ParsedId): Promise<CopySnapshotTask | null> => {
  const copyRun = await loadCopyRun(session, { ...id, parts: id.parts.slice(0, -1) });
  const source = id.parts.at(-1) ?? '';
  const position = /^@(\d+)$/.exec(source)?.[1];
  const tasks = copyRun?.tasks ?? [];
  const task =
    position === undefined ? tasks.find((one) => one.source?.sourceId?.toString() === source) : tasks[Number(position)];
  return task ?? null;
};
