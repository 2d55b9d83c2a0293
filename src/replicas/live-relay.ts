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

/** A holder that died is replaced when its lease is over and the others have asked, which they do every two seconds. */
const LEASE_MS = 6_000;
/** The form of what is told. It is part of every name, as the package's version is, so that replicas of two forms have a poller each. */
const FORM = 2;
/** Redis hangs up on who has too much waiting (32 MB), and a copy with its tasks may have many kilobytes. */
const MOST_COPIES = 250;

/** Who polls, and what it tells the others. */
export interface LiveRelay extends Relay {
  close(): Promise<void>;
}

/** Checked as far as our code looks into it before GraphQL does; another replica of this form has written it. */
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
  readonly origin: string; // of the process that says it, which hears it too
  readonly missed: boolean; // what was said before may not have arrived
  readonly look: Look | null;
}

/** V8's own form keeps a bigint what it is. What cannot be read is `null`, and nobody's message. */
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
  /** Whether that is a copy as a product of ours sends it. */
  readonly isCopy: (copy: unknown) => boolean;
}

const partsOf = ({ copies, report }: Look): readonly Look[] =>
  Array.from({ length: Math.max(1, Math.ceil(copies.length / MOST_COPIES)) }, (_, index) => ({
    copies: copies.slice(index * MOST_COPIES, (index + 1) * MOST_COPIES),
    report,
  }));

/**
 * Replicas take turns through Redis: who holds the lease of a name polls, and tells the others what has changed. Where
 * Redis cannot be asked or heard, or is slow, each polls for itself. Nothing here throws. What is published while nobody hears it is
 * gone, so whoever may have missed something is told that. `onRefused` is told once that Redis lets nobody subscribe.
 */
export const createLiveRelay = (
  redis: RedisConnection,
  { aid, version, isCopy }: RelayOptions,
  onRefused: (reason: string) => void,
): LiveRelay => {
  const origin = randomUUID();
  const leases = createLeases(aid, LEASE_MS);
  const listeners = new Map<string, RelayListener>();
  const unsent = new Set<string>(); // channels that others may have missed something of
  const held = new Set<string>();
  let closed = false;

  const subscriber = createSubscriber(redis, {
    onHeard: (channel) => listeners.get(channel)?.missed(),
    onRefused,
  });

  const leaseOf = (name: string): string => `live:${FORM}:${version}:${name}`;
  /** Channels are common to all databases of a Redis, and keys are not. */
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
    // All that it calls; the promises of a client would reject with nobody to catch it.
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
        // The one before may have died with something untold, and this one may have come later than that.
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
          listener.missed(); // what cannot be taken in is as good as not heard
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
      // Which the target has begun, and nobody waits for. What is heard later is told as `missed`.
      await patiently(subscriber.subscribe(channel), aid.patienceMs);
    },
    close: async () => {
      closed = true;
      await leases.close();
      subscriber.close();
    },
  };
};
