import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import type { Plugin } from 'graphql-yoga';
import { refusedRequest } from './refusal.js';

/** A page of another site cannot send any of these unless a preflight has let it. */
const csrfHeaders = ['x-graphql-yoga-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'] as const;

const [usual] = csrfHeaders;

/** Refuses what a browser would send for any page without asking first, such as a link: a query by GET. */
export const useCsrf = (): Plugin => {
  const { onRequestParse } = useCSRFPrevention({ requestHeaders: [...csrfHeaders] });
  return {
    onRequestParse: (payload) => {
      try {
        return onRequestParse?.(payload);
      } catch {
        const message = `Such a request needs a header that no foreign page can send: add \`${usual}: 1\`, or send a POST with \`Content-Type: application/json\`.`;
        throw refusedRequest(403, 'FORBIDDEN', message);
      }
    },
  };
};
