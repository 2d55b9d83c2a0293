import { describe, expect, it } from 'vitest';
import type { ActivityState } from '../../src/domain/activity.js';
import type { CopyOperation } from '../../src/domain/copy-operation.js';
import { micros } from '../../src/domain/micros.js';
import { createMemory } from '../../src/live/memory.js';
import { jobOf, toJob } from '../support/estate.js';

const NOW = micros(1_790_000_000_000_000);
const HOUR = 3_600_000_000;

const copyAt = (id: number, state: ActivityState): CopyOperation => ({
  ...toJob('aws-prod', jobOf(`J${id}`, NOW - HOUR + id * 1_000_000)),
  state,
  observedAt: NOW,
});
const report = {
  upstream: 'aws-prod',
  ok: true,
  observedAt: NOW,
  stale: false,
  complete: true,
  incompleteReasons: [],
  error: null,
};

describe('what a feed remembers', () => {
  it('is every unfinished copy and a bounded number of finished ones, none of which is reported twice', async () => {
    const memory = createMemory({ lookBackMicros: 168 * HOUR, now: () => NOW, mostFinished: 100 });
    const look = async (copies: readonly CopyOperation[]) => {
      const taken = await memory.take({ copies, report }, micros(NOW - 24 * HOUR));
      taken?.told();
      return taken?.changes.map(({ change, copy }) => `${change} ${copy.id}`);
    };
    const running = [copyAt(0, 'RUNNING'), copyAt(1, 'ON_HOLD')];
    const finished = Array.from({ length: 150 }, (_, index) => copyAt(index + 10, 'SUCCEEDED'));
    expect(await look([...running, ...finished])).toEqual([]);

    const known = finished.filter(({ id }) => memory.knows(id));
    expect(known).toEqual(finished.slice(-90)); // the newest
    expect(running.every(({ id }) => memory.knows(id))).toBe(true);

    expect(await look([...running, ...finished])).toEqual([]);
    const news = [copyAt(0, 'FAILED'), copyAt(1, 'ON_HOLD'), ...finished, copyAt(500, 'SUCCEEDED')];
    expect(await look(news)).toEqual(['FINISHED CopyJob:aws-prod:J0', 'FINISHED CopyJob:aws-prod:J500']);
    expect(await look(news)).toEqual([]);
    expect(memory.unfinished()).toHaveLength(1);
  });
});
