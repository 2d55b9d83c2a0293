import { describe, expect, it } from 'vitest';
import { summarizeCopies } from '../../src/aggregate/copy-summary.js';
import { streamChanges } from '../../src/live/stream.js';
import type { Feed } from '../../src/live/feed.js';
import { reportOf, withReasons } from '../../src/upstream/report.js';
import { contextOf, jobOf as playedJob, playCluster, playEndpoint, runOf } from '../support/estate.js';
import { type Estate, startProducts } from '../support/products.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const HOUR = 3_600_000_000;
const now = Date.now() * 1000;
const hoursAgo = (hours: number): number => now - hours * HOUR;
const textOf = (at: number): string => new Date(at / 1000).toISOString();

const reports = 'upstreamReports { upstream { name } ok complete incompleteReasons }';

const source = wireSource(4);
const copy = (hours: number, overrides: Wire = {}): Wire =>
  wireCopyRun(501, {
    runStartTimeUsecs: hoursAgo(hours),
    copySnapshotTasks: [wireTask(source, { taskStartTimeUsecs: hoursAgo(hours) })],
    ...overrides,
  });
const run = (hours: number, overrides: Wire = {}): Wire =>
  wireRunOf(7, hoursAgo(hours), { copyRun: [copy(hours)], ...overrides });
const job = { id: 7, name: 'Gold', sourceIds: [4], isActive: true };
const copyJob = wireCopyJob('J1', { CreationDate: Math.floor(hoursAgo(2) / 1_000_000) });

const sound: Estate = { runs: [run(2)], jobs: [job], sources: [source], copyJobs: [copyJob] };

interface Report {
  readonly upstream: { readonly name: string };
  readonly complete: boolean;
  readonly incompleteReasons: readonly string[];
}

/** The reasons of each upstream, by its name. The function also checks that `complete` says the same. */
const reasonsIn = (list: { readonly upstreamReports: readonly Report[] }): Readonly<Record<string, string>> => {
  for (const { complete, incompleteReasons } of list.upstreamReports) {
    expect(complete).toBe(incompleteReasons.length === 0);
  }
  return Object.fromEntries(
    list.upstreamReports.map(({ upstream, incompleteReasons }) => [upstream.name, incompleteReasons.join()]),
  );
};

const ask = async (estate: Estate, field: string): Promise<Readonly<Record<string, string>>> => {
  const products = await startProducts(estate);
  const { data, errors } = await products.execute(`{ list: ${field} }`);
  expect(errors).toEqual([]);
  return reasonsIn(data.list);
};

describe('A filter whose bounds go past what is read', () => {
  it.each([
    [`protectedObjects(filter: { offsiteLagOver: 3024000 }) { nodes { name } ${reports} }`, 'LOOK_BACK'],
    [`protectedObjects(filter: { offsiteLagOver: 604800 }) { nodes { name } ${reports} }`, ''],
    [`protectedObjects { nodes { name } ${reports} }`, ''],
    [`copyOperations(filter: { endedAfter: "${textOf(hoursAgo(240))}" }) { nodes { id } ${reports} }`, 'LOOK_BACK'],
    [`copySummary(filter: { endedAfter: "${textOf(hoursAgo(240))}" }) { total { count } ${reports} }`, 'LOOK_BACK'],
    [
      `copyOperations(filter: { endedAfter: "${textOf(hoursAgo(240))}", startedAfter: "${textOf(hoursAgo(300))}" }) { nodes { id } ${reports} }`,
      '',
    ],
    [`copyOperations(filter: { endedAfter: "${textOf(hoursAgo(24))}" }) { nodes { id } ${reports} }`, ''],
    [
      `copyOperations(filter: { finished: false, startedBefore: "${textOf(hoursAgo(200))}" }) { nodes { id } ${reports} }`,
      'LOOK_BACK',
    ],
    [
      `copyOperations(filter: { states: [RUNNING, ON_HOLD], startedBefore: "${textOf(hoursAgo(200))}" }) { nodes { id } ${reports} }`,
      'LOOK_BACK',
    ],
    [`copyOperations(filter: { startedBefore: "${textOf(hoursAgo(200))}" }) { nodes { id } ${reports} }`, ''],
    [`copyOperations(filter: { finished: false }) { nodes { id } ${reports} }`, ''],
    [`copyOperations(filter: { startedAfter: "${textOf(hoursAgo(600))}" }) { nodes { id } ${reports} }`, ''],
  ])('is told: %s', async (field, reason) => {
    const reasons = await ask({ ...sound, limits: { lookBackHours: 168 } }, field);
    expect(reasons['dc-east']).toBe(reason);
    // Nobody plays the vaults here, so the lag of an AWS object may be unknown for another reason.
    expect(reasons['aws-prod']?.includes('LOOK_BACK')).toBe(reason === 'LOOK_BACK');
  });
});

describe('A reason that no failed call stands behind', () => {
  const lookBack = (upstream: string) => ({
    message: `Upstream ${upstream} was read back only as far as limits.lookBackHours allows, and the filter asks for more.`,
    path: ['list'],
    extensions: { code: 'BAD_USER_INPUT', upstream },
  });

  it.each([
    ['copyOperations', `copyOperations(filter: { endedAfter: "${textOf(hoursAgo(240))}" }) { totalCount }`],
    ['copySummary', `copySummary(filter: { endedAfter: "${textOf(hoursAgo(240))}" }) { total { count } }`],
  ])('is in errors where a query leaves the reports out: %s', async (_field, query) => {
    const products = await startProducts({ ...sound, limits: { lookBackHours: 168 } });
    const { data, errors } = await products.execute(`{ list: ${query} }`);
    expect(data.list).not.toBeNull();
    expect(errors).toMatchObject(['dc-east', 'aws-prod'].map(lookBack));
  });

  it('is in errors of protectedObjects, whose alarm would rest on less than was asked for', async () => {
    const products = await startProducts({ ...sound, limits: { lookBackHours: 168 } });
    const query = 'protectedObjects(filter: { upstreams: ["dc-east"], offsiteLagOver: 3024000 }) { nodes { name } }';
    const { errors } = await products.execute(`{ list: ${query} }`);
    expect(errors).toMatchObject([lookBack('dc-east')]);
  });
});

const malformedCopy = copy(1, { taskUid: 'not an object' });
const malformedTask = copy(1, { copySnapshotTasks: [wireTask(source, { status: 5 })] });
const cohesityLists = ['copyOperations', 'copyRuns', 'copySnapshotTasks', 'copySummary', 'protectedObjects'];
const withTasks = ['copySnapshotTasks', 'protectedObjects']; // the others leave the tasks out
const selected = (field: string): string =>
  field === 'copySummary' ? `{ total { count } ${reports} }` : `{ nodes { id } ${reports} }`;

describe('What an upstream sends and nobody can read', () => {
  it.each<{ readonly what: string; readonly damaged: Wire; readonly fields: readonly string[] }>([
    { what: 'a run without its job', damaged: run(1, { jobId: null }), fields: cohesityLists },
    { what: 'a run that has another form', damaged: run(1, { backupRun: 'none' }), fields: cohesityLists },
    { what: 'a malformed copy', damaged: run(1, { copyRun: [malformedCopy] }), fields: cohesityLists },
    { what: 'a malformed task', damaged: run(1, { copyRun: [malformedTask] }), fields: withTasks },
  ])('makes each list, sum and object view that reads it incomplete: $what', async ({ damaged, fields }) => {
    for (const field of fields) {
      const reasons = await ask({ ...sound, runs: [...(sound.runs ?? []), damaged] }, `${field} ${selected(field)}`);
      expect([field, reasons['dc-east']]).toEqual([field, 'UNREADABLE']);
    }
  });

  it('makes lists, sums and the object view of AWS incomplete where it is a job', async () => {
    const copyJobs = [copyJob, wireCopyJob('J2', { CreationDate: copyJob['CreationDate'], IsParent: 'perhaps' })];
    for (const field of ['copyOperations', 'copyJobs', 'copySummary', 'protectedObjects']) {
      const reasons = await ask({ ...sound, copyJobs }, `${field} ${selected(field)}`);
      expect([field, reasons['aws-prod']]).toEqual([field, 'UNREADABLE']);
    }
  });

  it.each<readonly [string, Estate]>([
    ['a job of the inventory', { ...sound, jobs: [job, { id: 'x' }] }],
    ['a source that a job names', { ...sound, jobs: [{ ...job, sourceIds: [4, 5] }], sources: [source, { id: 'x' }] }],
    ['a source of which the cluster does not tell', { ...sound, jobs: [{ ...job, sourceIds: [4, 5] }] }],
    [
      'the source of a task',
      {
        ...sound,
        runs: [
          run(2, { copyRun: [copy(2, { copySnapshotTasks: [wireTask(null, { taskStartTimeUsecs: hoursAgo(2) })] })] }),
        ],
      },
    ],
  ])('may be an object: %s', async (_what, estate) => {
    expect(await ask(estate, `protectedObjects { nodes { name } ${reports} }`)).toEqual({
      'dc-east': 'UNREADABLE',
      'aws-prod': '',
    });
  });

  it('is no record that is not there: what is asked for by id fails', async () => {
    const { execute } = await startProducts({
      runs: [run(2, { copyRun: [malformedCopy] })],
      jobs: [{ id: 9, name: 5 }],
    });
    const { data, errors } = await execute(
      `{ copy: node(id: "CopyRun:dc-east:7:${hoursAgo(2)}:1:2:3") { id }
         shell: node(id: "ProtectionShell:dc-east:7:${hoursAgo(2)}") { id }
         job: node(id: "ProtectionJob:dc-east:9") { id } }`,
    );
    expect(data).toMatchObject({ copy: null, job: null });
    expect(data.shell).not.toBeNull();
    expect(errors.map(({ path, extensions }) => [path?.[0], extensions['code']]).sort()).toEqual([
      ['copy', 'UPSTREAM_BAD_RESPONSE'],
      ['job', 'UPSTREAM_BAD_RESPONSE'],
    ]);
  });
});

describe('What a sum could not read', () => {
  const summed = async (upstream: ReturnType<typeof playCluster> | ReturnType<typeof playEndpoint>) =>
    (await summarizeCopies(contextOf([upstream], now), {})).upstreamReports.map(
      ({ incompleteReasons }) => incompleteReasons,
    );

  it('is told where the smallest answer is too large', async () => {
    expect(await summed(playCluster('dc-east', [runOf(1, hoursAgo(1))], { maxRecords: 0 }))).toEqual([['TOO_LARGE']]);
    expect(await summed(playEndpoint('aws-prod', [playedJob('j', hoursAgo(1))], { maxRecords: 0 }))).toEqual([
      ['TOO_LARGE'],
    ]);
  });

  it('is told where the upstream fails at whichever call', async () => {
    const cluster = playCluster('dc-east', [runOf(1, hoursAgo(1))]);
    cluster.failsAfter = 0;
    expect(await summed(cluster)).toEqual([['UPSTREAM_FAILED']]);
    const jobs = Array.from({ length: 5 }, (_, index) => playedJob(`j${index}`, hoursAgo(index + 1)));
    const endpoint = playEndpoint('aws-prod', jobs, { pageLimit: 2 });
    endpoint.failsAfter = 1;
    expect(await summed(endpoint)).toEqual([['UPSTREAM_FAILED']]);
  });

  it('is told where the operation may make no more calls', async () => {
    const estate = { ...sound, limits: { maxUpstreamCalls: 1 } };
    const products = await startProducts(estate);
    const { data } = await products.execute(`{ copyOperations { nodes { id } ${reports} } }`);
    expect(Object.values(reasonsIn(data.copyOperations)).sort()).toEqual(['', 'BUDGET']);
  });
});

describe('A stream of copies', () => {
  const feedOf = (report: ReturnType<typeof reportOf>): Feed & { tell(next: typeof report): void } => {
    let current = report;
    const listeners: (() => void)[] = [];
    return {
      unfinished: () => [],
      report: () => current,
      knows: () => false,
      join: (listener) => {
        listeners.push(() => listener({ changes: [] }));
        return { leave: () => undefined };
      },
      tell: (next) => {
        current = next;
        listeners.forEach((listener) => listener());
      },
    };
  };
  const whole = { upstream: 'dc-east', observedAt: null, unreadable: 0, error: null };

  it('tells that something is missing from a look, and when it no longer is, though no copy changed', async () => {
    const feed = feedOf(reportOf({ ...whole, unreadable: 1 }));
    const stream = streamChanges([feed], () => true);
    const next = async () => (await stream.next()).value?.upstreamReports[0]?.incompleteReasons;
    expect(await next()).toEqual(['UNREADABLE']);
    feed.tell(reportOf(whole));
    expect(await next()).toEqual([]);
    await stream.return();
  });

  it('tells of what is missing from any of an upstream’s feeds, and of bounds that go past what it looks at', async () => {
    const feeds = [feedOf(reportOf({ ...whole, unreadable: 1 })), feedOf(reportOf(whole))];
    const stream = streamChanges(
      feeds,
      () => true,
      undefined,
      (report) => withReasons(report, ['LOOK_BACK']),
    );
    const { value } = await stream.next();
    expect(value?.upstreamReports).toMatchObject([{ complete: false, incompleteReasons: ['UNREADABLE', 'LOOK_BACK'] }]);
    await stream.return();
  });
});
