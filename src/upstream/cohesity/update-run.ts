import { z } from 'zod';
import type { UniversalId } from '../../domain/run-key.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import { wireList, wireText } from '../wire.js';
import type { CohesityHttp } from './http.js';

/**
 * The copy of a run to be retried. The vendor requires an archival's kind of vault; no other member is sent, because
 * the others change how long the copy is kept.
 */
export interface RunResync {
  readonly jobUid: UniversalId;
  readonly runId: string; // `jobId:startTimeUsecs`
  readonly targetId: bigint; // of the remote cluster, or of the vault
  readonly archivalTargetType: 'Tape' | 'Cloud' | 'Nas' | null; // null: a replication
}

const WireAnswer = z.object({
  successfulRunIds: z
    .array(z.string())
    .nullish()
    .transform((ids) => ids ?? []),
  failedRuns: wireList(z.object({ runId: wireText, errorMessage: wireText })),
});

/** The status of a run within an answer that is itself a success: the cluster did not do it. */
const NOT_DONE = 422;

/**
 * `PUT protection-groups/{id}/runs` with `resync`: asks for a retry of one copy of a run. Sent once. A 207 may contain
 * the failure of the run.
 * Source: Cohesity v2 UpdateProtectionGroupRun; facts of field scripts, `replicateOldSnapshotsV2`.
 */
export const createUpdateRun =
  (upstream: string, http: CohesityHttp) =>
  async ({ jobUid, runId, targetId, archivalTargetType }: RunResync, call: CallOptions): Promise<void> => {
    const groupId = [jobUid.clusterId, jobUid.clusterIncarnationId, jobUid.id].join(':');
    const config = { updateExistingSnapshotConfig: [{ id: targetId, ...typeOf(archivalTargetType), resync: true }] };
    const params =
      archivalTargetType === null ? { replicationSnapshotConfig: config } : { archivalSnapshotConfig: config };
    const answer = await http.put(
      `/v2/data-protect/protection-groups/${encodeURIComponent(groupId)}/runs`,
      { updateProtectionGroupRunParams: [{ runId, ...params }] },
      call,
    );
    const parsed = WireAnswer.safeParse(answer);
    if (!parsed.success) throw new UpstreamError(upstream, 'malformed', 'not an acknowledgement');
    const { successfulRunIds, failedRuns } = parsed.data;
    const failed = failedRuns.find((run) => run.runId === runId);
    if (failed !== undefined)
      throw new UpstreamError(upstream, 'rejected', `not done: ${failed.errorMessage ?? 'no message'}`, {
        status: NOT_DONE,
      });
    if (!successfulRunIds.includes(runId))
      throw new UpstreamError(upstream, 'malformed', 'an acknowledgement that does not name the run');
  };

const typeOf = (archivalTargetType: RunResync['archivalTargetType']) =>
  archivalTargetType === null ? {} : { archivalTargetType };
