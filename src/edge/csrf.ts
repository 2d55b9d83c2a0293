import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import type { Plugin } from 'graphql-yoga';
import { refusedRequest } from './refusal.js';

/** A page of another site cannot send these headers without a preflight. */
const csrfHeaders = ['x-graphql-yoga-csrf', 'apollo-require-preflight', 'x-apollo-operation-name'] as const;

const [usual] = csrfHeaders;

/** Refuses requests that a browser sends for any page without a preflight, such as a link: a query by GET. */
export const useCsrf = (): Plugin => {
  const { onRequestParse } = useCSRFPrevention({ requestHeaders: [...csrfHeaders] });
  return {
    onRequestParse: (payload) => {
      try {
        return onRequestParse?.(payload);
      } catch {
        const message = `This request needs a header that pages of other sites cannot send: add \`${usual}: 1\`, or send a POST with \`Content-Type: application/json\`.`;
        throw refusedRequest(403, 'FORBIDDEN', message);
      }
    },
  };
};
