import type { Call, World } from './call.js';
import { copyJobBody } from './copy-job.js';
import { notFound } from './errors.js';
import { type Estate, isKept, type Lane, memoryMs, rootOf } from './estate.js';
import type { JsonObject } from './json.js';
import type { Pager, Snapshot } from './page.js';
import { account, text, time, word } from './query.js';
import { backupArn, readRecoveryPointArn } from './recovery-point-ref.js';
import { type CopyJobState, type Job, lifeOf, scheduledJob, stateAt, turnsBetween } from './timeline.js';

const states: readonly CopyJobState[] = ['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL'];

/** The jobs of some lanes, created after one time and before another, that are known at `now`. */
export const scheduledJobs = function* (
  lanes: Iterable<Lane>,
  after: number,
  before: number,
  now: number,
): Generator<Job> {
  const from = Math.max(after, now - memoryMs - 1);
  const to = Math.min(before, now + 1);
  for (const lane of lanes) {
    const { unit } = rootOf(lane);
    const [firstTurn, lastTurn] = turnsBetween(unit, from, to);
    for (let turn = firstTurn; turn <= lastTurn; turn += 1) {
      const job = scheduledJob(lane, turn);
      if (job.createdAt > from && job.createdAt < to && isKept(unit, turn, job.createdAt, now)) yield job;
    }
  }
};

/** The job with that id, if it is known at `now`. */
const findCopyJob = ({ estate, started }: World, id: string, now: number): Job | undefined => {
  const ref = estate.ids.read(id);
  if (ref === undefined || id !== estate.ids.uuid(ref)) return undefined;
  if (ref.kind === 'startedJob') {
    const job = started.at(ref.index);
    return job?.turn === ref.turn && job.createdAt <= now && now - job.createdAt <= memoryMs ? job : undefined;
  }
  const lane = ref.kind === 'copyJob' ? estate.lanes[ref.index] : undefined;
  if (lane === undefined) return undefined;
  const job = scheduledJob(lane, ref.turn);
  return isKept(rootOf(lane).unit, ref.turn, job.createdAt, now) ? job : undefined;
};

const lanesOf = (estate: Estate, query: URLSearchParams): ((lane: Lane) => boolean) => {
  const accountId = account(query, 'accountId');
  const [resourceArn, resourceType] = [text(query, 'resourceArn'), text(query, 'resourceType')];
  const vaultArn = text(query, 'destinationVaultArn');
  const recoveryPoint = text(query, 'sourceRecoveryPointArn');
  const ref = recoveryPoint === undefined ? undefined : readRecoveryPointArn(estate, recoveryPoint);
  return ({ unit, destination }) =>
    (accountId === undefined || unit.resource.accountId === accountId) &&
    (resourceArn === undefined || unit.resource.arn === resourceArn) &&
    (resourceType === undefined || unit.resource.type === resourceType) &&
    (vaultArn === undefined || destination.arn === vaultArn) &&
    (recoveryPoint === undefined || (ref?.kind === 'recoveryPoint' && ref.index === unit.index));
};

const inCategory = (wanted: string, category: string | undefined): boolean => {
  const word = wanted.toUpperCase(); // the documentation itself writes one category in two ways
  if (word === 'AGGREGATE_ALL') return true;
  return word === 'ANY' ? category !== undefined : category?.toUpperCase() === word;
};

/** The service documents no order, so lists are shuffled: always the same way, and never by time. */
const orderOf = (estate: Estate, { lane, turn }: Job): number =>
  estate.ids.order({ kind: lane.kind, index: lane.index, turn });

/** The filters of a list, joined by AND. Reading them throws for an invalid value, before any work is done. */
const readFilters = ({ world, query }: Call) => {
  const { estate, longestMs } = world;
  const wantsLane = lanesOf(estate, query);
  const state = word(query, 'state', states);
  const createdAfter = time(query, 'createdAfter') ?? -Infinity;
  const createdBefore = time(query, 'createdBefore') ?? Infinity;
  const completeAfter = time(query, 'completeAfter');
  const completeBefore = time(query, 'completeBefore');
  const parentJobId = text(query, 'parentJobId');
  const category = text(query, 'messageCategory');
  const recoveryPoint = text(query, 'sourceRecoveryPointArn');

  const wants = (job: Job, now: number): boolean => {
    if (recoveryPoint !== undefined && backupArn(estate, job.lane.unit, job.turn) !== recoveryPoint) return false;
    if (state === undefined && completeAfter === undefined && completeBefore === undefined && category === undefined)
      return true;
    const life = lifeOf(job);
    const ended = now >= life.endsAt;
    return (
      (state === undefined || stateAt(life, now) === state) &&
      (completeAfter === undefined || (ended && life.endsAt > completeAfter)) &&
      (completeBefore === undefined || (ended && life.endsAt < completeBefore)) &&
      (category === undefined || inCategory(category, ended ? (life.failure?.category ?? 'SUCCESS') : undefined))
    );
  };

  return ({ now, started }: Snapshot): readonly Job[] => {
    const parent = parentJobId === undefined ? undefined : findCopyJob(world, parentJobId, now);
    if (parentJobId !== undefined && parent === undefined) return [];
    const isChild = ({ lane, turn }: Job): boolean =>
      parent === undefined || (lane.parent === parent.lane && turn === parent.turn);
    const lanes = (parent?.lane.members ?? estate.lanes).filter((lane) => lane.kind === 'copyJob' && wantsLane(lane));
    // A job that ended late, or not at all, cannot be old: a month need not be searched.
    const unfinished = state === 'CREATED' || state === 'RUNNING';
    const endedAfter = Math.max(completeAfter ?? -Infinity, unfinished ? now : -Infinity);
    // Children are as old as their parent.
    const after = Math.max(createdAfter, endedAfter - longestMs, (parent?.createdAt ?? -Infinity) - 1);
    const before = Math.min(createdBefore, completeBefore ?? Infinity, (parent?.createdAt ?? Infinity) + 1);
    const byCallers = world.started
      .list(started)
      .filter(({ lane }) => wantsLane(lane))
      .filter(({ createdAt: at }) => at > createdAfter && at < createdBefore && now - at <= memoryMs);
    return [...scheduledJobs(lanes, after, before, now), ...byCallers]
      .filter((job) => isChild(job) && wants(job, now))
      .map((job) => ({ job, order: orderOf(estate, job) }))
      .sort((left, right) => left.order - right.order)
      .map(({ job }) => job);
  };
};

export const describeCopyJob = ({ world, now, path }: Call): JsonObject => {
  const [id = ''] = path;
  const job = findCopyJob(world, id, now);
  if (job === undefined) throw notFound(`Cannot find copy job with id ${id}`, id);
  return { CopyJob: copyJobBody(world, job, now) };
};

export const listCopyJobs = (call: Call, pager: Pager): JsonObject => {
  const { items, snapshot, nextToken } = pager(call, { operation: 'ListCopyJobs' }, readFilters(call));
  return {
    CopyJobs: items.map((job) => copyJobBody(call.world, job, snapshot.now)),
    NextToken: nextToken,
  };
};
