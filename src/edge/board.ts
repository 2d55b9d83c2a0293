import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { jsonOrUndefined } from '../domain/json.js';
import { isMapping } from '../domain/mapping.js';
import { escaped, mark } from './mark.js';
import { type Asset, assetIn, sendAsset, toAsset } from './page-assets.js';
import { sendJson } from './plain-answers.js';
import { refusalBody } from './refusal.js';
import type { Manifest } from './trusted-documents.js';

/** The built board: its files, and the documents that it sends by id. */
interface Board {
  readonly script: Asset;
  readonly style: Asset;
  readonly documents: Manifest;
}

/** The settings that the page needs from its gateway. None is a secret, because anyone may read the page. */
export interface BoardSettings {
  /** Whether requests need a key. If so, the page asks for it first. */
  readonly keyed: boolean;
  readonly sandbox: boolean;
  /** Whether it may link to queries in GraphiQL. */
  readonly graphiql: boolean;
  readonly offsiteLagHours: number;
  readonly lookBackHours: number;
}

const documentsIn = (text: string): Manifest => {
  const data = jsonOrUndefined(text);
  const entries = isMapping(data) ? Object.entries(data) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
};

/** Reads the output of `npm run build:board` in a folder; `null` if there is none. */
export const readBoard = (folder: string): Board | null => {
  try {
    return {
      script: toAsset('board', 'js', readFileSync(`${folder}/board.js`)),
      style: toAsset('board', 'css', readFileSync(`${folder}/board.css`)),
      documents: documentsIn(readFileSync(`${folder}/documents.json`, 'utf8')),
    };
  } catch {
    return null; // the sources were started without building the board
  }
};

/** The same path from `src/edge` and from `dist/edge`. */
const built = fileURLToPath(new URL('../../dist/board', import.meta.url));

let known: Board | null = null;

/** The board of this package, read once per process. */
export const boardOf = (): Board | null => (known ??= readBoard(built));

/** It may run its own script and send requests to this gateway, and nothing more. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Files have relative paths, which work behind any prefix. The settings are data, not a script. */
const pageOf = ({ script, style }: Board, settings: BoardSettings): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>copygraph board${settings.sandbox ? ', sandbox' : ''}</title>
<link rel="icon" href="${escaped(`data:image/svg+xml,${encodeURIComponent(mark)}`)}">
<link rel="stylesheet" href="board/${style.name}">
<script type="module" src="board/${script.name}"></script>
</head>
<body>
<div id="board" data-settings="${escaped(JSON.stringify(settings))}">
<header class="top"><span class="brand">${mark}<b>copygraph</b></span></header>
<noscript><p class="noscript">The board needs JavaScript. The same figures are in the graph, at <code>graphql</code> beside this page.</p></noscript>
</div>
</body>
</html>
`;

const notBuilt = refusalBody('BAD_USER_INPUT', 'Not found. The board is not built: run `npm run build:board`.');

/** The name of a board file in a path; `null` for any other path. `at` is the path of the board, such as `/board`. */
export const boardAssetIn = (path: string, at: string): string | null => assetIn(path, at, 'board');

interface Asked {
  /** A file of the board; `null` means the page. */
  readonly asset: string | null;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Sends the page, or one of its files. */
export const answerBoard = (
  board: Board | null,
  settings: BoardSettings,
  { asset, request, response }: Asked,
): void | Promise<void> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendJson(response, 405, refusalBody('BAD_USER_INPUT', 'The board is a page: read it by GET.'));
  }
  if (board === null) return sendJson(response, 404, notBuilt);
  if (asset !== null) {
    const files = [board.script, board.style];
    return sendAsset(
      files.find(({ name }) => name === asset),
      request,
      response,
    );
  }
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  response.writeHead(200, headers).end(pageOf(board, settings));
};
