import type { Redis } from 'ioredis';
import type { RedisConnection } from './redis.js';

/** The behaviour of a Redis whose memory is full. */
interface Eviction {
  readonly policy: string;
  readonly maxBytes: number; // 0: no limit
}

const member = (info: string, name: string): string | null =>
  new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? null;

const toEviction = (policy: string | null, maxBytes: string | null): Eviction | null =>
  policy === null || maxBytes === null ? null : { policy, maxBytes: Number(maxBytes) };

const ofConfig = async (node: Redis): Promise<Eviction | null> => {
  const asked = async (name: string) => ((await node.config('GET', name)) as string[])[1]; // name and value
  return toEviction((await asked('maxmemory-policy')) ?? null, (await asked('maxmemory')) ?? null);
};

const ofState = async (node: Redis): Promise<Eviction | null> => {
  const info = await node.info('memory');
  return toEviction(member(info, 'maxmemory_policy'), member(info, 'maxmemory'));
};

/**
 * The eviction setting; for a cluster, that of a node that evicts, if one does. `null` if this user may read neither
 * the config nor the memory info. Throws if Redis cannot be reached.
 */
export const readEviction = async (redis: RedisConnection): Promise<Eviction | null> => {
  await redis.ask((client) => client.ping());
  const each = await redis
    .mayAskEach((node) => ofConfig(node).catch(() => ofState(node)))
    .catch((): readonly (Eviction | null)[] => []);
  return each.find((one) => evictionProblem(one) !== null) ?? (each.includes(null) ? null : (each[0] ?? null));
};

/**
 * The reason why failovers should not depend on this Redis; `null` if it evicts nothing. Locks expire, so `volatile-*`
 * may evict them.
 */
export const evictionProblem = (eviction: Eviction | null): string | null =>
  eviction === null || eviction.maxBytes === 0 || eviction.policy === 'noeviction'
    ? null
    : `maxmemory-policy is ${eviction.policy}: it may evict the lock and the records of a failover; set noeviction`;
