import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** Below this size, compressing costs more than it saves. */
const LEAST_BYTES = 1024;

const streamed = /^(?:text\/event-stream|multipart\/mixed)\b/;

const isPackable = (request: IncomingMessage, response: ServerResponse): boolean =>
  request.headers['accept-encoding'] !== undefined && !streamed.test(String(response.getHeader('content-type') ?? ''));

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Express's middleware uses only members that Node's own request and response have. */
const middleware = compression({
  threshold: LEAST_BYTES,
  filter: (request, response) => isPackable(request, response) && compression.filter(request, response),
}) as Middleware;

/**
 * Compresses answers if the caller accepts it, in zlib's threads and not in the event loop. Answers in parts are not
 * compressed, because that would delay their parts.
 */
export const packAnswer = (request: IncomingMessage, response: ServerResponse): void =>
  middleware(request, response, () => undefined);
