import type { Redis } from 'ioredis';
import { createSingleFlight } from '../domain/single-flight.js';
import { type RedisConnection, isTimeout, reasonOf } from './redis.js';

/** How often a silent connection is tested, and a refused subscription repeated. */
const CHECK_MS = 5_000;
const PATIENCE_MS = 2_000; // for the first connection

interface SubscriberOptions {
  /** Called whenever a subscription begins, including the first time: earlier messages were missed. */
  readonly onHeard: (channel: string) => void;
  /** Called once when Redis refuses a subscription, with a word for the log; again after a success in between. */
  readonly onRefused: (reason: string) => void;
}

/** Subscriptions over a connection of their own. */
interface Subscriber {
  /** Resolves when the channel is subscribed, or the first attempt has failed. It is repeated until `unsubscribe`. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): void;
  hears(channel: string): boolean;
  onMessage(listener: (channel: string, text: string) => void): void;
  close(): void;
}

/** Connects with the first subscription. A lost connection is opened again, with all subscriptions. */
export const createSubscriber = (redis: RedisConnection, { onHeard, onRefused }: SubscriberOptions): Subscriber => {
  const client: Redis = redis.another({ autoResubscribe: false }); // done here, because only here the success is known
  const wanted = new Set<string>();
  const heard = new Set<string>();
  const asking = createSingleFlight<unknown>();
  let connecting: Promise<void> | null = null;
  let refused = false;

  /** A peer that vanished silently would keep its connection for many minutes. */
  const cut = (): void => {
    if (client.status === 'ready') client.disconnect(true);
  };

  const ask = async (channel: string): Promise<void> => {
    try {
      await client.subscribe(channel);
      refused = false;
      if (!wanted.has(channel)) return;
      heard.add(channel);
      onHeard(channel);
    } catch (error) {
      if (isTimeout(error)) cut();
      else if (client.status === 'ready' && !refused) {
        refused = true;
        onRefused(reasonOf(error));
      }
    }
  };

  const ensure = (channel: string): Promise<unknown> => {
    if (client.status !== 'ready' || heard.has(channel)) return Promise.resolve();
    return asking.join(channel, () => ask(channel)).result;
  };

  const connect = (): Promise<void> => {
    const first = client.connect().catch(() => undefined); // it reconnects by itself
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    return Promise.race([first, overdue]).finally(() => clearTimeout(timer));
  };

  client.on('error', () => undefined); // the main connection goes to the same Redis, and reports its loss
  client.on('ready', () => wanted.forEach((channel) => void ensure(channel)));
  client.on('close', () => heard.clear());
  const check = setInterval(() => {
    if (client.status !== 'ready') return;
    client.ping().catch((error: unknown) => isTimeout(error) && cut());
    wanted.forEach((channel) => void ensure(channel));
  }, CHECK_MS);
  check.unref();

  return {
    subscribe: async (channel) => {
      wanted.add(channel);
      await (connecting ??= connect());
      await ensure(channel);
    },
    unsubscribe: (channel) => {
      wanted.delete(channel);
      heard.delete(channel);
      asking.forget(channel); // a later subscription must come after this
      if (client.status === 'ready') client.unsubscribe(channel).catch(() => undefined);
    },
    hears: (channel) => heard.has(channel),
    onMessage: (listener) => void client.on('message', listener),
    close: () => {
      clearInterval(check);
      client.disconnect();
    },
  };
};
