import type { FailoverRunConfiguration } from './failover.js';
import { workflowId } from './global-id.js';

/** A caller's failover request: the cluster, the key, the objects and the options. */
export interface FailoverRequest extends FailoverRunConfiguration {
  readonly upstream: string;
  readonly idempotencyKey: string;
  readonly dryRun: boolean;
  readonly allowWithoutLock: boolean;
}

/** A problem in an input, and its path. */
interface InputProblem {
  readonly path: readonly string[];
  readonly message: string;
}

const MOST_OBJECTS = 1000;

/** The problem of a list of objects that a step of a workflow names; `null` if there is none. */
export const objectsProblem = (objectIds: readonly bigint[]): string | null => {
  if (objectIds.length === 0) return 'must name at least one object, by its entity id.';
  if (objectIds.length > MOST_OBJECTS) return `takes at most ${MOST_OBJECTS} objects; these are ${objectIds.length}.`;
  if (objectIds.some((id) => id <= 0n)) return 'must hold entity ids, which are positive numbers.';
  return new Set(objectIds).size < objectIds.length ? 'must name each object once.' : null;
};

/** The problem of a protection group's id; `null` if it has none, or is not given. */
export const groupIdProblem = (id: string | null): string | null =>
  id === null || /^\d{1,20}:\d{1,20}:\d{1,20}$/.test(id)
    ? null
    : 'must have the form <clusterId>:<clusterIncarnationId>:<jobId>, such as 8621173906188849:1546300800000:12.';

/**
 * The first problem that no cluster would accept; `null` if there is none. Only the cluster can say whether ids exist.
 */
export const problemOf = (request: FailoverRequest): InputProblem | null => {
  const { idempotencyKey, objects, replicationClusterId, protectionGroupId, viewId } = request;
  const at = (name: string, message: string): InputProblem => ({
    path: ['input', ...name.split('.')],
    message: `input.${name} ${message}`,
  });
  if (!workflowId.test(idempotencyKey)) {
    return at(
      'idempotencyKey',
      'must be 1 to 64 characters out of A-Z, a-z, 0-9, _ and -; it becomes the id of the failover workflow.',
    );
  }
  if (replicationClusterId <= 0n) return at('replicationClusterId', 'must be the id of a cluster, a positive number.');
  if (objects.length === 0 && viewId === null) return at('objects', 'must name at least one object, by its entity id.');
  if (objects.length > MOST_OBJECTS)
    return at('objects', `takes at most ${MOST_OBJECTS} objects; these are ${objects.length}.`);
  const odd = objects.findIndex(({ objectId }) => objectId <= 0n);
  if (odd >= 0)
    return at(
      `objects.${odd}.objectId`,
      'must be an entity id, a positive number, as ProtectionSource.sourceId shows it.',
    );
  const twice = objects.findIndex(
    ({ objectId }, index) => objects.findIndex((one) => one.objectId === objectId) < index,
  );
  if (twice >= 0) return at(`objects.${twice}.objectId`, 'appears twice.');
  const group = groupIdProblem(protectionGroupId);
  if (group !== null) return at('protectionGroupId', group);
  if (viewId !== null && viewId <= 0n) return at('viewId', 'must be the id of a view, a positive number.');
  return null;
};

/**
 * The canonical text of a request's body: equal requests give equal text. An idempotency key belongs to one such text.
 */
export const canonicalBody = (request: FailoverRequest): string => {
  const { replicationClusterId, objects, protectionGroupId, runType, viewId, cancelNonFailoverRuns, pauseNextRuns } =
    request;
  const ids = objects.map(({ objectId }) => objectId.toString()).sort();
  return JSON.stringify([
    replicationClusterId.toString(),
    ids,
    protectionGroupId,
    runType,
    viewId?.toString() ?? null,
    cancelNonFailoverRuns,
    pauseNextRuns,
  ]);
};
