import { describe, expect, it } from 'vitest';
import { type Watching, changes, looks, swift, watch } from '../support/live.js';
import { type Name, EAST, WEST, archive, copy, jobUid, local, run, startPair, toWest } from '../support/pair.js';
import { until } from '../support/until.js';

const running = (...args: Parameters<typeof copy>) => ({ ...copy(...args), status: 'kRunning' });

/** The same run on both clusters, all of whose copies are going on. */
const runs = {
  'dc-east': [run(7, 'Gold', jobUid, [running(EAST, 1, local, 11), running(EAST, 2, toWest, 11)])],
  'dc-west': [run(29, 'Gold', jobUid, [running(WEST, 4, local, 911), running(WEST, 5, archive, 911)])],
};

/** Whether each upstream is well, as an event has it. */
const reportsOf = ({ upstreamReports }: Pick<Watching['events'][number], 'upstreamReports'>) =>
  Object.fromEntries(
    upstreamReports.map(({ ok, upstream }: { ok: boolean; upstream: { name: string } }) => [upstream.name, ok]),
  );

describe('a stream over a pair of clusters', () => {
  it('does not tell a replica’s local copy while its owner answers', async () => {
    const pair = await startPair(undefined, { live: swift }, runs);
    const [once, all] = [
      watch(pair, changes('target { kind }')),
      watch(pair, changes('target { kind }', '{ replicas: INCLUDE }')),
    ];
    const copiesTold = ({ events }: typeof once): readonly string[] =>
      events.map(({ operation: { id, target } }) => `${id.split(':')[1]} ${target.kind}`).sort();
    // A stream that asks for every copy gets it, so it was there to be sent.
    await until(() =>
      expect(copiesTold(all)).toEqual(['dc-east LOCAL', 'dc-east REMOTE', 'dc-west ARCHIVAL', 'dc-west LOCAL']),
    );
    const expected = ['dc-east LOCAL', 'dc-east REMOTE', 'dc-west ARCHIVAL'];
    await until(() => expect(copiesTold(once)).toEqual(expected));
    await Promise.all([looks(pair.east), looks(pair.west)]);
    expect(copiesTold(once)).toEqual(expected);
    expect([...once.errors, ...all.errors]).toEqual([]);
  });

  it('tells a replica’s local copy as soon as its owner is down, though nothing of it changes', async () => {
    const broken = new Set<Name>();
    const pair = await startPair(
      (name) => (broken.has(name) ? { status: 400, body: { errorCode: 'KNo', message: 'no' } } : undefined),
      { live: swift },
      runs,
    );
    const watching = watch(pair, changes('target { kind }'));
    const localOfReplica = () =>
      watching.events.filter(({ operation }) => operation?.id.includes('dc-west') && operation.target.kind === 'LOCAL');
    await until(() => expect(watching.events).toHaveLength(3));
    broken.add('dc-east');
    await until(() => expect(localOfReplica()).toMatchObject([{ change: 'CHANGED', previousState: null }]));
    expect(reportsOf(localOfReplica()[0])).toEqual({ 'dc-east': false, 'dc-west': true });
    await looks(pair.west);
    // Each other copy was reported once, and the outage by itself or with that copy.
    const ids = watching.events.flatMap(({ operation }) => operation?.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(4);
  });

  it('says that a cluster does not say who it is, though nothing changes', async () => {
    const refusal = { status: 400, body: { errorCode: 'KNo', message: 'no' } };
    const pair = await startPair(
      (_name, { path }) =>
        path.endsWith('/cluster') ? refusal : path.endsWith('/protectionRuns') ? { body: [] } : undefined,
      { live: swift },
    );
    const watching = watch(pair, changes());
    await until(() =>
      expect(watching.events.map(({ operation, ...event }) => [operation, reportsOf(event)])).toContainEqual([
        null,
        { 'dc-east': false, 'dc-west': false },
      ]),
    );
  });
});
