import { decodeJwt, decodeProtectedHeader, errors } from 'jose';
import { cleanMessage } from '../domain/message.js';

/**
 * The reasons for refusing a token, for the operator. Callers do not see them, because they would help to forge a
 * better one.
 */
export const refusalReasons = [
  'issuer',
  'audience',
  'client',
  'expired',
  'not_yet',
  'signature',
  'key',
  'shape',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A token of a client that is not on the list. */
export class ClientRefused extends Error {}

const ofClaims: Readonly<Record<string, RefusalReason>> = { iss: 'issuer', aud: 'audience' };

/** Sorts the error of a failed check; any other error means a malformed token. */
export const refusalReasonOf = (error: unknown): RefusalReason => {
  if (error instanceof ClientRefused) return 'client';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWKSNoMatchingKey) return 'key';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed)
    return 'signature';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'shape';
  if (error.claim === 'nbf' && error.reason === 'check_failed') return 'not_yet';
  return ofClaims[error.claim] ?? 'shape';
};

/** The log fields of a refused token. `iss`, `aud` and `kid` come from the token itself, unverified. */
interface RefusedToken {
  readonly reason: RefusalReason;
  readonly kid?: string | undefined;
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
}

/** Receives a refused token's reason. The token itself must never be passed on. */
export type OnRefused = (reason: RefusalReason, token: string) => void;

interface RefusalLogOptions {
  readonly log: (fields: RefusedToken, message: string) => void;
  readonly count: (reason: RefusalReason) => void;
  readonly now: () => number; // in milliseconds
}

const LONGEST_WORD = 200;
const MOST_AUDIENCES = 5;
const SILENCE_MS = 1000; // for one reason, or a flood of tokens would become a flood of lines

const shown = (claim: unknown): string | undefined =>
  typeof claim === 'string' ? cleanMessage(claim)?.slice(0, LONGEST_WORD) : undefined;

const shownList = (claim: unknown): RefusedToken['aud'] =>
  Array.isArray(claim) ? claim.slice(0, MOST_AUDIENCES).flatMap((one: unknown) => shown(one) ?? []) : shown(claim);

const orNothing = <T>(read: () => T): Partial<T> => {
  try {
    return read();
  } catch {
    return {}; // its parts cannot be read
  }
};

/** Counts each refused token, and logs its reason at most once a second. */
export const createRefusalLog = ({ log, count, now }: RefusalLogOptions): OnRefused => {
  const loggedAt = new Map<RefusalReason, number>();
  return (reason, token) => {
    count(reason);
    if (now() - (loggedAt.get(reason) ?? -Infinity) < SILENCE_MS) return;
    loggedAt.set(reason, now());
    const { iss, aud } = orNothing(() => decodeJwt(token));
    const { kid } = orNothing(() => decodeProtectedHeader(token));
    log({ reason, kid: shown(kid), iss: shown(iss), aud: shownList(aud) }, 'a token was refused');
  };
};
