import { BadInputError } from '../domain/bad-input.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CopyRun } from '../domain/copy-run.js';
import type { RunKey } from '../domain/run-key.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import { type AddressableType, type ParsedId, parseId } from '../domain/global-id.js';
import { type Clients, refuseHidden } from './clients.js';
import type { Loaders } from './loaders.js';

/**
 * Takes a caller's id apart; a malformed one, or one of an upstream that is not configured, is the caller's mistake.
 * One of an upstream that they may not see is forbidden.
 */
export const parseKnownId = (clients: Clients, argument: string, id: string, type?: AddressableType): ParsedId => {
  const parsed = parseId(id);
  const shown = JSON.stringify(id.slice(0, 100));
  if (parsed === null || (type !== undefined && parsed.type !== type)) {
    const form = `${type ?? '<TypeName>'}:<upstream>:<key parts>`;
    throw new BadInputError(
      argument,
      `${argument} ${shown} is not an id of the form ${form}; pass one as the field id showed it.`,
    );
  }
  refuseHidden(clients, argument, parsed.upstream);
  if (!clients.has(parsed.upstream)) {
    throw new BadInputError(
      argument,
      `${argument} ${shown} names an upstream that is not configured; the field upstreams lists them.`,
    );
  }
  return parsed;
};

/** The run that an id of a copy run, a task or a shell begins with. */
export const runKeyOf = ({ upstream, parts }: ParsedId): RunKey => ({
  upstream,
  jobId: parts[0] ?? '',
  startTimeUsecs: parts[1] ?? '',
});

/** A copy run is one element of its run, told by its task id, or by kind and place where the vendor left that out. */
export const loadCopyRun = async (loaders: Loaders, id: ParsedId): Promise<CopyRun | null> => {
  const run = await loaders.protectionRun.load({ run: runKeyOf(id), whole: true });
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
  // With a place in the key, the copy there must be of the kind the id names, and without a task id, as then.
  if (found !== undefined && (key.length === 3 || found.id.endsWith(`:${encodeURIComponent(key[0] ?? '')}`)))
    return found;
  // What cannot be read is not what is not there.
  if (run !== null && run.unreadable > 0)
    throw new UpstreamError(id.upstream, 'malformed', 'a copy that cannot be read');
  return null;
};

/** The copy run a task belongs to; its run is read once for all of them. */
export const copyRunOf = async (loaders: Loaders, { run, copyRunId }: CopySnapshotTask): Promise<CopyRun | null> =>
  (await loaders.protectionRun.load({ run, whole: true }))?.copyRuns.find(({ id }) => id === copyRunId) ?? null;
