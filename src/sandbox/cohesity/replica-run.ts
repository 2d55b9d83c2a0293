import { withCancels } from './canceled-run.js';
import type { Job } from './job.js';
import { copyOf, jobRunIdOf, taskIdOf, type Copy, type Run } from './run.js';
import type { World } from './world.js';

const wentTo = (run: Run, clusterId: number): Copy | undefined =>
  run.copies.find(({ plan }) => plan.target.type === 'kRemote' && plan.target.cluster.clusterId === clusterId);

/**
 * A run on the cluster it was replicated to: the same run and times, with that cluster's own numbers. The replication
 * is its local copy. The run exists once data have arrived; otherwise it leaves no trace.
 */
export const replicaRun = (world: World, job: Job, made: Run): Run | undefined => {
  const { estate, overlay, now } = world;
  const replication = wentTo(made, estate.cluster.clusterId);
  const [localPlan, ...cascades] = job.copies;
  if (replication === undefined || localPlan === undefined) return undefined;
  const { timeline, failure } = replication;
  if (timeline.start === null || timeline.start > now) return undefined;
  const { index, start } = made;
  const jobRunId = jobRunIdOf(job, index);
  const local: Copy = { plan: localPlan, taskId: taskIdOf(jobRunId, 0), timeline, failure, runStart: start };
  const arrived = timeline.outcome === 'kSuccess' || timeline.outcome === 'kWarning';
  const further = arrived
    ? cascades.map((plan, position) => copyOf(estate.seed, job, index, start, timeline, plan, position + 1))
    : [];
  const ids = new Set(made.sources.map(({ id }) => id));
  const sources = [...job.sources, ...(job.former ?? [])].filter(({ originId }) => ids.has(originId));
  return withCancels({ ...made, job, jobRunId, sources, copies: [local, ...further] }, overlay);
};
