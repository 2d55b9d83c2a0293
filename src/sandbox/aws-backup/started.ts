import type { Lane, Unit } from './estate.js';
import type { LifecycleSpec } from './plan-spec.js';
import type { Job } from './timeline.js';
import type { Vault } from './vaults.js';

interface StartRequest {
  readonly unit: Unit;
  readonly turn: number;
  readonly destination: Vault;
  readonly lifecycle: LifecycleSpec | undefined;
  readonly roleArn: string;
  readonly idempotencyToken: string | undefined;
}

/** The jobs that callers started: the only memory of the sandbox. */
export interface StartedJobs {
  /** Starts a copy; for a token that was used before, returns the earlier job. */
  start(request: StartRequest, now: number): Job;
  byToken(token: string): Job | undefined;
  /** By time of start, each parent before its members; only the first `count` if given. */
  list(count?: number): readonly Job[];
  at(index: number): Job | undefined;
}

export const createStartedJobs = (): StartedJobs => {
  const jobs: Job[] = [];
  const tokens = new Map<string, Job>();

  const add = (request: StartRequest, now: number, parent?: Lane): Job => {
    const { unit, turn, destination, lifecycle, roleArn } = request;
    const members: Lane[] = [];
    const index = jobs.length;
    const lane: Lane = {
      kind: 'startedJob',
      index,
      key: `${unit.key}/started/${index}`,
      unit,
      destination,
      lifecycle,
      roleArn,
      parent,
      members,
      after: undefined,
    };
    const job: Job = { lane, turn, createdAt: now };
    jobs.push(job);
    for (const member of unit.members) members.push(add({ ...request, unit: member }, now, lane).lane);
    return job;
  };

  return {
    start: (request, now) => {
      const { idempotencyToken: token } = request;
      const known = token === undefined ? undefined : tokens.get(token);
      if (known !== undefined) return known;
      const job = add(request, now);
      if (token !== undefined) tokens.set(token, job);
      return job;
    },
    byToken: (token) => tokens.get(token),
    list: (count) => jobs.slice(0, count),
    at: (index) => jobs[index],
  };
};
