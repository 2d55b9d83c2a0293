import { describe, expect, it } from 'vitest';
import { cohesitySandboxCredentials } from '../../../src/sandbox/cohesity/server.js';
import { startOf, v1, v2, withPair, withPlayed, type startPlayed } from './harness.js';

type Played = Awaited<ReturnType<typeof startPlayed>>;

const root = `${v2}/failover`;
const group = (jobId: number): string => `3141592653589793:1546300800000:${jobId}`;
const configuration = (jobId: number, more: Readonly<Record<string, unknown>> = {}) => ({
  replicationClusterId: 2718281828459045,
  objects: [{ objectId: jobId * 100 + 1 }],
  protectionGroupId: group(jobId),
  ...more,
});

interface Poll {
  readonly failoverPlannedRuns: readonly {
    readonly failoverId: string;
    readonly runId?: string;
    readonly waitingOnOtherRunCancellations?: boolean;
    readonly backupTaskStatus?: string;
  }[];
}

const poll = async ({ get }: Played, id: string) =>
  (await get<Poll>(`${root}/planned-runs?failoverIds=${id}`)).failoverPlannedRuns[0];

describe('the planned failover', () => {
  it('goes from an acknowledgement over a run that appears to a replication that ends', async () => {
    await withPlayed({}, async (played) => {
      const { clock, get, post, runs } = played;
      const before = await runs('?jobId=1001');
      const accepted = await post(`${root}/wf-1/planned-run`, configuration(1001));
      expect(accepted).toMatchObject({ status: 201, body: { failoverId: 'wf-1' } });
      expect(await poll(played, 'wf-1')).not.toHaveProperty('runId');
      expect(await runs('?jobId=1001')).toHaveLength(before.length);

      clock.ms += 8_000;
      const { runId } = (await poll(played, 'wf-1')) ?? {};
      expect(runId).toMatch(/^1001:\d+$/);
      const start = Number(runId?.split(':')[1]);
      const read = async () => (await runs(`?jobId=1001&startedTimeUsecs=${start}`))[0];
      const running = await read();
      expect(running?.copyRun?.map(({ target }) => target?.type)).toEqual(['kLocal', 'kRemote']);
      expect(running?.copyRun?.[1]?.copySnapshotTasks?.map(({ source }) => source?.id)).toEqual([100101]);
      expect(running?.copyRun?.[1]?.status).toBe('kAccepted');
      expect(startOf((await runs('?jobId=1001&numRuns=1'))[0])).toBe(start);

      clock.ms += 30_000;
      const copying = await read();
      expect(copying?.copyRun?.map(({ status }) => status)).toEqual(['kSuccess', 'kRunning']);
      clock.ms += 60_000;
      expect((await read())?.copyRun?.map(({ status }) => status)).toEqual(['kSuccess', 'kSuccess']);
      expect(await poll(played, 'wf-1')).toMatchObject({ runId, backupTaskStatus: 'Succeeded' });
      const inV2 = await get(`${v2}/protection-groups/${group(1001)}/runs/${runId}`);
      expect(inV2).toMatchObject({
        id: runId,
        replicationInfo: { replicationTargetResults: [{ clusterId: 2718281828459045, status: 'Succeeded' }] },
      });
      expect(inV2).not.toHaveProperty('archivalInfo');
    });
  });

  it('waits while the runs that it canceled come to an end', async () => {
    await withPlayed({}, async (played) => {
      await played.post(`${root}/wf-2/planned-run`, configuration(1021, { cancelNonFailoverRuns: true }));
      expect(await poll(played, 'wf-2')).toMatchObject({ waitingOnOtherRunCancellations: true });
      expect((await played.runs('?jobId=1021')).map(({ backupRun }) => backupRun?.status)).toContain('kCanceling');
      played.clock.ms += 55_000;
      expect(await poll(played, 'wf-2')).toMatchObject({
        waitingOnOtherRunCancellations: false,
        runId: expect.any(String),
      });
    });
  });

  it('waits for the runs to end by themselves where it may not cancel them', async () => {
    await withPlayed({}, async (played) => {
      await played.post(`${root}/wf-3/planned-run`, configuration(1021));
      played.clock.ms += 60_000;
      expect(await poll(played, 'wf-3')).not.toHaveProperty('runId');
      played.clock.ms += 26 * 3_600_000;
      expect(await poll(played, 'wf-3')).toHaveProperty('runId');
    });
  });

  it('holds back the next runs until it is called off', async () => {
    await withPlayed({}, async ({ clock, post, runs }) => {
      const newest = async () => startOf((await runs('?jobId=1002&numRuns=1'))[0]);
      const before = await newest();
      await post(`${root}/wf-4/planned-run`, configuration(1002, { pauseNextRuns: true }));
      expect((await post(`${root}/wf-4/cancel`)).status).toBe(201);
      await post(`${root}/wf-5/planned-run`, configuration(1002, { pauseNextRuns: true }));
      clock.ms += 5 * 3_600_000;
      const held = (await runs('?jobId=1002')).filter((run) => startOf(run) > before);
      expect(held.map(({ copyRun }) => copyRun?.length)).toEqual([2]); // the planned one alone
      await post(`${root}/wf-5/cancel`);
      clock.ms += 2 * 3_600_000;
      expect((await runs('?jobId=1002')).filter((run) => startOf(run) > before)).toHaveLength(3);
    });
  });

  it('can be canceled before and during its run, and leaves an unknown id out of a poll', async () => {
    await withPlayed({}, async (played) => {
      const { clock, get, post } = played;
      await post(`${root}/early/planned-run`, configuration(1001));
      await post(`${root}/late/planned-run`, configuration(1004));
      expect(await post(`${root}/early/cancel`)).toMatchObject({ status: 201, text: '' });
      clock.ms += 10_000;
      await post(`${root}/late/cancel`);
      clock.ms += 60_000;
      const { failoverPlannedRuns } = await get<Poll>(`${root}/planned-runs?failoverIds=early,nobody,late`);
      expect(failoverPlannedRuns.map(({ failoverId, backupTaskStatus }) => [failoverId, backupTaskStatus])).toEqual([
        ['early', 'Canceled'],
        ['late', 'Canceled'],
      ]);
      expect(failoverPlannedRuns[0]).not.toHaveProperty('runId');
      expect(failoverPlannedRuns[1]).toHaveProperty('runId');
      expect((await post(`${root}/nobody/cancel`)).status).toBe(404);
    });
  });

  it('refuses a body that the contract does not allow, and a group that is not there', async () => {
    await withPlayed({}, async ({ post, get }) => {
      const refusal = async (body: unknown) => {
        const { status, body: answer } = await post<{ readonly errorCode: string }>(`${root}/bad/planned-run`, body);
        return `${status} ${answer.errorCode}`;
      };
      const { replicationClusterId, objects } = configuration(1001);
      expect(await refusal({ objects })).toBe('400 KValidationError');
      expect(await refusal({ replicationClusterId })).toBe('400 KValidationError');
      expect(await refusal(configuration(1001, { objects: [] }))).toBe('400 KValidationError');
      expect(await refusal(configuration(1001, { objects: [{ objectId: 100101, name: 'x' }] }))).toBe(
        '400 KValidationError',
      );
      expect(await refusal(configuration(1001, { colour: 1 }))).toBe('400 KValidationError');
      expect(await refusal(configuration(1001, { runType: 'kOdd' }))).toBe('400 KValidationError');
      expect(await refusal(configuration(1001, { pauseNextRuns: 'yes' }))).toBe('400 KValidationError');
      expect(await refusal(configuration(1001, { replicationClusterId: 1 }))).toBe('400 KInvalidRequest');
      expect(await refusal(configuration(1001, { objects: [{ objectId: 5 }] }))).toBe('400 KInvalidRequest');
      expect(await refusal(configuration(1014))).toBe('400 KInvalidRequest');
      expect(await refusal(configuration(9999))).toBe('500 KInternalError');
      expect((await get<Poll>(`${root}/planned-runs?failoverIds=bad`)).failoverPlannedRuns).toEqual([]);
      await post(`${root}/twice/planned-run`, { replicationClusterId, objects });
      expect((await post(`${root}/twice/planned-run`, { replicationClusterId, objects })).status).toBe(400);
    });
  });

  it('speaks the older generation too: other paths, a required group, no status of the backup', async () => {
    await withPlayed({ faults: ['old-paths-only'] }, async ({ get, post }) => {
      expect((await post(`${root}/old/planned-run`, configuration(1001))).status).toBe(404);
      expect((await post(`${root}/old/plannedRun`, configuration(1001, { protectionGroupId: undefined }))).status).toBe(
        400,
      );
      expect((await post(`${root}/old/plannedRun`, configuration(1001))).status).toBe(201);
      const { failoverPlannedRuns } = await get<Poll>(`${root}/pollPlannedRuns?failoverIds=old`);
      expect(failoverPlannedRuns).toEqual([
        { failoverId: 'old', protectionGroupId: group(1001), waitingOnOtherRunCancellations: false },
      ]);
    });
  });

  it('fails a view over to the other cluster, and back', async () => {
    await withPair({}, async ({ clock, get, post }, there) => {
      const [home, away] = [`${root}/views/100701`, `${root}/views/5100701`];
      const order = (type: string) => ({ type: 'Planned', plannedFailoverParams: { type } });
      const allowed = async (read: typeof get, path: string) =>
        (await read<{ readonly allowedFailoverOperations: readonly string[] }>(`${path}/operations`))
          .allowedFailoverOperations;
      const both = async () => [await allowed(get, home), await allowed(there.get, away)];

      expect(await both()).toEqual([[], ['Prepare', 'Unplanned']]);
      expect((await post(home, order('Prepare'))).status).toBe(400); // it has the view
      expect((await there.post(away, order('Finalize'))).status).toBe(400); // it has not prepared
      expect(await there.post(away, order('Prepare'))).toMatchObject({
        status: 201,
        body: { status: 'Running', replications: [{ percentageCompleted: 0 }] },
      });
      expect(await both()).toEqual([[], ['Cancel']]);
      expect((await there.post(away, order('Prepare'))).status).toBe(400);
      clock.ms += 61_000;
      expect(await both()).toEqual([[], ['Finalize', 'Unplanned', 'Cancel']]);
      await there.post(away, order('Finalize'));
      clock.ms += 61_000;
      expect(await both()).toEqual([['Prepare', 'Unplanned'], []]);
      await post(home, { type: 'Unplanned' });
      expect((await post(`${home}/cancel`)).status).toBe(204);
      clock.ms += 2_000;
      expect(await get(home)).toMatchObject({
        failovers: [{ type: 'Unplanned', status: 'Failed', errorMessage: expect.any(String) }],
      });
      expect(await there.get(away)).toMatchObject({ failovers: [{ status: 'Succeeded' }, { status: 'Succeeded' }] });
      expect((await there.post(away, { type: 'Sudden' })).status).toBe(400);
      expect((await post(`${root}/views/100101`, order('Prepare'))).status).toBe(500);
    });
  });
});

describe('the faults of the planned run', () => {
  const known = async (played: Played): Promise<boolean> => (await poll(played, 'wf')) !== undefined;

  it.each([
    ['planned-run-lost-answer', true],
    ['planned-run-reset', false],
  ] as const)('%s drops the connection, and the run is taken on: %s', async (fault, taken) => {
    await withPlayed({ faults: [fault] }, async (played) => {
      await expect(played.post(`${root}/wf/planned-run`, configuration(1001))).rejects.toThrow();
      expect(await known(played)).toBe(taken);
    });
  });

  it('planned-run-timeout takes the run on and never answers', async () => {
    await withPlayed({ faults: ['planned-run-timeout'] }, async (played) => {
      const answer = fetch(`${played.sandbox.url}${root}/wf/planned-run`, {
        method: 'POST',
        headers: { apiKey: cohesitySandboxCredentials.apiKey },
        body: JSON.stringify(configuration(1001)),
        signal: AbortSignal.timeout(300),
      });
      await expect(answer).rejects.toThrow(/timeout/i);
      expect(await known(played)).toBe(true);
    });
  });

  it('planned-run-500 and planned-run-429 refuse it', async () => {
    await withPlayed({ faults: ['planned-run-500'] }, async (played) => {
      expect(await played.post(`${root}/wf/planned-run`, configuration(1001))).toMatchObject({
        status: 500,
        body: { errorCode: 'KInternalError' },
      });
      expect(await known(played)).toBe(false);
    });
    await withPlayed({ faults: ['planned-run-429'] }, async (played) => {
      expect(await played.post(`${root}/wf/planned-run`, configuration(1001))).toMatchObject({
        status: 429,
        text: 'Too Many Requests',
      });
      expect(await known(played)).toBe(false);
    });
  });

  it('planned-run-not-listed leaves a run that was taken on out of the poll until it starts', async () => {
    await withPlayed({ faults: ['planned-run-not-listed'] }, async (played) => {
      expect((await played.post(`${root}/wf/planned-run`, configuration(1001))).status).toBe(201);
      expect(await known(played)).toBe(false);
      expect((await played.post(`${root}/wf/planned-run`, configuration(1001))).status).toBe(400); // it is there
      played.clock.ms += 8_000;
      expect(await poll(played, 'wf')).toMatchObject({ failoverId: 'wf', runId: expect.stringMatching(/^1001:\d+$/) });
    });
  });

  it.each([
    ['unknown-failover-404', 404, 'KEntityNotExistsError'],
    ['unknown-failover-500', 500, 'KInternalError'],
  ])('%s answers a poll for an id that nobody knows with an error', async (fault, status, errorCode) => {
    await withPlayed({ faults: [fault] }, async (played) => {
      const refused = { status, body: { errorCode, message: 'Failover nobody not found' } };
      await played.post(`${root}/wf/planned-run`, configuration(1001));
      for (const path of ['planned-runs', 'pollPlannedRuns']) {
        const ask = (ids: string) => played.call<Poll>('GET', `${root}/${path}?failoverIds=${ids}`);
        expect(await ask('nobody')).toMatchObject(refused);
        expect(await ask('wf,nobody')).toMatchObject(refused);
        expect(await ask('wf')).toMatchObject({ status: 200, body: { failoverPlannedRuns: [{ failoverId: 'wf' }] } });
      }
    });
  });

  it('an id that is not listed yet is unknown to the faults of unknown ids', async () => {
    await withPlayed({ faults: ['planned-run-not-listed', 'unknown-failover-404'] }, async (played) => {
      await played.post(`${root}/wf/planned-run`, configuration(1001));
      const ask = () => played.call('GET', `${root}/planned-runs?failoverIds=wf`);
      expect((await ask()).status).toBe(404);
      played.clock.ms += 8_000;
      expect((await ask()).status).toBe(200);
    });
  });

  it('token-expired-once refuses the first planned run and nothing else, whatever the token', async () => {
    await withPlayed({ faults: ['token-expired-once'] }, async (played) => {
      expect((await played.call('GET', `${v1}/cluster`)).status).toBe(200);
      expect(await known(played)).toBe(false);
      expect(await played.post(`${root}/wf/planned-run`, configuration(1001))).toMatchObject({
        status: 401,
        body: { errorCode: 'KStatusUnauthorized', message: 'Token expired' },
      });
      expect(await known(played)).toBe(false);
      expect((await played.post(`${root}/wf/planned-run`, configuration(1001))).status).toBe(201);
      expect(await known(played)).toBe(true);
    });
  });

  it('cohesity-slow keeps every answer back for three seconds', async () => {
    await withPlayed({ faults: ['cohesity-slow'] }, async ({ call }) => {
      const begun = performance.now();
      expect((await call('GET', `${v1}/cluster`)).status).toBe(200);
      expect(performance.now() - begun).toBeGreaterThan(2900);
    });
  });
});
