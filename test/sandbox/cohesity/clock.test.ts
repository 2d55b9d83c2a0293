import { describe, expect, it } from 'vitest';
import { hourMs, micros, startOf, withPlayed, type Run } from './harness.js';

const ofRun = (runs: readonly Run[], start: number): Run | undefined => runs.find((run) => startOf(run) === start);

describe('the played clock', () => {
  it('moves a copy on from accepted over running to its end, its bytes growing', async () => {
    await withPlayed({}, async ({ clock, runs }) => {
      const start = startOf((await runs('?jobId=1001&numRuns=1'))[0]);
      const seen: { readonly status: string; readonly bytes: number; readonly ended: boolean }[] = [];
      clock.ms = Math.ceil(start / 1000);
      for (let minutes = 0; minutes < 180; minutes += 2) {
        const archive = ofRun(await runs(`?jobId=1001&startedTimeUsecs=${start}&excludeTasks=true`), start)
          ?.copyRun?.[2];
        seen.push({
          status: archive?.status ?? '',
          bytes: archive?.stats?.logicalBytesTransferred ?? 0,
          ended: archive?.stats?.endTimeUsecs !== undefined,
        });
        clock.ms += 120_000;
      }
      const order = ['kAccepted', 'kRunning', 'kFinalizing', 'kSuccess'];
      const steps = seen.map(({ status }) => order.indexOf(status));
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      expect(seen.map(({ status }) => status)).toEqual(expect.arrayContaining(['kAccepted', 'kRunning', 'kSuccess']));
      expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
      expect(seen.every(({ status, ended }) => ended === (status === 'kSuccess'))).toBe(true);
    });
  });

  it('keeps what is over as it is and goes on with new runs', async () => {
    await withPlayed({}, async ({ clock, runs }) => {
      const [, second] = await runs('?jobId=1002&numRuns=2');
      clock.ms += 6 * hourMs;
      const later = await runs('?jobId=1002');
      expect(later.filter((run) => startOf(run) > startOf(second))).toHaveLength(7);
      const before = await runs(`?jobId=1002&startedTimeUsecs=${startOf(second)}`);
      clock.ms += hourMs;
      expect(await runs(`?jobId=1002&startedTimeUsecs=${startOf(second)}`)).toEqual(before);
    });
  });

  it('forgets a run after two days', async () => {
    await withPlayed({}, async ({ clock, runs }) => {
      const start = startOf((await runs('?jobId=1002&numRuns=1'))[0]);
      clock.ms = Math.ceil(start / 1000) + 48 * hourMs + 1000;
      expect(await runs(`?jobId=1002&startedTimeUsecs=${start}`)).toEqual([]);
      const old = (await runs()).filter(
        (run) => run.backupRun !== null && startOf(run) <= micros(clock.ms - 48 * hourMs),
      );
      // Those that are kept longer: the huge one, the deleted job, the one on hold, the month's end.
      expect(new Set(old.map(({ jobId }) => jobId))).toEqual(new Set([1007, 1014, 1024, 1026]));
    });
  });

  it('adds the objects of a copy up to what the copy tells', async () => {
    await withPlayed({}, async ({ runs }) => {
      for (const { copyRun } of await runs('?jobId=1001')) {
        for (const { stats, copySnapshotTasks } of copyRun ?? []) {
          const done = (copySnapshotTasks ?? []).reduce(
            (total, task) => total + (task.stats?.logicalBytesTransferred ?? 0),
            0,
          );
          if (stats) expect(done).toBe(stats.logicalBytesTransferred);
          expect(copySnapshotTasks).toHaveLength(45);
        }
      }
    });
  });
});
