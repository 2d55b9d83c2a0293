import type { Call } from './call.js';
import { scheduledJobs } from './copy-jobs.js';
import { invalidParameter } from './errors.js';
import { dayMs, type Estate } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import type { Pager, Snapshot } from './page.js';
import { text, word } from './query.js';
import { type Job, lifeOf, stateAt } from './timeline.js';

const statuses = [
  'CREATED',
  'RUNNING',
  'ABORTING',
  'ABORTED',
  'COMPLETING',
  'COMPLETED',
  'FAILING',
  'FAILED',
  'PARTIAL',
  'AGGREGATE_ALL',
  'ANY',
] as const;
const periods = { ONE_DAY: [14, 1], SEVEN_DAYS: [1, 7], FOURTEEN_DAYS: [1, 14] } as const;

interface Row {
  readonly accountId: string | undefined;
  readonly state: string | undefined;
  readonly resourceType: string | undefined;
  readonly category: string | undefined;
}

const everything = 'AGGREGATE_ALL';

/** How a property takes part: summed over, grouped by, or fixed to one value. If absent, it is grouped by. */
const grouped = (wanted: string | undefined, value: string | undefined): string | undefined | false => {
  if (wanted === everything) return everything;
  return wanted === undefined || wanted === 'ANY' || wanted.toUpperCase() === value?.toUpperCase() ? value : false;
};

/** Midnights in UTC, oldest first. Today is not over, and not counted. */
const windows = (period: keyof typeof periods, now: number): readonly (readonly [number, number])[] => {
  const [count, length] = periods[period];
  const today = Math.floor(now / dayMs) * dayMs;
  return Array.from({ length: count }, (_, at) => {
    const end = today - (count - 1 - at) * length * dayMs;
    return [end - length * dayMs, end] as const;
  });
};

export const listCopyJobSummaries = (call: Call, pager: Pager): JsonObject => {
  const { query, world } = call;
  const accountId = text(query, 'AccountId');
  if (accountId !== undefined && !/^(\d{12}|ANY|AGGREGATE_ALL)$/.test(accountId))
    throw invalidParameter('Invalid AccountId', 'AccountId');
  const state = word(query, 'State', statuses);
  const resourceType = text(query, 'ResourceType');
  const category = text(query, 'MessageCategory');
  const period = word(query, 'AggregationPeriod', ['ONE_DAY', 'SEVEN_DAYS', 'FOURTEEN_DAYS']) ?? 'ONE_DAY';

  const rowOf = (job: Job, now: number): Row | undefined => {
    const life = lifeOf(job);
    const ended = now >= life.endsAt;
    const row = {
      accountId: grouped(accountId, job.lane.unit.resource.accountId),
      state: grouped(state, stateAt(life, now)),
      resourceType: grouped(resourceType, job.lane.unit.resource.type),
      category: grouped(category, ended ? (life.failure?.category ?? 'SUCCESS') : undefined),
    };
    if (row.accountId === false || row.state === false || row.resourceType === false || row.category === false)
      return undefined;
    return { accountId: row.accountId, state: row.state, resourceType: row.resourceType, category: row.category };
  };

  const rows = ({ now, started }: Snapshot): readonly JsonObject[] =>
    windows(period, now).flatMap(([from, to]) => {
      const byCallers = world.started.list(started).filter(({ createdAt }) => createdAt >= from && createdAt < to);
      return count([...scheduledJobs(world.estate.lanes, from - 1, to, now), ...byCallers], (job) =>
        rowOf(job, now),
      ).map(([row, jobs]) => body(world.estate, row, jobs, from, to));
    });

  const options = {
    operation: 'ListCopyJobSummaries',
    tokenName: 'NextToken',
    sizeName: 'MaxResults',
    most: 500,
  } as const;
  const { items, nextToken } = pager(call, options, rows);
  return { CopyJobSummaries: items, AggregationPeriod: period, NextToken: nextToken };
};

const count = (jobs: readonly Job[], rowOf: (job: Job) => Row | undefined): readonly (readonly [Row, number])[] => {
  const counts = new Map<string, readonly [Row, number]>();
  for (const job of jobs) {
    const row = rowOf(job);
    if (row === undefined) continue;
    const key = `${row.accountId}|${row.state}|${row.resourceType}|${row.category}`;
    counts.set(key, [row, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
};

const body = ({ region }: Estate, row: Row, jobs: number, from: number, to: number): JsonObject => ({
  Region: region,
  AccountId: row.accountId,
  State: row.state,
  ResourceType: row.resourceType,
  MessageCategory: row.category,
  Count: jobs,
  StartTime: toSeconds(from),
  EndTime: toSeconds(to),
});
