/**
 * `npm run bench:live`: 500 subscribers (10 of them to everything, the others to ten copies each) and 1,000
 * running copies on two fakes, which move, end and begin while the gateway's pollers poll. Prints the upstream calls a
 * minute beside those of one subscriber, the time from a change to each subscriber's receipt, and the gateway's memory.
 * Fails where an event was lost or sent twice, where calls grow with the subscribers, or where memory grows with time.
 * Each AWS account that a filter names is read by itself, once for all its subscribers.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Copy, GROUPS, accountOf, startCopyLife } from './copy-life.js';
import { startCommand } from './processes.js';

const SECONDS = 60;
const ALONE_SECONDS = 20;
const SUBSCRIBERS = 500;
const TO_ALL = 10;

const { cohesity, aws, live, copies, happenedAt, wasServed } = await startCopyLife();

interface Event {
  readonly change: string;
  readonly operation: {
    readonly __typename: string;
    readonly id: string;
    readonly state: string;
    readonly sizeBytes: string | null;
    readonly transferredBytes: string | null;
  } | null;
}

/** The last state of a copy that one subscriber has received. */
interface Known {
  readonly moved: number;
  readonly done: boolean;
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const latencies: number[] = [];
const faults = { doubled: 0, merged: 0, broken: 0 };
let unseen = 0;
let measuring = false;
let overBefore: ReadonlySet<string> = new Set(); // copies that ended before anyone came; no event is due for them

const subscribe = (url: string, filter: string, matches: (copy: Copy) => boolean) => {
  const known = new Map<string, Known>();
  let events = 0;
  const take = ({ change, operation }: Event): void => {
    const receivedAt = performance.now();
    if (operation === null) return;
    events += 1;
    const moved = Number(operation.__typename === 'CopyRun' ? operation.transferredBytes : operation.sizeBytes);
    const done = operation.state === 'SUCCEEDED';
    const before = known.get(operation.id);
    known.set(operation.id, { moved, done });
    if (before !== undefined && (before.done || moved <= before.moved)) faults.doubled += 1;
    if (before !== undefined && (change === 'STARTED' || change === 'SNAPSHOT')) faults.doubled += 1;
    for (let step = (before?.moved ?? moved) + 1; step < moved; step += 1) {
      if (wasServed(operation.id, step)) faults.merged += 1;
      else unseen += 1;
    }
    const at = happenedAt(operation.id, moved);
    if (measuring && change !== 'SNAPSHOT' && at !== undefined) latencies.push(receivedAt - at);
  };
  const outgoing = request(url, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  let rest = '';
  outgoing.on('response', (response) => {
    if (response.statusCode !== 200) faults.broken += 1;
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: {')) continue;
        const { data, errors } = JSON.parse(line.slice(6));
        if (errors !== undefined) faults.broken += 1;
        else take(data.copyOperationChanged);
      }
    });
  });
  let left = false;
  outgoing.on('close', () => {
    if (!left) faults.broken += 1;
  });
  outgoing.on('error', () => undefined); // counted when it closes
  const query = `subscription { copyOperationChanged${filter} {
    change operation { __typename id state sizeBytes transferredBytes }
  } }`;
  outgoing.end(JSON.stringify({ query }));
  return {
    events: () => events,
    /** The number of copies whose last state the subscriber did not receive. */
    missing: (): number =>
      copies().filter((copy) => {
        const last = known.get(copy.id);
        if (!matches(copy) || overBefore.has(copy.id)) return false;
        return last?.moved !== copy.moved || last.done !== copy.done;
      }).length,
    leave: (): void => {
      left = true;
      outgoing.destroy();
    },
  };
};

type Subscriber = ReturnType<typeof subscribe>;

const subscribeNth = (url: string, index: number): Subscriber => {
  if (index < TO_ALL) return subscribe(url, '', () => true);
  const group = 1 + (index % GROUPS);
  return index % 2 === 0
    ? subscribe(
        url,
        `(filter: { protectionJobIds: ["ProtectionJob:cluster:${group}"] })`,
        (copy) => copy.group === group && copy.id.startsWith('CopyRun'),
      )
    : subscribe(
        url,
        `(filter: { accountIds: ["${accountOf(group)}"] })`,
        (copy) => copy.group === group && copy.id.startsWith('CopyJob'),
      );
};

const residentMegabytes = (pid: number | undefined): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

const percentile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);

const until = async (check: () => boolean, mostMs: number): Promise<boolean> => {
  const started = performance.now();
  while (!check() && performance.now() - started < mostMs) await wait(100);
  return check();
};

const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const file = join(folder, 'bench.json'); // JSON is YAML
const upstreams = [
  { id: 'cluster', kind: 'cohesity', url: cohesity.url, auth: { apiKey: 'key' } },
  {
    id: 'aws',
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: { accessKeyId: 'AKIDFAKE', secretAccessKey: 'fake-secret' },
  },
];

interface Row {
  readonly subscribers: number;
  readonly cohesity: number; // calls a minute
  readonly aws: number;
  readonly events: number;
  readonly missing: number;
  readonly megabytes: readonly [atFirst: number, atLast: number];
}

/** A fresh gateway with so many subscribers, for so many seconds of life. */
const measure = async (count: number, seconds: number): Promise<Row> => {
  writeFileSync(file, JSON.stringify({ upstreams, limits: { requestsPerMinute: 1_000_000 } }));
  const { child, output } = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, {
    PORT: '0',
    LOG_LEVEL: 'error',
  });
  const [, url = ''] = /GraphiQL\s+(\S+)/.exec(output) ?? [];
  const all = copies();
  overBefore = new Set(all.filter(({ done }) => done).map(({ id }) => id));
  const goesOn = all.length - overBefore.size;
  const subscribers: Subscriber[] = [];
  for (let index = 0; index < count; index += 1) {
    subscribers.push(subscribeNth(url, index));
    if (index % 25 === 24) await wait(50);
  }
  // The first of them gets everything.
  if (!(await until(() => subscribers.every((one) => one.missing() === 0), 60_000))) {
    process.stderr.write('the beginning of a stream did not come\n');
    process.exitCode = 1;
  }
  latencies.splice(0);
  measuring = true;
  const atFirst = residentMegabytes(child.pid);
  const life = new AbortController();
  const before = [cohesity.seen.length, aws.seen.length, performance.now()] as const;
  const done = live(life.signal);
  await wait(seconds * 1000);
  const minutes = (performance.now() - before[2]) / 60_000;
  const calls = [cohesity.seen.length - before[0], aws.seen.length - before[1]] as const;
  life.abort();
  await done;
  await until(() => subscribers.every((one) => one.missing() === 0), 15_000);
  measuring = false;
  const missing = subscribers.reduce((sum, one) => sum + one.missing(), 0);
  const events = subscribers.reduce((sum, one) => sum + one.events(), 0);
  const atLast = residentMegabytes(child.pid);
  subscribers.forEach(({ leave }) => leave());
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  process.stdout.write(`${count} subscribers, ${goesOn} running copies, ${seconds} s: ${events} events\n`);
  const [first, second] = calls;
  return {
    subscribers: count,
    cohesity: first / minutes,
    aws: second / minutes,
    events,
    missing,
    megabytes: [atFirst, atLast],
  };
};

const fail = (reason: string): void => {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
};

const alone = await measure(1, ALONE_SECONDS);
const many = await measure(SUBSCRIBERS, SECONDS);
const sorted = latencies.toSorted((a, b) => a - b);
for (const { subscribers, cohesity: calls, aws: others } of [alone, many]) {
  process.stdout.write(
    `${String(subscribers).padStart(4)} subscribers: ${calls.toFixed(1)} calls a minute to Cohesity, ${others.toFixed(1)} to AWS\n`,
  );
}
process.stdout.write(
  `from change to receipt: p50 ${percentile(sorted, 0.5)} ms, p99 ${percentile(sorted, 0.99)} ms (a look every 2 s)\n` +
    `memory of the gateway: ${many.megabytes[0]} MB at first, ${many.megabytes[1]} MB after ${SECONDS} s\n` +
    `lost ${alone.missing + many.missing}, told twice ${faults.doubled}, streams broken ${faults.broken}; ` +
    `steps told as one with the next since the reader was slow ${faults.merged}, since no look saw them ${unseen}\n`,
);
if (alone.missing + many.missing > 0) fail('events were lost');
if (faults.doubled > 0) fail('events were told twice');
if (faults.broken > 0) fail('streams broke');
const mostToAws = alone.aws * (1 + GROUPS) * 1.2; // each group has an account
if (many.cohesity > alone.cohesity * 1.2 || many.aws > mostToAws) fail('calls grow with the subscribers');
if (many.megabytes[1] > many.megabytes[0] * 1.5 + 50) fail('memory grows with time');
agent.destroy();
await Promise.all([cohesity.close(), aws.close()]);
rmSync(folder, { recursive: true });
