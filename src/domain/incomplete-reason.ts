import type { ErrorCode, ReportedError } from './error-code.js';

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

/**
 * What a reason is called, and what is said of it, where no failed call says more. `null`: the report alone has it. An
 * account that nobody reads is usual, and would make an error of every answer about objects.
 */
const told: Readonly<Record<IncompleteReason, readonly [ErrorCode, string] | null>> = {
  UPSTREAM_FAILED: ['UPSTREAM_UNAVAILABLE', 'could not be read whole'],
  BUDGET: ['UPSTREAM_BUDGET_EXCEEDED', 'would need more calls than one operation may make; ask for less'],
  TOO_LARGE: [
    'UPSTREAM_BAD_RESPONSE',
    'has more than one answer holds, so that something may be missing; ask for less',
  ],
  UNREADABLE: null,
  LOOK_BACK: ['BAD_USER_INPUT', 'was read as far as limits.lookBackHours goes back, and the filter asks for more'],
  NOT_READ_YET: ['UPSTREAM_TIMEOUT', 'has not been read whole yet; ask again later'],
};

/** The first of these reasons that is one, as an error; `null` where there is none. */
export const errorOfReasons = (upstream: string, reasons: readonly IncompleteReason[]): ReportedError | null => {
  const [first] = reasons.map((reason) => told[reason]).filter((one) => one !== null);
  if (first === undefined) return null;
  const [code, words] = first;
  return { code, message: `Upstream ${upstream} ${words}.`, retryAfterMs: null };
};
