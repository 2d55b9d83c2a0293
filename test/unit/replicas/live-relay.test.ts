import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { Look } from '../../../src/domain/relay.js';
import { createLiveRelay } from '../../../src/replicas/live-relay.js';
import { createRedis } from '../../../src/replicas/redis.js';
import { isCopy } from '../../../src/upstream/products.js';
import { jobOf, runOf, toJob, toRun } from '../../support/estate.js';
import { NOW } from '../../support/estates.js';
import { closing } from '../../support/products.js';
import { type RunningRedis, deadPort, describeWithRedis, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const NAME = 'dc-east copies';
const CHANNEL = `copygraph:live:2:1.0.0:0:${NAME}`;

const report: Look['report'] = {
  upstream: 'dc-east',
  ok: true,
  observedAt: null,
  stale: false,
  complete: true,
  incompleteReasons: [],
  error: null,
};

/** Copies of both vendors, with all that they can hold. */
const look = (...names: readonly string[]): Look => ({
  copies: [
    ...names.map((name) => toJob('aws-prod', jobOf(name, NOW, { sizeBytes: 2 ** 53 - 1 }))),
    ...toRun('dc-east', runOf(7, NOW)).copyRuns,
  ],
  report,
});

/** The parts of one replica: its relay, what it heard, and how often it may have missed something. */
const replicaOf = async (url: string, name = NAME) => {
  const redis = closing(await createRedis(url, () => undefined));
  const refused: string[] = [];
  const relay = closing(
    createLiveRelay(redis, { aid: { ask: redis.ask, patienceMs: 20_000 }, version: '1.0.0', isCopy }, (reason) =>
      refused.push(reason),
    ),
  );
  const heard: Look[] = [];
  const replica = { relay, redis, heard, refused, missed: 0, leave: () => controller.abort() };
  const controller = new AbortController();
  const listener = { take: (one: Look) => void heard.push(one), missed: () => void (replica.missed += 1) };
  await relay.listen(name, listener, controller.signal);
  return { ...replica, missed: () => replica.missed, listener, signal: controller.signal };
};

const firstNames = (looks: readonly Look[]) => looks.map(({ copies }) => copies[0]?.name);
const subscribers = async ({ client }: RunningRedis) => (await client.pubsub('NUMSUB', CHANNEL))[1];

/** `retry`: a replica polls by itself if a busy machine answers for Redis a second late, which is not what is tested. */
describeWithRedis('what replicas tell each other', { concurrent: true, retry: 2 }, () => {
  it('arrives as it was, bigints too, at all but the one who said it', async () => {
    const server = await startRedis();
    const [east, west, south] = [await replicaOf(server.url), await replicaOf(server.url), await replicaOf(server.url)];
    const first = look('a');
    east.relay.publish(NAME, first);
    west.relay.publish(NAME, look('b'));
    await until(() => expect(south.heard).toHaveLength(2));
    expect(south.heard[0]).toEqual(first);
    expect(typeof south.heard[0]?.copies[0]?.sizeBytes).toBe('bigint');
    await until(() => expect([east.heard.length, west.heard.length]).toEqual([1, 1]));
    expect([firstNames(east.heard), firstNames(west.heard)]).toEqual([['ec2-b'], ['ec2-a']]);
  });

  it('is heard of the names one listens to, and no longer than that', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url, 'dc-west copies')];
    const third = await replicaOf(server.url);
    east.relay.publish(NAME, look('a'));
    await until(() => expect(third.heard).toHaveLength(1));
    third.leave();
    await until(async () => expect(await subscribers(server)).toBe(1));
    east.relay.publish(NAME, look('b'));
    east.relay.publish('dc-west copies', look('c'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-c']));
    expect(third.heard).toHaveLength(1);

    const again = new AbortController();
    await third.relay.listen(NAME, third.listener, again.signal);
    east.relay.publish(NAME, look('d'));
    await until(() => expect(firstNames(third.heard)).toEqual(['ec2-a', 'ec2-d']));
  });

  it('is heard by one who left and came back before Redis had answered', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    west.leave();
    const brief = new AbortController();
    const begun = west.relay.listen(NAME, west.listener, brief.signal);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve(); // it is on its way
    brief.abort();
    await west.relay.listen(NAME, west.listener, new AbortController().signal);
    await begun;
    east.relay.publish(NAME, look('a'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-a']));
  });

  it('comes in parts where it is much', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const names = Array.from({ length: 600 }, (_, n) => `n${n}`);
    east.relay.publish(NAME, look(...names));
    await until(() => expect(west.heard.flatMap(({ copies }) => copies)).toHaveLength(601));
    expect(west.heard.map(({ copies }) => copies.length)).toEqual([250, 250, 101]);
    expect(west.heard.flatMap(({ copies }) => copies)).toEqual(look(...names).copies);
    east.relay.publish(NAME, { copies: [], report });
    await until(() => expect(west.heard.at(-1)?.copies).toEqual([]));
  });

  it.each([
    ['text', 'hello'],
    ['nothing', ''],
    ['another shape', Buffer.from('{"origin":"x"}').toString('base64')],
  ])('is ignored where it is %s', async (_what, text) => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const before = west.missed();
    await server.client.publish(CHANNEL, text);
    east.relay.publish(NAME, look('a'));
    await until(() => expect(west.heard).toHaveLength(1));
    expect(west.missed()).toBe(before);
  });

  it.each<[string, (copy: Look['copies'][number]) => object]>([
    ['without an id', ({ id: _id, ...rest }) => rest],
    ['of an unknown type', (copy) => ({ ...copy, __typename: 'Tape' })],
  ])('is ignored where a copy is %s', async (_what, spoil) => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const odd = { ...look('a'), copies: look('a').copies.map(spoil) as Look['copies'] }; // as another version might
    east.relay.publish(NAME, odd);
    east.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-b']));
  });

  it('that cannot be taken in breaks nothing, and counts as missed', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const before = west.missed();
    vi.spyOn(west.heard, 'push').mockImplementationOnce(() => {
      throw new Error('no');
    });
    east.relay.publish(NAME, look('a'));
    east.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-b']));
    expect(west.missed()).toBe(before + 1);
  });

  it('stays in the database of its URL, as the turns do: another may belong to others', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(`${server.url}/1`), await replicaOf(`${server.url}/2`)];
    const beside = await replicaOf(`${server.url}/2`);
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([true, true]);
    east.relay.publish(NAME, look('a'));
    west.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(beside.heard)).toEqual(['ec2-b']));
    expect([east.heard, west.heard]).toEqual([[], []]);
  });
});

describeWithRedis('the turn of a replica', { concurrent: true, retry: 2 }, () => {
  it('is one’s, until it is released; who takes it over tells the others to look', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([true, false]);
    await until(() => expect(west.missed()).toBe(2)); // with the first, it began to listen
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([true, false]);
    await east.relay.release(NAME);
    expect([await west.relay.isMine(NAME), await east.relay.isMine(NAME)]).toEqual([true, false]);
    await until(() => expect(east.missed()).toBe(2));
    expect(west.missed()).toBe(2);
    expect(west.heard).toEqual([]);
  });

  it('is each one’s own while Redis is gone, and one’s when it is back', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const turns = async () => [await east.relay.isMine(NAME), await west.relay.isMine(NAME)];
    expect(await turns()).toEqual([true, false]);
    await server.kill();
    await until(async () => expect(await turns()).toEqual([true, true]));
    const before = [east.missed(), west.missed()];
    await server.start();
    await until(async () => expect((await turns()).filter(Boolean)).toHaveLength(1));
    expect(east.missed()).toBeGreaterThan(before[0] ?? 0);
    expect(west.missed()).toBeGreaterThan(before[1] ?? 0);
    east.relay.publish(NAME, look('a'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-a']));
  });

  it('is one’s own where Redis was never there, until it is', async () => {
    const port = await deadPort();
    const alone = await replicaOf(`redis://127.0.0.1:${port}`);
    expect(await alone.relay.isMine(NAME)).toBe(true);
    alone.relay.publish(NAME, look('a')); // throws nothing
    await alone.relay.release(NAME);
    expect([alone.missed(), alone.refused]).toEqual([0, []]);
  });

  it('is one’s own where Redis hangs', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([true, false]);
    server.pause();
    expect(await west.relay.isMine(NAME)).toBe(true); // it hangs on
    server.resume();
    await until(async () => expect(await west.relay.isMine(NAME)).toBe(false));
  });

  it('is one’s own where Redis lets nobody subscribe, which is told once', async () => {
    const server = await startRedis();
    await server.client.call('ACL', 'SETUSER', 'deaf', 'on', '>pw', '~*', '+@all', 'resetchannels');
    const west = await replicaOf(server.url);
    expect(await west.relay.isMine(NAME)).toBe(true);
    const deaf = await replicaOf(server.url.replace('redis://', 'redis://deaf:pw@'));
    expect(await deaf.relay.isMine(NAME)).toBe(true);
    await deaf.relay.listen('dc-west copies', deaf.listener, deaf.signal);
    expect(deaf.refused).toEqual(['NOPERM']);
    await server.client.call('ACL', 'SETUSER', 'deaf', 'allchannels');
    await until(async () => expect(await deaf.relay.isMine(NAME)).toBe(false)); // it is asked for again
    expect(deaf.refused).toEqual(['NOPERM']);
    expect(deaf.missed()).toBeGreaterThan(0);
  });

  it('ends with the process', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([true, false]);
    await east.relay.close();
    expect([await east.relay.isMine(NAME), await west.relay.isMine(NAME)]).toEqual([false, true]);
    await until(async () => expect(await subscribers(server)).toBe(1));
  });
});

describeWithRedis('one who may have missed something', { concurrent: true, retry: 2 }, () => {
  it('is told when its subscription was lost and stands again', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    await west.relay.isMine(NAME);
    await until(() => expect(east.missed()).toBe(2)); // it has heard whose turn it is
    const before = [east.missed(), west.missed()];
    await server.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    east.relay.publish(NAME, look('a')); // nobody hears it
    await until(() => expect([east.missed(), west.missed()]).toEqual(before.map((count) => count + 1)));
    expect(west.heard).toEqual([]);
    east.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-b']));
  });

  it('is told by one who could not tell what it had to, as soon as it can', async () => {
    const server = await startRedis();
    const [east, west] = [await replicaOf(server.url), await replicaOf(server.url)];
    const id = await east.redis.ask((client) => client.client('ID'));
    expect([await west.relay.isMine(NAME), await east.relay.isMine(NAME)]).toEqual([true, false]);
    await until(() => expect(east.missed()).toBe(2));
    const before = west.missed();
    await server.client.client('KILL', 'ID', id);
    await until(() => expect(east.redis.ask((client) => client.ping())).rejects.toThrow('could not be asked'));
    east.relay.publish(NAME, look('a'));
    await until(() => east.redis.ask((client) => client.ping()));
    expect([west.missed(), west.heard]).toEqual([before, []]);
    await east.relay.isMine(NAME);
    await until(() => expect(west.missed()).toBe(before + 1));
    await east.relay.isMine(NAME);
    east.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-b']));
    expect(west.missed()).toBe(before + 1); // reported once
  });

  it('is told when its connection was found to be silent', async () => {
    const server = await startRedis();
    const pairs: (readonly [Socket, Socket])[] = [];
    const proxy = createServer((near) => {
      const far = connect(server.port, '127.0.0.1');
      pairs.push([near, far]);
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing({ close: () => new Promise<void>((resolve) => void proxy.close(() => resolve())) });
    const { port } = proxy.address() as AddressInfo; // a TCP server's address is never a string
    const [east, west] = [await replicaOf(server.url), await replicaOf(`redis://127.0.0.1:${port}`)];
    expect(pairs).toHaveLength(2); // the second one subscribes
    const before = west.missed();
    pairs[1]?.[1].unpipe(pairs[1][0]);
    pairs[1]?.[1].resume();
    east.relay.publish(NAME, look('a'));
    await until(() => expect(west.missed()).toBe(before + 1));
    expect(west.heard).toEqual([]);
    east.relay.publish(NAME, look('b'));
    await until(() => expect(firstNames(west.heard)).toEqual(['ec2-b']));
  });
});
