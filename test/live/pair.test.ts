import { describe, expect, it } from 'vitest';
import type { Reply, Seen } from '../support/fake.js';
import { changes, looks, swift, watch } from '../support/live.js';
import { type Name, EAST, WEST, archive, copy, jobUid, local, run, startPair, toWest } from '../support/pair.js';
import { runsFor, text } from '../support/products.js';
import { until } from '../support/until.js';

const running = (...args: Parameters<typeof copy>) => ({ ...copy(...args), status: 'kRunning' });

/** The same run on both clusters, all of whose copies are going on. */
const runs = {
  'dc-east': [run(7, 'Gold', jobUid, [running(EAST, 1, local, 11), running(EAST, 2, toWest, 11)])],
  'dc-west': [run(29, 'Gold', jobUid, [running(WEST, 4, local, 911), running(WEST, 5, archive, 911)])],
};

const answer = (name: Name, request: Seen): Reply | undefined =>
  request.path.endsWith('/protectionRuns') ? { body: text(runsFor(runs[name], request)) } : undefined;

describe('a stream over a pair of clusters', () => {
  it('does not tell a replica’s local copy while its owner answers', async () => {
    const pair = await startPair(answer, { live: swift });
    const [once, all] = [
      watch(pair, changes('target { kind }')),
      watch(pair, changes('target { kind }', '{ replicas: INCLUDE }')),
    ];
    const copiesTold = ({ events }: typeof once): readonly string[] =>
      events.map(({ operation: { id, target } }) => `${id.split(':')[1]} ${target.kind}`).sort();
    // Who wants it gets it, so it was there to be told.
    await until(() =>
      expect(copiesTold(all)).toEqual(['dc-east LOCAL', 'dc-east REMOTE', 'dc-west ARCHIVAL', 'dc-west LOCAL']),
    );
    const expected = ['dc-east LOCAL', 'dc-east REMOTE', 'dc-west ARCHIVAL'];
    await until(() => expect(copiesTold(once)).toEqual(expected));
    await Promise.all([looks(pair.east), looks(pair.west)]);
    expect(copiesTold(once)).toEqual(expected);
    expect([...once.errors, ...all.errors]).toEqual([]);
  });
});
