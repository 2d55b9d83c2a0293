import { mkdirSync, statSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes, dayOf, shortDay } from '../../board/src/format.js';
import { embedSandbox } from '../../src/assembly/embedded.js';
import { type RunningServer, startServer } from '../../src/assembly/server.js';
import { patient } from '../support/patient.js';
import { until } from '../support/until.js';
import { type Opened, barriers, launch, openPage, picture, pictureEach } from './browser.js';

let server: RunningServer;
let closeSandbox: () => Promise<void>;
let browser: Browser;
let opened: Opened;
let page: Page;

beforeAll(async () => {
  const sandbox = await embedSandbox({ env: {} });
  closeSandbox = sandbox.close;
  const { config } = sandbox;
  const limits = { ...config.limits, requestsPerMinute: 1_000_000 };
  const whole = { ...patient(config), limits, server: { ...config.server, port: 0 } };
  server = await startServer(whole, pino({ enabled: false }));
  browser = await launch();
  opened = await openPage(browser, { timezoneId: 'Europe/Berlin' });
  page = opened.page;
  await page.goto(`${server.url}/board`);
  for (const id of ['copying', 'failed', 'objects', 'bytes', 'upstreams', 'failovers'])
    await page.locator(`#${id} .rows li, #${id} .chart, #${id} .empty`).first().waitFor({ timeout: 100_000 });
});

afterAll(async () => {
  await browser?.close();
  await server?.drain(0);
  await closeSandbox?.();
});

/** Asks the graph by itself, and not by the board's own documents. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
const graph = async (query: string, variables: object = {}): Promise<any> => {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  expect(errors).toBeUndefined();
  return data;
};

const figure = (name: string) => page.locator(`[data-figure="${name}"]`).first().innerText();
const since = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

describe('the numbers of the board', () => {
  it('are those of the graph: what copies now', () =>
    until(async () => {
      const { copySummary } = await graph(
        '{ copySummary(filter: { states: [RUNNING, CANCELING] }) { total { count } } }',
      );
      expect(await figure('copying')).toBe(String(copySummary.total.count));
    }, 500));

  it('are those of the graph: what failed, and why', () =>
    until(async () => {
      const { copySummary } = await graph(
        `query ($since: DateTime!) {
           copySummary(filter: { states: [FAILED, PARTIAL], endedAfter: $since }, groupBy: [FAILURE_CATEGORY]) {
             total { count } groups { failureCategory count }
           }
         }`,
        { since: since(24) },
      );
      expect(await figure('failed')).toBe(String(copySummary.total.count));
      for (const { failureCategory, count } of copySummary.groups)
        expect([failureCategory, await figure(`failed-${failureCategory}`)]).toEqual([failureCategory, String(count)]);
    }, 500));

  it('are those of the graph: objects without a recent copy off site', () =>
    until(async () => {
      const { protectedObjects } = await graph(
        `{ protectedObjects(first: 100, filter: { offsiteLagOver: 86400 }, orderBy: { field: OFFSITE_LAG, direction: DESC }) {
             totalCount nodes { name } } }`,
      );
      const { totalCount, nodes } = protectedObjects;
      expect(await figure('objects')).toBe(totalCount === null ? `${nodes.length}+` : String(totalCount));
      const shown = await page.locator('#objects .what b').allInnerTexts();
      expect(shown.length).toBe(7);
      expect(shown).toEqual(nodes.slice(0, 7).map(({ name }: { name: string }) => name));
    }, 500));

  it('are those of the graph: bytes a day by target, in the time zone of the viewer', async () => {
    await page.locator('#bytes summary').click();
    const start = await page.evaluate(() => {
      const now = new Date();
      return new Date(now.getFullYear(), now.getMonth(), now.getDate() - 6).toISOString();
    });
    await until(async () => {
      const { copySummary } = await graph(
        `query ($start: DateTime!) {
           copySummary(filter: { startedAfter: $start }, groupBy: [DAY, TARGET], timeZone: "Europe/Berlin") {
             total { copiedBytes } groups { day target { name } copiedBytes }
           }
         }`,
        { start },
      );
      expect(await figure('bytes')).toBe(bytes(copySummary.total.copiedBytes));
      const days = await page.locator('#bytes thead th').allInnerTexts();
      const [largest = ''] = await page.locator('#bytes tbody th').allInnerTexts();
      const cells = await page.locator('#bytes tbody tr').first().locator('td').allInnerTexts();
      const groups: readonly { day: string; target: { name: string }; copiedBytes: string }[] = copySummary.groups;
      const told = groups.filter(({ target, copiedBytes }) => target?.name === largest && copiedBytes !== null);
      expect(told.length).toBeGreaterThan(4);
      for (const { day, copiedBytes } of told) expect(cells[days.indexOf(shortDay(day)) - 1]).toBe(bytes(copiedBytes));
      expect(days).toHaveLength(8);
      expect(dayOf(new Date(start)).length).toBe(10);
    }, 500);
    await page.locator('#bytes summary').click();
  });

  it('are those of the graph: upstreams', () =>
    until(async () => {
      const { upstreams } = await graph('{ upstreams { name health { status } } }');
      const shown = await page
        .locator('#upstreams li')
        .evaluateAll((rows) =>
          rows.map((row) => [row.getAttribute('data-upstream'), row.querySelector('.badge')?.textContent]),
        );
      expect(upstreams.every(({ health }: { health: { status: string } }) => health.status === 'UP')).toBe(true);
      expect(shown).toEqual(upstreams.map(({ name }: { name: string }) => [name, 'Up']));
    }, 500));
});

describe('from a number to what is behind it', () => {
  it('a category opens its list, a row its copy, a copy its query in GraphiQL', async () => {
    await page.locator('#failed a.category-line').first().click();
    const list = page.locator('.drawer .copy-line');
    await list.first().waitFor();
    const [, category = ''] = /failed=(\w+)/.exec(page.url()) ?? [];
    expect(category).toMatch(/^[A-Z_]+$/);
    await expect.poll(async () => (await list.count()) - Number(await figure(`failed-${category}`))).toBe(0);
    await pictureEach(page, 'list');
    const name = await list.first().locator('b').innerText();
    await list.first().click();
    await page.locator('.drawer dl').waitFor();
    expect(await page.locator('.drawer h2').innerText()).toBe(name);
    await pictureEach(page, 'copy');

    const graphiql = await openPage(browser);
    const href = (await page.locator('.drawer .query a').getAttribute('href')) ?? '';
    await graphiql.page.goto(`${server.url}/${href}`);
    await until(async () => {
      await graphiql.page.getByRole('button', { name: /^Execute query/ }).click({ timeout: 2000 });
      await expect
        .poll(async () => (await graphiql.page.locator('.result-window').innerText()).replaceAll('\u00a0', ' '), {
          timeout: 2000,
        })
        .toContain(`"name": "${name}"`);
    }, 500);
    await picture(graphiql.page, 'graphiql-copy', false);
    await graphiql.close();

    await page.goBack();
    await list.first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await page.locator('.drawer').waitFor({ state: 'hidden' });
  });

  it('is in the address, which may be sent to a colleague', async () => {
    const other = await openPage(browser);
    await other.page.goto(`${server.url}/board?upstream=sandbox-aws&hours=72&failed=ACCESS`);
    await other.page.locator('.drawer .copy-line').first().waitFor({ timeout: 100_000 });
    expect(await other.page.locator('.drawer h2').innerText()).toBe('Access denied, last 3 days');
    expect(await other.page.locator('.filter select').inputValue()).toBe('sandbox-aws');
    expect(await other.page.locator('#failed .choice a[aria-current="true"]').innerText()).toBe('3 days');
    const named = await other.page.locator('.drawer .copy-line small').allInnerTexts();
    expect(named.filter((text) => text.includes('sandbox-cohesity'))).toEqual([]);
    await other.close();
  });

  it('opens an object with its copies, and a bar with the copies of its day', async () => {
    await page.locator('#objects .copy-line').first().click();
    await page.locator('.drawer dl').first().waitFor();
    await pictureEach(page, 'object');
    await page.locator('.drawer nav button').click();
    await page.locator('.layer rect').nth(3).click();
    await page.locator('.drawer .copy-line').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });
});

describe('everybody', () => {
  it('can use it: axe-core finds nothing serious, in light and dark, wide and narrow, list and record', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [390, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        expect([colorScheme, width, await barriers(page)]).toEqual([colorScheme, width, []]);
      }
      await page.locator('#failed a.category-line').first().click();
      await page.locator('.drawer .copy-line').first().waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.locator('.drawer .copy-line').first().click();
      await page.locator('.drawer dl').waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.locator('.drawer').waitFor({ state: 'hidden' });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('reaches all of it by the keyboard, and comes back to where a list was opened', async () => {
    await page.locator('#bytes summary').click();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const marked = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('a[href], button, select, summary, [tabindex="0"]')];
      // The rows of running copies come and go meanwhile. The first of them is checked in place of all.
      const rows = all.filter((one) => one.closest('.window li') !== null);
      const steady = all.filter((one) => !rows.includes(one) && one.checkVisibility());
      steady.forEach((one, index) => (one.dataset['seen'] = String(index)));
      return steady.length;
    });
    expect(marked).toBeGreaterThan(40);
    const reached = new Set<string>();
    for (let press = 0; press < marked + 400 && reached.size < marked; press += 1) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['seen']);
      if (seen !== undefined) reached.add(seen);
    }
    expect(reached.size).toBe(marked);
    await page.locator('#bytes summary').click();

    const category = page.locator('#failed a.category-line').nth(1);
    await category.focus();
    await page.keyboard.press('Enter');
    await page.locator('.drawer .copy-line').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'hidden' });
    await expect.poll(() => category.evaluate((one) => one === document.activeElement)).toBe(true);
  });
});

/** When something is first seen of a page, by the browser's own clock: the least of five loads. */
const firstPaint = async (tried: Page, url: string): Promise<number> => {
  const times: number[] = [];
  for (let load = 0; load < 5; load += 1) {
    await tried.goto(url);
    await until(async () => {
      const paint = await tried.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
      expect(paint).toBeDefined();
      times.push(paint ?? 0);
    });
  }
  return Math.min(...times);
};

/** The pictures that the README and the docs show. */
const takeImages = async (): Promise<void> => {
  mkdirSync('docs/images', { recursive: true });
  const wide = await openPage(browser, { viewport: { width: 1280, height: 860 } });
  await wide.page.goto(`${server.url}/board`);
  for (const place of ['#objects .copy-line', '#upstreams .good', '#bytes .chart', '#copying .running-line'])
    await wide.page.locator(place).first().waitFor();
  await wide.page.screenshot({ path: 'docs/images/board.png' });
  await wide.page.setViewportSize({ width: 1280, height: 640 });
  await wide.page.goto(`${server.url}/graphql`);
  const result = wide.page.locator('.result-window');
  await until(async () => {
    await wide.page.getByRole('button', { name: /^Execute query/ }).click({ timeout: 2000 });
    await expect.poll(() => result.innerText(), { timeout: 2000 }).toContain('copySummary');
  }, 500);
  await wide.page.screenshot({ path: 'docs/images/graphiql.png' });
  await wide.close();
};

describe('the weight of the board', () => {
  it('is at most 300 kB, packed, and a reload takes no file again', async () => {
    const tried = await openPage(browser);
    const devtools = await tried.page.context().newCDPSession(tried.page);
    let sum = 0;
    const files = new Set<string>();
    devtools.on('Network.responseReceived', ({ requestId, response }) => {
      if (/\/board(?:$|\/)/.test(response.url) && !response.fromDiskCache) files.add(requestId);
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (files.has(requestId)) sum += encodedDataLength;
    });
    await devtools.send('Network.enable');
    await tried.page.goto(`${server.url}/board`);
    await tried.page.locator('.tile').first().waitFor();
    const first = sum;
    await tried.page.reload();
    await tried.page.locator('.tile').first().waitFor();
    process.stderr.write(`the board: first load ${first} bytes, reload ${sum - first} bytes\n`);
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThanOrEqual(300_000);
    expect(sum - first).toBeLessThan(3000);
    await tried.close();
  });

  it('lets something be seen about as soon as an empty page', async () => {
    const tried = await openPage(browser);
    const empty = `data:text/html,<!doctype html><title>empty</title><p>x`;
    const least = await firstPaint(tried.page, empty);
    const board = await firstPaint(tried.page, `${server.url}/board`);
    process.stderr.write(
      `first paint: board ${board} ms, empty page ${least} ms, ratio ${(board / least).toFixed(2)}\n`,
    );
    expect(board).toBeGreaterThan(0);
    await tried.close();
  });

  it('has pictures for the docs, which are small, and are taken anew by COPYGRAPH_IMAGES=1', async () => {
    if (process.env['COPYGRAPH_IMAGES'] === '1') await takeImages();
    for (const name of ['board', 'graphiql']) {
      const { size } = statSync(`docs/images/${name}.png`);
      expect(size).toBeGreaterThan(20_000);
      expect(size).toBeLessThanOrEqual(250_000);
    }
  });
});

it('asked nothing outside, and met no fault', async () => {
  await pictureEach(page, 'board');
  expect(opened.outside).toEqual([]);
  expect(opened.faults).toEqual([]);
});
