import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PlayedJob, type PlayedRun, copyOf, jobOf, runOf } from '../support/estate.js';
import { DAY, HOUR, NOW } from '../support/estates.js';
import { type Served, type ServedEstate, serve, text } from '../support/served.js';
import { costOf } from '../support/cost.js';

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;

/** Twenty past three, so that three o'clock goes on and two o'clock has not been over for an hour. */
const TODAY = NOW + 20 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);
const now = (): number => Date.now() * 1000;

const start = (estate: ServedEstate): Promise<Served> => serve({ cache: {}, ...estate });

const done = (id: string, createdAt: number): PlayedJob =>
  jobOf(id, createdAt, { state: 'COMPLETED', completedAt: createdAt + MINUTE });

/** Two days of jobs and of runs, one each hour, all of them over. */
const jobsOfTwoDays = (): PlayedJob[] =>
  Array.from({ length: 48 }, (_, n) => done(`j${n}`, TODAY - n * HOUR - 10 * MINUTE));
const runsOfTwoDays = (): PlayedRun[] =>
  Array.from({ length: 48 }, (_, n) => runOf(1 + (n % 3), TODAY - n * HOUR - 10 * MINUTE));

/** The answer of a query, and the list calls that it took of each upstream. */
const ask = async (served: Served, query: string) => {
  const { data, errors } = await served.execute(query);
  expect(errors).toEqual([]);
  return { data, east: served.calls('dc-east'), prod: served.calls('aws-prod') };
};

const firstPage = '{ copyOperations { totalCount nodes { id } upstreamReports { ok complete stale } } }';
const all = 'nodes { id state } upstreamReports { ok complete stale }';
const idsIn = (answer: { readonly nodes: readonly { readonly id: string }[] }) => answer.nodes.map(({ id }) => id);

describe('a dashboard that refreshes', () => {
  it('makes no call within five seconds, whatever it shows of the same hours', async () => {
    const served = await start({
      clusters: { 'dc-east': runsOfTwoDays() },
      endpoints: { 'aws-prod': jobsOfTwoDays() },
    });
    const first = await ask(served, firstPage);
    expect([first.east.length, first.prod.length]).toEqual([1, 1]);
    pass(4 * SECOND);
    const { data, east, prod } = await ask(
      served,
      `{ copyOperations { totalCount nodes { id } upstreamReports { ok complete stale } }
         copyRuns(first: 3) { nodes { id } } copyJobs(last: 3) { nodes { id } }
         copySummary(groupBy: [STATE]) { total { count } }
         failed: copyRuns(filter: { states: [FAILED] }) { totalCount } }`,
    );
    expect([east, prod]).toEqual([[], []]);
    expect(data.copyOperations).toEqual(first.data.copyOperations);
    expect(data.copySummary.total.count).toBe(first.data.copyOperations.totalCount);
  });

  it('reads only from the newest hours on, after the first time', async () => {
    const served = await start({
      clusters: { 'dc-east': runsOfTwoDays() },
      endpoints: { 'aws-prod': jobsOfTwoDays() },
    });
    const first = await ask(served, firstPage);
    expect(first.east).toMatchObject([{ startTimeUsecs: String(NOW - 2 * DAY - 1) }]);
    expect(first.prod).toMatchObject([{ createdAfter: text(NOW - DAY - SECOND).replace('.000', '') }]);
    const two = NOW - HOUR;
    for (let minute = 1; minute <= 10; minute += 1) {
      pass(MINUTE);
      const { data, east, prod } = await ask(served, firstPage);
      expect(data.copyOperations.upstreamReports).toEqual(Array(2).fill({ ok: true, complete: true, stale: false }));
      expect(east).toMatchObject([{ startTimeUsecs: String(two - 1) }]);
      expect(prod).toMatchObject([{ createdAfter: text(two - SECOND).replace('.000', '') }]);
    }
  });

  it('shows what has come meanwhile and what has ended, the same as a gateway that keeps nothing', async () => {
    const [runs, jobs] = [runsOfTwoDays(), jobsOfTwoDays()];
    jobs.push(jobOf('long', TODAY - 20 * HOUR));
    const estate = { clusters: { 'dc-east': runs }, endpoints: { 'aws-prod': jobs } };
    const [kept, plain] = [await start(estate), await serve(estate)];
    for (let turn = 0; turn < 6; turn += 1) {
      pass(17 * MINUTE);
      jobs.push(jobOf(`new${turn}`, now() - MINUTE));
      runs.unshift(runOf(9, now() - 2 * MINUTE, { endedAt: null, copies: [copyOf(1, { status: 'kRunning' })] }));
      if (turn === 3) jobs.splice(48, 1, { ...done('long', TODAY - 20 * HOUR), completedAt: now() });
      const query = '{ copyOperations(first: 500) { totalCount nodes { id state endedAt } } }';
      expect((await ask(kept, query)).data).toEqual((await ask(plain, query)).data);
    }
  });

  it('reads an hour again as long as something in it is running, and no longer', async () => {
    const jobs = [...jobsOfTwoDays(), jobOf('long', TODAY - 20 * HOUR)];
    const served = await start({ endpoints: { 'aws-prod': jobs } });
    await ask(served, '{ copyJobs { totalCount } }');
    pass(MINUTE);
    const from = () => served.calls('aws-prod').map(({ createdAfter }) => createdAfter?.slice(0, 19));
    await served.execute('{ copyJobs { totalCount } }');
    expect(from()).toEqual(['2024-05-07T06:59:59']);
    jobs.splice(-1, 1, { ...done('long', TODAY - 20 * HOUR), completedAt: now() });
    pass(MINUTE);
    await served.execute('{ copyJobs { totalCount } }');
    served.calls('aws-prod');
    pass(MINUTE);
    await served.execute('{ copyJobs { totalCount } }');
    expect(from()).toEqual(['2024-05-08T01:59:59']);
  });

  it('reads a run of five hours ago once a minute while it goes on, and those of the last minutes each time', async () => {
    const long = runOf(7, TODAY - 5 * HOUR, { copies: [copyOf(1, { status: 'kRunning' })] });
    const runs = [...runsOfTwoDays(), long];
    const served = await start({ clusters: { 'dc-east': runs } });
    const query = '{ copyRuns(filter: { protectionJobIds: ["ProtectionJob:dc-east:7"] }) { nodes { state } } }';
    const list = '{ copyRuns { totalCount } }';
    await ask(served, list);
    const [hourOfRun, lastHour] = [NOW - 5 * HOUR - 1, NOW - HOUR - 1].map(String);
    for (const [seconds, from] of [
      [10, lastHour],
      [30, lastHour],
      [25, hourOfRun],
      [10, lastHour],
    ] as const) {
      pass(seconds * SECOND);
      expect((await ask(served, list)).east).toMatchObject([{ startTimeUsecs: from }]);
    }
    runs.splice(-1, 1, { ...long, copies: [copyOf(1, { status: 'kSuccess' })] });
    pass(10 * SECOND);
    const shown = async (maxAge = '') =>
      (await ask(served, `{ copyRuns${maxAge} { nodes { startedAt state } } }`)).data;
    const stateOf = ({ copyRuns }: { copyRuns: { nodes: { startedAt: string; state: string }[] } }) =>
      copyRuns.nodes.find(({ startedAt }) => startedAt === text(TODAY - 5 * HOUR))?.state;
    expect(stateOf(await shown())).toBe('RUNNING');
    expect(stateOf(await shown('(maxAge: 5)'))).toBe('SUCCEEDED');
    expect((await ask(served, query)).data.copyRuns.nodes).toEqual([{ state: 'SUCCEEDED' }]);
  });

  it('sees a record that is listed late, an hour after its own hour', async () => {
    const jobs = jobsOfTwoDays();
    const served = await start({ endpoints: { 'aws-prod': jobs } });
    await ask(served, '{ copyJobs { totalCount } }');
    pass(39 * MINUTE); // 3:59
    await ask(served, '{ copyJobs { totalCount } }');
    jobs.push(done('late', NOW - MINUTE)); // 2:59
    pass(6 * SECOND);
    const { data } = await ask(served, '{ copyJobs { nodes { copyJobId } } }');
    expect(data.copyJobs.nodes).toContainEqual({ copyJobId: 'late' });
  });
});

describe('a filter that looks at what changes', () => {
  it.each([['states: [FAILED]'], [`endedAfter: "${text(TODAY - HOUR)}"`], ['finished: true']])(
    '(%s) shows a job of hours ago that fails now',
    async (filter) => {
      const jobs = [jobOf('j1', TODAY - 8 * HOUR), done('j2', TODAY - 8 * HOUR)];
      const served = await start({ endpoints: { 'aws-prod': jobs } });
      const query = `{ copyJobs(filter: { ${filter} }) { nodes { copyJobId } } }`;
      await ask(served, query);
      jobs[0] = jobOf('j1', TODAY - 8 * HOUR, { state: 'FAILED', completedAt: TODAY });
      pass(6 * SECOND);
      expect((await ask(served, query)).data.copyJobs.nodes).toContainEqual({ copyJobId: 'j1' });
    },
  );

  it.each([
    ['states: [FAILED]', '2024-05-07T02'],
    ['messageCategories: ["AccessDenied"]', '2024-05-07T02'],
    [`endedBefore: "${text(TODAY)}"`, '2024-05-08T01'],
    ['resourceTypes: ["EC2"]', '2024-05-08T01'],
    ['accountIds: ["111122223333"]', '2024-05-08T01'],
  ])('(%s) is told from one that does not by how far back a refresh reads', async (filter, expected) => {
    const served = await start({ endpoints: { 'aws-prod': jobsOfTwoDays() } });
    const query = `{ copyJobs(filter: { ${filter} }) { nodes { copyJobId } } }`;
    await ask(served, query);
    pass(6 * SECOND);
    const { prod } = await ask(served, query);
    expect(prod.map(({ createdAfter }) => createdAfter?.slice(0, 13))).toEqual([expected]);
  });
});

describe('a window', () => {
  const both = () => start({ clusters: { 'dc-east': runsOfTwoDays() }, endpoints: { 'aws-prod': jobsOfTwoDays() } });

  it('that lies in the past is read once a day', async () => {
    const served = await both();
    const filter = `{ startedAfter: "${text(TODAY - 40 * HOUR)}", startedBefore: "${text(NOW - 10 * HOUR)}" }`;
    const query = `{ copyJobs(filter: ${filter}) { totalCount ${all} } }`;
    const first = await ask(served, query);
    pass(6 * SECOND);
    const again = await ask(served, query);
    expect(again.data).toEqual(first.data);
    expect([first.prod.length > 0, again.prod]).toEqual([true, []]);
    expect(first.data.copyJobs.totalCount).toBe(29);
  });

  it('is the same in pages backwards, and costs nothing after the pages forward', async () => {
    const served = await both();
    const filter = `{ startedAfter: "${text(TODAY - 2 * DAY)}" }`;
    const forward = await ask(served, `{ copyOperations(first: 500, filter: ${filter}) { ${all} } }`);
    const pages: string[] = [];
    let cursor: string | null = null;
    for (let turn = 0; turn < 20; turn += 1) {
      const before: string = cursor === null ? '' : `before: "${cursor}"`;
      const { data, east, prod } = await ask(
        served,
        `{ copyOperations(last: 13, ${before}, filter: ${filter}) { ${all} pageInfo { startCursor hasPreviousPage } } }`,
      );
      expect([east, prod]).toEqual([[], []]);
      pages.unshift(...idsIn(data.copyOperations));
      if (!data.copyOperations.pageInfo.hasPreviousPage) break;
      cursor = data.copyOperations.pageInfo.startCursor;
    }
    expect(pages).toEqual(idsIn(forward.data.copyOperations));
    expect(pages).toHaveLength(96);
  });

  it.each([
    ['since 1970', 'startedAfter: "1970-01-01T00:00:00Z"', 96],
    ['to the end of time', 'startedBefore: "9999-12-31T23:59:59Z"', 48],
    ['to the end of the day', `startedBefore: "${text(NOW + 21 * HOUR)}"`, 48],
    ['to the end of the hour', `startedBefore: "${text(NOW + HOUR)}"`, 48],
    ['of tomorrow', `startedAfter: "${text(NOW + DAY)}"`, 0],
    ['of all time', 'startedAfter: "1970-01-01T00:00:00Z", startedBefore: "9999-12-31T23:59:59Z"', 96],
    ['of no time', `startedAfter: "${text(NOW)}", startedBefore: "${text(NOW)}"`, 0],
  ])('%s has the same, however often it is asked for', async (_name, filter, count) => {
    const served = await both();
    const query = `{ copyOperations(first: 500, filter: { ${filter} }) { totalCount ${all} } }`;
    const first = await ask(served, query);
    expect(first.data.copyOperations).toMatchObject({ totalCount: count, nodes: { length: count } });
    const again = await ask(served, query);
    pass(6 * SECOND);
    const later = await ask(served, query);
    expect([again.data, later.data]).toEqual([first.data, first.data]);
    expect(again.prod.length).toBeLessThanOrEqual(first.prod.length);
    const ofTwoDays = `{ copyOperations(first: 500, filter: { startedAfter: "${text(TODAY - 2 * DAY)}" }) { totalCount ${all} } }`;
    const [usual, odd] = [await costOf(() => ask(served, ofTwoDays)), await costOf(() => ask(served, query))];
    expect(odd / usual).toBeLessThan(20); // all time has some 70 million hours
  });

  it('that ends later than now does not pass for one that ends later still', async () => {
    const jobs = [
      done('soon', TODAY + 5 * MINUTE),
      done('later', TODAY + 30 * MINUTE),
      done('next', TODAY + 50 * MINUTE),
    ];
    const served = await start({ endpoints: { 'aws-prod': jobs } });
    const idsTo = async (filter: string) =>
      (await ask(served, `{ copyJobs(filter: { ${filter} }) { nodes { copyJobId } } }`)).data.copyJobs.nodes.map(
        ({ copyJobId }: { readonly copyJobId: string }) => copyJobId,
      );
    expect(await idsTo(`startedBefore: "${text(TODAY + 10 * MINUTE)}"`)).toEqual(['soon']);
    expect(await idsTo(`startedBefore: "${text(TODAY + 35 * MINUTE)}"`)).toEqual(['later', 'soon']);
    expect(await idsTo('')).toEqual(['next', 'later', 'soon']);
    expect(await idsTo(`startedBefore: "${text(TODAY + 10 * MINUTE)}"`)).toEqual(['soon']);
  });
});

describe('a clock that is ahead of ours', () => {
  it('makes records that are shown at once, and once, when their hour comes too', async () => {
    const served = await start({
      clusters: { 'dc-east': [runOf(1, TODAY + 50 * MINUTE)] },
      endpoints: { 'aws-prod': [done('j1', TODAY + 50 * MINUTE)] },
    });
    for (const minutes of [0, 0, 1, 39, 10, 30, 120]) {
      pass(minutes * MINUTE);
      for (const again of ['at once', 'and again']) {
        const { data } = await ask(served, firstPage);
        expect([again, data.copyOperations.totalCount]).toEqual([again, 2]);
        expect(data.copyOperations.nodes).toHaveLength(2);
      }
    }
  });
});

describe('what cannot be placed', () => {
  const odd = { endpoints: { 'aws-prod': [...jobsOfTwoDays(), jobOf('undated', null)] } };

  it('keeps nothing of a list in which a job has no time', async () => {
    const served = await start(odd);
    const query = '{ copyJobs { nodes { copyJobId } } }';
    const first = await ask(served, query);
    const again = await ask(served, query);
    expect(again.prod).toEqual(first.prod);
    expect(again.data).toEqual(first.data);
  });

  it('keeps nothing of a list of which something could not be read, and says so each time', async () => {
    const served = await start({ clusters: { 'dc-east': runsOfTwoDays() }, oddRuns: [{ jobName: 'nothing else' }] });
    const query = '{ copyRuns { nodes { id } upstreamReports { ok complete } } }';
    const first = await ask(served, query);
    expect(first.data.copyRuns.upstreamReports).toEqual([{ ok: true, complete: false }]);
    const again = await ask(served, query);
    expect(again.east).toEqual(first.east);
    expect(again.data).toEqual(first.data);
  });
});
