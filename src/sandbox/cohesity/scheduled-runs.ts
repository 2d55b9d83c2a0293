import { withCancels } from './canceled-run.js';
import type { Job } from './job.js';
import { indexesBetween, scheduledRun, startOf, type Run } from './run.js';
import { hour } from './time.js';
import type { World } from './world.js';

/** Whether a scheduled run that starts then is there: begun, not yet expired, not held back. */
const isListed = ({ now, overlay }: World, job: Job, start: number): boolean =>
  start <= now - job.youngestHours * hour &&
  start > now - job.retentionHours * hour &&
  ![...overlay.pauses.values()].some(({ jobId, from, until }) => jobId === job.id && start > from && start < until);

const scheduled = ({ estate, overlay }: World, job: Job, index: number): Run =>
  withCancels(scheduledRun(estate.seed, job, index), overlay);

/** A run that is known to be there. */
export interface Candidate {
  readonly start: number;
  readonly job: Job;
  /** Builds the run only when it is looked at: a list is often cut short. */
  readonly build: () => Run;
}

/** The scheduled runs of a job that started after `from` and not after `to`. */
export const candidatesOf = (world: World, job: Job, from: number, to: number): readonly Candidate[] => {
  const oldest = Math.max(from, world.now - job.retentionHours * hour);
  const newest = Math.min(to, world.now - job.youngestHours * hour);
  const [first, last] = indexesBetween(job, oldest, newest);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset)
    .map((index) => ({ start: startOf(world.estate.seed, job, index), job, build: () => scheduled(world, job, index) }))
    .filter(({ start }) => start > from && start <= to && isListed(world, job, start));
};

/** The scheduled run that started exactly then. */
export const findScheduledRun = (world: World, job: Job, start: number): Run | undefined => {
  const [first, last] = indexesBetween(job, start, start);
  for (let index = first; index <= last; index += 1) {
    if (startOf(world.estate.seed, job, index) === start && isListed(world, job, start))
      return scheduled(world, job, index);
  }
  return undefined;
};
