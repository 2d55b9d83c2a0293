import { withCancels } from './canceled-run.js';
import { scheduleOf, sourcesAt, type Job } from './job.js';
import { replicaRun } from './replica-run.js';
import { indexesBetween, scheduledRun, startOf, type Run } from './run.js';
import { hour } from './time.js';
import type { World } from './world.js';

/** Whether a scheduled run with that start exists: begun, not yet expired, not held back, and not of no object. */
const isListed = ({ now, overlay }: World, job: Job, start: number): boolean =>
  start <= now - job.youngestHours * hour &&
  start > now - job.retentionHours * hour &&
  (job.gaps === undefined || sourcesAt(job, start).length > 0) &&
  ![...overlay.pauses.values()].some(({ jobId, from, until }) => jobId === job.id && start > from && start < until);

/** The run with this index; on the receiving cluster, once its replication has begun. */
const scheduled = (world: World, job: Job, index: number): Run | undefined => {
  const { estate, overlay } = world;
  const made = withCancels(scheduledRun(estate.seed, scheduleOf(job), index), overlay);
  return job.replicaOf === undefined ? made : replicaRun(world, job, made);
};

/** A run that is known to exist. */
export interface Candidate {
  readonly start: number;
  readonly job: Job;
  /** Builds the run only when it is needed, because a list is often cut short. */
  readonly build: () => Run;
}

/** A run made by this cluster exists; for a replica, that is known only once it has been built. */
const candidateOf = (world: World, job: Job, index: number, start: number): Candidate | undefined => {
  if (job.replicaOf === undefined)
    return { start, job, build: () => withCancels(scheduledRun(world.estate.seed, job, index), world.overlay) };
  const run = scheduled(world, job, index);
  return run === undefined ? undefined : { start, job, build: () => run };
};

/** The scheduled runs of a job that started after `from` and not after `to`. */
export const candidatesOf = (world: World, job: Job, from: number, to: number): readonly Candidate[] => {
  const schedule = scheduleOf(job);
  const oldest = Math.max(from, world.now - schedule.retentionHours * hour);
  const newest = Math.min(to, world.now - schedule.youngestHours * hour);
  const [first, last] = indexesBetween(schedule, oldest, newest);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)
    .map((index) => ({ index, start: startOf(world.estate.seed, schedule, index) }))
    .filter(({ start }) => start > from && start <= to && isListed(world, schedule, start))
    .flatMap(({ index, start }) => candidateOf(world, job, index, start) ?? []);
};

/** The scheduled run with exactly that start. */
export const findScheduledRun = (world: World, job: Job, start: number): Run | undefined => {
  const schedule = scheduleOf(job);
  const [first, last] = indexesBetween(schedule, start, start);
  for (let index = first; index <= last; index += 1) {
    if (startOf(world.estate.seed, schedule, index) === start && isListed(world, schedule, start))
      return scheduled(world, job, index);
  }
  return undefined;
};
