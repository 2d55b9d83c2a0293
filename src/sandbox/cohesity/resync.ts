import { booleanMember, integerMember, listMember, onlyMembers, recordOf, stringMember, type Body } from './body.js';
import { groupOf } from './group-v2.js';
import type { Job } from './job.js';
import { invalidBody, Refusal } from './refusal.js';
import type { Call, Reply } from './route.js';
import type { Copy, Run } from './run.js';
import { runOf } from './routes-v2.js';
import { isFinished, statusAt } from './timeline.js';
import { copyKey, type World } from './world.js';

/** A failed run within a successful answer. */
interface Failed {
  readonly runId: string;
  readonly errorMessage: string;
}

/** The id of a copy's target, which a request names. */
const targetIdOf = ({ plan: { target } }: Copy): number | undefined => {
  if (target.type === 'kRemote') return target.cluster.clusterId;
  return target.type === 'kArchival' ? target.vault.id : undefined;
};

const configMembers = ['newSnapshotConfig', 'updateExistingSnapshotConfig'];
const existingMembers = [
  'id',
  'name',
  'archivalTargetType',
  'resync',
  'daysToKeep',
  'enableLegalHold',
  'deleteSnapshot',
  'dataLock',
];

/** The targets of one kind to be retried. */
const wantedOf = (params: Body, name: string, type: Copy['plan']['target']['type']): readonly number[] => {
  const config = params[name] ?? undefined;
  if (config === undefined) return [];
  const given = onlyMembers(recordOf(config, name), configMembers, name);
  if (listMember(given, 'newSnapshotConfig') !== undefined)
    throw invalidBody('the sandbox does not support new snapshots');
  return (listMember(given, 'updateExistingSnapshotConfig') ?? []).map((each) => {
    const existing = onlyMembers(recordOf(each, 'updateExistingSnapshotConfig'), existingMembers);
    const id = integerMember(existing, 'id');
    if (id === undefined) throw invalidBody('updateExistingSnapshotConfig.id in body is required');
    if (type === 'kArchival' && stringMember(existing, 'archivalTargetType') === undefined)
      throw invalidBody('updateExistingSnapshotConfig.archivalTargetType in body is required');
    if (booleanMember(existing, 'resync') !== true) throw invalidBody('the sandbox supports only a resync');
    return id;
  });
};

/** The reason why a copy is not retried; `undefined` if it is. */
const whyNot = (world: World, copy: Copy | undefined): string | undefined => {
  if (copy === undefined) return 'No such snapshot in the run';
  if (!isFinished(copy.timeline, world.now)) return 'The copy is still active';
  return statusAt(copy.timeline, world.now) === 'kSuccess' ? 'The copy has succeeded' : undefined;
};

const tryAgain = (world: World, run: Run, ids: readonly number[], type: string): string | undefined => {
  const found = ids.map((id) => run.copies.find((copy) => copy.plan.target.type === type && targetIdOf(copy) === id));
  const problem = found.map((copy) => whyNot(world, copy)).find((why) => why !== undefined);
  if (problem !== undefined) return problem;
  for (const copy of found) if (copy !== undefined) world.overlay.resyncs.set(copyKey(copy.taskId), world.now);
  return undefined;
};

/** One element of the request; its failure is reported, and does not fail the whole request. */
const updateOne = (world: World, job: Job, given: Body): { readonly runId: string; readonly failed?: Failed } => {
  const runId = stringMember(given, 'runId') ?? '';
  if (!/^\d+:\d+$/.test(runId)) throw invalidBody(`runId in body should match '^\\d+:\\d+$'`);
  const remote = wantedOf(given, 'replicationSnapshotConfig', 'kRemote');
  const archival = wantedOf(given, 'archivalSnapshotConfig', 'kArchival');
  if (world.faults.has('retry-not-done')) return { runId, failed: { runId, errorMessage: 'The snapshot is expired' } };
  try {
    const run = runOf(world, job, runId);
    const why = tryAgain(world, run, remote, 'kRemote') ?? tryAgain(world, run, archival, 'kArchival');
    return why === undefined ? { runId } : { runId, failed: { runId, errorMessage: why } };
  } catch (error) {
    if (error instanceof Refusal) return { runId, failed: { runId, errorMessage: error.message } };
    throw error;
  }
};

/** `PUT runs`: retries copies of runs. */
export const updateRuns = ({ world, params, body }: Call): Reply => {
  const given = onlyMembers(recordOf(body), ['updateProtectionGroupRunParams']);
  const list = listMember(given, 'updateProtectionGroupRunParams');
  if (list === undefined || list.length === 0) throw invalidBody('updateProtectionGroupRunParams in body is required');
  const job = groupOf(world, params['id'] ?? '');
  const members = ['runId', 'localSnapshotConfig', 'replicationSnapshotConfig', 'archivalSnapshotConfig'];
  const done = list.map((each) => updateOne(world, job, onlyMembers(recordOf(each), members)));
  return {
    status: 207,
    body: {
      successfulRunIds: done.filter(({ failed }) => failed === undefined).map(({ runId }) => runId),
      failedRuns: done.flatMap(({ failed }) => failed ?? []),
    },
  };
};
