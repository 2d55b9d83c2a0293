import { randomUUID } from 'node:crypto';
import { clock, wait } from '../calling/clock.js';
import { WebhookError, type Webhooks, createWebhooks } from '../calling/webhook.js';
import { lockOf } from '../failover/ready.js';
import { type AuthConfig, type Config, ConfigError, secretsOf } from './config.js';
import { connect } from './connect.js';
import { toReportedError } from '../domain/error-code.js';
import { type StoreRefused, befallen } from '../domain/store-refused.js';
import { UpstreamError } from '../domain/upstream-error.js';
import { TokensUncheckable } from '../edge/authentication.js';
import { countKeys } from '../edge/key-set.js';
import { neverPrint, withoutKnownSecrets } from '../edge/known-secrets.js';
import { evictionProblem, readEviction } from '../replicas/eviction.js';
import { createExclusive } from '../replicas/exclusive.js';
import { type RedisConnection, createRedis } from '../replicas/redis.js';
import type { RedisPlace } from '../replicas/redis-address.js';
import { placeOf } from './sharing.js';
import { keySetFetch, proxyOfEnvironment } from './network.js';
import { testMessage } from '../watch/message.js';
import { webhookCall } from './notifying.js';
import { readTrustedDocuments } from './trusted-documents.js';

interface Row {
  readonly name: string; // an upstream's id, or a part of the config
  readonly kind: string;
  readonly result: string;
  readonly detail: string;
}

const describe = (error: unknown): string => {
  if (error instanceof UpstreamError) return `${toReportedError(error).message} (${error.message})`;
  return error instanceof TokensUncheckable || error instanceof UnfitError || error instanceof WebhookError
    ? error.message
    : 'unexpected failure';
};

/** One row: the result and its duration, or the reason of a failure. */
const rowOf = async (name: string, kind: string, reach: () => Promise<string>): Promise<Row> => {
  const started = performance.now();
  try {
    const detail = await reach();
    return { name, kind, result: 'ok', detail: `${detail}, ${Math.round(performance.now() - started)} ms` };
  } catch (error) {
    return { name, kind, result: 'FAILED', detail: describe(error) };
  }
};

const reachKeys = async (jwt: NonNullable<AuthConfig['jwt']>): Promise<string> => {
  const count = await countKeys(jwt.jwksUri, keySetFetch(jwt));
  return `key set with ${count} ${count === 1 ? 'key' : 'keys'}`;
};

/** A part of the config does not work. The message is in our words. */
class UnfitError extends Error {}

const LEASE_MS = 5000; // in case this process ends before it releases the lock

const hintOf = (refusal: StoreRefused | undefined): string =>
  refusal?.word === 'MOVED' ? ' It is a node of a Redis Cluster: set redis.urls and cluster: true' : '';

/** Takes and frees a lock for each upstream, as failovers do. Their keys may be on different nodes of a cluster. */
const takeLocks = async (redis: RedisConnection, upstreams: readonly string[]): Promise<void> => {
  const exclusive = createExclusive(redis, wait);
  await Promise.all(
    upstreams.map(async (upstream) => {
      const turn = await exclusive.acquire(lockOf(upstream, `check ${randomUUID()}`), { leaseMs: LEASE_MS, waitMs: 0 });
      if (turn.kind === 'unreachable')
        throw new UnfitError(
          `refuses locks: it ${befallen(turn.refusal, 'cannot be reached.')}${hintOf(turn.refusal)}`,
        );
      if (turn.kind === 'held') await turn.release();
    }),
  );
};

const reachRedis = async (place: RedisPlace, upstreams: readonly string[]): Promise<string> => {
  const redis = await createRedis(place, () => undefined).catch((error: unknown) => {
    throw error instanceof Error ? new ConfigError(error.message) : error; // an invalid URL
  });
  try {
    const eviction = await readEviction(redis).catch((error: unknown) => {
      throw new UnfitError(error instanceof Error ? error.message : 'Redis could not be reached');
    });
    const problem = evictionProblem(eviction);
    if (problem !== null) throw new UnfitError(problem);
    await takeLocks(redis, upstreams);
    return eviction === null ? 'answers; whether it evicts keys cannot be read' : 'answers, and evicts no keys';
  } finally {
    await redis.close();
  }
};

/** Sends a test to the webhook of a rule. */
const reachWebhook = async (webhooks: Webhooks, rule: Config['notify'][number]): Promise<string> => {
  const at = clock();
  const body = testMessage(rule.format, rule.name, at);
  await webhooks.post(webhookCall(rule, { id: `msg_${randomUUID().replaceAll('-', '')}`, body, at }));
  return 'accepted a test';
};

/** A row for each rule of `notify`. */
const reachWebhooks = async ({ notify }: Config): Promise<readonly Row[]> => {
  const webhooks = createWebhooks({ proxyFor: proxyOfEnvironment() });
  const reach = (rule: Config['notify'][number]) =>
    rowOf(`notify.${rule.name}`, 'WEBHOOK', () => reachWebhook(webhooks, rule));
  return Promise.all(notify.map(reach)).finally(webhooks.close);
};

/**
 * Calls each upstream once, as readiness does, and the key set of JWTs, and reports the results. With `notify`, it also
 * sends a test to each webhook. Throws a `ConfigError` as the server would.
 */
export const checkConfig = async (
  config: Config,
  { notify = false } = {},
): Promise<{ readonly table: string; readonly ok: boolean }> => {
  neverPrint(secretsOf(config));
  readTrustedDocuments(config);
  const connected = connect(config);
  const jwt = config.auth?.jwt;
  const { redis } = config;
  const upstreams = config.upstreams.map(({ id }) => id);
  const rows = await Promise.all([
    ...connected.map(({ client, reach, close }) =>
      rowOf(client.upstream.name, client.upstream.kind, reach).finally(close),
    ),
    ...(redis === undefined ? [] : [rowOf('redis', 'REDIS', () => reachRedis(placeOf(redis), upstreams))]),
    ...(jwt === undefined ? [] : [rowOf('auth.jwt', 'JWKS', () => reachKeys(jwt))]),
    ...(notify ? [reachWebhooks(config)] : []),
  ]).then((found) => found.flat());
  return {
    table: withoutKnownSecrets(format([{ name: 'NAME', kind: 'KIND', result: 'RESULT', detail: 'DETAIL' }, ...rows])),
    ok: rows.every(({ result }) => result === 'ok'),
  };
};

const format = (rows: readonly Row[]): string => {
  const width = (column: 'name' | 'kind' | 'result') => Math.max(...rows.map((row) => row[column].length));
  const [name, kind, result] = [width('name'), width('kind'), width('result')];
  return rows
    .map((row) => `${row.name.padEnd(name)}  ${row.kind.padEnd(kind)}  ${row.result.padEnd(result)}  ${row.detail}`)
    .join('\n');
};
