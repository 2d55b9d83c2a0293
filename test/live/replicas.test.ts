import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.js';
import { type Watching, changes, gistOf, looks, startLive, swift, told, watch } from '../support/live.js';
import {
  type Live,
  callsOf,
  gists,
  leaseKey,
  onePolls,
  play,
  steps,
  unanswered,
  upstreamsFor,
} from '../support/live-replicas.js';
import { closing } from '../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

/** Two gateways in front of the same upstreams, with one Redis; the first one polls by the time the second comes. */
const startReplicas = async () => {
  const redis = await startRedis();
  const shared = { cache: {}, redis: { url: redis.url } };
  const live = await startLive(shared);
  const east = watch(live, changes());
  await until(() => expect(callsOf(live, 'east').every((count) => count > 1)).toBe(true));
  const gateway = await startGateway({ upstreams: upstreamsFor(live, 'west'), live: swift, ...shared });
  closing({ close: () => gateway.close(0) });
  const west = await unanswered(live, async () => {
    const watching = watch(gateway, changes());
    await until(() => expect(callsOf(live, 'west').every((count) => count > 0)).toBe(true));
    return watching;
  });
  await looks(live.cohesity);
  await looks(live.aws);
  return { redis, live, gateway, east, west };
};

const settled = async (live: Live, ...watchings: readonly Watching[]): Promise<void> => {
  await looks(live.cohesity, 5);
  await looks(live.aws, 5);
  for (const one of watchings) expect(one.events.map(gistOf)).toEqual(gists);
};

const lease = ({ client }: RunningRedis): Promise<string | null> => client.get(leaseKey);

describeWithRedis('two gateways with one Redis, each with a subscriber', { concurrent: true }, () => {
  it('poll as one, and tell both the same, each change once', async () => {
    const { live, east, west } = await startReplicas();
    const before = callsOf(live, 'west');
    await play(live, 0, steps.length, east, west);
    await settled(live, east, west);
    expect(callsOf(live, 'west')).toEqual(before); // after its own first poll, it made none
    expect(before[0]).toBe(1);
    expect([...east.errors, ...west.errors]).toEqual([]);
  });

  it('tell one who comes later what is unfinished, and from then on what changes', async () => {
    const { live, gateway, east, west } = await startReplicas();
    await play(live, 0, 3, east, west);
    const before = callsOf(live, 'west');
    const late = watch(gateway, changes());
    await until(() => expect(late.events).toHaveLength(2));
    expect(late.events.map(gistOf).sort()).toEqual(['SNAPSHOT >RUNNING -', 'SNAPSHOT >RUNNING 0.1']);
    await play(live, 3, 5, east, west);
    await until(() => expect(late.events.slice(2).map(gistOf)).toEqual(gists.slice(3, 5)));
    expect(callsOf(live, 'west')).toEqual(before);
  });

  it.each([
    ['its subscribers leave', (east: Watching) => Promise.resolve(east.leave())],
    ['it is closed', (_east: Watching, live: Live) => live.close(0)],
  ])('go on as one where the one who polls ends: %s', async (_what, end) => {
    const { redis, live, east, west } = await startReplicas();
    const holder = await lease(redis);
    await play(live, 0, 3, east, west);
    const ended = end(east, live);
    await play(live, 3, 4, west);
    await ended;
    const before = callsOf(live, 'east');
    await play(live, 4, steps.length, west);
    await settled(live, west);
    expect(callsOf(live, 'east')).toEqual(before);
    expect(await lease(redis)).not.toBe(holder);
    expect(east.events.map(gistOf)).toEqual(gists.slice(0, 3));
  });

  it('leave nothing at Redis when they are closed: no turn, no connection', async () => {
    const { redis, live, gateway } = await startReplicas();
    await Promise.all([live.close(0), gateway.close(0)]);
    await until(async () =>
      expect(
        String(await redis.client.client('LIST'))
          .trim()
          .split('\n'),
      ).toHaveLength(1),
    );
    expect(await redis.client.keys('copygraph:lease:*')).toEqual([]);
  });

  it('go on each by itself while Redis is gone, and as one when it is back', async () => {
    const { redis, live, east, west } = await startReplicas();
    await play(live, 0, 2, east, west);
    await redis.kill();
    await play(live, 2, 4, east, west);
    const alone = callsOf(live, 'west');
    await until(() =>
      expect(callsOf(live, 'west').every((count, index) => count > (alone[index] ?? 0) + 1)).toBe(true),
    );
    await redis.start();
    await play(live, 4, 5, east, west);
    await onePolls(live);
    await play(live, 5, steps.length, east, west);
    await settled(live, east, west);
    expect([...east.errors, ...west.errors]).toEqual([]);
  });

  it('miss nothing that is told while a subscription is broken', async () => {
    const { redis, live, east, west } = await startReplicas();
    for (const [index, [change]] of steps.entries()) {
      await redis.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      change(live);
      await Promise.all([east, west].map((one) => told(one, ...gists.slice(0, index + 1))));
    }
    await settled(live, east, west);
  });
});
