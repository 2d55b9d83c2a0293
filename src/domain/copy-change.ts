import { type ActivityState, isFinished } from './activity.js';
import { toldAt } from './age.js';
import type { CopyOperation } from './copy-operation.js';
import { hashOf } from './text-hash.js';
import type { UpstreamReport } from './upstream-report.js';

export const copyChangeKinds = ['SNAPSHOT', 'STARTED', 'PROGRESSED', 'FINISHED', 'CHANGED'] as const;

/** What happened to a copy; `SNAPSHOT` is one that was unfinished when the stream began. */
export type CopyChangeKind = (typeof copyChangeKinds)[number];

/** One event of a stream: a copy that changed, or an upstream that went down or came back. */
export interface CopyChange {
  readonly change: CopyChangeKind;
  readonly previousState: ActivityState | null; // null: it was not seen before
  readonly operation: CopyOperation | null; // null: only the reports have changed
  readonly upstreamReports: readonly UpstreamReport[];
}

/** What is compared of a copy; it outlives the record, which may be large. */
export interface CopyMark {
  readonly observedAt: number;
  readonly startedAt: number | null;
  readonly state: ActivityState;
  readonly moving: number; // a digest of what goes on while it runs
  readonly fixed: number; // and of what changes now and then
}

/** `now` is when it was told, by another replica perhaps, whose clock may be ahead. */
export const markOf = (copy: CopyOperation, now: number = copy.observedAt): CopyMark => ({
  observedAt: toldAt(copy.observedAt, now),
  startedAt: copy.startedAt,
  state: copy.state,
  moving: digestOf([copy.sizeBytes, copy.transferredBytes].join()),
  fixed: digestOf([copy.upstreamState, copy.endedAt, copy.expiresAt, copy.error, ...keptBy(copy)].join('\n')),
});

/** 53 bits made of a text, so that what is remembered of a copy does not grow with its error. */
const digestOf = (text: string): number => {
  const [high, low] = hashOf(text);
  return (high % 0x20_0000) * 0x1_0000_0000 + low; // the 53 bits that a number holds exactly
};

/** Whether the upstream still has what was copied, and who holds it. */
const keptBy = ({ snapshotDeleted, expiryCleared, holdForLegalPurpose, legalHoldings = [] }: CopyOperation) => [
  snapshotDeleted,
  expiryCleared,
  holdForLegalPurpose,
  ...legalHoldings.map((one) => `${one.protectionSourceId} ${one.holdForLegalPurpose}`),
];

/** What a look at a copy shows that the one before did not; `null` for nothing. `before` is `undefined` for a new one. */
export const changeOf = (
  before: CopyMark | undefined,
  copy: CopyOperation,
): Pick<CopyChange, 'change' | 'previousState'> | null => {
  const now = markOf(copy);
  if (before === undefined) {
    // One that came and went between two looks is told once, as it is.
    return { change: isFinished(now.state) ? 'FINISHED' : 'STARTED', previousState: null };
  }
  const previousState = before.state;
  if (isFinished(now.state) && !isFinished(before.state)) return { change: 'FINISHED', previousState };
  if (now.state !== before.state || now.fixed !== before.fixed) return { change: 'CHANGED', previousState };
  return now.moving === before.moving ? null : { change: 'PROGRESSED', previousState };
};

/** What both events come to: how the copy ended is never lost, and one that goes on again has not ended. */
const mergedKind = (first: CopyChange, { change, operation }: CopyChange): CopyChangeKind => {
  const isOver = operation !== null && isFinished(operation.state);
  if (isOver && (first.change === 'FINISHED' || change === 'FINISHED')) return 'FINISHED';
  if (first.change === 'PROGRESSED') return change;
  if (first.change === 'FINISHED') return first.previousState === null ? 'STARTED' : 'CHANGED';
  return first.change;
};

/**
 * Two events of one copy as one, for a reader who has not taken the first yet: the newest record, and what happened seen
 * from where that reader stands.
 */
export const mergeChanges = (first: CopyChange, second: CopyChange): CopyChange => {
  const change = mergedKind(first, second);
  const previousState = first.change === 'SNAPSHOT' ? (first.operation?.state ?? null) : first.previousState;
  return { ...second, change, previousState: change === 'SNAPSHOT' ? null : previousState };
};
