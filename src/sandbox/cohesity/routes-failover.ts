import { acceptPlannedRun, cancelFailover, findListed, pollStatus } from './failover.js';
import { activateBackup, deactivateBackup, initWorkflow, linkObjects } from './failover-workflow.js';
import { listOf } from './query.js';
import { malformedQuery, Refusal, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import type { World } from './world.js';

const plannedRun =
  (olderGeneration: boolean) =>
  ({ world, params, body }: Call): Reply => {
    const failoverId = params['id'] ?? '';
    acceptPlannedRun(world, failoverId, body, olderGeneration);
    return { status: 201, body: { failoverId } };
  };

/** An unknown failover is missing from the answer. No contract documents that, hence the faults. */
const poll =
  (olderGeneration: boolean) =>
  ({ world, query }: Call): Reply => {
    const ids = listOf(query, 'failoverIds');
    if (ids === undefined || ids.length === 0) throw malformedQuery('failoverIds', '');
    const asked = [...new Set(ids)];
    const odd = asked.find((id) => findListed(world, id) === undefined);
    if (odd !== undefined && world.faults.has('unknown-failover-404'))
      throw new Refusal(404, 'KEntityNotExistsError', `Failover ${odd} not found`);
    if (odd !== undefined && world.faults.has('unknown-failover-500')) throw unknown(`Failover ${odd}`);
    const planned = asked.flatMap((id) => findListed(world, id) ?? []);
    return {
      status: 200,
      body: { failoverPlannedRuns: planned.map((each) => pollStatus(world, each, olderGeneration)) },
    };
  };

const root = '/v2/data-protect/failover';

/** Its answer's body; `undefined` if there is none. */
type Step = (world: World, id: string, body: unknown) => unknown;

/** A step of the workflow: 201, with or without a body. */
const stepRoute = (path: string, step: Step): Route => ({
  method: 'POST',
  path: `${root}/{id}${path}`,
  answer: ({ world, params, body }) => {
    const answer = step(world, params['id'] ?? '', body);
    return answer === undefined ? { status: 201 } : { status: 201, body: answer };
  },
});

/** The failover of objects; its planned run is under the paths of both generations. */
export const failoverRoutes: readonly Route[] = [
  { method: 'GET', path: `${root}/planned-runs`, answer: poll(false) },
  { method: 'GET', path: `${root}/pollPlannedRuns`, answer: poll(true) },
  stepRoute('', initWorkflow),
  stepRoute('/object-linkage', linkObjects),
  stepRoute('/backup-activation', activateBackup),
  stepRoute('/backup-deactivation', deactivateBackup),
  { method: 'POST', path: `${root}/{id}/planned-run`, answer: plannedRun(false) },
  { method: 'POST', path: `${root}/{id}/plannedRun`, answer: plannedRun(true) },
  stepRoute('/cancel', cancelFailover),
];
