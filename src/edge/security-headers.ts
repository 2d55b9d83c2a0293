import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import helmet from 'helmet';

const nothing = ["'none'"];

/** For answers that are no page: nothing in them may load, run or be framed. HTTPS is the business of who ends TLS. */
const middleware = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: nothing, frameAncestors: nothing } },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
});

/** Sets them for whatever is answered, and that it is kept nowhere. An answer may have its own instead. */
export const setSecurityHeaders = (request: IncomingMessage, response: ServerResponse): void => {
  middleware(request, response, () => undefined);
  response.setHeader('cache-control', 'no-store');
};

/** Yoga would let event streams be stored. */
export const useNoStore = (): Plugin => ({
  onResponse: ({ response: { headers } }) => {
    if (headers.has('cache-control')) headers.set('cache-control', 'no-store');
  },
});
