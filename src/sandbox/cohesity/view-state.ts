import type { Source } from './source.js';
import { drCluster } from './target.js';
import { minute } from './time.js';
import type { ViewFailover, World } from './world.js';

/** How long a step takes. */
export const stepMicros = minute;

export const endOf = ({ startedAt, canceledAt }: ViewFailover): number =>
  Math.min(startedAt + stepMicros, canceledAt ?? Infinity);

const hasSucceeded = (step: ViewFailover, now: number): boolean =>
  now >= endOf(step) && endOf(step) === step.startedAt + stepMicros;

/** The steps of a view on both clusters, in the order they began. */
const stepsOf = ({ overlay }: World, { originId }: Source): readonly ViewFailover[] =>
  overlay.viewFailovers.filter((step) => step.originId === originId);

/** Those that this cluster was asked for, which are all that it lists. */
export const stepsHere = (world: World, view: Source): readonly ViewFailover[] =>
  stepsOf(world, view).filter(({ clusterId }) => clusterId === world.estate.cluster.clusterId);

export const runningStep = (world: World, view: Source): ViewFailover | undefined =>
  stepsOf(world, view).find((step) => world.now < endOf(step));

/** Whether the view is served by this cluster: it took it over last, or made it and nobody has. */
const isServedHere = (world: World, view: Source): boolean => {
  const here = world.estate.cluster.clusterId;
  const last = stepsOf(world, view).findLast((step) => step.half !== 'Prepare' && hasSucceeded(step, world.now));
  return last === undefined ? here !== drCluster.clusterId : last.clusterId === here;
};

/** A PREPARE that succeeded, was not called off since, and is the last thing that happened to the view. */
export const preparedStep = (world: World, view: Source): ViewFailover | undefined => {
  const last = stepsHere(world, view).at(-1);
  const isPrepared = last?.half === 'Prepare' && hasSucceeded(last, world.now) && last.canceledAt === undefined;
  return isPrepared ? last : undefined;
};

/** The operations allowed on a view of this cluster now. */
export const allowedOperations = (world: World, view: Source): readonly string[] => {
  const running = runningStep(world, view);
  if (running !== undefined) return running.clusterId === world.estate.cluster.clusterId ? ['Cancel'] : [];
  if (isServedHere(world, view)) return [];
  return preparedStep(world, view) === undefined ? ['Prepare', 'Unplanned'] : ['Finalize', 'Unplanned', 'Cancel'];
};

/** Whether some PREPARE has succeeded by now, on either cluster. */
export const isAnyPrepared = (steps: readonly ViewFailover[], now: number): boolean =>
  steps.some((step) => step.half === 'Prepare' && hasSucceeded(step, now));
