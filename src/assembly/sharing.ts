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

/** Where the Redis is that a config names. */
export const placeOf = ({ url, urls = [] }: NonNullable<Config['redis']>): RedisPlace => url ?? urls;

/** The Redis that replicas share, where one is configured. It may be gone: that is logged, and told again when it is back. */
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
        `Redis ${refuses === true ? `refuses (${reason})` : 'is lost'}: each replica keeps its own cache and budgets, and failovers are refused, until it ${refuses === true ? 'takes a write again' : 'is back'}`,
      );
    else logger.info('Redis is back');
  }).catch(asConfigError); // a URL that is none
  void tellOfEviction(connection, logger);
  return connection;
};

const tellOfEviction = async (redis: RedisConnection, logger: Logger): Promise<void> => {
  const problem = evictionProblem(await readEviction(redis).catch(() => null)); // lost again: it is told when it is back
  if (problem !== null) logger.error({ problem }, 'Redis may forget failovers, which are refused when it has');
};

/** The same Redis for what can do without it, such as the cache: nobody waits for it there when it is slow. */
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
      if (slow) logger.warn('Redis is slow: each replica keeps its own cache and budgets until it is faster');
      else logger.info('Redis is fast enough again');
    },
  });

/** What replicas tell each other of what they watch. */
export const createRelay = (redis: RedisConnection, aid: RedisAid, logger: Logger): LiveRelay =>
  createLiveRelay(redis, { aid, version, isCopy }, (reason) =>
    logger.error({ reason }, 'Redis lets nobody subscribe: this replica polls for itself'),
  );

const asConfigError = (error: unknown): never => {
  throw error instanceof Error ? new ConfigError(error.message) : error;
};

/** Beyond the longest press: so long may a replica take to find Redis again, and to tell it what it remembers. */
const WRITE_BACK_MS = 30_000;

interface GuardOptions {
  readonly redis: RedisConnection | null;
  readonly logger: Logger;
  readonly onFailover: (outcome: string) => void;
  /** The config that holds now: a reload may change whose failovers there are, and how long one may take. */
  readonly config: () => Config;
  /** How long failovers wait when Redis was found empty; the default is safe. */
  readonly waitMs?: number | undefined;
}

const logStanding =
  (logger: Logger, waitMs: () => number): SharedAttemptsOptions['onChange'] =>
  (upstream, standing) => {
    if (standing === 'whole') logger.info({ upstream }, 'what Redis remembers of failovers is whole again');
    else
      logger.warn(
        { upstream, waitMs: waitMs() },
        'Redis is new, was emptied or was restarted: failovers are refused until every replica has written back what it remembers',
      );
  };

/** What keeps failovers from happening twice. Throws a `ConfigError` for an audit file that cannot be written. */
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
