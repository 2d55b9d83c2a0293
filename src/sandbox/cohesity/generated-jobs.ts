import { between, hash, pick } from '../random.js';
import { awsFrankfurt, azureWestEurope } from './cloud.js';
import { copyTo, type CopyPlan, type Job } from './job.js';
import { createJob, sites, type EstateFacts, type Site } from './job-factory.js';
import { azureVault, drCluster, londonCluster, nasVault, s3Vault, type Target } from './target.js';

const applications = [
  'erp',
  'crm',
  'web',
  'mail',
  'build',
  'hr',
  'print',
  'scada',
  'vdi',
  'monitoring',
  'payments',
  'catalog',
] as const;
const tiers = ['Gold', 'Silver', 'Bronze'] as const;
const environments = [
  'kVMware',
  'kVMware',
  'kVMware',
  'kSQL',
  'kSQL',
  'kPhysical',
  'kView',
  'kOracle',
  'kGenericNas',
] as const;

const prefixes: Readonly<Record<string, string>> = {
  kVMware: 'VM',
  kSQL: 'SQL',
  kPhysical: 'Physical',
  kView: 'View',
  kOracle: 'Oracle',
  kGenericNas: 'NAS',
};

const sourceName = (environment: string, site: Site, application: string, job: number, position: number): string => {
  const number = String(position + 1).padStart(2, '0');
  if (environment === 'kSQL') return `${site.toUpperCase()}SQL${job % 100}/${application.toUpperCase()}${number}`;
  if (environment === 'kPhysical') return `${site}-${application}-phys${number}.corp.example`;
  if (environment === 'kView') return `${application}-share-${site}-${number}`;
  if (environment === 'kOracle') return `${application.toUpperCase().slice(0, 5)}P${number}`;
  if (environment === 'kGenericNas') return `filer-${site}:/vol/${application}${number}`;
  return `${site}-${application}-${pick(['app', 'db', 'web'], job, position)}-${number}`;
};

/** The policies, by their number of copies besides the local one. */
const policies: readonly [readonly Target[], ...(readonly Target[])[]] = [
  [
    { type: 'kRemote', cluster: drCluster },
    { type: 'kArchival', vault: s3Vault },
    { type: 'kArchival', vault: nasVault },
  ],
  [
    { type: 'kRemote', cluster: londonCluster },
    { type: 'kArchival', vault: azureVault },
    { type: 'kCloudDeploy', cloud: awsFrankfurt },
  ],
  [
    { type: 'kRemote', cluster: drCluster },
    { type: 'kRemote', cluster: londonCluster },
    { type: 'kArchival', vault: s3Vault },
  ],
  [
    { type: 'kRemote', cluster: drCluster },
    { type: 'kArchival', vault: azureVault },
    { type: 'kCloudDeploy', cloud: azureWestEurope },
  ],
];

const copiesOf = (targets: readonly Target[], count: number): readonly CopyPlan[] => [
  copyTo({ type: 'kLocal' }, { retentionDays: 7 }),
  ...targets.slice(0, count).map((target) => copyTo(target)),
];

/**
 * Generates jobs, with schedules and targets from the seed. In large sample data each job runs at least every 96
 * minutes (105
 * runs in seven days) with four copies and few sources, so that a day stays readable.
 */
export const generatedJobs = (estate: EstateFacts, count: number, big: boolean): readonly Job[] => {
  const names = new Map<string, number>();
  return Array.from({ length: count }, (_, number) => {
    const id = 2001 + number;
    const key = [estate.seed, 'job', id] as const;
    const environment = pick(environments, ...key, 'environment');
    const site = pick(sites, ...key, 'site');
    const application = pick(applications, ...key, 'application');
    const stem = `${prefixes[environment] ?? 'Job'}-${site.toUpperCase()}-${application}-${pick(tiers, ...key, 'tier')}`;
    const seen = (names.get(stem) ?? 0) + 1;
    names.set(stem, seen);
    const intervalMinutes = big ? between(60, 96, ...key, 'interval') : pick([120, 240, 360, 480], ...key, 'interval');
    const policy = hash(...key, 'policy') % policies.length;
    const sources = big ? between(1, 2, ...key, 'sources') : between(2, 8, ...key, 'sources');
    return createJob(estate, {
      id,
      name: seen === 1 ? stem : `${stem}-${seen}`,
      environment,
      site,
      policy: 10 + policy,
      sourceNames: Array.from({ length: sources }, (_, position) =>
        sourceName(environment, site, application, id, position),
      ),
      intervalMinutes,
      phaseMinutes: between(0, intervalMinutes - 1, ...key, 'phase'),
      runMinutes: [3, 12],
      runTypes:
        environment === 'kSQL' ? ['kLog', 'kLog', 'kLog', 'kRegular'] : ['kRegular', 'kRegular', 'kRegular', 'kFull'],
      copies: copiesOf(policies[policy] ?? policies[0], big ? 3 : between(1, 3, ...key, 'copies')),
    });
  });
};
