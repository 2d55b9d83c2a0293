import type { z } from 'zod';
import type {
  FailoverActivation,
  FailoverActivationOrder,
  FailoverDeactivationOrder,
  FailoverLink,
  FailoverOpening,
  OpenedFailover,
} from '../../domain/failover-workflow.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import {
  WireActivation,
  WireOpenedFailover,
  toActivation,
  toOpenedFailover,
  toWireActivation,
  toWireDeactivation,
  toWireLinks,
  toWireOpening,
} from './failover-workflow.js';
import type { CohesityHttp } from './http.js';

const pathOf = (id: string): string => `/v2/data-protect/failover/${encodeURIComponent(id)}`;

/**
 * The steps of the failover of objects, apart from its planned run. Each is one POST, and is sent once. Nothing reads
 * them back: an answer that cannot be read counts as lost. They need the privilege RESTORE_MODIFY, and 7.1 or later.
 * Source: facts of cohesity.md, "Acting"; no public program is known to call them.
 */
export const createFailoverWorkflowCalls = (upstream: string, http: CohesityHttp) => {
  const malformed = (): UpstreamError => new UpstreamError(upstream, 'malformed', 'not an acknowledgement');

  const answerTo = async <W extends z.ZodType>(path: string, body: unknown, wire: W, call: CallOptions) => {
    const parsed = wire.safeParse(await http.post(path, body, call));
    if (!parsed.success) throw malformed();
    return parsed.data;
  };

  /** A POST whose answer has no body. */
  const acknowledged = async (path: string, body: unknown, call: CallOptions): Promise<void> => {
    // Text or a number is not from the API.
    if (typeof (await http.post(path, body, call)) !== 'object') throw malformed();
  };

  return {
    /** `POST {id}` to the cluster that takes over: pairs its objects with those of the source. */
    initFailover: async (id: string, opening: FailoverOpening, call: CallOptions): Promise<OpenedFailover> =>
      toOpenedFailover(await answerTo(pathOf(id), toWireOpening(opening), WireOpenedFailover, call)),

    /** `POST {id}/object-linkage` to the cluster that takes over; 201 without a body. */
    objectLinkage: (id: string, links: readonly FailoverLink[], call: CallOptions): Promise<void> =>
      acknowledged(`${pathOf(id)}/object-linkage`, toWireLinks(links), call),

    /** `POST {id}/backup-activation` to the cluster that takes over. A 201 may have errors of single objects. */
    replicationBackupActivation: async (
      id: string,
      order: FailoverActivationOrder,
      call: CallOptions,
    ): Promise<FailoverActivation> =>
      toActivation(
        await answerTo(`${pathOf(id)}/backup-activation`, toWireActivation(order), WireActivation, call),
        order,
      ),

    /** `POST {id}/backup-deactivation` to the source; 201 without a body. */
    sourceBackupDeactivation: (id: string, order: FailoverDeactivationOrder, call: CallOptions): Promise<void> =>
      acknowledged(`${pathOf(id)}/backup-deactivation`, toWireDeactivation(order), call),
  };
};
