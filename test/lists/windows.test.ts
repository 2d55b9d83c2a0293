import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PlayedJob, type PlayedRun, copyOf, jobOf, runOf } from '../support/estate.js';
import { DAY, HOUR, NOW } from '../support/estates.js';
import { serve, text } from '../support/served.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const estate = (runs: readonly PlayedRun[], jobs: readonly PlayedJob[] = [], limits = {}) =>
  serve({ clusters: { 'dc-east': runs }, endpoints: { 'aws-prod': jobs }, limits });

interface Node {
  readonly id: string;
  readonly startedAt: string | null;
}

/** The copies a filter finds, each by its job and when it started; the whole list and the sum must agree on it. */
const found = async (served: Awaited<ReturnType<typeof estate>>, filter: string, list = 'copyOperations') => {
  const { data, errors } = await served.execute(
    `{ list: ${list}(filter: { ${filter} }) { totalCount nodes { id startedAt } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.list.totalCount).toBe(data.list.nodes.length);
  const paged = await served.execute(`{ list: ${list}(filter: { ${filter} }) { nodes { id startedAt } } }`);
  expect(paged.data.list.nodes).toEqual(data.list.nodes);
  return data.list.nodes.map(({ id, startedAt }: Node) => [id.split(':')[2], startedAt]);
};

describe('the window of a list', () => {
  it('is the last 24 hours, its first moment included', async () => {
    const served = await estate(
      [runOf(1, NOW - DAY), runOf(2, NOW - DAY - 1)],
      [jobOf('in', NOW - DAY), jobOf('out', NOW - DAY - 1000)],
    );
    expect(await found(served, '')).toEqual([
      ['in', text(NOW - DAY)],
      ['1', text(NOW - DAY)],
    ]);
  });

  it('ends before its end, to the microsecond', async () => {
    const served = await estate([runOf(1, NOW - HOUR - 1), runOf(2, NOW - HOUR)], [jobOf('out', NOW - HOUR)]);
    expect(await found(served, `startedBefore: "${text(NOW - HOUR)}"`)).toEqual([['1', text(NOW - HOUR - 1)]]);
  });

  it('holds a run that is going on, which a bound on the end would let fall through to anywhere', async () => {
    const served = await estate([
      runOf(1, NOW - 5 * HOUR, { endedAt: null }),
      runOf(2, NOW - 50 * HOUR, { endedAt: null }),
    ]);
    expect(await found(served, '')).toEqual([['1', text(NOW - 5 * HOUR)]]);
    expect(
      await found(served, `startedAfter: "${text(NOW - 60 * HOUR)}", startedBefore: "${text(NOW - DAY)}"`),
    ).toEqual([['2', text(NOW - 50 * HOUR)]]);
  });

  it('holds a copy that began in it though its run began hours before', async () => {
    const served = await estate([
      runOf(1, NOW - 30 * HOUR, {
        endedAt: NOW - 29 * HOUR,
        copies: [copyOf(1, { startedAt: NOW - 30 * HOUR }), copyOf(2, { startedAt: NOW - 12 * HOUR })],
      }),
    ]);
    expect(await found(served, '')).toEqual([['1', text(NOW - 12 * HOUR)]]);
    expect(await found(served, `startedAfter: "${text(NOW - 2 * DAY)}", startedBefore: "${text(NOW - DAY)}"`)).toEqual([
      ['1', text(NOW - 30 * HOUR)],
    ]);
  });

  it('holds a run that began in it and ended after it', async () => {
    const served = await estate([runOf(1, NOW - 70 * HOUR, { endedAt: NOW - 10 * HOUR })]);
    const window = `startedAfter: "${text(NOW - 3 * DAY)}", startedBefore: "${text(NOW - 2 * DAY)}"`;
    expect(await found(served, window)).toEqual([['1', text(NOW - 70 * HOUR)]]);
    expect(await found(served, window, 'protectionShells')).toEqual([['1', text(NOW - 70 * HOUR)]]);
    expect(await found(served, '')).toEqual([]);
  });

  it('reaches back seven days for what is not finished', async () => {
    const served = await estate(
      [
        runOf(1, NOW - 3 * DAY, { endedAt: null, copies: [copyOf(1, { status: 'kRunning' })] }),
        runOf(2, NOW - 3 * DAY),
        runOf(3, NOW - 8 * DAY, { endedAt: null, copies: [copyOf(1, { status: 'kRunning' })] }),
      ],
      [jobOf('running', NOW - 5 * DAY), jobOf('old', NOW - 8 * DAY)],
    );
    expect(await found(served, 'finished: false')).toEqual([
      ['1', text(NOW - 3 * DAY)],
      ['running', text(NOW - 5 * DAY)],
    ]);
    expect(await found(served, '')).toEqual([]);
  });

  it('finds a running task of a copy that is over', async () => {
    const task = { sourceId: 9, status: 'kRunning', startedAt: NOW - 3 * DAY };
    const copies = [copyOf(1, { endedAt: NOW - 3 * DAY + HOUR, tasks: [task] })];
    const served = await estate([runOf(1, NOW - 3 * DAY, { copies })], []);
    expect(await found(served, 'finished: false, types: [COPY_SNAPSHOT_TASK]')).toEqual([['1', text(NOW - 3 * DAY)]]);
  });

  it('reaches back for what ended tonight', async () => {
    const done = { state: 'FAILED', completedAt: NOW - HOUR };
    const served = await estate(
      [runOf(1, NOW - 3 * DAY, { endedAt: null, copies: [copyOf(1, { status: 'kFailure', endedAt: NOW - HOUR })] })],
      [jobOf('tonight', NOW - 4 * DAY, done), jobOf('before', NOW - 4 * DAY, { ...done, completedAt: NOW - 3 * DAY })],
    );
    expect(await found(served, `endedAfter: "${text(NOW - 6 * HOUR)}"`)).toEqual([
      ['1', text(NOW - 3 * DAY)],
      ['tonight', text(NOW - 4 * DAY)],
    ]);
  });

  it('reaches back as far as is configured', async () => {
    const served = await estate([], [jobOf('two', NOW - 2 * DAY), jobOf('four', NOW - 4 * DAY)], { lookBackHours: 72 });
    expect(await found(served, 'finished: false')).toEqual([['two', text(NOW - 2 * DAY)]]);
  });

  it('stays where it was for the pages that follow, while the clock goes on', async () => {
    const served = await estate([runOf(1, NOW - 23.5 * HOUR)], [jobOf('new', NOW - HOUR), jobOf('edge', NOW - DAY)]);
    const page = 'nodes { id } pageInfo { endCursor hasNextPage }';
    const first = await served.execute(`{ list: copyOperations(first: 1) { ${page} } }`);
    vi.setSystemTime(NOW / 1000 + 7_200_000);
    const { data } = await served.execute(
      `query ($after: String) { list: copyOperations(first: 5, after: $after) { ${page} } }`,
      { after: first.data.list.pageInfo.endCursor },
    );
    const ids = [...first.data.list.nodes, ...data.list.nodes].map(({ id }: Node) => id.split(':')[2]);
    expect(ids).toEqual(['new', '1', 'edge']);
    expect(data.list.pageInfo.hasNextPage).toBe(false);
    const anew = await served.execute('{ list: copyOperations { nodes { id } } }');
    expect(anew.data.list.nodes).toHaveLength(1);
  });
});

describe('unknown times', () => {
  it('come last, by id, forward and backward', async () => {
    const tasks = [3, 1, 2].map((sourceId) => ({
      sourceId,
      status: 'kAccepted',
      startedAt: sourceId === 1 ? NOW - HOUR : null,
    }));
    const served = await estate(
      [runOf(1, NOW - 2 * HOUR, { copies: [copyOf(1, { tasks })] })],
      [jobOf('undated', null)],
    );
    const list = 'filter: { types: [COPY_SNAPSHOT_TASK, COPY_JOB] }';
    const { data } = await served.execute(`{
      forward: copyOperations(${list}) { totalCount edges { cursor node { id startedAt } } }
      backward: copyOperations(${list}, last: 2) { nodes { id } pageInfo { startCursor hasPreviousPage } }
    }`);
    const sources = data.forward.edges.map(({ node }: { node: Node }) => [node.id.split(':').at(-1), node.startedAt]);
    expect(sources).toEqual([
      ['1', text(NOW - HOUR)],
      ['undated', null],
      ['2', null],
      ['3', null],
    ]);
    expect(data.forward.totalCount).toBe(4);
    expect(data.backward.nodes.map(({ id }: Node) => id.split(':').at(-1))).toEqual(['2', '3']);
    expect(data.backward.pageInfo.hasPreviousPage).toBe(true);
    // Further back from within the unknown ones.
    const rest = await served.execute(
      `query ($before: String) { list: copyOperations(${list}, last: 2, before: $before) { nodes { id } } }`,
      { before: data.backward.pageInfo.startCursor },
    );
    expect(rest.data.list.nodes.map(({ id }: Node) => id.split(':').at(-1))).toEqual(['1', 'undated']);
  });
});
