import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Principal } from '../domain/principal.js';

/**
 * The facts about a POST that were found before Yoga saw it. Plugins use them instead of finding them again. For an
 * absent one, its plugin makes the refusal.
 */
export interface Arrival {
  /** `null` for an unknown caller. Rejects if a token cannot be checked. */
  readonly caller: Promise<Principal | null>;
  readonly rateRefusal?: GraphQLError | null;
  /** The text of the body. Rejects with the refusal of an unreadable one. */
  readonly text?: Promise<string>;
  /** When its text was read, by `performance.now()`. Then it waited for its turn; one that did not wait has none. */
  readonly at?: number;
}

/** The context that Yoga's plugins get with a request over HTTP. */
export interface Arrived {
  readonly arrival?: Arrival;
}

/** The headers of a request, in the form that our plugins read. */
export const headersOf = ({ headers }: IncomingMessage): Pick<Headers, 'get' | 'has'> => {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  };
  return { get, has: (name) => get(name) !== null };
};
