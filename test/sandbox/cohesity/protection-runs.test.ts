import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copiesOf, hourMs, micros, moments, startOf, startPlayed, v1, type Run } from './harness.js';

const [at] = moments;
let played: Awaited<ReturnType<typeof startPlayed>>;
beforeAll(async () => {
  played = await startPlayed();
});
afterAll(() => played.sandbox.close());

const isRunning = ({ backupRun }: Run): boolean => backupRun !== null && backupRun.stats.endTimeUsecs === undefined;
const endOf = (run: Run): number => run.backupRun?.stats.endTimeUsecs ?? Number.NaN;

describe('the filters of protectionRuns', () => {
  it('lists newest first, and numRuns keeps the newest', async () => {
    const all = (await played.runs()).filter(({ backupRun }) => backupRun !== null);
    const starts = all.map(startOf);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
    const some = await played.runs('?numRuns=5');
    expect(some).toHaveLength(5);
    expect(startOf(some[0])).toBe(starts[0]);
    expect(await played.runs('?numRuns=0')).toEqual([]);
  });

  it('keeps to one job, and knows a run by its exact start', async () => {
    const ofJob = await played.runs('?jobId=1004');
    expect(new Set(ofJob.map(({ jobId }) => jobId))).toEqual(new Set([1004]));
    const start = startOf(ofJob[2]);
    expect((await played.runs(`?jobId=1004&startedTimeUsecs=${start}`)).map(startOf)).toEqual([start]);
    expect(await played.runs(`?jobId=1004&startedTimeUsecs=${start + 1}`)).toEqual([]);
    expect(await played.runs('?jobId=99999')).toEqual([]);
    expect((await played.call('GET', `${v1}/protectionRuns?startedTimeUsecs=${start}`)).status).toBe(400);
  });

  it('takes startTimeUsecs as "started after"', async () => {
    const [first, second, third] = await played.runs('?jobId=1002');
    expect((await played.runs(`?jobId=1002&startTimeUsecs=${startOf(third)}`)).map(startOf)).toEqual([
      startOf(first),
      startOf(second),
    ]);
  });

  it('takes endTimeUsecs as "completed before", and lets running ones fall through', async () => {
    const end = micros(at - 30 * hourMs);
    const list = await played.runs(`?endTimeUsecs=${end}`);
    const running = list.filter(isRunning);
    expect(running.length).toBeGreaterThan(0);
    expect(running.some((run) => startOf(run) > end)).toBe(true);
    expect(list.filter((run) => run.backupRun !== null && !isRunning(run)).every((run) => endOf(run) < end)).toBe(true);
    expect(list.length).toBeLessThan((await played.runs()).length);
  });

  it('pages backwards by the end of the last finished run until nothing new comes', async () => {
    const seen = new Set<number>();
    let cursor = micros(at);
    for (let page = 0; page < 50; page += 1) {
      const list = await played.runs(`?jobId=1002&numRuns=7&endTimeUsecs=${cursor}`);
      const fresh = list.filter((run) => !seen.has(startOf(run)));
      for (const run of fresh) seen.add(startOf(run));
      const finished = list.filter((run) => !isRunning(run));
      if (fresh.length === 0 || finished.length === 0) break;
      cursor = Math.min(...finished.map(endOf));
    }
    const all = (await played.runs('?jobId=1002')).filter((run) => !isRunning(run));
    expect([...seen].sort()).toEqual(all.map(startOf).sort());
  });

  it('leaves the objects out with excludeTasks, and all but the shell with onlyReturnShellInfo', async () => {
    const [lean] = await played.runs('?jobId=1001&numRuns=1&excludeTasks=true');
    expect(lean?.backupRun?.sourceBackupStatus).toBeUndefined();
    expect(lean?.copyRun?.map(({ copySnapshotTasks }) => copySnapshotTasks)).toEqual([undefined, undefined, undefined]);
    const [shell] = await played.runs('?jobId=1001&numRuns=1&onlyReturnShellInfo=true');
    expect(shell).toMatchObject({
      jobId: 1001,
      protectionShellInfo: { jobRunId: lean?.backupRun?.jobRunId, startTimeUsecs: startOf(lean) },
    });
    expect(shell).not.toHaveProperty('backupRun');
    expect(shell).not.toHaveProperty('copyRun');
  });

  it('takes run types comma separated and as a repeated key', async () => {
    const types = (list: readonly Run[]) => new Set(list.map(({ backupRun }) => backupRun?.runType));
    expect(types(await played.runs('?runTypes=kLog'))).toEqual(new Set(['kLog']));
    const comma = await played.runs('?jobId=1002&runTypes=kLog,kFull');
    expect(types(comma)).toEqual(new Set(['kLog', 'kFull']));
    expect(await played.runs('?jobId=1002&runTypes=kLog&runTypes=kFull')).toEqual(comma);
  });

  it('finds the runs of a source in every job that protects it', async () => {
    const jobs = new Set((await played.runs('?sourceId=100101')).map(({ jobId }) => jobId));
    expect(jobs).toEqual(new Set([1001, 1008]));
  });

  it('leaves out runs with errors', async () => {
    const failed = (list: readonly Run[]) => list.filter(({ backupRun }) => backupRun?.status === 'kFailure').length;
    expect(failed(await played.runs('?jobId=1011'))).toBeGreaterThan(0);
    expect(failed(await played.runs('?jobId=1011&excludeErrorRuns=true'))).toBe(0);
    const restorable = await played.runs('?jobId=1011&excludeNonRestoreableRuns=true');
    expect(restorable.map(({ backupRun }) => backupRun?.status)).not.toContain('kMissed');
  });

  it('holds the window against the end of the run with filterByEndTime', async () => {
    const from = micros(at - 3 * hourMs);
    const list = await played.runs(`?filterByEndTime=true&startTimeUsecs=${from}`);
    expect(list.filter(({ backupRun }) => backupRun !== null).every((run) => endOf(run) > from)).toBe(true);
    const all = (await played.runs()).filter((run) => run.backupRun !== null && endOf(run) > from);
    expect(list.filter(({ backupRun }) => backupRun !== null)).toHaveLength(all.length);
  });

  it('holds the window against the ends of copies with filterByCopyTaskEndTime, good ones only unless told otherwise', async () => {
    const from = micros(at - 2 * hourMs);
    const ended = (run: Run, words: readonly string[]) =>
      copiesOf([run]).some(({ status, stats }) => words.includes(status) && (stats?.endTimeUsecs ?? 0) > from);
    const query = `?filterByCopyTaskEndTime=true&startTimeUsecs=${from}`;
    const isPlain = ({ jobId }: Run): boolean => jobId !== 1017; // its stats are left out now and then
    const good = (await played.runs(query)).filter(isPlain);
    expect(good.length).toBeGreaterThan(0);
    expect(good.every((run) => ended(run, ['kSuccess']))).toBe(true);
    const every = (await played.runs(`${query}&onlyIncludeSuccessfulCopyRuns=false`)).filter(isPlain);
    expect(every.length).toBeGreaterThan(good.length);
    expect(every.some(({ jobId }) => jobId === 1020)).toBe(true);
    const expected = (await played.runs()).filter((run) => isPlain(run) && ended(run, ['kSuccess']));
    expect(good.map(startOf)).toEqual(expected.map(startOf));
    expect((await played.call('GET', `${v1}/protectionRuns${query}&filterByEndTime=true`)).status).toBe(400);
  });

  it('refuses malformed numbers, booleans and words, and ignores what it does not know', async () => {
    for (const query of ['jobId=abc', 'numRuns=1.5', 'startTimeUsecs=', 'excludeTasks=yes', 'runTypes=kNone']) {
      const { status, body } = await played.call('GET', `${v1}/protectionRuns?${query}`);
      expect([status, body]).toEqual([400, { errorCode: 'KQueryParamParseError', message: expect.any(String) }]);
    }
    expect((await played.call('GET', `${v1}/protectionRuns?jobId=1001&colour=blue`)).status).toBe(200);
  });
});
