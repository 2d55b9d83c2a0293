import { HOUR_MICROS, type Micros, hourStart, micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions, Read } from '../../calling/call.js';
import { isUpstreamDown } from '../../cache/read-through.js';
import type { Freshness } from '../../index/coverage.js';
import { freshnessOf, including, noteValid, patiently, staleFreshnessOf } from '../../index/freshness.js';
import type { Basis, Wanted } from '../../index/basis.js';
import { FEW_GROUPS, type GroupToRead, type Plan } from '../../index/recent.js';
import type { IndexSharing } from '../../index/sharing.js';
import type { ClusterClient } from './cluster.js';
import { cohesityLoaders } from './loaders.js';
import { JOBS_AT_ONCE, readAll, readJob } from './read-runs.js';
import type { RunIndex } from './run-index.js';
import type { Reader } from './runs-answer.js';

/** The runs that must be known. */
export interface RunsWanted {
  readonly cluster: ClusterClient;
  readonly reader: Reader & { readonly index: RunIndex };
  readonly sharing: IndexSharing<ProtectionRun> | null;
  readonly jobIds: readonly string[] | null; // decimal; null: all jobs
  readonly since: Micros;
  readonly openOnly: boolean; // settled runs are not wanted, so they may have been evicted
}

/** The runs in the index, for a request. */
type Known = KnownRuns | { readonly kind: 'beyond' }; // more than the index may hold

export interface KnownRuns {
  readonly kind: 'known';
  readonly basis: Basis;
  readonly failure: UpstreamError | null; // why older reads are used
  readonly error: UpstreamError | null; // why there may be no reads
  readonly fresh: Freshness;
}

/** The reads made for an operation. */
interface Reads {
  oldest: number | null;
  failure: UpstreamError | null; // why older jobs are used in a list of jobs
  unreadable: number;
}

/** In the background, a running run is read again about once a minute, a finished one every ten minutes. */
const SLOW = { goingOn: 30_000_000, over: 600_000_000 };

const take = (reads: Reads, { observedAt }: Pick<Read<unknown>, 'observedAt'>): void => {
  reads.oldest = Math.min(reads.oldest ?? observedAt, observedAt);
};

/**
 * Makes the reads needed so that the index has every run since a time. If one answer can hold them, one call reads
 * everything since the oldest run that may have changed. Otherwise it reads the newest hour, and the rest job by job.
 * Reads that an operation cannot afford are made in the background, and the answer says that they are missing. If the
 * cluster fails, older reads are used.
 */
export const knowRuns = async (wanted: RunsWanted): Promise<Known> => {
  const { cluster, reader, sharing, jobIds, since, openOnly } = wanted;
  const { runs } = cluster;
  const { call } = reader.loaders;
  const moment = { now: runs.now(), begun: reader.index.moment(), openOnly };
  const fresh = freshnessOf(runs.times, call, moment);
  const asked: Wanted = { since, groups: jobIds, fresh };
  const reads: Reads = { oldest: null, failure: null, unreadable: 0 };
  let plan = reader.index.plan(asked);
  if (sharing !== null && plan.kind !== 'known') {
    await sharing.follow(reader.index);
    plan = reader.index.plan(asked);
  }
  if (plan.kind === 'beyond') return plan;
  const basisFor = (freshness: Wanted['fresh']): Basis => {
    const basis = reader.index.basis({ ...asked, fresh: freshness });
    return { ...basis, unreadable: basis.unreadable + reads.unreadable };
  };
  try {
    if (plan.kind !== 'known') {
      await refresh(wanted, asked, plan, reads);
      if (reader.index.plan(asked).kind === 'beyond') return { kind: 'beyond' };
    }
    const basis = basisFor(including(patiently(fresh, call), reads.oldest));
    if (call.stands !== undefined) noteValid(call, reader.index.standsMs(asked));
    return { kind: 'known', basis, failure: reads.failure, error: null, fresh };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const basis = basisFor(staleFreshnessOf(runs.times, call, moment));
    return afterFailure(error, { kind: 'known', basis, failure: null, error, fresh }, call, moment.now);
  }
};

/** The runs that are known after a failure: by older reads if the cluster is down, otherwise by this operation's own. */
const afterFailure = (error: UpstreamError, known: KnownRuns, call: CallOptions, now: number): Known => {
  const { basis, fresh } = known;
  if (!isUpstreamDown(error) || !basis.isKnown)
    return { ...known, basis: { ...basis, reasons: [] }, fresh: including(fresh, now) };
  call.stands?.(0);
  return { ...known, failure: error, error: null };
};

/** Stores a read, and shares it with other replicas. */
const keep = (
  { reader: { index }, sharing }: RunsWanted,
  { group, from }: { readonly group: string | null; readonly from: Micros },
  begun: number,
  read: Read<ProtectionRun>,
): void => {
  index.take(group, from, begun, read);
  sharing?.tell(index, group, from, read);
};

const refresh = async (wanted: RunsWanted, asked: Wanted, plan: Plan, reads: Reads): Promise<void> => {
  const { reader, cluster, jobIds } = wanted;
  const isSlow = reader.sourceId === undefined && cluster.wideReads.areTooSlow();
  if (plan.kind === 'all' && !isSlow) {
    const outcome = await readOfAll(wanted, plan.from, plan.expected, reads);
    if (outcome === 'whole') return;
    return refreshByJob(wanted, asked, reads, outcome === 'tooSlow');
  }
  return jobIds === null ? refreshByJob(wanted, asked, reads, isSlow) : readNow(wanted, groupsOf(wanted, asked), reads);
};

/** Reads everything of all jobs since a time. */
const readOfAll = async (
  wanted: RunsWanted,
  from: Micros,
  expected: number,
  reads: Reads,
): Promise<'whole' | 'tooMany' | 'tooSlow'> => {
  const { reader } = wanted;
  const begun = reader.index.moment();
  const outcome = await readAll(reader, from, expected);
  if (outcome.kind === 'tooMany') reader.index.tooMany(from);
  if (outcome.kind !== 'whole') return outcome.kind;
  keep(wanted, { group: null, from }, begun, outcome.read);
  take(reads, outcome.read);
  return 'whole';
};

const groupsOf = ({ reader }: RunsWanted, asked: Wanted): readonly GroupToRead[] =>
  reader.index.groupsToRead({ ...asked, fresh: patiently(asked.fresh, reader.loaders.call) }) ?? [];

/** Reads the list of jobs, at most once for an operation. */
const learnJobs = async ({ index, loaders, upstream }: RunsWanted['reader'], reads: Reads): Promise<void> => {
  const jobs = await loaders.protectionJobs.load({ upstream });
  index.listed(jobs.records.map(({ jobId }) => jobId.toString()));
  reads.failure = jobs.failure ?? null;
  reads.unreadable = jobs.unreadable;
};

/** Reads the newest runs of all jobs, back to each job's known runs; the last hour alone if those are too many. */
const readHead = async (wanted: RunsWanted, asked: Wanted, reads: Reads): Promise<void> => {
  const { index } = wanted.reader;
  const head = index.headFrom(asked);
  if (head === null) return;
  for (const from of [head, hourStart(wanted.cluster.runs.now() - HOUR_MICROS)]) {
    if (from <= asked.since || index.isTooMany(from)) continue;
    if ((await readOfAll(wanted, from, 1, reads)) === 'whole') return;
  }
};

/** Reads the rest job by job; first the newest runs of all jobs in one call, if that saves single reads. */
const refreshByJob = async (wanted: RunsWanted, asked: Wanted, reads: Reads, isSlow: boolean): Promise<void> => {
  const { reader, cluster } = wanted;
  if (!reader.index.knowsGroups()) await learnJobs(reader, reads);
  const gaps = groupsOf(wanted, asked);
  const isNew = gaps.every(({ from }) => from <= asked.since) && gaps.length <= affordable(wanted, gaps);
  if (!isSlow && !isNew) await readHead(wanted, asked, reads);
  // Later jobs appear in a read of all jobs; if there was none, only their list has them.
  if (reader.index.headFrom(asked) !== null) await learnJobs(reader, reads);
  const left = groupsOf(wanted, asked);
  if (left.length > affordable(wanted, left)) return readLater(wanted, asked);
  await readNow(wanted, left, reads);
  // If it answers for single jobs, it was only slow, not down.
  if (isSlow && reader.sourceId === undefined) cluster.wideReads.wereTooSlow();
};

const scopeOf = ({ detail, sourceId }: Reader): string => `${detail} ${sourceId ?? '*'}`;

/**
 * The number of jobs an operation may read one by one: half of its remaining calls, or a few if all is known. Jobs that
 * are already being read in the background do not count.
 */
const affordable = ({ reader, cluster }: RunsWanted, groups: readonly GroupToRead[]): number => {
  const { maxAgeMs, budget } = reader.loaders.call;
  if (maxAgeMs !== undefined || !cluster.runs.keeps) return Number.POSITIVE_INFINITY;
  if (groups.every(({ isGap }) => !isGap)) return FEW_GROUPS;
  if (cluster.runs.background.isBusy(scopeOf(reader))) return 0;
  return Math.floor((budget?.left() ?? Number.POSITIVE_INFINITY) / 2);
};

/** Reads job by job, a few at once. */
const readNow = async (wanted: RunsWanted, jobs: readonly GroupToRead[], reads: Reads): Promise<void> => {
  const readOne = async (job: GroupToRead): Promise<void> => {
    const begun = wanted.reader.index.moment();
    const read = await readJob(wanted.reader, job);
    keep(wanted, job, begun, read);
    take(reads, read);
  };
  for (let at = 0; at < jobs.length; at += JOBS_AT_ONCE)
    await Promise.all(jobs.slice(at, at + JOBS_AT_ONCE).map(readOne));
};

/** Reads each job in the background, in its own session, which costs no operation anything. */
const readLater = (wanted: RunsWanted, asked: Wanted): void => {
  const { cluster, reader, sharing } = wanted;
  const { runs, upstream } = cluster;
  const { index, detail, sourceId } = reader;
  const now = runs.now();
  const pace = { goingOnBefore: now - SLOW.goingOn, overBefore: now - SLOW.over, ease: null };
  // Background reads go back as far as the index does, so that a longer list finds them.
  const deep = index.fillsSince();
  const groups = (index.groupsToRead(asked, pace) ?? []).map((job) =>
    job.isGap && job.from <= asked.since ? { ...job, from: micros(Math.min(job.from, deep)) } : job,
  );
  const clients = Object.assign(new Map([[upstream.name, cluster]]), { hidden: new Set<string>() });
  // Replicas begin with different jobs, so that each finds reads of the others.
  const first = Math.floor(Math.random() * groups.length);
  const inTurn = [...groups.slice(first), ...groups.slice(0, first)];
  runs.background.add(scopeOf(reader), inTurn, async (job, signal) => {
    await sharing?.follow(index);
    if (sharing !== null && index.groupsToRead({ ...asked, groups: [job.group] }, pace)?.length === 0) return;
    const begun = index.moment();
    const loaders = cohesityLoaders({ clients, call: { signal }, base: null });
    const read = await readJob({ upstream: upstream.name, loaders, detail, sourceId, index }, job);
    keep(wanted, job, begun, read);
  });
};
