import { type JsonWebKey, createPublicKey } from 'node:crypto';
import { type FetchImplementation, createRemoteJWKSet, customFetch, errors } from 'jose';
import { jsonOrUndefined } from '../domain/json.js';
import { isMapping } from '../domain/mapping.js';
import { TokensUncheckable } from './authentication.js';

const TIMEOUT_MS = 5000; // of the key set's server
const KEPT_MS = 600_000; // a key set older than this is read again,
const COOL_DOWN_MS = 30_000; // or one older than this if a token names a key that it lacks
const FAILED_PAUSE_MS = 1000; // after a failure, or a flood of bad tokens would become a flood of requests

/** Fetches a key set, over the network settings of the config. */
export type FetchKeys = (
  url: string,
  options: FetchKeysOptions,
) => Promise<{ status: number; text(): Promise<string> }>;
interface FetchKeysOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

/** Receives the indexes of unreadable keys in a set, from 0. */
export type SkippedKeys = (places: readonly number[]) => void;

/** Whether a public key can be made from it. That fails for a shared secret and for malformed keys. */
const isReadable = (key: unknown): boolean => {
  if (typeof key !== 'object' || key === null) return false;
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' }); // it throws for any other object
    return true;
  } catch {
    return false;
  }
};

/** The text of a key set without its unreadable keys: a single one would spoil the whole set. */
const withoutMalformed = (text: string, onSkipped: SkippedKeys): string => {
  const set = jsonOrUndefined(text);
  if (!isMapping(set) || !Array.isArray(set['keys'])) return text; // its next reader reports the problem
  const keys: readonly unknown[] = set['keys'];
  onSkipped(keys.flatMap((key, place) => (isReadable(key) ? [] : [place])));
  return JSON.stringify({ keys: keys.filter(isReadable) });
};

/** A `fetch` of a key set that, after a failure, fails at once for a moment. */
const createKeySetFetch = (fetchKeys: FetchKeys, onSkipped: SkippedKeys): FetchImplementation => {
  let failedAt = -Infinity;
  let skipped = '';
  const tellOnce: SkippedKeys = (places) => {
    if (places.join() !== skipped && places.length > 0) onSkipped(places);
    skipped = places.join();
  };
  return async (url, { headers, redirect, signal }) => {
    if (performance.now() - failedAt < FAILED_PAUSE_MS) throw new Error('the key set could not be read a moment ago');
    try {
      const response = await fetchKeys(url, { headers: Object.fromEntries(headers), redirect, signal });
      if (response.status !== 200) {
        failedAt = performance.now();
        return new Response(null, { status: response.status });
      }
      return new Response(withoutMalformed(await response.text(), tellOnce), { status: 200 });
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
};

/** The key set at an address, read on first use and cached. */
export const remoteKeys = (jwksUri: string, fetchKeys: FetchKeys, onSkipped: SkippedKeys) =>
  createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: KEPT_MS,
    cooldownDuration: COOL_DOWN_MS,
    [customFetch]: createKeySetFetch(fetchKeys, onSkipped),
  });

const reasonOf = (error: unknown): string => {
  if (error instanceof errors.JWKSTimeout) return `no answer within ${TIMEOUT_MS / 1000} s`;
  // from the library, which quotes neither the URL nor the token
  if (error instanceof errors.JOSEError) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return 'unexpected failure';
  return 'code' in cause && cause.name !== 'ProxyError' ? String(cause.code) : cause.message;
};

/**
 * Reads the key set once, as the first token would, and counts its readable keys. Throws a `TokensUncheckable` with the
 * reason of a failure.
 */
export const countKeys = async (jwksUri: string, fetchKeys: FetchKeys): Promise<number> => {
  const keys = remoteKeys(jwksUri, fetchKeys, () => undefined);
  try {
    await keys.reload();
  } catch (error) {
    throw new TokensUncheckable(`The key set could not be read (${reasonOf(error)}).`, { cause: error });
  }
  const count = keys.jwks()?.keys.length ?? 0;
  if (count === 0) throw new TokensUncheckable('The key set has no keys.');
  return count;
};
