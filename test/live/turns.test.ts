import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FeedOptions, createFeed } from '../../src/live/feed.js';
import type { Look, Relay } from '../../src/domain/relay.js';
import type { ActivityState } from '../../src/domain/activity.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import { type Micros, micros } from '../../src/domain/micros.js';
import { jobOf, toJob } from '../support/estate.js';
import { waitByTimers } from '../support/wait.js';

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2024, 4, 8, 3) }));
afterEach(() => void vi.useRealTimers());

const now = (): Micros => micros(Date.now() * 1000);
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

const reportAt = (ok = true): Look['report'] => ({
  upstream: 'aws-prod',
  ok,
  observedAt: ok ? now() : null,
  stale: false,
  complete: ok,
  incompleteReasons: ok ? [] : ['UPSTREAM_FAILED'],
  error: ok ? null : { code: 'UPSTREAM_UNAVAILABLE', message: 'down', retryAfterMs: null },
});

const copyAt = (id: string, state: ActivityState, moved = 0, observedAt: number = now()): CopyOperation => ({
  ...toJob('aws-prod', jobOf(id, Date.UTC(2024, 4, 8, 2) * 1000)),
  state,
  transferredBytes: BigInt(moved),
  observedAt: micros(observedAt),
});

/** The news that others publish: these copies, as they were seen just now. */
const told = (...copies: readonly CopyOperation[]): Look => ({ copies, report: reportAt() });

/** A replica whose turn, and whose news of the others, the test decides. Its polls read `held`. */
const playReplica = (options: Partial<FeedOptions> = {}) => {
  const asked: { readonly at: number; readonly maxAgeMs: number }[] = [];
  const published: Look[] = [];
  const turns: string[] = [];
  const replica = {
    mine: false,
    held: [] as readonly CopyOperation[],
    answer: (): Look | Promise<Look> => ({
      copies: replica.held.map((copy) => ({ ...copy, observedAt: now() })),
      report: reportAt(),
    }),
    hear: (_look: Look): void => undefined,
    missed: (): void => undefined,
  };
  const relay: Relay = {
    isMine: async () => {
      turns.push('ask');
      return replica.mine;
    },
    release: async () => void turns.push('release'),
    publish: (_name, look) => void published.push(look),
    listen: async (_name, { take, missed }) => {
      turns.push('listen');
      [replica.hear, replica.missed] = [take, missed];
    },
  };
  const feed = createFeed({
    wait: waitByTimers,
    name: 'aws-prod jobs',
    minMs: 2_000,
    maxMs: 60_000,
    lookBackMicros: 168 * HOUR,
    now,
    look: async (_since, { maxAgeMs }) => {
      asked.push({ at: Date.now(), maxAgeMs });
      return replica.answer();
    },
    relay,
    onError: (error) => expect(error).toBeUndefined(),
    ...options,
  });
  const events: string[] = [];
  const join = () =>
    feed.join(({ changes }) =>
      changes.forEach(({ change, copy }) =>
        events.push(`${change} ${copy.name} ${copy.state} ${copy.transferredBytes}`),
      ),
    );
  return Object.assign(replica, { feed, asked, published, turns, events, join });
};

describe('a replica that does not poll', () => {
  it('looks once when it hears the others, and no older than that; then it takes what they tell', async () => {
    const replica = playReplica();
    replica.held = [copyAt('J1', 'RUNNING')];
    replica.join();
    await settle();
    expect(replica.turns).toEqual(['listen', 'ask']);
    expect(replica.asked).toEqual([{ at: Date.now(), maxAgeMs: 0 }]);
    expect(replica.feed.unfinished()).toHaveLength(1);
    await pass(60);
    replica.hear(told(copyAt('J1', 'RUNNING', 5), copyAt('J2', 'QUEUED')));
    await pass(60);
    replica.hear(told(copyAt('J1', 'SUCCEEDED', 9)));
    await settle(); // it is taken in when those before it are
    expect(replica.events).toEqual([
      'PROGRESSED ec2-J1 RUNNING 5',
      'STARTED ec2-J2 QUEUED 0',
      'FINISHED ec2-J1 SUCCEEDED 9',
    ]);
    expect(replica.feed.unfinished()?.map(({ name }) => name)).toEqual(['ec2-J2']);
    expect([replica.asked.length, replica.published]).toEqual([1, []]);
    expect(replica.turns.filter((one) => one === 'ask').length).toBe(61); // every two seconds
  });

  it('takes nothing that is older than what it has seen', async () => {
    const replica = playReplica();
    replica.held = [copyAt('J1', 'SUCCEEDED')];
    replica.join();
    await settle();
    replica.hear(told(copyAt('J1', 'RUNNING', 5, now() - SECOND)));
    await settle(); // it is taken in when those before it are
    expect(replica.events).toEqual([]);
    expect(replica.feed.unfinished()).toEqual([]);
  });

  it('lets stand what it is told while it looks: its answer may be older, whenever it comes', async () => {
    const replica = playReplica();
    replica.held = [copyAt('J1', 'RUNNING')];
    replica.join();
    await settle();
    await pass(60);
    let answer = (_look: Look): void => undefined;
    replica.answer = () => new Promise((resolve) => (answer = resolve));
    replica.missed();
    await pass(2);
    expect(replica.asked).toHaveLength(2);
    replica.hear(told(copyAt('J1', 'SUCCEEDED', 9), copyAt('J2', 'QUEUED')));
    await pass(3);
    answer(told(copyAt('J1', 'RUNNING', 5))); // it arrives now, and was read before
    await settle();
    replica.hear(told(copyAt('J2', 'RUNNING')));
    await settle(); // it is taken in when those before it are
    expect(replica.events).toEqual([
      'FINISHED ec2-J1 SUCCEEDED 9',
      'STARTED ec2-J2 QUEUED 0',
      'CHANGED ec2-J2 RUNNING 0',
    ]);
    expect(replica.feed.unfinished()?.map(({ name }) => name)).toEqual(['ec2-J2']);
  });

  it('begins with what it was told during its first look, too', async () => {
    const replica = playReplica();
    let answer = (_look: Look): void => undefined;
    replica.answer = () => new Promise((resolve) => (answer = resolve));
    replica.join();
    await settle();
    replica.hear(told(copyAt('J2', 'QUEUED')));
    expect(replica.feed.unfinished()).toBeNull();
    answer(told(copyAt('J1', 'RUNNING')));
    await settle();
    expect(replica.feed.unfinished()?.map(({ name }) => name)).toEqual(['ec2-J2', 'ec2-J1']);
    expect(replica.events).toEqual([]);
  });

  it('looks for itself, and not at what is older, where it may have missed something', async () => {
    const replica = playReplica();
    replica.join();
    await settle();
    await pass(61);
    replica.missed();
    replica.held = [copyAt('J1', 'RUNNING')];
    await pass(10);
    expect(replica.asked).toHaveLength(2);
    expect(replica.asked[1]?.maxAgeMs).toBeLessThanOrEqual(1000); // of which it waited for its turn
    expect(replica.events).toEqual(['STARTED ec2-J1 RUNNING 0']);
    replica.hear(told(copyAt('J1', 'RUNNING')));
    await settle(); // it is taken in when those before it are
    expect(replica.events).toHaveLength(1);
    expect(replica.published).toEqual([]);
  });

  it('looks for itself every ten minutes all the same, and so learns what is gone', async () => {
    const replica = playReplica();
    replica.held = [copyAt('J1', 'RUNNING')];
    replica.join();
    await settle();
    replica.held = [];
    await pass(590);
    expect(replica.asked).toHaveLength(1);
    expect(replica.feed.unfinished()).toHaveLength(1);
    await pass(15);
    expect(replica.asked).toHaveLength(2);
    expect(replica.feed.unfinished()).toEqual([]);
    await pass(590);
    expect(replica.asked).toHaveLength(2);
  });

  it('looks again and again, more and more seldom, until it has seen the upstream, or hears that it answers', async () => {
    const replica = playReplica();
    const { answer } = replica;
    replica.answer = () => ({ copies: [], report: reportAt(false) });
    replica.join();
    await pass(100);
    expect(replica.asked.map(({ at }) => at - (replica.asked[0]?.at ?? 0))).toEqual([0, 4000, 12_000, 28_000, 60_000]);
    replica.missed();
    await pass(2);
    expect(replica.asked).toHaveLength(6); // the next would have come 20 seconds later
    replica.answer = answer;
    replica.held = [copyAt('J1', 'RUNNING')];
    expect(replica.feed.unfinished()).toBeNull();
    replica.hear(told(copyAt('J2', 'RUNNING')));
    await pass(2);
    expect(replica.feed.unfinished()?.map(({ name }) => name)).toContain('ec2-J1');
    await pass(100);
    expect(replica.asked).toHaveLength(7);
  });
});

describe('a replica that takes the turn over', () => {
  it('looks at once, and tells what happened since it was last told, once', async () => {
    const replica = playReplica();
    replica.held = [copyAt('J1', 'RUNNING'), copyAt('J2', 'RUNNING')];
    replica.join();
    await settle();
    await pass(30);
    replica.hear(told(copyAt('J1', 'SUCCEEDED')));
    replica.held = [copyAt('J1', 'SUCCEEDED'), copyAt('J2', 'FAILED'), copyAt('J3', 'QUEUED')];
    replica.mine = true;
    await pass(2);
    expect(replica.asked).toHaveLength(2);
    await pass(30);
    expect(replica.events).toEqual([
      'FINISHED ec2-J1 SUCCEEDED 0',
      'FINISHED ec2-J2 FAILED 0',
      'STARTED ec2-J3 QUEUED 0',
    ]);
    expect(replica.published.map(({ copies }) => copies.map(({ name }) => name))).toEqual([['ec2-J2', 'ec2-J3']]);
    expect(replica.asked.length).toBeGreaterThan(10);
  });

  it('looks at once, though its last look was in vain and the next one far away', async () => {
    const replica = playReplica();
    replica.answer = () => ({ copies: [], report: reportAt(false) });
    replica.join();
    await pass(100);
    expect(replica.asked).toHaveLength(5);
    replica.mine = true;
    await pass(2);
    expect(replica.asked).toHaveLength(6);
  });

  it('forgets nothing that the one before has told, though its first look is an older one', async () => {
    const replica = playReplica();
    replica.join();
    await settle();
    await pass(30);
    replica.hear(told(copyAt('J1', 'QUEUED')));
    const { answer } = replica;
    replica.answer = () => {
      replica.answer = answer;
      return { copies: [], report: { ...reportAt(), observedAt: micros(now() - 3 * SECOND) } };
    };
    replica.held = [copyAt('J1', 'QUEUED')];
    replica.mine = true;
    await pass(30);
    expect(replica.asked.length).toBeGreaterThan(2);
    expect(replica.events).toEqual(['STARTED ec2-J1 QUEUED 0']);
    expect(replica.published.flatMap(({ copies }) => copies)).toEqual([]);
  });

  it('follows again when the turn is another’s', async () => {
    const replica = playReplica();
    replica.mine = true;
    replica.join();
    await pass(30);
    const { length } = replica.asked;
    expect(length).toBeGreaterThan(2);
    replica.mine = false;
    await pass(60);
    expect(replica.asked.length).toBeLessThanOrEqual(length + 1);
    replica.hear(told(copyAt('J1', 'QUEUED')));
    await settle(); // it is taken in when those before it are
    expect(replica.events).toEqual(['STARTED ec2-J1 QUEUED 0']);
  });
});

describe('the turn of a replica', () => {
  it('is asked for while it polls, tells only what changed, and is given back with the last listener', async () => {
    const replica = playReplica();
    replica.mine = true;
    replica.held = [copyAt('J1', 'RUNNING'), copyAt('J2', 'RUNNING')];
    const { leave } = replica.join();
    await pass(10);
    replica.held = [copyAt('J1', 'RUNNING', 5), copyAt('J2', 'RUNNING')];
    await pass(10);
    expect(replica.published.map(({ copies }) => copies.map(({ name }) => name))).toEqual([[], ['ec2-J1']]);
    leave();
    await settle();
    expect(replica.turns.at(-1)).toBe('release');
    const { length } = replica.turns;
    await pass(60);
    expect(replica.turns).toHaveLength(length);
  });

  it('is given back before it is asked for anew by who comes next', async () => {
    const replica = playReplica();
    replica.mine = true;
    let answer = (_look: Look): void => undefined;
    replica.answer = () => new Promise((resolve) => (answer = resolve));
    replica.join().leave();
    const { leave } = replica.join();
    await settle();
    leave();
    replica.join();
    await settle();
    expect(replica.turns).toEqual(['listen', 'release', 'listen', 'ask']);
    answer(told(copyAt('J1', 'RUNNING')));
    await settle();
    expect(replica.turns.slice(4)).toEqual(['release', 'listen', 'ask']);
    expect(replica.feed.unfinished()).toBeNull(); // that was the other's poll
  });
});
