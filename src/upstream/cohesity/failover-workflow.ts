import { z } from 'zod';
import { cleanMessage } from '../../domain/message.js';
import type {
  FailoverActivation,
  FailoverActivationOrder,
  FailoverDeactivationOrder,
  FailoverLink,
  FailoverOpening,
  OpenedFailover,
} from '../../domain/failover-workflow.js';
import { wireBoolean, wireEach, wireInteger, wireList, wireObject, wireOptionalList, wireText } from '../wire.js';

type Body = Readonly<Record<string, unknown>>;

/** Source: Cohesity v2 `InitFailoverResponse`. */
export const WireOpenedFailover = z.object({
  replicaToSourceObjects: wireList(z.object({ replicaObjectId: wireInteger, sourceObjectId: wireInteger })),
  sourceClusterInfo: wireObject({
    id: wireInteger,
    incarnationId: wireInteger,
    protectionGroupId: wireText,
    viewId: wireInteger,
  }),
});

/** Its members are those of the vendor's `Error`. */
const WireObjectError = z.object({ errorCode: z.union([z.string(), z.number()]).nullish(), message: wireText });

/** Source: Cohesity v2 `ReplicationBackupActivationResult`. */
export const WireActivation = z.object({
  protectionGroupId: wireText,
  reverseReplicationResult: wireObject({ isReverseReplicationEnabled: wireBoolean, errorReason: wireText }),
  objects: wireOptionalList(z.object({ objectId: wireInteger })),
  objectErrors: wireEach(WireObjectError),
});

const orNull = (text: string | null): string | null => (text === '' ? null : text);

export const toOpenedFailover = (wire: z.infer<typeof WireOpenedFailover>): OpenedFailover => {
  const source = wire.sourceClusterInfo;
  return {
    pairs: wire.replicaToSourceObjects,
    source: source && {
      clusterId: source.id,
      incarnationId: source.incarnationId,
      protectionGroupId: orNull(source.protectionGroupId),
      viewId: source.viewId,
    },
  };
};

/** An error without a word is an error too. Only that of a single object is known to belong to it. */
const toObjectErrors = (
  { objectErrors: { items, unreadable } }: z.infer<typeof WireActivation>,
  asked: readonly bigint[],
): FailoverActivation['objectErrors'] => {
  const [only = null, ...others] = asked;
  const objectId = others.length === 0 ? only : null;
  const words = items.map(({ message, errorCode }) => cleanMessage(message) ?? cleanMessage(errorCode?.toString()));
  return [...words, ...Array.from({ length: unreadable }, () => null)].map((error) => ({
    objectId,
    error: error ?? 'The cluster gives no reason.',
  }));
};

export const toActivation = (
  wire: z.infer<typeof WireActivation>,
  { objectIds }: Pick<FailoverActivationOrder, 'objectIds'>,
): FailoverActivation => {
  const reverse = wire.reverseReplicationResult;
  return {
    protectionGroupId: orNull(wire.protectionGroupId),
    objectIds: wire.objects?.flatMap(({ objectId }) => objectId ?? []) ?? null,
    reverseReplication: reverse && {
      enabled: reverse.isReverseReplicationEnabled,
      error: cleanMessage(reverse.errorReason),
    },
    objectErrors: toObjectErrors(wire, objectIds),
  };
};

const objectsOf = (ids: readonly bigint[]): readonly Body[] => ids.map((objectId) => ({ objectId }));

/** `null` members are left out. */
const present = (members: Body): Body =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

export const toWireOpening = (opening: FailoverOpening): Body =>
  present({
    sourceCluster: { id: opening.sourceClusterId },
    replicationCluster: present({
      objects: objectsOf(opening.objectIds),
      protectionGroupId: opening.protectionGroupId,
    }),
    protectionGroupEnvironment: opening.environment,
  });

export const toWireLinks = (links: readonly FailoverLink[]): Body => ({
  objectMap: links.map(({ replicaObjectId, recoveredObjectId }) => ({
    replicaObjectId,
    failoverObjectId: recoveredObjectId,
  })),
});

/** The objects are always named, though the vendor would take them from the links. */
export const toWireActivation = (order: FailoverActivationOrder): Body =>
  present({
    objects: objectsOf(order.objectIds),
    protectionGroupId: order.protectionGroupId,
    enableReverseReplication: order.enableReverseReplication,
    doNotProtect: order.doNotProtect,
    createObjectBackup: order.createObjectBackup,
    targetFailoverPolicyId: order.policyId,
    targetFailoverEnvironment: order.environment,
  });

export const toWireDeactivation = (order: FailoverDeactivationOrder): Body =>
  present({
    replicationClusterId: order.replicationClusterId,
    objects: objectsOf(order.objectIds),
    protectionGroupId: order.protectionGroupId,
    keepFailoverObjects: order.keepObjects,
  });
