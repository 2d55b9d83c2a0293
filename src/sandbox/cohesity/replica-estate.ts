import { estateOf, type Estate } from './estate.js';
import { joined, universalId } from './identity.js';
import { copyTo, type CopyPlan, type Job } from './job.js';
import { rootSources } from './job-factory.js';
import type { Source } from './source.js';
import { drCluster, partnerOf, replicaVault, type RemoteCluster } from './target.js';

/** Ids are valid on one cluster only: this one has its own for jobs and sources. */
const jobIdHere = (id: number): number => id + 50_000;
const sourceIdHere = (id: number): number => id + 5_000_000;

const sourceHere = (source: Source): Source => {
  const id = sourceIdHere(source.id);
  return { ...source, id, wire: { ...source.wire, id } };
};

const replicationTo = ({ copies }: Job, { clusterId }: RemoteCluster): CopyPlan | undefined =>
  copies.find(({ target }) => target.type === 'kRemote' && target.cluster.clusterId === clusterId);

/** Every third job is also archived from here: the source does not know of that copy. */
const cascadesOf = ({ id }: Job): readonly CopyPlan[] =>
  id % 3 === 0 ? [copyTo({ type: 'kArchival', vault: replicaVault }, { outcomes: ['kSuccess'] })] : [];

const jobHere = (job: Job, replication: CopyPlan, source: Estate): Job => {
  const { deleted: _deleted, paused: _paused, ...rest } = job;
  return {
    ...rest,
    id: jobIdHere(job.id),
    policyId: joined(universalId(drCluster, 1)),
    sources: job.sources.map(sourceHere),
    copies: [{ ...replication, target: { type: 'kLocal' } }, ...cascadesOf(job)],
    origin: source.cluster,
    replicaOf: job,
  };
};

/** The estate of the cluster that receives an estate's replications: its jobs are replicas only. */
export const createReplicaEstate = (source: Estate): Estate => {
  const { seed } = source;
  const jobs = source.jobs.flatMap((job) => {
    const replication = replicationTo(job, drCluster);
    return replication === undefined ? [] : [jobHere(job, replication, source)];
  });
  return estateOf({
    seed,
    cluster: drCluster,
    jobs,
    roots: rootSources({ seed, cluster: drCluster, retentionHours: 0 }),
    remoteClusters: [partnerOf(source.cluster)],
    vaults: [replicaVault],
  });
};
