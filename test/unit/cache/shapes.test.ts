import { deserialize } from 'node:v8';
import type { z } from 'zod';
import { expect, it, vi } from 'vitest';
import { copyJobShape } from '../../../src/upstream/aws-backup/shapes.js';
import { runShape } from '../../../src/upstream/cohesity/shapes.js';
import { serve } from '../../support/served.js';
import { jobOf, runOf } from '../../support/estate.js';
import { HOUR, NOW } from '../../support/estates.js';
import { describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

type Path = readonly (string | number)[];

const leavesOf = (value: unknown, path: Path = []): readonly Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
};

/** The same with something else in one place. */
const withOdd = (value: unknown, [name, ...rest]: Path, odd: unknown): unknown => {
  if (name === undefined) return odd;
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? withOdd(one, rest, odd) : one));
  return { ...(value as object), [name]: withOdd((value as Record<string, unknown>)[name], rest, odd) };
};

/** Names of the members in which something odd goes unseen. */
const unseen = (shape: z.ZodType, record: unknown): readonly string[] =>
  leavesOf(record)
    .filter((path) => shape.safeParse(withOdd(record, path, Symbol.iterator.toString)).success)
    .map((path) => path.join('.'));

describeWithRedis('the shape of what is kept', () => {
  it('is that of real records, in each of their members', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 });
    const redis = await startRedis();
    const served = await serve({
      clusters: { 'dc-east': [runOf(1, NOW - HOUR / 2)] },
      endpoints: { 'aws-prod': [jobOf('j', NOW - HOUR / 2, { state: 'COMPLETED' })] },
      cache: {},
      redis: { url: redis.url },
    });
    await served.execute('{ copyOperations(first: 100) { totalCount } }');
    vi.useRealTimers();
    const recordsOf = async (upstream: string) => {
      const entries = await redis.client.hgetallBuffer(`copygraph:cache:{${upstream}}:now`);
      return Object.entries(entries).flatMap(([key, bytes]) =>
        key.startsWith('part ')
          ? (deserialize(bytes) as [0, 0, { value: { records: unknown[] } }])[2].value.records
          : [],
      );
    };
    for (const [upstream, shape] of [
      ['dc-east', runShape],
      ['aws-prod', copyJobShape],
    ] as const) {
      await until(async () => expect((await recordsOf(upstream)).length).toBeGreaterThan(0));
      for (const record of await recordsOf(upstream)) {
        expect(shape.safeParse(record).error?.issues ?? []).toEqual([]);
        expect(unseen(shape, record)).toEqual([]);
      }
    }
  });
});
