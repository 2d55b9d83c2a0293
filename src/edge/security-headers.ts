import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Plugin } from 'graphql-yoga';
import helmet from 'helmet';

const nothing = ["'none'"];

/**
 * For answers that are not pages: they may load and run nothing, and cannot be framed. HTTPS is the task of whoever
 * ends TLS.
 */
const middleware = helmet({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: nothing, frameAncestors: nothing } },
  xFrameOptions: { action: 'deny' },
  strictTransportSecurity: false,
});

/** The same for every request, so they are worked out once. */
const headers = (() => {
  const sample = new ServerResponse(new IncomingMessage(new Socket()));
  middleware(sample.req, sample, () => undefined);
  sample.setHeader('cache-control', 'no-store');
  return sample.getHeaderNames().map((name) => [name, String(sample.getHeader(name))] as const);
})();

/** Sets the headers of every answer, and forbids caching. An answer may set its own instead. */
export const setSecurityHeaders = (response: ServerResponse): void => {
  for (const [name, value] of headers) response.setHeader(name, value);
};

const streamed = /^(?:text\/event-stream|multipart\/mixed)\b/;

/** For answers in parts: no proxy may buffer them, and no cache may store them, which Yoga would allow. */
export const useStreamHeaders = (): Plugin => ({
  onResponse: ({ response: { headers } }) => {
    if (headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (streamed.test(headers.get('content-type') ?? '')) headers.set('x-accel-buffering', 'no');
  },
});
