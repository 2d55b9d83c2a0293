import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** Below this size, compressing costs more than it saves. */
const LEAST_BYTES = 1024;

const streamed = /^(?:text\/event-stream|multipart\/mixed)\b/;

const isStreamed = (response: ServerResponse): boolean =>
  streamed.test(String(response.getHeader('content-type') ?? ''));

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Express's middleware uses only members that Node's own request and response have. */
const middleware = compression({
  threshold: LEAST_BYTES,
  filter: (request, response) => !isStreamed(response) && compression.filter(request, response),
}) as Middleware;

/**
 * Compresses answers if the caller accepts it, in zlib's threads and not in the event loop. Answers in parts are not
 * compressed, because that would delay their parts.
 */
export const packAnswer = (request: IncomingMessage, response: ServerResponse): void => {
  // The middleware replaces methods of each response, which costs more than a repeated answer.
  if (request.headers['accept-encoding'] !== undefined) middleware(request, response, () => undefined);
};
