/**
 * `npm run bench:freeze`: the longest turn of the gateway's event loop under loads that once stopped it. Each load
 * runs beside a small load of the same kind. The loads are a stream that begins with 20,000 running copies, messages
 * made to be slow to search, a slow Redis in front of 100 describes, and records of a cluster that are far too large.
 * The turn is a share of a second, in CPU time of the gateway's main thread, so that a busy machine changes little.
 * Each gateway is a process of its own. The whole bench takes some 60 s.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startFake } from '../support/fake.js';
import { startCommand, startRedisServer } from './processes.js';

const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const probe = join(folder, 'probe.mjs');
const longest = join(folder, 'longest');

// The probe runs in the gateway. It notes the most CPU time between two readings of the clock: one turn.
writeFileSync(
  probe,
  `import { readFileSync, writeFileSync } from 'node:fs';
   import { isMainThread } from 'node:worker_threads';
   const used = () => Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]) / 1e6;
   let last = used(), most = 0, armed = false;
   if (isMainThread) process.on('SIGUSR2', () => { last = used(); armed = true; });
   if (isMainThread) setInterval(() => {
     const now = used();
     if (armed && now - last > most) writeFileSync(${JSON.stringify(longest)}, String(most = now - last));
     last = used();
   }, 1).unref();`,
);

const config = (cohesity: string, aws: string, redis?: string) => ({
  upstreams: [
    { id: 'cluster', kind: 'cohesity', url: cohesity, auth: { apiKey: 'key' }, timeoutMs: 30_000 },
    {
      id: 'aws',
      kind: 'aws-backup',
      region: 'us-east-1',
      endpoint: aws,
      credentials: { accessKeyId: 'AKIDFAKE', secretAccessKey: 'fake-secret' },
      callsPerSecond: { describe: 1000, list: 1000 },
    },
  ],
  limits: { requestsPerMinute: 1_000_000, maxCost: 1_000_000 },
  ...(redis === undefined ? {} : { redis: { url: redis } }),
});

/** A TCP connection to Redis whose answers come late by so much. */
const startDelay = (target: number, ms: number): Promise<{ readonly port: number; readonly server: Server }> =>
  new Promise((resolve) => {
    const server = createServer((near: Socket) => {
      const far = connect(target, '127.0.0.1');
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
      near.pipe(far);
      far.on('data', (bytes) => setTimeout(() => near.write(bytes), ms));
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
      resolve({ port: address.port, server });
    });
  });

const V1 = '/irisservices/api/v1/public';
const micros = (): number => Date.now() * 1000;

const runOf = (index: number, copies: readonly object[]): object => ({
  jobId: 1 + (index % 50),
  jobName: `job ${index % 50}`,
  backupRun: {
    jobRunId: index,
    runType: 'kRegular',
    status: 'kSuccess',
    stats: { startTimeUsecs: micros() - 3_600_000_000 + index },
  },
  copyRun: copies,
});

const copyOf = (id: number, more: object = {}): object => ({
  taskUid: { clusterId: 1, clusterIncarnationId: 2, id },
  status: 'kRunning',
  target: { type: 'kRemote', replicationTarget: { clusterId: 5, clusterName: 'lon' } },
  runStartTimeUsecs: micros() - 3_600_000_000,
  stats: { logicalSizeBytes: 1000, logicalBytesTransferred: 10 },
  ...more,
});

const running = (count: number): string =>
  JSON.stringify(
    Array.from({ length: count / 10 }, (_, run) =>
      runOf(
        run,
        Array.from({ length: 10 }, (_one, at) => copyOf(run * 10 + at)),
      ),
    ),
  );

const failing = (count: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, run) =>
      runOf(run, [copyOf(run, { status: 'kFailure', error: `Bearer ${"\\'".repeat(8000)}` })]),
    ),
  );

const oversize = (kind: 'small' | 'text' | 'members' | 'digits'): string => {
  const odd = {
    small: '{"jobId":1}',
    text: `{"jobName":"${'x'.repeat(30_000_000)}"}`,
    members: `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join()}}`,
    digits: `{"jobId":${'7'.repeat(10_000_000)}}`,
  }[kind];
  return `[${odd},${JSON.stringify(runOf(1, [copyOf(1)]))}]`;
};

interface Scene {
  readonly rule: string;
  readonly what: string;
  readonly runs: string;
  readonly redisMs?: number;
  readonly act: (url: string) => Promise<void>;
}

const post = (url: string, query: string, accept = 'application/json', signal?: AbortSignal): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
    signal: signal ?? null,
  });

/** Asks, and waits no longer than what froze is worth to be measured. */
const ask = (query: string) => async (url: string) => {
  const answer = post(url, query, 'application/json', AbortSignal.timeout(15_000));
  await answer.then((response) => response.text()).catch(() => undefined);
};

const watch = (streams: number, events: number, mostMs: number) => async (url: string) => {
  const end = new AbortController();
  const query = 'subscription { copyOperationChanged { change operation { id name state progress } } }';
  const read = async (): Promise<void> => {
    const { body } = await post(url, query, 'text/event-stream', end.signal);
    let seen = 0;
    const reader = body?.getReader();
    while (seen < events) {
      const { value } = (await reader?.read()) ?? {};
      if (value === undefined) return;
      seen += Buffer.from(value).toString().split('data: {').length - 1;
    }
  };
  const readers = Array.from({ length: streams }, () => read().catch(() => undefined));
  await Promise.race([Promise.all(readers), wait(mostMs)]);
  end.abort();
};

const list = '{ copyRuns(first: 5) { nodes { id error } upstreamReports { ok complete } } }';
const describes = `{ nodes(ids: [${Array.from({ length: 100 }, (_, index) => `"CopyJob:aws:J${index}"`).join()}]) { id } }`;

const scenes: readonly Scene[] = [
  { rule: '3', what: 'a stream of 20 running copies', runs: running(20), act: watch(1, 20, 8000) },
  { rule: '3', what: 'a stream of 20,000 running copies', runs: running(20_000), act: watch(1, 20_000, 12_000) },
  { rule: '3', what: '20 streams of 5,000 running copies', runs: running(5000), act: watch(20, 5000, 15_000) },
  { rule: '4', what: 'one message of 16 kB', runs: failing(1), act: ask(list) },
  { rule: '4', what: '120 messages of 16 kB', runs: failing(120), act: ask(list) },
  { rule: '5', what: '100 describes, Redis at once', runs: '[]', redisMs: 0, act: ask(describes) },
  { rule: '5', what: '100 describes, Redis after 100 ms', runs: '[]', redisMs: 100, act: ask(describes) },
  { rule: '5', what: '100 describes, Redis after 400 ms', runs: '[]', redisMs: 400, act: ask(describes) },
  { rule: '9', what: 'a record like others', runs: oversize('small'), act: ask(list) },
  { rule: '9', what: 'a record of 30 MB', runs: oversize('text'), act: ask(list) },
  { rule: '9', what: 'a record with a million keys', runs: oversize('members'), act: ask(list) },
  { rule: '9', what: 'an integer of ten million digits', runs: oversize('digits'), act: ask(list) },
];

let runs = '[]';
const cohesity = await startFake(({ path }) =>
  path === `${V1}/protectionRuns` ? { body: runs } : { body: path === `${V1}/cluster` ? {} : [] },
);
const aws = await startFake(({ path }) => {
  const id = /^\/copy-jobs\/(.+)$/.exec(path)?.[1];
  const job = { CopyJobId: id, State: 'COMPLETED', CreationDate: Date.now() / 1000 };
  return id === undefined ? { body: { CopyJobs: [] } } : { body: { CopyJob: job } };
});
const redis = startRedisServer();
process.setMaxListeners(0);

const measure = async ({ rule, what, act, redisMs, ...scene }: Scene): Promise<void> => {
  runs = scene.runs;
  const delay = redisMs === undefined ? null : await startDelay(redis.port, redisMs);
  const file = join(folder, 'bench.json'); // JSON is YAML
  writeFileSync(
    file,
    JSON.stringify(config(cohesity.url, aws.url, delay === null ? undefined : `redis://127.0.0.1:${delay.port}`)),
  );
  writeFileSync(longest, '0');
  const { child, output } = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, {
    PORT: '0',
    LOG_LEVEL: 'fatal',
    NODE_OPTIONS: `--import ${probe}`,
  });
  const [, url = ''] = /GraphiQL\s+(\S+)/.exec(output) ?? [];
  await ask('{ __typename }')(url); // what is compiled and connected at first is not meant
  child.kill('SIGUSR2');
  await wait(200);
  const began = performance.now();
  await act(url);
  const seconds = (performance.now() - began) / 1000;
  // A turn that is still under way counts when it ends.
  await fetch(new URL('/livez', url), { signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
  await wait(50);
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  delay?.server.close();
  const share = Number(readFileSync(longest, 'utf8')) / 1000;
  process.stdout.write(
    `rule ${rule}  ${what.padEnd(36)} longest turn ${share.toFixed(3)} of a second, ${seconds.toFixed(1)} s in all\n`,
  );
};

try {
  for (const scene of scenes) await measure(scene);
} finally {
  redis.close();
  await Promise.all([cohesity.close(), aws.close()]);
  rmSync(folder, { recursive: true });
}
