import type { ErrorCode, ReportedError } from './error-code.js';

export const incompleteReasons = [
  'UPSTREAM_FAILED',
  'BUDGET',
  'TOO_LARGE',
  'UNREADABLE',
  'LOOK_BACK',
  'NOT_READ_YET',
] as const;

/** The reason why an answer may lack something from an upstream. */
export type IncompleteReason = (typeof incompleteReasons)[number];

/** Each reason once, in one order, so that equal answers are equal. */
export const orderedReasons = (reasons: Iterable<IncompleteReason>): readonly IncompleteReason[] => {
  const given = new Set(reasons);
  return incompleteReasons.filter((reason) => given.has(reason));
};

/**
 * The code and words for each reason, used if no failed call says more. `null`: only the report shows it. An account
 * without a reader is common, and would otherwise put an error on every answer about objects.
 */
const told: Readonly<Record<IncompleteReason, readonly [ErrorCode, string] | null>> = {
  UPSTREAM_FAILED: ['UPSTREAM_UNAVAILABLE', 'could not be read completely'],
  BUDGET: ['UPSTREAM_BUDGET_EXCEEDED', 'would need more calls than one operation may make; ask for less'],
  TOO_LARGE: [
    'UPSTREAM_BAD_RESPONSE',
    'has more results than one answer may hold, so some may be missing; ask for less',
  ],
  UNREADABLE: null,
  LOOK_BACK: [
    'BAD_USER_INPUT',
    'was read back only as far as limits.lookBackHours allows, and the filter asks for more',
  ],
  NOT_READ_YET: ['UPSTREAM_TIMEOUT', 'has not been read completely yet; ask again later'],
};

/** The error for the first reason that has one; `null` if none has. */
export const errorOfReasons = (upstream: string, reasons: readonly IncompleteReason[]): ReportedError | null => {
  const [first] = reasons.map((reason) => told[reason]).filter((one) => one !== null);
  if (first === undefined) return null;
  const [code, words] = first;
  return { code, message: `Upstream ${upstream} ${words}.`, retryAfterMs: null };
};
