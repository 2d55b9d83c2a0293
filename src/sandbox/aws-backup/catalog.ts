import { lakePlans } from './catalog-lake.js';
import { productionPlans } from './catalog-production.js';
import { days, forever, type LifecycleSpec, type PlanSpec, type RuleSpec, utc } from './plan-spec.js';

const byHand: PlanSpec = {
  name: 'by-hand',
  account: 'primary',
  role: 'Admin',
  byHand: true,
  rules: [
    {
      name: 'by-hand',
      cron: '',
      timezone: utc,
      everyHours: 12,
      atHour: 0,
      lag: [20, 660],
      vault: 'Default',
      lifecycle: days(30),
      copies: [{ vault: 'dr-default' }],
      resources: [
        { type: 'EC2', name: 'jump-host', gigabytes: 30 },
        { type: 'EBS', name: 'old-laptop-image', gigabytes: 256, unnamed: true },
        { type: 'Storage Gateway', name: 'tape-out', gigabytes: 2000 },
      ],
    },
  ],
};

/** Backed up but never copied, so absent from lists of copies. */
const neverCopied: readonly PlanSpec[] = [
  {
    name: 'aws/efs/automatic-backup-plan',
    account: 'primary',
    role: 'aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup',
    serviceMade: true,
    rules: [
      {
        name: 'aws/efs/automatic-backup-rule',
        cron: 'cron(0 5 ? * * *)',
        timezone: utc,
        everyHours: 24,
        atHour: 5,
        lag: [10, 50],
        vault: 'aws/efs/automatic-backup-vault',
        lifecycle: days(35),
        copies: [],
        resources: [
          { type: 'EFS', name: 'intranet', gigabytes: 25 },
          { type: 'EFS', name: 'ci-cache', gigabytes: 410 },
        ],
      },
    ],
  },
  {
    name: 'dev-daily',
    account: 'second',
    role: 'service-role/AWSBackupDefaultServiceRole',
    rules: [
      {
        name: 'daily',
        cron: 'cron(0 20 ? * * *)',
        timezone: utc,
        everyHours: 24,
        atHour: 20,
        lag: [10, 50],
        vault: 'dev',
        lifecycle: days(7),
        copies: [],
        resources: [
          { type: 'EC2', name: 'dev-box', gigabytes: 100 },
          { type: 'RDS', name: 'dev-db', gigabytes: 20 },
        ],
      },
    ],
  },
  { name: 'old-weekly', account: 'primary', role: 'Admin', deleted: true, rules: [] },
];

/** A copy into a vault of each kind of lock, in the caller's own account and Region. */
const vaultLocks: PlanSpec = {
  name: 'vault-locks',
  account: 'primary',
  role: 'backup-databases',
  rules: (
    [
      ['lock-governance', 'payroll-db'],
      ['lock-grace', 'audit-trail-db'],
      ['lock-compliance', 'evidence-db'],
      ['airgap-prod', 'root-keys-db'],
    ] as const
  ).map(([vault, name], at) => ({
    name: `to-${vault}`,
    cron: `cron(${15 * at} 3/12 ? * * *)`,
    timezone: utc,
    everyHours: 12,
    atHour: 3 + at / 4,
    lag: [5, 20],
    vault: 'prod-hourly',
    lifecycle: days(14),
    copies: [{ vault, lifecycle: days(45) }],
    resources: [{ type: 'RDS', name, gigabytes: 40 }],
  })),
};

/** Old backups copied by hand: a copy keeps its backup's date, months before its job. */
const oldByHand = (name: string, copiedAfterDays: number, lifecycle: LifecycleSpec, atHour: number): RuleSpec => ({
  name,
  cron: '',
  timezone: utc,
  everyHours: 24,
  atHour,
  lag: [20, 60],
  vault: 'prod-yearly',
  lifecycle: days(365),
  copies: [{ vault: 'prod-copies', lifecycle }],
  resources: [{ type: 'DynamoDB', name, gigabytes: 14, copiedAfterDays }],
});

const copiedLate: PlanSpec = {
  name: 'copied-late',
  account: 'primary',
  role: 'Admin',
  byHand: true,
  rules: [
    // Expires in another 30 days, not in 90.
    oldByHand('ledger-2025', 60, days(90), 1),
    // Keeps the end of its backup: another 305 days.
    oldByHand('contracts-2025', 60, forever, 2),
    // Deleted some two hours after it was made, not after seven days.
    oldByHand('web-sessions', 6.875, days(7), 3),
  ],
};

/** All plans of the sample data. New ones must go to the end, because a row's index is part of its ids. */
export const planSpecs: readonly PlanSpec[] = [
  ...productionPlans,
  ...lakePlans,
  byHand,
  ...neverCopied,
  vaultLocks,
  copiedLate,
];
