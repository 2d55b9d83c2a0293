import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { type ProtectedObject, objectOfSource } from '../../domain/protected-object.js';
import { tasksOf } from '../../domain/protection-run.js';
import { type ReplicaRule, isToldByOwner } from '../../domain/replica.js';
import { objectUnder, sharedKeyOf } from '../../domain/replicated-object.js';
import type { UniversalId } from '../../domain/run-key.js';
import { inTurns } from '../../calling/event-loop.js';
import type { Session } from '../product.js';
import { clustersAmong } from '../replicas.js';
import type { Piece, Reading, Source } from '../source.js';
import { clusterNamed } from './cluster.js';
import { cohesityLoaders } from './loaders.js';
import { protectionRunSource, runViews, runsSince } from './run-source.js';

/**
 * The copies that `protectedObjects` joins to an object, for an object by its id: from each other visible cluster, the
 * copies that no other cluster returns, matched by the same key. No source if there is only one cluster.
 */
export const replicaSources = (
  session: Session,
  object: ProtectedObject,
  rule: ReplicaRule,
): readonly Source<CopySnapshotTask>[] => {
  const owned = createOwned(session, object, rule);
  return clustersAmong(session.clients, session.clients.keys())
    .filter((name) => name !== object.upstream)
    .map((cluster) => replicaSource(session, cluster, { object, rule, owned }));
};

/** The keys of an object on its owner. */
interface Names {
  readonly keys: ReadonlySet<string>;
  readonly jobIds: readonly string[]; // on the owner
  readonly jobUids: ReadonlySet<string>;
}

const uidText = ({ clusterId, clusterIncarnationId, id }: UniversalId): string =>
  [clusterId, clusterIncarnationId, id].join(' ');

const keyOf = (task: CopySnapshotTask): string | null => sharedKeyOf(task, objectOfSource(task.source));

/** Reads the keys of an object, once for all clusters. */
const createOwned = (session: Session, object: ProtectedObject, rule: ReplicaRule) => {
  const { upstream, source } = object;

  const readTasks = async (
    { window }: Reading,
    part: { readonly jobIds: readonly string[] | null; readonly sourceId?: string | undefined },
  ): Promise<readonly CopySnapshotTask[]> => {
    const found = new Map<string, CopySnapshotTask>();
    const owner = clusterNamed(session.clients, upstream);
    // A copy on the replica may begin much later than the task that shows its object, so all of these runs are read.
    for await (const runs of runsSince(session, owner, { detail: 'tasks', ...part }, window.from))
      await inTurns(runs, (run) => {
        for (const task of tasksOf(run)) found.set(`${task.source?.sourceId} ${keyOf(task)}`, task);
      });
    await rule.ready;
    return [...found.values()].filter((task) => rule.ownerOf(task) === null);
  };

  const readNames = async (reading: Reading): Promise<Names> => {
    // The same query as for the object's own copies, so that both share one read.
    const all = await readTasks(reading, { jobIds: null, sourceId: source?.sourceId?.toString() });
    const tasks = all.filter((task) => task.source?.sourceId === source?.sourceId);
    return {
      keys: new Set(tasks.map(keyOf).filter((key) => key !== null)),
      jobIds: [...new Set(tasks.map(({ jobId }) => jobId.toString()))].sort(),
      jobUids: new Set(tasks.flatMap(({ jobUid }) => (jobUid === null ? [] : [uidText(jobUid)]))),
    };
  };

  /** The keys that only this object has. */
  const readOnly = async (reading: Reading, { keys, jobIds }: Names): Promise<ReadonlySet<string>> => {
    const byKey = new Map([...keys].map((key) => [key, new Set([object.id])]));
    for (const task of await readTasks(reading, { jobIds }))
      byKey.get(keyOf(task) ?? '')?.add(objectOfSource(task.source)?.id ?? object.id);
    return new Set([...keys].filter((key) => objectUnder(byKey.get(key)) === object.id));
  };

  let names: Promise<Names> | null = null;
  let only: Promise<ReadonlySet<string>> | null = null;
  return {
    names: (reading: Reading): Promise<Names> => (names ??= readNames(reading)),
    only: (reading: Reading, known: Names): Promise<ReadonlySet<string>> => (only ??= readOnly(reading, known)),
  };
};

type Owned = ReturnType<typeof createOwned>;

interface Wanted {
  readonly object: ProtectedObject;
  readonly rule: ReplicaRule;
  readonly owned: Owned;
}

const readOnward = async function* (
  session: Session,
  cluster: string,
  { object, rule, owned }: Wanted,
  reading: Reading,
): AsyncGenerator<Piece<CopySnapshotTask>, void, void> {
  const loaders = cohesityLoaders(session);
  const names = await owned.names(reading);
  if (names.jobUids.size === 0) return;
  const { records: jobs, observedAt, unreadable, failure } = await loaders.protectionJobs.load({ upstream: cluster });
  yield { records: [], reached: null, observedAt, unreadable, failure };
  const jobIds = jobs.flatMap(({ uid, jobId }) =>
    uid !== null && names.jobUids.has(uidText(uid)) ? [jobId.toString()] : [],
  );
  if (jobIds.length === 0) return;
  const holder = clusterNamed(session.clients, cluster);
  const isOnward = (task: CopySnapshotTask): boolean =>
    rule.ownerOf(task) === object.upstream && !isToldByOwner(task) && names.keys.has(keyOf(task) ?? '');
  const onward = protectionRunSource(session, holder, {
    detail: 'tasks',
    jobIds,
    view: runViews.tasks,
    where: isOnward,
  });
  for await (const piece of onward.read(reading)) {
    const only = piece.records.length === 0 ? null : await owned.only(reading, names);
    const records = piece.records.filter((task) => only?.has(keyOf(task) ?? ''));
    yield { ...piece, records };
  }
};

/**
 * One cluster's onward copies of an object. Reads its jobs by uid, then the runs of those that hold a replica. The
 * owner's jobs are read only if such a run has copies to join, because they may contain another object of that name.
 */
const replicaSource = (session: Session, cluster: string, wanted: Wanted): Source<CopySnapshotTask> => ({
  upstream: cluster,
  read: (reading) => readOnward(session, cluster, wanted, reading),
});
