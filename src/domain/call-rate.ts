/** What a quota of AWS Backup tells apart: reads of one thing, and pages of a list. */
export const callKinds = ['describe', 'list'] as const;
export type CallKind = (typeof callKinds)[number];

/** How often one upstream may be asked, by all who share its quota. */
export interface CallRate {
  readonly perSecond: Readonly<Record<CallKind, number>>;
  /** Takes one call: 0 where it may be made now, else the milliseconds to wait before asking again. Never rejects. */
  take(kind: CallKind): Promise<number>;
}
