import { LRUCache } from 'lru-cache';
import { isFinished } from '../../domain/activity.js';
import type { Micros } from '../../domain/micros.js';
import type { ProtectionRun } from '../../domain/protection-run.js';
import type { CacheContext, CacheTimes } from '../../cache/read-through.js';
import { type Background, createBackground } from '../../index/background.js';
import { type IndexSharing, createIndexSharing } from '../../index/sharing.js';
import type { IndexMemory } from '../../index/memory.js';
import { type RecentIndex, createRecentIndex } from '../../index/recent.js';
import type { RecordKind } from '../../index/records.js';
import { perSession } from '../per-session.js';
import type { Session } from '../product.js';
import { type KnownTargets, createKnownTargets } from './known-targets.js';
import { runShape } from './shapes.js';
import { isSettled, runWeight } from './settled-run.js';

/** The levels of detail of a run; each includes the earlier ones. */
export const runDetails = ['shell', 'copies', 'tasks'] as const;

export type RunDetail = (typeof runDetails)[number];

export type RunIndex = RecentIndex<ProtectionRun>;

/** An index, and its sharing with other replicas; `null` if it is not shared. */
interface SharedRunIndex {
  readonly index: RunIndex;
  readonly sharing: IndexSharing<ProtectionRun> | null;
}

/** The indexes of a cluster's recent runs, by detail. They outlive requests. */
export interface RunIndexes {
  readonly times: CacheTimes;
  readonly now: () => Micros;
  readonly background: Background;
  readonly knownTargets: KnownTargets;
  readonly keeps: boolean; // whether runs are kept over requests
  /** The runs of all sources, or of one. */
  of(session: Session, detail: RunDetail, sourceId?: string): SharedRunIndex;
  /** Invalidates the reads of that job's runs, or of all. */
  drop(jobId: string | null): void;
  /** Stops background reads, and releases the memory. */
  close(): void;
}

const runKind: RecordKind<ProtectionRun> = {
  groupOf: ({ run }) => run.jobId,
  keyOf: ({ run }) => run.startTimeUsecs,
  observedAt: ({ shell }) => shell.observedAt,
  isFinished: ({ shell, copyRuns }) => [shell, ...copyRuns].every(({ state }) => isFinished(state)),
  isSettled: (run) => isSettled(run, run.shell.observedAt),
  unreadable: ({ unreadable }) => unreadable,
  weight: runWeight,
};

const MOST_SOURCES = 20; // with an index of their own, beside the one of all sources
const READ_AT_ONCE = 2; // in the background

interface RunIndexesOptions {
  readonly context: CacheContext;
  readonly memory: IndexMemory;
  readonly hours: number;
}

interface Place {
  get(key: string): SharedRunIndex | undefined;
  set(key: string, index: SharedRunIndex): unknown;
}

/** The indexes of each session, if nothing is kept over requests. */
const inSessions = (): ((session: Session) => Place) => perSession(() => new Map<string, SharedRunIndex>());

const empty = (indexes: Map<string, SharedRunIndex>): void => {
  for (const { index } of indexes.values()) index.close();
  indexes.clear();
};

/** Reads of other replicas reach the targets only through the index. */
const noting = (knownTargets: KnownTargets, index: RunIndex): RunIndex => ({
  ...index,
  take: (group, from, begun, read) => {
    knownTargets.note(read.records);
    index.take(group, from, begun, read);
  },
});

/** The more a read shows of each run, the fewer lists need it, and the more memory it takes. */
const rankOf = (detail: RunDetail, sourceId: string | undefined): number =>
  sourceId === undefined ? runDetails.indexOf(detail) : runDetails.length;

export const createRunIndexes = ({ context, memory, hours }: RunIndexesOptions): RunIndexes => {
  const { upstream, times, now, store } = context;
  const kept = new LRUCache<string, SharedRunIndex>({ max: MOST_SOURCES, dispose: ({ index }) => index.close() });
  const ofAll = new Map<string, SharedRunIndex>();
  const knownTargets = createKnownTargets();

  const create = (scope: string, rank: number): SharedRunIndex => ({
    index: noting(knownTargets, createRecentIndex({ kind: runKind, now, memory, hours, rank })),
    sharing:
      store.elsewhere === null || !memory.keeps
        ? null
        : createIndexSharing({ upstream, scope, elsewhere: store.elsewhere, times, shape: runShape }),
  });

  const inSession = inSessions();
  const background = createBackground({ atOnce: READ_AT_ONCE });

  return {
    times,
    now,
    knownTargets,
    background,
    keeps: memory.keeps,
    of: (session, detail, sourceId) => {
      const scope = `${detail} ${sourceId ?? '*'}`;
      const place: Place = !memory.keeps ? inSession(session) : sourceId === undefined ? ofAll : kept;
      const shared = place.get(scope) ?? create(scope, rankOf(detail, sourceId));
      place.set(scope, shared);
      return shared;
    },
    close: () => {
      background.close();
      empty(ofAll);
      kept.clear();
    },
    drop: (jobId) => [...ofAll.values(), ...kept.values()].forEach(({ index }) => index.drop(jobId)),
  };
};
