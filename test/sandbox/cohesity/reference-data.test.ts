import { describe, expect, it } from 'vitest';
import { v1, withPlayed } from './harness.js';

type Things = readonly Readonly<Record<string, unknown>>[];

describe('what runs refer to', () => {
  it('gives sources by id, leaving out the unknown, each with the part of its environment', async () => {
    await withPlayed({}, async ({ get }) => {
      const sources = await get<Things>(`${v1}/protectionSources/objects?objectIds=100101,5,100201,100301,100701`);
      expect(sources.map(({ id }) => id)).toEqual([100101, 100201, 100301, 100701]);
      expect(sources).toMatchObject([
        {
          environment: 'kVMware',
          vmWareProtectionSource: {
            type: 'kVirtualMachine',
            id: { morItem: expect.any(String), uuid: expect.any(String) },
          },
        },
        { environment: 'kSQL', sqlProtectionSource: { type: 'kDatabase' } },
        {
          environment: 'kPhysical',
          physicalProtectionSource: {
            id: { clusterId: 3141592653589793, clusterIncarnationId: 1546300800000, id: 100301 },
            type: 'kHost',
          },
        },
        { environment: 'kView', viewProtectionSource: { type: 'kView' } },
      ]);
    });
  });

  it('gives source trees only below an id or to a depth', async () => {
    await withPlayed({}, async ({ call, get }) => {
      expect(await call('GET', `${v1}/protectionSources`)).toMatchObject({
        status: 500,
        body: {
          errorCode: 'KInternalError',
          message: 'Only one level must be queried if no entity is specified in the arg.',
        },
      });
      const [tree] = await get<Things>(`${v1}/protectionSources?id=11`);
      expect(tree).toMatchObject({
        protectionSource: { id: 11 },
        nodes: expect.arrayContaining([
          expect.objectContaining({ protectionSource: expect.objectContaining({ id: 100101 }) }),
        ]),
      });
      expect(
        (await get<Things>(`${v1}/protectionSources?numLevels=0&environments=kSQL`)).every(
          (node) => !('nodes' in node),
        ),
      ).toBe(true);
    });
  });

  it('gives jobs by ids, names, environments and state, with their last run if asked', async () => {
    await withPlayed({}, async ({ get }) => {
      const jobs = async (query: string) => (await get<Things>(`${v1}/protectionJobs?${query}`)).map(({ id }) => id);
      expect(await jobs('ids=1001,1014,7')).toEqual([1001, 1014]);
      expect(await jobs(`names=${encodeURIComponent('ファイルサーバー-東京-日次')}`)).toEqual([1012]);
      expect(await jobs('isActive=false')).toEqual([1015, 1016]);
      expect(await jobs('isDeleted=true')).toEqual([1014]);
      expect(await jobs('isDeleted=false&environments=kGenericNas&ids=1012,1014')).toEqual([1012]);
      const [job] = await get<Things>(`${v1}/protectionJobs?ids=1001&includeLastRunAndStats=true`);
      expect(job).toMatchObject({ lastRun: { jobId: 1001, copyRun: expect.any(Array) } });
    });
  });

  it('gives vaults and remote clusters, hiding the special ones until asked', async () => {
    await withPlayed({}, async ({ get }) => {
      expect((await get<Things>(`${v1}/vaults`)).map(({ id }) => id)).toEqual([11, 12, 13, 14]);
      expect(await get<Things>(`${v1}/vaults?includeMarkedForRemoval=true&includeFortKnoxVault=true`)).toHaveLength(6);
      expect((await get<Things>(`${v1}/vaults?id=13`)).map(({ name }) => name)).toEqual(['tape-library-basement']);
      expect(await get<Things>(`${v1}/remoteClusters?purposeReplication=true`)).toHaveLength(3);
      expect((await get<Things>(`${v1}/remoteClusters?clusterIds=2718281828459045,1`)).map(({ name }) => name)).toEqual(
        ['cohesity-dr-sandbox'],
      );
    });
  });

  it('gives the errors of a failed copy page by page, and the latest runs of an object', async () => {
    await withPlayed({}, async ({ runs, get }) => {
      const run = (await runs('?jobId=1020')).find(({ copyRun }) => copyRun?.[2]?.status === 'kFailure');
      const task = `jobId=1020&startTimeUsecs=${run?.backupRun?.stats.startTimeUsecs}&taskId=${run?.copyRun?.[2]?.taskUid?.id}`;
      const { errors, paginationCookie } = await get<{ readonly errors: Things; readonly paginationCookie?: string }>(
        `${v1}/protectionRuns/errors?${task}&limitNumberOfErrors=100`,
      );
      expect(errors.map(({ message }) => message)).toContain(run?.copyRun?.[2]?.error);
      expect(paginationCookie).toBeUndefined();
      const [source] = await get<
        readonly { readonly vmWareProtectionSource: { readonly id: { readonly uuid: string } } }[]
      >(`${v1}/protectionSources/objects?objectIds=100101`);
      const found = await get<Readonly<Record<string, Things>>>(
        `${v1}/search/protectionRuns?uuid=${source?.vmWareProtectionSource.id.uuid}`,
      );
      expect(found['archivalRuns']).toMatchObject([
        { latestSnapshotInfo: { copyRun: { target: { type: 'kArchival' } } } },
      ]);
    });
  });
});
