import type { FailoverCheckName } from '../domain/failover-result.js';
import type { RefusalCode } from '../domain/refusal.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { type Finding, CannotTellError, bad, good, unread } from './finding.js';

/** One check before a step, and its refusal if it fails. */
export interface Look {
  readonly name: FailoverCheckName;
  readonly code: RefusalCode;
  readonly path: readonly string[];
  find(): Promise<Finding & { readonly code?: RefusalCode }>;
}

export const look = (
  name: FailoverCheckName,
  find: Look['find'],
  code: RefusalCode = 'NOT_POSSIBLE',
  member: string | null = null,
): Look => ({ name, code, path: member === null ? [] : ['input', member], find });

/** The check that a person has typed the name of the thing. */
export const nameConfirmed = (thing: string, name: string | null, confirmName: string | null): Finding => {
  if (name === null) return bad(`The name of the ${thing} is not known, so it cannot be confirmed.`);
  return confirmName === name
    ? good(`confirmName is the name of the ${thing}.`)
    : bad(`confirmName must be the name of the ${thing}, letter by letter.`);
};

/** The check that a person accepts the loss of the data since then; `age` in seconds, `null` if not measurable. */
export const dataLossAccepted = (
  age: number | null,
  accepted: number | null,
  since: string,
): Finding & { readonly code?: RefusalCode } => {
  if (age === null)
    return {
      ...bad('The age of the data here cannot be measured: no good run of the group is listed, or the clocks differ.'),
      code: 'AGE_UNKNOWN',
    };
  return accepted !== null && accepted >= age
    ? good(`The data here are ${age} seconds old, ${since}.`)
    : bad(`The data here are ${age} seconds old, ${since}: acceptDataLossSeconds must be at least as much.`);
};

/** The time that the age of data counts from, where a good run is what they are. */
export const SINCE_RUN = 'since the newest good run here began';

/** The finding of a check whose read failed; a bug of ours is thrown. */
export const orUnread = (error: unknown): Finding => {
  if (error instanceof UpstreamError) return unread(error);
  if (error instanceof CannotTellError) return bad(error.message);
  throw error;
};
