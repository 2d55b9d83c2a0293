import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../src/aggregate/lists.js';
import { listCopyJobs } from '../../../src/schema/aws-backup/copy-job-list.js';
import type { CopyFilter } from '../../../src/domain/copy-filter.js';
import type { CopyJobsQuery } from '../../../src/upstream/aws-backup/client.js';
import { UpstreamError } from '../../../src/domain/upstream-error.js';
import { type PlayedJob, jobOf, playEndpoint } from '../../support/estate.js';
import { HOUR, NOW } from '../../support/estates.js';
import { type Clock, keep, keptIn, requestOf } from '../../support/kept.js';

const SECOND = HOUR / 3600;
const counted: Asked = { page: true, totalCount: true, tasks: false, posture: false };

/** Twenty hours of an account that copies a thing every five seconds; the jobs of these hours ago go on. */
const busy = (hoursAgo: readonly number[]) => {
  const going = hoursAgo.map((hours) => jobOf(`g${hours}`, NOW - hours * HOUR - 600 * SECOND));
  const over = Array.from({ length: 20 * 720 }, (_, n): PlayedJob => {
    const createdAt = NOW - (n + 1) * 5 * SECOND;
    return jobOf(`j${n}`, createdAt, { state: 'COMPLETED', completedAt: createdAt + SECOND });
  });
  return [...going, ...over];
};

const start = (jobs: readonly PlayedJob[]) => {
  const clock: Clock = { at: NOW };
  const endpoint = playEndpoint('aws', jobs);
  const world = keep({ clusters: [], endpoints: [endpoint] }, keptIn(clock));
  return {
    endpoint,
    pass: (seconds: number) => void (clock.at += seconds * SECOND),
    /** The jobs that go on, and the calls that it took to say so. */
    ask: async (filter: CopyFilter = {}) => {
      const list = await listCopyJobs(requestOf(world, clock.at), { filter, first: 1 }, counted);
      const going = await listCopyJobs(requestOf(world, clock.at), { filter: { ...filter, finished: false } }, counted);
      expect([list, going].flatMap(({ upstreamReports }) => upstreamReports.map(({ complete }) => complete))).toEqual([
        true,
        true,
      ]);
      return { total: list.totalCount, going: going.records.map(({ copyJobId }) => copyJobId) };
    },
  };
};

/** A describe is played as a list of one. */
const isDescribe = ({ maxResults }: CopyJobsQuery): boolean => maxResults === 1;

const refuseDescribe = (query: CopyJobsQuery): void => {
  if (isDescribe(query)) throw new UpstreamError('aws', 'unauthorized', 'not allowed');
};

/** Changes a job as the vendor has it. */
const finish = (endpoint: { records: readonly PlayedJob[] }, id: string, at: number): void => {
  endpoint.records = endpoint.records.map((job) =>
    job.id === id ? { ...job, state: 'COMPLETED', completedAt: at } : job,
  );
};

describe('jobs that go on among many that are over', () => {
  const again = async (served: ReturnType<typeof start>) => {
    served.pass(6);
    const calls: CopyJobsQuery[] = [];
    served.endpoint.onCall = (query) => void calls.push(query);
    return { ...(await served.ask()), calls };
  };

  it('are described one by one where they are few, instead of whole hours read again', async () => {
    const served = start(busy([5, 11]));
    expect(await served.ask()).toEqual({ total: 14_402, going: ['g5', 'g11'] });
    finish(served.endpoint, 'g5', NOW + SECOND);
    const { calls, ...shown } = await again(served);
    expect(shown).toEqual({ total: 14_402, going: ['g11'] });
    expect(calls.map(isDescribe)).toEqual([true, true, false]); // two jobs, and the newest hours
  });

  it('are gone where AWS has them no more', async () => {
    const served = start(busy([5, 11]));
    await served.ask();
    served.endpoint.records = served.endpoint.records.filter(({ id }) => id !== 'g5');
    expect(await again(served)).toMatchObject({ total: 14_401, going: ['g11'] });
  });

  it('are listed by their states where they are many', async () => {
    const hours = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
    const served = start(busy(hours));
    await served.ask();
    for (const hour of hours.slice(0, 7)) finish(served.endpoint, `g${hour}`, NOW + SECOND);
    served.endpoint.records = served.endpoint.records.filter(({ id }) => id !== 'g10');
    const { calls, ...shown } = await again(served);
    expect(shown).toEqual({ total: 14_411, going: ['g11', 'g12', 'g13', 'g14'] });
    const lists = calls.filter((query) => !isDescribe(query));
    expect(lists.map(({ state, completeAfter }) => state ?? (completeAfter === undefined ? 'new' : 'over'))).toEqual([
      'CREATED',
      'RUNNING',
      'over',
      'new',
    ]);
    expect(calls.filter(isDescribe)).toHaveLength(1); // the one that nobody lists
  });

  it('are read by their hours where AWS lets nobody describe them', async () => {
    const served = start(busy([5, 11]));
    await served.ask();
    finish(served.endpoint, 'g5', NOW + SECOND);
    served.endpoint.onCall = refuseDescribe;
    served.pass(6);
    expect(await served.ask()).toMatchObject({ total: 14_402, going: ['g11'] });
  });
});
