import { describe, expect, it } from 'vitest';
import { type Estate, type Products, startProducts } from './support/products.js';
import {
  type Wire,
  cluster,
  copyRunKey,
  runKey,
  start,
  wireCopyJob,
  wireCopyRun,
  wireRun,
  wireRunOf,
  wireSource,
  wireTask,
} from './support/wire.js';

const runsPath = 'GET /irisservices/api/v1/public/protectionRuns';
const jobsPath = 'GET /irisservices/api/v1/public/protectionJobs';
const sourcesPath = 'GET /irisservices/api/v1/public/protectionSources/objects';
const clusterPath = 'GET /irisservices/api/v1/public/cluster';

const hour = 3_600_000_000;

const ask = async (products: Products, query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await products.execute(query, variables);
  expect(errors).toEqual([]);
  return data;
};

const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
const oneRun = `${runsPath}?jobId=7&startedTimeUsecs=${start}`;

const tasksOf = (...ids: readonly number[]) => ids.map((id) => wireTask(wireSource(id)));

const estate: Estate = {
  runs: [
    wireRun({
      copyRun: [
        wireCopyRun(501, { copySnapshotTasks: tasksOf(1, 2, 3) }),
        wireCopyRun(502, { copySnapshotTasks: tasksOf(1, 2, 3) }),
      ],
    }),
    wireRunOf(8, start),
  ],
  jobs: [{ id: 7 }, { id: 8 }],
  sources: [1, 2, 3].map((id) => wireSource(id)),
};

/** Runs of the last hours, one a minute, of as many jobs. */
const recentRuns = (count: number, copyRun: (index: number) => Wire = () => wireCopyRun(501)): readonly Wire[] =>
  Array.from({ length: count }, (_, index) => {
    const startTimeUsecs = Date.now() * 1000 - hour - index * 60_000_000;
    return wireRunOf(index + 1, startTimeUsecs, {
      copyRun: [{ ...copyRun(index), runStartTimeUsecs: startTimeUsecs }],
    });
  });

describe('what hangs on one run', () => {
  it('is read by one call: copy runs, tasks and the run in brief, whatever is asked of each', async () => {
    const products = await startProducts(estate);
    const second = copyRunKey.replace(/501$/, '502');
    const ids = [
      `CopyRun:${copyRunKey}`,
      `CopyRun:${second}`,
      ...[1, 2, 3].map((id) => `CopySnapshotTask:${copyRunKey}:${id}`),
      `CopySnapshotTask:${second}:3`,
      `ProtectionShell:${runKey}`,
    ];
    const data = await ask(products, nodes, { ids });
    expect(data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(products.cohesity.requests()).toEqual([oneRun]);
  });

  it('is read by one call for each run, and not for each job', async () => {
    const products = await startProducts(estate);
    const other = `dc-east:8:${start}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`;
    await ask(products, nodes, { ids: [`CopyRun:${copyRunKey}`, `CopyRun:${other}`, `ProtectionShell:dc-east:7:1`] });
    expect([...products.cohesity.requests()].sort()).toEqual(
      [
        oneRun,
        `${runsPath}?jobId=8&startedTimeUsecs=${start}`,
        `${runsPath}?jobId=7&startedTimeUsecs=1&onlyReturnShellInfo=true`,
      ].sort(),
    );
  });

  it('asks for the shell alone where nobody wants more', async () => {
    const products = await startProducts(estate);
    const ids = [`ProtectionShell:${runKey}`, `ProtectionShell:dc-east:8:${start}`];
    await ask(products, 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ProtectionShell { state jobRunId } } }', {
      ids,
    });
    expect(products.cohesity.requests()).toEqual([
      `${oneRun}&onlyReturnShellInfo=true`,
      `${runsPath}?jobId=8&startedTimeUsecs=${start}&onlyReturnShellInfo=true`,
    ]);
  });

  it('costs nothing more on the way from a task up to its run and down again', async () => {
    const products = await startProducts(estate);
    const data = await ask(
      products,
      `query ($id: ID!) { node(id: $id) { ... on CopySnapshotTask {
        copyRun { id copySnapshotTasks { nodes { id copyRun { id } } } }
      } } }`,
      { id: `CopySnapshotTask:${copyRunKey}:2` },
    );
    expect(data.node.copyRun.copySnapshotTasks.nodes).toHaveLength(3);
    expect(products.cohesity.requests()).toEqual([oneRun]);
  });

  it('costs nothing more for the run in brief when the run has been read whole', async () => {
    const products = await startProducts(estate);
    const data = await ask(products, 'query ($id: ID!) { copyRun(id: $id) { protectionShell { id jobRunId } } }', {
      id: `CopyRun:${copyRunKey}`,
    });
    expect(data.copyRun.protectionShell).toEqual({ id: `ProtectionShell:${runKey}`, jobRunId: '4711' });
    expect(products.cohesity.requests()).toEqual([oneRun]);
  });

  it('is read once, however often a query mentions it', async () => {
    const products = await startProducts(estate);
    const id = `CopyRun:${copyRunKey}`;
    await ask(
      products,
      'query ($id: ID!) { a: copyRun(id: $id) { id } b: copyRun(id: $id) { state } c: node(id: $id) { id } nodes(ids: [$id, $id]) { id } }',
      { id },
    );
    expect(products.cohesity.requests()).toEqual([oneRun]);
  });

  it('is read anew by the next request, since a loader lives as long as one', async () => {
    const products = await startProducts(estate);
    for (let time = 0; time < 2; time += 1) await ask(products, nodes, { ids: [`CopyRun:${copyRunKey}`] });
    expect(products.cohesity.requests()).toEqual([oneRun, oneRun]);
  });
});

describe('a list of copy runs', () => {
  it('leaves the tasks out where nobody asks for them', async () => {
    const products = await startProducts({
      runs: recentRuns(3, () => wireCopyRun(501, { copySnapshotTasks: tasksOf(1) })),
    });
    const { copyRuns } = await ask(
      products,
      '{ copyRuns { totalCount nodes { id name target { kind } stats { isIncremental } } } }',
    );
    expect(copyRuns.nodes).toHaveLength(3);
    expect(products.cohesity.seen.map(({ query }) => query.get('excludeTasks'))).toEqual(['true']);
  });

  it.each([
    ['by name', '{ copyRuns { nodes { copySnapshotTasks { nodes { id } } } } }'],
    [
      'by a fragment',
      '{ copyRuns { nodes { ...F } } } fragment F on CopyRun { tasks: copySnapshotTasks { nodes { id } } }',
    ],
    ['in the edges', '{ copyRuns { edges { node { copySnapshotTasks { totalCount } } } } }'],
    ['of its tasks’ names, by a filter', '{ copyRuns(filter: { objectName: "vm-1" }) { nodes { id } } }'],
  ])('reads them with it where somebody does: %s', async (_how, query) => {
    const products = await startProducts({
      runs: recentRuns(3, () => wireCopyRun(501, { copySnapshotTasks: tasksOf(1) })),
    });
    const { copyRuns } = await ask(products, query);
    expect(copyRuns.nodes ?? copyRuns.edges).toHaveLength(3);
    expect(
      products.cohesity.seen.map(({ path, query: sent }) => [path.split('/').at(-1), sent.get('excludeTasks')]),
    ).toEqual([['protectionRuns', null]]);
  });

  it('costs nothing more for the runs in brief and the copies beside it', async () => {
    const products = await startProducts({ runs: recentRuns(5) });
    const { copyRuns } = await ask(
      products,
      '{ copyRuns { nodes { protectionShell { id copyRuns { nodes { copySnapshotTasks { totalCount } } } } } } }',
    );
    expect(copyRuns.nodes).toHaveLength(5);
    expect(products.cohesity.seen).toHaveLength(1);
  });

  it('costs nothing more for the runs in brief where it left the tasks out', async () => {
    const products = await startProducts({ runs: recentRuns(5) });
    const { copyRuns } = await ask(products, '{ copyRuns { nodes { protectionShell { id state jobRunId } } } }');
    expect(copyRuns.nodes).toHaveLength(5);
    expect(copyRuns.nodes[0].protectionShell).toMatchObject({ state: 'SUCCEEDED', jobRunId: '1' });
    expect(products.cohesity.seen).toHaveLength(1);
  });

  it('shares its answer with the list of tasks', async () => {
    const products = await startProducts({
      runs: recentRuns(3, () => wireCopyRun(501, { copySnapshotTasks: tasksOf(1) })),
    });
    await ask(
      products,
      '{ copyRuns { nodes { copySnapshotTasks { totalCount } } } copySnapshotTasks { nodes { id copyRun { id } } } }',
    );
    expect(products.cohesity.seen).toHaveLength(1);
  });
});

describe('a list of runs in brief', () => {
  it('asks for shells alone', async () => {
    const products = await startProducts({ runs: recentRuns(3) });
    const { protectionShells } = await ask(products, '{ protectionShells { nodes { id state } } }');
    expect(protectionShells.nodes).toHaveLength(3);
    expect(products.cohesity.seen.map(({ query }) => query.get('onlyReturnShellInfo'))).toEqual(['true']);
  });

  it('has the copies of each run, which a shell does not tell, for one call more for each at most', async () => {
    const products = await startProducts({ runs: recentRuns(3) });
    const { protectionShells } = await ask(
      products,
      '{ protectionShells { nodes { copyRuns { totalCount nodes { state } } } } }',
    );
    expect(protectionShells.nodes).toEqual(
      [1, 2, 3].map(() => ({ copyRuns: { totalCount: 1, nodes: [{ state: 'SUCCEEDED' }] } })),
    );
    expect(products.cohesity.seen.length).toBeLessThanOrEqual(4);
  });
});

describe('names by number', () => {
  it('of all objects that a query touches come by one call', async () => {
    const legalHoldings = [1, 2, 3, 2].map((protectionSourceId) => ({ protectionSourceId, holdForLegalPurpose: true }));
    const products = await startProducts({
      ...estate,
      runs: [wireRun({ copyRun: [wireCopyRun(501, { legalHoldings }), wireCopyRun(502, { legalHoldings })] })],
    });
    const data = await ask(
      products,
      `query ($id: ID!) { node(id: $id) { ... on ProtectionShell { copyRuns { nodes { legalHoldings { protectionSource { name } } } } } } }`,
      { id: `ProtectionShell:${runKey}` },
    );
    expect(data.node.copyRuns.nodes[1].legalHoldings[3].protectionSource.name).toBe('vm-2');
    expect(products.cohesity.requests().filter((request) => request.startsWith(sourcesPath))).toEqual([
      `${sourcesPath}?objectIds=1%2C2%2C3`,
    ]);
  });

  it('of all jobs of a list come by one call', async () => {
    const products = await startProducts({
      runs: recentRuns(4),
      jobs: [1, 2, 3, 4].map((id) => ({ id, name: `n${id}` })),
    });
    const { copyRuns } = await ask(
      products,
      '{ copyRuns { nodes { protectionJob { name } protectionShell { protectionJob { name } } } } }',
    );
    expect(copyRuns.nodes.map((run: { protectionJob: { name: string } }) => run.protectionJob.name)).toEqual([
      'n1',
      'n2',
      'n3',
      'n4',
    ]);
    expect(products.cohesity.requests().filter((request) => request.startsWith(jobsPath))).toEqual([
      `${jobsPath}?ids=1%2C2%2C3%2C4&allUnderHierarchy=true`,
    ]);
  });

  it.each([
    ['ProtectionJob', jobsPath, 'ids'],
    ['ProtectionSource', sourcesPath, 'objectIds'],
    ['ProtectedObject', sourcesPath, 'objectIds'],
  ])('of more than 200 of the type %s come by 200 for each call', async (type, path, parameter) => {
    const numbers = Array.from({ length: 450 }, (_, index) => index + 1);
    const records = numbers.map((id) => wireSource(id));
    const products = await startProducts({ jobs: records, sources: records });
    const ids = numbers.map((number) => `${type}:dc-east:${number}`);
    const data = await ask(products, nodes, { ids });
    expect(data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(products.cohesity.requests().every((request) => request.startsWith(path))).toBe(true);
    expect(products.cohesity.seen.map(({ query }) => query.get(parameter)?.split(',').length)).toEqual([200, 200, 50]);
  });

  it('of one chunk that fails cost only that chunk', async () => {
    const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
    const products = await startProducts({
      sources: numbers.map((id) => wireSource(id)),
      limits: { maxUpstreamCalls: 1 },
    });
    const { data, errors } = await products.execute(nodes, {
      ids: numbers.map((number) => `ProtectionSource:dc-east:${number}`),
    });
    expect(data.nodes.map((node: unknown) => node !== null)).toEqual(numbers.map((number) => number <= 200));
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['UPSTREAM_BUDGET_EXCEEDED']));
    expect(errors).toHaveLength(5); // the most that an answer reports
  });

  it('of the sources of several jobs come by one call', async () => {
    const products = await startProducts({
      jobs: [
        { id: 7, environment: 'kVMware', sourceIds: [1, 2] },
        { id: 8, environment: 'kVMware', sourceIds: [2, 3] },
      ],
      sources: [1, 2, 3].map((id) => wireSource(id)),
    });
    await ask(products, '{ protectionJobs { nodes { sources { name } } } }');
    expect(products.cohesity.requests()).toEqual([
      `${jobsPath}?allUnderHierarchy=true`,
      `${sourcesPath}?objectIds=1%2C2%2C3`,
    ]);
  });
});

describe('a cluster', () => {
  it('is asked who it is once, for all three fields and however often', async () => {
    const products = await startProducts({ cluster: { id: 1, name: 'fra', clusterSoftwareVersion: '7' } });
    await ask(products, '{ upstreams { clusterId clusterName version } upstream(name: "dc-east") { version } }');
    expect(products.cohesity.requests()).toEqual([clusterPath]);
    expect(products.aws.requests()).toEqual([]);
  });

  it('is not asked for what the config and this process know', async () => {
    const products = await startProducts({});
    await ask(products, '{ upstreams { id name kind region sandbox health { status } } }');
    expect(products.cohesity.requests()).toEqual([]);
  });
});

describe('copy jobs', () => {
  const family = (parents: number, children: number): readonly Wire[] =>
    Array.from({ length: parents }, (_, parent) => [
      wireCopyJob(`P${parent}`, { IsParent: true, CreationDate: Date.now() / 1000 - 3600 }),
      ...Array.from({ length: children }, (_each, child) =>
        wireCopyJob(`C${parent}-${child}`, {
          ParentJobId: `P${parent}`,
          CreationDate: Date.now() / 1000 - 1800 - child,
        }),
      ),
    ]).flat();

  it('are described once each, however often a query mentions them', async () => {
    const products = await startProducts({ copyJobs: [wireCopyJob('J1'), wireCopyJob('J2')] });
    await ask(
      products,
      `{ a: copyJob(copyJobId: "J1") { id } b: copyJob(copyJobId: "J1", upstream: "aws-prod") { state }
         c: node(id: "CopyJob:aws-prod:J1") { id } nodes(ids: ["CopyJob:aws-prod:J2", "CopyJob:aws-prod:J2"]) { id } }`,
    );
    expect([...products.aws.requests()].sort()).toEqual(['GET /copy-jobs/J1', 'GET /copy-jobs/J2']);
  });

  it('are described at most ten at once', async () => {
    const copyJobs = Array.from({ length: 25 }, (_, index) => wireCopyJob(`J${index}`));
    const products = await startProducts({ copyJobs, maxConcurrent: 50 });
    const waiting: (() => void)[] = [];
    let most = 0;
    /** Lets the answers go, after some work of the same process in which an eleventh request would have come. */
    const release = async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn += 1) await products.execute('{ upstreams { id } }');
      for (const go of waiting.splice(0)) go();
    };
    products.aws.before = () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(undefined));
        most = Math.max(most, waiting.length);
        if (waiting.length === 10 || products.aws.seen.length === 25) void release();
      });
    const ids = copyJobs.map(({ CopyJobId }) => `CopyJob:aws-prod:${String(CopyJobId)}`);
    expect((await ask(products, nodes, { ids })).nodes).toHaveLength(25);
    expect([products.aws.seen.length, most]).toEqual([25, 10]);
  });

  it('that a list brought cost nothing more, parents neither', async () => {
    const products = await startProducts({ copyJobs: family(2, 3) });
    const { copyJobs } = await ask(products, '{ copyJobs { nodes { id parent { id } } } }');
    expect(copyJobs.nodes).toHaveLength(8);
    expect(products.aws.seen.map(({ path }) => path.replace(/\/$/, ''))).toEqual(['/copy-jobs']);
  });

  it('have their children by one list for each parent, and a child costs nothing then', async () => {
    const products = await startProducts({ copyJobs: family(2, 3) });
    const data = await ask(
      products,
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { children { nodes { id parent { id children { totalCount } } } } } } }`,
      { ids: ['CopyJob:aws-prod:P0', 'CopyJob:aws-prod:P1'] },
    );
    expect(data.nodes[1].children.nodes[2]).toEqual({
      id: 'CopyJob:aws-prod:C1-2',
      parent: { id: 'CopyJob:aws-prod:P1', children: { totalCount: 3 } },
    });
    const lists = products.aws.seen.filter(({ path }) => /^\/copy-jobs\/?$/.test(path));
    expect(lists.map(({ query }) => query.get('parentJobId')).sort()).toEqual(['P0', 'P1']);
    expect(products.aws.seen).toHaveLength(4); // both parents by their ids, and both lists
  });

  it('that their parent’s list brought are not described when their own children name them', async () => {
    const grandchild = wireCopyJob('G', { ParentJobId: 'C0-1' });
    const products = await startProducts({ copyJobs: [...family(1, 3), grandchild] });
    const data = await ask(
      products,
      `{ copyJob(copyJobId: "P0") { children { nodes { copyJobId children(first: 10) { nodes { copyJobId parent { copyJobId state } } } } } } }`,
    );
    expect(data.copyJob.children.nodes[1]).toEqual({
      copyJobId: 'C0-1',
      children: { nodes: [{ copyJobId: 'G', parent: { copyJobId: 'C0-1', state: 'SUCCEEDED' } }] },
    });
    expect(products.aws.requests().filter((request) => /^GET \/copy-jobs\/[CG]/.test(request))).toEqual([]);
  });

  it('ask for no children of a job that says it is no parent', async () => {
    const products = await startProducts({ copyJobs: [wireCopyJob('J1', { IsParent: false })] });
    const data = await ask(products, '{ copyJob(copyJobId: "J1") { children { totalCount } } }');
    expect(data.copyJob.children).toEqual({ totalCount: 0 });
    expect(products.aws.requests()).toEqual(['GET /copy-jobs/J1']);
  });

  it('follow the tokens of a parent with more than a thousand children, page by page', async () => {
    const products = await startProducts({ copyJobs: family(1, 1200) });
    const data = await ask(products, '{ copyJob(copyJobId: "P0") { children(first: 1) { totalCount } } }');
    expect(data.copyJob.children.totalCount).toBe(1200);
    const lists = products.aws.seen.filter(({ path }) => /^\/copy-jobs\/?$/.test(path));
    expect(lists.map(({ query }) => query.get('nextToken'))).toEqual([null, expect.stringContaining('1000')]);
  });
});

describe('a big query', () => {
  it('makes Node warn of nothing', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error): void => void warnings.push(warning);
    process.on('warning', keep);
    const copyJobs = Array.from({ length: 60 }, (_, index) => wireCopyJob(`J${index}`));
    const products = await startProducts({ copyJobs });
    await ask(products, nodes, { ids: copyJobs.map(({ CopyJobId }) => `CopyJob:aws-prod:${String(CopyJobId)}`) });
    await new Promise(setImmediate); // warnings are emitted on a later turn
    process.off('warning', keep);
    expect(warnings).toEqual([]);
  });
});
