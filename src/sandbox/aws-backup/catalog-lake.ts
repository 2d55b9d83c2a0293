import { days, forever, type PlanSpec, utc } from './plan-spec.js';

const lake: PlanSpec = {
  name: 'data-lake',
  account: 'second',
  role: 'lake-backup',
  rules: [
    {
      name: 'tokyo-night',
      cron: 'cron(0 3 ? * * *)',
      timezone: 'Asia/Tokyo',
      everyHours: 24,
      atHour: 18,
      lag: [12, 50],
      vault: 'lake',
      lifecycle: days(35),
      copies: [
        { vault: 'lake-dr', lifecycle: forever },
        { vault: 'prod-copies', lifecycle: days(60) },
      ],
      resources: [
        { type: 'S3', name: 'lake-raw', gigabytes: 8200 },
        { type: 'S3', name: 'lake-curated', gigabytes: 3100 },
        // The first integer that a JavaScript number cannot hold; older than the week that most sums cover.
        { type: 'S3', name: 'science-archive', bytes: 9_007_199_254_740_993n, runs: [200, 320], youngestDays: 9 },
        { type: 'EFS', name: 'notebooks', gigabytes: 140 },
        { type: 'Timestream', name: 'metrics', gigabytes: 66 },
        { type: 'DynamoDB', name: 'features', gigabytes: 31 },
        { type: 'Redshift', name: 'warehouse', gigabytes: 4100 },
        { type: 'FSx', name: 'render-farm', gigabytes: 1200, unnamed: true },
        { type: 'DocumentDB', name: 'catalogue' },
      ],
      wholeSeconds: true,
    },
  ],
};

const feeds: PlanSpec = {
  name: 'feeds',
  account: 'second',
  role: 'lake-backup',
  idsOnly: true,
  rules: [
    {
      name: 'every-6-hours',
      cron: 'cron(15 5/6 ? * * *)',
      timezone: utc,
      everyHours: 6,
      atHour: 5.25,
      lag: [5, 30],
      vault: 'lake',
      lifecycle: days(14),
      copies: [{ vault: 'prod-copies', lifecycle: days(14) }],
      resources: [
        { type: 'DynamoDB', name: 'feed-offsets', gigabytes: 3 },
        { type: 'DynamoDB', name: 'feed-schemas', gigabytes: 1 },
        { type: 'RDS', name: 'feed-registry', gigabytes: 55 },
        { type: 'RDS', name: 'feed-audit', gigabytes: 130, runs: [200, 320] },
        { type: 'Neptune', name: 'lineage' },
      ],
    },
  ],
};

const partner: PlanSpec = {
  name: 'partner-share',
  account: 'second',
  role: 'partner-share',
  rules: [
    {
      name: 'twice-daily',
      cron: 'cron(0 7/12 ? * * *)',
      timezone: utc,
      everyHours: 12,
      atHour: 7,
      lag: [5, 20],
      vault: 'lake',
      lifecycle: days(7),
      copies: [{ vault: 'partner', lifecycle: days(30) }],
      resources: [{ type: 'S3', name: 'partner-exports', gigabytes: 44, fails: 'organization' }],
    },
  ],
};

/** The second account: data for analysis, and its shared vaults. */
export const lakePlans: readonly PlanSpec[] = [lake, feeds, partner];
