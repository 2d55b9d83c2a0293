import { copyFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { closingAfter } from '../support/closing.js';
import { auditFile, gistOf, press, startGatewayAt, startPlayedCluster } from '../support/failover.js';
import type { Gateway } from '../support/gateway.js';
import { type Line, startLine } from '../support/line.js';
import { closing } from '../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../support/redis.js';

/** `HISTORIES=500 FIRST_SEED=1` for the long run; each history has its own seed, which a failure names. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 20);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);
const AT_ONCE = 10; // they wait most of the time

const requestTimeoutMs = 3000;
const failoverWaitMs = 3500;
const bodies = [{}, { runType: 'FULL' }] as const;

const which = fc.nat({ max: 1 });
const mostlyTheFirst = fc.constantFrom(0, 0, 0, 1);
const shortMs = fc.integer({ min: 0, max: 300 });
type Step =
  | { readonly kind: 'press'; readonly which: number; readonly body: number }
  | { readonly kind: 'lose'; readonly how: 'flush' | 'restart' | 'evict' }
  | { readonly kind: 'kill'; readonly which: number }
  | { readonly kind: 'cut' | 'slow'; readonly which: number; readonly ms: number };

const step = fc.oneof<fc.MaybeWeightedArbitrary<Step>[]>(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('press'), which, body: mostlyTheFirst }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('lose'), how: fc.constantFrom('flush', 'restart', 'evict') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'slow'), which, ms: shortMs }) },
);
const history = fc.record({
  /** Most histories begin when the first wait is over. */
  waited: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  answer: fc.constantFrom('accepts', 'accepts slowly', 'drops the answer', 'takes nothing on'),
  answerMs: fc.integer({ min: 0, max: 500 }),
  listsAfterMs: fc.integer({ min: 0, max: 10_000 }),
  firstPauseMs: fc.integer({ min: 0, max: 600 }),
  steps: fc.array(fc.record({ pauseMs: fc.integer({ min: 0, max: 250 }), step }), { minLength: 4, maxLength: 10 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** One process: what it is killed by ends all that it says, and what its file has by then is all that is left. */
interface Replica {
  readonly gateway: Gateway;
  readonly redis: Line;
  readonly cluster: Line;
  readonly file: string;
}

const startReplica = async (ports: { redis: number; cluster: number }, file: string): Promise<Replica> => {
  const [redis, cluster] = [closing(await startLine(ports.redis)), closing(await startLine(ports.cluster))];
  const gateway = await startGatewayAt(
    { url: `http://127.0.0.1:${cluster.port}` },
    {
      redis: { url: `redis://127.0.0.1:${redis.port}` },
      audit: { file },
      failoverWaitMs,
      limits: { requestTimeoutMs },
    },
  );
  return { gateway, redis, cluster, file };
};

/** A cluster that lists late, and all that reached it. */
const startCluster = async ({ answer, answerMs, listsAfterMs }: History) => {
  const cluster = closing(await startPlayedCluster());
  const sent: number[] = []; // the bodies, in their order
  cluster.plays.post = async ({ seen, failoverId, drop }) => {
    sent.push(seen.body.includes('kFull') ? 1 : 0);
    if (answer !== 'takes nothing on')
      setTimeout(() => cluster.listed.set(failoverId, { failoverId }), listsAfterMs).unref();
    if (answer === 'accepts slowly') await sleep(answerMs);
    return answer.startsWith('accepts') ? { status: 201, body: { failoverId } } : drop();
  };
  return { cluster, sent, port: Number(new URL(cluster.url).port) };
};

const lose = async (kind: 'flush' | 'restart' | 'evict', redis: RunningRedis): Promise<void> => {
  if (kind === 'restart') {
    await redis.kill();
    await redis.start();
  } else if (kind === 'flush') await redis.client.flushall().catch(() => undefined);
  else {
    const keys = await redis.client.keys('copygraph:*').catch(() => []);
    const gone = keys.filter((_key, index) => index % 2 === 0); // some, as an eviction takes them
    if (gone.length > 0) await redis.client.del(...gone).catch(() => undefined);
  }
};

/** The faults in how a history went; `null` if there are none. */
const play = async (told: History): Promise<string | null> => {
  const redis = await startRedis();
  const { sent, port } = await startCluster(told);
  const ports = { redis: redis.port, cluster: port };
  const replicas = [await startReplica(ports, auditFile().file), await startReplica(ports, auditFile().file)];
  if (told.waited) {
    const hash = 'copygraph:attempts:{dc-east}';
    for (let tries = 0; tries < 40 && (await redis.client.hexists(hash, '#epoch')) === 0; tries += 1) await sleep(25);
    await redis.client.hset(hash, '#open', '1');
  }
  const wrong: string[] = [];
  const at = (index: number): Replica => replicas[index] as Replica; // there are two

  const pressAt = async (index: number, body: number): Promise<string> => {
    const before = [...sent];
    const answer = await press(at(index).gateway, bodies[body]).catch(() => null);
    if (answer === null) return 'no answer'; // its process was killed
    const gist = gistOf(answer);
    const others = gist === 'FailoverAccepted UNCONFIRMED' ? before : sent; // unsure, or sure
    if (gist.startsWith('FailoverAccepted') && others.some((one) => one !== body))
      wrong.push(`${gist} for body ${body} while ${others.join()} was sent`);
    return gist;
  };

  const pressed: Promise<unknown>[] = [];
  const take = async (one: Step): Promise<void> => {
    if (one.kind === 'press') return void pressed.push(pressAt(one.which, one.body));
    if (one.kind === 'lose') return lose(one.how, redis);
    const replica = at(one.which);
    if (one.kind === 'cut') {
      replica.redis.cut();
      pressed.push(sleep(one.ms).then(replica.redis.mend));
    } else if (one.kind === 'slow') {
      replica.redis.slow(one.ms);
      pressed.push(sleep(1000).then(() => replica.redis.slow(0)));
    } else {
      replica.redis.cut();
      replica.cluster.cut();
      replica.redis.mend = () => undefined; // for ever
      const { file } = auditFile();
      if (existsSync(replica.file)) copyFileSync(replica.file, file);
      pressed.push(replica.gateway.close(0));
      replicas[one.which] = await startReplica(ports, file);
    }
  };
  await take({ kind: 'press', which: 0, body: 0 });
  await sleep(told.firstPauseMs);
  for (const { pauseMs, step: one } of told.steps) {
    await take(one);
    await sleep(pauseMs);
  }
  await Promise.all(pressed);
  // Then both are pressed until the wait is over, with the body that nobody sent too.
  const until = performance.now() + 2 * failoverWaitMs;
  const unsettled = (gist: string): boolean => /LOCK_UNAVAILABLE|UPSTREAM_TIMEOUT|RATE_LIMITED|no answer/.test(gist);
  for (const index of [1, 0]) {
    for (const body of [0, 1]) {
      let gist = await pressAt(index, body);
      while (unsettled(gist) && performance.now() < until) {
        await sleep(150);
        gist = await pressAt(index, body);
      }
    }
  }
  if (sent.length > 1) wrong.push(`${sent.length} requests under one key`);
  return wrong.length === 0 ? null : wrong.join('; ');
};

describeWithRedis('two replicas, whatever befalls Redis and them', () => {
  it(
    'send one request under a key, and accept it for no other body',
    async () => {
      const failed: string[] = [];
      const seeds = Array.from({ length: HISTORIES }, (_, index) => FIRST_SEED + index);
      const work = async (): Promise<void> => {
        for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
          const [told] = fc.sample(history, { seed, numRuns: 1 });
          if (told === undefined) continue;
          await closingAfter(async () => {
            const wrong = await play(told);
            if (wrong !== null) failed.push(`seed ${seed}: ${wrong}\n${JSON.stringify(told)}`);
          });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      process.stderr.write(`${HISTORIES} histories from seed ${FIRST_SEED}: ${failed.length} failed\n`);
      expect(failed).toEqual([]);
    },
    120_000 + HISTORIES * 20_000,
  );
});
