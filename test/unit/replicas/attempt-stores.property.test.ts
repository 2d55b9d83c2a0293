import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createFailoverMemory } from '../../../src/failover/memory.js';
import { type FailoverAttempt, attemptOutcomes } from '../../../src/domain/failover-attempt.js';
import { HOUR_MICROS, type Micros, micros } from '../../../src/domain/micros.js';
import { createAuditTrail } from '../../../src/edge/audit.js';
import { createAttemptRecords } from '../../../src/replicas/attempt-records.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { NOON, attemptOf, recordOf } from '../../support/attempts.js';
import { closing } from '../../support/products.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';

const upstreams = ['dc-east', 'dc-west'] as const;
const keys = ['a', 'b', 'B_1'] as const;
const hours = fc.integer({ min: 0, max: 5 });

const begun = fc.record({ upstream: fc.constantFrom(...upstreams), key: fc.constantFrom(...keys), hour: hours });
const step = fc.oneof(
  begun.map((begin) => ({ begin })),
  fc.record({ which: fc.nat(), outcome: fc.constantFrom(...attemptOutcomes) }).map((end) => ({ end })),
);
const story = fc.record({ steps: fc.array(step, { maxLength: 14 }), since: hours });
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

interface Store {
  find(upstream: string, key: string): Promise<FailoverAttempt | null>;
  since(upstream: string, from: Micros): Promise<readonly FailoverAttempt[]>;
  /** `false` where the store takes none that begins now. */
  begin(attempt: FailoverAttempt): Promise<unknown>;
  end(attempt: FailoverAttempt): Promise<void>;
}

/** Plays a story to a store: attempts begin, at times in any order, and those that began end, some twice. */
const play = async ({ steps }: Story, store: Store): Promise<readonly FailoverAttempt[]> => {
  const attempts: FailoverAttempt[] = [];
  for (const one of steps) {
    if ('begin' in one) {
      const { hour, ...place } = one.begin;
      const startedAt = micros(NOON + hour * HOUR_MICROS);
      const attempt = attemptOf({ ...place, startedAt, attemptId: `attempt-${attempts.length}` });
      if ((await store.begin(attempt)) !== false) attempts.push(attempt);
    } else {
      const index = one.end.which % Math.max(1, attempts.length);
      const known = attempts[index];
      if (known === undefined || (known.outcome !== null && known.outcome !== one.end.outcome)) continue;
      const attempt = { ...known, outcome: one.end.outcome };
      // The end of one that another has followed comes too late to matter, unless its clock ran ahead.
      const followed = attempts
        .slice(index + 1)
        .filter(({ upstream, key }) => upstream === attempt.upstream && key === attempt.key);
      if (followed.some(({ startedAt }) => startedAt < attempt.startedAt)) continue;
      attempts[index] = attempt;
      await store.end(attempt);
    }
  }
  return attempts;
};

const mayHaveArrived = ({ outcome }: FailoverAttempt): boolean => outcome !== 'refused' && outcome !== 'notSent';

/** The attempt of a key that began last, as it was last written. */
const last = (attempts: readonly FailoverAttempt[]): FailoverAttempt | null => attempts.at(-1) ?? null;
/** The same, but what may have arrived comes before all that did not. */
const lastSent = (attempts: readonly FailoverAttempt[]): FailoverAttempt | null =>
  attempts.findLast(mayHaveArrived) ?? last(attempts);

const holds = async (told: Story, store: Store, standing: typeof last): Promise<void> => {
  const expected = (attempts: readonly FailoverAttempt[], upstream: string, key: string): FailoverAttempt | null =>
    standing(attempts.filter((one) => one.upstream === upstream && one.key === key));
  const attempts = await play(told, store);
  const from = micros(NOON + told.since * HOUR_MICROS);
  for (const upstream of upstreams) {
    const newest = keys.map((key) => expected(attempts, upstream, key));
    expect(await Promise.all(keys.map((key) => store.find(upstream, key)))).toEqual(newest);
    const since = newest.flatMap((one) => (one !== null && one.startedAt >= from ? [one] : []));
    const found = await store.since(upstream, from);
    expect(
      [...found].sort(
        (one, other) => keys.findIndex((key) => key === one.key) - keys.findIndex((key) => key === other.key),
      ),
    ).toEqual(since);
    const order = found.map(({ startedAt, key }) => [-startedAt, key] as const);
    expect(order).toEqual(order.toSorted(([one, a], [other, b]) => one - other || (a < b ? -1 : 1)));
  }
};

describe('every place that remembers failover attempts tells the one that stands for each key', () => {
  it('in memory', async () => {
    await fc.assert(
      fc.asyncProperty(story, (told) =>
        holds(
          told,
          createFailoverMemory(() => micros(NOON + 6 * HOUR_MICROS)),
          last,
        ),
      ),
      { numRuns: 300 },
    );
  });

  it('in the audit file, read on or read anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copygraph-audit-'));
    closing({ close: () => Promise.resolve(rmSync(folder, { recursive: true })) });
    let runs = 0;
    const check = async (told: Story, reopen: boolean): Promise<void> => {
      const place = { logger: pino({ enabled: false }), file: join(folder, `${runs++}.jsonl`) };
      const trail = createAuditTrail(place);
      const reader = reopen ? () => createAuditTrail(place) : () => trail;
      await holds(
        told,
        {
          begin: async (attempt) => {
            await trail.before(recordOf(attempt));
            if (!reopen) await trail.find('dc-east', 'a'); // so that the rest is read on
          },
          end: (attempt) => trail.after(recordOf(attempt)),
          find: (...asked) => reader().find(...asked),
          since: (...asked) => reader().since(...asked),
        },
        lastSent,
      );
    };
    await fc.assert(fc.asyncProperty(story, fc.boolean(), check), { numRuns: 60 });
  });

  describeWithRedis('Redis', () => {
    it('does, too', async () => {
      const { url, client } = await startRedis();
      const records = createAttemptRecords(closing(await createRedis(url, () => undefined)));
      const begin = async (attempt: FailoverAttempt) =>
        records.begin(attempt, (await records.epoch(attempt.upstream)).id);
      const check = async (told: Story): Promise<void> => {
        await client.flushall();
        await holds(told, { ...records, begin }, lastSent);
      };
      await fc.assert(fc.asyncProperty(story, check), { numRuns: 150 });
    });
  });
});
