import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Principal, identityOf } from '../domain/principal.js';
import type { Made } from './answer-store.js';
import type { Arrival } from './arrival.js';
import { packOnce } from './compression.js';
import { createTextCache } from './text-cache.js';

/** How a request was answered from the cache. */
export interface Repeatable {
  readonly edition: string;
  readonly key: string; // of the answer
  readonly operation: string; // the key of its text
  readonly contentType: string;
}

interface Repeated {
  readonly before: Repeatable;
  readonly made: Made;
  readonly principal: Principal; // the caller
}

interface RepeatsOptions {
  readonly edition: () => Promise<string | null>;
  /** The rights of a caller, as text. */
  readonly rightsOf: (principal: Principal) => string;
  /** A cached answer that need not be renewed now. */
  readonly current: (key: string) => Made | null;
}

/** Everything that decides how a request is answered, except for its caller's present limits. */
const formOf = ({ headers }: IncomingMessage): string => `${headers.accept ?? ''}\n${headers['content-type'] ?? ''}`;

/**
 * Requests whose like was answered from the cache: the same body in the same form, from the same caller with the same
 * rights. The answer needs no parsing then. A change of the config begins with none of them.
 */
export const createRepeats = ({ edition, rightsOf, current }: RepeatsOptions) => {
  const known = createTextCache<Repeatable>();

  /** The caller and the identity of a request; `null` if it was or will be refused. */
  const identify = async ({ caller, rateRefusal, text }: Arrival, request: IncomingMessage) => {
    if (rateRefusal !== null || text === undefined) return null;
    const [principal, body] = [await caller, await text.catch(() => null)];
    if (principal === null || body === null) return null;
    return { principal, key: [identityOf(principal), rightsOf(principal), formOf(request), body].join('\n') };
  };

  return {
    note: async (arrival: Arrival, request: IncomingMessage, answer: Repeatable): Promise<void> => {
      const identified = await identify(arrival, request);
      if (identified !== null) known.set(identified.key, answer);
    },
    /** The cached answer to a request whose like was answered before; `null` if there is none. */
    find: async (arrival: Arrival, request: IncomingMessage): Promise<Repeated | null> => {
      const identified = await identify(arrival, request);
      const found = identified === null ? undefined : known.get(identified.key);
      // Redis may have to be asked for the edition, so only for a request that is known.
      if (identified === null || found === undefined || (await edition()) !== found.edition) return null;
      const made = current(found.key);
      return made === null ? null : { before: found, made, principal: identified.principal };
    },
  };
};

/** The age of an answer, in whole seconds. */
export const ageOf = (madeAt: number, now: number): string => String(Math.floor((now - madeAt) / 1000));

/** Sends a cached answer with the headers that it has from Yoga. */
export const sendAnswer = async (
  request: IncomingMessage,
  response: ServerResponse,
  { made: { result }, before: { contentType } }: Repeated,
  age: string,
): Promise<void> => {
  const packed = packOnce(request, result.stringify());
  const bytes = (await packed?.bytes) ?? result.stringify();
  if (packed !== null) response.setHeader('content-encoding', packed.encoding);
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', bytes.length);
  response.setHeader('age', age);
  response.end(bytes);
};
