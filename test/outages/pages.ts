import { type Fake, type Reply, type Seen, startFake } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { type Behaviour, type Fault, type Raw, type Vendor, secrets } from './faults.js';
import { configs, goodRun } from './vendors.js';

/** The call of a vendor that goes wrong: one of a list that takes several, or the read of one record. */
export type Position = 'first call' | 'second page' | 'second step' | 'last of its jobs' | 'one record';

export const positions: Readonly<Record<Vendor, readonly Position[]>> = {
  cohesity: ['first call', 'second step', 'last of its jobs', 'one record'],
  'aws-backup': ['first call', 'second page', 'second step', 'one record'],
};

const HOUR = 3_600_000_000;
const now = Math.floor(Date.now() / 1000) * 1_000_000; // microseconds; a fixed one, so that ids are known

/** The asked-for span begins so many hours ago: two steps back in time for either vendor, or one. */
export const sinceHours = (position: Position): number => (position === 'last of its jobs' ? 20 : 60);
export const since = (position: Position): string => new Date((now - sinceHours(position) * HOUR) / 1000).toISOString();

interface Held {
  readonly id: string;
  readonly hoursAgo: number;
  readonly call: Position; // which call brings it
}

const runIdOf = (jobId: number, hoursAgo: number): string => `CopyRun:dc-east:${jobId}:${now - hoursAgo * HOUR}:1:2:3`;
const jobIdOf = (name: string): string => `CopyJob:aws-prod:${name}`;

/** Runs by their jobs, so many hours ago. Five jobs, since four are read at once. */
const runs: readonly (readonly [jobId: number, hoursAgo: number])[] = [
  [11, 1],
  [12, 3],
  [13, 5],
  [14, 7],
  [15, 9],
  [11, 30],
];
const jobs = [
  { name: 'J2', hoursAgo: 2, call: 'first call' },
  { name: 'J0', hoursAgo: 0.5, call: 'second page' },
  { name: 'J4', hoursAgo: 4, call: 'second page' },
  { name: 'J31', hoursAgo: 31, call: 'second step' },
] as const;

/** Everything that a vendor holds, and which call of a list brings it. */
export const held = (vendor: Vendor, position: Position): readonly Held[] =>
  vendor === 'aws-backup'
    ? jobs.map(({ name, ...job }) => ({ id: jobIdOf(name), ...job }))
    : runs.map(([jobId, hoursAgo]) => ({
        id: runIdOf(jobId, hoursAgo),
        hoursAgo,
        call:
          position !== 'last of its jobs'
            ? hoursAgo < 24
              ? 'first call'
              : 'second step'
            : jobId === 15
              ? 'last of its jobs'
              : 'first call',
      }));

/** A call by what it is for. */
const callOf = ({ path, query }: Seen): string => {
  const tooEarly = now - 60 * HOUR;
  if (path.endsWith('/accessTokens')) return 'login';
  if (path.endsWith('/protectionJobs')) return 'jobs';
  if (path.endsWith('/protectionRuns')) {
    if (query.has('startedTimeUsecs')) return 'one record';
    if (query.has('jobId')) return query.get('jobId') === '15' ? 'last of its jobs' : 'another job';
    return Number(query.get('startTimeUsecs')) < tooEarly ? 'second step' : 'first call';
  }
  if (!/^\/copy-jobs\/?$/.test(path)) return 'one record';
  if (query.has('nextToken')) return 'second page';
  return query.has('createdBefore') ? 'second step' : 'first call';
};

const toRun = ([jobId, hoursAgo]: (typeof runs)[number]) => ({
  ...goodRun,
  jobId,
  backupRun: { jobRunId: jobId, stats: { startTimeUsecs: now - hoursAgo * HOUR } },
});

const toJob = ({ name, hoursAgo }: (typeof jobs)[number]) => ({
  CopyJobId: name,
  State: 'RUNNING',
  CreationDate: (now - hoursAgo * HOUR) / 1e6,
});

/** A cluster that can send what it holds at once, or, where that is too large, job by job only. */
const goodCluster =
  (position: Position) =>
  (request: Seen): Reply => {
    const call = callOf(request);
    if (call === 'login') return { body: { accessToken: `token-${secrets.password}`, tokenType: 'Bearer' } };
    if (call === 'jobs') return { body: [11, 12, 13, 14, 15].map((id) => ({ id, name: `Job ${id}` })) };
    if (call === 'first call' && position === 'last of its jobs') return { body: `[${' '.repeat(MAX_BYTES)}]` };
    const [jobId, startedAt, after] = ['jobId', 'startedTimeUsecs', 'startTimeUsecs'].map((name) =>
      request.query.get(name),
    );
    const chosen = runs.filter(
      ([ofJob, hoursAgo]) =>
        (jobId ?? String(ofJob)) === String(ofJob) &&
        (startedAt ?? String(now - hoursAgo * HOUR)) === String(now - hoursAgo * HOUR) &&
        now - hoursAgo * HOUR > Number(after),
    );
    return { body: chosen.map(toRun) };
  };

/** An endpoint that leaves it to `NextToken` to bring the rest of the newest day. */
const goodEndpoint = (request: Seen): Reply => {
  const call = callOf(request);
  if (call === 'one record') return { body: { CopyJob: toJob(jobs[0]) } };
  const wanted = Date.parse(request.query.get('createdAfter') ?? '') * 1000;
  const chosen = jobs.filter(({ call: of, hoursAgo }) => of === call && now - hoursAgo * HOUR > wanted);
  return { body: { CopyJobs: chosen.map(toJob), ...(call === 'first call' ? { NextToken: 'more' } : {}) } };
};

const MAX_BYTES = 100_000;

/** A time-out that a loaded machine keeps too, where the time-out is under test. Otherwise nobody waits for it. */
const timeoutOf = ({ code }: Fault): number => (code === 'UPSTREAM_TIMEOUT' ? 3000 : 15_000);

export interface Row {
  readonly vendor: Vendor;
  readonly position: Position;
  readonly fault: Fault;
  /** So many calls of the position go wrong; all of them, and whatever comes after, where it is left out. */
  readonly times?: number;
  /** Log in with a name and a password, in place of a key. */
  readonly login?: boolean;
}

export interface Played {
  readonly gateway: Gateway;
  readonly broken: Fake;
  /** How often each call was made. */
  calls(of: 'broken' | 'sound'): Readonly<Record<string, number>>;
  /** The calls whose answers were sent to their ends. */
  readonly finished: readonly string[];
  close(): Promise<void>;
}

/** The gateway over a vendor of which one call goes wrong, and another one that is well. */
export const play = async ({ vendor, position, fault, times, login = false }: Row): Promise<Played> => {
  const good = { cohesity: goodCluster(position), 'aws-backup': goodEndpoint };
  const otherVendor = vendor === 'cohesity' ? 'aws-backup' : 'cohesity';
  const finished: string[] = [];
  let failed = 0;
  const isFaulty = (call: string): boolean => {
    if (call === 'login' || (times !== undefined && failed >= times)) return false;
    if (failed === 0 && call !== position) return false;
    failed += 1;
    return true;
  };
  const answer = (request: Seen, raw: Raw): ReturnType<Behaviour> => {
    const call = callOf(request);
    raw.response.once('close', () => {
      if (raw.response.writableFinished) finished.push(call);
    });
    const usual = (): Reply => good[vendor](request);
    return isFaulty(call) ? fault.does(request, raw, usual) : usual();
  };
  const broken = await startFake(answer);
  const sound = await startFake(otherVendor === 'cohesity' ? goodCluster('first call') : goodEndpoint);
  const auth = { username: 'copygraph', password: secrets.password, domain: 'LOCAL' };
  const own = configs[vendor](broken.url, { timeoutMs: timeoutOf(fault) });
  const gateway = await startGateway({
    upstreams: [
      login && own.kind === 'cohesity' ? { ...own, auth } : own,
      configs[otherVendor](sound.url, { timeoutMs: 15_000 }),
    ],
    limits: { maxUpstreamBytes: MAX_BYTES },
  });
  return {
    gateway,
    broken,
    finished,
    calls: (of) => {
      const counts: Record<string, number> = {};
      for (const request of (of === 'broken' ? broken : sound).seen) {
        const call = callOf(request);
        counts[call] = (counts[call] ?? 0) + 1;
      }
      return counts;
    },
    close: async () => {
      await gateway.close(0);
      await Promise.all([broken.close(), sound.close()]);
    },
  };
};
