import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import { type Wire, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const HOUR = 3_600_000_000;
const now = Date.now() * 1000;
const hoursAgo = (hours: number): number => now - hours * HOUR;
const text = (hours: number): string => new Date(hoursAgo(hours) / 1000).toISOString();

const remote = { type: 'kRemote', replicationTarget: { clusterId: 77, clusterName: 'dr-west' } };
const local = { type: 'kLocal' };

const runWith = (hours: number, target: Wire, ids: readonly number[], copy: Wire = {}, backup: Wire = {}): Wire =>
  wireRunOf(7, hoursAgo(hours), {
    backupRun: { jobRunId: 1, status: 'kSuccess', stats: { startTimeUsecs: hoursAgo(hours) }, ...backup },
    copyRun: [
      wireCopyRun(hours, {
        target,
        runStartTimeUsecs: hoursAgo(hours),
        copySnapshotTasks: ids.map((id) =>
          wireTask(wireSource(id), {
            taskStartTimeUsecs: hoursAgo(hours),
            taskEndTimeUsecs: hoursAgo(hours) + HOUR / 2,
            status: 'kSuccess',
          }),
        ),
        ...copy,
      }),
    ],
  });

const lock = (type: string) => ({
  dataLockConstraints: { wormRetentionType: type, expiryTimeUsecs: hoursAgo(-100) },
});

/** vm-1 is off site since 30 hours, vm-2 since 6 and locked, vm-3 only at home, vm-4 never copied. */
const estate = {
  jobs: [{ id: 7, name: 'VM Gold', sourceIds: [1, 2, 3, 4] }],
  sources: [wireSource(1), wireSource(2), wireSource(3), wireSource(4)],
  runs: [
    runWith(30, remote, [1, 2]),
    runWith(6, remote, [2], lock('kCompliance')),
    runWith(5, local, [2, 3], lock('kAdministrative')),
    runWith(4, local, [3]),
  ],
};

const names = (data: { protectedObjects: { nodes: readonly { name: string }[] } }) =>
  data.protectedObjects.nodes.map(({ name }) => name).join(' ');

const find = async (args: string) => {
  const { execute } = await startProducts(estate);
  const { data, errors } = await execute(`{ protectedObjects(${args}) { nodes { name } } }`);
  expect(errors).toEqual([]);
  return names(data);
};

describe('the protected objects', () => {
  it.each([
    ['{ field: OFFSITE_LAG, direction: DESC }', 'vm-3 vm-4 vm-1 vm-2'],
    ['{ field: OFFSITE_LAG, direction: ASC }', 'vm-2 vm-1 vm-3 vm-4'],
    ['{ field: COPIES, direction: DESC }', 'vm-2 vm-3 vm-1 vm-4'],
    ['{ field: COPIES }', 'vm-4 vm-1 vm-3 vm-2'],
    ['{ field: NAME, direction: DESC }', 'vm-4 vm-3 vm-2 vm-1'],
    ['{ field: NAME, direction: ASC }', 'vm-1 vm-2 vm-3 vm-4'],
  ])('are sorted by %s', async (order, sorted) => expect(await find(`orderBy: ${order}`)).toBe(sorted));

  it.each([
    ['offsite: true', 'vm-1 vm-2'],
    ['offsite: false', 'vm-3 vm-4'],
    ['immutable: true', 'vm-2'],
    ['immutable: false', 'vm-1 vm-3 vm-4'],
    ['locked: true', 'vm-2 vm-3'],
    ['locked: false', 'vm-1 vm-4'],
    ['sitesBelow: 2', 'vm-1 vm-3 vm-4'],
    ['sitesBelow: 1', 'vm-4'],
    ['sitesBelow: 2, locked: true', 'vm-3'],
  ])('that have %s are found', async (filter, found) => expect(await find(`filter: { ${filter} }`)).toBe(found));

  it('tell the lag they are sorted by, in the reads of the list', async () => {
    const products = await startProducts(estate);
    const query = (more: string) => `{ protectedObjects ${more} } }`;
    await products.execute(query('{ nodes { name copyPosture { copies } }'));
    const plain = products.cohesity.requests().length;
    const { data } = await products.execute(
      query('(orderBy: { field: OFFSITE_LAG, direction: DESC }) { nodes { copyPosture { offsiteLagSeconds } }'),
    );
    expect(products.cohesity.requests().length - plain).toBe(plain);
    const lags = data.protectedObjects.nodes.map(
      ({ copyPosture }: { copyPosture: { offsiteLagSeconds: number | null } }) =>
        copyPosture.offsiteLagSeconds === null ? null : Math.floor(copyPosture.offsiteLagSeconds / 3600),
    );
    expect(lags).toEqual([null, null, 30, 6]);
  });

  it('are paged by cursors that are good for their own order alone', async () => {
    const { execute } = await startProducts(estate);
    const page = async (args: string) => {
      const { data, errors } = await execute(`{ protectedObjects(${args}) { nodes { name } pageInfo { endCursor } } }`);
      return { data, errors, cursor: data?.protectedObjects?.pageInfo.endCursor };
    };
    const lag = 'orderBy: { field: OFFSITE_LAG, direction: DESC }';
    const first = await page(`${lag}, first: 2`);
    expect(names((await page(`${lag}, after: "${first.cursor}"`)).data)).toBe('vm-1 vm-2');
    for (const other of ['', 'orderBy: { field: OFFSITE_LAG, direction: ASC },', 'orderBy: { field: COPIES },'])
      expect((await page(`${other} after: "${first.cursor}"`)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
      ]);
  });
});

describe('the trend of the lag', () => {
  const points = 'points { at objects withoutOffsite p95LagSeconds maxLagSeconds }';
  const reports = 'upstreamReports { upstream { name } complete incompleteReasons }';

  it('tells it as it was, in the reads of the list, and leaves out what expired or was deleted meanwhile', async () => {
    const expiring = runWith(20, remote, [3], { expiryTimeUsecs: hoursAgo(15) });
    const deleted = runWith(18, local, [4], {}, { snapshotsDeleted: true });
    const products = await startProducts({ ...estate, runs: [...estate.runs, expiring, deleted] });
    const { data, errors } = await products.execute(
      `{ copyLagTrend(from: "${text(29)}", to: "${text(0)}", step: HOUR) { ${points} ${reports} } }`,
    );
    expect(errors).toEqual([]);
    const trend = data.copyLagTrend.points.map(
      (point: { objects: number; withoutOffsite: number; p95LagSeconds: number; maxLagSeconds: number }) =>
        [point.objects, point.withoutOffsite, point.p95LagSeconds / 3600, point.maxLagSeconds / 3600].join(' '),
    );
    expect(trend).toHaveLength(30);
    expect([trend[0], trend[10], trend[15], trend[24], trend[29]]).toEqual([
      '2 0 1 1', // vm-1 and vm-2 were copied 30 hours ago, and the others not yet
      '3 0 11 11', // vm-3 too, half an hour after 20 hours ago
      '4 2 16 16', // that copy has expired, and vm-4 was copied at home alone
      '4 2 25 25', // 5 hours ago
      '4 2 30 30',
    ]);
    expect(data.copyLagTrend.upstreamReports).toEqual([
      { upstream: { name: 'dc-east' }, complete: true, incompleteReasons: [] },
      { upstream: { name: 'aws-prod' }, complete: true, incompleteReasons: [] },
    ]);
    const asked = products.cohesity.requests().length;
    await products.execute('{ protectedObjects { nodes { copyPosture { copies } } } }');
    expect(products.cohesity.requests()).toHaveLength(2 * asked);
  });

  it('is of the objects that a filter finds', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(
      `{ copyLagTrend(filter: { name: "vm-1" }, from: "${text(1)}") { points { objects maxLagSeconds } } }`,
    );
    expect(data.copyLagTrend.points.map(({ objects }: { objects: number }) => objects)).toEqual([1, 1]);
  });

  it('says so where it begins before what is read, and leaves those points out', async () => {
    const { execute } = await startProducts(estate);
    const query = (rest: string) => `{ copyLagTrend(from: "${text(10 * 24)}", step: DAY) { points { at } ${rest} } }`;
    const { data } = await execute(query(reports));
    expect(data.copyLagTrend.points).toHaveLength(7);
    expect(data.copyLagTrend.upstreamReports).toMatchObject([
      { complete: false, incompleteReasons: ['LOOK_BACK'] },
      { complete: false, incompleteReasons: ['LOOK_BACK'] },
    ]);
    expect((await execute(query(''))).errors).toMatchObject([
      { path: ['copyLagTrend'], extensions: { upstream: 'dc-east' } },
      { path: ['copyLagTrend'], extensions: { upstream: 'aws-prod' } },
    ]);
  });

  it.each([
    [`from: "${text(1)}", to: "${text(2)}"`, 'to'],
    [`from: "${text(-2)}"`, 'from'],
    [`from: "${text(-2)}", to: "${text(-3)}"`, 'from'],
    [`from: "${text(24 * 100)}", step: HOUR`, 'from'],
    [`from: "${text(1)}", filter: { upstreams: ["dc-wast"] }`, 'filter.upstreams'],
  ])('is refused by the argument: %s', async (args, argument) => {
    const products = await startProducts(estate);
    const { data, errors } = await products.execute(`{ copyLagTrend(${args}) { points { at } } }`);
    expect(data.copyLagTrend).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(products.cohesity.requests()).toEqual([]);
  });
});
