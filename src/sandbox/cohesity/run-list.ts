import { withCancels } from './canceled-run.js';
import { scheduleOf, type Job } from './job.js';
import { firstPlannedIndex, hasStarted, plannedStartOf, runOfPlanned } from './planned-run.js';
import { replicaRun } from './replica-run.js';
import { jobRunIdOf, startOf, type Copy, type Run } from './run.js';
import { candidatesOf, findScheduledRun, type Candidate } from './scheduled-runs.js';
import type { World } from './world.js';

/** The planned runs of some jobs; on the receiving cluster, those whose replication has begun. */
const plannedCandidates = (world: World, jobs: readonly Job[], from: number, to: number): readonly Candidate[] =>
  [...world.overlay.plannedRuns.values()]
    .filter((planned) => hasStarted(world, planned))
    .flatMap((planned) => {
      const job = jobs.find((one) => scheduleOf(one).id === planned.job.id);
      const start = plannedStartOf(world, planned);
      if (job === undefined || start <= from || start > to) return [];
      const made = withCancels(runOfPlanned(world, { ...planned, job: scheduleOf(job) }), world.overlay);
      const run = job.replicaOf === undefined ? made : replicaRun(world, job, made);
      return run === undefined ? [] : [{ start, job, build: () => run }];
    });

/**
 * The runs of some jobs that started after `from` and not after `to`, newest first. Each is built only when it is
 * reached.
 */
export function* runsBetween(world: World, jobs: readonly Job[], from: number, to: number): Generator<Run> {
  const candidates = [
    ...jobs.flatMap((job) => candidatesOf(world, job, from, to)),
    ...plannedCandidates(world, jobs, from, to),
  ];
  candidates.sort((a, b) => b.start - a.start || a.job.id - b.job.id);
  for (const { build } of candidates) yield build();
}

/** The latest run of a job, if it has one. */
export const lastRunOf = (world: World, job: Job): Run | undefined => {
  const [run] = runsBetween(world, [job], -Infinity, world.now);
  return run;
};

/** The run of a job with exactly that start. */
export const findRun = (world: World, job: Job, start: number): Run | undefined => {
  const [planned] = plannedCandidates(world, [job], start - 1, start);
  return findScheduledRun(world, job, start) ?? planned?.build();
};

/** The run with that instance number. */
export const findRunById = (world: World, job: Job, jobRunId: number): Run | undefined => {
  const index = jobRunId - jobRunIdOf(job, 0);
  if (index < 0) return undefined;
  if (index < firstPlannedIndex)
    return findScheduledRun(world, job, startOf(world.estate.seed, scheduleOf(job), index));
  const [planned] = plannedCandidates(world, [job], -Infinity, world.now).filter(
    ({ build }) => build().jobRunId === jobRunId,
  );
  return planned?.build();
};

/** The copy with that task number. */
export const findCopy = (world: World, job: Job, taskId: number): Copy | undefined =>
  findRunById(world, job, Math.floor(taskId / 10))?.copies.find((copy) => copy.taskId === taskId);
