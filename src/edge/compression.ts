import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import compression from 'compression';
import Negotiator from 'negotiator';

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

const packWith = {
  br: (bytes: Buffer) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
} as const;

type Encoding = keyof typeof packWith;

const isEncoding = (name: string | undefined): name is Encoding => name !== undefined && Object.hasOwn(packWith, name);

const packed = new WeakMap<Buffer, Map<Encoding, Promise<Buffer>>>();

/**
 * The bytes of an answer that is sent again and again, in the encoding that the middleware would choose. They are
 * compressed once. `null` if they are too few, or if the caller accepts neither Brotli nor gzip.
 */
export const packOnce = (
  request: Pick<IncomingMessage, 'headers'>,
  bytes: Buffer,
): { readonly encoding: Encoding; readonly bytes: Promise<Buffer> } | null => {
  if (bytes.length < LEAST_BYTES || request.headers['accept-encoding'] === undefined) return null;
  const encoding = new Negotiator(request).encoding(['br', 'gzip', 'deflate', 'identity'], ['br', 'gzip']);
  if (!isEncoding(encoding)) return null;
  const forms = packed.get(bytes) ?? new Map<Encoding, Promise<Buffer>>();
  packed.set(bytes, forms);
  const known = forms.get(encoding) ?? packWith[encoding](bytes);
  forms.set(encoding, known);
  return { encoding, bytes: known };
};
