import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file of the page, under a name that changes with what is in it. */
interface Asset {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The page's own files. */
interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

/** Where the page's own script ends, and the call begins that has the options of a gateway. */
const START = 'YogaGraphiQL.renderYogaGraphiQL(';

/** The page has one panel beside the documentation; this is where its script lists it, and where GraphiQL's History is. */
const PANELS = /plugins:\[(\w+)\],schemaDescription/;
const HISTORY = /\b(\w+)=\{title:"History",icon:/;

/** Puts the History panel beside the one that the page has. Stays as it is where a new version is written otherwise. */
const withHistory = (script: string): string => {
  const panel = HISTORY.exec(script)?.[1];
  return panel === undefined ? script : script.replace(PANELS, `plugins:[$1,${panel}],schemaDescription`);
};

const toAsset = (kind: 'js' | 'css', text: string): Asset => {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const type = kind === 'js' ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8';
  return { name: `graphiql-${hash}.${kind}`, type, bytes };
};

const between = (text: string, start: string, end: string): string => {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
};

const read = async (): Promise<Assets> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql'); // large, so loaded when first asked for
  const page = renderGraphiQL({});
  return {
    script: toAsset('js', withHistory(between(page, '<script>', START))),
    style: toAsset('css', between(page, '<style>', '</style>')),
  };
};

let assets: Promise<Assets> | null = null;

/** The files, read once in a process: they are those of the package. */
export const graphiqlAssets = (): Promise<Assets> => (assets ??= read());

const pack = {
  br: (bytes: Buffer): Promise<Buffer> =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes: Buffer): Promise<Buffer> => promisify(gzip)(bytes),
};

type Packing = keyof typeof pack;

const packed = new Map<string, Promise<Buffer>>();

/** Packed once, by zlib's threads. */
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

/** The name of a file of the page, in a path below that of the graph; `null` for any other path. */
export const assetIn = (path: string, endpoint: string): string | null =>
  path.startsWith(`${endpoint}/`)
    ? (/^graphiql-[\da-f]{16}\.(?:js|css)$/.exec(path.slice(endpoint.length + 1))?.[0] ?? null)
    : null;

/** Sends a file, which a browser may keep for ever. One of another version of the page is not there any more. */
export const sendAsset = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { script, style } = await graphiqlAssets();
  const asset = [script, style].find((one) => one.name === name);
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
