import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { UpstreamInput } from '../../src/assembly/config.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { type Fake, type Seen, awsBackupAt } from '../support/fake.js';
import { type GatewayOptions, startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { runStart, single, startOutage } from './vendors.js';

const ask = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const jobs = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `CopyJob:aws-prod:${name}${index}`);

/** An AWS Backup endpoint that knows every job, and when it was asked, in milliseconds since the first time. */
const startAws = async (before: () => void = () => undefined) => {
  const times: number[] = [];
  const described = ({ path }: Seen) => /^\/copy-jobs\/(.+)$/.exec(path)?.slice(1) ?? [];
  const fake = await startAwsBackup({
    copyJobs: (seen) => described(seen).map((CopyJobId) => ({ CopyJobId, State: 'RUNNING', CreationDate: 1.7e9 })),
  });
  fake.before = () => {
    times.push(performance.now());
    before();
    return undefined;
  };
  return {
    ...closing(fake),
    at: () => times.map((time) => time - (times[0] ?? 0)),
    now: () => performance.now() - (times[0] ?? 0),
  };
};

const open = async (aws: Fake, perSecond: number, options: Omit<GatewayOptions, 'upstreams'> = {}) => {
  const callsPerSecond = { describe: perSecond, list: perSecond };
  const upstream: UpstreamInput = { ...awsBackupAt(aws), callsPerSecond, maxConcurrent: 50 };
  return closing(await startGateway({ upstreams: [upstream], ...options }));
};

const send = (url: string, query: string, variables: object, signal: AbortSignal) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal,
  });

describe('repeats', { concurrent: true }, () => {
  it('are at most ten and a fifth of the calls of an upstream that always fails', async () => {
    const { gateway, broken } = await startOutage('cohesity', () => ({ status: 429, body: '' }));
    // Each of another run: equal reads at once are one call.
    const read = (run: number) => gateway.execute(`{ node(id: "CopyRun:dc-east:7:${runStart + run}:1:2:3") { id } }`);
    for (let asked = 0; asked < 100; asked += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, one) => read(asked + one)));
    }
    expect(broken.seen.length).toBeGreaterThan(100);
    expect(broken.seen.length).toBeLessThanOrEqual(100 + 10 + 20);
  });

  it.each(['cohesity', 'aws-backup'] as const)(
    'are not waited for beyond the operation’s deadline: the caller is told when to ask again (%s)',
    async (vendor) => {
      const { gateway, broken } = await startOutage(
        vendor,
        () => ({ status: 503, headers: { 'retry-after': '3' }, body: '' }),
        { limits: { requestTimeoutMs: 2500 } },
      );
      const { errors } = await gateway.execute(single[vendor]);
      expect(errors.map(({ extensions }) => [extensions.code, extensions.retryAfterMs])).toEqual([
        ['UPSTREAM_UNAVAILABLE', 3000],
        ['UPSTREAM_UNAVAILABLE', 3000],
      ]);
      expect(broken.seen.length).toBe(1);
    },
  );
});

describe('calls to AWS', { concurrent: true }, () => {
  it('are at most so many in a second, for all requests, and all are made in the end', async () => {
    const aws = await startAws();
    const gateway = await open(aws, 25);
    const answers = await Promise.all([1, 2].map((one) => gateway.execute(ask, { ids: jobs(30, `J${one}-`) })));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(answers.flatMap(({ data }) => data.nodes).filter((node) => node !== null).length).toBe(60);
    expect(aws.at().filter((ms) => ms < 300).length).toBeLessThanOrEqual(25);
    expect(aws.at().filter((ms) => ms < 1300).length).toBeLessThanOrEqual(50);
    expect(aws.at().length).toBe(60);
  });

  it('of one kind do not wait for those of the other', async () => {
    const aws = await startAws();
    const gateway = await open(aws, 3);
    const [, list] = await Promise.all([
      gateway.execute(ask, { ids: jobs(6, 'J') }),
      until(() => expect(aws.seen.length).toBe(3)).then(() => gateway.execute('{ copyJobs { nodes { id } } }')),
    ]);
    expect(list.errors).toEqual([]);
    const lists = aws.requests().findIndex((request) => /^GET \/copy-jobs\/?\?/.test(request));
    expect(lists).toBeGreaterThanOrEqual(3);
    expect(lists).toBeLessThan(6); // before the second three
  });

  it('that would come after the deadline are refused at once, with the time to wait', async () => {
    const aws = await startAws();
    const gateway = await open(aws, 2, { limits: { requestTimeoutMs: 800 } });
    const { data, errors } = await gateway.execute(ask, { ids: jobs(7, 'J') });
    expect(data.nodes.filter((node: unknown) => node !== null).length).toBe(2);
    expect(errors.map(({ extensions: { code } }) => code)).toEqual(Array(5).fill('UPSTREAM_RATE_LIMITED'));
    for (const { extensions } of errors) {
      expect(extensions.retryAfterMs).toBeGreaterThan(0);
      expect(extensions.retryAfterMs).toBeLessThanOrEqual(1000); // whoever leaves makes room for the next
    }
    expect(aws.seen.length).toBe(2);
  });

  it('are not made for a caller who has gone away while they waited', async () => {
    const caller = new AbortController();
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const aws = await startAws(() => arrive());
    const gateway = await open(aws, 2);
    const asking = send(gateway.url, ask, { ids: jobs(8, 'gone-') }, caller.signal);
    await arrived;
    await sleep(50);
    caller.abort();
    await expect(asking).rejects.toThrow();
    const { data } = await gateway.execute(ask, { ids: jobs(1, 'next-') });
    expect(data.nodes).toEqual([{ id: 'CopyJob:aws-prod:next-0' }]);
    expect(aws.seen.length).toBe(3);
  });
});

describeWithRedis('calls to AWS from two replicas', { concurrent: true }, () => {
  it('share one rate, and go on at each one’s own when Redis dies midway', async () => {
    const redis = await startRedis();
    const aws = await startAws();
    const gateways = [await open(aws, 10, { redis }), await open(aws, 10, { redis })];
    const asking = gateways.map((gateway, one) => gateway.execute(ask, { ids: jobs(20, `J${one}-`) }));
    await until(() => expect(aws.seen.length).toBeGreaterThanOrEqual(10)); // a busy machine may check too late
    await redis.kill();
    const killed = aws.now();
    const answers = await Promise.all(asking);
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
    expect(aws.seen.length).toBe(40);
    // Each gateway may make 10 calls at once now, and has a second for 10 more. Some may have been under way.
    const before = aws.at().filter((ms) => ms <= killed).length;
    const underWay = 5;
    const leastMs = ((40 - before - underWay - 2 * 10) / (2 * 10)) * 1000;
    expect((aws.at().at(-1) ?? 0) - killed).toBeGreaterThanOrEqual(leastMs);
    for (const gateway of gateways) expect(gateway.logs.join('')).toContain('Redis is lost');
  });
});
