import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { startTwins } from './twins.js';

const key = 'board-key';
const auth = { apiKeys: [apiKey(key, ['copy:read'])] };

/** The headers that Sentry, OpenTelemetry and others add to each request of a page. */
const traces = {
  'sentry-trace': '771a43a4192642f0b136d5159a501700-b4f2f0b8b6f1c2a1-1',
  baggage: 'sentry-environment=test',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=1',
  'x-request-id': 'page-1',
};

/** A page that asks by Apollo Client 4, which says its name and version, and shows what it gets. */
const script = (url: string): string => `
import { ApolloClient, HttpLink, InMemoryCache, gql } from 'apollo-client-4';
const link = new HttpLink({ uri: ${JSON.stringify(url)}, headers: ${JSON.stringify({ ...traces, ...bearer(key) })} });
const clientAwareness = { name: 'board', version: '1.2.3' };
const client = new ApolloClient({ cache: new InMemoryCache(), link, clientAwareness });
client.query({ query: gql\`{ upstreams { name } }\` }).then(
  ({ data }) => (document.title = 'data: ' + data.upstreams.map((upstream) => upstream.name).join()),
  (error) => (document.title = 'error: ' + error.message),
);
`;

/** The page on an origin of its own. The gateway can list that origin only once the page is there. */
const startPage = async () => {
  let text = '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>wait</title><script type="module">${text}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing({ close: async () => void server.close() });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    ask: async (url: string) => {
      const resolveDir = new URL('.', import.meta.url).pathname;
      const { outputFiles } = await build({
        stdin: { contents: script(url), resolveDir },
        bundle: true,
        format: 'esm',
        write: false,
        minify: true,
      });
      text = outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? '';
    },
  };
};

describe('in Chromium, a page with client awareness and tracing headers', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    });
  });
  afterAll(() => browser.close());

  it.each([
    ['of a listed origin gets data', true, /^data: dc-east,dc-west$/],
    ['of another origin gets none', false, /^error: /],
  ])('%s', async (_what, isListed, title) => {
    const page = await startPage();
    const origins = isListed ? [page.origin] : ['https://board.example.com'];
    const { url } = await startTwins({ auth, cors: { origins } });
    await page.ask(url);
    const tab = await browser.newPage();
    await tab.goto(page.origin);
    await tab.waitForFunction(() => document.title !== 'wait');
    expect(await tab.title()).toMatch(title);
    await tab.close();
  });
});
