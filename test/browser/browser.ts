import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

/** The folder that receives pictures of the pages for a person to see, where it is set. */
const pictures = process.env['COPYGRAPH_SCREENSHOTS'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The browser named by `CHROMIUM`, or Debian's. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });

/** A page of its own context, and what went wrong in it. */
export interface Opened {
  readonly page: Page;
  /** Errors of scripts and of the console, what its policy refused included. */
  readonly faults: readonly string[];
  /** The requests that the page sent to other machines than this one. */
  readonly outside: readonly string[];
  /** How many requests are under way, streams aside. */
  readonly pending: () => number;
  readonly close: () => Promise<void>;
}

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  const outside: string[] = [];
  const asked = new Set<unknown>();
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'data:' && hostname !== '127.0.0.1') outside.push(request.url());
    if (!(request.headers()['accept'] ?? '').includes('event-stream')) asked.add(request);
  });
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  return { page, faults, outside, pending: () => asked.size, close: () => context.close() };
};

/** Keeps a picture, where they are asked for. */
export const picture = async (page: Page, name: string, fullPage = true): Promise<void> => {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage });
};

/** In light and dark at three widths. */
export const pictureEach = async (page: Page, name: string): Promise<void> => {
  if (pictures === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await picture(page, `${name}-${colorScheme}-${width}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
};

/** The faults found by axe-core that keep somebody from using the page. */
export const barriers = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as {
      readonly axe: {
        run(): Promise<{
          readonly violations: readonly {
            readonly id: string;
            readonly impact: string;
            readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
          }[];
        }>;
      };
    }; // the script above sets it
    const { violations } = await loaded.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
      );
  });
};
