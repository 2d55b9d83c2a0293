import { describe, expect, it } from 'vitest';
import type { Fake, Reply, Seen } from '../support/fake.js';
import { type Name, WEST, at, startPair } from '../support/pair.js';

const reports = 'upstreamReports { upstream { name } ok complete incompleteReasons }';
const copies = (filter = '') =>
  `{ copyOperations${filter} { totalCount nodes { id target { kind } ... on CopyRun { isReplica } } ${reports} } copySummary${filter} { total { count sizeBytes } ${reports} } }`;

/** Each copy as its cluster, the id of its task, and whether it is a replica's. */
const shown = (nodes: readonly { readonly id: string; readonly isReplica: boolean | null }[]): readonly string[] =>
  nodes.map(({ id, isReplica }) => `${id.split(':')[1]} ${id.split(':')[6]} ${isReplica}`).sort();

const east = ['dc-east 1 false', 'dc-east 2 false'];
const westOwn = 'dc-west 6 false';
const westArchive = 'dc-west 5 true';
const westLocal = 'dc-west 4 true';

const down = (): Reply => ({ status: 400, body: { errorCode: 'KNo', message: 'no' } });
const whole = [
  { upstream: { name: 'dc-east' }, ok: true, complete: true, incompleteReasons: [] },
  { upstream: { name: 'dc-west' }, ok: true, complete: true, incompleteReasons: [] },
];

describe('a pair of clusters', () => {
  it.each([
    ['', [...east, westArchive, westOwn]],
    ['(filter: { replicas: AUTO })', [...east, westArchive, westOwn]],
    ['(filter: { replicas: INCLUDE })', [...east, westLocal, westArchive, westOwn]],
    ['(filter: { replicas: EXCLUDE })', [...east, westArchive, westOwn]],
    ['(filter: { replicas: ONLY })', [westLocal, westArchive]],
    // A copy is reported by no other cluster if its owner is not asked, or not for that job.
    ['(filter: { upstreams: ["dc-west"] })', [westLocal, westArchive, westOwn]],
    ['(filter: { upstreams: ["dc-west"], replicas: EXCLUDE })', [westArchive, westOwn]],
    ['(filter: { protectionJobIds: ["ProtectionJob:dc-west:29"] })', [westLocal, westArchive]],
    ['(filter: { protectionJobIds: ["ProtectionJob:dc-west:29", "ProtectionJob:dc-east:7"] })', [...east, westArchive]],
  ])('with %s counts each copy once, in the list and in the sum', async (filter, expected) => {
    const { execute } = await startPair();
    const { data, errors } = await execute(copies(filter));
    expect(errors).toEqual([]);
    expect(shown(data.copyOperations.nodes)).toEqual([...expected].sort());
    expect(data.copyOperations.totalCount).toBe(expected.length);
    expect(data.copySummary.total).toEqual({ count: expected.length, sizeBytes: String(100 * expected.length) });
  });

  it('asks each cluster once who it is, and no more by the next list', async () => {
    const pair = await startPair();
    const calls = ({ seen }: Fake) => seen.map(({ path }) => path.split('/').at(-1)).sort();
    for (let time = 0; time < 2; time += 1) await pair.execute('{ copyRuns { nodes { id isReplica } } }');
    for (const cluster of [pair.east, pair.west])
      expect(calls(cluster)).toEqual(['cluster', 'protectionRuns', 'protectionRuns']);
  });

  it('shows a replica’s copies where its owner fails, whatever it does', async () => {
    const { execute } = await startPair((name, { path }) =>
      name === 'dc-east' && path.endsWith('protectionRuns') ? down() : undefined,
    );
    const { data } = await execute(copies());
    expect(shown(data.copyOperations.nodes)).toEqual([westLocal, westArchive, westOwn].sort());
    expect(data.copySummary.total).toEqual({ count: 3, sizeBytes: '300' });
    expect(data.copyOperations.upstreamReports).toMatchObject([{ ok: false, complete: false }, whole[1]]);
  });

  it('leaves nothing out, and says so, where a cluster does not say who it is', async () => {
    const { execute } = await startPair((name, { path }) =>
      name === 'dc-east' && path.endsWith('/cluster') ? down() : undefined,
    );
    const { data } = await execute(copies());
    expect(data.copyOperations.nodes).toHaveLength(5);
    expect(data.copyOperations.totalCount).toBeNull();
    expect(data.copySummary.total.count).toBe(5);
    const failed = { ok: false, complete: false, incompleteReasons: ['UPSTREAM_FAILED'] };
    for (const { upstreamReports } of [data.copyOperations, data.copySummary])
      expect(upstreamReports).toMatchObject([failed, whole[1]]);
  });

  it.each([
    ['', ['dc-east 7', 'dc-west 30']],
    ['(filter: { replicas: INCLUDE })', ['dc-east 7', 'dc-west 29', 'dc-west 30']],
    ['(filter: { replicas: EXCLUDE })', ['dc-east 7', 'dc-west 30']],
    ['(filter: { replicas: ONLY })', ['dc-west 29']],
    ['(filter: { upstreams: ["dc-west"] })', ['dc-west 29', 'dc-west 30']],
  ])('with %s lists each run and each job once', async (filter, expected) => {
    const { execute } = await startPair();
    const { data, errors } = await execute(
      `{ protectionShells${filter} { nodes { id isReplica } } protectionJobs${filter} { nodes { id isReplica } } }`,
    );
    expect(errors).toEqual([]);
    for (const { nodes } of [data.protectionShells, data.protectionJobs]) {
      expect(nodes.map(({ id }: { id: string }) => id.split(':').slice(1, 3).join(' ')).sort()).toEqual(expected);
      for (const { id, isReplica } of nodes) expect(isReplica).toBe(id.includes('dc-west:29'));
    }
  });

  it('shows a replica’s job where its owner cannot list its own', async () => {
    const { execute } = await startPair((name, { path }) =>
      name === 'dc-east' && path.endsWith('protectionJobs') ? down() : undefined,
    );
    const { data } = await execute('{ protectionJobs { nodes { id } } }');
    expect(data.protectionJobs.nodes).toHaveLength(2);
  });

  it('counts tasks as it counts their copies', async () => {
    const { execute } = await startPair();
    const { data } = await execute('{ copySnapshotTasks { totalCount nodes { isReplica target { kind } } } }');
    expect(data.copySnapshotTasks.totalCount).toBe(4);
    expect(data.copySnapshotTasks.nodes).not.toContainEqual({ isReplica: true, target: { kind: 'LOCAL' } });
  });

  it('tells of a replica by its id, and as another subgraph refers to it', async () => {
    const { execute } = await startPair();
    const id = `CopyRun:dc-west:29:${at}:${WEST}:1:4`;
    const { data } = await execute(
      `{ node(id: "${id}") { ... on CopyRun { isReplica } } _entities(representations: [{ __typename: "CopyRun", id: "${id}" }]) { ... on CopyRun { isReplica } } }`,
    );
    expect(data).toEqual({ node: { isReplica: true }, _entities: [{ isReplica: true }] });
  });
});

const objects = (filter = '') =>
  `{ protectedObjects${filter} { nodes { id name copyTargets { target { kind } } copyPosture { copies sites } } ${reports} } }`;

describe('the objects of a pair of clusters', () => {
  const found = async (filter: string, broken?: (name: Name, request: Seen) => Reply | undefined) => {
    const { execute } = await startPair(broken);
    const { data, errors } = await execute(objects(filter));
    expect(errors).toEqual([]);
    return data.protectedObjects.nodes.map(
      (node: { id: string; copyPosture: object; copyTargets: { target: { kind: string } }[] }) => [
        node.id.replace('ProtectedObject:', ''),
        ...node.copyTargets.map(({ target }) => target.kind),
      ],
    );
  };

  it('are each one, with the copies that the replica makes of it', async () => {
    expect(await found('')).toEqual([
      ['dc-east:11', 'ARCHIVAL', 'LOCAL', 'REMOTE'],
      ['dc-west:912', 'LOCAL'],
    ]);
  });

  it('are two where the owner’s copies cannot be read', async () => {
    const broken = (name: Name, { path }: Seen) =>
      name === 'dc-east' && path.endsWith('protectionRuns') ? down() : undefined;
    expect(await found('', broken)).toEqual([
      ['dc-west:911', 'ARCHIVAL', 'LOCAL'],
      ['dc-west:912', 'LOCAL'],
    ]);
  });

  it.each([
    [
      'INCLUDE',
      [
        ['dc-east:11', 'LOCAL', 'REMOTE'],
        ['dc-west:911', 'ARCHIVAL', 'LOCAL'],
        ['dc-west:912', 'LOCAL'],
      ],
    ],
    [
      'EXCLUDE',
      [
        ['dc-east:11', 'ARCHIVAL', 'LOCAL', 'REMOTE'],
        ['dc-west:912', 'LOCAL'],
      ],
    ],
    ['ONLY', [['dc-west:911', 'ARCHIVAL', 'LOCAL']]],
  ])('with replicas: %s are as the filter says', async (mode, expected) => {
    expect(await found(`(filter: { replicas: ${mode} })`)).toEqual(expected);
  });
});
