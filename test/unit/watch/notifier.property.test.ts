import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { micros } from '../../../src/domain/micros.js';
import { WebhookError } from '../../../src/calling/webhook.js';
import { createNoticeMemory } from '../../../src/watch/notice-memory.js';
import { createNotifier } from '../../../src/watch/notifier.js';

const SECOND = 1_000_000;
const REPLICAS = 3;

const failedCopy = (n: number): CopyOperation => ({
  ...{ __typename: 'CopyRun', id: `copy ${n}`, upstream: 'dc-east', state: 'FAILED', upstreamState: null },
  ...{ error: null, failureCategory: null, startedAt: micros(n), endedAt: micros(n), observedAt: micros(n) },
  ...{ name: 'Gold', target: null, offsite: null, sizeBytes: null, transferredBytes: null, expiresAt: null },
});

/** All work under way comes to its end: nothing here takes time. */
const settle = async (): Promise<void> => {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve));
};

const step = fc.record({
  seconds: fc.nat(20),
  fails: fc.nat(2), // copies
  looker: fc.nat(REPLICAS - 1),
  isHandedOver: fc.boolean(),
  isTaken: fc.boolean(), // by the webhook
});

const play = async (
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  minSeconds: number,
) => {
  let [now, failures, turn, isTaken] = [0, 0, 0, true];
  const told: string[] = [];
  const store = createNoticeMemory();
  const rule = { name: 'ops', on: ['COPY_FAILED'] as const, minSeconds };
  const replicas = Array.from({ length: REPLICAS }, () => ({
    seen: 0,
    notifier: createNotifier({
      rules: () => [rule],
      store,
      times: () => ({ stalledMicros: 1, offsiteLagSeconds: 1 }),
      roundSeconds: () => 1,
      now: () => micros(now),
      wait: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
      post: (_rule, { notices }) => {
        if (!isTaken) return Promise.reject(new WebhookError('it answered with status 500'));
        told.push(...notices.map(({ event }) => event.key));
        return Promise.resolve();
      },
      onResult: () => undefined,
      onFailure: () => undefined,
    }),
  }));
  const look = async (place: number): Promise<void> => {
    const replica = replicas[place];
    if (replica === undefined) return;
    const fresh = Array.from({ length: failures - replica.seen }, (_, n) => failedCopy(replica.seen + n));
    replica.seen = failures;
    const seen = {
      upstream: 'dc-east',
      at: micros(now),
      copies: [],
      isUp: true,
      isWhole: true,
      hours: 1,
      objects: null,
    };
    replica.notifier.looked(
      seen,
      fresh.map((copy) => ({ kind: 'finished', copy })),
    );
    await replica.notifier.turn(place === turn);
    await settle();
  };
  for (let place = 0; place < REPLICAS; place += 1) await look(place);
  for (const one of steps) {
    now += one.seconds * SECOND;
    failures += one.fails;
    isTaken = one.isTaken;
    if (one.isHandedOver) turn = (turn + 1) % REPLICAS;
    await look(one.looker);
  }
  isTaken = true;
  // Each process reads again within seconds, even after any other event.
  for (let place = 0; place < REPLICAS; place += 1) await look(place);
  for (let n = 0; n < 2 * failures + 4; n += 1) {
    now += 700 * SECOND;
    for (let place = 0; place < REPLICAS; place += 1) await look(place);
  }
  for (const { notifier } of replicas) notifier.close();
  return { told, failures };
};

describe('replicas that look at their own pace and hand the turn over', () => {
  it('tell each failure, and none twice, whenever the webhook fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.constantFrom(0, 0, 60), async (steps, minSeconds) => {
        const { told, failures } = await play(steps, minSeconds);
        expect([...told].sort()).toEqual([...new Set(told)].sort());
        expect(told).toHaveLength(failures);
      }),
      { numRuns: 40 },
    );
  });
});
