/** The reason why a mutation did nothing. */
export type RefusalCode =
  | 'BAD_USER_INPUT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'REJECTED_BY_CLUSTER'
  | 'LOCK_UNAVAILABLE'
  | 'AUDIT_UNAVAILABLE'
  | 'PLAN_REQUIRED'
  | 'OTHER_SYSTEM'
  | 'NOT_FOUND'
  | 'NOT_RETRYABLE'
  | 'NOT_POSSIBLE'
  | 'CONFIRMATION_REQUIRED'
  | 'AGE_UNKNOWN'
  | 'NOT_CANCELABLE'
  | 'UNCONFIRMED';

/** A refusal that a caller can act on. It is data, not an error. */
export interface Refusal<Name extends string> {
  readonly __typename: Name;
  readonly message: string;
  readonly code: RefusalCode;
  readonly path: readonly string[]; // the argument it is about; empty if it is about none
  readonly errorCode: string | null; // the vendor's own code, if the vendor refused
}

export const refusal = <Name extends string>(
  name: Name,
  code: RefusalCode,
  message: string,
  { path = [], errorCode = null }: { readonly path?: readonly string[]; readonly errorCode?: string | null } = {},
): Refusal<Name> => ({ __typename: name, message, code, path, errorCode });
