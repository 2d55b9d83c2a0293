import { decodeJwt, decodeProtectedHeader, errors } from 'jose';
import { cleanMessage } from '../domain/message.js';

/** Why a token is no good, for the operator. A caller is not told: it would say how to make a better one. */
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

/** A token of another client than those that are let in. */
export class ClientRefused extends Error {}

const ofClaims: Readonly<Record<string, RefusalReason>> = { iss: 'issuer', aud: 'audience' };

/** The class of a failed check; what is neither of these is not a token as it should be. */
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

/** What the log says of a refused token. `iss`, `aud` and `kid` are the token's own words, which nobody has vouched for. */
interface RefusedToken {
  readonly reason: RefusalReason;
  readonly kid?: string | undefined;
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
}

/** Told of a refused token; the token itself is never passed on. */
export type OnRefused = (reason: RefusalReason, token: string) => void;

interface RefusalLogOptions {
  readonly log: (fields: RefusedToken, message: string) => void;
  readonly count: (reason: RefusalReason) => void;
  readonly now: () => number; // in milliseconds
}

const LONGEST_WORD = 200;
const MOST_AUDIENCES = 5;
const SILENCE_MS = 1000; // of one reason: a flood of tokens must not be one of lines

const shown = (claim: unknown): string | undefined =>
  typeof claim === 'string' ? cleanMessage(claim)?.slice(0, LONGEST_WORD) : undefined;

const shownList = (claim: unknown): RefusedToken['aud'] =>
  Array.isArray(claim) ? claim.slice(0, MOST_AUDIENCES).flatMap((one: unknown) => shown(one) ?? []) : shown(claim);

const orNothing = <T>(read: () => T): Partial<T> => {
  try {
    return read();
  } catch {
    return {}; // of no shape that could be read
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
