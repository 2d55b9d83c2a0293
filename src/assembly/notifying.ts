import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';
import { clock, idleWait } from '../calling/clock.js';
import { type WebhookCall, WebhookError, type Webhooks, createWebhooks } from '../calling/webhook.js';
import type { Micros } from '../domain/micros.js';
import type { Metrics } from '../edge/metrics.js';
import type { FailoverGuard } from '../failover/guard.js';
import { createSharedNotices } from '../replicas/shared-notices.js';
import type { Askable } from '../replicas/redis-aid.js';
import { noticeResults } from '../watch/courier.js';
import { type FailoverMemory, readSteps, rememberSteps } from '../watch/failovers.js';
import type { lookAt } from '../watch/look.js';
import type { Look, WatchChange, WatchTimes } from '../watch/memory.js';
import { messageOf } from '../watch/message.js';
import { createNoticeMemory } from '../watch/notice-memory.js';
import { type SeenEvents, createNotifier } from '../watch/notifier.js';
import { isWanted } from '../watch/rule.js';
import type { Config } from './config.js';
import { proxyOfEnvironment } from './network.js';
import { version } from './version.js';

type Rule = Config['notify'][number];
type Context = Parameters<typeof lookAt>[0];

export interface NotifyingOptions {
  readonly now: { readonly config: () => Config };
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly redis: Askable | null; // if replicas share the delivery state
  readonly failoverGuard: FailoverGuard;
}

/** Delivers the events found by polls, by the rules of `notify`. */
interface Notifying {
  looked(look: Look, changes: readonly WatchChange[]): void;
  /** To be called after each round of polls. */
  turn(context: Context, isOurs: boolean | null): Promise<void>;
  close(): Promise<void>;
}

export const timesOf = ({ watch }: Config): WatchTimes => ({
  stalledMicros: watch.stalledMinutes * 60_000_000,
  offsiteLagSeconds: watch.offsiteLagHours * 3600,
});

/**
 * The request that delivers a message. It is signed after the Standard Webhooks specification if the rule has a secret.
 */
export const webhookCall = (
  { url, secret }: Rule,
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Micros },
): WebhookCall => {
  const time = new Date(Math.floor(at / 1_000_000) * 1000);
  const signature = secret === undefined ? null : new Webhook(secret).sign(id, time, body);
  const headers = {
    'content-type': 'application/json',
    'user-agent': `copygraph/${version}`,
    'webhook-id': id,
    'webhook-timestamp': String(time.getTime() / 1000),
  };
  return { url, body, headers: signature === null ? headers : { ...headers, 'webhook-signature': signature } };
};

/** Created on first use, because most gateways have no rules. */
const createLazyWebhooks = (): Webhooks => {
  let made: Webhooks | null = null;
  return {
    post: (call) => (made ??= createWebhooks({ proxyFor: proxyOfEnvironment() })).post(call),
    close: async () => made?.close(),
  };
};

/** Counts each rule's results, starting at 0, because a rate needs a first value. */
const tellResults = (metrics: Metrics) => {
  const known = new Set<string>();
  return (rules: readonly Rule[]): void => {
    for (const { name } of rules) {
      if (!known.has(name)) for (const result of noticeResults) metrics.notified(name, result, 0);
      known.add(name);
    }
  };
};

/** Remembers the states of failovers from poll to poll. */
const watchFailovers = (failoverGuard: FailoverGuard, logger: Logger) => {
  const begun = clock();
  let memory: FailoverMemory = new Map();
  return async ({ session, now }: Context): Promise<SeenEvents> => {
    try {
      const seen = await readSteps({ session, failoverGuard, now }, memory);
      const steps = rememberSteps(memory, seen, { begun, at: now });
      memory = steps.memory;
      return steps;
    } catch (err) {
      logger.error({ err }, 'polling the failovers failed');
      return { events: [], past: [] };
    }
  };
};

/** Logs failed deliveries, without the URL. */
const logFailure =
  (logger: Logger) =>
  (rule: string, error: unknown, isGivenUp: boolean): void => {
    const why = error instanceof WebhookError ? { reason: error.message } : { err: error };
    if (isGivenUp) logger.error({ rule, ...why }, 'a notification was given up: its webhook failed for an hour');
    else logger.warn({ rule, ...why }, 'a notification failed, and will be sent again');
  };

export const startNotifying = ({ now, metrics, logger, redis, failoverGuard }: NotifyingOptions): Notifying => {
  const rules = (): readonly Rule[] => (now.config().watch.seconds === 0 ? [] : now.config().notify);
  const webhooks = createLazyWebhooks();
  const lookAtFailovers = watchFailovers(failoverGuard, logger);
  const tell = tellResults(metrics);
  const notifier = createNotifier<Rule>({
    rules,
    times: () => timesOf(now.config()),
    roundSeconds: () => now.config().watch.seconds,
    store: redis === null ? createNoticeMemory() : createSharedNotices(redis),
    now: clock,
    wait: idleWait,
    post: (rule, batch, at) =>
      webhooks.post(webhookCall(rule, { id: batch.id, body: messageOf(rule.format, batch, at), at })),
    onResult: metrics.notified,
    onFailure: logFailure(logger),
  });
  return {
    looked: notifier.looked,
    turn: async (context, isOurs) => {
      tell(rules());
      if (isWanted(rules(), 'FAILOVER')) notifier.saw(await lookAtFailovers(context));
      await notifier.turn(isOurs);
    },
    close: async () => {
      notifier.close();
      await webhooks.close();
    },
  };
};
