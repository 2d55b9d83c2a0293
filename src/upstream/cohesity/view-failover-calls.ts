import type { z } from 'zod';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { ListedViewFailover, ProtectedView, ViewFailoverOrder } from '../../domain/view-failover.js';
import type { CallOptions } from '../../calling/call.js';
import { type CohesityHttp, decodeJson } from './http.js';
import {
  WireOperations,
  WireView,
  WireViewFailover,
  WireViewFailovers,
  toListedViewFailover,
  toProtectedView,
  toWireOrder,
} from './view-failover.js';

const pathOf = (viewId: bigint): string => `/v2/data-protect/failover/views/${viewId}`;

/** Whether a cluster says that a thing does not exist: 404, or its inner error for that. */
const saysMissing = (error: unknown): boolean =>
  error instanceof UpstreamError &&
  (error.reason === 'notFound' ||
    (!error.transient && error.errorCode !== null && /not (?:be )?found|not exist|no such/i.test(error.message)));

/** A read whose answer must fit its shape. */
const createRead =
  (upstream: string, http: CohesityHttp) =>
  async <W extends z.ZodType>(path: string, wire: W, call: CallOptions) => {
    const parsed = wire.safeParse(await http.get(path, {}, call, decodeJson));
    if (!parsed.success) throw new UpstreamError(upstream, 'malformed', 'not as described');
    return parsed.data;
  };

/** The reads of a view and its failovers, with the cluster's own ids. Need the privilege STORAGE_VIEW. */
const createReads = (upstream: string, http: CohesityHttp) => {
  const malformed = (what: string): UpstreamError => new UpstreamError(upstream, 'malformed', what);
  const read = createRead(upstream, http);

  return {
    /** `GET file-services/views/{id}`: `null` if the cluster has no such view. */
    getView: async (viewId: bigint, call: CallOptions): Promise<ProtectedView | null> => {
      try {
        const view = await read(`/v2/file-services/views/${viewId}`, WireView, call);
        if (view.viewId !== null && view.viewId !== viewId) throw malformed('another view than the one asked for');
        return toProtectedView(viewId, view);
      } catch (error) {
        if (saysMissing(error)) return null;
        throw error;
      }
    },

    /**
     * `GET failover/views/{id}/operations`: the operations allowed on the view now; `null` if the cluster lacks this
     * read.
     */
    getFailoverOps: async (viewId: bigint, call: CallOptions): Promise<readonly string[] | null> => {
      try {
        return (await read(`${pathOf(viewId)}/operations`, WireOperations, call)).allowedFailoverOperations;
      } catch (error) {
        if (error instanceof UpstreamError && error.status === 404) return null;
        throw error;
      }
    },

    /** `GET failover/views/{id}`: the failovers of a view, whichever client began them. */
    getViewFailover: async (viewId: bigint, call: CallOptions): Promise<readonly ListedViewFailover[]> => {
      const { failovers } = await read(pathOf(viewId), WireViewFailovers, call);
      // An unreadable failover may be the wanted one, or may be running.
      if (failovers.unreadable > 0) throw malformed('a view failover that cannot be read');
      return failovers.items.map(toListedViewFailover);
    },
  };
};

/**
 * The failover of views on the cluster that takes over. Nothing of it is cached. Calls that change something need the
 * privilege STORAGE_MODIFY.
 * Source: cohesity.md, "Acting"; facts of the field scripts `viewDR`.
 */
export const createViewFailoverCalls = (upstream: string, http: CohesityHttp) => ({
  ...createReads(upstream, http),

  /** `POST failover/views/{id}`: begins a step. Sent once; resolves with the failover that the cluster has made. */
  createViewFailover: async (
    viewId: bigint,
    order: ViewFailoverOrder,
    call: CallOptions,
  ): Promise<ListedViewFailover> => {
    const parsed = WireViewFailover.safeParse(await http.post(pathOf(viewId), toWireOrder(order), call));
    // Without its id it cannot be identified: it is searched for, as after a lost answer.
    if (!parsed.success) throw new UpstreamError(upstream, 'malformed', 'not an acknowledgement');
    return toListedViewFailover(parsed.data);
  },

  /** `POST failover/views/{id}/cancel`: cancels the view's running failover; 204 without a body. */
  cancelViewFailover: async (viewId: bigint, call: CallOptions): Promise<void> => {
    await http.post(`${pathOf(viewId)}/cancel`, undefined, call);
  },
});
