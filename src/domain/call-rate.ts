/** The two kinds of call that AWS Backup's quotas distinguish: reads of one record, and pages of a list. */
export type CallKind = 'describe' | 'list';

/** The number of calls that may be made now, and when to ask for the rest. */
export interface Taken {
  readonly taken: number;
  readonly waitMs: number; // 0 if all were granted
}

/** The call rate of one upstream, shared by all that use its quota. */
export interface CallRate {
  readonly perSecond: Readonly<Record<CallKind, number>>;
  /** Takes as many calls as are available, up to `count`. Never rejects. */
  take(kind: CallKind, count: number): Promise<Taken>;
}
