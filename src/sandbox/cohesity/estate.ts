import { generatedJobs } from './generated-jobs.js';
import { clusterOf, joined, type ClusterIdentity } from './identity.js';
import type { Job } from './job.js';
import { rootSources } from './job-factory.js';
import { showcaseJobs } from './showcase-jobs.js';
import type { Source } from './source.js';
import { remoteClusters, vaults, type RemoteCluster, type Vault } from './target.js';

/** The data that do not change with the clock: jobs, schedules and targets. */
export interface Estate {
  readonly seed: number;
  readonly cluster: ClusterIdentity;
  readonly jobs: readonly Job[];
  readonly jobById: ReadonlyMap<number, Job>;
  /** By v2 id. */
  readonly groupById: ReadonlyMap<string, Job>;
  readonly roots: readonly Source[];
  readonly sourceById: ReadonlyMap<number, Source>;
  readonly remoteClusters: readonly RemoteCluster[];
  readonly vaults: readonly Vault[];
}

/** The sources by id; of two with one id, the first. */
const byId = (sources: readonly Source[]): ReadonlyMap<number, Source> => {
  const found = new Map<number, Source>();
  for (const source of sources) if (!found.has(source.id)) found.set(source.id, source);
  return found;
};

/** An estate with its lookup tables. */
export const estateOf = (
  parts: Pick<Estate, 'seed' | 'cluster' | 'jobs' | 'roots' | 'remoteClusters' | 'vaults'>,
): Estate => ({
  ...parts,
  jobById: new Map(parts.jobs.map((job) => [job.id, job])),
  groupById: new Map(parts.jobs.map((job) => [joined(job.uid), job])),
  sourceById: byId([...parts.roots, ...parts.jobs.flatMap(({ sources, former = [] }) => [...sources, ...former])]),
});

const jobsAtScaleOne = 40;

/** The same seed and scale give the same estate. */
export const createEstate = (seed: number, scale: number): Estate => {
  const cluster = clusterOf(seed);
  const big = scale > 1;
  const facts = { seed, cluster, retentionHours: big ? 7 * 24 : 48 };
  const showcase = showcaseJobs(facts);
  const jobs = [
    ...showcase,
    ...generatedJobs(facts, Math.max(0, Math.round(jobsAtScaleOne * scale) - showcase.length), big),
  ];
  return estateOf({ seed, cluster, jobs, roots: rootSources(facts), remoteClusters, vaults });
};
