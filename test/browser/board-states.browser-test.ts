import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey } from '../support/keys.js';
import { type LiveEstate, ago, copyJob, runWith, startLive, stepwise } from '../support/live.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';
import { barriers, launch, openPage, pictureEach } from './browser.js';

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser.close());

/** The board over doubles whose records a test changes, and a page that has not been led to it yet. */
const start = async (options: LiveEstate = {}) => {
  const live = await startLive({ live: { minSeconds: 0.1, maxSeconds: 0.2 }, graphiql: true, ...options });
  const opened = closing(await openPage(browser));
  return { ...live, ...opened, stop: () => live.close(0), board: live.url.replace(/graphql$/, 'board') };
};

const rows = (page: Page) => page.locator('#copying .running-line');

describe('copying now', () => {
  it('follows a copy, and lets it leave by itself when it has finished', async () => {
    const startedAt = ago(0.1);
    const { page, board, held, faults } = await start();
    held.runs = [runWith(startedAt, 'kRunning', 400)];
    await page.goto(board);
    await rows(page).waitFor();
    const bar = page.getByRole('progressbar');
    expect(await bar.getAttribute('aria-valuenow')).toBe('40');
    expect(await page.locator('[data-figure="copying"]').innerText()).toBe('1');
    held.runs = [runWith(startedAt, 'kRunning', 900)];
    await until(async () => expect(await bar.getAttribute('aria-valuenow')).toBe('90'));
    const ended = { endTimeUsecs: ago(0), stats: { logicalSizeBytes: 1000, logicalBytesTransferred: 1000 } };
    held.runs = [runWith(startedAt, 'kSuccess', 1000, ended)];
    await page.locator('#copying li.ended').getByText('Succeeded').waitFor();
    await page.getByText('Nothing is being copied.').waitFor();
    expect(await rows(page).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('keeps what it knew in view while the connection is lost', async () => {
    const { page, board, held, stop } = await start();
    held.runs = [runWith(ago(0.1), 'kRunning', 400)];
    await page.goto(board);
    await rows(page).waitFor();
    await stop();
    await page.locator('#copying').getByText('Connecting again').waitFor();
    expect(await rows(page).count()).toBe(1); // what was known stays in view
    await page.locator('#copying .problem.stale').getByText('As of').waitFor();
  });
});

describe('an upstream that is killed', () => {
  it('shows within a minute, by the clock of the page', async () => {
    const { page, board, cohesity, held, pending } = await start();
    held.runs = [runWith(ago(0.1), 'kRunning', 400)];
    held.copyJobs = [copyJob('j1', 'RUNNING')];
    await page.clock.install();
    await page.goto(board);
    const upstream = page.locator('[data-upstream="dc-east"] .badge');
    await until(async () => {
      await page.clock.runFor(1000);
      expect(await upstream.innerText()).toBe('Up');
    }, 100);
    await cohesity.close();
    let seconds = 0;
    while ((await upstream.innerText()) !== 'Down' && seconds < 60) {
      await page.clock.runFor(1000);
      seconds += 1;
      await until(() => expect(pending()).toBe(0)); // what the page asked in that second was answered
    }
    expect(await upstream.innerText()).toBe('Down');
    await page.getByRole('alert').getByText('dc-east').waitFor();
    process.stderr.write(`a killed upstream was shown after ${seconds} seconds of the page's clock\n`);
    await until(async () => {
      await page.clock.runFor(1000);
      expect(await page.locator('#failed .notice').innerText()).toContain('dc-east is missing here');
    }, 100);
    await page.getByText('Nothing has failed, as far as could be read.').waitFor();
    await pictureEach(page, 'down');
    expect(await barriers(page)).toEqual([]);
  });
});

describe('a gateway that asks for a key', () => {
  const auth = { apiKeys: [apiKey('board-key', ['copy:read'])] };
  const enter = async (page: Page, key: string): Promise<void> => {
    await page.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
  };
  const stored = (page: Page) =>
    page.evaluate(async () => {
      const kept = [localStorage, sessionStorage].map((one) => Object.entries(one));
      const names = [await caches.keys(), (await indexedDB.databases()).map(({ name }) => name)];
      return JSON.stringify([kept, names, document.cookie, location.href, history.state, window.name]);
    });

  it('is told one before it shows anything, and says so of a wrong one', async () => {
    const { page, board, held } = await start({ auth });
    held.copyJobs = [copyJob('j1', 'RUNNING')];
    await page.goto(board);
    await page.getByText('This board asks for a key').waitFor();
    await pictureEach(page, 'key');
    expect(await barriers(page)).toEqual([]);
    await enter(page, 'wrong key');
    await page.getByRole('alert').getByText('without spaces').waitFor();
    await enter(page, 'another-key');
    await page.getByRole('alert').getByText('That key was not taken.').waitFor();
    await pictureEach(page, 'key-wrong');
    expect(await page.locator('.tile').count()).toBe(0);
    await enter(page, 'board-key');
    await rows(page).waitFor();
  });

  it('finds that key in no storage, and asks again after a reload', async () => {
    const { page, board, held, outside } = await start({ auth });
    held.copyJobs = [copyJob('j1', 'RUNNING')];
    await page.goto(board);
    await enter(page, 'board-key');
    await rows(page).waitFor();
    expect(await stored(page)).not.toContain('board-key');
    expect(await stored(page)).toMatch(/^\[\[\[\],\[\]\],\[\[\],\[\]\],""/);
    expect(await page.content()).not.toContain('board-key');
    await page.getByRole('button', { name: 'Forget key' }).click();
    await page.getByText('This board asks for a key').waitFor();
    await enter(page, 'board-key');
    await rows(page).waitFor();
    await page.reload();
    await page.getByText('This board asks for a key').waitFor();
    expect(outside).toEqual([]);
  });

  it('says which scope a key lacks', async () => {
    const { page, board } = await start({ auth: { apiKeys: [apiKey('press-key', ['failover:execute'])] } });
    await page.goto(board);
    await enter(page, 'press-key');
    await page.locator('#failed .problem').getByText('copy:read').waitFor();
  });
});

describe('a board that stays open', () => {
  it('asks no more than 15 times a minute, and not at all while nobody looks', async () => {
    const { page, board, pending } = await start();
    let asked = 0;
    await page.clock.install();
    await page.goto(board);
    await page.getByText('Nothing has failed.').waitFor();
    await until(async () => {
      await page.clock.runFor(1000);
      expect(await page.locator('[data-upstream="dc-east"] .badge').innerText()).toBe('Up');
    }, 100);
    page.on('request', (request) => void (asked += request.method() === 'POST' ? 1 : 0));
    for (let second = 0; second < 60; second += 5) {
      await page.clock.runFor(5000);
      await until(() => expect(pending()).toBe(0));
    }
    process.stderr.write(`a board that is open asks ${asked} times a minute\n`);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThanOrEqual(15);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    });
    asked = 0;
    await page.clock.runFor(120_000);
    expect(asked).toBe(0);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await until(() => expect(asked).toBeGreaterThanOrEqual(5));
  });
});

describe('the states of the board', () => {
  it('are told while it loads', async () => {
    const { page, board, cohesity } = await start();
    const held = stepwise(cohesity);
    await page.goto(board);
    await page.locator('#failed .loading').waitFor();
    await pictureEach(page, 'loading');
    expect(await barriers(page)).toEqual([]);
    held.release();
    await page.locator('#failed .empty').waitFor();
  });

  it('are told where there is nothing', async () => {
    const { page, board, faults } = await start();
    await page.goto(board);
    for (const text of ['Nothing is being copied.', 'Nothing has failed.', 'Nothing was copied in 7 days.'])
      await page.getByText(text).waitFor();
    await page.getByText('Everything has a recent copy off site.').waitFor();
    await pictureEach(page, 'empty');
    expect(await barriers(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('are told where what is shown is old, since the gateway is gone', async () => {
    const { page, board, held, stop } = await start();
    held.copyJobs = [copyJob('j1', 'FAILED', { CompletionDate: ago(0.5) / 1_000_000, StatusMessage: 'Access denied' })];
    await page.clock.install();
    await page.goto(board);
    await page.locator('[data-figure="failed-ACCESS"]').waitFor();
    await stop();
    await page.clock.fastForward(300_000);
    const stale = page.locator('#failed .problem.stale');
    await stale.waitFor();
    expect(await stale.innerText()).toMatch(/As of 5 min ago\..*The gateway cannot be reached\./s);
    expect(await page.locator('[data-figure="failed-ACCESS"]').innerText()).toBe('1');
    await page.locator('#copying').getByText('Connecting again').waitFor();
    await pictureEach(page, 'stale');
    expect(await barriers(page)).toEqual([]);
  });

  it('hold many rows and long names', async () => {
    const { page, board, held } = await start();
    const long = 'a-resource-with-a-name-that-nobody-would-choose-but-that-a-template-made-'.repeat(3);
    held.copyJobs = Array.from({ length: 600 }, (_, index) =>
      copyJob(`j${index}`, index % 5 === 0 ? 'FAILED' : 'RUNNING', {
        ResourceName: index % 2 === 0 ? `${long}${index}` : `volume-${index}`,
        BackupSizeInBytes: 10 ** (3 + (index % 13)),
        ...(index % 5 === 0 && {
          CompletionDate: ago(0.5) / 1_000_000,
          StatusMessage: `${long} access denied ${long}`,
        }),
      }),
    );
    await page.goto(board);
    await until(async () => expect(await page.locator('[data-figure="copying"]').innerText()).toBe('480'));
    await until(async () => expect(await rows(page).count()).toBe(480));
    await pictureEach(page, 'many');
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.locator('#failed .category-line').first().click();
    await page.locator('.drawer .copy-line').first().waitFor();
    await pictureEach(page, 'many-list');
    expect(await page.locator('.drawer').evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    await page.locator('.drawer .all').click();
    await until(async () => expect(await page.locator('.drawer .copy-line').count()).toBe(120));
  });
});
