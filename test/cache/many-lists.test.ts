import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type PlayedJob, jobOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { serve, text } from '../support/served.js';

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;
const HOURS = 20;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

const running = (hour: number): PlayedJob => jobOf(`r${hour}`, NOW - hour * HOUR - 10 * MINUTE, { state: 'RUNNING' });
const done = (hour: number): PlayedJob => {
  const createdAt = NOW - hour * HOUR - 20 * MINUTE;
  return jobOf(`d${hour}`, createdAt, { state: 'COMPLETED', completedAt: createdAt + MINUTE });
};

it('many lists of hours in which jobs still run share one read of all running jobs', async () => {
  const hours = Array.from({ length: HOURS }, (_, hour) => hour + 1);
  const jobs = hours.flatMap((hour) => [running(hour), done(hour)]);
  const served = await serve({ cache: {}, endpoints: { 'aws-prod': jobs } });
  const askAll = async () => {
    const states = new Map<string, string>();
    for (const hour of hours) {
      const from = NOW - (hour + 1) * HOUR;
      const { data, errors } = await served.execute(
        `{ copyJobs(filter: { startedAfter: "${text(from)}", startedBefore: "${text(from + HOUR)}" }) {
             nodes { copyJobId state } upstreamReports { complete stale } } }`,
      );
      expect([errors, data.copyJobs.upstreamReports]).toEqual([[], [{ complete: true, stale: false }]]);
      for (const { copyJobId, state } of data.copyJobs.nodes) states.set(copyJobId, state);
    }
    return { states, calls: served.take('aws-prod').length };
  };
  await askAll();
  pass(6 * SECOND);
  await askAll(); // the first time, it is not known how many lists there are
  for (const ended of [3, 7]) {
    pass(6 * SECOND);
    const place = jobs.findIndex(({ id }) => id === `r${ended}`);
    jobs.splice(place, 1, { ...running(ended), state: 'COMPLETED', completedAt: Date.now() * 1000 - SECOND });
    const { states, calls } = await askAll();
    expect(states.size).toBe(2 * HOURS);
    expect(states.get(`r${ended}`)).toBe('SUCCEEDED');
    expect(states.get('r9')).toBe('RUNNING');
    expect(calls).toBeLessThanOrEqual(4); // two states, and the one job that has ended
  }
});
