import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/domain/upstream-error.js';
import { startDeadline, unlessAborted } from '../../src/calling/deadline.js';
import { createPolicy } from '../../src/calling/policy.js';
import { connectionFailure, retryAfterMs } from '../../src/calling/transport.js';
import { micros } from '../../src/domain/micros.js';
import { collectGarbage } from '../support/garbage.js';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

describe('a deadline', () => {
  it('comes although nobody but its listeners holds it', async () => {
    const start = () => aborted(startDeadline(100, new AbortController().signal).signal);
    const done = start();
    await new Promise(setImmediate); // within one turn of the loop nothing that was made in it is collected
    collectGarbage();
    await done;
  });

  it('passes on its parent’s abort, before and after, and tells it from its own', async () => {
    const parent = new AbortController();
    const early = startDeadline(60_000, parent.signal);
    expect(early.signal.aborted).toBe(false);
    parent.abort();
    expect([early.signal.aborted, early.passed()]).toEqual([true, false]);
    const late = startDeadline(60_000, parent.signal);
    expect([late.signal.aborted, late.passed()]).toEqual([true, false]);
    early.end();
    late.end();
    const own = startDeadline(1);
    await aborted(own.signal);
    expect(own.passed()).toBe(true);
  });

  it('does not come once its work is over', () => {
    const parent = new AbortController();
    const { signal, end } = startDeadline(60_000, parent.signal);
    end();
    parent.abort();
    expect(signal.aborted).toBe(false);
  });
});

describe('work that may be abandoned', () => {
  it('is waited for, and its failure is handed on', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(signal, Promise.resolve(7), () => new Error('gone'))).resolves.toBe(7);
    await expect(unlessAborted(signal, Promise.reject(new Error('bad')), () => new Error('gone'))).rejects.toThrow(
      'bad',
    );
    await expect(unlessAborted(undefined, Promise.resolve(7), () => new Error('gone'))).resolves.toBe(7);
  });

  it('is abandoned at the abort, which may have been', async () => {
    const never = new Promise<number>(() => undefined);
    const caller = new AbortController();
    const waiting = unlessAborted(caller.signal, never, () => new Error('gone'));
    caller.abort();
    await expect(waiting).rejects.toThrow('gone');
    await expect(unlessAborted(caller.signal, never, () => new Error('gone'))).rejects.toThrow('gone');
  });
});

describe('a policy', () => {
  const create = (timeoutMs = 1000) => {
    const told: UpstreamError[] = [];
    const policy = createPolicy({
      upstream: 'u',
      timeoutMs,
      maxConcurrent: 1,
      now: () => micros(0),
      onFailure: (failure) => void told.push(failure),
    });
    return { policy, told };
  };
  const failing = (error: () => Error) => {
    let attempts = 0;
    return {
      attempt: () => {
        attempts += 1;
        return Promise.reject(error());
      },
      count: () => attempts,
    };
  };

  it('never repeats a write', async () => {
    const { policy } = create();
    const { attempt, count } = failing(() => new UpstreamError('u', 'unavailable', 'ECONNRESET'));
    await expect(policy.write({}, attempt)).rejects.toThrow('ECONNRESET');
    expect(count()).toBe(1);
    await expect(policy.read({}, attempt)).rejects.toThrow('ECONNRESET');
    expect(count()).toBe(4);
  });

  it('leaves a bug what it is: neither an outage, nor worth a repeat', async () => {
    const { policy, told } = create();
    const bug = new TypeError('x is undefined');
    const { attempt, count } = failing(() => bug);
    await expect(policy.read({}, attempt)).rejects.toBe(bug);
    expect(count()).toBe(1);
    expect(told).toEqual([]);
    expect(policy.health()).toMatchObject({ status: 'UNKNOWN', circuit: 'CLOSED', lastError: null });
  });

  it('ends an attempt that does not heed its signal', async () => {
    const { policy } = create(20);
    const stubborn = policy.read({}, () => new Promise(() => undefined));
    await expect(stubborn).rejects.toMatchObject({ reason: 'timeout' });
    await expect(policy.read({}, () => Promise.resolve('next'))).resolves.toBe('next'); // its turn is free again
  });

  it.each([
    ['notFound', 'UP'],
    ['rejected', 'UP'],
    ['throttled', 'UP'],
    ['tooLarge', 'UP'],
    ['timeout', 'DOWN'],
    ['unavailable', 'DOWN'],
    ['unauthorized', 'DOWN'],
    ['malformed', 'DOWN'],
  ] as const)('takes an upstream whose answer is %s for %s', async (reason, status) => {
    const { policy } = create();
    await expect(policy.write({}, () => Promise.reject(new UpstreamError('u', reason, 'told')))).rejects.toMatchObject({
      reason,
    });
    expect(policy.health().status).toBe(status);
    expect(policy.sinceLastCallMs()).not.toBeNull();
  });

  it('learns nothing of an upstream from a caller who leaves', async () => {
    const { policy, told } = create();
    const caller = new AbortController();
    const waiting = policy.read({ signal: caller.signal }, () => new Promise(() => undefined));
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ reason: 'canceled' });
    expect(policy.sinceLastCallMs()).toBeNull();
    expect(policy.health().status).toBe('UNKNOWN');
    expect(told).toEqual([]);
  });
});

it.each([
  ['5', 5000],
  ['0', 0],
  [new Date(Date.now() - 60_000).toUTCString(), 0],
  ['soon', null],
  ['-3', null],
  [undefined, null],
  ['99999999999999999999', 86_400_000],
])('reads Retry-After %s as %s ms', (header, ms) => {
  expect(retryAfterMs(header)).toBe(ms);
});

it('reads a date in Retry-After as the time until then', () => {
  const wait = retryAfterMs(new Date(Date.now() + 60_000).toUTCString());
  expect(wait).toBeGreaterThan(57_000);
  expect(wait).toBeLessThanOrEqual(60_000);
});

it.each([
  ['ECONNREFUSED', 'unavailable', true],
  ['ECONNRESET', 'unavailable', true],
  ['ENOTFOUND', 'unavailable', true],
  ['UND_ERR_SOCKET', 'unavailable', true],
  ['CERT_HAS_EXPIRED', 'unavailable', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unavailable', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'unavailable', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unavailable', false],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', false],
  ['ETIMEDOUT', 'timeout', false],
  ['HPE_HEADER_OVERFLOW', 'malformed', false],
  ['UND_ERR_HEADERS_OVERFLOW', 'malformed', false],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'tooLarge', false],
])('takes the code %s for %s; asking again helps: %s', (code, reason, transient) => {
  expect(connectionFailure('u', code)).toMatchObject({ reason, transient });
});

it('says nothing about a code of another kind', () => {
  expect(connectionFailure('u', 'ERROR_3911')).toBeNull();
});
