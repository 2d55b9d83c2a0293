import type { FailoverRunConfiguration, PlannedRun } from '../../domain/failover.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import { createFailoverWorkflowCalls } from './failover-workflow-calls.js';
import { type CohesityHttp, decodeJson } from './http.js';
import { WirePlannedRuns, toPlannedRun, toWireConfiguration } from './planned-run.js';

const ROOT = '/v2/data-protect/failover';

interface Paths {
  readonly poll: string;
  readonly request: (id: string) => string;
}

const newer: Paths = { poll: `${ROOT}/planned-runs`, request: (id) => `${ROOT}/${encodeURIComponent(id)}/planned-run` };
const older: Paths = {
  poll: `${ROOT}/pollPlannedRuns`,
  request: (id) => `${ROOT}/${encodeURIComponent(id)}/plannedRun`,
};

const isNotFound = (error: unknown): error is UpstreamError => error instanceof UpstreamError && error.status === 404;

/** An error saying that the id does not exist. It is not documented whether a poll sends it, or leaves the id out. */
const saysUnknown = (error: unknown): boolean =>
  error instanceof UpstreamError &&
  !error.transient &&
  (error.reason === 'notFound' ||
    (error.errorCode !== null && /not (?:be )?found|not exist|no such|unknown|KEntityNotExists/i.test(error.message)));

/**
 * The failover of objects of one cluster: its planned run, and the other steps. 6.x has other paths than 7.1 and later. The first 404 shows which ones a cluster
 * has, and that is remembered.
 * Source: cohesity.md, "Acting".
 */
export const createFailoverCalls = (upstream: string, http: CohesityHttp, now: () => Micros) => {
  let known: Paths | null = null;

  const read = async (paths: Paths, ids: readonly string[], call: CallOptions): Promise<readonly PlannedRun[]> => {
    const body = await http.get(paths.poll, { failoverIds: ids }, call, decodeJson);
    const parsed = WirePlannedRuns.safeParse(body);
    if (!parsed.success) throw new UpstreamError(upstream, 'malformed', 'not a list of planned runs');
    known = paths;
    const { items, unreadable } = parsed.data.failoverPlannedRuns;
    // An unreadable run may be one of those asked for, and must not count as unknown.
    if (unreadable > 0) throw new UpstreamError(upstream, 'malformed', 'a planned run that cannot be read');
    const observedAt = now();
    return items.filter(({ failoverId }) => ids.includes(failoverId)).map((item) => toPlannedRun(item, observedAt));
  };

  const poll = async (ids: readonly string[], call: CallOptions): Promise<readonly PlannedRun[]> => {
    const first = known ?? newer;
    try {
      return await read(first, ids, call);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return read(first === newer ? older : newer, ids, call).catch((again: unknown) => {
        // Neither generation's path exists: the error from the API itself says what is missing.
        throw isNotFound(again) && error.reason === 'notFound' ? error : again;
      });
    }
  };

  return {
    ...createFailoverWorkflowCalls(upstream, http),

    /** `GET planned-runs`: many in one call; unknown ids are left out. Needs RESTORE_MODIFY. */
    pollPlannedRuns: async (ids: readonly string[], call: CallOptions): Promise<readonly PlannedRun[]> => {
      try {
        return await poll(ids, call);
      } catch (error) {
        if (!saysUnknown(error)) throw error;
        if (ids.length <= 1) return [];
        // One unknown id must not hide the others.
        const each = await Promise.all(
          ids.map((id) =>
            poll([id], call).catch((failure: unknown) => {
              if (saysUnknown(failure)) return [];
              throw failure;
            }),
          ),
        );
        return each.flat();
      }
    },

    /**
     * `POST {id}/planned-run` to the source cluster; resolves when the cluster has acknowledged it. Sent once: the
     * other generation's path is tried only if the first does not exist.
     */
    createPlannedRun: async (id: string, configuration: FailoverRunConfiguration, call: CallOptions): Promise<void> => {
      const body = toWireConfiguration(configuration);
      const request = async (paths: Paths): Promise<void> => {
        const answer = await http.post(paths.request(id), body, call);
        // A proxy's page is not an acknowledgement.
        if (typeof answer !== 'object') throw new UpstreamError(upstream, 'malformed', 'not an acknowledgement');
        known = paths;
      };
      const first = known ?? newer;
      try {
        await request(first);
      } catch (error) {
        // If the path is known to exist, a 404 from the API is about an object in the body.
        if (!isNotFound(error) || (known !== null && error.reason === 'notFound')) throw error;
        await request(first === newer ? older : newer);
      }
    },

    /** `POST {id}/cancel`: cancels the workflow; 201 without a body. */
    cancelFailover: async (id: string, call: CallOptions): Promise<void> => {
      await http.post(`${ROOT}/${encodeURIComponent(id)}/cancel`, undefined, call);
    },
  };
};
