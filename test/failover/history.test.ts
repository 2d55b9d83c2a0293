import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile, gistOf, press, startFailover, startGatewayAt, startPlayedCluster } from '../support/failover.js';
import { cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { start, wireCopyRun, wireRun } from '../support/wire.js';

const fields =
  'nodes { id state message requestedAt } pageInfo { hasNextPage endCursor } upstreamReports { ok complete }';

const history = async ({ execute }: Gateway, args = '', more = '', headers: Record<string, string> = {}) => {
  const { data, errors } = await execute(`{ failoverHistory${args} { ${fields} ${more} } }`, {}, headers);
  return { list: data?.failoverHistory, errors };
};

const keysOf = ({ list }: Awaited<ReturnType<typeof history>>): readonly string[] =>
  list.nodes.map(({ id }: { id: string }) => id.split(':').at(-1));

/** The run of a failover that has succeeded: a backup, and its replication. */
const goodRun = wireRun({ copyRun: [wireCopyRun(501)] });

describe('the history of failovers', () => {
  it('is what was pressed, newest first, without what the cluster refused, in one poll', async () => {
    const { cluster, gateway, press: pressOne } = await startFailover();
    for (const idempotencyKey of ['first', 'second', 'third']) await pressOne({ idempotencyKey });
    cluster.plays.post = () => ({ status: 400, body: { errorCode: 'KInvalid', message: 'no' } });
    expect(gistOf(await pressOne({ idempotencyKey: 'refused' }))).toContain('REJECTED_BY_CLUSTER');
    const before = cluster.polls().length;
    const read = await history(gateway, '', 'totalCount');
    expect(read.errors).toEqual([]);
    expect(keysOf(read)).toEqual(['third', 'second', 'first']);
    expect(read.list).toMatchObject({
      totalCount: 3,
      nodes: [{ state: 'REQUESTED' }, { state: 'REQUESTED' }, { state: 'REQUESTED' }],
      upstreamReports: [{ ok: true, complete: true }],
    });
    expect(cluster.polls().length - before).toBe(1);
  });

  it('comes in pages, each once, while others are pressed', async () => {
    const { gateway, press: pressOne } = await startFailover();
    for (let n = 1; n <= 5; n += 1) await pressOne({ idempotencyKey: `drill-${n}` });
    const found: string[] = [];
    for (let args = '(first: 2)'; args !== '';) {
      const read = await history(gateway, args);
      found.push(...keysOf(read));
      const { hasNextPage, endCursor } = read.list.pageInfo;
      args = hasNextPage ? `(first: 2, after: "${endCursor}")` : '';
      await pressOne({ idempotencyKey: `later-${found.length}` });
    }
    expect(found).toEqual(['drill-5', 'drill-4', 'drill-3', 'drill-2', 'drill-1']);
  });

  it('finds states by the runs, and times by the press', async () => {
    const { cluster, gateway, press: pressOne } = await startFailover();
    for (const idempotencyKey of ['done', 'waiting', 'called-off']) await pressOne({ idempotencyKey });
    cluster.held.runs = [goodRun];
    cluster.listed.set('done', { failoverId: 'done', runId: `7:${start}` });
    cluster.listed.set('called-off', { failoverId: 'called-off', backupTaskStatus: 'Canceled' });
    const of = async (filter: string) => keysOf(await history(gateway, `(filter: { ${filter} })`));
    expect(await of('states: [REQUESTED, CANCELED]')).toEqual(['called-off', 'waiting']);
    expect(await of('states: [FAILED]')).toEqual([]);
    const all = await history(gateway, '(filter: { states: [REQUESTED] }, first: 1)', 'totalCount');
    expect([keysOf(all), all.list.totalCount]).toEqual([['waiting'], 1]);
    const { list } = await history(gateway);
    const { requestedAt } = list.nodes[1];
    expect(await of(`requestedAfter: "${requestedAt}"`)).toEqual(['called-off', 'waiting']);
  });

  it('is the audit file’s too, after a restart and for a cluster that is down', async () => {
    const { file } = auditFile();
    const { cluster, press: pressOne } = await startFailover({ audit: { file } });
    await pressOne({ idempotencyKey: 'kept' });
    const later = await startGatewayAt(cluster, { audit: { file } });
    expect(keysOf(await history(later))).toEqual(['kept']);
    cluster.plays.gate = () => ({ status: 503 });
    const { list, errors } = await history(later);
    expect(errors).toEqual([]);
    expect(list).toMatchObject({
      nodes: [{ state: 'REQUESTED', message: expect.stringContaining('cannot be asked') }],
      upstreamReports: [{ ok: false, complete: false }],
    });
  });

  it('is not complete where a place that remembers cannot be read', async () => {
    const { file } = auditFile();
    const { gateway, press: pressOne } = await startFailover({ audit: { file } });
    await pressOne({ idempotencyKey: 'kept' });
    rmSync(file);
    mkdirSync(file);
    const { list, errors } = await history(gateway, '', 'totalCount');
    expect(errors).toEqual([]);
    expect(list).toMatchObject({
      totalCount: null,
      nodes: [{ state: 'REQUESTED' }],
      upstreamReports: [{ ok: true, complete: false }],
    });
  });

  it('is for who may read, and of the clusters they may see', async () => {
    const [east, west] = [closing(await startPlayedCluster()), closing(await startPlayedCluster())];
    const gateway = closing(
      await startGateway({
        upstreams: [cohesityAt(east), { ...cohesityAt(west), id: 'dc-west' }],
        auth: {
          apiKeys: [
            apiKey('all', ['copy:read', 'failover:execute']),
            apiKey('presser', ['failover:execute']),
            apiKey('westerner', ['copy:read'], ['dc-west']),
          ],
        },
      }),
    );
    await press(gateway, { idempotencyKey: 'in-east' }, bearer('all'));
    await press(gateway, { idempotencyKey: 'in-west', upstream: 'dc-west' }, bearer('all'));
    expect(keysOf(await history(gateway, '', '', bearer('all')))).toEqual(['in-west', 'in-east']);
    expect(keysOf(await history(gateway, '', '', bearer('westerner')))).toEqual(['in-west']);
    const of = (upstream: string) => `(filter: { upstreams: ["${upstream}"] })`;
    expect((await history(gateway, of('dc-east'), '', bearer('westerner'))).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await history(gateway, '', '', bearer('presser'))).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await history(gateway, of('dc-south'), '', bearer('all'))).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'filter.upstreams' } },
    ]);
    expect((await history(gateway, '(first: 501)', '', bearer('all'))).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', argument: 'first' } },
    ]);
  });
});

describeWithRedis('the history of failovers over Redis', () => {
  it('is what every replica has pressed', async () => {
    const { url } = closing(await startRedis());
    const cluster = closing(await startPlayedCluster());
    const [one, two] = [
      await startGatewayAt(cluster, { redis: { url } }),
      await startGatewayAt(cluster, { redis: { url } }),
    ];
    await press(one, { idempotencyKey: 'from-one' });
    await press(two, { idempotencyKey: 'from-two' });
    for (const replica of [one, two]) expect(keysOf(await history(replica))).toEqual(['from-two', 'from-one']);
  });
});
