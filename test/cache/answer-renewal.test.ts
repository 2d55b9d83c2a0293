import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HOUR, NOW } from '../support/estates.js';
import { type Gated, type UnderWay, startGated } from '../support/gated.js';
import { parseMetrics } from '../support/metrics.js';

/** Twenty past three. */
const TODAY = NOW + HOUR / 3;
const cache = { listSeconds: 5, answerSeconds: 1 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

/** Resolves when a check is true; the clock does not go on meanwhile, as it does in `until`. */
const whenTrue = async (check: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await check())) await turn();
};

/** The number of queries so far, by how they were answered. */
const countsOf = async ({ url }: Gated) => {
  const value = parseMetrics(await (await fetch(url.replace(/graphql$/, 'metrics'))).text());
  const of = (result: string) => value('copygraph_answers_total', { result }) ?? 0;
  return { executed: of('executed'), joined: of('joined'), kept: of('kept') };
};

/** Sends a query, and waits until the gateway has counted it. */
const ask = async (gated: Gated, query: string): Promise<UnderWay> => {
  const all = async () => Object.values(await countsOf(gated)).reduce((sum, one) => sum + one);
  const before = await all();
  const asked = gated.ask(query);
  await whenTrue(async () => (await all()) === before + 1);
  return asked;
};

/**
 * Asks every tenth of a second. Whenever that makes the gateway ask an upstream, another caller asks before the
 * upstream has answered. Returns the tenths of a second at which an upstream was asked.
 */
const askFor = async (gated: Gated, seconds: number, query: string, calls: () => number): Promise<number[]> => {
  const called: number[] = [];
  for (let tenth = 1; tenth <= seconds * 10; tenth += 1) {
    vi.setSystemTime(TODAY / 1000 + tenth * 100);
    const before = calls();
    let isAnswered = false;
    const { answer: first } = await ask(gated, query);
    void first.finally(() => (isAnswered = true));
    await whenTrue(() => isAnswered || calls() > before);
    if (calls() > before) {
      called.push(tenth);
      const { answer: second } = await ask(gated, query);
      gated.releaseOne();
      expect(await second).toMatchObject({ errors: [] });
    }
    expect(await first).toMatchObject({ errors: [] });
  }
  return called;
};

it.each([
  ['a cluster', '{ copyRuns { totalCount } }', ({ cohesity }: Gated) => cohesity.seen.length],
  ['AWS', '{ copyJobs { totalCount } }', ({ aws }: Gated) => aws.seen.length],
])('a list of %s that is asked for all the time is read before it expires, and nobody waits', async (...given) => {
  const [, query, callsOf] = given;
  const gated = await startGated({ cache });
  const learned = gated.ask(query);
  await whenTrue(() => callsOf(gated) === 1);
  gated.releaseOne();
  await learned.answer;
  const called = await askFor(gated, 10, query, () => callsOf(gated));
  expect((await countsOf(gated)).joined).toBe(0);
  const pauses = called.map((tenth, place) => tenth - (called[place - 1] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(45); // of fifty that a list is valid
  expect(called).toHaveLength(2);
});
