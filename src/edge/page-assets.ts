import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file of a page. Its name changes with its content. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

/** A script or style sheet of a page. */
export const toAsset = (page: string, kind: keyof typeof types, bytes: Buffer): Asset => {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { name: `${page}-${hash}.${kind}`, type: types[kind], bytes };
};

const pack = {
  br: (bytes: Buffer): Promise<Buffer> =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes),
};

type Packing = keyof typeof pack;

const packed = new Map<string, Promise<Buffer>>();

/** Compressed once, in zlib's threads. */
const packedBytes = ({ name, bytes }: Asset, packing: Packing): Promise<Buffer> => {
  const key = `${packing} ${name}`;
  const known = packed.get(key) ?? pack[packing](bytes);
  packed.set(key, known);
  return known;
};

const packingFor = ({ headers }: IncomingMessage): Packing | null => {
  const accepted = String(headers['accept-encoding'] ?? '');
  return (
    (['br', 'gzip'] as const).find((one) => new RegExp(`(?:^|[ ,])${one}(?!\\s*;\\s*q=0(?:$|[ ,]))`).test(accepted)) ??
    null
  );
};

/** The name of a file in a path below its page; `null` for any other path. */
export const assetIn = (path: string, folder: string, page: string): string | null => {
  const start = `${folder}/${page}-`;
  const isAsset = path.startsWith(start) && /^[\da-f]{16}\.(?:js|css)$/.test(path.slice(start.length));
  return isAsset ? path.slice(folder.length + 1) : null;
};

/** Sends a file, which browsers may cache for ever. Files of other versions of the page are not found. */
export const sendAsset = async (
  asset: Asset | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (asset === undefined) return void response.writeHead(404).end();
  const packing = packingFor(request);
  const bytes = packing === null ? asset.bytes : await packedBytes(asset, packing);
  response.writeHead(200, {
    'content-type': asset.type,
    'content-length': bytes.length,
    ...(packing !== null && { 'content-encoding': packing }),
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  response.end(bytes);
};
