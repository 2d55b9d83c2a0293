import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { createLightAbort } from '../../../src/domain/light-abort.js';

/** Whether V8 has one hidden class for both. */
const areAlike = (() => {
  setFlagsFromString('--allow-natives-syntax');
  const compare = runInNewContext('(a, b) => %HaveSameMap(a, b)') as (a: object, b: object) => boolean;
  compare({}, {}); // V8 compiles it when it is first called
  setFlagsFromString('--no-allow-natives-syntax');
  return compare;
})();

describe('a light abort controller', () => {
  it('aborts once, with its first reason, and does what each listener wants', () => {
    const { signal, abort } = createLightAbort();
    const [listener, property, gone] = [vi.fn(), vi.fn(), vi.fn()];
    signal.addEventListener('abort', listener);
    signal.addEventListener('abort', gone);
    signal.removeEventListener('abort', gone);
    signal.onabort = property;
    expect(signal.aborted).toBe(false);
    expect(() => signal.throwIfAborted()).not.toThrow();
    const why = new Error('first');
    abort(why);
    abort(new Error('second'));
    expect([listener.mock.calls.length, property.mock.calls.length, gone.mock.calls.length]).toEqual([1, 1, 0]);
    expect([signal.aborted, signal.reason]).toEqual([true, why]);
    expect(() => signal.throwIfAborted()).toThrow(why);
  });

  it('has the reason of others if none is given', () => {
    const [ours, others] = [createLightAbort(), new AbortController()];
    ours.abort();
    others.abort();
    const gist = ({ name, message }: DOMException) => [name, message];
    expect(gist(ours.signal.reason)).toEqual(gist(others.signal.reason));
  });

  it('has a hidden class that all share', () => {
    const [one, other] = [createLightAbort(), createLightAbort()];
    one.signal.addEventListener('abort', () => undefined);
    expect(areAlike(one.signal, other.signal)).toBe(true);
  });
});
