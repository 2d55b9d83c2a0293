import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { strainOf, watchVitals } from '../../../src/edge/strain.js';
import { until } from '../../support/until.js';

describe('what the process is short of', () => {
  it.each([
    [0, 0, null],
    [1000, 0.9, null],
    [1001, 0.5, 'event_loop'],
    [20, 0.91, 'heap'],
    [5000, 0.99, 'event_loop'],
  ] as const)('with an event loop %s ms late and a heap of which %s is used is %s', (delayMs, heapUsed, strain) => {
    expect(strainOf({ delayMs: () => delayMs, heapUsed: () => heapUsed })).toBe(strain);
  });

  it('is seen in this process while its event loop is late, and no longer when it is not', async () => {
    const vitals = watchVitals();
    try {
      expect(strainOf(vitals)).toBeNull();
      expect(vitals.heapUsed()).toBeGreaterThan(0);
      expect(vitals.heapUsed()).toBeLessThan(1);
      await sleep(1200); // a quiet second before it
      let strain = strainOf(vitals);
      for (let turn = 0; turn < 4 && strain === null; turn += 1) {
        const until = performance.now() + 1300;
        while (performance.now() < until); // nothing else runs
        await sleep(1);
        strain = strainOf(vitals);
      }
      expect(strain).toBe('event_loop');
      await until(() => expect(strainOf(vitals)).toBeNull(), 50);
    } finally {
      vitals.end();
    }
  });
});
