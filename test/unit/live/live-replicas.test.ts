import { describe, expect, it } from 'vitest';
import type { Feed } from '../../../src/live/feed.js';
import type { FeedEvent } from '../../../src/live/look.js';
import { watchCopies } from '../../../src/live/live.js';
import type { LiveHub } from '../../../src/live/hub.js';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import type { ReplicaFilter } from '../../../src/domain/replica.js';
import type { UpstreamReport } from '../../../src/domain/upstream-report.js';
import { contextOf, copyOf, playCluster, runOf, toRun } from '../../support/estate.js';
import { NOW } from '../../support/estates.js';

const jobUid = { clusterId: 1n, clusterIncarnationId: 1n, id: 7n };

/** The unfinished copies of one run, of a job that the cluster with the id 1 owns. */
const copiesOf = (upstream: string): readonly CopyOperation[] => {
  const run = runOf(7, NOW, {
    copies: [copyOf(1, { target: 'kLocal', status: 'kRunning' }), copyOf(2, { status: 'kRunning' })],
  });
  return toRun(upstream, run).copyRuns.map((copy) => ({ ...copy, jobUid }));
};

/** A feed whose first read is when the test says. */
const createFeed = (upstream: string) => {
  const listeners = new Set<(event: FeedEvent) => void>();
  let report: UpstreamReport | null = null;
  const feed: Feed = {
    join: (listener) => {
      listeners.add(listener);
      return { leave: () => void listeners.delete(listener) };
    },
    unfinished: () => (report?.ok === true ? copiesOf(upstream) : null),
    report: () => report,
    knows: () => true,
  };
  const look = (ok: boolean): void => {
    const told = { upstream, observedAt: null, stale: false, error: null, incompleteReasons: [] };
    report = { ...told, ok, complete: ok };
    listeners.forEach((listener) => listener({ changes: [] }));
  };
  return { feed, look };
};

/** Lets everything that has begun come to its end: none of it waits for time. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
};

const watch = async (replicas: ReplicaFilter | undefined, looks: readonly (readonly ['east' | 'west', boolean])[]) => {
  const feeds = { east: createFeed('east'), west: createFeed('west') };
  const clusters = [playCluster('east', [], { clusterId: 1 }), playCluster('west', [], { clusterId: 2 })];
  const live: LiveHub = {
    feed: ({ upstream }) => (upstream.name === 'east' ? feeds.east : feeds.west).feed,
    failovers: () => {
      throw new Error('not asked for');
    },
  };
  const events = watchCopies({ ...contextOf(clusters, NOW), live }, { replicas });
  const told: string[] = [];
  const reading = (async () => {
    for await (const { operation } of events)
      if (operation) told.push(`${operation.upstream} ${operation.target?.kind}`);
  })();
  await settled(); // the stream has begun, and the clusters have said who they are
  for (const [name, ok] of looks) {
    feeds[name].look(ok);
    await settled();
  }
  await events.return();
  await reading;
  return told.sort();
};

const both = [
  [
    ['east', true],
    ['west', true],
  ],
  [
    ['west', true],
    ['east', true],
  ],
] as const;

describe.each(both)('a stream over a pair of clusters, whichever is looked at first (%s)', (...looks) => {
  it('tells a copy once, as its owner has it', async () => {
    expect(await watch(undefined, looks)).toEqual(['east LOCAL', 'east REMOTE', 'west REMOTE']);
  });

  it('tells what the filter says', async () => {
    expect(await watch('INCLUDE', looks)).toEqual(['east LOCAL', 'east REMOTE', 'west LOCAL', 'west REMOTE']);
    expect(await watch('EXCLUDE', looks)).toEqual(['east LOCAL', 'east REMOTE', 'west REMOTE']);
    expect(await watch('ONLY', looks)).toEqual(['west LOCAL', 'west REMOTE']);
  });
});

describe('a stream over a pair of clusters of which the owner is down', () => {
  it('tells all that the replica has', async () => {
    expect(
      await watch(undefined, [
        ['west', true],
        ['east', false],
      ]),
    ).toEqual(['west LOCAL', 'west REMOTE']);
  });
});
