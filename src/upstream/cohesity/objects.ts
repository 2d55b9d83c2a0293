import { isGiven } from '../../domain/copy-filter.js';
import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { worthOfSnapshot } from '../../domain/good-copy.js';
import { objectOfSource } from '../../domain/protected-object.js';
import type { ReplicaRule } from '../../domain/replica.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Inventory, Objects, Session } from '../product.js';
import type { Source } from '../source.js';
import { clusterNamed } from './cluster.js';
import { cohesityLoaders } from './loaders.js';
import { replicaSources } from './replica-copies.js';
import { protectionRunSource, runViews } from './run-source.js';

const nullIfUnreadable = (error: unknown): null => {
  if (error instanceof UpstreamError && error.reason === 'malformed') return null;
  throw error;
};

/** A cluster's jobs and the names of their sources. */
const readInventory = async (session: Session, upstream: string, replicas: ReplicaRule): Promise<Inventory> => {
  const loaders = cohesityLoaders(session);
  const [{ records, failure, unreadable }] = await Promise.all([
    loaders.protectionJobs.load({ upstream }),
    replicas.ready,
  ]);
  // The objects of a replica's job are in its owner's inventory.
  const own = records.filter((job) => replicas.passes(job) && replicas.ownerOf(job) === null);
  const ids = new Set(own.filter((job) => job.isActive && !job.isDeleted).flatMap(({ sourceIds }) => sourceIds));
  const sources = await Promise.all(
    [...ids].map((id) => loaders.protectionSource.load({ upstream, id: id.toString() }).catch(nullIfUnreadable)),
  );
  const objects = sources.map(objectOfSource).filter((object) => object !== null);
  // If a job names a source that the cluster does not return, it may be an object that was never copied.
  return { records: objects, failure, unreadable: unreadable + sources.length - objects.length };
};

/** The objects of a cluster: sources, whose copies are the tasks of its runs. */
export const createObjects = (upstream: string): Objects<CopySnapshotTask> => {
  const tasks = (session: Session, sourceId?: bigint | null): Source<CopySnapshotTask> =>
    protectionRunSource(session, clusterNamed(session.clients, upstream), {
      detail: 'tasks',
      jobIds: null,
      sourceId: sourceId?.toString(),
      view: runViews.tasks,
      where: sourceId === undefined ? undefined : (task) => task.source?.sourceId === sourceId,
    });
  return {
    concerns: ({ resourceTypes }) => !isGiven(resourceTypes),
    objectOf: ({ source }) => objectOfSource(source),
    worthOf: worthOfSnapshot,
    copies: (session) => tasks(session),
    copiesOf: (session, { source }) => tasks(session, source?.sourceId ?? null),
    copiesElsewhere: replicaSources,
    inventory: (session, rule) => readInventory(session, upstream, rule),
    find: async (session, key) =>
      /^\d+$/.test(key)
        ? objectOfSource(await cohesityLoaders(session).protectionSource.load({ upstream, id: key }))
        : null,
  };
};
