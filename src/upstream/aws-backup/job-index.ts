import { LRUCache } from 'lru-cache';
import { isFinished } from '../../domain/activity.js';
import type { CopyJob } from '../../domain/copy-job.js';
import type { CallOptions, Read } from '../../calling/call.js';
import type { CacheContext } from '../../cache/read-through.js';
import { freshnessOf, staleFreshnessOf } from '../../index/freshness.js';
import type { IndexMemory } from '../../index/memory.js';
import type { RecordKind } from '../../index/records.js';
import { type IndexSharing, createIndexSharing } from '../../index/sharing.js';
import type { Span } from '../../index/span.js';
import { type SpanFreshness, type SpanIndex, createSpanIndex } from '../../index/spans.js';
import type { CopyJobPage, CopyJobsQuery } from './client.js';
import { type SharedRereads, createSharedRereads } from './shared-rereads.js';
import { copyJobShape } from './shapes.js';

/** The cached jobs of one set of list queries, kept over requests. */
export interface JobIndex {
  readonly index: SpanIndex<CopyJob>;
  readonly sharing: IndexSharing<CopyJob> | null; // between replicas
  readonly rereads: SharedRereads;
  freshness(call: CallOptions): SpanFreshness;
  /** The oldest reads that may be used if the endpoint fails. */
  staleFreshness(call: CallOptions): SpanFreshness;
}

/** The job indexes of an endpoint, one for each set of list filters. They outlive requests. */
export interface JobIndexes {
  readonly observe: CacheContext['observe'];
  /** `null` if nothing is cached. */
  of(queries: readonly CopyJobsQuery[]): JobIndex | null;
}

const jobKind: RecordKind<CopyJob> = {
  groupOf: () => '',
  keyOf: ({ copyJobId }) => copyJobId,
  observedAt: ({ observedAt }) => observedAt,
  isFinished: ({ state }) => isFinished(state),
  isSettled: ({ state }) => isFinished(state),
  unreadable: () => 0,
  weight: () => 1,
};

const MOST_LISTS = 1000; // for example, one for each object of a page

/** Whether a running job may begin or cease to match. Then new jobs may appear even in hours long past. */
const looksAtChange = ({ state, completeAfter, completeBefore, messageCategory }: CopyJobsQuery): boolean =>
  [state, completeAfter, completeBefore, messageCategory].some((member) => member !== undefined);

const isOfAll = (queries: readonly CopyJobsQuery[]): boolean =>
  queries.some((query) => Object.values(query).every((value) => value === undefined));

export const createJobIndexes = (context: CacheContext, memory: IndexMemory): JobIndexes => {
  const { upstream, store, times, now, observe } = context;
  const kept = new LRUCache<string, JobIndex>({ max: MOST_LISTS, dispose: ({ index }) => index.close() });

  const create = (scope: string, queries: readonly CopyJobsQuery[]): JobIndex => {
    const nothingSettles = queries.some(looksAtChange);
    const narrow = ({ movingSince, settledSince }: SpanFreshness): SpanFreshness => ({
      movingSince,
      settledSince: nothingSettles ? movingSince : settledSince,
    });
    const { elsewhere } = store;
    const beginning = () => ({ now: now(), begun: 0, openOnly: false });
    return {
      index: createSpanIndex({ kind: jobKind, now, memory, rank: isOfAll(queries) ? 0 : 1 }),
      rereads: createSharedRereads(now, 2 * times.listMs * 1000),
      sharing:
        elsewhere === null ? null : createIndexSharing({ upstream, scope, elsewhere, times, shape: copyJobShape }),
      freshness: (call) => narrow(freshnessOf(times, call, beginning())),
      staleFreshness: (call) => narrow(staleFreshnessOf(times, call, beginning())),
    };
  };

  return {
    observe,
    of: (queries) => {
      if (!memory.keeps) return null;
      const scope = JSON.stringify(queries);
      const one = kept.get(scope) ?? create(scope, queries);
      kept.set(scope, one);
      return one;
    },
  };
};

/** The member of a job that a list filter applies to. */
const shownBy: { readonly [member in keyof CopyJobsQuery]?: (job: CopyJob) => string | null } = {
  state: ({ upstreamState }) => upstreamState,
  resourceArn: ({ resourceArn }) => resourceArn,
  resourceType: ({ resourceType }) => resourceType,
  messageCategory: ({ messageCategory }) => messageCategory,
};

type Passes = (job: CopyJob) => boolean;

/** A filter that picks a narrowed list from the list of all jobs; `null` if the jobs do not show it. */
export const narrowing = (queries: readonly CopyJobsQuery[]): Passes | null => {
  const members = queries.map((query) => Object.entries(query).filter(([, value]) => value !== undefined));
  // or a key that is not a filter
  const known = (name: string): ((job: CopyJob) => string | null) | undefined => shownBy[name as keyof CopyJobsQuery];
  if (members.some((of) => of.some(([name]) => known(name) === undefined))) return null;
  return (job) => members.some((of) => of.every(([name, value]) => known(name)?.(job) === value));
};

const MOST_TOLD = 20_000; // jobs in one read that is shared with other replicas

/** Collects the pages of one span. The span counts as known only if all of them were read. */
interface Keeping {
  add(records: readonly CopyJob[], page: Pick<CopyJobPage, 'observedAt' | 'unreadable' | 'reasons'>): void;
  /** To be called after the last page. */
  end(): void;
}

export const keepingOf = ({ index, sharing }: JobIndex, span: Span): Keeping => {
  const begun = index.moment();
  let isWhole = true;
  let told: CopyJob[] | null = sharing === null ? null : [];
  let oldest: Read<CopyJob>['observedAt'] | null = null;
  return {
    add: (records, { observedAt, unreadable, reasons = [] }) => {
      index.note(records);
      if (oldest === null || observedAt < oldest) oldest = observedAt;
      // A record without a time, or one left out, may belong to any time.
      if (unreadable > 0 || reasons.length > 0 || records.some(({ startedAt }) => startedAt === null)) isWhole = false;
      if ((told?.length ?? 0) + records.length > MOST_TOLD) told = null;
      told?.push(...records);
    },
    end: () => {
      if (!isWhole || oldest === null) return;
      index.end(span, begun, oldest);
      const to = span.to === Number.POSITIVE_INFINITY ? undefined : span.to;
      if (told !== null)
        sharing?.tell(index, null, span.from, { records: told, observedAt: oldest, unreadable: 0 }, to);
    },
  };
};
