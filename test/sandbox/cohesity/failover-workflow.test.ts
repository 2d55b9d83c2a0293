import { describe, expect, it } from 'vitest';
import { hourMs, startOf, v1, v2, withPair, type Run } from './harness.js';

type Pair = Parameters<Parameters<typeof withPair>[1]>;
type Caller = Pick<Pair[1], 'get' | 'post' | 'runs' | 'call'>;

const HOME = 3141592653589793;
const AWAY = 2718281828459045;
const objects = (...ids: readonly number[]) => ids.map((objectId) => ({ objectId }));

/** A job of two objects: 200101 and 200102 at home, 5200101 and 5200102 on the other cluster. */
const [FIRST, SECOND] = [5_200_101, 5_200_102];
const group = (jobId: number): string => `${HOME}:1546300800000:${jobId}`;

const path = (id: string, step = ''): string => `${v2}/failover/${id}${step === '' ? '' : `/${step}`}`;

const init = ({ post }: Caller, id: string, sourceClusterId: number, ...ids: readonly number[]) =>
  post(path(id), { sourceCluster: { id: sourceClusterId }, replicationCluster: { objects: objects(...ids) } });
const activate = ({ post }: Caller, id: string, body: object) =>
  post<{
    readonly protectionGroupId?: string;
    readonly objects: readonly { readonly objectId: number }[];
    readonly objectErrors: readonly { readonly errorCode: string; readonly message: string }[];
    readonly reverseReplicationResult: object;
  }>(path(id, 'backup-activation'), body);
const deactivate = ({ post }: Caller, id: string, body: object) => post(path(id, 'backup-deactivation'), body);
const cancel = ({ post }: Caller, id: string) => post(path(id, 'cancel'));

interface Job {
  readonly id: number;
  readonly name: string;
  readonly isActive?: boolean;
  readonly isPaused?: boolean;
  readonly sourceIds: readonly number[];
}

/** The jobs of a cluster that protect an object or are its replicas. */
const jobsOf = async ({ get }: Caller, objectId: number): Promise<readonly Job[]> =>
  (await get<readonly Job[]>(`${v1}/protectionJobs`)).filter(({ sourceIds }) => sourceIds.includes(objectId));

const newest = async ({ runs }: Caller, jobId: number): Promise<Run | undefined> =>
  (await runs(`?jobId=${jobId}&numRuns=1`))[0];

const objectsIn = (run: Run | undefined): readonly (number | undefined)[] =>
  run?.copyRun?.[0]?.copySnapshotTasks?.map(({ source }) => source?.id) ?? [];

const codeOf = async (answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<string> => {
  const { status, body } = await answer;
  return `${status} ${typeof body === 'object' && body !== null && 'errorCode' in body ? String(body.errorCode) : ''}`;
};

const refused = '400 KInvalidRequest';
const malformed = '400 KValidationError';

describe('the failover of objects', () => {
  it('goes over to the other cluster, and back', { timeout: 30_000 }, async () => {
    await withPair({}, async (home, away) => {
      expect(await init(away, 'over', HOME, FIRST, SECOND)).toMatchObject({
        status: 201,
        body: {
          replicaToSourceObjects: [
            { replicaObjectId: FIRST, sourceObjectId: 200101 },
            { replicaObjectId: SECOND, sourceObjectId: 200102 },
          ],
          sourceClusterInfo: { id: HOME, protectionGroupId: group(2001) },
        },
      });
      const planned = { replicationClusterId: AWAY, objects: objects(200101, 200102), protectionGroupId: group(2001) };
      expect((await home.post(path('over', 'planned-run'), planned)).status).toBe(201);
      home.clock.ms += hourMs;
      const objectMap = [FIRST, SECOND].map((replicaObjectId) => ({
        replicaObjectId,
        failoverObjectId: replicaObjectId + 9,
      }));
      expect(await away.post(path('over', 'object-linkage'), { objectMap })).toMatchObject({ status: 201, text: '' });
      const activated = await activate(away, 'over', { enableReverseReplication: true });
      expect(activated).toMatchObject({
        status: 201,
        body: {
          reverseReplicationResult: { isReverseReplicationEnabled: true },
          objects: objects(FIRST, SECOND),
          objectErrors: [],
        },
      });
      const made = (await jobsOf(away, FIRST)).find(({ name }) => name.startsWith('failover_'));
      expect(made).toMatchObject({ sourceIds: [FIRST, SECOND] });
      expect(made).not.toHaveProperty('isActive');
      const { protectionGroupId } = activated.body;
      expect(protectionGroupId).toBe(`${AWAY}:1551398400020:${made?.id}`);
      expect(
        await deactivate(home, 'over', { replicationClusterId: AWAY, objects: objects(200101, 200102) }),
      ).toMatchObject({ status: 201, text: '' });

      // From now on the other cluster backs them up, and replicates them back.
      const last = startOf(await newest(home, 2001));
      home.clock.ms += 24 * hourMs;
      expect(startOf(await newest(home, 2001))).toBe(last);
      expect(objectsIn(await newest(away, made?.id ?? 0))).toEqual([FIRST, SECOND]);
      const [old, back] = await jobsOf(home, 200101);
      expect(old).toMatchObject({ id: 2001, sourceIds: [200101, 200102] });
      expect(back).toMatchObject({ name: made?.name, isActive: false });
      expect(objectsIn(await newest(home, back?.id ?? 0))).toEqual([200101, 200102]);

      expect(await init(home, 'back', AWAY, 200101, 200102)).toMatchObject({
        status: 201,
        body: {
          replicaToSourceObjects: [{ replicaObjectId: 200101, sourceObjectId: FIRST }, { sourceObjectId: SECOND }],
          sourceClusterInfo: { id: AWAY, protectionGroupId },
        },
      });
      const returns = { replicationClusterId: HOME, objects: objects(FIRST, SECOND), protectionGroupId };
      expect((await away.post(path('back', 'planned-run'), returns)).status).toBe(201);
      home.clock.ms += 3 * 60_000;
      const returned = await newest(home, back?.id ?? 0);
      expect(startOf(returned)).toBe(startOf(await newest(away, made?.id ?? 0)));
      expect(
        (await activate(home, 'back', { objects: objects(200101, 200102), protectionGroupId: group(2001) })).body,
      ).toMatchObject({ protectionGroupId: group(2001) });
      expect(
        (await deactivate(away, 'back', { objects: objects(FIRST, SECOND), keepFailoverObjects: false })).status,
      ).toBe(201);
      home.clock.ms += 24 * hourMs;
      expect(objectsIn(await newest(home, 2001))).toEqual([200101, 200102]);
      expect(startOf(await newest(home, 2001))).toBeGreaterThan(startOf(returned));
      expect(await away.get(`${v1}/protectionJobs?ids=${made?.id}`)).toMatchObject([{ isPaused: true, sourceIds: [] }]);
    });
  });

  it('activates sets of objects that do not overlap, in one group, and refuses an object twice', async () => {
    await withPair({}, async (home, away) => {
      await init(away, 'wf', HOME, FIRST, SECOND);
      const first = await activate(away, 'wf', { objects: objects(FIRST) });
      expect(await codeOf(activate(away, 'wf', { objects: objects(FIRST) }))).toBe(refused);
      expect(await codeOf(activate(away, 'wf', { objects: objects(SECOND, FIRST) }))).toBe(refused);
      const second = await activate(away, 'wf', { objects: objects(SECOND) });
      expect(second).toMatchObject({ status: 201, body: { protectionGroupId: first.body.protectionGroupId } });
      home.clock.ms += 24 * hourMs;
      const [, made] = await jobsOf(away, FIRST);
      expect(objectsIn(await newest(away, made?.id ?? 0))).toEqual([FIRST, SECOND]);
    });
  });

  it('takes objects out of their group where they are not kept, and leaves the older runs as they were', async () => {
    await withPair({}, async (home, away) => {
      await init(away, 'wf', HOME, FIRST, SECOND);
      await activate(away, 'wf', { objects: objects(FIRST) });
      const before = await home.runs('?jobId=2001');
      await deactivate(home, 'wf', { objects: objects(200101), keepFailoverObjects: false });
      expect(await home.get(`${v1}/protectionJobs?ids=2001`)).toMatchObject([{ sourceIds: [200102] }]);
      expect(await home.runs('?jobId=2001')).toEqual(before);
      home.clock.ms += 24 * hourMs;
      expect(objectsIn(await newest(home, 2001))).toEqual([200102]);
      expect(objectsIn(await newest(away, 52001))).toEqual([SECOND]);
      expect(await home.get(`${v1}/protectionSources/objects?objectIds=200101`)).toMatchObject([{ id: 200101 }]);
    });
  });

  it('protects nothing where it shall not', async () => {
    await withPair({}, async (_, away) => {
      await init(away, 'wf', HOME, FIRST, SECOND);
      for (const [id, member] of [
        [FIRST, 'doNotProtect'],
        [SECOND, 'createObjectBackup'],
      ] as const) {
        const { body } = await activate(away, 'wf', { objects: objects(id), [member]: true });
        expect(body).not.toHaveProperty('protectionGroupId');
        expect(await jobsOf(away, id)).toHaveLength(1);
      }
    });
  });

  it('is canceled on each cluster, until that one was asked to activate or to deactivate', async () => {
    await withPair({}, async (home, away) => {
      await init(away, 'early', HOME, FIRST);
      expect(await cancel(away, 'early')).toMatchObject({ status: 201, text: '' });
      expect(await codeOf(activate(away, 'early', { objects: objects(FIRST) }))).toBe(refused);
      await deactivate(home, 'early', { objects: objects(200101) });
      expect(await codeOf(cancel(home, 'early'))).toBe(refused);

      await init(away, 'late', HOME, SECOND);
      await activate(away, 'late', { objects: objects(SECOND) });
      expect(await codeOf(cancel(away, 'late'))).toBe(refused);
      expect((await cancel(home, 'late')).status).toBe(201);
      expect(await codeOf(deactivate(home, 'late', { objects: objects(200102) }))).toBe(refused);
      expect(await codeOf(cancel(home, 'nobody'))).toBe('404 KEntityNotExistsError');
    });
  });

  it('refuses what is not of the workflow, or does not belong on this cluster', async () => {
    await withPair({}, async (home, away) => {
      expect(await codeOf(init(home, 'own', HOME, 200101))).toBe(refused); // its own objects
      expect(await codeOf(init(away, 'other', AWAY, FIRST))).toBe(refused); // not from there
      expect(await codeOf(init(away, 'two', HOME, FIRST, 5_100_101))).toBe(refused); // of two groups
      expect(await codeOf(init(away, 'unknown', HOME, 200101))).toBe(refused);
      await init(away, 'wf', HOME, FIRST);
      expect(await codeOf(init(away, 'wf', HOME, FIRST))).toBe(refused);
      expect(await codeOf(activate(away, 'nobody', { objects: objects(FIRST) }))).toBe('404 KEntityNotExistsError');
      expect(await codeOf(activate(away, 'wf', { objects: objects(SECOND) }))).toBe(refused);
      expect(await codeOf(activate(away, 'wf', {}))).toBe(refused); // nothing is linked
      expect(await codeOf(activate(home, 'wf', { objects: objects(FIRST) }))).toBe(refused);
      expect(await codeOf(activate(away, 'wf', { objects: objects(FIRST), protectionGroupId: group(2001) }))).toBe(
        refused,
      );
      expect(await codeOf(activate(away, 'wf', { objects: objects(FIRST), protectionGroupId: group(1) }))).toBe(
        '500 KInternalError',
      );
      expect(await codeOf(deactivate(away, 'wf', { objects: objects(FIRST) }))).toBe(refused);
      expect(await codeOf(deactivate(home, 'wf', { objects: objects(200102) }))).toBe(refused);
      expect(await codeOf(deactivate(home, 'wf', { replicationClusterId: 1, objects: objects(200101) }))).toBe(refused);
      await activate(away, 'wf', { objects: objects(FIRST) });
      expect(await codeOf(init(away, 'again', HOME, FIRST))).toBe(refused); // it is active there by now
    });
  });

  it.each([
    ['an init without a source', '', { replicationCluster: { objects: objects(FIRST) }, sourceCluster: {} }],
    ['an init without objects', '', { sourceCluster: { id: HOME }, replicationCluster: { objects: [] } }],
    [
      'an init with more',
      '',
      { sourceCluster: { id: HOME }, replicationCluster: { objects: objects(FIRST) }, more: 1 },
    ],
    ['no links', 'object-linkage', { objectMap: [] }],
    ['a link without a replica', 'object-linkage', { objectMap: [{ failoverObjectId: 1 }] }],
    ['a link to nothing', 'object-linkage', { objectMap: [{ replicaObjectId: FIRST }] }],
    ['an activation of none', 'backup-activation', { objects: [] }],
    ['an activation with more', 'backup-activation', { objects: objects(FIRST), more: 1 }],
    ['an activation in odd words', 'backup-activation', { objects: objects(FIRST), doNotProtect: 'yes' }],
    ['a deactivation of none', 'backup-deactivation', {}],
    ['a deactivation of an object without an id', 'backup-deactivation', { objects: [{}] }],
  ])('refuses %s', async (_what, step, body) => {
    await withPair({}, async (home, away) => {
      await init(away, 'wf', HOME, FIRST);
      const { post } = step === 'backup-deactivation' ? home : away;
      expect(await codeOf(post(path(step === '' ? 'new' : 'wf', step), body))).toBe(malformed);
    });
  });

  it('has none of the newer paths where it is of the older generation', async () => {
    await withPair({ faults: ['old-paths-only'] }, async (_, away) => {
      await init(away, 'wf', HOME, FIRST);
      for (const step of ['object-linkage', 'backup-activation', 'backup-deactivation'])
        expect((await away.post(path('wf', step), {})).status).toBe(404);
    });
  });
});

describe('the faults of the failover of objects', () => {
  const steps = {
    init: (_: Caller, away: Caller) => init(away, 'wf', HOME, FIRST),
    linkage: (_: Caller, away: Caller) =>
      away.post(path('wf', 'object-linkage'), { objectMap: [{ replicaObjectId: FIRST, failoverObjectId: 7 }] }),
    activation: (_: Caller, away: Caller) => activate(away, 'wf', { objects: objects(FIRST) }),
    deactivation: (home: Caller) => deactivate(home, 'wf', { objects: objects(200101) }),
  } as const;

  it.each(['init', 'linkage', 'activation', 'deactivation'] as const)(
    '%s-lost-answer drops the connection after that step, which is done',
    async (lost) => {
      await withPair({ faults: [`${lost}-lost-answer`] }, async (home, away) => {
        for (const [name, step] of Object.entries(steps)) {
          const answer = step(home, away);
          if (name === lost) await expect(answer).rejects.toThrow();
          else expect((await answer).status).toBe(201);
        }
        expect(await codeOf(cancel(away, 'wf'))).toBe(refused); // it was activated
        expect(await codeOf(cancel(home, 'wf'))).toBe(refused); // it was deactivated
      });
    },
  );

  it('activation-reset-once drops the connection of the first one, which is not done', async () => {
    await withPair({ faults: ['activation-reset-once'] }, async (home, away) => {
      await steps.init(home, away);
      await expect(steps.activation(home, away)).rejects.toThrow();
      expect((await steps.activation(home, away)).status).toBe(201);
    });
  });

  it('activation-unreadable answers with a page, and the step is done', async () => {
    await withPair({ faults: ['activation-unreadable'] }, async (home, away) => {
      await steps.init(home, away);
      const { status, headers } = await steps.activation(home, away);
      expect([status, headers.get('content-type')]).toEqual([201, 'text/html']);
      expect(await codeOf(cancel(away, 'wf'))).toBe(refused);
    });
  });

  it.each(['activation', 'deactivation'] as const)('%s-refused refuses it every time', async (name) => {
    await withPair({ faults: [`${name}-refused`] }, async (home, away) => {
      await steps.init(home, away);
      for (let times = 0; times < 2; times += 1) expect(await codeOf(steps[name](home, away))).toBe(refused);
      expect((await cancel(name === 'activation' ? away : home, 'wf')).status).toBe(201);
    });
  });

  it('activation-partial fails for the last of several objects, which may be activated alone', async () => {
    await withPair({ faults: ['activation-partial'] }, async (_, away) => {
      await init(away, 'wf', HOME, FIRST, SECOND);
      expect((await activate(away, 'wf', { objects: objects(FIRST, SECOND) })).body).toMatchObject({
        objects: objects(FIRST),
        objectErrors: [{ errorCode: 'KInvalidRequest', message: expect.stringContaining(String(SECOND)) }],
      });
      expect((await activate(away, 'wf', { objects: objects(SECOND) })).body).toMatchObject({
        objects: objects(SECOND),
        objectErrors: [],
      });
    });
  });

  it.each(['activation-one-way', 'workflow-source-dies'])('%s says why it does not replicate back', async (fault) => {
    await withPair({ faults: [fault] }, async (_, away) => {
      await init(away, 'wf', HOME, FIRST);
      const { body } = await activate(away, 'wf', { objects: objects(FIRST), enableReverseReplication: true });
      expect(body.reverseReplicationResult).toEqual({
        isReverseReplicationEnabled: false,
        errorReason: 'The source cluster cannot be reached',
      });
      const [, made] = await jobsOf(away, FIRST);
      expect(made?.name).toMatch(/^failover_/);
    });
  });

  it('workflow-source-dies silences the source once a workflow has begun, and nobody else', async () => {
    await withPair({ faults: ['workflow-source-dies'] }, async (home, away) => {
      expect((await home.runs('?numRuns=1')).length).toBe(1);
      await init(away, 'wf', HOME, FIRST);
      await expect(home.runs('?numRuns=1')).rejects.toThrow();
      expect((await away.runs('?numRuns=1')).length).toBe(1);
    });
  });
});
