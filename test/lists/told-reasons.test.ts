import { describe, expect, it } from 'vitest';
import { jobOf, runOf } from '../support/estate.js';
import { apiKey, bearer } from '../support/keys.js';
import { ago } from '../support/live.js';
import { WEST, at, startPair } from '../support/pair.js';
import { type Estate, startProducts } from '../support/products.js';
import { serve } from '../support/served.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const reports = 'upstreamReports { upstream { name } ok complete incompleteReasons }';
const whole = (name: string) => ({ upstream: { name }, ok: true, complete: true, incompleteReasons: [] });
const text = (hours: number): string => new Date(ago(hours) / 1000).toISOString();

describe('an upstream that the caller may not see', () => {
  const start = () => startPair(undefined, { auth: { apiKeys: [apiKey('reader', ['copy:read'], ['dc-west'])] } });

  it('has no report, is not asked, and makes no answer incomplete', async () => {
    const { execute, east } = await start();
    const { data, errors } = await execute(
      `{ copyOperations { totalCount ${reports} } copySummary { total { count } ${reports} }
         copySnapshotTasks { totalCount ${reports} } protectionShells { totalCount ${reports} }
         protectionJobs { totalCount ${reports} } protectedObjects { totalCount ${reports} } }`,
      {},
      bearer('reader'),
    );
    expect(errors).toEqual([]);
    for (const { upstreamReports } of Object.values<{ upstreamReports: unknown }>(data))
      expect(upstreamReports).toEqual([whole('dc-west')]);
    expect(east.seen).toEqual([]);
    // A replica's local copy, run and job are reported by no other cluster if its owner is hidden.
    expect(data.copyOperations.totalCount).toBe(3);
    expect(data.copySummary.total.count).toBe(3);
    expect([data.protectionShells.totalCount, data.protectionJobs.totalCount]).toEqual([2, 2]);
  });

  it('has no records by reference, and a replica’s are there', async () => {
    const { execute, east } = await start();
    const { data, errors } = await execute(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on CopyRun { isReplica } } }`,
      {
        representations: [
          { __typename: 'CopyRun', id: `CopyRun:dc-west:29:${at}:${WEST}:1:4` },
          { __typename: 'CopyRun', id: `CopyRun:dc-east:7:${at}:8621173906188849:1:1` },
        ],
      },
      bearer('reader'),
    );
    expect(data._entities).toEqual([{ isReplica: true }, null]);
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['_entities', 1], 'FORBIDDEN']]);
    expect(east.seen).toEqual([]);
  });
});

describe('a cache with little room', () => {
  it.each([1, 6, 1000])('of %i entries leaves nothing out, and says the same each time', async (maxEntries) => {
    const estate = {
      clusters: { 'dc-east': [1, 2, 3, 4, 5].map((hours) => runOf(hours, ago(hours))) },
      endpoints: { 'aws-prod': [1, 2, 3, 4, 5].map((hours) => jobOf(`j${hours}`, ago(hours))) },
    };
    const query = `{ copyOperations { totalCount nodes { id } ${reports} } copySummary { total { count } ${reports} } }`;
    const { execute } = await serve({ ...estate, cache: { maxEntries } });
    const expected = (await (await serve(estate)).execute(query)).data;
    expect(expected.copySummary).toMatchObject({ total: { count: 10 } });
    expect(expected.copyOperations.upstreamReports).toEqual([whole('dc-east'), whole('aws-prod')]);
    for (let time = 0; time < 3; time += 1) expect((await execute(query)).data).toEqual(expected);
  });
});

describe('references from other subgraphs', () => {
  const startedAt = ago(2);
  const key = (taskId: number): string => `CopyRun:dc-east:7:${startedAt}:8621173906188849:1538852526333:${taskId}`;
  const sound = wireCopyRun(501, {
    runStartTimeUsecs: startedAt,
    copySnapshotTasks: [wireTask(wireSource(9), { taskStartTimeUsecs: startedAt })],
  });
  const runOfCopies = (...copyRun: readonly Wire[]): Wire => wireRunOf(7, startedAt, { copyRun });

  const resolve = async (estate: Estate, references: readonly string[], fields: string) => {
    const { execute } = await startProducts({ sources: [wireSource(9)], ...estate });
    return execute(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`,
      { representations: references.map((id) => ({ __typename: id.split(':')[0], id })) },
    );
  };

  it('to what is gone are null, to what cannot be read an error, and neither costs its neighbours', async () => {
    const { data, errors } = await resolve(
      {
        runs: [runOfCopies(sound), wireRunOf(8, startedAt, { copyRun: [wireCopyRun(601, { taskUid: 'none' })] })],
        copyJobs: [wireCopyJob('J1'), wireCopyJob('J2', { IsParent: 'perhaps' })],
      },
      [
        key(501),
        key(502),
        key(601).replace(':7:', ':8:'),
        'CopyJob:aws-prod:J1',
        'CopyJob:aws-prod:J2',
        'CopyJob:aws-prod:J3',
      ],
      '... on CopyOperation { state }',
    );
    const there = { state: 'SUCCEEDED' };
    expect(data._entities).toEqual([there, null, null, there, null, null]);
    expect(errors.map(({ path, extensions }) => [path?.[1], extensions.code]).sort()).toEqual([
      [2, 'UPSTREAM_BAD_RESPONSE'],
      [4, 'UPSTREAM_BAD_RESPONSE'],
    ]);
  });

  it('say of an object’s copies what the lists say: how far they were read, and what was not', async () => {
    const estate = { runs: [runOfCopies(sound, wireCopyRun(502, { taskUid: 'none' }))] };
    const copies = (filter: string, more: string) =>
      `... on ProtectedObject { copies(filter: { ${filter} }) { totalCount ${more} } }`;
    const object = ['ProtectedObject:dc-east:9'];
    const asked = await resolve({ runs: [runOfCopies(sound)] }, object, copies(`endedAfter: "${text(240)}"`, reports));
    expect(asked.data._entities[0].copies.upstreamReports).toEqual([
      { ...whole('dc-east'), complete: false, incompleteReasons: ['LOOK_BACK'] },
    ]);
    const spoilt = await resolve(estate, object, copies(`startedAfter: "${text(24)}"`, reports));
    expect(spoilt.data._entities[0].copies).toMatchObject({
      totalCount: null,
      upstreamReports: [{ complete: false, incompleteReasons: ['UNREADABLE'] }],
    });
    const unreported = await resolve(estate, object, copies(`startedAfter: "${text(24)}"`, ''));
    expect(unreported.errors).toMatchObject([
      { path: ['_entities', 0, 'copies'], extensions: { code: 'UPSTREAM_BAD_RESPONSE', upstream: 'dc-east' } },
    ]);
  });

  it('say that the call budget did not reach them', async () => {
    const { data, errors } = await resolve(
      { copyJobs: [wireCopyJob('J1'), wireCopyJob('J2')], limits: { maxUpstreamCalls: 1 } },
      ['CopyJob:aws-prod:J1', 'CopyJob:aws-prod:J2'],
      '... on CopyJob { state }',
    );
    expect(data._entities.filter((one: unknown) => one !== null)).toEqual([{ state: 'SUCCEEDED' }]);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_BUDGET_EXCEEDED']);
  });
});

describe('an archive older than the gateway looks back', () => {
  const days = 24;
  const copy = (taskId: number, at: number, target: Wire, days: number): Wire =>
    wireCopyRun(taskId, {
      target,
      runStartTimeUsecs: at,
      expiryTimeUsecs: ago(-days * 24),
      copySnapshotTasks: [wireTask(wireSource(9), { taskStartTimeUsecs: at })],
    });
  const archive = { type: 'kArchival', archivalTarget: { vaultId: 3, vaultName: 'month-ends' } };
  const estate = {
    runs: [
      wireRunOf(7, ago(20 * days), { copyRun: [copy(1, ago(20 * days), archive, 340)] }),
      wireRunOf(7, ago(5), { copyRun: [copy(2, ago(5), { type: 'kLocal' }, 7)] }),
    ],
    sources: [wireSource(9)],
  };
  const limit = 35 * days * 3600; // an alarm at no copy off site for 35 days
  const query = `{ alarm: protectedObjects(filter: { upstreams: ["dc-east"], offsiteLagOver: ${limit} }) { nodes { name } ${reports} }
    all: protectedObjects(filter: { upstreams: ["dc-east"] }) { nodes { copyPosture { copies offsite } } ${reports} } }`;

  it('raises no alarm that does not say on how little it rests', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(query);
    expect(data.alarm.upstreamReports).toMatchObject([{ complete: false, incompleteReasons: ['LOOK_BACK'] }]);
  });

  it('counts where the gateway looks back as far', async () => {
    const { execute } = await startProducts({ ...estate, limits: { lookBackHours: 40 * days } });
    const { data, errors } = await execute(query);
    expect(errors).toEqual([]);
    expect(data.alarm).toEqual({ nodes: [], upstreamReports: [whole('dc-east')] });
    expect(data.all).toEqual({
      nodes: [{ copyPosture: { copies: 2, offsite: true } }],
      upstreamReports: [whole('dc-east')],
    });
  });
});
