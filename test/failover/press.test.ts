import { describe, expect, it } from 'vitest';
import { failoverRunTypes } from '../../src/domain/failover.js';
import { KEY, gistOf, inputOf, json, readFailover, startFailover } from '../support/failover.js';
import { beyond } from '../support/wire.js';

const accepted = 'FailoverAccepted REQUESTED';
const conflict = 'FailoverConflict IDEMPOTENCY_KEY_REUSED';
const other = { objects: [{ objectId: '103' }] };

describe('a press of the button', () => {
  it('looks at the cluster, asks it once, and answers with the failover', async () => {
    const { cluster, gateway, press } = await startFailover();
    const before = Date.now();
    const { result, errors } = await press();
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'FailoverAccepted',
      failover: {
        id: `Failover:dc-east:${KEY}`,
        state: 'REQUESTED',
        message: 'The cluster acknowledged the request; no run shows yet.',
        runId: null,
        requestedAt: expect.any(String),
      },
    });
    expect(Date.parse(result.failover.requestedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(result.failover.requestedAt)).toBeLessThanOrEqual(Date.now());
    expect(cluster.requests()).toEqual([
      `GET /v2/data-protect/failover/planned-runs?failoverIds=${KEY}`,
      `POST /v2/data-protect/failover/${KEY}/planned-run`,
    ]);
    expect(cluster.posts()[0]?.headers).toMatchObject({ apikey: 'key', 'content-type': 'application/json' });
    expect((await readFailover(gateway)).failover).toMatchObject({ state: 'REQUESTED', message: null });
  });

  it('a second time sends nothing more and answers the same', async () => {
    const { cluster, press } = await startFailover();
    const first = await press();
    const second = await press();
    expect([first, second].map(gistOf)).toEqual([accepted, accepted]);
    expect(second.result.failover.requestedAt).toBe(first.result.failover.requestedAt);
    expect(cluster.accepted()).toEqual([KEY]);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('twenty times at once sends one request, and all are answered with the failover', async () => {
    const { cluster, press } = await startFailover();
    const all = await Promise.all(Array.from({ length: 20 }, () => press()));
    expect(all.map(gistOf)).toEqual(Array(20).fill(accepted));
    expect(new Set(all.map(({ result }) => result.failover.requestedAt)).size).toBe(1);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('by ten names in one operation sends one request', async () => {
    const { cluster, gateway } = await startFailover();
    const names = Array.from({ length: 10 }, (_, index) => `f${index}`);
    const fields = '{ __typename ... on FailoverAccepted { failover { id state } } }';
    const { data, errors } = await gateway.execute(
      `mutation ($input: FailoverInput!) { ${names.map((name) => `${name}: failover(input: $input) ${fields}`).join(' ')} }`,
      { input: inputOf() },
    );
    expect(errors).toEqual([]);
    const answer = {
      __typename: 'FailoverAccepted',
      failover: { id: `Failover:dc-east:${KEY}`, state: 'REQUESTED' },
    };
    expect(data).toEqual(Object.fromEntries(names.map((name) => [name, answer])));
    expect(cluster.posts()).toHaveLength(1);
  });

  it('at once with two bodies sends one of them, and the other is a conflict', async () => {
    const { cluster, press } = await startFailover();
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => ({
        id: index % 2 === 0 ? '101' : '103',
        gist: gistOf(await press(index % 2 === 0 ? {} : other)),
      })),
    );
    expect(cluster.posts()).toHaveLength(1);
    const sent = JSON.parse(cluster.posts()[0]?.body ?? '').objects[0].objectId;
    for (const { id, gist } of all) expect(gist).toBe(id === String(sent) ? accepted : conflict);
  });

  it('under another key is another failover', async () => {
    const { cluster, press } = await startFailover();
    await Promise.all([press(), press({ idempotencyKey: 'two' }), press({ idempotencyKey: 'three', ...other })]);
    expect([...cluster.accepted()].sort()).toEqual([KEY, 'three', 'two']);
  });

  it('with another body under the key is refused before anything is asked', async () => {
    const { cluster, press } = await startFailover();
    await press();
    const before = cluster.seen.length;
    for (const change of [
      other,
      { objects: [{ objectId: '101' }] },
      { replicationClusterId: '78' },
      { protectionGroupId: '1:2:3' },
      { runType: 'FULL' },
      { viewId: '5' },
      { cancelNonFailoverRuns: true },
      { pauseNextRuns: false },
    ]) {
      const { result, errors } = await press(change);
      expect(errors).toEqual([]);
      expect(result).toEqual({
        __typename: 'FailoverConflict',
        code: 'IDEMPOTENCY_KEY_REUSED',
        message: expect.stringContaining('Nothing was sent'),
        path: ['input', 'idempotencyKey'],
      });
    }
    expect(cluster.seen.length).toBe(before);
  });

  it('with the same body written otherwise is the same', async () => {
    const { cluster, press } = await startFailover();
    await press({ runType: null, viewId: null });
    const again = await press({ objects: [{ objectId: 102 }, { objectId: '101' }], allowWithoutLock: true });
    expect(gistOf(again)).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('after another gateway’s sends nothing: the failover of that id is the answer, whatever its body', async () => {
    const { cluster, press } = await startFailover();
    cluster.listed.set(KEY, { failoverId: KEY, waitingOnOtherRunCancellations: true });
    const { result, errors } = await press();
    expect(errors).toEqual([]);
    expect(result.failover).toEqual({
      id: `Failover:dc-east:${KEY}`,
      state: 'WAITING_FOR_CANCELLATIONS',
      message: null,
      runId: null,
      requestedAt: null,
    });
    expect(gistOf(await press(other))).toBe('FailoverAccepted WAITING_FOR_CANCELLATIONS');
    expect(cluster.posts()).toEqual([]);
  });
});

describe('the body', () => {
  const sent = async (members: Parameters<typeof inputOf>[0]) => {
    const { cluster, press } = await startFailover();
    expect(gistOf(await press(members))).toBe(accepted);
    return cluster.posts()[0]?.body;
  };

  it('has all seven members under the vendor’s names', async () => {
    const body = await sent({
      replicationClusterId: '77',
      objects: [{ objectId: '101' }],
      protectionGroupId: '8621173906188849:1546300800000:12',
      runType: 'FULL',
      viewId: '5',
      cancelNonFailoverRuns: true,
      pauseNextRuns: false,
    });
    expect(body).toBe(
      '{"replicationClusterId":77,"objects":[{"objectId":101}],"protectionGroupId":"8621173906188849:1546300800000:12","runType":"kFull","viewId":5,"cancelNonFailoverRuns":true,"pauseNextRuns":false}',
    );
  });

  it.each([
    ['absent', {}],
    [
      'null',
      {
        protectionGroupId: null,
        runType: null,
        viewId: null,
        cancelNonFailoverRuns: null,
        pauseNextRuns: null,
        dryRun: null,
        allowWithoutLock: null,
      },
    ],
  ])('leaves out what is %s', async (_name, members) => {
    expect(await sent(members)).toBe('{"replicationClusterId":77,"objects":[{"objectId":101},{"objectId":102}]}');
  });

  it('keeps ids beyond 2^53 exact, however they came', async () => {
    const most = 2n ** 63n - 1n;
    const body = await sent({
      replicationClusterId: String(beyond),
      objects: [{ objectId: String(most) }, { objectId: String(beyond) }],
      viewId: String(beyond + 2n),
    });
    expect(body).toBe(
      json({ replicationClusterId: beyond, objects: [{ objectId: most }, { objectId: beyond }], viewId: beyond + 2n }),
    );
    expect(body).toContain('9223372036854775807');
  });

  it.each(
    failoverRunTypes.map((type) => [
      type,
      {
        ALL: 'kAll',
        LOG: 'kLog',
        SYSTEM: 'kSystem',
        INCREMENTAL: 'kIncremental',
        FULL: 'kFull',
        HYDRATE_CDP: 'kHydrateCDP',
        STORAGE_ARRAY_SNAPSHOT: 'kStorageArraySnapshot',
      }[type],
    ]),
  )('says %s as %s', async (runType, word) => {
    expect(JSON.parse((await sent({ runType })) ?? '').runType).toBe(word);
  });

  it('of a view needs no objects', async () => {
    expect(await sent({ objects: [], viewId: '5' })).toBe('{"replicationClusterId":77,"objects":[],"viewId":5}');
  });
});
