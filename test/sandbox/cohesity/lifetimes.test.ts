import { describe, expect, it } from 'vitest';
import { copiesOf, hourMs, micros, moments, startOf, withPlayed, type CopyRun, type Run } from './harness.js';

const dayMs = 24 * hourMs;
const ofType = (run: Run, type: string): CopyRun | undefined =>
  run.copyRun?.find(({ target }) => target?.type === type);

describe.each(moments)('what does not go the usual way, at %d', (at) => {
  it('has replications that are queued, with 0 for every time', async () => {
    await withPlayed({ at }, async ({ runs }) => {
      const queued = copiesOf(await runs('?jobId=1022')).filter(({ status }) => status === 'kAccepted');
      expect(queued.length).toBeGreaterThan(0);
      for (const copy of queued) {
        expect(copy).toMatchObject({ runStartTimeUsecs: 0, expiryTimeUsecs: 0 });
        expect(copy.stats).toEqual({ startTimeUsecs: 0, endTimeUsecs: 0 });
        expect(copy.copySnapshotTasks).toHaveLength(3);
        for (const task of copy.copySnapshotTasks ?? [])
          expect(task).toMatchObject({ status: 'kAccepted', taskStartTimeUsecs: 0, taskEndTimeUsecs: 0 });
      }
      const moved = copiesOf(await runs('?jobId=1022')).filter(({ status }) => status === 'kSuccess');
      expect(moved.every((copy) => (copy.runStartTimeUsecs ?? 0) > 0 && (copy.expiryTimeUsecs ?? 0) > 0)).toBe(true);
    });
  });

  it('has failures before any data has moved: no numbers and no times, of the copy and of its objects', async () => {
    await withPlayed({ at }, async ({ runs }) => {
      const failed = copiesOf(await runs('?jobId=1027')).filter(({ status }) => status === 'kFailure');
      expect(failed.length).toBeGreaterThan(5);
      for (const copy of failed) {
        expect(copy.error).toMatch(/\w/);
        expect(copy).not.toHaveProperty('stats');
        for (const task of copy.copySnapshotTasks ?? []) {
          expect(task).toMatchObject({ status: 'kFailure', error: copy.error });
          expect(Object.keys(task).sort()).toEqual(['error', 'source', 'status']);
        }
      }
    });
  });

  it('has snapshots that were deleted by hand, and archives whose expiry is 0 since', async () => {
    await withPlayed({ at }, async ({ runs }) => {
      for (const run of await runs('?jobId=1023')) {
        const age = micros(at) - startOf(run);
        const [local, archive] = [ofType(run, 'kLocal'), ofType(run, 'kArchival')];
        const gone = age >= micros(6 * hourMs);
        expect(run.backupRun?.snapshotsDeleted).toBe(gone);
        expect(run.backupRun?.snapshotsDeletedTimeUsecs).toBe(gone ? startOf(run) + micros(6 * hourMs) : undefined);
        expect(local?.expiryTimeUsecs).toBe(startOf(run) + micros(14 * dayMs));
        if (age >= micros(12 * hourMs)) expect(archive).toMatchObject({ status: 'kSuccess', expiryTimeUsecs: 0 });
        else expect(archive?.expiryTimeUsecs).toBe(startOf(run) + micros(365 * dayMs));
      }
      const others = (await runs('?excludeTasks=true')).filter(({ jobId }) => jobId !== 1023);
      expect(others.some(({ backupRun }) => backupRun?.snapshotsDeleted)).toBe(false);
    });
  });

  it('holds copies beyond their expiry: a whole run, and single machines of another copy', async () => {
    await withPlayed({ at }, async ({ runs }) => {
      const held = await runs('?jobId=1024');
      expect(held.length).toBeGreaterThan(3);
      for (const run of held) {
        const [local, remote] = [ofType(run, 'kLocal'), ofType(run, 'kRemote')];
        for (const copy of [local, remote]) expect(copy?.expiryTimeUsecs).toBeLessThan(micros(at));
        const holds = (copy: CopyRun | undefined) =>
          copy?.legalHoldings?.map(({ holdForLegalPurpose: each }) => each) ?? [];
        expect([local?.holdForLegalPurpose, ...holds(local)]).toEqual([true, true, true, true, true]);
        expect([remote?.holdForLegalPurpose, ...holds(remote)]).toEqual([false, true, true, false, false]);
      }
    });
  });

  it('has a month end some twenty days old, archived for another 340, beside daily snapshots', async () => {
    await withPlayed({ at }, async ({ runs }) => {
      const monthEnds = await runs('?jobId=1026');
      expect(monthEnds.length).toBeGreaterThan(0);
      for (const run of monthEnds) {
        expect((micros(at) - startOf(run)) / micros(dayMs)).toBeCloseTo(20, 0);
        const archive = ofType(run, 'kArchival');
        expect(archive?.status).toBe('kSuccess');
        expect(((archive?.expiryTimeUsecs ?? 0) - micros(at)) / micros(dayMs)).toBeCloseTo(340, 0);
      }
      const sourcesOf = (list: readonly Run[]) =>
        new Set(copiesOf(list).flatMap(({ copySnapshotTasks }) => copySnapshotTasks?.map(({ source }) => source?.id)));
      const daily = await runs('?jobId=1025');
      expect(copiesOf(daily).every(({ target }) => target?.type === 'kLocal')).toBe(true);
      expect(sourcesOf(monthEnds)).toEqual(sourcesOf(daily));
    });
  });

  it('has the record of 9 PB, and none of it in the last week', async () => {
    await withPlayed({ at }, async ({ call }) => {
      const textSince = async (ms: number): Promise<string> =>
        (await call('GET', `/irisservices/api/v1/public/protectionRuns?startTimeUsecs=${micros(at - ms)}`)).text;
      expect(await textSince(7 * dayMs)).not.toMatch(/900719925474\d{4}/);
      expect(await textSince(10 * dayMs)).toContain('9007199254740993');
    });
  });
});
