import { randomUUID } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { createRedisEventTarget } from '@graphql-yoga/redis-event-target';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CopyOperation } from '../domain/copy-operation.js';
import type { Look, Relay, RelayListener } from '../domain/relay.js';
import { incompleteReasons } from '../domain/incomplete-reason.js';
import type { UpstreamReport } from '../domain/upstream-report.js';
import { createLeases } from './lease.js';
import type { RedisConnection } from './redis.js';
import { type RedisAid, patiently } from './redis-aid.js';
import { createSubscriber } from './subscriber.js';

/** A dead holder is replaced when its lease has expired and the others ask again, which they do every two seconds. */
const LEASE_MS = 6_000;
/**
 * The version of the message format. It is in every name, like the package's version, so replicas with different
 * formats have separate pollers.
 */
const FORM = 2;
/** Redis disconnects clients with more than 32 MB waiting, and a copy with its tasks may have many kilobytes. */
const MOST_COPIES = 250;

/** Picks the replica that polls, and sends its results to the others. */
export interface LiveRelay extends Relay {
  close(): Promise<void>;
}

/** Checked as far as our code reads it before GraphQL does; another replica of the same version has written it. */
const reportShape = z.looseObject({
  upstream: z.string(),
  ok: z.boolean(),
  stale: z.boolean(),
  complete: z.boolean(),
  incompleteReasons: z.array(z.enum(incompleteReasons)),
  error: z.looseObject({ code: z.string() }).nullable(),
});
const messageShapeOf = (isCopy: (copy: unknown) => boolean) =>
  z.object({
    origin: z.string(),
    missed: z.boolean(),
    look: z
      .object({
        copies: z.array(z.custom<CopyOperation>(isCopy)),
        report: z.custom<UpstreamReport>((report) => reportShape.safeParse(report).success),
      })
      .nullable(),
  });

interface Message {
  readonly origin: string; // the id of the sending process, which receives it too
  readonly missed: boolean; // earlier messages may have been lost
  readonly look: Look | null;
}

/** Uses V8's own format, which keeps bigints. An unreadable message becomes `null`, and is ignored. */
const createSerializer = (isCopy: (copy: unknown) => boolean) => {
  const messageShape = messageShapeOf(isCopy);
  return {
    stringify: (message: unknown): string => serialize(message).toString('base64'),
    parse: (text: string): Message | null => {
      try {
        return messageShape.safeParse(deserialize(Buffer.from(text, 'base64'))).data ?? null;
      } catch {
        return null;
      }
    },
  };
};

interface RelayOptions {
  readonly aid: RedisAid;
  readonly version: string;
  /** Whether a value is a copy of one of our products. */
  readonly isCopy: (copy: unknown) => boolean;
}

const partsOf = ({ copies, report }: Look): readonly Look[] =>
  Array.from({ length: Math.max(1, Math.ceil(copies.length / MOST_COPIES)) }, (_, index) => ({
    copies: copies.slice(index * MOST_COPIES, (index + 1) * MOST_COPIES),
    report,
  }));

/**
 * Replicas take turns through Redis: the holder of a name's lease polls, and sends the changes to the others. If Redis
 * cannot be reached or subscribed to, or is slow, each polls by itself. No method throws. A message published without a
 * listener is lost, so listeners hear if they may have missed one. `onRefused` is called once if Redis refuses
 * subscriptions.
 */
export const createLiveRelay = (
  redis: RedisConnection,
  { aid, version, isCopy }: RelayOptions,
  onRefused: (reason: string) => void,
): LiveRelay => {
  const origin = randomUUID();
  const leases = createLeases(aid, LEASE_MS);
  const listeners = new Map<string, RelayListener>();
  const unsent = new Set<string>(); // channels whose other listeners may have missed a message
  const held = new Set<string>();
  let closed = false;

  const subscriber = createSubscriber(redis, {
    onHeard: (channel) => listeners.get(channel)?.missed(),
    onRefused,
  });

  const leaseOf = (name: string): string => `live:${FORM}:${version}:${name}`;
  /** All databases of a Redis share channels, but not keys. */
  const channelOf = (name: string): string => `copygraph:live:${FORM}:${version}:${redis.database}:${name}`;

  const publishClient = {
    publish: (channel: string, text: string): void => {
      redis
        .mayAsk((client) => client.publish(channel, text))
        .catch(() => void (listeners.has(channel) && unsent.add(channel)));
    },
  };
  const subscribeClient = {
    on: (_event: 'message', listener: (channel: string, text: string) => void) => subscriber.onMessage(listener),
    subscribe: subscriber.subscribe,
    unsubscribe: subscriber.unsubscribe,
  };
  const target = createRedisEventTarget<CustomEvent<Message | null>>({
    // It calls only these methods. The rejections of a real client would be unhandled.
    publishClient: publishClient as unknown as Redis,
    subscribeClient: subscribeClient as unknown as Redis,
    serializer: createSerializer(isCopy),
  });

  const tell = (channel: string, look: Look | null): void => {
    const message: Message = { origin, missed: unsent.delete(channel), look };
    target.dispatchEvent(new CustomEvent<Message | null>(channel, { detail: message }));
  };

  return {
    isMine: async (name) => {
      const channel = channelOf(name);
      if (closed) return false;
      if (unsent.has(channel)) tell(channel, null);
      if (!subscriber.hears(channel)) return true;
      const mine = await leases.take(leaseOf(name)).catch(() => null);
      if (mine === true && !held.has(name)) {
        // The previous holder may have died before publishing a change, and this one may have joined after that change.
        unsent.add(channel);
        tell(channel, null);
      }
      if (mine === true) held.add(name);
      if (mine === false) held.delete(name);
      return mine ?? true;
    },
    release: (name) => {
      held.delete(name);
      return leases.release(leaseOf(name));
    },
    publish: (name, look) => partsOf(look).forEach((part) => tell(channelOf(name), part)),
    listen: async (name, listener, signal) => {
      const channel = channelOf(name);
      const hear = ({ detail }: CustomEvent<Message | null>): void => {
        if (detail === null || detail.origin === origin) return;
        try {
          if (detail.look !== null) listener.take(detail.look);
          if (detail.missed) listener.missed();
        } catch {
          listener.missed(); // a failed message counts as missed
        }
      };
      if (signal.aborted) return;
      listeners.set(channel, listener);
      target.addEventListener(channel, hear);
      signal.addEventListener('abort', () => {
        listeners.delete(channel);
        unsent.delete(channel);
        target.removeEventListener(channel, hear);
      });
      // The target has started the subscription without waiting for it. If it succeeds later, the listener gets
      // `missed`.
      await patiently(subscriber.subscribe(channel), aid.patienceMs);
    },
    close: async () => {
      closed = true;
      await leases.close();
      subscriber.close();
    },
  };
};
