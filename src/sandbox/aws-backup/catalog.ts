import { lakePlans } from './catalog-lake.js';
import { productionPlans } from './catalog-production.js';
import { days, type PlanSpec, utc } from './plan-spec.js';

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

/** Backed up and never copied: what a list of copies cannot show. */
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

/** Every plan of the estate. New ones go to the end: a row's place is part of its ids. */
export const planSpecs: readonly PlanSpec[] = [...productionPlans, ...lakePlans, byHand, ...neverCopied];
