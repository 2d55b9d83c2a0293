import { describe, expect, it } from 'vitest';
import { copiesOf, hourMs, micros, moments, startOf, v1, withPlayed, type Run } from './harness.js';

const dayAgo = (ms: number): string => `?startTimeUsecs=${micros(ms - 24 * hourMs)}`;

describe('the played estate', () => {
  it('gives two sandboxes of one seed and moment the same bytes', async () => {
    await withPlayed({ seed: 3 }, async (one) =>
      withPlayed({ seed: 3 }, async (other) => {
        for (const path of [
          `${v1}/protectionRuns`,
          `${v1}/protectionJobs`,
          `${v1}/protectionSources/objects`,
          `${v1}/cluster`,
        ]) {
          expect((await one.call('GET', path)).text).toBe((await other.call('GET', path)).text);
        }
      }),
    );
  });

  it('is another estate for another seed', async () => {
    await withPlayed({ seed: 3 }, async (one) =>
      withPlayed({ seed: 4 }, async (other) => {
        expect((await one.call('GET', `${v1}/protectionJobs`)).text).not.toBe(
          (await other.call('GET', `${v1}/protectionJobs`)).text,
        );
      }),
    );
  });

  it.each(moments.flatMap((at) => [1, 2, 9].map((seed) => ({ at, seed }))))(
    'shows each state and target within a day, seed $seed at $at',
    async ({ at, seed }) => {
      await withPlayed({ at, seed }, async ({ runs }) => {
        const list = await runs(dayAgo(at));
        const copies = copiesOf(list);
        const states = new Set(copies.map(({ status }) => status));
        for (const state of [
          'kAccepted',
          'kRunning',
          'kCanceling',
          'kCanceled',
          'kCancelled',
          'kSuccess',
          'kFailure',
          'kWarning',
          'kOnHold',
          'kMissed',
          'kFinalizing',
          'kPaused',
          'kSkipped',
        ]) {
          expect(states).toContain(state);
        }
        const kinds = new Set(copies.map(({ target }) => target?.archivalTarget?.vaultType ?? target?.type));
        expect([...kinds]).toEqual(
          expect.arrayContaining(['kLocal', 'kRemote', 'kCloud', 'kTape', 'kNas', 'kCloudDeploy', 'kCloudReplication']),
        );
        const clouds = copies.flatMap(({ target }) => Object.keys(target?.cloudReplicationTarget ?? {}));
        expect(clouds).toEqual(expect.arrayContaining(['awsParams', 'azureParams', 'gcpParams']));
        const locks = copies.map(({ dataLockConstraints }) => dataLockConstraints?.wormRetentionType);
        expect(locks).toEqual(expect.arrayContaining(['kCompliance', 'kAdministrative']));
        expect(copies.some(({ userActionMessage }) => /load tape media/.test(userActionMessage ?? ''))).toBe(true);
        expect(copies.some(({ holdForLegalPurpose }) => holdForLegalPurpose)).toBe(true);
        expect(
          copies.some(
            (copy) =>
              copy.holdForLegalPurpose === false && copy.legalHoldings?.some((hold) => hold.holdForLegalPurpose),
          ),
        ).toBe(true);
        const failed = copiesOf(list.filter(({ jobId }) => jobId !== 1017)).filter(
          ({ status }) => status === 'kFailure',
        );
        expect(failed.map(({ error }) => error ?? '')).not.toContain('');
      });
    },
  );

  it.each(moments)('leaves members out and null within a day, at %d', async (at) => {
    await withPlayed({ at }, async ({ runs }) => {
      const list = await runs(dayAgo(at));
      const copies = copiesOf(list);
      expect(list.some((run) => !('copyRun' in run))).toBe(true);
      expect(list.some(({ copyRun }) => copyRun === null)).toBe(true);
      expect(list.some(({ copyRun }) => copyRun?.length === 0)).toBe(true);
      expect(list.some(({ backupRun }) => backupRun === null)).toBe(true);
      expect(copies.some(({ stats }) => stats === null)).toBe(true);
      expect(copies.some((copy) => copy.status === 'kSuccess' && !('stats' in copy))).toBe(true);
      expect(copies.some((copy) => !('taskUid' in copy))).toBe(true);
      expect(copies.some(({ target }) => target === null)).toBe(true);
      const sources = copies.flatMap(({ copySnapshotTasks }) => copySnapshotTasks ?? []).map(({ source }) => source);
      expect(sources).toContain(null);
      expect(sources.some((source) => source !== null && !('id' in source))).toBe(true);
      expect(
        copies.filter(({ status }) => status === 'kRunning').every(({ stats }) => stats?.endTimeUsecs === undefined),
      ).toBe(true);
    });
  });

  it.each(moments)(
    'has a copy that has moved for more than a day and one queued hours after its run, at %d',
    async (at) => {
      await withPlayed({ at }, async ({ runs }) => {
        const list = await runs();
        const isOld = (run: Run): boolean =>
          startOf(run) < micros(at - 24 * hourMs) && (run.copyRun ?? []).some(({ status }) => status === 'kRunning');
        expect(list.some(isOld)).toBe(true);
        const gaps = list.flatMap((run) =>
          (run.copyRun ?? []).map(({ runStartTimeUsecs }) => (runStartTimeUsecs ?? 0) - startOf(run)),
        );
        expect(Math.max(...gaps.filter(Number.isFinite))).toBeGreaterThan(micros(3 * hourMs));
      });
    },
  );

  it('writes integers beyond 2^53 exactly, and times with their microseconds', async () => {
    await withPlayed({}, async ({ call, runs }) => {
      const { text } = await call('GET', `${v1}/protectionRuns?jobId=1007&numRuns=4`);
      expect(text).toContain('"logicalSizeBytes":9007199254740993,');
      expect(text).toContain('"logicalBytesTransferred":9007199254740993');
      expect(
        (await runs()).filter(({ backupRun }) => backupRun !== null).every((run) => startOf(run) % 1000 !== 0),
      ).toBe(true);
    });
  });

  it('has forty jobs, the odd kinds among them, with isActive and isDeleted left out where they say nothing', async () => {
    await withPlayed({}, async ({ get }) => {
      const jobs = await get<readonly Readonly<Record<string, unknown>>[]>(`${v1}/protectionJobs`);
      expect(jobs).toHaveLength(40);
      expect(new Set(jobs.map(({ name }) => name)).size).toBe(40);
      expect(jobs.filter(({ isActive }) => isActive === false)).toHaveLength(2);
      expect(jobs.filter(({ isActive }) => isActive === true)).toHaveLength(0);
      expect(jobs.filter(({ isDeleted }) => isDeleted === true).map(({ name }) => name)).toEqual([
        '_DELETED_VM-Exchange2013-Legacy',
      ]);
      expect(jobs.filter(({ isDeleted }) => isDeleted === false)).toHaveLength(0);
      expect(jobs.map(({ name }) => name)).toContain('ファイルサーバー-東京-日次');
      expect(jobs.map(({ environment }) => environment)).toEqual(
        expect.arrayContaining(['kVMware', 'kSQL', 'kPhysical', 'kView', 'kOracle', 'kGenericNas']),
      );
    });
  });

  it('grows with its scale: 200 jobs, each generated one with 100 runs and more of four copies in seven days', async () => {
    await withPlayed({ scale: 5 }, async ({ get, runs }) => {
      expect(await get<readonly unknown[]>(`${v1}/protectionJobs`)).toHaveLength(200);
      const perJob = new Map<number, number>();
      for (const { jobId } of await runs('?onlyReturnShellInfo=true')) perJob.set(jobId, (perJob.get(jobId) ?? 0) + 1);
      const generated = [...perJob].filter(([id]) => id > 2000);
      expect(generated).toHaveLength(173);
      expect(Math.min(...generated.map(([, count]) => count))).toBeGreaterThanOrEqual(100);
      const sample = await runs('?jobId=2001&excludeTasks=true');
      expect(sample.every(({ copyRun }) => copyRun?.length === 4)).toBe(true);
    });
  });
});
