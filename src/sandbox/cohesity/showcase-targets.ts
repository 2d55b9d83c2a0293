import { awsFrankfurt, awsReplication, azureWestEurope, gcpBelgium } from './cloud.js';
import { copyTo, type Job } from './job.js';
import { createJob, localCopy, numbered, type EstateFacts } from './job-factory.js';
import { azureVault, drCluster, londonCluster, nasVault, s3Vault, tapeVault } from './target.js';

/** Pinned jobs that show each kind of target, and copies that are huge, slow or late. */
export const targetShowcaseJobs = (estate: EstateFacts): readonly Job[] => {
  const gold = createJob(estate, {
    id: 1001,
    name: 'VM-Prod-Frankfurt-Gold',
    description: 'Production, gold policy',
    environment: 'kVMware',
    site: 'fra',
    policy: 1,
    sourceNames: numbered('fra-erp-app-', 45),
    intervalMinutes: 240,
    runMinutes: [20, 35],
    copies: [
      localCopy({ lock: { type: 'kCompliance', days: 14 } }),
      copyTo(
        { type: 'kRemote', cluster: drCluster },
        { moveMinutes: [15, 45], outcomes: ['kSuccess', 'kSuccess', 'kWarning'] },
      ),
      copyTo(
        { type: 'kArchival', vault: s3Vault },
        {
          waitMinutes: [5, 15],
          moveMinutes: [60, 110],
          outcomes: ['kSuccess'],
          lock: { type: 'kAdministrative', days: 90 },
          legalHold: 'objects',
        },
      ),
    ],
  });
  return [
    gold,
    createJob(estate, {
      id: 1002,
      name: 'SQL-Finance-Log',
      environment: 'kSQL',
      site: 'fra',
      policy: 2,
      sourceNames: ['FINSQL01/GeneralLedger', 'FINSQL01/Payables', 'FINSQL02/Treasury'],
      intervalMinutes: 60,
      runMinutes: [2, 6],
      runTypes: ['kLog', 'kLog', 'kLog', 'kLog', 'kLog', 'kFull'],
      copies: [
        localCopy(),
        copyTo({ type: 'kRemote', cluster: drCluster }),
        copyTo(
          { type: 'kArchival', vault: azureVault },
          { outcomes: ['kSuccess', 'kSuccess', 'kSuccess', 'kFailure'] },
        ),
      ],
    }),
    createJob(estate, {
      // Each copy to tape runs for some 36 hours, with a new one every 12.
      id: 1003,
      name: 'Physical-Archiv-Behörden-Tape',
      environment: 'kPhysical',
      site: 'fra',
      policy: 3,
      sourceNames: ['fra-archive-phys01.corp.example', 'fra-archive-phys02.corp.example'],
      intervalMinutes: 720,
      runMinutes: [25, 40],
      runTypes: ['kFull', 'kSystem'],
      copies: [
        localCopy(),
        copyTo(
          { type: 'kArchival', vault: tapeVault },
          {
            waitMinutes: [170, 190],
            moveMinutes: [2110, 2190],
            retentionDays: 3650,
            outcomes: ['kSuccess'],
            userActionMessage: 'Please load tape media B00421L8, B00422L8 into the library tape-library-basement.',
          },
        ),
      ],
    }),
    createJob(estate, {
      id: 1004,
      name: 'VM-ERP-CloudDeploy-AWS',
      environment: 'kVMware',
      site: 'fra',
      policy: 4,
      sourceNames: ['fra-erp-db-01', 'fra-erp-reporting-01'],
      intervalMinutes: 240,
      runMinutes: [8, 15],
      copies: [
        localCopy(),
        copyTo(
          { type: 'kCloudDeploy', cloud: awsFrankfurt },
          { moveMinutes: [30, 60], outcomes: ['kSuccess', 'kFailure', 'kWarning'] },
        ),
      ],
    }),
    createJob(estate, {
      id: 1005,
      name: 'VM-Intranet-CloudDeploy-Azure',
      environment: 'kVMware',
      site: 'lon',
      policy: 4,
      sourceNames: ['lon-intranet-web-01', 'lon-intranet-db-01'],
      intervalMinutes: 360,
      runMinutes: [8, 15],
      copies: [
        localCopy(),
        copyTo({ type: 'kCloudDeploy', cloud: azureWestEurope }, { moveMinutes: [30, 60] }),
        copyTo({ type: 'kRemote', cluster: londonCluster }),
      ],
    }),
    createJob(estate, {
      id: 1006,
      name: 'VM-Shop-Migration-GCP',
      environment: 'kVMware',
      site: 'nyc',
      policy: 4,
      sourceNames: ['nyc-shop-web-01', 'nyc-shop-web-02', 'nyc-shop-db-01'],
      intervalMinutes: 360,
      runMinutes: [10, 18],
      copies: [
        localCopy(),
        copyTo({ type: 'kCloudDeploy', cloud: gcpBelgium }),
        copyTo({ type: 'kCloudReplication', cloud: awsReplication }, { moveMinutes: [40, 90] }),
      ],
    }),
    createJob(estate, {
      // 2^53 + 1: the first integer that a double cannot hold. Its runs are older than a week, so that no sum of the
      // last days depends on this one record.
      id: 1007,
      name: 'View-Datalake-Telemetry',
      environment: 'kView',
      site: 'fra',
      policy: 5,
      sourceNames: ['datalake-telemetry'],
      sizeBytes: 9_007_199_254_740_993n,
      intervalMinutes: 360,
      runMinutes: [15, 25],
      retentionHours: 11 * 24,
      youngestHours: 9 * 24,
      copies: [
        localCopy(),
        copyTo({ type: 'kRemote', cluster: drCluster }, { moveMinutes: [120, 200], outcomes: ['kSuccess'] }),
        copyTo({ type: 'kArchival', vault: nasVault }, { outcomes: ['kSuccess'] }),
      ],
    }),
    createJob(estate, {
      id: 1008,
      name: 'VM-Archive-Backlog',
      environment: 'kVMware',
      site: 'fra',
      policy: 6,
      sourceNames: ['fra-files-01', 'fra-files-02'],
      sharedSources: gold.sources.slice(0, 3),
      intervalMinutes: 120,
      runMinutes: [6, 12],
      copies: [
        localCopy(),
        copyTo(
          { type: 'kArchival', vault: s3Vault },
          { queuedAfterMinutes: [180, 240], waitMinutes: [200, 220], moveMinutes: [25, 60] },
        ),
      ],
    }),
  ];
};
