import { describe, expect, it } from 'vitest';
import { startOf, v1, v2, withPlayed, type startPlayed } from './harness.js';

type Played = Awaited<ReturnType<typeof startPlayed>>;

/** The tape copy of job 1003 that moves for a day and a half. */
const tapeRun = async ({ runs }: Played) => {
  const run = (await runs('?jobId=1003&excludeTasks=true')).find(({ copyRun }) => copyRun?.[1]?.status === 'kRunning');
  const copy = run?.copyRun?.[1];
  if (run === undefined || copy?.taskUid === undefined) throw new Error('no tape copy is running');
  return { run, copy, taskUid: copy.taskUid, query: `?jobId=1003&startedTimeUsecs=${startOf(run)}` };
};

const cancelPath = (id: number | string): string => `${v1}/protectionRuns/cancel/${id}`;

describe('canceling', () => {
  it('takes one copy over kCanceling to kCanceled, and its bytes stand still', async () => {
    await withPlayed({}, async (played) => {
      const { taskUid, query } = await tapeRun(played);
      expect(await played.post(cancelPath(1003), { copyTaskUid: taskUid })).toMatchObject({ status: 204, text: '' });
      const read = async () => (await played.runs(query))[0]?.copyRun?.[1];
      const first = await read();
      expect(first?.status).toBe('kCanceling');
      expect(first?.stats?.endTimeUsecs).toBeUndefined();
      played.clock.ms += 60_000;
      const later = await read();
      expect(later?.status).toBe('kCanceled');
      expect(later?.stats?.endTimeUsecs).toBeGreaterThan(0);
      expect(later?.stats?.logicalBytesTransferred).toBe(first?.stats?.logicalBytesTransferred);
      expect(later?.copySnapshotTasks?.map(({ status }) => status)).toContain('kCanceled');
      const again = await played.post(cancelPath(1003), { copyTaskUid: taskUid });
      expect(again).toMatchObject({ status: 400, body: { errorCode: 'KInvalidRequest' } });
    });
  });

  it('stops a whole run, its backup and its copies', async () => {
    await withPlayed({}, async ({ runs, post, clock }) => {
      const run = (await runs('?jobId=1021')).find(({ backupRun }) => backupRun?.status === 'kRunning');
      expect((await post(cancelPath(1021), { jobRunId: run?.backupRun?.jobRunId })).status).toBe(204);
      const read = async () => (await runs(`?jobId=1021&startedTimeUsecs=${startOf(run)}`))[0];
      expect((await read())?.backupRun?.status).toBe('kCanceling');
      clock.ms += 60_000;
      const later = await read();
      expect(later?.backupRun?.status).toBe('kCanceled');
      expect(later?.copyRun?.map(({ status }) => status)).toEqual(['kCanceled', 'kCanceled']);
    });
  });

  it('stops single objects of a run', async () => {
    await withPlayed({}, async ({ runs, post, clock }) => {
      const run = (await runs('?jobId=1021')).find(({ backupRun }) => backupRun?.status === 'kRunning');
      expect((await post(cancelPath(1021), { jobRunId: run?.backupRun?.jobRunId, taskIdList: [102102] })).status).toBe(
        204,
      );
      clock.ms += 60_000;
      const [later] = await runs(`?jobId=1021&startedTimeUsecs=${startOf(run)}`);
      expect(later?.backupRun?.status).toBe('kRunning');
      expect(later?.copyRun?.[1]?.copySnapshotTasks?.map(({ status }) => status)).toEqual(['kAccepted', 'kCanceled']);
    });
  });

  it('refuses what is not known, not active or not a copy elsewhere', async () => {
    await withPlayed({}, async (played) => {
      const { run, taskUid } = await tapeRun(played);
      const refusal = async (id: number | string, body?: unknown) => {
        const { status, body: answer } = await played.post<{ readonly errorCode: string }>(cancelPath(id), body);
        return [status, answer.errorCode];
      };
      const done = (await played.runs('?jobId=1004')).at(-1);
      expect(await refusal(99999, { jobRunId: 1 })).toEqual([500, 'KInternalError']);
      expect(await refusal('abc')).toEqual([400, 'KValidationError']);
      expect(await refusal(1003, { jobRunId: 1 })).toEqual([500, 'KInternalError']);
      expect(await refusal(1003, { copyTaskUid: { ...taskUid, id: 1 } })).toEqual([500, 'KInternalError']);
      expect(await refusal(1003, { copyTaskUid: { ...taskUid, clusterId: 1 } })).toEqual([500, 'KInternalError']);
      expect(await refusal(1003, { copyTaskUid: run.copyRun?.[0]?.taskUid })).toEqual([400, 'KInvalidRequest']);
      expect(await refusal(1004, { jobRunId: done?.backupRun?.jobRunId })).toEqual([400, 'KInvalidRequest']);
      expect(await refusal(1003, { jobRunId: 'x' })).toEqual([400, 'KValidationError']);
    });
  });

  it('does the same through the actions of v2, and through the older path', async () => {
    await withPlayed({}, async (played) => {
      const { run, taskUid } = await tapeRun(played);
      const task = `${taskUid.clusterId}:${taskUid.clusterIncarnationId}:${taskUid.id}`;
      const group = `${v2}/protection-groups/${taskUid.clusterId}:${taskUid.clusterIncarnationId}:1003/runs`;
      const runId = `1003:${startOf(run)}`;
      const answer = await played.post(`${group}/actions`, {
        action: 'Cancel',
        cancelParams: [{ runId, archivalTaskId: [task] }],
      });
      expect(answer).toMatchObject({ status: 202, body: { action: 'Cancel', cancelParams: [{ runId }] } });
      played.clock.ms += 60_000;
      expect(await played.get(`${group}/${runId}`)).toMatchObject({
        archivalInfo: { archivalTargetResults: [{ status: 'Canceled', archivalTaskId: task }] },
      });
      expect(
        (await played.post(`${group}/actions`, { action: 'Cancel', cancelParams: [{ runId, colour: 1 }] })).status,
      ).toBe(400);
      expect((await played.post(`${group}/actions`, { action: 'Stop' })).status).toBe(400);
      expect((await played.post(`${group}/1003:1/cancel`, { runId: '1003:1' })).status).toBe(500);
      const [next] = await played.runs('?jobId=1021&numRuns=1');
      expect((await played.post(`${group.replace(':1003', ':1021')}/1021:${startOf(next)}/cancel`)).status).toBe(200);
    });
  });
});
