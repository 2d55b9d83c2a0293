import { z } from 'zod';
import type {
  ListedViewFailover,
  ProtectedView,
  ViewFailoverOrder,
  ViewReplication,
} from '../../domain/view-failover.js';
import { wordIn } from './words.js';
import { wireEach, wireInteger, wireList, wireMicros, wireObject, wireText } from '../wire.js';

const common = {
  status: wireText,
  errorMessage: wireText,
  startTimeUsecs: wireMicros,
  endTimeUsecs: wireMicros,
};

const WireReplication = z.object({
  ...common,
  id: wireText,
  percentageCompleted: z.number().nullish(),
  logicalSizeBytes: wireInteger,
  logicalBytesTransferred: wireInteger,
  physicalBytesTransferred: wireInteger,
  targetClusterId: wireInteger,
  targetClusterName: wireText,
});

/** One failover of a view. Source: Cohesity v2 `Failover`. Without an id, it cannot be identified. */
export const WireViewFailover = z.object({
  ...common,
  id: z.string().min(1),
  type: wireText,
  replications: wireList(WireReplication),
});

/** Source: Cohesity v2 `GetViewFailoverResponse`. */
export const WireViewFailovers = z.object({ failovers: wireEach(WireViewFailover) });

/** Source: Cohesity v2 `GetFailoverOpsResponse`. */
export const WireOperations = z.object({ allowedFailoverOperations: wireList(z.string()) });

/** The members of a view that we read, as in field code; the path is from SDKs. */
export const WireView = z.object({
  viewId: wireInteger,
  name: wireText,
  viewProtection: wireObject({ protectionGroups: wireList(z.object({ protectionGroupId: wireText })) }),
});

/** The vendor documents three words, and says that there may be others. */
const states: Readonly<Record<string, ListedViewFailover['state']>> = {
  Accepted: 'RUNNING',
  Running: 'RUNNING',
  Canceling: 'RUNNING',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Canceled: 'CANCELED',
  Cancelled: 'CANCELED',
};

const kinds: Readonly<Record<string, NonNullable<ListedViewFailover['kind']>>> = {
  Planned: 'PLANNED',
  Unplanned: 'UNPLANNED',
};

type Common = Pick<ListedViewFailover, 'state' | 'upstreamState' | 'error' | 'startedAt' | 'endedAt'>;

const commonOf = (wire: z.infer<typeof WireReplication> | z.infer<typeof WireViewFailover>): Common => ({
  state: wordIn(states, wire.status) ?? 'UNKNOWN',
  upstreamState: wire.status,
  error: wire.errorMessage,
  startedAt: wire.startTimeUsecs,
  endedAt: wire.endTimeUsecs,
});

const toReplication = (wire: z.infer<typeof WireReplication>): ViewReplication => {
  const { percentageCompleted: percent = null } = wire;
  return {
    ...commonOf(wire),
    replicationId: wire.id,
    targetClusterId: wire.targetClusterId,
    targetClusterName: wire.targetClusterName,
    progress: percent === null ? null : Math.min(1, Math.max(0, percent / 100)),
    sizeBytes: wire.logicalSizeBytes,
    transferredBytes: wire.logicalBytesTransferred,
    physicalTransferredBytes: wire.physicalBytesTransferred,
  };
};

export const toListedViewFailover = (wire: z.infer<typeof WireViewFailover>): ListedViewFailover => {
  const kind = wordIn(kinds, wire.type);
  return {
    ...commonOf(wire),
    failoverId: wire.id,
    kind: kind === 'UNKNOWN' ? null : kind,
    replications: wire.replications.map(toReplication),
  };
};

export const toProtectedView = (viewId: bigint, wire: z.infer<typeof WireView>): ProtectedView => ({
  viewId,
  name: wire.name === '' ? null : wire.name,
  groupIds: (wire.viewProtection?.protectionGroups ?? []).flatMap(({ protectionGroupId }) => protectionGroupId ?? []),
});

/** The body of a step, as field code sends it; the vendor spells one member `Failver`. */
export const toWireOrder = ({ action, reverseReplication }: ViewFailoverOrder): Readonly<Record<string, unknown>> => {
  const params = reverseReplication === null ? {} : { reverseReplication };
  if (action === 'UNPLANNED') return { type: 'Unplanned', unplannedFailoverParams: params };
  return {
    type: 'Planned',
    plannedFailoverParams: {
      type: action === 'PREPARE' ? 'Prepare' : 'Finalize',
      preparePlannedFailverParams: params,
    },
  };
};
