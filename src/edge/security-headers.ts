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

const streamed = /^(?:text\/event-stream|multipart\/mixed)\b/;

/** For answers that come bit by bit: no proxy may hold them back, and nobody may keep them, as Yoga would let them. */
export const useStreamHeaders = (): Plugin => ({
  onResponse: ({ response: { headers } }) => {
    if (headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (streamed.test(headers.get('content-type') ?? '')) headers.set('x-accel-buffering', 'no');
  },
});
