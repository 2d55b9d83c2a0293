import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Feed, type FeedOptions, createFeed } from '../../src/live/feed.js';
import type { FeedEvent } from '../../src/live/look.js';
import type { Look } from '../../src/domain/relay.js';
import { createPending } from '../../src/live/pending.js';
import { streamChanges } from '../../src/live/stream.js';
import { type ActivityState, isFinished } from '../../src/domain/activity.js';
import type { CopyChange } from '../../src/domain/copy-change.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import { type Micros, micros } from '../../src/domain/micros.js';
import type { UpstreamReport } from '../../src/domain/upstream-report.js';
import { jobOf, runOf, toJob, toRun } from '../support/estate.js';
import { waitByTimers } from '../support/wait.js';

const HOUR = 3_600_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2024, 4, 8, 3) });
});
afterEach(() => {
  vi.useRealTimers();
});

const now = (): Micros => micros(Date.now() * 1000);

const healthy = (): UpstreamReport => ({
  upstream: 'aws-prod',
  ok: true,
  observedAt: now(),
  stale: false,
  complete: true,
  incompleteReasons: [],
  error: null,
});
const failing = (retryAfterMs: number | null = null): UpstreamReport => ({
  ...healthy(),
  ok: false,
  complete: false,
  incompleteReasons: ['UPSTREAM_FAILED'],
  error: { code: 'UPSTREAM_RATE_LIMITED', message: 'slower', retryAfterMs },
});

const copyAt = (id: string, state: ActivityState, moved = 0, startedAt: number = now() - HOUR): CopyOperation => ({
  ...toJob('aws-prod', jobOf(id, startedAt)),
  state,
  transferredBytes: BigInt(moved),
  observedAt: now(),
});

/** A feed whose polls the test answers. `held` is the copies of the upstream, and `report` is its health. */
const playFeed = (options: Partial<FeedOptions> = {}) => {
  const asked: { readonly at: number; readonly since: Micros; readonly signal: AbortSignal }[] = [];
  const errors: unknown[] = [];
  const upstream = {
    held: [] as readonly CopyOperation[],
    answer: (): Look | Promise<Look> => ({
      copies: upstream.held.map((copy) => ({ ...copy, observedAt: now() })),
      report: healthy(),
    }),
  };
  const feed = createFeed({
    wait: waitByTimers,
    name: 'aws-prod jobs',
    minMs: 2_000,
    maxMs: 60_000,
    lookBackMicros: 168 * HOUR,
    now,
    look: async (since, { signal }) => {
      asked.push({ at: Date.now(), since, signal });
      return upstream.answer();
    },
    relay: null,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { feed, upstream, asked, errors };
};

/** Lets what has been begun go as far as it can without time. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('a feed', () => {
  it('believes what it sees itself after what a replica told whose clock is an hour ahead', async () => {
    let take: (look: Look) => void = () => undefined;
    const { feed, upstream } = playFeed({
      relay: {
        isMine: () => Promise.resolve(true),
        release: () => Promise.resolve(),
        publish: () => undefined,
        listen: async (_name, listener) => {
          take = listener.take;
        },
      },
    });
    const told: string[] = [];
    const { leave } = feed.join(({ changes }) => told.push(...changes.map(({ change }) => change)));
    await vi.advanceTimersByTimeAsync(3000);
    const running = copyAt('a', 'RUNNING');
    take({ copies: [{ ...running, observedAt: micros(now() + HOUR) }], report: healthy() });
    upstream.held = [{ ...running, state: 'SUCCEEDED' }];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['STARTED', 'FINISHED']);
    leave();
  });

  it('does not look while nobody listens, and stops at once with the last who does', async () => {
    const { feed, asked } = playFeed();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toEqual([]);

    const [first, second] = [feed.join(() => undefined), feed.join(() => undefined)];
    await vi.advanceTimersByTimeAsync(10_000);
    const { length } = asked;
    expect(length).toBeGreaterThan(2);
    first.leave();
    first.leave(); // twice does no harm
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBeGreaterThan(length);
    const before = asked.length;
    second.leave();
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked).toHaveLength(before);
    expect(feed.unfinished()).toBeNull(); // nothing old is left for who comes next
    expect(feed.report()).toBeNull();
  });

  it('gives up the look that is under way when the last one leaves, and begins anew for the next', async () => {
    const { feed, upstream, asked, errors } = playFeed();
    let answerFirst: (look: Look) => void = () => undefined;
    upstream.answer = () => new Promise((resolve) => (answerFirst = resolve));
    const events: FeedEvent[] = [];
    const { leave } = feed.join((event) => events.push(event));
    await settle();
    leave();
    expect(asked[0]?.signal.aborted).toBe(true);
    answerFirst({ copies: [copyAt('J1', 'RUNNING')], report: healthy() });
    await settle();
    expect(events).toEqual([]);
    expect(feed.unfinished()).toBeNull();

    upstream.answer = () => ({ copies: [copyAt('J2', 'RUNNING')], report: healthy() });
    feed.join(() => undefined);
    await settle();
    expect(feed.unfinished()?.map(({ id }) => id)).toEqual(['CopyJob:aws-prod:J2']);
    expect(errors).toEqual([]);
  });

  it('has what is unfinished at hand for who joins later, without another look', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.held = [copyAt('J1', 'RUNNING'), copyAt('J2', 'SUCCEEDED')];
    feed.join(() => undefined);
    expect(feed.unfinished()).toBeNull();
    await settle();
    feed.join(() => undefined);
    expect(feed.unfinished()?.map(({ id }) => id)).toEqual(['CopyJob:aws-prod:J1']);
    expect(asked).toHaveLength(1);
  });

  it('looks as far back as the config says at first, then a day, or as far as the oldest that goes on', async () => {
    const { feed, upstream, asked } = playFeed();
    const hoursBack = (): number => Math.round((now() - (asked.at(-1)?.since ?? 0)) / HOUR);
    upstream.held = [copyAt('J1', 'RUNNING', 0, now() - 100 * HOUR)];
    feed.join(() => undefined);
    await settle();
    expect(hoursBack()).toBe(168);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(hoursBack()).toBe(100);
    upstream.held = [copyAt('J1', 'SUCCEEDED', 0, now() - 100 * HOUR)];
    await vi.advanceTimersByTimeAsync(4_000);
    expect(hoursBack()).toBe(24);
  });

  it('never looks further back than the config says, and lets go of what is older', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.held = [copyAt('J1', 'ON_HOLD', 0, now() - 160 * HOUR)];
    feed.join(() => undefined);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(feed.unfinished()).toHaveLength(1);
    upstream.answer = () => ({ copies: [], report: healthy() }); // none since then
    vi.setSystemTime(Date.now() + (10 * HOUR) / 1000);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(Math.max(...asked.map(({ at, since }) => at * 1000 - since))).toBe(168 * HOUR);
    expect(feed.unfinished()).toEqual([]);
  });

  it('looks back to the beginning of a run whose copy began later, and tells nothing old for it', async () => {
    const { feed, upstream, asked } = playFeed();
    const [copy] = toRun('dc-east', runOf(7, now() - 60 * HOUR)).copyRuns;
    if (copy === undefined) throw new Error('a run with a copy');
    const old = copyAt('J1', 'SUCCEEDED', 0, now() - 40 * HOUR);
    const events: FeedEvent[] = [];
    feed.join((event) => events.push(event));
    upstream.answer = () => ({
      // The copies are filtered by time, as the products do it.
      copies: upstream.held
        .filter(({ startedAt }) => (startedAt ?? 0) >= (asked.at(-1)?.since ?? 0))
        .map((one) => ({ ...one, observedAt: now() })),
      report: healthy(),
    });
    upstream.held = [old];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Math.round((now() - (asked.at(-1)?.since ?? 0)) / HOUR)).toBe(24);
    upstream.held = [old, { ...copy, startedAt: micros(now() - HOUR), state: 'RUNNING' }];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Math.round((now() - (asked.at(-1)?.since ?? 0)) / HOUR)).toBe(60);
    expect(events.flatMap(({ changes }) => changes).map((one) => `${one.change} ${one.copy.id}`)).toEqual([
      `STARTED ${copy.id}`,
    ]);
  });

  it('survives a look that throws what nobody expected, and says so', async () => {
    const { feed, upstream, errors } = playFeed();
    const bug = new Error('a bug');
    upstream.answer = () => Promise.reject(bug);
    feed.join(() => undefined);
    await settle();
    expect(errors).toEqual([bug]);
    upstream.answer = () => ({ copies: [], report: healthy() });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.unfinished()).toEqual([]);
  });
});

describe('the pause between looks', () => {
  const pausesOf = (asked: readonly { readonly at: number }[]): readonly number[] =>
    asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));

  it('grows while it is quiet, up to the most', async () => {
    const { feed, asked } = playFeed();
    feed.join(() => undefined);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(
      pausesOf(asked)
        .slice(0, 10)
        .map((ms) => Math.round(ms / 10) * 10),
    ).toEqual([3000, 4500, 6750, 10_130, 15_190, 22_780, 34_170, 51_260, 60_000, 60_000]);
  });

  it('grows where all that is unfinished is on hold, or in a state that nobody knows', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.held = [copyAt('J1', 'ON_HOLD'), copyAt('J2', 'UNKNOWN')];
    feed.join(() => undefined);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(pausesOf(asked).at(-1)).toBe(60_000);
    upstream.held = [...upstream.held, copyAt('J3', 'QUEUED')];
    await vi.advanceTimersByTimeAsync(70_000);
    expect(pausesOf(asked).at(-1)).toBe(2000);
  });

  it('is short while anything runs, and again as soon as something does', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.held = [copyAt('J1', 'RUNNING')];
    feed.join(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(pausesOf(asked))).toEqual(new Set([2000]));
    upstream.held = [copyAt('J1', 'SUCCEEDED')];
    await vi.advanceTimersByTimeAsync(200_000);
    expect(pausesOf(asked).at(-1)).toBeGreaterThan(30_000);
    upstream.held = [copyAt('J1', 'SUCCEEDED'), copyAt('J2', 'QUEUED')];
    await vi.advanceTimersByTimeAsync(200_000);
    expect(pausesOf(asked).at(-1)).toBe(2000);
  });

  it('doubles while the upstream fails, though copies run, and is short again when it answers', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.held = [copyAt('J1', 'RUNNING')];
    const { answer } = upstream;
    feed.join(() => undefined);
    await settle();
    upstream.answer = () => ({ copies: [], report: failing() });
    await vi.advanceTimersByTimeAsync(200_000);
    expect(pausesOf(asked)).toEqual([2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    upstream.answer = answer;
    await vi.advanceTimersByTimeAsync(70_000);
    expect(pausesOf(asked).at(-1)).toBe(2000);
  });

  it('is what the upstream asks for, where that is longer, but never more than the most', async () => {
    const { feed, upstream, asked } = playFeed();
    upstream.answer = () => ({ copies: [], report: failing(asked.length === 1 ? 25_000 : 900_000) });
    feed.join(() => undefined);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(pausesOf(asked)).toEqual([25_000, 60_000]);
  });
});

interface World {
  readonly copies: ReadonlyMap<string, CopyOperation>;
}

type Step =
  | { readonly kind: 'put'; readonly id: string; readonly state: ActivityState; readonly moved: number }
  | { readonly kind: 'vanish'; readonly id: string }
  | { readonly kind: 'look' | 'fail' | 'throw' | 'partial' | 'stale' }
  | { readonly kind: 'relay'; readonly back: number };

const ids = ['A', 'B', 'C', 'D', 'E'];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id: fc.constantFrom(...ids),
      state: fc.constantFrom<ActivityState[]>('QUEUED', 'RUNNING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'UNKNOWN'),
      moved: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vanish' as const), id: fc.constantFrom(...ids) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('fail', 'throw', 'partial', 'stale') }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('relay' as const), back: fc.constantFrom(0, 1, 2, 3, 5, 8) }),
  },
);

const factsOf = ({ state, transferredBytes }: CopyOperation): string => `${state} ${transferredBytes}`;

/** A reader of a feed. It knows the unfinished copies that it got first, with every later event applied to them. */
const createReader = (feed: Feed) => {
  let known: Map<string, CopyOperation> | null = null;
  const told: { readonly id: string; readonly facts: string; readonly change: string }[] = [];
  const begin = (): void => {
    const unfinished = feed.unfinished();
    if (unfinished === null) return;
    known = new Map(unfinished.map((copy) => [copy.id, copy]));
    for (const copy of unfinished) told.push({ id: copy.id, facts: factsOf(copy), change: 'SNAPSHOT' });
  };
  const listen = ({ changes }: FeedEvent): void => {
    if (known === null) return begin();
    for (const { copy, change } of changes) {
      told.push({ id: copy.id, facts: factsOf(copy), change });
      if (isFinished(copy.state)) known.delete(copy.id);
      else known.set(copy.id, copy);
    }
  };
  const { leave } = feed.join(listen);
  begin();
  return { told, leave, known: () => known, forget: (id: string) => known?.delete(id) };
};

describe('whatever an upstream does', () => {
  it('the events on top of the beginning give what goes on, and each change is told once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }), async (steps) => {
        let world: World['copies'] = new Map();
        const startedAt = now() - HOUR;
        const published: Look[] = []; // what others saw, in their order
        let take: (look: Look) => void = () => undefined;
        const { feed, upstream, asked } = playFeed({
          relay: {
            isMine: () => Promise.resolve(true),
            release: () => Promise.resolve(),
            publish: () => undefined,
            listen: async (_name, listener) => {
              take = listener.take;
            },
          },
        });
        const copies = (): readonly CopyOperation[] =>
          [...world.values()].map((copy) => ({ ...copy, observedAt: now() }));
        let next: Extract<Step, { kind: 'look' | 'fail' | 'throw' | 'partial' | 'stale' }>['kind'] = 'look';
        const looked: Look[] = []; // the polls that count
        const ever = new Map<string, CopyOperation>(); // each copy as it was first
        upstream.answer = () => {
          const all = copies();
          const half = all.slice(0, Math.ceil(all.length / 2));
          if (next === 'throw') throw new Error('a bug');
          if (next === 'fail') return { copies: [], report: failing() };
          if (next === 'stale') return { copies: [...ever.values()], report: { ...failing(), stale: true } };
          const look: Look = {
            copies: next === 'partial' ? half : all,
            report: next === 'partial' ? failing() : healthy(),
          };
          looked.push(look);
          return look;
        };
        const lookOnce = async (kind: typeof next): Promise<void> => {
          next = kind;
          const before = asked.length;
          await vi.advanceTimersByTimeAsync(60_000);
          expect(asked.length).toBeGreaterThan(before);
        };
        const first = createReader(feed);
        const gone = new Set<string>();
        const late: ReturnType<typeof createReader>[] = [];
        try {
          await lookOnce('look');
          for (const one of steps) {
            await vi.advanceTimersByTimeAsync(1); // so that no two things are seen at the same moment
            if (one.kind === 'put') {
              const id = `CopyJob:aws-prod:${one.id}`;
              if (gone.has(id)) continue; // what is gone does not come back
              world = new Map(world).set(id, copyAt(one.id, one.state, one.moved, startedAt));
              if (!ever.has(id)) ever.set(id, copyAt(one.id, one.state, one.moved, startedAt));
              published.unshift({ copies: copies().filter((copy) => copy.id === id), report: healthy() });
            } else if (one.kind === 'vanish') {
              const id = `CopyJob:aws-prod:${one.id}`;
              if (!world.has(id)) continue;
              world = new Map([...world].filter(([key]) => key !== id));
              gone.add(id);
            } else if (one.kind === 'relay') {
              // Something that another has seen arrives late, or twice.
              const look = published[one.back];
              if (look === undefined || look.copies.some(({ id }) => gone.has(id))) continue;
              looked.push(look);
              take(look);
            } else await lookOnce(one.kind);
            if (late.length < 2) late.push(createReader(feed));
          }
          await lookOnce('look');

          const goesOn = new Map(
            [...world].filter(([, { state }]) => !isFinished(state)).map(([id, c]) => [id, factsOf(c)]),
          );
          const facts = (all: Iterable<CopyOperation>) => new Map([...all].map((copy) => [copy.id, factsOf(copy)]));
          expect(facts(feed.unfinished() ?? [])).toEqual(goesOn);
          for (const reader of [first, ...late]) {
            gone.forEach(reader.forget); // no event reports those
            expect(facts(reader.known()?.values() ?? [])).toEqual(goesOn);
          }

          // The polls saw these facts of each copy, oldest first. Each new fact was reported, and none twice.
          for (const id of ids.map((name) => `CopyJob:aws-prod:${name}`)) {
            const seen = looked
              .flatMap((look) => look.copies.filter((copy) => copy.id === id))
              .reduce<CopyOperation[]>(
                (kept, copy) => (copy.observedAt >= (kept.at(-1)?.observedAt ?? 0) ? [...kept, copy] : kept),
                [],
              )
              .map(factsOf);
            const changed = seen.filter((one, index) => one !== seen[index - 1]);
            expect(first.told.filter((one) => one.id === id).map((one) => one.facts)).toEqual(changed);
          }
        } finally {
          [first, ...late].forEach(({ leave }) => leave());
          await settle();
        }
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

/** A feed that sends the events of the test. */
const createStub = () => {
  const listeners = new Set<(event: FeedEvent) => void>();
  let unfinished: readonly CopyOperation[] | null = [];
  let report: UpstreamReport | null = healthy();
  let known = (_id: string): boolean => true;
  const feed: Feed = {
    join: (listener) => {
      listeners.add(listener);
      return { leave: () => void listeners.delete(listener) };
    },
    unfinished: () => unfinished,
    report: () => report,
    knows: (id) => known(id),
  };
  return {
    feed,
    remember: (one: (id: string) => boolean) => (known = one),
    listeners,
    begin: (copies: readonly CopyOperation[] | null) => (unfinished = copies),
    is: (one: UpstreamReport | null) => (report = one),
    tell: (...changes: FeedEvent['changes']) => listeners.forEach((listener) => listener({ changes })),
  };
};

const gist = ({ value }: IteratorResult<CopyChange, void>): string =>
  value ? `${value.change} ${value.previousState} ${value.operation && factsOf(value.operation)}` : 'over';

describe('a slow reader', () => {
  it('has each copy waiting once, whatever happens, and gets its newest state', async () => {
    const { feed, tell, listeners } = createStub();
    const stream = streamChanges([feed], () => true);
    const first = stream.next();
    await settle();
    tell({ change: 'STARTED', previousState: null, copy: copyAt('J0', 'RUNNING') });
    expect(gist(await first)).toBe('STARTED null RUNNING 0');

    for (let round = 1; round <= 100; round += 1)
      for (let index = 0; index < 100; index += 1)
        tell({ change: 'PROGRESSED', previousState: 'RUNNING', copy: copyAt(`J${index}`, 'RUNNING', round) });
    const taken = new Map<string | undefined, string>();
    for (let index = 0; index < 100; index += 1) {
      const next = await stream.next();
      taken.set(next.value?.operation?.id, gist(next));
    }
    expect(taken.size).toBe(100);
    expect(new Set(taken.values())).toEqual(new Set(['PROGRESSED RUNNING RUNNING 100']));
    const none = stream.next();
    await stream.return();
    expect(gist(await none)).toBe('over'); // there was nothing else
    expect(listeners.size).toBe(0);
  });

  it('of a copy that was told and has left the filter is told once more, and then no more', async () => {
    const { feed, tell } = createStub();
    const stream = streamChanges([feed], ({ state }) => state === 'RUNNING');
    const next = stream.next();
    await settle();
    const [queued, running] = [copyAt('J1', 'QUEUED'), copyAt('J1', 'RUNNING')];
    const over = copyAt('J1', 'SUCCEEDED');
    tell({ change: 'STARTED', previousState: null, copy: queued });
    tell({ change: 'CHANGED', previousState: 'QUEUED', copy: running });
    expect(gist(await next)).toBe('CHANGED QUEUED RUNNING 0');
    tell({ change: 'FINISHED', previousState: 'RUNNING', copy: over });
    expect(gist(await stream.next())).toBe('FINISHED RUNNING SUCCEEDED 0');
    tell({ change: 'CHANGED', previousState: 'SUCCEEDED', copy: over });
    const none = stream.next();
    await stream.return();
    expect(gist(await none)).toBe('over');
  });

  it('has nothing kept for it that its feeds have forgotten', async () => {
    const { feed, tell, remember } = createStub();
    const stream = streamChanges([feed], ({ state }) => state === 'SUCCEEDED');
    const next = stream.next();
    await settle();
    remember((id) => id.endsWith('J7'));
    for (let index = 0; index < 1000; index += 1)
      tell({ change: 'FINISHED', previousState: null, copy: copyAt(`J${index}`, 'SUCCEEDED') });
    await next;
    for (let index = 1; index < 1000; index += 1) await stream.next();
    for (const id of ['J5', 'J7']) tell({ change: 'CHANGED', previousState: 'SUCCEEDED', copy: copyAt(id, 'RUNNING') });
    expect((await stream.next()).value?.operation?.id).toBe('CopyJob:aws-prod:J7'); // it leaves the filter; of J5 nobody knows
    const none = stream.next();
    await stream.return();
    expect(gist(await none)).toBe('over');
  });

  it('is told of an outage once, and of its end, though nothing else happens', async () => {
    const { feed, tell, is } = createStub();
    const stream = streamChanges([feed], () => true);
    const next = stream.next();
    await settle();
    is(failing());
    tell();
    tell();
    expect((await next).value).toMatchObject({ change: 'CHANGED', operation: null, upstreamReports: [{ ok: false }] });
    is(healthy());
    tell();
    tell();
    expect((await stream.next()).value).toMatchObject({ operation: null, upstreamReports: [{ ok: true }] });
    const none = stream.next();
    await stream.return();
    expect(gist(await none)).toBe('over');
  });

  it('who leaves before reading anything has never joined', async () => {
    const { feed, listeners } = createStub();
    const stream = streamChanges([feed], () => true);
    await stream.return();
    expect(gist(await stream.next())).toBe('over');
    expect(listeners.size).toBe(0);
  });
});

describe('a queue', () => {
  it('merges what waits under the same key, in the order of the keys, and ends when it is closed', async () => {
    const pending = createPending<string>((first, second) => first + second);
    const waiting = pending.take();
    pending.put('a', '1');
    expect(await waiting).toBe('1');
    pending.put('a', '2');
    pending.put('b', '3');
    pending.put('a', '4');
    expect([await pending.take(), await pending.take()]).toEqual(['24', '3']);
    const last = pending.take();
    pending.close();
    expect(await last).toBeUndefined();
    expect(await pending.take()).toBeUndefined();
  });
});
