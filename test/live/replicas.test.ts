import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { version } from '../../src/assembly/version.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import {
  type Watching,
  ago,
  changes,
  copyJob,
  gistOf,
  looks,
  runWith,
  startLive,
  stepwise,
  swift,
  told,
  watch,
} from '../support/live.js';
import { closing } from '../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

type Live = Awaited<ReturnType<typeof startLive>>;

/** How long a lease is: who has died is replaced when it is over. */
const LEASE_MS = 6_000;

/** The same upstreams with credentials of another replica, so that its calls are known from the first one's. */
const upstreamsFor = ({ cohesity, aws }: Live, name: string) => [
  { ...cohesityAt(cohesity), auth: { apiKey: name } },
  { ...awsBackupAt(aws), credentials: { accessKeyId: `AKID${name}`, secretAccessKey: 'fake-secret' } },
];

/** Calls of one replica so far; the first one has the key `key`, and `FAKE` in its place at AWS. */
const callsOf = ({ cohesity, aws }: Live, name: string): readonly number[] => [
  cohesity.seen.filter(({ headers }) => headers['apikey'] === (name === 'east' ? 'key' : name)).length,
  aws.seen.filter(({ headers }) => headers.authorization?.includes(`=AKID${name === 'east' ? 'FAKE' : name}/`)).length,
];

/**
 * The upstreams answer nobody during the start.
 * Otherwise, the last read of one replica would do for the first poll of another.
 */
const unanswered = async <T>(live: Live, start: () => Promise<T>): Promise<T> => {
  const gates = [stepwise(live.cohesity), stepwise(live.aws)];
  await Promise.all(gates.map(({ waiting }) => waiting()));
  const started = await start();
  gates.forEach(({ release }) => release());
  return started;
};

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

const startedAt = ago(1);

/** The changes at the upstreams, step by step, and the event that each causes. */
const steps: readonly (readonly [change: (live: Live) => void, gist: string])[] = [
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kAccepted')), 'STARTED >QUEUED 0'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kRunning', 100)), 'CHANGED QUEUED>RUNNING 0.1'],
  [({ held }) => (held.copyJobs[0] = copyJob('J1', 'RUNNING')), 'STARTED >RUNNING -'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kRunning', 500)), 'PROGRESSED RUNNING>RUNNING 0.5'],
  [({ held }) => (held.copyJobs[0] = copyJob('J1', 'FAILED')), 'FINISHED RUNNING>FAILED -'],
  [({ held }) => (held.runs[0] = runWith(startedAt, 'kSuccess', 1000)), 'FINISHED RUNNING>SUCCEEDED 1'],
  [({ held }) => held.copyJobs.push(copyJob('J2', 'COMPLETED')), 'FINISHED >SUCCEEDED -'],
];
const gists = steps.map(([, gist]) => gist);

/** Plays steps, each when every stream has reported the one before. */
const play = async (live: Live, from: number, to: number, ...watchings: readonly Watching[]): Promise<void> => {
  for (let step = from; step < to; step += 1) {
    steps[step]?.[0](live);
    await Promise.all(watchings.map((one) => told(one, ...gists.slice(0, step + 1))));
  }
};

const settled = async (live: Live, ...watchings: readonly Watching[]): Promise<void> => {
  await looks(live.cohesity, 5);
  await looks(live.aws, 5);
  for (const one of watchings) expect(one.events.map(gistOf)).toEqual(gists);
};

/** The key that Redis has while a replica polls the cluster. */
const leaseKey = `copygraph:lease:{live:2:${version}:dc-east copies}`;
const lease = ({ client }: RunningRedis): Promise<string | null> => client.get(leaseKey);

/** Resolves when one of two polls no more, while the other does so many times. */
const onePolls = (live: Live): Promise<void> => {
  const counts = () => ['east', 'west'].map((name) => callsOf(live, name)[0] ?? 0);
  return until(async () => {
    const before = counts();
    await looks(live.cohesity, 20);
    expect(counts().filter((count, index) => count === before[index])).toHaveLength(1);
  });
};

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

/** The gateway of the command line, in a process of its own. It polls once a second, which is the least. */
const startProcess = async (live: Live, redis: RunningRedis) => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-live-'));
  const file = join(folder, 'config.yaml');
  const config = {
    server: { port: 0 },
    upstreams: upstreamsFor(live, 'south'),
    live: { minSeconds: 1, maxSeconds: 1 },
    redis: { url: redis.url },
  };
  writeFileSync(file, stringify(config));
  const child: ChildProcess = spawn(process.execPath, [inject('program'), 'serve', '--config', file], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  closing({
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  });
  let text = '';
  const keep = (data: Buffer): void => void (text += data.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const urlOf = (): string | undefined => /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(text)?.[0];
  await until(() => expect(urlOf(), text).toBeDefined());
  return { url: `${urlOf()}/graphql`, kill: () => child.kill('SIGKILL') };
};

describeWithRedis('a gateway whose process is killed while it polls', { concurrent: true }, () => {
  it.each<[string, heard: number, happened: number, told: readonly string[]]>([
    ['at the moment of changes', 3, 5, ['PROGRESSED RUNNING>RUNNING 0.5', 'FINISHED RUNNING>FAILED -']],
    ['at the moment of several of one copy', 1, 5, ['CHANGED QUEUED>RUNNING 0.5', 'FINISHED >FAILED -']],
  ])(
    'is replaced when its lease is over, and no change is lost or doubled: %s',
    // A machine that is busy for the six seconds of a lease gives the turn away before the play begins.
    { retry: 3 },
    async (_what, heard, happened, untold) => {
      const redis = await startRedis();
      const shared = { cache: {}, redis: { url: redis.url } };
      const live = await startLive(shared);
      const south = await startProcess(live, redis);
      const first = watch(south, changes());
      await until(() => expect(callsOf(live, 'south').every((count) => count > 1)).toBe(true));
      const gateway = await startGateway({ upstreams: upstreamsFor(live, 'west'), live: swift, ...shared });
      closing({ close: () => gateway.close(0) });
      const others = ['east', 'west'];
      const [east, west] = await unanswered(live, async () => {
        const watchings = [watch(live, changes()), watch(gateway, changes())] as const;
        await until(() => others.forEach((name) => expect(Math.min(...callsOf(live, name))).toBeGreaterThan(0)));
        return watchings;
      });
      await looks(live.cohesity);
      await looks(live.aws);
      const before = others.map((name) => callsOf(live, name));

      await play(live, 0, heard, first, east, west);
      expect(await redis.client.pttl(leaseKey)).toBeLessThanOrEqual(LEASE_MS);
      for (const [change] of steps.slice(heard, happened)) change(live);
      south.kill();
      expect(others.map((name) => callsOf(live, name))).toEqual(before); // the one in the other process polled
      const all = [...gists.slice(0, heard), ...untold];
      const toldAll = (one: Watching) => expect(one.events.map(gistOf).sort()).toEqual([...all].sort());
      await until(() => [east, west].forEach(toldAll));
      const more = (name: string, nth: number) => callsOf(live, name).map((n, i) => n - (before[nth]?.[i] ?? 0));
      const taken = () => [0, 1].map((feed) => Math.max(...others.map((name, nth) => more(name, nth)[feed] ?? 0)));
      await until(() => expect(Math.min(...taken())).toBeGreaterThan(1));

      await onePolls(live);
      for (const [change, gist] of steps.slice(happened)) {
        change(live);
        all.push(gist);
        await until(() => [east, west].forEach(toldAll));
      }
      await looks(live.cohesity, 5);
      await looks(live.aws, 5);
      [east, west].forEach(toldAll);
      expect([...east.errors, ...west.errors]).toEqual([]);
    },
  );
});
