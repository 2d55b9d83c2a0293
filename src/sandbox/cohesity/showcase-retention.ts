import { copyTo, type Job } from './job.js';
import { createJob, localCopy, numbered, type EstateFacts } from './job-factory.js';
import { azureVault, drCluster, s3Vault } from './target.js';

const daily = 24 * 60;

/** Pinned jobs whose snapshots were deleted, are held beyond their time, or are older than the others. */
export const retentionShowcaseJobs = (estate: EstateFacts): readonly Job[] => {
  const ledger = createJob(estate, {
    id: 1025,
    name: 'SQL-Ledger-Daily',
    description: 'Local only; the month end is archived by SQL-Ledger-MonthEnd',
    environment: 'kSQL',
    site: 'fra',
    policy: 7,
    sourceNames: ['LEDSQL01/Ledger', 'LEDSQL01/LedgerArchive'],
    intervalMinutes: daily / 2,
    runMinutes: [4, 9],
    backupOutcomes: ['kSuccess'],
    copies: [localCopy({ retentionDays: 7 })],
  });
  return [
    createJob(estate, {
      // Its snapshots are deleted by hand after six hours, its archives after twelve.
      id: 1023,
      name: 'VM-DevTest-Cleanup',
      environment: 'kVMware',
      site: 'lon',
      policy: 7,
      sourceNames: numbered('lon-devtest-', 3),
      intervalMinutes: 180,
      runMinutes: [4, 9],
      backupOutcomes: ['kSuccess'],
      copies: [
        localCopy({ deletedAfterHours: 6 }),
        copyTo({ type: 'kArchival', vault: azureVault }, { outcomes: ['kSuccess'], deletedAfterHours: 12 }),
      ],
    }),
    createJob(estate, {
      // Retired: its last runs are more than a day old and were kept for one day. Legal holds keep all local snapshots
      // beyond that, and the replicas of the first two machines.
      id: 1024,
      name: 'VM-Case-4711-Retired-Hosts',
      environment: 'kVMware',
      site: 'nyc',
      policy: 8,
      sourceNames: numbered('nyc-case4711-', 4),
      intervalMinutes: daily,
      runMinutes: [4, 9],
      backupOutcomes: ['kSuccess'],
      paused: true,
      retentionHours: 160,
      youngestHours: 30,
      copies: [
        localCopy({ retentionDays: 1, legalHold: 'run' }),
        copyTo(
          { type: 'kRemote', cluster: drCluster },
          { retentionDays: 1, legalHold: 'objects', outcomes: ['kSuccess'] },
        ),
      ],
    }),
    ledger,
    createJob(estate, {
      // Moves with the clock, so that there is always a run some 20 days old that is kept for another 340.
      id: 1026,
      name: 'SQL-Ledger-MonthEnd',
      environment: 'kSQL',
      site: 'fra',
      policy: 9,
      sourceNames: [],
      sharedSources: ledger.sources,
      intervalMinutes: daily,
      runMinutes: [10, 20],
      runTypes: ['kFull'],
      backupOutcomes: ['kSuccess'],
      retentionHours: 20.5 * 24 + 1, // one hour more than a day, to leave no gap between two runs
      youngestHours: 19.5 * 24,
      copies: [
        localCopy({ retentionDays: 7 }),
        copyTo({ type: 'kArchival', vault: s3Vault }, { retentionDays: 360, outcomes: ['kSuccess'] }),
      ],
    }),
  ];
};
