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
import { copyJobShape } from './shapes.js';

/** The jobs that one list of queries brings, as they are kept over requests. */
export interface JobIndex {
  readonly index: SpanIndex<CopyJob>;
  readonly sharing: IndexSharing<CopyJob> | null; // with other replicas
  freshness(call: CallOptions): SpanFreshness;
  /** What may stand in where the endpoint fails. */
  staleFreshness(call: CallOptions): SpanFreshness;
}

/** An endpoint's jobs, by how the lists of them are narrowed. They outlive requests. */
export interface JobIndexes {
  readonly observe: CacheContext['observe'];
  /** `null` where nothing is kept. */
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

const MOST_LISTS = 1000; // one for each object of a page, for one

/** Whether a job may come to pass, or cease to, while it goes on: of hours ago there may be others later. */
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

/** How a job shows what a list was narrowed by. */
const shownBy: { readonly [member in keyof CopyJobsQuery]?: (job: CopyJob) => string | null } = {
  state: ({ upstreamState }) => upstreamState,
  resourceArn: ({ resourceArn }) => resourceArn,
  resourceType: ({ resourceType }) => resourceType,
  messageCategory: ({ messageCategory }) => messageCategory,
};

type Passes = (job: CopyJob) => boolean;

/** Which jobs of the list of all a narrowed one holds; `null` where they do not show it. */
export const narrowing = (queries: readonly CopyJobsQuery[]): Passes | null => {
  const members = queries.map((query) => Object.entries(query).filter(([, value]) => value !== undefined));
  const known = (name: string): ((job: CopyJob) => string | null) | undefined => shownBy[name as keyof CopyJobsQuery]; // or not a member of it
  if (members.some((of) => of.some(([name]) => known(name) === undefined))) return null;
  return (job) => members.some((of) => of.every(([name, value]) => known(name)?.(job) === value));
};

const MOST_TOLD = 20_000; // jobs in one read that other replicas are told of

/** Gathers what the pages of one span bring, so that it counts as known when, and only if, all of it was read. */
interface Keeping {
  add(records: readonly CopyJob[], page: Pick<CopyJobPage, 'observedAt' | 'unreadable' | 'reasons'>): void;
  /** To be called when the last page is there. */
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
      // What has no time, or was left out, may be of any time.
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
