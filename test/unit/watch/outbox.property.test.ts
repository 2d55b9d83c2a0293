import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_MICROS, type Micros, micros } from '../../../src/domain/micros.js';
import type { Notice } from '../../../src/domain/notice.js';
import {
  MOST_WAITING,
  type Outbox,
  delivered,
  emptyOutbox,
  failed,
  nextBatch,
  nextTime,
  put,
} from '../../../src/watch/outbox.js';

const rule = { name: 'ops', on: [], minSeconds: 0 };
const SECOND = 1_000_000;

const noticeOf = (id: string, since: number, isMissed = false): Notice => ({
  ...{ id, rule: 'ops', since: micros(since), isMissed },
  event: { type: 'COPY_FAILED', upstream: 'dc-east', targetKind: null, key: id, at: micros(since), data: {} },
});

const run = (
  comes: readonly { readonly after: number; readonly isMissed: boolean }[],
  answers: readonly boolean[],
  minSeconds: number,
) => {
  let outbox: Outbox = emptyOutbox;
  let now = micros(0);
  const told = new Map<string, number>();
  const givenUp = new Set<string>();
  const times: Micros[] = [];
  let tries = 0;
  const one = { ...rule, minSeconds };
  const step = (until: number): void => {
    for (;;) {
      const next = nextTime(outbox, one);
      if (next === null || next > until) break;
      now = micros(Math.max(now, next));
      const batch = nextBatch(outbox, one, now);
      if (batch === null) throw new Error('something was due, and nothing is to be delivered');
      const isTaken = answers.length > 0 && answers[tries++ % answers.length] === true;
      if (isTaken) {
        for (const { id } of batch.notices) told.set(id, (told.get(id) ?? 0) + 1);
        times.push(now);
        outbox = delivered(outbox, 'ops', batch, now);
      } else {
        const after = failed(outbox, batch, { now, retryAfterMs: null });
        if (after.isGivenUp) for (const { id } of batch.notices) givenUp.add(id);
        outbox = after.outbox;
      }
    }
    now = micros(Math.max(now, until));
  };
  let at = 0;
  comes.forEach(({ after, isMissed }, n) => {
    at += after * SECOND;
    step(at);
    outbox = put(outbox, [noticeOf(`n${n}`, at, isMissed)], micros(at));
  });
  step(at + 200 * HOUR_MICROS);
  return { told, givenUp, times, outbox };
};

const comes = fc.array(fc.record({ after: fc.nat(400), isMissed: fc.boolean() }), { maxLength: 30 });

describe('what waits to be delivered', () => {
  it('is told once or given up, and never both or neither, however the webhook answers', () => {
    fc.assert(
      fc.property(comes, fc.array(fc.boolean(), { maxLength: 12 }), fc.nat(900), (events, answers, minSeconds) => {
        const { told, givenUp, outbox } = run(events, answers, minSeconds);
        expect(outbox.waiting.size).toBe(0);
        events.forEach((_, n) => {
          expect([told.get(`n${n}`) ?? 0, givenUp.has(`n${n}`)]).toEqual(givenUp.has(`n${n}`) ? [0, true] : [1, false]);
        });
        if (answers.length > 0 && answers.every((answer) => answer)) expect(givenUp.size).toBe(0);
      }),
    );
  });

  it('leaves minSeconds between two deliveries where each is taken', () => {
    fc.assert(
      fc.property(comes, fc.integer({ min: 1, max: 900 }), (events, minSeconds) => {
        const { times } = run(events, [true], minSeconds);
        times.slice(1).forEach((time, n) => expect(time - (times[n] ?? 0)).toBeGreaterThanOrEqual(minSeconds * SECOND));
      }),
    );
  });

  it('is tried for an hour, with pauses that grow up to ten minutes', () => {
    let outbox = put(emptyOutbox, [noticeOf('a', 0)], micros(0));
    const tries: number[] = [];
    for (let time = nextTime(outbox, rule); time !== null; time = nextTime(outbox, rule)) {
      tries.push(time / SECOND);
      const batch = nextBatch(outbox, rule, time);
      if (batch === null) throw new Error('nothing to deliver');
      outbox = failed(outbox, batch, { now: time, retryAfterMs: null }).outbox;
    }
    expect(tries).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1235, 1835, 2435, 3035, 3600]);
  });

  it('is a thousand notices at most', () => {
    const many = Array.from({ length: MOST_WAITING + 5 }, (_, n) => noticeOf(`n${n}`, 0));
    expect(put(emptyOutbox, many, micros(0)).waiting.size).toBe(MOST_WAITING);
  });
});
