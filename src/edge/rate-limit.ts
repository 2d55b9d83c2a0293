import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Principal, identityOf } from '../domain/principal.js';
import type { Arrived } from './arrival.js';
import { comeAgain } from './refusal.js';

interface RateLimitOptions {
  /** Counts one operation of that principal: 0 if it may run now, otherwise the milliseconds to wait. Never rejects. */
  readonly take: (principal: string) => Promise<number>;
  readonly principalOf: (request: Request) => Principal;
  readonly onRejected: () => void;
}

/** Limits the operations of each principal, over every transport. */
export interface RateLimit {
  /** Counts one operation; returns the refusal if it is one too many. */
  refusalOf(principal: Principal): Promise<GraphQLError | null>;
  /** Refuses requests before their body is read. Must come after authentication. */
  readonly plugin: Plugin<object, Arrived>;
}

export const createRateLimit = ({ take, principalOf, onRejected }: RateLimitOptions): RateLimit => {
  const refusalOf = async (principal: Principal): Promise<GraphQLError | null> => {
    const waitMs = await take(identityOf(principal));
    if (waitMs === 0) return null;
    onRejected();
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const message = `You send more requests than limits.requestsPerMinute allows; try again in ${seconds} s.`;
    return comeAgain(429, message, waitMs);
  };
  return {
    refusalOf,
    plugin: {
      onRequestParse: async ({ request, serverContext: { arrival } }) => {
        const counted = arrival?.rateRefusal;
        const refusal = counted === undefined ? await refusalOf(principalOf(request)) : counted;
        if (refusal !== null) throw refusal;
      },
    },
  };
};
