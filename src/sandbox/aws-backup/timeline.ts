import { between, fraction, pick } from '../random.js';
import { dayMs, type Lane, rootOf, type Unit } from './estate.js';
import { type Failure, type FailureName, failures } from './failures.js';

export type CopyJobState = 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PARTIAL';

/** One copy job, by the few values that determine it. */
export interface Job {
  readonly lane: Lane;
  readonly turn: number;
  readonly createdAt: number;
}

/** The life of a job, determined at its start; the clock only decides how much of it is shown. */
export interface Life {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly end: 'COMPLETED' | 'FAILED' | 'PARTIAL';
  readonly failure: Failure | undefined;
}

const minuteMs = 60_000;

/** When a backup begins and ends, from its unit and turn alone. */
export const backedUp = (unit: Unit, turn: number): { readonly startedAt: number; readonly endedAt: number } => {
  const { rule, key } = rootOf(unit);
  const [least, most] = rule.spec.lag;
  const scheduledAt = turn * rule.periodMs + rule.offsetMs;
  const endedAt = scheduledAt + between(least * minuteMs, most * minuteMs, key, turn, 'lag');
  const startedAt = scheduledAt + between(1000, 3 * minuteMs, key, turn, 'start');
  const whole = (at: number): number => (rule.spec.wholeSeconds ? Math.ceil(at / 1000) * 1000 : at);
  return { startedAt: whole(startedAt), endedAt: whole(endedAt) };
};

/** The wait between a backup and its copies. */
const waitedMs = ({ spec }: Unit): number => (spec.copiedAfterDays ?? 0) * dayMs;

/** The job of a lane's turn. Members are created with their parent, so that they always add up. */
export const scheduledJob = (lane: Lane, turn: number): Job => {
  const root = rootOf(lane);
  const backedUpAt = backedUp(root.unit, turn).endedAt;
  const createdAt = backedUpAt + waitedMs(root.unit) + between(150, 4000, root.key, turn, 'created');
  return { lane, turn, createdAt: root.unit.rule.spec.wholeSeconds ? Math.ceil(createdAt / 1000) * 1000 : createdAt };
};

/** The turns whose jobs may have been created between two times, with a few too many at both ends. */
export const turnsBetween = (unit: Unit, after: number, before: number): readonly [number, number] => {
  const { periodMs, offsetMs, spec } = unit.rule;
  const latestMs = spec.lag[1] * minuteMs + waitedMs(unit) + 6000;
  return [Math.ceil((after - latestMs - offsetMs) / periodMs), Math.floor((before - offsetMs) / periodMs)];
};

const failureOf = ({ lane, turn }: Job): FailureName | undefined => {
  const { spec, resource } = lane.unit;
  if (spec.fails !== undefined) return spec.fails;
  if (fraction(lane.key, turn, 'fails') >= 0.035) return undefined;
  if (lane.destination.accountId !== resource.accountId) return 'access';
  return resource.type === 'EC2' ? pick(['tags', 'key'], lane.key, turn, 'why') : 'tags';
};

const waitMs = ({ lane, turn }: Job): number => {
  const { waits } = lane.unit.spec;
  if (waits !== undefined) return between(waits[0] * minuteMs, waits[1] * minuteMs, lane.key, turn, 'waits');
  // One in twelve meets a system error, and the service retries while the job stays CREATED.
  const retried = fraction(lane.key, turn, 'retried') < 1 / 12;
  return between(3000, retried ? 40 * minuteMs : 150_000, lane.key, turn, 'waits');
};

const runMs = ({ lane, turn }: Job, failure: FailureName | undefined): number => {
  if (failure !== undefined) return between(20_000, failure === 'key' ? 9 * minuteMs : 100_000, lane.key, turn, 'runs');
  const { runs, gigabytes = 300 } = lane.unit.spec;
  const [least, most] = runs ?? [8 + 1.6 * Math.sqrt(gigabytes), 8 + 3.2 * Math.sqrt(gigabytes)];
  return between(Math.round(least * minuteMs), Math.round(most * minuteMs), lane.key, turn, 'runs');
};

/** The jobs of a composite's parts; empty for any other job. */
export const membersOf = ({ lane, turn, createdAt }: Job): readonly Job[] =>
  lane.members.map((member) => ({ lane: member, turn, createdAt }));

/** The life of a job from beginning to end. */
export const lifeOf = (job: Job): Life => {
  if (job.lane.members.length > 0) {
    const lives = membersOf(job).map(lifeOf);
    const failed = lives.filter(({ end }) => end === 'FAILED');
    return {
      startsAt: Math.min(...lives.map(({ startsAt }) => startsAt)),
      endsAt: Math.max(...lives.map(({ endsAt }) => endsAt)),
      end: failed.length === 0 ? 'COMPLETED' : failed.length === lives.length ? 'FAILED' : 'PARTIAL',
      failure: failed[0]?.failure,
    };
  }
  const { after } = job.lane;
  // A second copy of the same resource waits in CREATED until the first has ended.
  const freeAt = after === undefined ? 0 : lifeOf(scheduledJob(after, job.turn)).endsAt + 2000;
  const startsAt = Math.max(job.createdAt + waitMs(job), freeAt);
  const failure = failureOf(job);
  return {
    startsAt,
    endsAt: startsAt + runMs(job, failure),
    end: failure === undefined ? 'COMPLETED' : 'FAILED',
    failure: failure && failures[failure],
  };
};

/** A job's state at a time. */
export const stateAt = ({ startsAt, endsAt, end }: Life, now: number): CopyJobState =>
  now < startsAt ? 'CREATED' : now < endsAt ? 'RUNNING' : end;

/** The longest time of any copy in the catalog: older ones have ended. */
export const longestMs = (lanes: readonly Lane[]): number => {
  const longest = (lane: Lane): number => {
    const { runs, waits, gigabytes = 300 } = lane.unit.spec;
    const minutes = (waits?.[1] ?? 40) + (runs?.[1] ?? Math.max(9, 9 + 3.2 * Math.sqrt(gigabytes)));
    return minutes * minuteMs + (lane.after === undefined ? 0 : longest(lane.after));
  };
  return lanes.reduce((most, lane) => Math.max(most, longest(lane)), 0) + minuteMs;
};
