import { describe, expect, it } from 'vitest';
import { type Seen } from '../support/fake.js';
import { EAST, startPair } from '../support/pair.js';
import { startProducts } from '../support/products.js';
import { wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const HOUR = 3_600_000_000;
const now = Date.now() * 1000;
const hoursAgo = (hours: number): number => now - hours * HOUR;

const remote = { type: 'kRemote', replicationTarget: { clusterId: 77, clusterName: 'dr-west' } };

const runOf = (jobId: number, hours: number, sourceId: number) =>
  wireRunOf(jobId, hoursAgo(hours), {
    backupRun: {
      jobRunId: 1,
      status: 'kSuccess',
      stats: { startTimeUsecs: hoursAgo(hours), endTimeUsecs: hoursAgo(hours) + 60 },
    },
    copyRun: [
      wireCopyRun(hours, {
        target: remote,
        runStartTimeUsecs: hoursAgo(hours),
        stats: { logicalSizeBytes: 100 },
        copySnapshotTasks: [
          wireTask(wireSource(sourceId), {
            taskStartTimeUsecs: hoursAgo(hours),
            taskEndTimeUsecs: hoursAgo(hours) + HOUR / 2,
          }),
        ],
      }),
    ],
  });

/** Job 7 copies vm-1 and vm-2 and names vm-3 too; job 8 copies vm-2. */
const estate = {
  jobs: [
    { id: 7, name: 'Gold', sourceIds: [1, 2, 3] },
    { id: 8, name: 'Silver', sourceIds: [2] },
  ],
  sources: [wireSource(1), wireSource(2), wireSource(3), wireSource(4)],
  runs: [runOf(7, 30, 1), runOf(8, 6, 2), runOf(7, 3, 2), runOf(7, 2, 1)],
};

const callsTo = (seen: readonly Seen[], end: string) => seen.filter(({ path }) => path.endsWith(end));

const gold = 'ProtectionJob:dc-east:7';

describe('a protection job', () => {
  it('is read by its id with one call, and is null where the cluster has none', async () => {
    const { execute, cohesity } = await startProducts(estate);
    const { data, errors } = await execute(
      `{ one: protectionJob(id: "${gold}") { id name } none: protectionJob(id: "ProtectionJob:dc-east:99") { id } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ one: { id: gold, name: 'Gold' }, none: null });
    expect(callsTo(cohesity.seen, 'protectionJobs')).toHaveLength(1);
  });

  it.each([
    ['ProtectionShell:dc-east:7:1', 'is not an id of the form ProtectionJob:<upstream>:<key parts>'],
    ['ProtectionJob:nowhere:7', 'names an upstream that is not configured'],
  ])('refuses %s', async (id, why) => {
    const { execute } = await startProducts(estate);
    const { errors } = await execute(`{ protectionJob(id: "${id}") { id } }`);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(why), extensions: { code: 'BAD_USER_INPUT', argument: 'id' } },
    ]);
  });

  it('lists its own copies and runs, and sums them up, in one call', async () => {
    const { execute, cohesity } = await startProducts(estate);
    const { data, errors } = await execute(`{ protectionJob(id: "${gold}") {
      copyRuns { totalCount nodes { protectionJob { id } } upstreamReports { upstream { name } complete } }
      protectionShells { totalCount nodes { protectionJob { id } } }
      copySummary(groupBy: [TARGET_KIND]) { total { count sizeBytes } groups { targetKind count } }
      week: copyRuns(filter: { startedAfter: "${new Date(hoursAgo(48) / 1000).toISOString()}" }, first: 2) {
        totalCount nodes { startedAt } pageInfo { hasNextPage endCursor }
      }
    } }`);
    expect(errors).toEqual([]);
    const { copyRuns, protectionShells, copySummary, week } = data.protectionJob;
    expect(copyRuns).toEqual({
      totalCount: 2,
      nodes: [{ protectionJob: { id: gold } }, { protectionJob: { id: gold } }],
      upstreamReports: [{ upstream: { name: 'dc-east' }, complete: true }],
    });
    expect(protectionShells.totalCount).toBe(2);
    expect(copySummary).toEqual({
      total: { count: 2, sizeBytes: '200' },
      groups: [{ targetKind: 'REMOTE', count: 2 }],
    });
    expect(week).toMatchObject({ totalCount: 3, nodes: [{}, {}], pageInfo: { hasNextPage: true } });
    const runs = callsTo(cohesity.seen, 'protectionRuns');
    expect(runs.every(({ query }) => query.get('jobId') === '7')).toBe(true);
    expect(runs.length).toBeLessThanOrEqual(3); // in brief, with copies, and the week before

    const next = await execute(
      `query ($after: String) { protectionJob(id: "${gold}") { copyRuns(filter: { startedAfter: "${new Date(hoursAgo(48) / 1000).toISOString()}" }, first: 2, after: $after) { nodes { startedAt } } } }`,
      { after: week.pageInfo.endCursor },
    );
    expect(next.data.protectionJob.copyRuns.nodes).toHaveLength(1);
  });

  it('has nothing left of a filter for other jobs or upstreams, and refuses what no filter may say', async () => {
    const { execute } = await startProducts(estate);
    const listed = async (filter: string) =>
      await execute(`{ protectionJob(id: "${gold}") { copyRuns(filter: ${filter}) { totalCount nodes { id } } } }`);
    for (const filter of ['{ protectionJobIds: ["ProtectionJob:dc-east:8"] }', '{ upstreams: ["aws-prod"] }']) {
      const { data, errors } = await listed(filter);
      expect([data.protectionJob.copyRuns, errors]).toEqual([{ totalCount: 0, nodes: [] }, []]);
    }
    for (const [filter, argument] of [
      ['{ protectionJobIds: ["nonsense"] }', 'filter.protectionJobIds'],
      ['{ upstreams: ["nowhere"] }', 'filter.upstreams'],
      ['{ targetIds: ["CopyJob:aws-prod:1"] }', 'filter.targetIds'],
    ] as const) {
      const { errors } = await listed(filter);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    }
  });

  it('has as its objects what it copied and what it names, as the list of all has them', async () => {
    const { execute, cohesity } = await startProducts(estate);
    const node = 'id name copyPosture { copies offsite offsiteLagSeconds }';
    const { data, errors } = await execute(`{
      protectedObjects { nodes { ${node} } }
      protectionJobs { nodes { name protectedObjects { totalCount nodes { ${node} } } } }
    }`);
    expect(errors).toEqual([]);
    const all = new Map(data.protectedObjects.nodes.map((one: { name: string }) => [one.name, one]));
    const [first, second] = data.protectionJobs.nodes;
    expect(first).toEqual({
      name: 'Gold',
      protectedObjects: { totalCount: 3, nodes: ['vm-1', 'vm-2', 'vm-3'].map((name) => all.get(name)) },
    });
    expect(second).toEqual({ name: 'Silver', protectedObjects: { totalCount: 1, nodes: [all.get('vm-2')] } });
    expect(all.get('vm-2')).toMatchObject({ copyPosture: { copies: 2 } }); // those of both jobs
    expect(callsTo(cohesity.seen, 'protectionRuns')).toHaveLength(1); // for all three lists
  });

  it('sorts and pages its objects', async () => {
    const { execute } = await startProducts(estate);
    const page = (after: string | null) =>
      execute(
        `query ($after: String) { protectionJob(id: "${gold}") { protectedObjects(first: 2, after: $after, orderBy: { field: OFFSITE_LAG, direction: DESC }) { nodes { name } pageInfo { hasNextPage endCursor } } } }`,
        { after },
      );
    const one = (await page(null)).data.protectionJob.protectedObjects;
    const two = (await page(one.pageInfo.endCursor)).data.protectionJob.protectedObjects;
    expect([...one.nodes, ...two.nodes].map(({ name }) => name)).toEqual(['vm-3', 'vm-2', 'vm-1']);
    expect(two.pageInfo.hasNextPage).toBe(false);
  });

  it('reads as new as the list says, and no other field with it', async () => {
    const { execute, cohesity } = await startProducts({ ...estate, cache: { listSeconds: 3600, answerSeconds: 0 } });
    const query = (maxAge: string) =>
      `{ protectionJob(id: "${gold}") { name copyRuns${maxAge} { nodes { id } } protectionShells { nodes { id } } } }`;
    await execute(query(''));
    const before = callsTo(cohesity.seen, 'protectionRuns').length;
    await execute(query(''));
    expect(callsTo(cohesity.seen, 'protectionRuns')).toHaveLength(before);
    await execute(query('(maxAge: 0)'));
    expect(callsTo(cohesity.seen, 'protectionRuns')).toHaveLength(before + 1);
  });

  it('of a replica has its owner’s objects, where the owner is asked', async () => {
    const { execute } = await startPair();
    const objectsOf = async (filter: string) =>
      (
        await execute(
          `{ protectionJob(id: "ProtectionJob:dc-west:29") { protectedObjects${filter} { nodes { id } } } }`,
        )
      ).data.protectionJob.protectedObjects.nodes;
    expect(await objectsOf('')).toEqual([{ id: 'ProtectedObject:dc-east:11' }]);
    expect(await objectsOf('(filter: { upstreams: ["dc-west"] })')).toEqual([{ id: 'ProtectedObject:dc-west:911' }]);
  });
});

describe('the clusters that one replicates to', () => {
  const query = '{ upstreams { name replicationClusters { clusterId name upstream { name } } } }';
  const remotes = [
    { clusterId: 77, name: 'dr-west', purposeReplication: true },
    { clusterId: EAST, name: 'for access alone', purposeReplication: false },
    { clusterId: 5, name: null, purposeReplication: true },
  ];

  it('are told with the upstream that each is, by one call that is kept', async () => {
    const { execute, east } = await startPair(
      undefined,
      { cache: { listSeconds: 3600, answerSeconds: 0 } },
      {},
      { 'dc-east': remotes },
    );
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await execute(query);
      expect(errors).toEqual([]);
      expect(data.upstreams).toEqual([
        {
          name: 'dc-east',
          replicationClusters: [
            { clusterId: '5', name: null, upstream: null },
            { clusterId: '77', name: 'dr-west', upstream: { name: 'dc-west' } },
          ],
        },
        { name: 'dc-west', replicationClusters: [] },
      ]);
    }
    const [asked, ...more] = callsTo(east.seen, 'remoteClusters');
    expect(more).toEqual([]);
    expect(asked?.query.get('purposeReplication')).toBe('true');
  });

  it('are null for AWS, and where the cluster cannot be read, which is told', async () => {
    const { execute, cohesity } = await startProducts({});
    cohesity.before = ({ path }) =>
      path.endsWith('remoteClusters') ? { status: 400, body: { errorCode: 'KNo', message: 'no' } } : undefined;
    const { data, errors } = await execute(query);
    expect(data.upstreams).toEqual([
      { name: 'dc-east', replicationClusters: null },
      { name: 'aws-prod', replicationClusters: null },
    ]);
    expect(errors).toMatchObject([{ path: ['upstreams', 0, 'replicationClusters'] }]);
  });

  it('are told although another upstream does not say who it is, which is told too', async () => {
    const { execute } = await startPair(
      (name, { path }) =>
        name === 'dc-west' && path.endsWith('/cluster')
          ? { status: 400, body: { errorCode: 'KNo', message: 'no' } }
          : undefined,
      {},
      {},
      { 'dc-east': remotes.slice(0, 1) },
    );
    const { data, errors } = await execute(query);
    expect(data.upstreams[0].replicationClusters).toEqual([{ clusterId: '77', name: 'dr-west', upstream: null }]);
    expect(errors).toMatchObject([{ extensions: { upstream: 'dc-west' } }]);
  });
});
