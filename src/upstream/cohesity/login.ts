import { z } from 'zod';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { Policy } from '../../calling/policy.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly domain: string;
}

/** The credentials: a key, or a name and password that are exchanged for a bearer token. */
export type CohesityAuth = { readonly apiKey: string } | Credentials;

export interface LoginOptions {
  readonly upstream: string;
  readonly credentials: Credentials;
  /** The present credentials; `null` if they cannot be read. */
  readonly readAgain: () => Credentials | null;
  readonly policy: Policy;
  readonly now: () => Micros;
  /** `POST /public/accessTokens` with this body; resolves with the parsed answer. */
  readonly send: (body: string, signal: AbortSignal) => Promise<unknown>;
}

/** A bearer token that all calls to one cluster share. */
interface Login {
  /** The `authorization` header; logs in if necessary, once for all callers. */
  authorization(): Promise<string>;
  /** Forgets a refused token, unless another call has logged in again since. */
  forget(used: Promise<string>): void;
}

const WireToken = z.object({ accessToken: z.string().min(1), tokenType: z.string().nullish() });

const bodyOf = ({ username, password, domain }: Credentials): string => JSON.stringify({ username, password, domain });

/** How long a refused password is not sent again: many calls must not lock the account. */
const REFUSED_MICROS = 5_000_000;

/**
 * A token lasts 24 hours, and its end is not reported. Failures other than a refusal are forgotten at once, so that the
 * next call tries again.
 * Source: cohesity.md, "Auth".
 */
export const createLogin = ({ upstream, credentials, readAgain, policy, now, send }: LoginOptions): Login => {
  let body = bodyOf(credentials);
  let login: Promise<string> | null = null;
  let refusal: { readonly error: UpstreamError; readonly until: number } | null = null;

  /** If the password in its file has changed, it is tried at once. */
  const logIn = async (): Promise<string> => {
    try {
      return await logInOnce();
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason !== 'unauthorized') throw error;
      const fresh = readAgain();
      if (fresh === null || bodyOf(fresh) === body) throw error;
      body = bodyOf(fresh);
      return await logInOnce();
    }
  };

  const logInOnce = async (): Promise<string> => {
    const answer = await policy
      .read({}, (signal) => send(body, signal))
      .catch((error: unknown) => {
        throw error instanceof UpstreamError ? asRefusal(error) : error;
      });
    const token = WireToken.safeParse(answer);
    if (!token.success) throw new UpstreamError(upstream, 'malformed', 'the login answered without a token');
    return `${token.data.tokenType ?? 'Bearer'} ${token.data.accessToken}`;
  };

  const asRefusal = (error: UpstreamError): UpstreamError => {
    // Without the login path this is no cluster: the wanted record is not known to be missing.
    if (error.reason === 'notFound') return new UpstreamError(upstream, 'malformed', `no login: ${error.message}`);
    // A wrong password may answer 400 instead of 401.
    if (error.reason === 'rejected') return new UpstreamError(upstream, 'unauthorized', error.message);
    return error;
  };

  return {
    authorization: () => {
      if (login !== null) return login;
      if (refusal !== null && now() < refusal.until) return Promise.reject(refusal.error);
      const attempt = logIn();
      login = attempt;
      attempt.catch((error: unknown) => {
        if (login === attempt) login = null;
        if (error instanceof UpstreamError && error.reason === 'unauthorized') {
          refusal = { error, until: now() + REFUSED_MICROS };
        }
      });
      return attempt;
    },
    forget: (used) => {
      if (login === used) login = null;
    },
  };
};
