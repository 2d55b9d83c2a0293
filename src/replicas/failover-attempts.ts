import { z } from 'zod';
import { type AttemptStore, type FailoverAttempt, attemptOutcomes } from '../domain/failover-attempt.js';
import { DAY_MICROS, micros } from '../domain/micros.js';
import { mayHaveArrived, newestFirst } from '../domain/newest-attempt.js';
import type { RedisConnection } from './redis.js';

const KEPT_DAYS = 7;
const KEPT_SECONDS = KEPT_DAYS * 86_400;

/** The braces keep all keys of an upstream in one slot of a Redis Cluster. */
const recordOf = (upstream: string, key: string): string => `copygraph:failover:{${upstream}}:${key}`;
const indexOf = (upstream: string): string => `copygraph:failovers:{${upstream}}`;

/** Record and index at once. ARGV: the record, its start, its key, the start of the oldest in the index, seconds. */
const BEGIN = `
redis.call('SET', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[5])`;

/**
 * The rule of `afterEnd`, where no other replica comes between. ARGV: the record, its start, its key, its attemptId,
 * seconds until it expires ('' for never), seconds of the index.
 */
const END = `
local text = redis.call('GET', KEYS[1])
if text then
  local current = cjson.decode(text)
  if current.attemptId ~= ARGV[4] and current.startedAt >= tonumber(ARGV[2]) then return end
end
redis.call('SET', KEYS[1], ARGV[1])
if ARGV[5] ~= '' then redis.call('EXPIRE', KEYS[1], ARGV[5]) end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[6])`;

const shape = z.object({
  attemptId: z.string(),
  upstream: z.string(),
  key: z.string(),
  bodyDigest: z.string(),
  objectIds: z.array(z.string()),
  replicationClusterId: z.string().nullable().default(null), // older records have none
  principal: z.string(),
  startedAt: z.number().int().transform(micros),
  outcome: z.enum(attemptOutcomes).nullable(),
});

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Throws for what is no record: taken for none, its key would be sent again. */
const read = (text: string): FailoverAttempt => {
  const { data } = shape.safeParse(parse(text));
  if (data === undefined) throw new Error('A failover attempt that Redis remembers cannot be read.');
  return data;
};

/**
 * The attempts of all replicas, in Redis. One whose end nobody knows stays for ever, another for seven days; `since`
 * reaches back as far, and is two commands. Throws an `Error` where Redis cannot be asked, and for a record that
 * cannot be read.
 */
export const createFailoverAttempts = (redis: RedisConnection): AttemptStore => ({
  find: async (upstream, key) => {
    const text = await redis.ask((client) => client.get(recordOf(upstream, key)));
    return text === null ? null : read(text);
  },
  since: async (upstream, from) => {
    const keys = await redis.ask((client) => client.zrangebyscore(indexOf(upstream), from, '+inf'));
    if (keys.length === 0) return [];
    const texts = await redis.ask((client) => client.mget(keys.map((key) => recordOf(upstream, key))));
    return texts
      .flatMap((text) => (text === null ? [] : [read(text)])) // one that has just expired
      .sort(newestFirst);
  },
  begin: async (attempt) => {
    const { upstream, key, startedAt } = attempt;
    const oldest = startedAt - KEPT_DAYS * DAY_MICROS;
    const given = [JSON.stringify(attempt), startedAt, key, oldest, KEPT_SECONDS];
    await redis.ask((client) => client.eval(BEGIN, 2, recordOf(upstream, key), indexOf(upstream), ...given));
  },
  end: async (attempt) => {
    const { attemptId, upstream, key, startedAt } = attempt;
    const expiry = mayHaveArrived(attempt) ? '' : KEPT_SECONDS;
    const given = [JSON.stringify(attempt), startedAt, key, attemptId, expiry, KEPT_SECONDS];
    await redis.ask((client) => client.eval(END, 2, recordOf(upstream, key), indexOf(upstream), ...given));
  },
});
