import { randomBytes } from 'node:crypto';
import type { RedisConnection } from './redis.js';

const NAME = 'copygraph:plan-secret';

/**
 * The secret that seals plans, equal at all replicas: whoever asks first makes it. A Redis that was emptied has another
 * one, so that what was planned before must be planned again. Rejects where Redis cannot be asked.
 */
export const createPlanSecret = (redis: RedisConnection) => async (): Promise<Buffer> => {
  const made = randomBytes(32).toString('hex');
  await redis.ask((client) => client.set(NAME, made, 'NX'));
  const secret = await redis.ask((client) => client.get(NAME));
  if (secret === null || !/^[0-9a-f]{64}$/.test(secret)) throw new Error('Redis does not keep the secret of plans.');
  return Buffer.from(secret, 'hex');
};
