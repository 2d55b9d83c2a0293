import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { runs } from '../support/runs.js';
import { type Served, serve } from '../support/served.js';

const MINUTE = HOUR / 60;
/** Twenty past three, so that runs and jobs of three hours can still change. */
const TODAY = NOW + 20 * MINUTE;
const LIST_SECONDS = 5;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const clusters = {
  'dc-east': [
    ...[7, 8].map((job) => runOf(job, TODAY - job * 10 * MINUTE)),
    // Each run is read again after a sixtieth of its age, or with others of its hour.
    ...[1, 10, 30, 120].map((minutes) => {
      const copies = [copyOf(1, { status: 'kRunning' })];
      return runOf(minutes, TODAY - minutes * MINUTE, { endedAt: null, copies });
    }),
  ],
};
const endpoints = { 'aws-prod': [jobOf('running', TODAY - 2 * HOUR), jobOf('new', TODAY - MINUTE)] };

interface Page {
  readonly nodes: readonly { readonly state: string; readonly observedAt: string; readonly startedAt: string }[];
}

const fields = 'nodes { state observedAt startedAt }';
const queries = [
  `{ list: copyRuns { ${fields} } }`,
  `{ list: copyRuns(filter: { protectionJobIds: ["ProtectionJob:dc-east:30"] }) { ${fields} } }`,
  `{ list: protectionShells { ${fields} } }`,
  `{ list: copyJobs { ${fields} } }`,
  `{ list: copyJobs(filter: { states: [RUNNING] }) { ${fields} } }`,
  `{ list: copyOperations { ${fields} } }`,
  `{ list: copyOperations(filter: { states: [RUNNING] }) { ${fields} } }`,
];

/** The greatest age of a running record in seconds: a run that goes on for long is read less often. */
const mostSeconds = (isRun: boolean, startedAt: string): number =>
  isRun ? Math.max(LIST_SECONDS, Math.min(60, (Date.now() - Date.parse(startedAt)) / 60_000)) : LIST_SECONDS;

/** Asks, and checks the age of each running record. Returns the number of them. */
const check = async ({ execute }: Served, query: string): Promise<number> => {
  const { data, errors } = await execute(query);
  expect(errors).toEqual([]);
  const running = (data.list as Page).nodes.filter(({ state }) => state === 'RUNNING');
  for (const { observedAt, startedAt } of running) {
    const seconds = (Date.now() - Date.parse(observedAt)) / 1000;
    expect(seconds, query).toBeLessThanOrEqual(mostSeconds(!query.includes('copyJobs'), startedAt));
  }
  return running.length;
};

it('an answer is sent again for no longer than what it was made from is valid', async () => {
  const tenths = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) },
    fc.integer({ min: 150, max: 600 }),
  );
  const pauses = fc.array(tenths, { minLength: 4, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...queries), pauses, async (query, all) => {
      const served = await serve({ cache: { listSeconds: LIST_SECONDS, answerSeconds: 5 }, clusters, endpoints });
      expect(await check(served, query)).toBeGreaterThan(0);
      for (const pause of all) {
        vi.setSystemTime(Date.now() + pause * 100);
        await check(served, query);
      }
    }),
    { numRuns: runs(20) },
  );
});
