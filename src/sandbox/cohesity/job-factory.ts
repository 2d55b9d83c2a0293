import { joined, universalId, type ClusterIdentity } from './identity.js';
import { copyTo, type CopyPlan, type Job } from './job.js';
import { createSource, type Source } from './source.js';

/** The values common to all jobs of one estate. */
export interface EstateFacts {
  readonly seed: number;
  readonly cluster: ClusterIdentity;
  readonly retentionHours: number;
}

export const sites = ['fra', 'lon', 'nyc', 'sin'] as const;
export type Site = (typeof sites)[number];

const roots: Readonly<Record<string, (site: Site) => string>> = {
  kVMware: (site) => `vcenter-${site}.corp.example`,
  kSQL: (site) => `sqlcluster-${site}.corp.example`,
  kPhysical: (site) => `Physical Servers ${site.toUpperCase()}`,
  kView: (site) => `StorageDomain-${site.toUpperCase()}`,
  kOracle: (site) => `orarac-${site}.corp.example`,
  kGenericNas: (site) => `filer-${site}.corp.example`,
};

const environments = Object.keys(roots);

/** Ids 11 to 64: the tens are the environment, the ones are the site. */
const rootId = (environment: string, site: Site): number =>
  (environments.indexOf(environment) + 1) * 10 + sites.indexOf(site) + 1;

/** The registered sources above the protected ones. */
export const rootSources = ({ seed, cluster }: EstateFacts): readonly Source[] =>
  environments.flatMap((environment) =>
    sites.map((site) => {
      const id = rootId(environment, site);
      const name = roots[environment]?.(site) ?? environment;
      return createSource({
        id,
        name,
        environment,
        parentId: null,
        owner: universalId(cluster, id),
        seed,
        sizeBytes: 0n,
      });
    }),
  );

/** The facts of one job; the rest follows from its id. */
interface JobFacts
  extends
    Omit<
      Job,
      | 'uid'
      | 'policyId'
      | 'viewBoxId'
      | 'parentSourceId'
      | 'sources'
      | 'runTypes'
      | 'retentionHours'
      | 'youngestHours'
      | 'phaseMinutes'
    >,
    Partial<Pick<Job, 'runTypes' | 'retentionHours' | 'youngestHours' | 'phaseMinutes'>> {
  readonly site: Site;
  readonly sourceNames: readonly string[];
  /** Other jobs' sources that this one protects too. */
  readonly sharedSources?: readonly Source[];
  readonly sizeBytes?: bigint;
  readonly policy: number;
}

export const createJob = (estate: EstateFacts, facts: JobFacts): Job => {
  const { site, sourceNames, sharedSources = [], sizeBytes, policy, ...rest } = facts;
  const parentId = rootId(facts.environment, site);
  const sources = sourceNames.map((name, position) => {
    const id = facts.id * 100 + position + 1;
    const owner = universalId(facts.origin ?? estate.cluster, id);
    return createSource({
      id,
      name,
      environment: facts.environment,
      parentId,
      owner,
      seed: estate.seed,
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
    });
  });
  return {
    runTypes: ['kRegular'],
    retentionHours: estate.retentionHours,
    youngestHours: 0,
    phaseMinutes: (facts.id * 7) % facts.intervalMinutes,
    ...rest,
    uid: universalId(facts.origin ?? estate.cluster, facts.id),
    policyId: joined(universalId(estate.cluster, policy)),
    viewBoxId: 5,
    parentSourceId: parentId,
    sources: [...sharedSources, ...sources],
  };
};

/** The local copy, which every policy has. */
export const localCopy = (more: Partial<CopyPlan> = {}): CopyPlan =>
  copyTo({ type: 'kLocal' }, { retentionDays: 14, ...more });

/** `prefix01`, `prefix02` and so on. */
export const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
