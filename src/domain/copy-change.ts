import { type ActivityState, isFinished } from './activity.js';
import { toldAt } from './age.js';
import type { CopyOperation } from './copy-operation.js';
import { hashOf } from './text-hash.js';
import type { UpstreamReport } from './upstream-report.js';

export const copyChangeKinds = ['SNAPSHOT', 'STARTED', 'PROGRESSED', 'FINISHED', 'CHANGED'] as const;

/** The event of a copy; `SNAPSHOT` means that it was unfinished when the stream began. */
export type CopyChangeKind = (typeof copyChangeKinds)[number];

/** One event of a stream: a copy changed, or an upstream went down or came back. */
export interface CopyChange {
  readonly change: CopyChangeKind;
  readonly previousState: ActivityState | null; // null: not seen before, or no copy changed
  readonly operation: CopyOperation | null; // null: only the reports have changed
  readonly upstreamReports: readonly UpstreamReport[];
}

/** The part of a copy that is compared with its next read. It is kept longer than the record, which may be large. */
export interface CopyMark {
  readonly observedAt: number;
  readonly startedAt: number | null;
  readonly state: ActivityState;
  readonly moving: number; // a digest of the members that change all the time while it runs
  readonly fixed: number; // a digest of the members that change now and then
}

/** `now` is the time of the event; another replica may have sent it, and its clock may be ahead. */
export const markOf = (copy: CopyOperation, now: number = copy.observedAt): CopyMark => ({
  observedAt: toldAt(copy.observedAt, now),
  startedAt: copy.startedAt,
  state: copy.state,
  moving: digestOf([copy.sizeBytes, copy.transferredBytes].join()),
  fixed: digestOf([copy.upstreamState, copy.endedAt, copy.expiresAt, copy.error, ...keptBy(copy)].join('\n')),
});

/** A digest of 53 bits, so that the memory for a copy does not grow with its error text. */
const digestOf = (text: string): number => {
  const [high, low] = hashOf(text);
  return (high % 0x20_0000) * 0x1_0000_0000 + low; // the 53 bits that a number holds exactly
};

/** The members that say whether the upstream still has the copy, and which holds keep it. */
const keptBy = ({ snapshotDeleted, expiryCleared, holdForLegalPurpose, legalHoldings = [] }: CopyOperation) => [
  snapshotDeleted,
  expiryCleared,
  holdForLegalPurpose,
  ...legalHoldings.map((one) => `${one.protectionSourceId} ${one.holdForLegalPurpose}`),
];

/** The change between two reads of a copy; `null` if nothing changed. `before` is `undefined` for a new copy. */
export const changeOf = (
  before: CopyMark | undefined,
  copy: CopyOperation,
): Pick<CopyChange, 'change' | 'previousState'> | null => {
  const now = markOf(copy);
  if (before === undefined) {
    // A copy that came and went between two reads gives one event.
    return { change: isFinished(now.state) ? 'FINISHED' : 'STARTED', previousState: null };
  }
  const previousState = before.state;
  if (isFinished(now.state) && !isFinished(before.state)) return { change: 'FINISHED', previousState };
  if (now.state !== before.state || now.fixed !== before.fixed) return { change: 'CHANGED', previousState };
  return now.moving === before.moving ? null : { change: 'PROGRESSED', previousState };
};

/** The kind of two merged events: an end is never lost, and a copy that runs again has not ended. */
const mergedKind = (first: CopyChange, { change, operation }: CopyChange): CopyChangeKind => {
  const isOver = operation !== null && isFinished(operation.state);
  if (isOver && (first.change === 'FINISHED' || change === 'FINISHED')) return 'FINISHED';
  if (first.change === 'PROGRESSED') return change;
  if (first.change === 'FINISHED') return first.previousState === null ? 'STARTED' : 'CHANGED';
  return first.change;
};

/**
 * Merges two events of one copy for a reader that has not taken the first. The result has the newest record, and the
 * change since the state that the reader last saw.
 */
export const mergeChanges = (first: CopyChange, second: CopyChange): CopyChange => {
  const change = mergedKind(first, second);
  const previousState = first.change === 'SNAPSHOT' ? (first.operation?.state ?? null) : first.previousState;
  return { ...second, change, previousState: change === 'SNAPSHOT' ? null : previousState };
};
