import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { DAY, HOUR, NOW } from '../support/estates.js';
import { type Served, serve, text } from '../support/served.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const MINUTE = HOUR / 60;
const names = ['dc-east', 'dc-west', 'aws-prod', 'aws-euw1'] as const;

const callsOf = (served: Served) => names.map((name) => served.calls(name).length);

/** More than a page in each of four upstreams. */
const fourUpstreams = () => {
  const runs = Array.from({ length: 60 }, (_, n) => runOf(n % 3, NOW - (n + 1) * 20 * MINUTE));
  const jobs = Array.from({ length: 60 }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * 20 * MINUTE));
  return serve({ clusters: { 'dc-east': runs, 'dc-west': runs }, endpoints: { 'aws-prod': jobs, 'aws-euw1': jobs } });
};

describe('the first page of a day', () => {
  it('costs exactly one list call to each upstream', async () => {
    const served = await fourUpstreams();
    const { data, errors } = await served.execute('{ copyOperations(first: 50) { nodes { id } } }');
    expect(errors).toEqual([]);
    expect(data.copyOperations.nodes).toHaveLength(50);
    expect(served.calls('dc-east')).toEqual([
      { excludeTasks: 'true', startTimeUsecs: String(NOW - 2 * DAY - 1), numRuns: '1000' },
    ]);
    expect(served.calls('aws-prod')).toEqual([
      { createdAfter: expect.stringMatching(/^2024-05-07T02:59:59/), maxResults: '1000' },
    ]);
    expect([served.calls('dc-west').length, served.calls('aws-euw1').length]).toEqual([1, 1]);
  });

  it('costs no more with its totalCount beside it', async () => {
    const served = await fourUpstreams();
    const { data } = await served.execute('{ copyOperations(first: 50) { totalCount nodes { id } } }');
    expect(data.copyOperations).toMatchObject({ totalCount: 240, nodes: { length: 50 } });
    expect(callsOf(served)).toEqual([1, 1, 1, 1]);
  });

  it('costs no more with a summary of the same filter, and with the lists of each kind', async () => {
    const served = await fourUpstreams();
    const { data, errors } = await served.execute(`{
      copySummary(groupBy: [UPSTREAM]) { total { count } groups { upstream { name } count } }
      copyOperations { nodes { id } }
      copyRuns { totalCount }
      copyJobs(last: 3) { nodes { id } }
    }`);
    expect(errors).toEqual([]);
    expect(data.copySummary.total.count).toBe(240);
    expect(data.copySummary.groups).toEqual([...names].sort().map((name) => ({ upstream: { name }, count: 60 })));
    expect(callsOf(served)).toEqual([1, 1, 1, 1]);
  });

  it('reads a week of AWS once for the summary and the list beside it', async () => {
    const jobs = Array.from({ length: 80 }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * 2 * HOUR));
    const served = await serve({ endpoints: { 'aws-prod': jobs } });
    const filter = `filter: { startedAfter: "${text(NOW - 7 * DAY)}" }`;
    const { data } = await served.execute(
      `{ copySummary(${filter}) { total { count } } copyOperations(${filter}) { nodes { id } } }`,
    );
    expect([data.copySummary.total.count, data.copyOperations.nodes.length]).toEqual([80, 50]);
    expect(served.calls('aws-prod')).toHaveLength(3); // a slice of one day, of two, and of four
  });

  it.each([
    ['copies', 'copyRuns { nodes { id state } }', 'true'],
    ['copies and tasks', 'copyRuns(first: 5) { nodes { id copySnapshotTasks(first: 5) { nodes { id } } } }', undefined],
  ])(
    'reads shells with %s below them in one call, and shows what single runs would',
    async (_what, below, excludeTasks) => {
      const runs = [1, 2, 3, 4].map((n) => runOf(n, NOW - n * HOUR, { copies: [copyOf(n), copyOf(n + 10)] }));
      const served = await serve({ clusters: { 'dc-east': runs } });
      const { data, errors } = await served.execute(`{ protectionShells(first: 10) { nodes { id ${below} } } }`);
      expect(errors).toEqual([]);
      const [query, ...others] = served.calls('dc-east');
      expect([query?.['excludeTasks'], query?.['onlyReturnShellInfo'], others]).toEqual([excludeTasks, undefined, []]);
      const { nodes } = data.protectionShells;
      expect(nodes.map(({ copyRuns }: { copyRuns: { nodes: unknown[] } }) => copyRuns.nodes.length)).toEqual([
        2, 2, 2, 2,
      ]);
      for (const node of nodes) {
        const one = await served.execute(`{ node(id: "${node.id}") { id ... on ProtectionShell { ${below} } } }`);
        expect(one.data.node).toEqual(node);
      }
    },
  );

  it('asks a cluster for tasks only where the query shows them', async () => {
    const served = await serve({ clusters: { 'dc-east': [runOf(1, NOW - HOUR)] } });
    await served.execute('{ copyRuns { nodes { id } } }');
    await served.execute('{ copyRuns { nodes { copySnapshotTasks { nodes { id } } } } }');
    await served.execute('{ copySnapshotTasks { nodes { id } } }');
    await served.execute('{ protectionShells { nodes { id } } }');
    expect(served.calls('dc-east').map((query) => [query['excludeTasks'], query['onlyReturnShellInfo']])).toEqual([
      ['true', undefined],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, 'true'],
    ]);
  });
});

describe('an answer that does not hold everything', () => {
  it('is asked for again in halves of its slice where AWS fills a page', async () => {
    const jobs = Array.from({ length: 1400 }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * MINUTE));
    const served = await serve({ endpoints: { 'aws-prod': jobs } });
    const { data } = await served.execute('{ copyJobs { nodes { copyJobId } } }');
    expect(data.copyJobs.nodes).toEqual(Array.from({ length: 50 }, (_, n) => ({ copyJobId: `j${n}` })));
    expect(served.calls('aws-prod').map(({ createdAfter }) => createdAfter?.slice(0, 13))).toEqual([
      '2024-05-07T02',
      '2024-05-07T14',
    ]);
  });

  it('is asked for again in halves where it has too many bytes, and nothing is lost', async () => {
    const runs = Array.from({ length: 90 }, (_, n) =>
      runOf((n % 3) + 1, NOW - (n + 1) * 10 * MINUTE, { copies: [copyOf(1), copyOf(2)] }),
    );
    const jobs = Array.from({ length: 90 }, (_, n) => jobOf(`j${n}`, NOW - (n + 1) * 10 * MINUTE));
    const served = await serve({
      clusters: { 'dc-east': runs },
      endpoints: { 'aws-prod': jobs },
      limits: { maxUpstreamBytes: 12_000 },
    });
    const { data, errors } = await served.execute(
      '{ copyOperations(first: 500) { totalCount nodes { id } upstreamReports { ok complete } } }',
    );
    expect(errors).toEqual([]);
    expect(data.copyOperations.upstreamReports).toEqual([
      { ok: true, complete: true },
      { ok: true, complete: true },
    ]);
    expect(data.copyOperations.totalCount).toBe(270);
    expect(new Set(data.copyOperations.nodes.map(({ id }: { id: string }) => id)).size).toBe(270);
    const sizes = (upstream: string, name: string) => new Set(served.calls(upstream).map((query) => query[name]));
    expect([...sizes('dc-east', 'numRuns')].slice(0, 3)).toEqual(['1000', '500', '250']);
    expect([...sizes('aws-prod', 'maxResults')].slice(0, 3)).toEqual(['1000', '500', '250']);
  });
});

describe('a filter', () => {
  const both = () =>
    serve({
      clusters: { 'dc-east': [runOf(7, NOW - HOUR), runOf(8, NOW - HOUR)] },
      endpoints: { 'aws-prod': [jobOf('j1', NOW - HOUR, { state: 'FAILED' })] },
    });
  const after = text(NOW - 3 * HOUR);
  const before = text(NOW - 2 * HOUR);

  it.each([
    ['states: [FAILED]', [{ state: 'FAILED' }]],
    [`states: [QUEUED, RUNNING], startedAfter: "${text(NOW - DAY)}"`, [{ state: 'CREATED' }, { state: 'RUNNING' }]],
    ['states: [SUCCEEDED, FAILED, PARTIAL]', [{}]], // three lists would cost more than one
    ['states: [FAILED, UNKNOWN]', [{}]],
    ['states: [CANCELED]', []], // AWS has no such state
    ['resourceTypes: ["EC2"]', [{ resourceType: 'EC2' }]],
    ['resourceTypes: ["EC2", "EBS"]', [{}]],
    ['accountIds: ["111122223333"]', [{ accountId: '111122223333' }]],
    ['accountIds: ["111122223333", "444455556666"]', [{ accountId: '111122223333' }, { accountId: '444455556666' }]],
    ['accountIds: ["111122223333", "111122223333"]', [{ accountId: '111122223333' }]],
    [
      'accountIds: ["111122223333", "444455556666"], states: [FAILED]',
      [
        { accountId: '111122223333', state: 'FAILED' },
        { accountId: '444455556666', state: 'FAILED' },
      ],
    ],
    ['accountIds: []', []],
    ['messageCategories: ["AccessDenied"]', [{ messageCategory: 'AccessDenied' }]],
    ['messageCategories: ["AccessDenied", "SUCCESS"]', [{}]],
    // AWS would leave out a job that failed and has no end.
    [`endedAfter: "${after}", endedBefore: "${before}", startedAfter: "${text(NOW - DAY)}"`, [{}]],
    [
      `startedAfter: "${after}", startedBefore: "${before}"`,
      [{ createdAfter: '2024-05-07T23:59:59Z', createdBefore: '2024-05-08T01:00:01Z' }],
    ],
  ])('of %s goes down to AWS as far as it can', async (filter, expected) => {
    const served = await both();
    const { errors } = await served.execute(`{ copyJobs(filter: { ${filter} }) { nodes { id } } }`);
    expect(errors).toEqual([]);
    const window = filter.startsWith('startedAfter') ? [] : ['createdAfter', 'createdBefore'];
    const told = served
      .calls('aws-prod')
      .map((query) => Object.fromEntries(Object.entries(query).filter(([name]) => !window.includes(name))));
    expect(told).toEqual(expected.map((query) => ({ ...query, maxResults: '1000' })));
  });

  it('of several accounts finds the jobs of each, in lists and sums', async () => {
    const accounts = ['111122223333', '444455556666', '999900001111'];
    const served = await serve({
      endpoints: { 'aws-prod': accounts.map((accountId, hour) => jobOf(`j${hour}`, NOW - hour * HOUR, { accountId })) },
    });
    const { data, errors } = await served.execute(`{
      copyJobs(filter: { accountIds: ["111122223333", "999900001111"] }) { nodes { accountId } upstreamReports { complete } }
      copySummary(filter: { accountIds: ["111122223333", "999900001111"] }) { total { count } }
    }`);
    expect(errors).toEqual([]);
    expect(data).toEqual({
      copyJobs: {
        nodes: [{ accountId: '111122223333' }, { accountId: '999900001111' }],
        upstreamReports: [{ complete: true }],
      },
      copySummary: { total: { count: 2 } },
    });
    expect(new Set(served.calls('aws-prod').map(({ accountId }) => accountId))).toEqual(
      new Set(['111122223333', '999900001111']),
    );
  });

  it.each(['copyJobs', 'copyOperations', 'copySummary'])(
    'of %s with an account that is none is refused before anything is asked',
    async (field) => {
      const served = await both();
      const fields = field === 'copySummary' ? 'total { count }' : 'nodes { id }';
      for (const accountId of ['*', '1111-2222-3333', '11112222333', '']) {
        const { errors } = await served.execute(
          `query ($ids: [String!]) { ${field}(filter: { accountIds: $ids }) { ${fields} } }`,
          { ids: ['111122223333', accountId] },
        );
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter.accountIds' } }]);
      }
      expect([served.take('aws-prod'), served.take('dc-east')]).toEqual([[], []]);
    },
  );

  it('of jobs goes down to Cohesity, one call for each', async () => {
    const served = await both();
    const ids = '["ProtectionJob:dc-east:7", "ProtectionJob:dc-east:8", "ProtectionJob:elsewhere:9"]';
    const { data } = await served.execute(`{ copyRuns(filter: { protectionJobIds: ${ids} }) { nodes { id } } }`);
    expect(data.copyRuns.nodes).toHaveLength(2);
    expect(served.calls('dc-east').map(({ jobId }) => jobId)).toEqual(['7', '8']);
  });

  it.each([
    ['protectionJobIds: ["ProtectionJob:dc-east:7"]', [1, 0]],
    ['protectionJobIds: ["ProtectionJob:dc-west:7"]', [0, 0]],
    ['accountIds: ["111122223333"]', [0, 1]],
    ['resourceTypes: ["EC2"]', [0, 1]],
    ['messageCategories: ["AccessDenied"]', [0, 1]],
    ['targetKinds: [VAULT]', [0, 1]],
    ['targetKinds: [REMOTE, ARCHIVAL]', [1, 0]],
    ['types: [COPY_JOB]', [0, 1]],
    ['types: [COPY_SNAPSHOT_TASK]', [1, 0]],
    ['types: []', [0, 0]],
    ['upstreams: ["aws-prod"]', [0, 1]],
    ['upstreams: []', [0, 0]],
    ['states: [CANCELED]', [1, 0]],
    ['startedAfter: "2024-05-08T02:00:00Z", startedBefore: "2024-05-08T02:00:00Z"', [0, 0]],
  ])('of %s asks nothing of an upstream that has nothing to show for it', async (filter, calls) => {
    const served = await both();
    const { errors } = await served.execute(
      `{ copyOperations(filter: { ${filter} }) { nodes { id } upstreamReports { upstream { name } } } }`,
    );
    expect(errors).toEqual([]);
    expect([served.calls('dc-east').length, served.calls('aws-prod').length]).toEqual(calls);
  });
});
