import type { CopySnapshotTask } from '../../domain/copy-snapshot-task.js';
import { type ProtectedObject, objectOfSource } from '../../domain/protected-object.js';
import { tasksOf } from '../../domain/protection-run.js';
import { type ReplicaRule, isToldByOwner } from '../../domain/replica.js';
import { objectUnder, sharedKeyOf } from '../../domain/replicated-object.js';
import type { UniversalId } from '../../domain/run-key.js';
import { inTurns } from '../../calling/event-loop.js';
import type { Session } from '../product.js';
import { clustersAmong } from '../replicas.js';
import type { Reading, Source } from '../source.js';
import { clusterNamed } from './cluster.js';
import { cohesityLoaders } from './loaders.js';
import { protectionRunSource, runViews, runsSince } from './run-source.js';

/**
 * What `protectedObjects` joins to an object, for the object by its id: from each other cluster that the caller may
 * see, the copies that nobody else lists, matched by the same key. No source where there is one cluster alone.
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

/** What the owner calls an object. */
interface Names {
  readonly keys: ReadonlySet<string>;
  readonly jobIds: readonly string[]; // on the owner
  readonly jobUids: ReadonlySet<string>;
}

const uidText = ({ clusterId, clusterIncarnationId, id }: UniversalId): string =>
  [clusterId, clusterIncarnationId, id].join(' ');

const keyOf = (task: CopySnapshotTask): string | null => sharedKeyOf(task, objectOfSource(task.source));

/** Reads what an object is called, each once for all clusters that are asked. */
const createOwned = (session: Session, object: ProtectedObject, rule: ReplicaRule) => {
  const { upstream, source } = object;

  const readTasks = async (
    { window }: Reading,
    part: { readonly jobIds: readonly string[] | null; readonly sourceId?: string | undefined },
  ): Promise<readonly CopySnapshotTask[]> => {
    const found = new Map<string, CopySnapshotTask>();
    const owner = clusterNamed(session.clients, upstream);
    // A replica's copy may begin when the task that shows its object lies before the window: so all of these runs.
    for await (const runs of runsSince(session, owner, { detail: 'tasks', ...part }, window.from))
      await inTurns(runs, (run) => {
        for (const task of tasksOf(run)) found.set(`${task.source?.sourceId} ${keyOf(task)}`, task);
      });
    await rule.ready;
    return [...found.values()].filter((task) => rule.ownerOf(task) === null);
  };

  const readNames = async (reading: Reading): Promise<Names> => {
    // The same question as for the object's own copies, so that it is asked once where both are read at a time.
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

/**
 * One cluster's onward copies of an object. Its jobs are asked for by uid, then the runs of those that hold a replica.
 * Only when such a run has copies to join, the owner's jobs are read: another object of that name may be in them.
 */
const replicaSource = (
  session: Session,
  cluster: string,
  { object, rule, owned }: Wanted,
): Source<CopySnapshotTask> => ({
  upstream: cluster,
  read: async function* (reading) {
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
  },
});
