import { describe, expect, it } from 'vitest';
import { hourMs, moments, startOf, v1, v2, withPair, type CopyRun, type Run, type Uid } from './harness.js';

const dr = { clusterId: 2_718_281_828_459_045, clusterIncarnationId: 1_551_398_400_020, name: 'cohesity-dr-sandbox' };

const ofType = (run: Run, type: string): CopyRun | undefined =>
  run.copyRun?.find(({ target }) => target?.type === type);
const toDr = (run: Run): CopyRun | undefined =>
  run.copyRun?.find(({ target }) => target?.replicationTarget?.clusterId === dr.clusterId);

/** The facts of one replication that both clusters must report alike. */
const alike = ({ status, stats, expiryTimeUsecs, copySnapshotTasks, holdForLegalPurpose, error }: CopyRun) => ({
  status,
  error,
  expiryTimeUsecs,
  holdForLegalPurpose,
  started: stats?.startTimeUsecs,
  ended: stats?.endTimeUsecs,
  size: stats?.logicalSizeBytes,
  done: stats?.logicalBytesTransferred,
  tasks: copySnapshotTasks?.map((task) => [task.source?.name, task.status, task.taskStartTimeUsecs, task.error]),
});

const keyOf = (run: Run): string => `${run.jobUid.id} ${startOf(run)}`;

describe('the cluster that takes the replications', () => {
  it('says who it is, and who replicates to it', async () => {
    await withPair({}, async (source, replica) => {
      const { id, name } = await replica.get<{ id: number; name: string }>(`${v1}/cluster`);
      expect([id, name]).toEqual([dr.clusterId, dr.name]);
      const remotes = await source.get<readonly object[]>(`${v1}/remoteClusters?clusterIds=${id}`);
      expect(remotes).toMatchObject([dr]);
      const home = await source.get<{ id: number; name: string }>(`${v1}/cluster`);
      expect(await replica.get(`${v1}/remoteClusters`)).toMatchObject([{ clusterId: home.id, name: home.name }]);
    });
  });

  it.each(moments.flatMap((at) => [1, 7].map((seed) => ({ at, seed }))))(
    'has each run whose replication has begun, told as the source tells it, seed $seed at $at',
    async ({ at, seed }) => {
      await withPair({ at, seed }, async (source, replica) => {
        const sent = (await source.runs()).filter((run) => toDr(run)?.stats?.startTimeUsecs);
        const got = new Map((await replica.runs()).map((run) => [keyOf(run), run]));
        expect(sent.length).toBeGreaterThan(100);
        expect([...got.keys()].sort()).toEqual(sent.map(keyOf).sort());
        for (const run of sent) {
          const here = got.get(keyOf(run));
          expect(here?.jobUid).toEqual(run.jobUid);
          expect(here?.jobName).toBe(run.jobName);
          expect(here?.backupRun?.stats.endTimeUsecs).toBe(run.backupRun?.stats.endTimeUsecs);
          const [there, copy] = [toDr(run), here && ofType(here, 'kLocal')];
          expect(copy && alike(copy)).toEqual(there && alike(there));
        }
      });
    },
  );

  it('has numbers of its own: its cluster in every task, its own jobs and sources', async () => {
    await withPair({}, async (source, replica) => {
      const runs = await replica.runs();
      const home = await source.get<{ id: number }>(`${v1}/cluster`);
      expect(new Set(runs.map(({ jobUid }) => jobUid.clusterId))).toEqual(new Set([home.id]));
      const uids = runs.flatMap(({ copyRun }) => (copyRun ?? []).flatMap(({ taskUid }) => taskUid ?? []));
      expect(new Set(uids.map(({ clusterId }) => clusterId))).toEqual(new Set([dr.clusterId]));
      expect(new Set(uids.map(({ id }) => id)).size).toBe(uids.length);
      const idsOf = (list: readonly { readonly id: number }[]) => list.map(({ id }) => id);
      const path = `${v1}/protectionJobs`;
      const [theirs, here] = [
        await source.get<readonly { readonly id: number }[]>(path),
        await replica.get<readonly { readonly id: number; readonly uid: Uid; readonly isActive?: boolean }[]>(path),
      ];
      expect(idsOf(here).filter((id) => idsOf(theirs).includes(id))).toEqual([]);
      expect(here.every(({ uid, isActive }) => uid.clusterId === home.id && isActive === false)).toBe(true);
    });
  });

  it('archives some of what came, to a vault that the source knows nothing of', async () => {
    await withPair({}, async (source, replica) => {
      const runs = await replica.runs();
      const archived = runs.flatMap((run) => ofType(run, 'kArchival') ?? []);
      const states = new Set(archived.map(({ status }) => status));
      expect(states).toContain('kSuccess');
      for (const run of runs) {
        const [local, archive] = [ofType(run, 'kLocal'), ofType(run, 'kArchival')];
        if (archive?.stats?.startTimeUsecs !== undefined)
          expect(archive.stats.startTimeUsecs).toBeGreaterThan(local?.stats?.endTimeUsecs ?? Infinity);
        if (local?.status === 'kFailure') expect(archive).toBeUndefined();
      }
      expect(await replica.get(`${v1}/vaults`)).toMatchObject([{ id: 11, name: 'glacier-dr-stockholm' }]);
      expect(await source.get(`${v1}/vaults?id=11`)).toMatchObject([{ name: 's3-archive-frankfurt' }]);
    });
  });

  it('finds each of its runs by job and start, and tells in v2 where it came from', async () => {
    await withPair({}, async (_, replica) => {
      const [first] = await replica.runs('?numRuns=1');
      if (first === undefined) throw new Error('no run was replicated');
      expect(await replica.runs(`?jobId=${first.jobId}&startedTimeUsecs=${startOf(first)}`)).toEqual([first]);
      const { clusterId, clusterIncarnationId, id } = first.jobUid;
      const group = `${v2}/protection-groups/${clusterId}:${clusterIncarnationId}:${id}`;
      const run = await replica.get<Readonly<Record<string, unknown>>>(
        `${group}/runs/${first.jobId}:${startOf(first)}`,
      );
      expect(run).toMatchObject({
        isReplicationRun: true,
        originClusterIdentifier: { clusterId },
        originalBackupInfo: { startTimeUsecs: startOf(first) },
      });
      expect(run).not.toHaveProperty('localBackupInfo');
    });
  });

  it('sees what is done to the source: a planned run comes here, a canceled replication stops here', async () => {
    await withPair({}, async (source, replica) => {
      await source.post(`${v2}/failover/wf/planned-run`, {
        replicationClusterId: dr.clusterId,
        objects: [{ objectId: 100101 }],
      });
      source.clock.ms += 2 * 60_000;
      const [planned] = await source.runs('?jobId=1001&numRuns=1');
      const newest = async (): Promise<Run | undefined> => (await replica.runs('?jobId=51001&numRuns=1'))[0];
      const here = await newest();
      expect([here && startOf(here), here && ofType(here, 'kLocal')?.status]).toEqual([startOf(planned), 'kSuccess']);
      const names = here && ofType(here, 'kLocal')?.copySnapshotTasks?.map(({ source: object }) => object?.name);
      expect(names).toEqual(['fra-erp-app-01']);

      const running = async (): Promise<Run> => {
        for (let tries = 0; tries < 60; tries += 1) {
          const found = (await source.runs('?jobId=1001')).find((run) => toDr(run)?.status === 'kRunning');
          if (found !== undefined) return found;
          source.clock.ms += hourMs / 6;
        }
        throw new Error('no replication of this job ever runs');
      };
      const run = await running();
      await source.post(`${v1}/protectionRuns/cancel/1001`, { copyTaskUid: toDr(run)?.taskUid });
      const [canceled] = await replica.runs(`?jobId=51001&startedTimeUsecs=${startOf(run)}`);
      expect(canceled && ofType(canceled, 'kLocal')?.status).toBe('kCanceling');
    });
  });

  it('has the objects of the source under ids of its own', async () => {
    await withPair({}, async (source, replica) => {
      const [there] = await source.get<readonly object[]>(`${v1}/protectionSources/objects?objectIds=100101`);
      const [here] = await replica.get<readonly object[]>(`${v1}/protectionSources/objects?objectIds=5100101`);
      expect(here).toEqual({ ...there, id: 5_100_101 });
    });
  });
});
