import { violatesSla } from './backup-run-v1.js';
import { joined } from './identity.js';
import type { Job } from './job.js';
import type { Wire } from './json.js';
import { booleanOf, integerOf, integersOf, listOf, wordsOf } from './query.js';
import { malformedQuery, unknown } from './refusal.js';
import type { Run } from './run.js';
import { lastRunOf } from './run-list.js';
import { runWireV2 } from './run-v2.js';
import { statusesV2, statusV2 } from './status-v2.js';
import { statusAt } from './timeline.js';
import type { World } from './world.js';

/** The group with this id; a missing one is an inner error. */
export const groupOf = ({ estate }: World, id: string): Job => {
  const job = estate.groupById.get(id);
  if (job === undefined) throw unknown(`Protection group with id ${id}`);
  return job;
};

export const isGroupId = (id: string): boolean => /^\d+:\d+:\d+$/.test(id);

export const groupWire = (world: World, job: Job, withLastRun: boolean): Wire => {
  const run = withLastRun ? lastRunOf(world, job) : undefined;
  return {
    id: joined(job.uid),
    name: job.name,
    clusterId: String(world.estate.cluster.clusterId),
    policyId: job.policyId,
    storageDomainId: job.viewBoxId,
    description: job.description,
    environment: job.environment,
    isActive: job.origin === undefined,
    isDeleted: job.deleted,
    isPaused: job.paused ?? false,
    numProtectedObjects: job.sources.length,
    ...(run === undefined ? {} : { lastRun: runWireV2(world, run, false) }),
  };
};

/** The v2 states of one part of a run: of its backup, or of its copies of some kind. */
const statusesOf = (run: Run, now: number, types: readonly string[]): readonly string[] =>
  run.copies
    .filter(({ plan }) => types.includes(plan.target.type))
    .map(({ timeline }) => statusV2(statusAt(timeline, now)));

/** The target types of the status filters; the filters have different names for groups and runs. */
const parts = {
  LocalBackup: ['kLocal'],
  Replication: ['kRemote', 'kCloudReplication'],
  Archival: ['kArchival'],
  CloudSpin: ['kCloudDeploy'],
  Any: ['kLocal', 'kRemote', 'kCloudReplication', 'kArchival', 'kCloudDeploy'],
} as const;

/** Whether a run has one of the states in the query, for each part in the query. */
export const statusFilter = (
  query: URLSearchParams,
  nameOf: (part: string) => string,
): ((run: Run, now: number) => boolean) | undefined => {
  const wanted = Object.entries(parts).flatMap(([part, types]) => {
    const words = wordsOf(query, nameOf(part), statusesV2);
    return words === undefined ? [] : [{ types, words }];
  });
  if (wanted.length === 0) return undefined;
  return (run, now) =>
    wanted.every(({ types, words }) => statusesOf(run, now, types).some((word) => words.includes(word)));
};

/** One page of a list, and the cookie of the next: the number of records so far. */
export const pageOf = <T>(
  items: readonly T[],
  query: URLSearchParams,
): { readonly page: readonly T[]; readonly cookie?: string } => {
  const given = query.get('paginationCookie') ?? '0';
  if (!/^\d{1,9}$/.test(given)) throw malformedQuery('paginationCookie', given);
  const from = Number(given);
  const to = from + (integerOf(query, 'maxResultCount') ?? Infinity);
  return { page: items.slice(from, to), ...(to < items.length ? { cookie: String(to) } : {}) };
};

/** The groups that match a query of `protection-groups`. */
export const selectGroups = (world: World, query: URLSearchParams): readonly Job[] => {
  const ids = listOf(query, 'ids');
  const names = listOf(query, 'names');
  const policyIds = listOf(query, 'policyIds');
  const environments = listOf(query, 'environments');
  const sourceIds = integersOf(query, 'sourceIds');
  const storageDomainId = integerOf(query, 'storageDomainId');
  const active = booleanOf(query, 'isActive');
  const deleted = booleanOf(query, 'isDeleted');
  const paused = booleanOf(query, 'isPaused');
  const violated = booleanOf(query, 'isLastRunSlaViolated');
  const locked = booleanOf(query, 'includeGroupsWithDatalockOnly') ?? false;
  const hasStatus = statusFilter(query, (part) => `lastRun${part}Status`);
  const oddId = ids?.find((id) => !isGroupId(id));
  if (oddId !== undefined) throw malformedQuery('ids', oddId);
  if (query.has('tenantIds')) return []; // none exist
  return world.estate.jobs.filter((job) => {
    const last = hasStatus === undefined && violated === undefined ? undefined : lastRunOf(world, job);
    return (
      (ids?.includes(joined(job.uid)) ?? true) &&
      (names?.includes(job.name) ?? true) &&
      (policyIds?.includes(job.policyId) ?? true) &&
      (environments?.includes(job.environment) ?? true) &&
      (sourceIds === undefined || job.sources.some(({ id }) => sourceIds.includes(id))) &&
      (storageDomainId === undefined || storageDomainId === job.viewBoxId) &&
      (active === undefined || active === (job.origin === undefined)) &&
      (deleted === undefined || deleted === (job.deleted ?? false)) &&
      (paused === undefined || paused === (job.paused ?? false)) &&
      (violated === undefined || (last !== undefined && violatesSla(last, world.now) === violated)) &&
      (!locked || job.copies.some(({ lock }) => lock !== undefined)) &&
      (hasStatus === undefined || (last !== undefined && hasStatus(last, world.now)))
    );
  });
};
