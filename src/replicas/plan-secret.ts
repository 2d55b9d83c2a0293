import { randomBytes } from 'node:crypto';
import type { RedisConnection } from './redis.js';

const NAME = 'copygraph:plan-secret';

/**
 * The secret that seals plans, equal on all replicas: the first that needs it makes it. An emptied Redis gets another,
 * so earlier plans must be made again. Rejects if Redis cannot be reached.
 */
export const createPlanSecret = (redis: RedisConnection) => async (): Promise<Buffer> => {
  const made = randomBytes(32).toString('hex');
  await redis.ask((client) => client.set(NAME, made, 'NX'));
  const secret = await redis.ask((client) => client.get(NAME));
  if (secret === null || !/^[0-9a-f]{64}$/.test(secret))
    throw new Error('Redis did not keep the secret that seals plans.');
  return Buffer.from(secret, 'hex');
};
