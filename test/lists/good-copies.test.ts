import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import { type Watching, ago, changes, looks, startLive, watch } from '../support/live.js';
import { type Wire, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';
import { until } from '../support/until.js';

const startedAt = ago(5);
const local = { type: 'kLocal' };

/** A run of job 7 with a local copy and a replica, each of sources 40 and 41. */
const runWith = (copy: Wire, backup: Wire = {}): Wire =>
  wireRunOf(7, startedAt, {
    backupRun: {
      jobRunId: 1,
      runType: 'kRegular',
      status: 'kSuccess',
      stats: { startTimeUsecs: startedAt },
      ...backup,
    },
    copyRun: [local, null].map((target, index) =>
      wireCopyRun(501 + index, {
        runStartTimeUsecs: startedAt,
        copySnapshotTasks: [40, 41].map((id) => wireTask(wireSource(id), { taskStartTimeUsecs: startedAt })),
        ...(target === null ? {} : { target }),
        ...copy,
      }),
    ),
  });

const everywhere = `query ($representations: [_Any!]!) {
  copyRuns { nodes { id target { kind } snapshotDeleted holdForLegalPurpose expiresAt } }
  copySnapshotTasks { nodes { id name target { kind } snapshotDeleted holdForLegalPurpose expiresAt } }
  copyOperations(filter: { types: [COPY_RUN, COPY_SNAPSHOT_TASK] }) { nodes { id expiresAt } }
  copySummary(groupBy: [STATE]) { groups { state count } }
  protectedObjects { nodes { name
    copyPosture { copies sites offsite }
    copyTargets { target { kind } lastSuccessfulCopy { id } copyLagSeconds } } }
  _entities(representations: $representations) {
    ... on CopyRun { snapshotDeleted holdForLegalPurpose expiresAt }
    ... on CopySnapshotTask { snapshotDeleted holdForLegalPurpose expiresAt }
    ... on ProtectedObject { copyPosture { copies } } }
}`;

const key = (taskId: number): string => `dc-east:7:${startedAt}:8621173906188849:1538852526333:${taskId}`;
const references = [
  { __typename: 'CopyRun', id: `CopyRun:${key(501)}` },
  { __typename: 'CopySnapshotTask', id: `CopySnapshotTask:${key(501)}:40` },
  { __typename: 'CopySnapshotTask', id: `CopySnapshotTask:${key(501)}:41` },
  { __typename: 'ProtectedObject', id: 'ProtectedObject:dc-east:40' },
];

const ask = async (run: Wire) => {
  const { execute } = await startProducts({ runs: [run], sources: [wireSource(40), wireSource(41)] });
  const { data, errors } = await execute(everywhere, { representations: references });
  expect(errors).toEqual([]);
  return data;
};

const posture = (data: { protectedObjects: { nodes: readonly { copyPosture: Wire }[] } }) =>
  data.protectedObjects.nodes.map(({ copyPosture }) => copyPosture);

describe('a local snapshot that was deleted', () => {
  it.each<[string, Wire]>([
    ['by itself', { snapshotsDeleted: true }],
    ['with its metadata', { metadataDeleted: true }],
  ])('%s is no good copy, and the replica of the same run is', async (_how, backup) => {
    const data = await ask(runWith({ expiryTimeUsecs: ago(-700) }, backup));
    expect(posture(data)).toEqual(Array(2).fill({ copies: 1, sites: 1, offsite: true }));
    expect(data.protectedObjects.nodes[0].copyTargets).toEqual([
      { target: { kind: 'LOCAL' }, lastSuccessfulCopy: null, copyLagSeconds: null },
      {
        target: { kind: 'REMOTE' },
        lastSuccessfulCopy: { id: `CopySnapshotTask:${key(502)}:40` },
        copyLagSeconds: expect.any(Number),
      },
    ]);
    for (const list of ['copyRuns', 'copySnapshotTasks'] as const) {
      for (const { target, snapshotDeleted } of data[list].nodes)
        expect([target.kind, snapshotDeleted]).toEqual(target.kind === 'LOCAL' ? ['LOCAL', true] : ['REMOTE', null]);
    }
    expect(data._entities.map((one: Wire) => one['snapshotDeleted'])).toEqual([true, true, true, undefined]);
    expect(data._entities[3].copyPosture).toEqual({ copies: 1 });
    expect(data.copySummary.groups).toEqual([{ state: 'SUCCEEDED', count: 2 }]); // both were made
  });

  it('is told from one that is there, and from one of which nothing is said', async () => {
    for (const [backup, told] of [
      [{ snapshotsDeleted: false }, false],
      [{}, null],
    ] as const) {
      const data = await ask(runWith({}, backup));
      expect(data._entities.map((one: Wire) => one['snapshotDeleted'])).toEqual([told, told, told, undefined]);
      expect(posture(data)).toEqual(Array(2).fill({ copies: 2, sites: 2, offsite: true }));
    }
  });
});

describe('a copy after its expiry', () => {
  const expired = { expiryTimeUsecs: ago(1) };

  it('is good while it is on legal hold', async () => {
    const data = await ask(runWith({ ...expired, holdForLegalPurpose: true }));
    expect(posture(data)).toEqual(Array(2).fill({ copies: 2, sites: 2, offsite: true }));
    expect(data._entities.map((one: Wire) => one['holdForLegalPurpose'])).toEqual([true, true, true, undefined]);
  });

  it('is good for the one source that is on hold', async () => {
    const legalHoldings = [{ protectionSourceId: 40, holdForLegalPurpose: true }];
    const data = await ask(runWith({ ...expired, holdForLegalPurpose: false, legalHoldings }));
    expect(posture(data)).toEqual([
      { copies: 2, sites: 2, offsite: true },
      { copies: 0, sites: 0, offsite: false },
    ]);
    expect(data._entities.map((one: Wire) => one['holdForLegalPurpose'])).toEqual([false, true, false, undefined]);
    const held = data.copySnapshotTasks.nodes.filter((one: Wire) => one['holdForLegalPurpose']);
    expect(held.map(({ name }: Wire) => name)).toEqual(['vm-40', 'vm-40']);
  });

  it('of 0 or below has no date, and is no good copy, held or not', async () => {
    for (const expiryTimeUsecs of [0, -1]) {
      const data = await ask(runWith({ expiryTimeUsecs, holdForLegalPurpose: true }));
      expect(posture(data)).toEqual(Array(2).fill({ copies: 0, sites: 0, offsite: false }));
      for (const list of ['copyRuns', 'copySnapshotTasks', 'copyOperations'] as const)
        expect(new Set(data[list].nodes.map((one: Wire) => one['expiresAt']))).toEqual(new Set([null]));
      expect(data._entities.slice(0, 3).map((one: Wire) => one['expiresAt'])).toEqual([null, null, null]);
      expect(data.copySummary.groups).toEqual([{ state: 'SUCCEEDED', count: 2 }]);
    }
  });
});

describe('a stream', () => {
  /** The values that each event reports of one kind of copy. */
  const toldOf = ({ events }: Watching, type: string) =>
    events
      .filter(({ operation }) => operation?.id.startsWith(type))
      .map(({ change, operation: { snapshotDeleted, holdForLegalPurpose } }) => [
        change,
        snapshotDeleted,
        holdForLegalPurpose,
      ]);

  it('tells that a snapshot was deleted, or a copy put on hold, as a change', async () => {
    const live = await startLive();
    const fields = `... on CopyRun { snapshotDeleted holdForLegalPurpose }
      ... on CopySnapshotTask { snapshotDeleted holdForLegalPurpose }`;
    const watching = watch(live, changes(fields, '{ types: [COPY_RUN, COPY_SNAPSHOT_TASK], targetKinds: [LOCAL] }'));
    live.held.runs.push(runWith({}, { snapshotsDeleted: false }));
    await looks(live.cohesity);
    live.held.runs[0] = runWith({ legalHoldings: [{ protectionSourceId: 40, holdForLegalPurpose: true }] });
    await until(() => expect(toldOf(watching, 'CopyRun')).toContainEqual(['CHANGED', null, null]));
    await until(() => expect(toldOf(watching, 'CopySnapshotTask')).toContainEqual(['CHANGED', null, true]));
    live.held.runs[0] = runWith({}, { snapshotsDeleted: true });
    await until(() => expect(toldOf(watching, 'CopyRun').at(-1)).toEqual(['CHANGED', true, null]));
    await until(() => expect(toldOf(watching, 'CopySnapshotTask').at(-1)).toEqual(['CHANGED', true, null]));
  });
});
