import { randomUUID } from 'node:crypto';
import type { FailoverAttempt } from '../domain/failover-attempt.js';
import { jsonOrUndefined } from '../domain/json.js';
import { DAY_MICROS, type Micros, micros } from '../domain/micros.js';
import { newestAttemptFirst } from '../domain/newest-attempt.js';
import { writtenAttempt } from '../domain/written-attempt.js';
import type { RedisConnection } from './redis.js';

const KEPT_MICROS = 7 * DAY_MICROS;

/**
 * All attempts of an upstream are in one hash together with the epoch, so they are lost together or not at all: a known
 * epoch vouches for every record. The epoch's fields begin with `#`, and no idempotency key does.
 */
const hashNameOf = (upstream: string): string => `copygraph:attempts:{${upstream}}`;
/** The attempts that never arrived, by their start: they are forgotten after a week. */
const idleOf = (upstream: string): string => `copygraph:attempts-idle:{${upstream}}`;
/** The place of one attempt in version 0.1. */
const oldRecordOf = (upstream: string, key: string): string => `copygraph:failover:{${upstream}}:${key}`;

/**
 * The epoch. It is renewed if the hash is gone, or if Redis was restarted, because the data it reloads from disk or got
 * by replication may lack the last second. ARGV: an id for a new one.
 */
const EPOCH = `
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local known = redis.call('HMGET', KEYS[1], '#epoch', '#run', '#open', '#version')
if known[1] and known[2] == run then return known end
redis.call('HSET', KEYS[1], '#epoch', ARGV[1], '#run', run, '#open', '0')
return { ARGV[1], run, '0', known[4] }`;

/** ARGV: the epoch whose wait is over. */
const OPEN = `
if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], '#open', '1')
return 1`;

const ARRIVED = `
local function arrived(one) return one.outcome ~= 'refused' and one.outcome ~= 'notSent' end`;

/**
 * An attempt that may have arrived wins over one that did not; then the newest wins. ARGV: the epoch, and the records.
 */
const RESTORE = `${ARRIVED}
if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[1] then return 0 end
for index = 2, #ARGV do
  local offered = cjson.decode(ARGV[index])
  local text = redis.call('HGET', KEYS[1], offered.key)
  local stands = not text
  if text then
    local current = cjson.decode(text)
    if current.attemptId == offered.attemptId then
      stands = not current.acknowledged and (offered.acknowledged or (current.outcome == cjson.null and offered.outcome ~= cjson.null))
    elseif arrived(current) ~= arrived(offered) then
      stands = arrived(offered)
    else
      stands = offered.startedAt > current.startedAt
    end
  end
  if stands then
    redis.call('HSET', KEYS[1], offered.key, ARGV[index])
    redis.call('HINCRBY', KEYS[1], '#version', 1)
  end
end
return 1`;

/**
 * Refuses if the epoch has changed, or an earlier attempt may have arrived. Forgets old attempts that never arrived.
 * ARGV: the record, its key, the epoch, the oldest start that is kept.
 */
const BEGIN = `${ARRIVED}
if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[3] then return 0 end
local text = redis.call('HGET', KEYS[1], ARGV[2])
if text and arrived(cjson.decode(text)) then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
redis.call('HINCRBY', KEYS[1], '#version', 1)
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4], 'LIMIT', 0, 100)) do
  local old = redis.call('HGET', KEYS[1], key)
  local idle = old and cjson.decode(old)
  if idle and not arrived(idle) and idle.startedAt < tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], key) end
  redis.call('ZREM', KEYS[2], key)
end
return 1`;

/** The rule of RESTORE, except that an end replaces its own attempt, unless a person has judged it. ARGV: the record, its key. */
const END = `${ARRIVED}
local ended = cjson.decode(ARGV[1])
local text = redis.call('HGET', KEYS[1], ARGV[2])
if text then
  local current = cjson.decode(text)
  if current.attemptId == ended.attemptId and current.acknowledged and not ended.acknowledged then return end
  if current.attemptId ~= ended.attemptId then
    if arrived(current) and not arrived(ended) then return end
    if arrived(current) == arrived(ended) and current.startedAt >= ended.startedAt then return end
  end
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
redis.call('HINCRBY', KEYS[1], '#version', 1)
if arrived(ended) then redis.call('ZREM', KEYS[2], ARGV[2]) else redis.call('ZADD', KEYS[2], ended.startedAt, ARGV[2]) end`;

/** ARGV: a key, its attemptId, the epoch. */
const STANDS = `
if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[3] then return 0 end
local text = redis.call('HGET', KEYS[1], ARGV[1])
return text and cjson.decode(text).attemptId == ARGV[2] and 1 or 0`;

const timeOf = (written: unknown): Micros | null =>
  typeof written === 'number' && Number.isSafeInteger(written) ? micros(written) : null;

/** Throws for an invalid record: if it counted as missing, its request would be sent again. */
const read = (text: string): FailoverAttempt => {
  const attempt = writtenAttempt(jsonOrUndefined(text), timeOf);
  if (attempt === null) throw new Error('A record of a failover in Redis cannot be read.');
  return attempt;
};

/** The epoch's present state in Redis: `version` changes with every record. */
interface EpochSeen {
  readonly id: string;
  readonly open: boolean;
  readonly version: string;
}

/**
 * The attempts of all replicas, in Redis. One that may have arrived stays for ever, any other for seven days. Each
 * method is one command, and throws an `Error` if Redis cannot be reached or a record cannot be read.
 */
export const createAttemptRecords = (redis: RedisConnection) => {
  const all = async (upstream: string): Promise<readonly FailoverAttempt[]> =>
    Object.entries(await redis.ask((client) => client.hgetall(hashNameOf(upstream))))
      .filter(([field]) => !field.startsWith('#'))
      .map(([, text]) => read(text));

  return {
    all,
    find: async (upstream: string, key: string): Promise<FailoverAttempt | null> => {
      const text =
        (await redis.ask((client) => client.hget(hashNameOf(upstream), key))) ??
        (await redis.ask((client) => client.get(oldRecordOf(upstream, key))));
      return text === null ? null : read(text);
    },
    since: async (upstream: string, from: number): Promise<readonly FailoverAttempt[]> =>
      (await all(upstream)).filter(({ startedAt }) => startedAt >= from).sort(newestAttemptFirst),
    epoch: async (upstream: string): Promise<EpochSeen> => {
      const [id, , open, version] = (await redis.ask((client) =>
        client.eval(EPOCH, 1, hashNameOf(upstream), randomUUID()),
      )) as (string | null)[]; // the script's result
      return { id: id ?? '', open: open === '1', version: version ?? '' };
    },
    open: async (upstream: string, epoch: string): Promise<boolean> =>
      (await redis.ask((client) => client.eval(OPEN, 1, hashNameOf(upstream), epoch))) === 1,
    restore: async (upstream: string, epoch: string, attempts: readonly FailoverAttempt[]): Promise<boolean> => {
      const texts = attempts.map((attempt) => JSON.stringify(attempt));
      return (await redis.ask((client) => client.eval(RESTORE, 1, hashNameOf(upstream), epoch, ...texts))) === 1;
    },
    begin: async (attempt: FailoverAttempt, epoch: string): Promise<boolean> => {
      const { upstream, key, startedAt } = attempt;
      const given = [JSON.stringify(attempt), key, epoch, startedAt - KEPT_MICROS];
      return (
        (await redis.ask((client) => client.eval(BEGIN, 2, hashNameOf(upstream), idleOf(upstream), ...given))) === 1
      );
    },
    stands: async ({ upstream, key, attemptId }: FailoverAttempt, epoch: string): Promise<boolean> =>
      (await redis.ask((client) => client.eval(STANDS, 1, hashNameOf(upstream), key, attemptId, epoch))) === 1,
    end: async (attempt: FailoverAttempt): Promise<void> => {
      const { upstream, key } = attempt;
      const given = [JSON.stringify(attempt), key];
      await redis.ask((client) => client.eval(END, 2, hashNameOf(upstream), idleOf(upstream), ...given));
    },
  };
};
