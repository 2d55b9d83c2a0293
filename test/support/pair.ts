import { closing } from './closing.js';
import { startCohesity } from './cohesity.js';
import { type Fake, type Reply, type Seen, cohesityAt } from './fake.js';
import { type GatewayOptions, startGateway } from './gateway.js';
import { type Wire, wireCopyRun, wireRun, wireSource, wireTask } from './wire.js';

/** When the runs of the pair started: an hour ago. */
export const at = (Math.floor(Date.now() / 1000) - 3600) * 1_000_000;
export const [EAST, WEST] = [8621173906188849, 77];
export const jobUid = { clusterId: EAST, clusterIncarnationId: 1, id: 7 };
const ofWest = { clusterId: WEST, clusterIncarnationId: 2, id: 30 };

export const copy = (clusterId: number, taskId: number, target: Wire, sourceId: number, name = 'vm-1'): Wire =>
  wireCopyRun(taskId, {
    taskUid: { clusterId, clusterIncarnationId: 1, id: taskId },
    target,
    runStartTimeUsecs: at,
    stats: { logicalSizeBytes: 100 },
    copySnapshotTasks: [wireTask(wireSource(sourceId, { name }), { taskStartTimeUsecs: at })],
  });
export const local = { type: 'kLocal' };
export const toWest = { type: 'kRemote', replicationTarget: { clusterId: WEST, clusterName: 'dr-west' } };
export const archive = { type: 'kArchival', archivalTarget: { vaultId: 3, vaultName: 'tape', vaultType: 'kTape' } };

export const run = (jobId: number, jobName: string, uid: Wire, copies: readonly Wire[]): Wire =>
  wireRun({
    jobId,
    jobName,
    jobUid: uid,
    backupRun: {
      jobRunId: 1,
      runType: 'kRegular',
      status: 'kSuccess',
      stats: { startTimeUsecs: at, endTimeUsecs: at },
    },
    copyRun: copies,
  });

/** dc-east backs job 7 up and replicates it to dc-west, which archives it, and has a job of its own. */
const clusters = {
  'dc-east': {
    id: EAST,
    runs: [run(7, 'Gold', jobUid, [copy(EAST, 1, local, 11), copy(EAST, 2, toWest, 11)])],
    jobs: [{ id: 7, uid: jobUid, name: 'Gold', sourceIds: [11] }],
    sources: [wireSource(11, { name: 'vm-1' })],
  },
  'dc-west': {
    id: WEST,
    runs: [
      run(29, 'Gold', jobUid, [copy(WEST, 4, local, 911), copy(WEST, 5, archive, 911)]),
      run(30, 'Own', ofWest, [copy(WEST, 6, local, 912, 'vm-9')]),
    ],
    jobs: [
      { id: 29, uid: jobUid, name: 'Gold', isActive: false, sourceIds: [911] },
      { id: 30, uid: ofWest, name: 'Own', sourceIds: [912] },
    ],
    sources: [wireSource(911, { name: 'vm-1' }), wireSource(912, { name: 'vm-9' })],
  },
};
export type Name = keyof typeof clusters;

export const startPair = async (
  broken: (name: Name, request: Seen) => Reply | undefined = () => undefined,
  options: Partial<GatewayOptions> = {},
  others: Partial<Record<Name, readonly Wire[]>> = {}, // runs, in place of the usual ones
  remotes: Partial<Record<Name, readonly Wire[]>> = {}, // clusters that each knows
) => {
  const start = async (name: Name): Promise<Fake> => {
    const { id, ...held } = clusters[name];
    const double = closing(
      await startCohesity({
        ...held,
        runs: others[name] ?? held.runs,
        remotes: remotes[name] ?? [],
        cluster: { id, name },
      }),
    );
    double.before = (request) => broken(name, request);
    return double;
  };
  const [east, west] = [await start('dc-east'), await start('dc-west')];
  const upstreams = [cohesityAt(east), { ...cohesityAt(west), id: 'dc-west' }];
  return { east, west, ...closing(await startGateway({ upstreams, ...options })) };
};
