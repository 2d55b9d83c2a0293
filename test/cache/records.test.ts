import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR, NOW } from '../support/estates.js';
import { type Estate, type Products, startProducts } from '../support/products.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf, wireSource } from '../support/wire.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;

/** Moves the clock on, by microseconds. */
const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

const start = (estate: Estate): Promise<Products> => startProducts({ cache: {}, ...estate });

const seconds = (at: number): number => at / 1_000_000;

const job = (id: string, overrides: Wire = {}): Wire =>
  wireCopyJob(id, { CreationDate: seconds(NOW - 3 * HOUR), CompletionDate: seconds(NOW - 2 * HOUR), ...overrides });

const running = { State: 'RUNNING', CompletionDate: undefined };

/** A run of job 7 that began two hours ago. */
const began = NOW - 2 * HOUR;
const run = (ended: number | null, overrides: Wire = {}): Wire =>
  wireRunOf(7, began, {
    backupRun: {
      runType: 'kRegular',
      status: ended === null ? 'kRunning' : 'kSuccess',
      stats: { startTimeUsecs: began, ...(ended === null ? {} : { endTimeUsecs: ended }) },
    },
    copyRun: [wireCopyRun(501, { runStartTimeUsecs: began, stats: { endTimeUsecs: ended ?? undefined } })],
    ...overrides,
  });

const describing = '{ copyJob(copyJobId: "J1") { state observedAt } }';
/** The run in brief, and then whole: two calls. */
const reading = `{ node(id: "ProtectionShell:dc-east:7:${began}") { ... on ProtectionShell { state observedAt copyRuns { totalCount } } } }`;

/** The answer of a query, and the number of calls that it took. */
const cost = async (products: Products, query: string, variables = {}) => {
  const before = products.cohesity.seen.length + products.aws.seen.length;
  const { data, errors } = await products.execute(query, variables);
  expect(errors).toEqual([]);
  return { data, calls: products.cohesity.seen.length + products.aws.seen.length - before };
};

describe('a copy job', () => {
  it('that is finished is described once a day', async () => {
    const products = await start({ copyJobs: [job('J1')] });
    const first = await cost(products, describing);
    pass(23 * HOUR);
    expect(await cost(products, describing)).toEqual({ ...first, calls: 0 });
    pass(2 * HOUR);
    const again = await cost(products, describing);
    expect(again.calls).toBe(1);
    expect(again.data.copyJob.observedAt).toBe(new Date().toISOString());
  });

  it('that is running is described again after five seconds', async () => {
    const copyJobs = [job('J1', running)];
    const products = await start({ copyJobs });
    await cost(products, describing);
    copyJobs[0] = job('J1');
    pass(4 * SECOND);
    expect(await cost(products, describing)).toMatchObject({ calls: 0, data: { copyJob: { state: 'RUNNING' } } });
    pass(SECOND);
    expect(await cost(products, describing)).toMatchObject({ calls: 1, data: { copyJob: { state: 'SUCCEEDED' } } });
    pass(HOUR);
    expect((await cost(products, describing)).calls).toBe(0);
  });

  it('in a state that nobody knows counts as running', async () => {
    const products = await start({ copyJobs: [job('J1', { State: 'SOMETHING_NEW' })] });
    await cost(products, describing);
    pass(6 * SECOND);
    expect((await cost(products, describing)).calls).toBe(1);
  });

  it('that a list brought is not described', async () => {
    const products = await start({ copyJobs: [job('J1'), job('J2', running)] });
    await cost(products, '{ copyJobs { totalCount } }');
    const ids = '["CopyJob:aws-prod:J1", "CopyJob:aws-prod:J2"]';
    const { data, calls } = await cost(products, `{ nodes(ids: ${ids}) { ... on CopyJob { state } } }`);
    expect([data.nodes, calls]).toEqual([[{ state: 'SUCCEEDED' }, { state: 'RUNNING' }], 0]);
    pass(6 * SECOND);
    expect((await cost(products, `{ nodes(ids: ${ids}) { id } }`)).calls).toBe(1); // the one that was running
  });

  it('that is not there is looked for each time, so that it is seen when it comes', async () => {
    const copyJobs: Wire[] = [];
    const products = await start({ copyJobs });
    expect((await cost(products, describing)).data.copyJob).toBeNull();
    copyJobs.push(job('J1'));
    expect((await cost(products, describing)).data.copyJob).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('is kept by its own setting: 0 for either kind asks for that kind each time', async () => {
    const copyJobs = [job('J1'), job('J2', running)];
    const read = (id: string) => `{ copyJob(copyJobId: "${id}") { state } }`;
    const callsOfTwo = async (cache: Estate['cache'], id: string) => {
      const products = await start({ copyJobs, ...(cache && { cache }) });
      await cost(products, read(id));
      return 1 + (await cost(products, read(id))).calls;
    };
    const off = { staleSeconds: 0 };
    expect(await callsOfTwo({ ...off, runningSeconds: 0 }, 'J1')).toBe(1);
    expect(await callsOfTwo({ ...off, runningSeconds: 0 }, 'J2')).toBe(2);
    expect(await callsOfTwo({ ...off, finishedSeconds: 0 }, 'J1')).toBe(2);
    expect(await callsOfTwo({ ...off, finishedSeconds: 0 }, 'J2')).toBe(1);
    expect(await callsOfTwo({ maxEntries: 0 }, 'J1')).toBe(2);
  });
});

describe('a run', () => {
  it('that has been over for an hour is read once a day, its copies with it', async () => {
    const products = await start({ runs: [run(NOW - HOUR)] });
    const first = await cost(products, reading);
    expect([first.calls, first.data.node.copyRuns.totalCount]).toEqual([2, 1]);
    pass(23 * HOUR);
    expect(await cost(products, reading)).toEqual({ ...first, calls: 0 });
    pass(2 * HOUR);
    expect((await cost(products, reading)).calls).toBe(2);
  });

  it.each([
    ['is running', () => run(null)],
    [
      'has a copy that is running',
      () => run(NOW - 90 * MINUTE, { copyRun: [wireCopyRun(501, { status: 'kRunning' })] }),
    ],
    ['has been over for less than an hour', () => run(NOW - 59 * MINUTE)],
    [
      'has a copy that cannot be read',
      () => run(NOW - 90 * MINUTE, { copyRun: [wireCopyRun(501, { runStartTimeUsecs: began }), 'no copy'] }),
    ],
  ])('that %s is read again after five seconds', async (_name, made) => {
    const products = await start({ runs: [made()] });
    await cost(products, reading);
    pass(4 * SECOND);
    expect((await cost(products, reading)).calls).toBe(0);
    pass(SECOND);
    expect((await cost(products, reading)).calls).toBeGreaterThan(0); // finished parts may come from the cache
  });

  it('shows a copy that begins when the backup has just ended', async () => {
    const runs = [run(NOW - MINUTE)];
    const products = await start({ runs });
    expect((await cost(products, reading)).data.node.copyRuns.totalCount).toBe(1);
    runs[0] = run(NOW - MINUTE, { copyRun: [wireCopyRun(501), wireCopyRun(502, { status: 'kRunning' })] });
    pass(6 * SECOND);
    expect((await cost(products, reading)).data.node.copyRuns.totalCount).toBe(2);
  });
});

describe('what is read by many ids at once', () => {
  const ids = (type: string, numbers: readonly number[]) => ({
    ids: numbers.map((number) => `${type}:dc-east:${number}`),
  });
  const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

  it.each([
    ['ProtectionJob', 'protectionJobs?ids=', '&allUnderHierarchy=true'],
    ['ProtectionSource', 'protectionSources/objects?objectIds=', ''],
  ])('of %s is asked only for what is not known', async (type, path, rest) => {
    const products = await start({
      jobs: [7, 8, 9].map((id) => ({ id, name: `Job ${id}` })),
      sources: [7, 8, 9].map((id) => wireSource(id)),
    });
    const seen = () =>
      products.cohesity.requests().map((request) => decodeURIComponent(request.replace(/.*public\//, '')));
    expect((await cost(products, nodes, ids(type, [7, 8]))).data.nodes).toHaveLength(2);
    const more = await cost(products, nodes, ids(type, [9, 7, 8, 10]));
    expect(more.data.nodes.map((node: { readonly id: string } | null) => node?.id ?? null)).toEqual([
      `${type}:dc-east:9`,
      `${type}:dc-east:7`,
      `${type}:dc-east:8`,
      null,
    ]);
    expect((await cost(products, nodes, ids(type, [7, 9]))).calls).toBe(0);
    expect(seen()).toEqual([`${path}7,8${rest}`, `${path}9,10${rest}`]);
    pass(6 * SECOND);
    await cost(products, nodes, ids(type, [7]));
    expect(seen().at(-1)).toBe(`${path}7${rest}`);
  });
});
