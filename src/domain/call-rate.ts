/** What a quota of AWS Backup tells apart: reads of one thing, and pages of a list. */
export type CallKind = 'describe' | 'list';

/** How many calls of those that were asked for may be made now, and when to ask for the rest. */
export interface Taken {
  readonly taken: number;
  readonly waitMs: number; // 0 where all were taken
}

/** How often one upstream may be asked, by all who share its quota. */
export interface CallRate {
  readonly perSecond: Readonly<Record<CallKind, number>>;
  /** Takes as many calls as there are, up to `count`. Never rejects. */
  take(kind: CallKind, count: number): Promise<Taken>;
}
