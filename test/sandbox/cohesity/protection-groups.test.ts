import { describe, expect, it } from 'vitest';
import { copiesOf, hourMs, micros, moments, startOf, v2, withPlayed } from './harness.js';

type Things = readonly Readonly<Record<string, unknown>>[];

const root = `${v2}/protection-groups`;
const group = (jobId: number): string => `3141592653589793:1546300800000:${jobId}`;

interface Runs {
  readonly runs: readonly {
    readonly id: string;
    readonly localBackupInfo?: { readonly status: string };
    readonly [member: string]: unknown;
  }[];
  readonly totalRuns: number;
  readonly paginationCookie?: string;
}

describe('the second generation', () => {
  it('names the runs of v1 by its own ids and words', async () => {
    await withPlayed({}, async ({ get, runs }) => {
      const inV1 = await runs('?jobId=1001');
      const { runs: inV2 } = await get<Runs>(`${root}/${group(1001)}/runs`);
      expect(inV2.map(({ id }) => id)).toEqual(inV1.map((run) => `1001:${startOf(run)}`));
      const [old] = inV1.slice(-1);
      const copy = copiesOf(old === undefined ? [] : [old])[1];
      const found = await get(`${root}/${group(1001)}/runs/1001:${startOf(old)}`);
      expect(found).toMatchObject({
        protectionGroupInstanceId: old?.backupRun?.jobRunId,
        localBackupInfo: { status: 'Succeeded' },
        objects: null,
        replicationInfo: {
          replicationTargetResults: [
            {
              replicationTaskId: `${copy?.taskUid?.clusterId}:${copy?.taskUid?.clusterIncarnationId}:${copy?.taskUid?.id}`,
              endTimeUsecs: copy?.stats?.endTimeUsecs,
              stats: { logicalBytesTransferred: copy?.stats?.logicalBytesTransferred },
            },
          ],
        },
        archivalInfo: {
          archivalTargetResults: [
            { targetId: 11, targetType: 'Cloud', dataLockConstraints: { mode: 'Administrative' } },
          ],
        },
      });
    });
  });

  it('filters runs by window, number, type and status, and pages them', async () => {
    await withPlayed({}, async ({ get }) => {
      const list = async (query: string) => get<Runs>(`${root}/${group(1002)}/runs?${query}`);
      expect((await list('numRuns=3')).runs).toHaveLength(3);
      const end = micros(moments[0] - 6 * hourMs);
      const window = await list(`startTimeUsecs=${end - micros(3 * hourMs)}&endTimeUsecs=${end}`);
      expect(window.runs).toHaveLength(3);
      expect(new Set((await list('runTypes=kFull')).runs.map(({ localBackupInfo }) => localBackupInfo))).not.toContain(
        undefined,
      );
      const failed = await list('archivalRunStatus=Failed');
      expect(failed.runs.length).toBeGreaterThan(5);
      expect(failed.runs.length).toBeLessThan((await list('')).runs.length);
      const first = await list('maxResultCount=20');
      const second = await list(`maxResultCount=100&paginationCookie=${first.paginationCookie}`);
      expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual((await list('')).runs.map(({ id }) => id));
      expect(second.paginationCookie).toBeUndefined();
    });
  });

  it('tells objects when asked, and the origin of what was replicated here', async () => {
    await withPlayed({}, async ({ get }) => {
      const { runs } = await get<Runs>(
        `${root}/1618033988749894:1551398400040:1015/runs?numRuns=1&includeObjectDetails=true`,
      );
      expect(runs).toMatchObject([
        {
          isReplicationRun: true,
          originalBackupInfo: { runType: 'kRegular' },
          originClusterIdentifier: { clusterName: 'cohesity-lon-sandbox' },
          objects: [{ object: { id: 101501 } }, {}, {}, {}],
        },
      ]);
      expect(runs[0]).not.toHaveProperty('localBackupInfo');
    });
  });

  it('lists groups by id and state, with their last run if asked', async () => {
    await withPlayed({}, async ({ get }) => {
      const ids = async (query: string) =>
        (await get<Readonly<Record<string, Things>>>(`${root}?${query}`))['protectionGroups']?.map(({ id }) => id);
      expect(await ids(`ids=${group(1001)},${group(1007)}`)).toEqual([group(1001), group(1007)]);
      expect(await ids('isPaused=true')).toEqual([group(1013), group(1024)]);
      expect(await ids('lastRunLocalBackupStatus=OnHold')).toEqual([group(1013)]);
      expect(await ids('names=View-Datalake-Telemetry')).toEqual([group(1007)]);
      expect(await get(`${root}?ids=${group(1001)}&includeLastRunInfo=true`)).toMatchObject({
        protectionGroups: [{ lastRun: { protectionGroupId: group(1001) } }],
      });
      expect(await get(`${v2}/runs/summary`)).toMatchObject({
        protectionRunsSummary: expect.arrayContaining([expect.objectContaining({ protectionGroupId: group(1002) })]),
      });
    });
  });

  it('answers 500 for what is not there and 400 for what cannot be read', async () => {
    await withPlayed({}, async ({ call }) => {
      const refusal = async (path: string) => {
        const { status, body } = await call<{ readonly errorCode: string }>('GET', `${root}${path}`);
        return `${status} ${body.errorCode}`;
      };
      expect(await refusal('/qa-fake')).toBe('500 KInternalError');
      expect(await refusal('/qa-fake/runs?maxCount=5')).toBe('400 KQueryParamParseError');
      expect(await refusal('/qa-fake/runs/0:0')).toBe('500 KInternalError');
      expect(await refusal(`/${group(99)}/runs`)).toBe('500 KInternalError');
      expect(await refusal(`/${group(1001)}/runs/1001:5`)).toBe('500 KInternalError');
      expect(await refusal(`/${group(1001)}/runs?numRuns=many`)).toBe('400 KQueryParamParseError');
      expect(await refusal(`/${group(1001)}/runs?archivalRunStatus=Odd`)).toBe('400 KQueryParamParseError');
      expect(await refusal('?ids=1001')).toBe('400 KQueryParamParseError');
    });
  });
});
