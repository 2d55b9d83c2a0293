import { archive, days, forever, type PlanSpec, utc } from './plan-spec.js';

const critical: PlanSpec = {
  name: 'prod-critical',
  account: 'primary',
  role: 'service-role/AWSBackupDefaultServiceRole',
  rules: [
    {
      name: 'every-4-hours',
      cron: 'cron(0 0/4 ? * * *)',
      timezone: utc,
      everyHours: 4,
      atHour: 0,
      lag: [6, 40],
      vault: 'prod-hourly',
      lifecycle: days(7),
      copies: [{ vault: 'dr-prod', lifecycle: days(35) }],
      resources: [
        { type: 'RDS', name: 'orders-db', gigabytes: 412 },
        { type: 'RDS', name: 'billing-db', gigabytes: 238 },
        { type: 'RDS', name: 'customers-db', gigabytes: 655, runs: [120, 200] },
        { type: 'Aurora', name: 'checkout-cluster', runs: [170, 235] },
        { type: 'DynamoDB', name: 'sessions', gigabytes: 18 },
        { type: 'DynamoDB', name: 'carts', gigabytes: 7 },
        { type: 'EBS', name: 'ledger-data', gigabytes: 500, runs: [90, 150] },
        { type: 'EBS', name: 'ledger-log', gigabytes: 80 },
        { type: 'EBS', name: 'scratch', gigabytes: 21, unnamed: true },
      ],
    },
    {
      name: 'nightly',
      cron: 'cron(0 2 ? * * *)',
      timezone: utc,
      everyHours: 24,
      atHour: 2,
      lag: [10, 50],
      vault: 'prod-daily',
      lifecycle: days(35),
      copies: [
        { vault: 'dr-prod-locked', lifecycle: archive },
        { vault: 'central', lifecycle: days(90) },
        { vault: 'airgap-prod', lifecycle: days(30) },
      ],
      resources: [
        { type: 'EC2', name: 'web-1', gigabytes: 60 },
        { type: 'EC2', name: 'web-2', gigabytes: 60 },
        { type: 'EC2', name: 'api-1', gigabytes: 120 },
        { type: 'EC2', name: 'batch-1', gigabytes: 900 },
        { type: 'EC2', name: 'legacy-erp', gigabytes: 1500, fails: 'key' },
        { type: 'EFS', name: 'home-dirs', gigabytes: 2200 },
        { type: 'S3', name: 'invoices', gigabytes: 350 },
        { type: 'RDS', name: 'orders-db', gigabytes: 412 },
      ],
    },
  ],
};

const databases: PlanSpec = {
  name: 'prod-databases',
  account: 'primary',
  role: 'backup-databases',
  rules: [
    {
      name: 'hourly',
      cron: 'cron(0 * ? * * *)',
      timezone: utc,
      everyHours: 1,
      atHour: 0,
      lag: [4, 14],
      vault: 'prod-hourly',
      lifecycle: days(7),
      copies: [{ vault: 'prod-copies', lifecycle: { DeleteAfterDays: 14, DeleteAfterEvent: 'DELETE_AFTER_COPY' } }],
      resources: [
        // Waits longer than an hour, so at least one of its copies is always CREATED.
        { type: 'DynamoDB', name: 'orders', gigabytes: 96, waits: [85, 118] },
        { type: 'DynamoDB', name: 'order-events', gigabytes: 210 },
      ],
      wholeSeconds: true,
    },
  ],
};

const stacks: PlanSpec = {
  name: 'prod-stacks',
  account: 'primary',
  role: 'backup-stacks',
  rules: [
    {
      name: 'six-hourly-stacks',
      cron: 'cron(30 1/6 ? * * *)',
      timezone: utc,
      everyHours: 6,
      atHour: 1.5,
      lag: [8, 30],
      vault: 'prod-daily',
      lifecycle: days(35),
      copies: [{ vault: 'dr-prod', lifecycle: days(35) }],
      resources: [
        {
          type: 'CloudFormation',
          name: 'shop-stack',
          members: [
            { type: 'EC2', name: 'shop-front', member: 'FrontInstance', gigabytes: 48 },
            // This member always fails, so every finished copy of the stack is PARTIAL.
            { type: 'EC2', name: 'shop-worker', member: 'WorkerInstance', gigabytes: 64, fails: 'tags' },
            { type: 'DynamoDB', name: 'shop-baskets', member: 'BasketTable', gigabytes: 12 },
            { type: 'RDS', name: 'shop-db', member: 'Database', gigabytes: 190 },
            { type: 'S3', name: 'shop-assets', member: 'AssetBucket', gigabytes: 75 },
          ],
        },
        {
          type: 'CloudFormation',
          name: 'crm-stack',
          members: [
            { type: 'EC2', name: 'crm-app', member: 'AppInstance', gigabytes: 80 },
            { type: 'Aurora', name: 'crm-cluster', member: 'CrmCluster' },
            { type: 'EFS', name: 'crm-attachments', member: 'Attachments', gigabytes: 310 },
          ],
        },
      ],
    },
    {
      name: 'nightly-clusters',
      cron: 'cron(0 22 ? * * *)',
      timezone: utc,
      everyHours: 24,
      atHour: 22,
      lag: [15, 45],
      vault: 'prod-daily',
      lifecycle: days(35),
      copies: [
        { vault: 'dr-prod', lifecycle: days(35) },
        { vault: 'central', lifecycle: forever },
      ],
      resources: [
        {
          type: 'EKS',
          name: 'platform',
          members: [
            { type: 'EBS', name: 'platform-registry', member: 'registry/data', gigabytes: 150 },
            { type: 'EBS', name: 'platform-queue', member: 'queue/data', gigabytes: 40 },
            { type: 'EFS', name: 'platform-shared', member: 'shared/files', gigabytes: 95 },
          ],
        },
      ],
    },
  ],
};

const datacenter: PlanSpec = {
  name: 'datacenter',
  account: 'primary',
  role: 'backup-datacenter',
  rules: [
    {
      name: 'twice-daily',
      cron: 'cron(0 9/12 ? * * *)',
      timezone: utc,
      everyHours: 12,
      atHour: 9,
      lag: [10, 45],
      vault: 'datacenter',
      lifecycle: days(14),
      copies: [{ vault: 'airgap-dr', lifecycle: days(30) }],
      resources: [
        { type: 'SAP HANA on Amazon EC2', name: 'ERP', gigabytes: 1800, runs: [240, 400] },
        { type: 'SAP HANA on Amazon EC2', name: 'BW1', gigabytes: 940 },
        { type: 'VirtualMachine', name: 'vm-files-01', gigabytes: 700, runs: [300, 560] },
        { type: 'VirtualMachine', name: 'vm-print-01', gigabytes: 90 },
        { type: 'VirtualMachine', name: 'vm-build-02', gigabytes: 260 },
        { type: 'VirtualMachine', name: 'vm-door-control', gigabytes: 34 },
        // Runs longer than the twelve hours between two backups, so one is always RUNNING.
        { type: 'S3', name: 'media-archive', gigabytes: 52_000, runs: [790, 840] },
      ],
    },
  ],
};

/** The shop's systems: databases, servers, stacks and the machines in the data centre. */
export const productionPlans: readonly PlanSpec[] = [critical, databases, stacks, datacenter];
