import { createHash } from 'node:crypto';
import { type GraphiQLOptions, type Plugin, shouldRenderGraphiQL } from 'graphql-yoga';
import { type Micros, hourOf } from '../domain/micros.js';
import { readExamples } from './examples.js';
import { graphiqlAssets } from './graphiql-assets.js';
import { escaped, mark } from './mark.js';

interface GraphiqlOptions {
  /** Whether the data come from the sandbox; the title says so. */
  readonly sandbox: boolean;
  /** Whether requests need a key. If so, the page opens with a field for it, and instructions. */
  readonly keyed: boolean;
  readonly now: () => Micros;
}

/** Each tab has its own headers, only in memory, so that no key stays in the browser. */
const keyHeaders = JSON.stringify({ authorization: 'Bearer ' }, null, 2);
const keyHint = `# This gateway asks for a key: put it after
# "Bearer" in Headers below, in each tab that
# you use. The round arrow at the lower left
# then loads the documentation.
#
`;

const tabsOf = ({ keyed, now }: GraphiqlOptions): NonNullable<GraphiQLOptions['defaultTabs']> =>
  readExamples(now()).map((query, index) => {
    if (!keyed) return { query };
    return { query: index === 0 ? `${keyHint}${query}` : query, headers: keyHeaders };
  });

/** The initial state of GraphiQL: the examples in its tabs. */
const optionsOf = (options: GraphiqlOptions): GraphiQLOptions => ({
  title: options.sandbox ? 'copygraph, sandbox' : 'copygraph',
  logo: mark,
  favicon: `data:image/svg+xml,${encodeURIComponent(mark)}`,
  defaultTabs: tabsOf(options),
  ...(options.keyed && { defaultHeaders: keyHeaders }),
  shouldPersistHeaders: false,
  method: 'POST', // for subscriptions too: a GET would need a header against forgery
  defaultEditorToolsVisibility: options.keyed && 'headers', // the examples need no variables; the room is for the query
});

/** A tab keeps the offset of its start position, jumps to it when pressed, and so moves away from the pointer. */
const style = '.graphiql-tab{transform:none!important}';

/**
 * Keeps headers out of GraphiQL's browser storage: its History would store those of each query. Headers stored by an
 * earlier version are removed too.
 */
const keepNoHeaders = `
  const withoutHeaders = (key, text) => {
    if (/:headers$/.test(key)) return '';
    try { return JSON.stringify(JSON.parse(text, (name, value) => (name === 'headers' ? undefined : value))); }
    catch { return text; }
  };
  const storage = {
    get length() { return localStorage.length; },
    getItem: (key) => localStorage.getItem(key),
    setItem: (key, text) => localStorage.setItem(key, withoutHeaders(key, text)),
    removeItem: (key) => localStorage.removeItem(key),
    clear: () => localStorage.clear(),
  };
  for (const key of Object.keys(localStorage))
    if (key.startsWith('graphiql:')) storage.setItem(key, localStorage.getItem(key));
`;

/**
 * A link with a query and variables, such as the board's, opens its own tab, before the others on a first visit. The
 * variables are then removed from the address, because later edits would not appear there.
 */
const openWhatIsLinked = `
  const linked = new URL(location.href);
  const [query, variables] = ['query', 'variables'].map((name) => linked.searchParams.get(name));
  if (query !== null && variables !== null) {
    options.variables = variables;
    options.defaultTabs.unshift({ query, variables, headers: options.defaultHeaders });
    linked.searchParams.delete('variables');
    history.replaceState(null, '', linked);
  }
`;

/** Data inside a script, without any character that could end the tag. */
const inScript = (data: object): string => JSON.stringify(data).replaceAll('<', '\\u003c');

interface Page {
  readonly html: Uint8Array<ArrayBuffer>;
  /** The page may run its own scripts, whose workers start from blobs, and send requests to this gateway. */
  readonly policy: string;
}

/**
 * The page with its own scripts, so that it works without internet access. Paths are relative, and work behind any
 * prefix. It is rendered again each hour, because its examples contain times.
 */
const renderPage = async (options: GraphiqlOptions): Promise<Page> => {
  const { script: file, style: sheet } = await graphiqlAssets();
  const { title = '', favicon = '', ...rest } = optionsOf(options);
  const start = `{${keepNoHeaders}
  const options = ${inScript({ title, ...rest })};${openWhatIsLinked}
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...options, storage });
}`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<link rel="icon" href="${escaped(favicon)}">
<link rel="stylesheet" href="graphql/${sheet.name}">
<style>${style}</style>
</head>
<body id="body" class="no-focus-outline">
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script src="graphql/${file.name}"></script>
<script>${start}</script>
</body>
</html>
`;
  const own = `'sha256-${createHash('sha256').update(start).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${own}`,
    `script-src-elem 'self' ${own}`, // a fixed script of ours, without any input
    'worker-src blob:',
    "style-src 'self' 'unsafe-inline'", // its editor creates styles at run time
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html: new TextEncoder().encode(html), policy };
};

/** Answers a browser with GraphiQL, whatever the request, before anything of it is parsed. */
export const useGraphiqlPage = (options: GraphiqlOptions): Plugin => {
  let made: { readonly hour: number; readonly page: Promise<Page> } | null = null;
  return {
    onRequest: ({ request, fetchAPI, endResponse }) => {
      if (!shouldRenderGraphiQL(request)) return undefined;
      const hour = hourOf(options.now());
      if (made?.hour !== hour) made = { hour, page: renderPage(options) };
      return made.page.then(({ html, policy }) => {
        const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
        endResponse(new fetchAPI.Response(html, { headers }));
      });
    },
  };
};
