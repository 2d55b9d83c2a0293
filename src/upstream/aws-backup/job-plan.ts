import type { CopyJob } from '../../domain/copy-job.js';
import { noteValid } from '../../index/freshness.js';
import type { Span } from '../../index/span.js';
import type { Part, SpanIndex } from '../../index/spans.js';
import type { CopyJobsQuery } from './client.js';
import { type JobIndex, type JobIndexes, narrowing } from './job-index.js';
import { MAX_RESULTS } from './job-pages.js';
import type { KnownJobs } from './known-jobs.js';
import type { AwsBackupLoaders } from './loaders.js';
import { rereadMoving } from './moving-jobs.js';
import type { Reading } from '../source.js';

/** The jobs that a source lists. */
export interface CopyJobsRequest {
  readonly upstream: string;
  readonly loaders: AwsBackupLoaders;
  readonly jobs: JobIndexes;
  /** The filters beside the window: one list for each. */
  readonly queries: readonly CopyJobsQuery[];
}

/** A part of a slice: known, or to be read. */
type JobPart = KnownJobs | (Span & { readonly kind: 'unknown' });

/** The parts of a slice to read, oldest first, and the index for the results. */
interface JobPlan {
  readonly kept: JobIndex | null;
  readonly parts: readonly JobPart[];
}

const everyJob = (): boolean => true;

const isKnown = (parts: readonly Part[]): boolean => parts.every(({ kind }) => kind === 'known');

/** The jobs that an index has of each known part. */
const withJobs = (index: SpanIndex<CopyJob>, parts: readonly Part[], passes: KnownJobs['passes'] = everyJob) =>
  parts.map((part): JobPart => (part.kind === 'known' ? { jobs: index.snapshot(part), passes, ...part } : part));

/**
 * A known part between unknown ones is read again if it has few jobs: one call that repeats some of them costs less
 * than two.
 */
const bridged = (index: SpanIndex<CopyJob>, parts: readonly Part[]): readonly Part[] => {
  const first = parts.findIndex(({ kind }) => kind === 'unknown');
  const last = parts.findLastIndex(({ kind }) => kind === 'unknown');
  const [from, to] = [parts[first]?.from, parts[last]?.to];
  if (first === last || from === undefined || to === undefined) return parts;
  const between = parts.slice(first, last).filter(({ kind }) => kind === 'known');
  if (between.reduce((sum, part) => sum + index.count(part), 0) > MAX_RESULTS / 2) return parts;
  return [...parts.slice(0, first), { kind: 'unknown', from, to }, ...parts.slice(last + 1)];
};

/** An estimate of the calls that the unknown parts take. */
const callsFor = (index: SpanIndex<CopyJob>, parts: readonly Part[]): number =>
  bridged(index, parts)
    .filter(({ kind }) => kind === 'unknown')
    .reduce((sum, part) => sum + Math.max(1, Math.ceil(index.count(part) / MAX_RESULTS)), 0);

/** The jobs of a narrowed list, if the list of all jobs knows the whole slice. */
const outOfAll = ({ jobs, queries, loaders: { call } }: CopyJobsRequest, slice: Span): JobPlan | null => {
  const [passes, all] = [narrowing(queries), jobs.of([{}])];
  if (passes === null || all === null) return null;
  const { parts, isOpen, standsMs } = all.index.plan(slice, all.freshness(call));
  if (!isKnown(parts)) return null;
  if (isOpen) all.rereads.note(slice);
  noteValid(call, standsMs);
  return { kept: all, parts: withJobs(all.index, parts, passes) };
};

/** The known parts of a slice, and those to read. First reads the running jobs again, if that takes few calls. */
export const planJobs = async (request: CopyJobsRequest, slice: Span, reading: Reading): Promise<JobPlan> => {
  const { upstream, jobs, queries, loaders } = request;
  const kept = jobs.of(queries);
  if (kept === null) return { kept, parts: [{ ...slice, kind: 'unknown' }] };
  const known = outOfAll(request, slice);
  if (known !== null) {
    jobs.observe('hit'); // otherwise the read itself is observed
    return known;
  }
  const { index, sharing, rereads } = kept;
  const fresh = kept.freshness(loaders.call);
  let plan = index.plan(slice, fresh);
  if (sharing !== null && !isKnown(plan.parts)) {
    await sharing.follow(index);
    plan = index.plan(slice, fresh);
  }
  const { moving, parts, isOpen } = plan;
  if (isOpen) rereads.note(slice);
  const [query, other] = queries;
  if (moving.length > 0 && query !== undefined && other === undefined) {
    const saves = callsFor(index, parts) - callsFor(index, index.gaps(slice, fresh));
    const reader = { upstream, loaders, primes: !reading.whole };
    await rereadMoving({ reader, index, query, moving, saves, shared: rereads });
    plan = index.plan(slice, fresh);
  }
  if (isKnown(plan.parts)) jobs.observe('hit');
  noteValid(loaders.call, plan.standsMs);
  return { kept, parts: withJobs(index, bridged(index, plan.parts)) };
};

/** The older reads of a slice that could not be read. */
export const oldJobs = (
  { loaders: { call } }: CopyJobsRequest,
  slice: Span,
  kept: JobIndex | null,
): readonly JobPart[] => {
  if (kept === null) return [{ ...slice, kind: 'unknown' }];
  const { parts } = kept.index.plan(slice, kept.staleFreshness(call));
  if (parts.some(({ kind }) => kind === 'known')) call.stands?.(0);
  return withJobs(kept.index, parts);
};
