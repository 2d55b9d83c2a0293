import { afterEach, beforeEach, expect, vi } from 'vitest';
import { copyOf, runOf } from './estate.js';
import { HOUR, NOW } from './estates.js';
import { parseMetrics } from './metrics.js';
import { type Served, type ServedEstate, serve } from './served.js';
import { until } from './until.js';
import { secret, startWebhook } from './webhook.js';

export const MINUTE = HOUR / 60;

/** Time as a test sets it, for all tests of a file. */
export const setTime = (): void => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
  afterEach(() => void vi.useRealTimers());
};

export const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);
export const now = (): number => Date.now() * 1000;

export const scrape = async ({ url }: Pick<Served, 'url'>) =>
  parseMetrics(await (await fetch(new URL('/metrics', url))).text());

/** Resolves after a poll that began after this call has ended. */
export const afterLook = (served: Pick<Served, 'url'>, upstream = 'dc-east') =>
  until(async () => {
    const value = await scrape(served);
    expect(value('copygraph_index_age_seconds', { upstream })).toBeLessThan(10);
    return value;
  }, 20);

/** Resolves after several more polls. */
export const afterLooks = async (served: Pick<Served, 'url'>, times = 3): Promise<void> => {
  for (let n = 0; n < times; n += 1) {
    pass(10_000_000);
    await afterLook(served);
  }
};

export const watch = { seconds: 0.05, stalledMinutes: 60, offsiteLagHours: 24 };
export const running = { status: 'kRunning', sizeBytes: 1000 };
export const failedAt = (at: number) => ({ status: 'kFailure', endedAt: at, error: 'No space left on the target' });

export type Runs = NonNullable<ServedEstate['clusters']>[string];

/** A gateway that notifies one webhook, by a rule for each of `rules`. */
export const play = async (
  runs: Runs,
  { rules = [{}], ...more }: Partial<ServedEstate> & { readonly rules?: readonly object[] } = {},
) => {
  const webhook = await startWebhook();
  const notify = rules.map((rule) => ({ secret, url: webhook.url, ...rule }));
  const served = await serve({ cache: {}, watch, clusters: { 'dc-east': runs }, ...more, notify });
  const count = async (result: string, name = 'ops', at: Pick<Served, 'url'> = served) =>
    (await scrape(at))('copygraph_notifications_total', { name, result });
  return { webhook, served, count };
};

/** Lets the copies of a run fail that went on. */
export const fail = (runs: Runs, n: number): void => {
  const at = runs.findIndex(({ copies = [] }) => copies.some(({ taskId }) => taskId === n));
  (runs as unknown[]).splice(at, 1, runOf(1, NOW - n * HOUR, { copies: [copyOf(n, failedAt(now()))] }));
};

export const goingOn = (count: number): Runs =>
  Array.from({ length: count }, (_, n) => runOf(1, NOW - (n + 1) * HOUR, { copies: [copyOf(n + 1, running)] }));
