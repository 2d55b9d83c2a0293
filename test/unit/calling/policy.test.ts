import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallObserver } from '../../../src/domain/call-observer.js';
import type { CallRate } from '../../../src/domain/call-rate.js';
import { micros } from '../../../src/domain/micros.js';
import { UpstreamError, type UpstreamErrorDetails, type UpstreamFailure } from '../../../src/domain/upstream-error.js';
import { createPolicy, type PolicyOptions } from '../../../src/calling/policy.js';
import { waitByTimers } from '../../support/wait.js';

// No wait between attempts but what the upstream asks for. Time passes when a test lets it.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const create = (options: Partial<PolicyOptions> = {}) => {
  const told: string[] = [];
  const pauses: number[] = [];
  const observer: CallObserver = {
    attempted: (outcome, ms) => void told.push(`${outcome} ${ms >= 0}`),
    retried: () => void told.push('retried'),
    refused: (reason) => void told.push(`refused ${reason}`),
    circuitChanged: (state) => void told.push(state),
  };
  const policy = createPolicy({
    upstream: 'u',
    timeoutMs: 1000,
    maxConcurrent: 4,
    now: () => micros(0),
    wait: async (ms, signal) => {
      pauses.push(ms);
      if (ms > 0) await waitByTimers(ms, signal);
    },
    observer,
    ...options,
  });
  return { policy, told, pauses };
};

/** Attempts that fail so, counted. */
const failing = (reason: UpstreamFailure, details: UpstreamErrorDetails = {}) => {
  let count = 0;
  const attempt = (): Promise<never> => {
    count += 1;
    return Promise.reject(new UpstreamError('u', reason, 'told', details));
  };
  return { attempt, count: () => count };
};

/** Its failure, after so much time. */
const errorOf = async (promise: Promise<unknown>, ms = 0): Promise<unknown> => {
  const failure = promise.catch((error: unknown) => error);
  await pass(ms);
  return failure;
};

describe('the repeats of a read', () => {
  it('are at most ten and a fifth of the calls, however many fail', async () => {
    const { policy } = create();
    const { attempt, count } = failing('throttled');
    for (let read = 0; read < 100; read += 1) await errorOf(policy.read({}, attempt));
    expect(count()).toBeLessThanOrEqual(100 + 10 + 20);
    expect(count()).toBeGreaterThan(100 + 20);
  });

  it('are earned by writes and good answers too', async () => {
    const { policy } = create();
    const { attempt, count } = failing('throttled');
    for (let read = 0; read < 50; read += 1) await errorOf(policy.read({}, attempt));
    const before = count();
    await errorOf(policy.read({}, attempt));
    await errorOf(policy.read({}, attempt));
    expect(count()).toBeLessThanOrEqual(before + 3);
    for (let call = 0; call < 5; call += 1) {
      await policy.read({}, () => Promise.resolve());
      await policy.write({}, () => Promise.resolve());
    }
    const then = count();
    await errorOf(policy.read({}, attempt));
    expect(count()).toBe(then + 3);
  });

  it('do not wait past the deadline: the failure is told at once, with what the upstream asked for', async () => {
    const { policy, told, pauses } = create();
    const { attempt, count } = failing('throttled', { retryAfterMs: 2000 });
    const error = await errorOf(policy.read({ deadlineAt: performance.now() + 1500 }, attempt));
    expect(pauses).toEqual([]);
    expect(error).toMatchObject({ reason: 'throttled', retryAfterMs: 2000 });
    expect(count()).toBe(1);
    expect(told).toEqual(['throttled true']);
  });

  it('are made where the wait ends before the deadline', async () => {
    const { policy, told } = create();
    const { attempt, count } = failing('throttled', { retryAfterMs: 20 });
    await errorOf(policy.read({ deadlineAt: performance.now() + 5000 }, attempt), 40);
    expect(count()).toBe(3);
    expect(told).toEqual(['throttled true', 'retried', 'throttled true', 'retried', 'throttled true']);
  });

  it('do not cost what was never waited for: a failure at the deadline leaves the budget whole', async () => {
    const { policy } = create();
    const late = failing('throttled', { retryAfterMs: 4000 });
    for (let read = 0; read < 30; read += 1) {
      await errorOf(policy.read({ deadlineAt: performance.now() + 1000 }, late.attempt));
    }
    expect(late.count()).toBe(30);
    const { attempt, count } = failing('throttled');
    await errorOf(policy.read({}, attempt));
    expect(count()).toBe(3);
  });

  it('end with the operation while they wait', async () => {
    const { policy, pauses } = create();
    const { attempt, count } = failing('throttled', { retryAfterMs: 4000 });
    const caller = new AbortController();
    const reading = policy.read({ signal: caller.signal }, attempt);
    const told = reading.catch((error: unknown) => error);
    await pass(3999);
    expect(pauses).toEqual([4000]);
    caller.abort();
    expect(await told).toMatchObject({ reason: 'canceled' });
    expect(count()).toBe(1);
  });
});

describe('the rate of calls', () => {
  const rateOf = (waits: number[]) => {
    const asked: string[] = [];
    const rate: CallRate = {
      perSecond: { describe: 1, list: 1 },
      take: (kind) => {
        asked.push(kind);
        const waitMs = waits.shift() ?? 0;
        return Promise.resolve({ taken: waitMs === 0 ? 1 : 0, waitMs });
      },
    };
    return { rate, asked };
  };

  it('is paid by each attempt of a kind, and by no call without one', async () => {
    const { rate, asked } = rateOf([]);
    const { policy } = create({ rate });
    await errorOf(policy.read({}, failing('unavailable').attempt, 'describe'));
    expect(asked).toEqual(['describe', 'describe', 'describe']);
    await policy.read({}, () => Promise.resolve());
    await policy.write({}, () => Promise.resolve());
    expect(asked.length).toBe(3);
  });

  it('refuses what could not be asked in time, once, as throttled, and the upstream is not to blame', async () => {
    const { rate } = rateOf([800]);
    const { policy, told } = create({ rate });
    let made = 0;
    const error = await errorOf(
      policy.read({ deadlineAt: performance.now() + 300 }, () => Promise.resolve((made += 1)), 'list'),
    );
    expect(error).toMatchObject({ reason: 'throttled', retryAfterMs: 800, sent: false });
    expect(made).toBe(0);
    expect(told).toEqual(['refused throttled']);
    expect(policy.health()).toMatchObject({ status: 'UNKNOWN', lastError: null });
    expect(policy.sinceLastCallMs()).toBeNull();
  });

  it('does not time an attempt while it waits', async () => {
    const { rate } = rateOf([200]);
    const { policy } = create({ rate, timeoutMs: 100 });
    const reading = policy.read({}, () => Promise.resolve('told'), 'list');
    await pass(200);
    expect(await reading).toBe('told');
    expect(policy.health().latencyMs).toBe(0);
  });
});

describe('a circuit that opens', () => {
  const outage = () => failing('timeout');

  it('lets none of those through that wait for their turn, save one that begins as it opens', async () => {
    const { policy, told } = create({ maxConcurrent: 1 });
    const { attempt, count } = outage();
    const errors = await Promise.all(Array.from({ length: 40 }, () => errorOf(policy.read({}, attempt))));
    expect(count()).toBeLessThanOrEqual(11);
    const refused = errors.filter((error) => error instanceof UpstreamError && error.reason === 'circuitOpen').length;
    expect(refused).toBe(40 - count());
    expect(told.filter((one) => one === 'refused circuitOpen').length).toBe(refused);
    expect(told.filter((one) => one === 'OPEN').length).toBe(1);
  });

  it('says each change, and is not closed by a call that was refused its turn', async () => {
    let waitMs = 0;
    const rate: CallRate = {
      perSecond: { describe: 1, list: 1 },
      take: () => Promise.resolve({ taken: waitMs === 0 ? 1 : 0, waitMs }),
    };
    const { policy, told } = create({ rate });
    const { attempt } = outage();
    for (let read = 0; read < 10; read += 1) await errorOf(policy.read({}, attempt, 'list'));
    await pass(5001);
    waitMs = 700;
    const refused = await errorOf(
      policy.read({ deadlineAt: performance.now() + 100 }, () => Promise.resolve(), 'list'),
    );
    expect(refused).toMatchObject({ reason: 'throttled' });
    expect(policy.health().circuit).toBe('OPEN');
    waitMs = 0;
    await pass(5001);
    await policy.read({}, () => Promise.resolve(), 'list');
    expect(policy.health().circuit).toBe('CLOSED');
    const changes = told.filter((one) => /^(?:OPEN|HALF_OPEN|CLOSED)$/.test(one));
    expect(changes).toEqual(['OPEN', 'HALF_OPEN', 'OPEN', 'HALF_OPEN', 'CLOSED']);
  });
});

it('tells of an attempt that a caller left, and of a bug, by a name of their own', async () => {
  const { policy, told } = create();
  const caller = new AbortController();
  const leaving = errorOf(policy.read({ signal: caller.signal }, () => new Promise(() => undefined)));
  await pass(5);
  expect(policy.load()).toEqual({ running: 1, waiting: 0 });
  caller.abort();
  expect(await leaving).toMatchObject({ reason: 'canceled' });
  await pass(0); // the caller does not wait for the attempt to end
  await errorOf(policy.read({}, () => Promise.reject(new TypeError('x is undefined'))));
  expect(told).toEqual(['canceled true', 'internal true']);
  expect(policy.load()).toEqual({ running: 0, waiting: 0 });
});
