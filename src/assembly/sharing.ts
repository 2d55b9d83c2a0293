import type { Logger } from 'pino';
import { idleWait, wait } from '../calling/clock.js';
import { type FailoverGuard, createFailoverGuard } from '../failover/guard.js';
import { createFailoverMemory } from '../failover/memory.js';
import { type Config, ConfigError } from './config.js';
import { micros } from '../domain/micros.js';
import { version } from './version.js';
import { createAuditTrail } from '../edge/audit.js';
import { checkAuditFile } from '../edge/audit-file.js';
import { evictionProblem, readEviction } from '../replicas/eviction.js';
import { createExclusive } from '../replicas/exclusive.js';
import { type LiveRelay, createLiveRelay } from '../replicas/live-relay.js';
import { type SharedAttemptsOptions, createSharedAttempts } from '../replicas/shared-attempts.js';
import { createPlanSecret } from '../replicas/plan-secret.js';
import { type RedisConnection, createRedis } from '../replicas/redis.js';
import type { RedisPlace } from '../replicas/redis-address.js';
import type { RedisChange } from '../replicas/redis-health.js';
import { type RedisAid, createRedisAid } from '../replicas/redis-aid.js';
import { isCopy } from '../upstream/products.js';

/** The address of the Redis in a config. */
export const placeOf = ({ url, urls = [] }: NonNullable<Config['redis']>): RedisPlace => url ?? urls;

/** The Redis that replicas share, if one is configured. When it is lost or comes back, that is logged. */
export const connectRedis = async (
  { redis }: Config,
  logger: Logger,
  onChange: (state: RedisChange['state']) => void,
): Promise<RedisConnection | null> => {
  if (redis === undefined) return null;
  const connection: RedisConnection = await createRedis(placeOf(redis), ({ state, reason, refuses }) => {
    onChange(state);
    if (state === 'back') void tellOfEviction(connection, logger);
    if (state === 'lost')
      logger.error(
        { reason },
        `Redis ${refuses === true ? `refuses (${reason})` : 'is lost'}: each replica uses its own cache and budgets, and failovers are refused, until it ${refuses === true ? 'accepts writes again' : 'is back'}`,
      );
    else logger.info('Redis is back');
  }).catch(asConfigError); // an invalid URL
  void tellOfEviction(connection, logger);
  return connection;
};

const tellOfEviction = async (redis: RedisConnection, logger: Logger): Promise<void> => {
  const problem = evictionProblem(await readEviction(redis).catch(() => null)); // lost again: checked when it is back
  if (problem !== null) logger.error({ problem }, 'Redis may forget failovers; then they are refused');
};

/** The same Redis for uses that can do without it, such as the cache: when it is slow, they do not wait for it. */
export const createAid = (
  redis: RedisConnection,
  logger: Logger,
  onSlow: (slow: boolean) => void,
  patienceMs: number | undefined,
): RedisAid =>
  createRedisAid(redis, {
    ...(patienceMs === undefined ? {} : { patienceMs }),
    onSlow: (slow) => {
      onSlow(slow);
      if (slow) logger.warn('Redis is slow: each replica uses its own cache and budgets until it is faster');
      else logger.info('Redis is fast enough again');
    },
  });

/** Shares the results of live polls between replicas. */
export const createRelay = (redis: RedisConnection, aid: RedisAid, logger: Logger): LiveRelay =>
  createLiveRelay(redis, { aid, version, isCopy }, (reason) =>
    logger.error({ reason }, 'Redis refuses subscriptions: this replica polls by itself'),
  );

const asConfigError = (error: unknown): never => {
  throw error instanceof Error ? new ConfigError(error.message) : error;
};

/** Time beyond the longest failover request, in which a replica must find Redis again and write back its attempts. */
const WRITE_BACK_MS = 30_000;

interface GuardOptions {
  readonly redis: RedisConnection | null;
  readonly logger: Logger;
  readonly onFailover: (outcome: string) => void;
  /** The present config. A reload may change the upstreams, and how long a failover may take. */
  readonly config: () => Config;
  /** How long failovers wait if Redis was found empty, in milliseconds; the default is safe. */
  readonly waitMs?: number | undefined;
}

const logStanding =
  (logger: Logger, waitMs: () => number): SharedAttemptsOptions['onChange'] =>
  (upstream, standing) => {
    if (standing === 'whole') logger.info({ upstream }, 'the failovers in Redis are complete again');
    else
      logger.warn(
        { upstream, waitMs: waitMs() },
        'Redis is new, was emptied or was restarted: failovers are refused until every replica has written back the ones it remembers',
      );
  };

/** Keeps a failover from happening twice. Throws a `ConfigError` for an audit file that cannot be written. */
export const createGuard = async (
  { audit }: Config,
  { redis, logger, onFailover, config, waitMs: given }: GuardOptions,
): Promise<{ readonly failoverGuard: FailoverGuard; close(): void }> => {
  const waitMs = (): number => given ?? config().limits.requestTimeoutMs + WRITE_BACK_MS;
  if (audit !== undefined) {
    await checkAuditFile(audit.file).catch(asConfigError);
  }
  const trail = createAuditTrail({ logger, file: audit?.file ?? null });
  const memory = createFailoverMemory();
  const all = micros(0);
  const attempts =
    redis &&
    createSharedAttempts({
      redis,
      upstreams: () => config().upstreams.map(({ id }) => id),
      waitMs,
      wait: idleWait,
      remembered: async (upstream) =>
        (await Promise.all([memory.since(upstream, all), trail.since(upstream, all)])).flat(),
      onChange: logStanding(logger, waitMs),
    });
  const failoverGuard = createFailoverGuard(
    {
      ...trail,
      after: async (record) => {
        if (record.action === 'failover') onFailover(record.outcome ?? 'unconfirmed');
        await trail.after(record);
      },
    },
    redis && attempts && { exclusive: createExclusive(redis, wait), attempts, planSecret: createPlanSecret(redis) },
    memory,
  );
  return { failoverGuard, close: () => attempts?.close() };
};
