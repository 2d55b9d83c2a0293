import type { Wire } from './json.js';
import type { Job } from './job.js';
import { booleanOf, integersOf, listOf } from './query.js';
import { violatesSla } from './backup-run-v1.js';
import { lastRunOf } from './run-list.js';
import { runWire } from './run-v1.js';
import type { World } from './world.js';

/** Made and last changed long ago, each at a different moment. */
const createdAt = ({ id }: Job): number => 1_610_000_000_000_123 + id * 86_400_000_017;
const changedAt = (job: Job): number => createdAt(job) + 7_200_000_311;

export const jobWire = (world: World, job: Job, withLastRun: boolean): Wire => {
  const run = withLastRun ? lastRunOf(world, job) : undefined;
  return {
    id: job.id,
    uid: job.uid,
    name: job.name,
    description: job.description,
    environment: job.environment,
    policyId: job.policyId,
    viewBoxId: job.viewBoxId,
    parentSourceId: job.parentSourceId,
    sourceIds: job.sources.map(({ id }) => id),
    // Absent unless it means something.
    isActive: job.origin === undefined ? undefined : false,
    isDeleted: job.deleted,
    isPaused: job.paused,
    creationTimeUsecs: createdAt(job),
    modificationTimeUsecs: changedAt(job),
    policyAppliedTimeMsecs: Math.floor(changedAt(job) / 1000),
    ...(run === undefined ? {} : { lastRun: runWire(world, run, false) }),
  };
};

const lastRunViolates = (world: World, job: Job): boolean => {
  const run = lastRunOf(world, job);
  return run !== undefined && violatesSla(run, world.now);
};

/** The jobs that match a query of `protectionJobs`. */
export const selectJobs = (world: World, query: URLSearchParams): readonly Job[] => {
  const ids = integersOf(query, 'ids');
  const names = listOf(query, 'names');
  const environments = listOf(query, 'environments');
  const policyIds = listOf(query, 'policyIds');
  const active = booleanOf(query, 'isActive');
  const deleted = booleanOf(query, 'isDeleted');
  const violated = booleanOf(query, 'isLastRunSlaViolated');
  if (booleanOf(query, 'onlyReturnDataMigrationJobs') === true || query.has('tenantIds')) return []; // none exist
  return world.estate.jobs.filter(
    (job) =>
      (ids === undefined || ids.includes(job.id)) &&
      (names === undefined || names.includes(job.name)) &&
      (environments === undefined || environments.includes(job.environment)) &&
      (policyIds === undefined || policyIds.includes(job.policyId)) &&
      (active === undefined || active === (job.origin === undefined)) &&
      (deleted === undefined || deleted === (job.deleted ?? false)) &&
      (violated === undefined || violated === lastRunViolates(world, job)),
  );
};
