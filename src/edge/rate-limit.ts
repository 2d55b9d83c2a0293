import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Principal, identityOf } from '../domain/principal.js';
import { comeAgain } from './refusal.js';

interface RateLimitOptions {
  /** Takes one operation of whoever is so named: 0 where it may run now, else the milliseconds to wait. Never rejects. */
  readonly take: (principal: string) => Promise<number>;
  readonly principalOf: (request: Request) => Principal;
  readonly onRejected: () => void;
}

/** How often each principal may ask, over every transport. */
export interface RateLimit {
  /** Counts one operation; where it is one too many, says so. */
  refusalOf(principal: Principal): Promise<GraphQLError | null>;
  /** Refuses requests before anything of them is read. To stand behind what tells who asks. */
  readonly plugin: Plugin;
}

export const createRateLimit = ({ take, principalOf, onRejected }: RateLimitOptions): RateLimit => {
  const refusalOf = async (principal: Principal): Promise<GraphQLError | null> => {
    const waitMs = await take(identityOf(principal));
    if (waitMs === 0) return null;
    onRejected();
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const message = `You ask more often than limits.requestsPerMinute allows; ask again in ${seconds} s.`;
    return comeAgain(429, message, waitMs);
  };
  return {
    refusalOf,
    plugin: {
      onRequestParse: async ({ request }) => {
        const refusal = await refusalOf(principalOf(request));
        if (refusal !== null) throw refusal;
      },
    },
  };
};
