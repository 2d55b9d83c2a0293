export const incompleteReasons = [
  'UPSTREAM_FAILED',
  'BUDGET',
  'TOO_LARGE',
  'UNREADABLE',
  'LOOK_BACK',
  'NOT_READ_YET',
] as const;

/** Why something that was asked of an upstream may be missing from an answer. */
export type IncompleteReason = (typeof incompleteReasons)[number];

/** Each reason once, in one order, so that equal answers are equal. */
export const orderedReasons = (reasons: Iterable<IncompleteReason>): readonly IncompleteReason[] => {
  const given = new Set(reasons);
  return incompleteReasons.filter((reason) => given.has(reason));
};
