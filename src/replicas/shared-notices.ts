import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonOrUndefined } from '../domain/json.js';
import { type Claimed, type KnownUpstream, type Notice, type NoticeStore, SETTLED_MS } from '../domain/notice.js';
import { watchEventTypes } from '../domain/watch-event.js';
import type { Askable } from './redis-aid.js';

/** The braces keep all keys in one slot of a Redis Cluster. The number is the version of the format. */
const PREFIX = 'copygraph:{notify:1}:';
const WAITING = `${PREFIX}waiting`;
const UPSTREAMS = `${PREFIX}upstreams`;
const EDITION = `${PREFIX}edition`;
const settledKey = (id: string): string => `${PREFIX}settled:${id}`;
const claimKey = (id: string): string => `${PREFIX}claim:${id}`;

const MEET = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`;

/** KEYS: the hash, then each id's mark of being settled. ARGV: milliseconds, then id and text of each. */
const ADD = `
for n = 2, #KEYS do
  local at = 2 * n - 2
  if redis.call('EXISTS', KEYS[n]) == 0 then redis.call('HSETNX', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])`;

/** KEYS: each id's mark of being settled, and its claim. ARGV: the claimant, and the milliseconds. */
const CLAIM = `
local found = {}
for n = 1, #KEYS, 2 do
  local holder = redis.call('GET', KEYS[n + 1])
  if redis.call('EXISTS', KEYS[n]) == 1 then found[#found + 1] = 'settled'
  elseif holder and holder ~= ARGV[1] then found[#found + 1] = 'theirs'
  else
    redis.call('SET', KEYS[n + 1], ARGV[1], 'PX', ARGV[2])
    found[#found + 1] = 'ours'
  end
end
return found`;

/** KEYS: each id's claim. ARGV: the claimant. */
const RELEASE = `
for n = 1, #KEYS do
  if redis.call('GET', KEYS[n]) == ARGV[1] then redis.call('DEL', KEYS[n]) end
end`;

/** KEYS: the hash, then each id's settled mark and claim. ARGV: milliseconds, then the ids. */
const SETTLE = `
for n = 2, #ARGV do
  redis.call('SET', KEYS[2 * n - 2], '1', 'PX', ARGV[1])
  redis.call('DEL', KEYS[2 * n - 1])
  redis.call('HDEL', KEYS[1], ARGV[n])
end`;

const noticeShape = z.object({
  id: z.string(),
  rule: z.string(),
  since: z.number(),
  isMissed: z.boolean(),
  event: z.object({
    type: z.enum(watchEventTypes),
    upstream: z.string(),
    targetKind: z.string().nullable(),
    key: z.string(),
    at: z.number(),
    data: z.record(z.string(), z.unknown()),
  }),
});
const upstreamShape = z.object({ at: z.number(), isUp: z.boolean() });

/** A notice in our own format; anything else counts as missing. */
const readNotice = (text: string): readonly Notice[] => {
  const value = jsonOrUndefined(text);
  return noticeShape.safeParse(value).success ? [value as Notice] : [];
};

const readUpstream = (text: string): KnownUpstream | null => {
  const value = jsonOrUndefined(text);
  return upstreamShape.safeParse(value).success ? (value as KnownUpstream) : null;
};

const bothKeys = (ids: readonly string[]): readonly string[] => ids.flatMap((id) => [settledKey(id), claimKey(id)]);

const inOrder = (notices: readonly Notice[]): readonly Notice[] =>
  [...notices].sort((a, b) => a.since - b.since || a.event.at - b.event.at);

/** The notices of all replicas, in Redis. Each method makes one round trip. */
export const createSharedNotices = (redis: Askable): NoticeStore => {
  const token = randomUUID();
  return {
    edition: async () => String(await redis.ask((client) => client.eval(MEET, 1, EDITION, randomUUID()))),
    add: async (notices) => {
      if (notices.length === 0) return;
      const keys = [WAITING, ...notices.map(({ id }) => settledKey(id))];
      const given = notices.flatMap((notice) => [notice.id, JSON.stringify(notice)]);
      await redis.ask((client) => client.eval(ADD, keys.length, ...keys, SETTLED_MS, ...given));
    },
    waiting: async () => {
      const texts = await redis.ask((client) => client.hvals(WAITING));
      return inOrder(texts.flatMap(readNotice));
    },
    claim: async (ids, ms): Promise<Claimed> => {
      const keys = bothKeys(ids);
      const found = await redis.ask((client) => client.eval(CLAIM, keys.length, ...keys, token, ms));
      const words: readonly unknown[] = Array.isArray(found) ? found : [];
      const those = (word: string): readonly string[] => ids.filter((_id, place) => words[place] === word);
      return { ours: those('ours'), settled: those('settled') };
    },
    release: async (ids) => {
      const keys = ids.map(claimKey);
      await redis.ask((client) => client.eval(RELEASE, keys.length, ...keys, token));
    },
    settle: async (ids) => {
      if (ids.length === 0) return;
      const keys = [WAITING, ...bothKeys(ids)];
      await redis.ask((client) => client.eval(SETTLE, keys.length, ...keys, SETTLED_MS, ...ids));
    },
    known: async () => {
      const written = await redis.ask((client) => client.hgetall(UPSTREAMS));
      const all = Object.entries(written).map(([upstream, text]) => [upstream, readUpstream(text)] as const);
      return new Map(all.flatMap(([upstream, one]) => (one === null ? [] : [[upstream, one]])));
    },
    note: async (upstreams) => {
      const given = [...upstreams].flatMap(([upstream, one]) => [upstream, JSON.stringify(one)]);
      if (given.length > 0) await redis.ask((client) => client.hset(UPSTREAMS, ...given));
    },
  };
};
