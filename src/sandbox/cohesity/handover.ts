import { estateOf, type Estate } from './estate.js';
import { joined, universalId } from './identity.js';
import { copyTo, type Job } from './job.js';
import { localCopy } from './job-factory.js';
import type { Source } from './source.js';
import { partnerOf } from './target.js';
import type { Handover, ObjectPair, Overlay } from './world.js';

/** The estates of both clusters, by cluster id. */
type Estates = ReadonlyMap<number, Estate>;

type Of<K extends Handover['kind']> = Extract<Handover, { readonly kind: K }>;

/** The id that a replica of a new group has, from the group's id. */
const replicaJobIdOf = (id: number): number => id + 50_000;

const sourcesIn = (estate: Estate, ids: readonly number[]): readonly Source[] =>
  ids.flatMap((id) => estate.sourceById.get(id) ?? []);

const without = (sources: readonly Source[], ids: readonly number[]): readonly Source[] =>
  sources.filter(({ id }) => !ids.includes(id));

/** An estate with these jobs put in the place of those with their ids, or added. */
const withJobs = (estate: Estate, changed: readonly Job[]): Estate => {
  const ids = new Set(changed.map(({ id }) => id));
  const jobs = [...estate.jobs.filter(({ id }) => !ids.has(id)), ...changed].sort((a, b) => a.id - b.id);
  return estateOf({ ...estate, jobs });
};

/** A group begins to back objects up: those that it has had before, and those that are new to it. */
const joinedBy = (job: Job, sources: readonly Source[], at: number): Job => {
  const ids = sources.map(({ id }) => id);
  const open = (job.gaps ?? []).map((gap) =>
    ids.includes(gap.sourceId) && gap.until > at ? { ...gap, until: at } : gap,
  );
  const unknown = ids.filter((id) => !open.some(({ sourceId }) => sourceId === id));
  const { paused: _paused, ...rest } = job;
  return {
    ...rest,
    sources: [...without(job.sources, ids), ...sources],
    former: without(job.former ?? [], ids),
    gaps: [...open, ...unknown.map((sourceId) => ({ sourceId, from: -Infinity, until: at }))],
  };
};

/** The group that an activation makes, named like those that the failover of a view leaves behind. */
const newGroup = (estate: Estate, base: Job, id: number, { cluster }: { readonly cluster: Estate['cluster'] }): Job => {
  const { origin: _origin, replicaOf, description: _description, ...rest } = base;
  return {
    ...rest,
    id,
    uid: universalId(estate.cluster, id),
    name: `failover_${base.name}`,
    policyId: joined(universalId(estate.cluster, 1)),
    sources: [],
    copies: [localCopy(), copyTo({ type: 'kRemote', cluster: partnerOf(cluster) }, { outcomes: ['kSuccess'] })],
    retentionHours: replicaOf?.retentionHours ?? base.retentionHours,
  };
};

/** A group's replica on the cluster that its objects came from. */
const replicaOfGroup = (there: Estate, group: Job, origin: Estate['cluster'], pairs: readonly ObjectPair[]): Job => {
  const id = replicaJobIdOf(group.id);
  const known = there.jobById.get(id);
  const sources = pairs.flatMap(({ replicaId, sourceId }) =>
    sourcesIn(there, [sourceId]).map((source) => ({ ...source, originId: replicaId })),
  );
  const ids = sources.map((source) => source.id);
  return {
    ...group,
    id,
    sources: [...without(known?.sources ?? [], ids), ...sources],
    copies: [copyTo({ type: 'kLocal' }, { outcomes: ['kSuccess'] })],
    origin,
    replicaOf: group,
  };
};

const activate = (here: Estate, there: Estate, change: Of<'activated'>): readonly Estate[] => {
  const { workflow, pairs, jobId, at, replicatesBack } = change;
  if (jobId === null) return [here, there];
  const ids = pairs.map(({ replicaId }) => replicaId);
  const base = here.jobs.find(
    ({ origin, sources }) => origin !== undefined && sources.some(({ id }) => ids.includes(id)),
  );
  const before = here.jobById.get(jobId) ?? (base && newGroup(here, base, jobId, there));
  if (before === undefined) throw new Error(`No group ${jobId} for workflow ${workflow.id}`);
  const group = joinedBy(before, sourcesIn(here, ids), at);
  const back = replicatesBack ? [replicaOfGroup(there, group, here.cluster, pairs)] : [];
  return [withJobs(here, [group]), withJobs(there, back)];
};

const deactivate = (there: Estate, { pairs, jobId, at, kept }: Of<'deactivated'>): Estate => {
  const ids = pairs.map(({ sourceId }) => sourceId);
  const job = there.jobById.get(jobId);
  if (job === undefined) return there;
  const gaps = [...(job.gaps ?? []), ...ids.map((sourceId) => ({ sourceId, from: at, until: Infinity }))];
  if (kept) return withJobs(there, [{ ...job, gaps }]);
  const sources = without(job.sources, ids);
  const former = [...(job.former ?? []), ...sourcesIn(there, ids)];
  return withJobs(there, [{ ...job, gaps, sources, former, ...(sources.length === 0 ? { paused: true } : {}) }]);
};

/** Replicas follow the jobs as they are now. */
const relinked = (estates: Estates): Estates => {
  const all = [...estates.values()];
  const nowOf = (job: Job): Job => all.flatMap(({ jobById }) => jobById.get(job.id) ?? [])[0] ?? job;
  return new Map(
    all.map((estate) => [
      estate.cluster.clusterId,
      estateOf({
        ...estate,
        jobs: estate.jobs.map((job) =>
          job.replicaOf === undefined ? job : { ...job, replicaOf: nowOf(job.replicaOf) },
        ),
      }),
    ]),
  );
};

const after = (estates: Estates, change: Handover): Estates => {
  const { replicaClusterId, sourceClusterId } = change.workflow;
  const [here, there] = [estates.get(replicaClusterId), estates.get(sourceClusterId)];
  if (here === undefined || there === undefined) return estates;
  const changed = change.kind === 'activated' ? activate(here, there, change) : [deactivate(there, change)];
  return relinked(new Map([...estates, ...changed.map((estate) => [estate.cluster.clusterId, estate] as const)]));
};

/** The estates as the workflows of callers have left them. They are worked out again only after a change. */
export const createPresent = (made: () => Estates, { handovers }: Overlay): (() => Estates) => {
  let [known, estates]: [number, Estates | null] = [0, null];
  return () => {
    estates = handovers.slice(known).reduce(after, estates ?? made());
    known = handovers.length;
    return estates;
  };
};
