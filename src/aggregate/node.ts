import { BadInputError } from '../domain/bad-input.js';
import { UpstreamError } from '../domain/upstream-error.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { CopyRun, RunKey } from '../domain/copy-run.js';
import type { CopySnapshotTask } from '../domain/copy-snapshot-task.js';
import type { Failover } from '../domain/failover.js';
import { type AddressableType, type ParsedId, parseId } from '../domain/global-id.js';
import type { ProtectedObject } from '../domain/protected-object.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import type { ProtectionShell } from '../domain/protection-run.js';
import type { ProtectionSource } from '../domain/protection-source.js';
import type { Upstream } from '../domain/upstream.js';
import { type Clients, refuseHidden } from './clients.js';
import { type FailoverContext, loadFailover } from './failover-status.js';
import type { Loaders } from './loaders.js';
import { loadProtectedObject } from './protected-object.js';

/** Everything that has a global id. */
export type Addressable =
  | CopyJob
  | CopyRun
  | CopySnapshotTask
  | ProtectionShell
  | ProtectionJob
  | ProtectionSource
  | ProtectedObject
  | Failover
  | Upstream;

interface NodeContext extends FailoverContext {
  readonly clients: Clients;
}

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

const runKeyOf = ({ upstream, parts }: ParsedId): RunKey => ({
  upstream,
  jobId: parts[0] ?? '',
  startTimeUsecs: parts[1] ?? '',
});

/** One record by its id, through the loaders; `null` where there is none. Costs at most one upstream call. */
export const loadNode = async (context: NodeContext, id: ParsedId): Promise<Addressable | null> => {
  const { clients, loaders } = context;
  const [key = ''] = id.parts;
  switch (id.type) {
    case 'CopyJob':
      return loaders.copyJob.load({ upstream: id.upstream, copyJobId: key });
    case 'CopyRun':
      return loadCopyRun(loaders, id);
    case 'CopySnapshotTask': {
      const copyRun = await loadCopyRun(loaders, { ...id, parts: id.parts.slice(0, -1) });
      const source = id.parts.at(-1) ?? '';
      const position = /^@(\d+)$/.exec(source)?.[1];
      const tasks = copyRun?.tasks ?? [];
      const task =
        position === undefined
          ? tasks.find((one) => one.source?.sourceId?.toString() === source)
          : tasks[Number(position)];
      return task ?? null;
    }
    case 'ProtectionShell':
      return (await loaders.protectionRun.load({ run: runKeyOf(id), whole: false }))?.shell ?? null;
    case 'ProtectionJob':
      return loaders.protectionJob.load({ upstream: id.upstream, id: key });
    case 'ProtectionSource':
      // A source without an entity id cannot be asked for; it is seen only where it was copied.
      return key.startsWith('@') ? null : loaders.protectionSource.load({ upstream: id.upstream, id: key });
    case 'ProtectedObject':
      return loadProtectedObject({ clients, loaders }, id.upstream, key);
    case 'Failover':
      return loadFailover(context, id.upstream, key);
    case 'Upstream':
      return clients.get(id.upstream)?.upstream ?? null;
  }
};

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
