import { isFinished } from '../../domain/activity.js';
import type { CopyRun } from '../../domain/copy-run.js';
import type { ParsedId } from '../../domain/global-id.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { VaultKind } from '../../domain/target-details.js';
import type { RetryAbility, Session } from '../product.js';
import type { Retryable } from '../retryable.js';
import type { CohesityClient } from './client.js';
import { loadCopyRun, runKeyOf } from './find-copy-run.js';
import { cohesityLoaders } from './loaders.js';
import type { RunResync } from './update-run.js';

const archivalTypes: Readonly<Record<VaultKind, RunResync['archivalTargetType']>> = {
  CLOUD: 'Cloud',
  TAPE: 'Tape',
  NAS: 'Nas',
  UNKNOWN: null,
};

type Named = Pick<RunResync, 'targetId' | 'archivalTargetType'>;

/** The target of a copy in v2's form; the reason if there is none. */
const nameTarget = ({ target, targetDetails }: CopyRun): Named | { readonly why: string } => {
  switch (target?.kind) {
    case 'REMOTE':
      return target.clusterId === null
        ? { why: 'The cluster did not report the id of the cluster it replicates to.' }
        : { targetId: target.clusterId, archivalTargetType: null };
    case 'ARCHIVAL': {
      const archivalTargetType = archivalTypes[targetDetails?.vaultType ?? 'UNKNOWN'];
      if (target.vaultId === null) return { why: 'The cluster did not report the id of the vault.' };
      return archivalTargetType === null
        ? { why: 'The cluster did not report the kind of vault, which the request needs.' }
        : { targetId: target.vaultId, archivalTargetType };
    }
    case 'LOCAL':
      return { why: 'This is the local snapshot of a run, not a copy of it.' };
    default:
      return { why: 'The cluster has no way to retry a copy to this kind of target.' };
  }
};

/** The request for a copy; the reason if there is none. */
const requestOf = (copy: CopyRun, run: ProtectionRun, ownId: bigint): RunResync | { readonly why: string } => {
  const named = nameTarget(copy);
  if ('why' in named) return named;
  const { jobUid, run: key } = copy;
  if (jobUid === null) return { why: 'The cluster did not report the protection group of the run.' };
  if (jobUid.clusterId !== ownId)
    return { why: 'The run was made by another cluster, and its name on this one is not documented.' };
  if (!/^\d+$/.test(key.startTimeUsecs))
    return { why: 'The cluster did not report the start of the run, which identifies it.' };
  if (run.unreadable > 0) return { why: 'Not all copies of the run could be read, so one of them may be running.' };
  return { jobUid, runId: `${key.jobId}:${key.startTimeUsecs}`, ...named };
};

/** Whether the snapshot to be copied still exists, as far as the run reports. */
const sourceOf = ({ copyRuns }: ProtectionRun): Retryable['source'] => {
  const local = copyRuns.find(({ target }) => target?.kind === 'LOCAL');
  if (local?.snapshotDeleted === true || local?.expiryCleared === true)
    return { ok: false, detail: 'The local snapshot of the run is deleted.' };
  return local === undefined
    ? { ok: true, detail: 'The run reports no local snapshot; only the cluster knows whether it can copy without one.' }
    : { ok: true, detail: 'The run reports no deleted snapshot.' };
};

/** A cluster’s ability to retry one copy of a run: v2 `PUT runs` with `resync`. */
export const createRetryAbility = (client: CohesityClient): RetryAbility => ({
  find: async (session, id) => {
    const [copy, run] = await readBoth(session, id);
    if (copy === null || run === null) return null;
    const copies = copy.target === null ? [copy] : run.copyRuns.filter(({ target }) => target?.id === copy.target?.id);
    const ownId = await cohesityLoaders(session).ownId.load(client.upstream);
    const request = requestOf(copy, run, ownId);
    return {
      copy,
      subject: [id.parts[0], id.parts[1], copy.target?.id ?? copy.id].join(' '),
      copies,
      source: sourceOf(run),
      send:
        'why' in request
          ? request
          : async (_token, call) => {
              await client.updateProtectionGroupRun(request, call);
              return null; // it is the same copy, or another one that the run will show
            },
    };
  },
  // It is not documented whether a new attempt has its own task; its mark differs either way.
  markOf: (copy) => {
    const { taskUid, state, endedAt } = copy as CopyRun; // callers pass copies of the upstream's own kind
    return [taskUid?.id ?? 'no task', isFinished(state) ? (endedAt ?? 'ended') : 'under way'].join(' ');
  },
  forget: (session) => {
    const { protectionRun, protectionRuns } = cohesityLoaders(session);
    protectionRun.clearAll();
    protectionRuns.clearAll();
  },
});

/** One read of the run, which contains both. */
const readBoth = (
  session: Session,
  id: ParsedId,
): Promise<readonly [copy: CopyRun | null, run: ProtectionRun | null]> =>
  Promise.all([
    loadCopyRun(session, id),
    cohesityLoaders(session).protectionRun.load({ run: runKeyOf(id), part: 'tasks' }),
  ]);
