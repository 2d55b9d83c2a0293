import { groupOf, groupWire, isGroupId, pageOf, selectGroups } from './group-v2.js';
import type { Job } from './job.js';
import { booleanOf, integerOf, wordsOf } from './query.js';
import { malformedQuery, unknown } from './refusal.js';
import type { Call, Reply, Route } from './route.js';
import type { Run } from './run.js';
import { findRun, runsBetween } from './run-list.js';
import { runWireV2, summaryWire } from './run-v2.js';
import { selectGroupRuns } from './runs-query-v2.js';
import { statusesV2 } from './status-v2.js';
import { hour } from './time.js';
import type { World } from './world.js';

const root = '/v2/data-protect/protection-groups';

/** The run with this id in its group; a missing one is an inner error. */
export const runOf = (world: World, job: Job, runId: string): Run => {
  const [jobId, start] = runId.split(':');
  const run = /^\d+:\d+$/.test(runId) && Number(jobId) === job.id ? findRun(world, job, Number(start)) : undefined;
  if (run === undefined) throw unknown(`Run with id ${runId}`);
  return run;
};

const groups = ({ world, query }: Call): Reply => {
  const withLastRun = booleanOf(query, 'includeLastRunInfo') ?? false;
  const { page, cookie } = pageOf(selectGroups(world, query), query);
  return {
    status: 200,
    body: { protectionGroups: page.map((job) => groupWire(world, job, withLastRun)), paginationCookie: cookie },
  };
};

const runs = ({ world, query, params }: Call): Reply => {
  const id = params['id'] ?? '';
  if (!isGroupId(id)) throw malformedQuery('id', id);
  const withObjects = booleanOf(query, 'includeObjectDetails') ?? false;
  const { page, total, ...rest } = selectGroupRuns(world, groupOf(world, id), query);
  return {
    status: 200,
    body: {
      runs: page.map((run) => runWireV2(world, run, withObjects)),
      totalRuns: total,
      paginationCookie: 'cookie' in rest ? rest.cookie : undefined,
    },
  };
};

const run = ({ world, query, params }: Call): Reply => {
  const withObjects = booleanOf(query, 'includeObjectDetails') ?? false;
  const found = runOf(world, groupOf(world, params['id'] ?? ''), params['runId'] ?? '');
  return { status: 200, body: runWireV2(world, found, withObjects) };
};

const summary = ({ world, query }: Call): Reply => {
  const end = integerOf(query, 'endTimeUsecs') ?? world.now;
  const start = integerOf(query, 'startTimeUsecs') ?? end - hour;
  const words = wordsOf(query, 'runStatus', statusesV2);
  const rows = [...runsBetween(world, world.estate.jobs, start, Math.min(end, world.now))].map((each) =>
    summaryWire(world, each),
  );
  return {
    status: 200,
    body: { protectionRunsSummary: rows.filter(({ status }) => words?.some((word) => word === status) ?? true) },
  };
};

/** The reads of v2. */
export const readRoutesV2: readonly Route[] = [
  { method: 'GET', path: root, answer: groups },
  {
    method: 'GET',
    path: `${root}/{id}`,
    answer: ({ world, query, params }) => ({
      status: 200,
      body: groupWire(world, groupOf(world, params['id'] ?? ''), booleanOf(query, 'includeLastRunInfo') ?? false),
    }),
  },
  { method: 'GET', path: `${root}/{id}/runs`, answer: runs },
  { method: 'GET', path: `${root}/{id}/runs/{runId}`, answer: run },
  { method: 'GET', path: '/v2/data-protect/runs/summary', answer: summary },
];
