import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reply } from '../support/fake.js';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { DAY, HOUR, NOW } from '../support/estates.js';
import { type ServedEstate, serve, text } from '../support/served.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const task = { sourceId: 4, status: 'kSuccess', startedAt: NOW - HOUR };

const estate = (more: Partial<ServedEstate> = {}) =>
  serve({
    clusters: {
      'dc-east': [1, 3, 5].map((hours) => runOf(1, NOW - hours * HOUR, { copies: [copyOf(1, { tasks: [task] })] })),
    },
    endpoints: { 'aws-prod': [2, 4, 6].map((hours) => jobOf(`j${hours}`, NOW - hours * HOUR)) },
    ...more,
  });

/** The answer of a cluster that has a fault inside. A retry does not mend it. */
const fault: Reply = { status: 500, body: { errorCode: 'KInternalError', message: 'no such entity' } };
const refusal: Reply = {
  status: 403,
  headers: { 'x-amzn-errortype': 'AccessDeniedException' },
  body: { message: 'no' },
};

const reports =
  'upstreamReports { upstream { name } ok observedAt stale complete error { code message retryAfterMs } }';

const well = (name: string) => ({
  upstream: { name },
  ok: true,
  observedAt: text(NOW),
  stale: false,
  complete: true,
  error: null,
});

describe('one upstream down', () => {
  it('costs its own records; with upstreamReports it is data and no error', async () => {
    const served = await estate();
    served.broken.set('dc-east', fault);
    const { data, errors } = await served.execute(`{ copyOperations { totalCount nodes { id } ${reports} } }`);
    expect(errors).toEqual([]);
    expect(data.copyOperations.nodes.map(({ id }: { id: string }) => id)).toEqual([
      'CopyJob:aws-prod:j2',
      'CopyJob:aws-prod:j4',
      'CopyJob:aws-prod:j6',
    ]);
    expect(data.copyOperations.totalCount).toBeNull(); // not exact, so not reported
    expect(data.copyOperations.upstreamReports).toEqual([
      {
        ...well('dc-east'),
        ok: false,
        observedAt: null,
        complete: false,
        error: {
          code: 'UPSTREAM_UNAVAILABLE',
          message: 'Upstream dc-east could not be reached or failed.',
          retryAfterMs: null,
        },
      },
      well('aws-prod'),
    ]);
  });

  it('is in errors, under the path of each list that does not ask for the reports', async () => {
    const served = await estate();
    served.broken.set('aws-prod', refusal);
    const { data, errors } = await served.execute(`{
      quiet: copyOperations { nodes { id } }
      told: copyJobs { nodes { id } upstreamReports { ok } }
      sum: copySummary { total { count } }
      copyRuns { nodes { id } }
    }`);
    expect(data.quiet.nodes).toHaveLength(3);
    expect(data.told).toEqual({ nodes: [], upstreamReports: [{ ok: false }] });
    expect(data.sum.total.count).toBe(3);
    // in no order, since the lists are answered at the same time
    expect(errors.map(({ path, extensions }) => [path?.join(), extensions.code, extensions.upstream]).sort()).toEqual([
      ['quiet', 'UPSTREAM_AUTH', 'aws-prod'],
      ['sum', 'UPSTREAM_AUTH', 'aws-prod'],
    ]);
  });

  it('is in errors once, where the filter asks for more than is looked back as well', async () => {
    const served = await estate();
    served.broken.set('aws-prod', refusal);
    const { errors } = await served.execute(
      `{ copyJobs(filter: { endedAfter: "${text(NOW - 400 * HOUR)}" }) { nodes { id } } }`,
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_AUTH']);
  });

  it('and back again: a cursor from before is good, and the list goes on without a gap', async () => {
    const served = await estate();
    const query = `query ($first: Int, $after: String) {
      copyOperations(first: $first, after: $after) { nodes { startedAt } pageInfo { endCursor hasNextPage } ${reports} }
    }`;
    const first = await served.execute(query, { first: 2 });
    const after = first.data.copyOperations.pageInfo.endCursor;
    served.broken.set('dc-east', fault);
    const during = await served.execute(query, { first: 9, after });
    const startsOf = (answer: typeof first) =>
      answer.data.copyOperations.nodes.map(({ startedAt }: { startedAt: string }) => startedAt);
    expect(startsOf(during)).toEqual([4, 6].map((hours) => text(NOW - hours * HOUR)));
    expect(during.data.copyOperations.upstreamReports[0]).toMatchObject({ ok: false, complete: false });
    served.broken.clear();
    const again = await served.execute(query, { first: 9, after });
    expect([...startsOf(first), ...startsOf(again)]).toEqual(
      [1, 2, 3, 4, 5, 6].map((hours) => text(NOW - hours * HOUR)),
    );
  });

  it('may be all of them: an empty list, and no word of success', async () => {
    const served = await estate();
    served.broken.set('dc-east', fault);
    served.broken.set('aws-prod', refusal);
    const { data, errors } = await served.execute('{ copyOperations { totalCount nodes { id } } }');
    expect(data.copyOperations).toEqual({ totalCount: null, nodes: [] });
    expect(errors.map(({ extensions }) => extensions.upstream)).toEqual(['dc-east', 'aws-prod']);
  });
});

describe('upstreamReports', () => {
  it.each([
    ['copyOperations', ['dc-east', 'aws-prod']],
    ['copyRuns', ['dc-east']],
    ['copySnapshotTasks', ['dc-east']],
    ['protectionShells', ['dc-east']],
    ['copyJobs', ['aws-prod']],
    ['copySummary', ['dc-east', 'aws-prod']],
  ])('of %s tell who answered, and when', async (field, names) => {
    const served = await estate();
    const { data, errors } = await served.execute(`{ field: ${field} { ${reports} } }`);
    expect(errors).toEqual([]);
    expect(data.field.upstreamReports).toEqual(names.map(well));
  });

  it('say that records were left out which nothing addresses', async () => {
    const served = await estate({ oddRuns: [{ jobName: 'no id', backupRun: { stats: { startTimeUsecs: NOW } } }] });
    const { data } = await served.execute(`{ copyRuns { totalCount nodes { id } ${reports} } }`);
    expect(data.copyRuns).toMatchObject({
      totalCount: null,
      nodes: { length: 3 },
      upstreamReports: [{ ok: true, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } }],
    });
  });
});

describe('the budget of upstream calls', () => {
  const many = {
    endpoints: { 'aws-prod': Array.from({ length: 30 }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * HOUR)) },
    manners: { pageLimit: 10 },
  };

  it('when spent ends the page with the code, and never silently', async () => {
    const served = await estate({ ...many, limits: { maxUpstreamCalls: 2 } });
    const query = (more: string) => `{ copyOperations { totalCount nodes { id } ${more} } }`;
    const { data, errors } = await served.execute(query(reports));
    expect(errors).toEqual([]);
    const [cluster, endpoint] = data.copyOperations.upstreamReports;
    expect(cluster).toEqual(well('dc-east'));
    expect(endpoint).toMatchObject({ ok: false, complete: false, error: { code: 'UPSTREAM_BUDGET_EXCEEDED' } });
    expect(data.copyOperations.totalCount).toBeNull();
    expect(data.copyOperations.nodes.length).toBeGreaterThanOrEqual(3);
    expect([served.calls('dc-east').length, served.calls('aws-prod').length]).toEqual([1, 1]);
    const untold = await served.execute(query(''));
    expect(untold.errors).toMatchObject([
      { path: ['copyOperations'], extensions: { code: 'UPSTREAM_BUDGET_EXCEEDED', upstream: 'aws-prod' } },
    ]);
  });

  it('is one for all lists of a query', async () => {
    const served = await estate({ ...many, limits: { maxUpstreamCalls: 3 } });
    const { errors } = await served.execute(
      '{ a: copyRuns { totalCount } b: protectionShells { totalCount } c: copyJobs { totalCount } }',
    );
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['c'], 'UPSTREAM_BUDGET_EXCEEDED'],
    ]);
  });

  it('does not run out for an endpoint that sends one token for ever', async () => {
    const served = await estate();
    const job = { CopyJobId: 'j1', CreationDate: (NOW - HOUR) / 1e6, State: 'RUNNING' };
    served.broken.set('aws-prod', { body: { CopyJobs: [job], NextToken: 'again' } });
    const { data } = await served.execute(`{ copyJobs { nodes { id } ${reports} } }`);
    expect(data.copyJobs.nodes).toEqual([{ id: 'CopyJob:aws-prod:j1' }]);
    expect(data.copyJobs.upstreamReports).toMatchObject([
      { complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
    expect(served.calls('aws-prod').length).toBeLessThanOrEqual(3);
  });
});

describe('a cursor', () => {
  it('outlives a restart, with another page size', async () => {
    const served = await estate();
    const first = await served.execute('{ copyOperations(first: 2) { pageInfo { endCursor } } }');
    const query = `query ($after: String) {
      copyOperations(first: 3, after: $after) { nodes { startedAt } pageInfo { hasNextPage hasPreviousPage startCursor } }
    }`;
    const variables = { after: first.data.copyOperations.pageInfo.endCursor };
    const before = await served.execute(query, variables);
    await served.close();
    const restarted = await served.restart();
    const after = await restarted.execute(query, variables);
    expect(after.data).toEqual(before.data);
    expect(after.data.copyOperations.nodes).toEqual(
      [3, 4, 5].map((hours) => ({ startedAt: text(NOW - hours * HOUR) })),
    );
    expect(after.data.copyOperations.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('may have been made a year ahead, or long before any record', async () => {
    const served = await estate();
    const page = async (at: number) => {
      const position = ['copyOperations', NOW - DAY, at, 'CopyJob:aws-prod:x'];
      const after = Buffer.from(JSON.stringify(position)).toString('base64url');
      const query = 'query ($after: String) { copyOperations(after: $after) { nodes { id } } }';
      const { data, errors } = await served.execute(query, { after });
      expect(errors).toEqual([]);
      return data.copyOperations.nodes.length;
    };
    expect([await page(NOW + 365 * DAY), await page(NOW - 365 * DAY)]).toEqual([6, 0]);
  });

  it.each([
    ['first: 2, last: 2', 'first'],
    ['first: -1', 'first'],
    ['last: 501', 'last'],
    ['after: "nonsense"', 'after'],
    ['before: "bnVsbA"', 'before'],
  ])('or size that cannot be taken (%s) is refused by name, and nothing is asked', async (args, argument) => {
    const served = await estate();
    const { data, errors } = await served.execute(`{ copyOperations(${args}) { nodes { id } } }`);
    expect(data.copyOperations).toBeNull();
    expect(errors).toMatchObject([{ path: ['copyOperations'], extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(served.calls('dc-east')).toEqual([]);
  });

  it('of one list is refused by another', async () => {
    const served = await estate();
    const { data } = await served.execute('{ copyRuns(first: 1) { pageInfo { endCursor } } }');
    const { errors } = await served.execute(
      'query ($after: String) { copyOperations(after: $after) { nodes { id } } }',
      { after: data.copyRuns.pageInfo.endCursor },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });
});
