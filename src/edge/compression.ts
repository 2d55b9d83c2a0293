import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** Below that, packing costs more than it saves. */
const LEAST_BYTES = 1024;

const streamed = /^(?:text\/event-stream|multipart\/mixed)\b/;

const isPackable = (request: IncomingMessage, response: ServerResponse): boolean =>
  request.headers['accept-encoding'] !== undefined && !streamed.test(String(response.getHeader('content-type') ?? ''));

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Express's middleware asks for no more of a request and a response than Node's own have. */
const middleware = compression({
  threshold: LEAST_BYTES,
  filter: (request, response) => isPackable(request, response) && compression.filter(request, response),
}) as Middleware;

/**
 * Packs what is answered, where the caller asks for it, by threads of zlib and not in the event loop. Answers that come bit
 * by bit stay as they are, since packing would hold back their parts.
 */
export const packAnswer = (request: IncomingMessage, response: ServerResponse): void =>
  middleware(request, response, () => undefined);
