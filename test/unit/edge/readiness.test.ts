import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamHealth } from '../../../src/domain/upstream.js';
import { type Probed, createReadiness } from '../../../src/edge/readiness.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const health = (told: Partial<UpstreamHealth>): UpstreamHealth => ({
  status: 'UNKNOWN',
  latencyMs: null,
  lastSuccessAt: null,
  lastError: null,
  circuit: 'CLOSED',
  ...told,
});

/** An upstream that was called so long ago, and whose probe never ends. */
const silent = (name: string, sinceLastCallMs: number | null, told: Partial<UpstreamHealth>): Probed => ({
  name,
  health: () => health(told),
  sinceLastCallMs: () => sinceLastCallMs,
  probe: () => new Promise(() => undefined),
});

describe('readiness', () => {
  it('lists each upstream as its last call went, and one that was well too long ago as unknown', async () => {
    const ready = createReadiness([
      silent('a', 6000, { status: 'UP', latencyMs: 12 }),
      silent('b', 6000, { status: 'DOWN', lastError: 'timeout', circuit: 'OPEN' }),
      silent('c', null, {}),
    ])();
    await vi.advanceTimersByTimeAsync(4000);
    expect(await ready).toEqual({
      up: 0,
      of: 3,
      each: [
        { name: 'a', status: 'UNKNOWN', circuit: 'CLOSED', latencyMs: 12, lastError: null },
        { name: 'b', status: 'DOWN', circuit: 'OPEN', latencyMs: null, lastError: 'timeout' },
        { name: 'c', status: 'UNKNOWN', circuit: 'CLOSED', latencyMs: null, lastError: null },
      ],
    });
  });

  it('probes none that has just been called', async () => {
    const fresh = { ...silent('a', 100, { status: 'UP' }), probe: vi.fn() };
    expect(await createReadiness([fresh])()).toMatchObject({ up: 1, of: 1, each: [{ name: 'a', status: 'UP' }] });
    expect(fresh.probe).not.toHaveBeenCalled();
  });
});
