/**
 * `npm run bench:large`: a cluster of 300 jobs with a log backup every 15 minutes, each with a local copy and two
 * others, that takes 100 ms for an answer, behind a gateway with the default config. It asks three queries: the ten
 * newest copies of the last hour, the running copies, and a sum over a day. It asks each one cold, when all has been
 * read, and six seconds later. For each it prints the number of calls that the caller waited for, by the gateway's line
 * of the operation, the number of all calls meanwhile, the time, and whether the answer was whole.
 *
 * It then prints the time until everything was read, and the gateway's peak memory. It prints how long the event loop
 * and the garbage collector held the gateway up, while it filled and after that. It prints how much the index holds;
 * this estate has three times as much. It also prints the calls and the time of each screen of `docs/screens.md`,
 * asked the second time.
 *
 * `INDEX_MEGABYTES` sets `index.maxMegabytes`; `--no-screens` leaves the screens out. The bench fails where the caller of
 * a warm answer waits for more than two calls, the cold list fails, reading takes more than five minutes, or memory
 * passes 700 MB. Compare figures of one run only with each other.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { wireCopyRun, wireRunOf } from '../support/wire.js';
import { peakMegabytes, startCommand } from './processes.js';
import { askScreens } from './screens.js';

const JOBS = 300;
const MINUTE = 60_000_000;
const EVERY = 15 * MINUTE;
const DURATION = 4 * MINUTE;
const ANSWER_MS = 100;
const { INDEX_MEGABYTES } = process.env;
const targets = [
  { type: 'kLocal' },
  { type: 'kRemote', replicationTarget: { clusterId: 9, clusterName: 'dr' } },
  { type: 'kArchival', archivalTarget: { vaultId: 3, vaultName: 'vault', vaultType: 'kCloud' } },
];

const now = (): number => Date.now() * 1000;

/** A job's run that began nearest before a time. */
const runAt = (jobId: number, startedAt: number): string => {
  const endedAt = startedAt + DURATION;
  const isOver = endedAt < now();
  const status = isOver ? 'kSuccess' : 'kRunning';
  const copyRun = targets.map((target, place) =>
    wireCopyRun(Math.floor(startedAt / MINUTE) * 1000 + jobId * 3 + place, {
      target,
      status,
      runStartTimeUsecs: startedAt,
      stats: { startTimeUsecs: startedAt, ...(isOver ? { endTimeUsecs: endedAt } : {}) },
    }),
  );
  const stats = { startTimeUsecs: startedAt, ...(isOver ? { endTimeUsecs: endedAt } : {}) };
  return JSON.stringify(
    wireRunOf(jobId, startedAt, { backupRun: { jobRunId: Math.floor(startedAt / MINUTE), status, stats }, copyRun }),
  );
};

/** Newest first, of one job or of all, as `startTimeUsecs`, `endTimeUsecs` and `numRuns` say. */
const runsFor = (query: URLSearchParams): string => {
  const [only, most] = [query.get('jobId'), Number(query.get('numRuns') ?? 100)];
  const [after, before] = [Number(query.get('startTimeUsecs') ?? 0), Number(query.get('endTimeUsecs') ?? Infinity)];
  const jobs = only === null ? Array.from({ length: JOBS }, (_, n) => n + 1) : [Number(only)];
  const found: string[] = [];
  for (let round = Math.floor(now() / EVERY); round * EVERY + EVERY > after && found.length < most; round -= 1) {
    for (const job of jobs.toReversed()) {
      const startedAt = round * EVERY + job * 1_000_000; // a second apart
      if (startedAt > now() || startedAt <= after || startedAt + DURATION >= before || found.length >= most) continue;
      found.push(runAt(job, startedAt));
    }
  }
  return `[${found.join()}]`;
};

const startCluster = async () => {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    const url = new URL(request.url ?? '/', 'http://cluster');
    const jobs = Array.from({ length: JOBS }, (_, n) => ({ id: n + 1, name: `Job ${n + 1}` }));
    const body = url.pathname.endsWith('/protectionRuns')
      ? runsFor(url.searchParams)
      : JSON.stringify(url.pathname.endsWith('/protectionJobs') ? jobs : { id: 1, name: 'large' });
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(body), ANSWER_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a port was asked for
  return { url: `http://127.0.0.1:${port}`, take: () => [calls, (calls = 0)][0] ?? 0, close: () => server.close() };
};

const hourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();
const reports = 'upstreamReports { complete error { code } }';
const queries: readonly (readonly [string, () => string])[] = [
  [
    'ten of the last hour',
    () => `{ answer: copyOperations(first: 10, filter: { startedAfter: "${hourAgo()}" }) { nodes { id } ${reports} } }`,
  ],
  [
    'what is running',
    () => `{ answer: copyRuns(first: 10, filter: { states: [RUNNING] }) { nodes { id } ${reports} } }`,
  ],
  [
    'a sum over a day',
    () => `{ answer: copySummary(groupBy: [STATE]) { total { count } groups { count } ${reports} } }`,
  ],
];

interface Row {
  readonly name: string;
  readonly awaited: number; // calls that the caller waited for
  readonly calls: number; // all of them, of readers in the background too
  readonly milliseconds: number;
  readonly complete: boolean;
  readonly failed: boolean;
}

const cluster = await startCluster();
const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const file = join(folder, 'bench.json'); // JSON is YAML
writeFileSync(
  file,
  JSON.stringify({
    upstreams: [{ id: 'large', kind: 'cohesity', url: cluster.url, auth: { apiKey: 'k' } }],
    ...(INDEX_MEGABYTES === undefined ? {} : { index: { maxMegabytes: Number(INDEX_MEGABYTES) } }),
  }),
);
const gateway = await startCommand(
  ['serve', '--config', file],
  /GraphiQL\s+\S+/,
  { PORT: '0', LOG_LEVEL: 'info' },
  'pipe',
);
const [, url = ''] = /GraphiQL\s+(\S+)/.exec(gateway.output) ?? [];

let log = '';
gateway.child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));

/** The calls of one operation, by its line in the log, which may come after its answer. */
const callsOf = async (requestId: string): Promise<number> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const line = log.split('\n').find((one) => one.includes(requestId) && one.endsWith('}'));
    if (line !== undefined) return (JSON.parse(line) as { readonly upstreamCalls: number }).upstreamCalls;
    await sleep(10);
  }
  throw new Error('the gateway wrote no line of an operation');
};

const ask = async ([name, queryOf]: (typeof queries)[number]): Promise<Row> => {
  cluster.take();
  const began = performance.now();
  const requestId = randomUUID();
  const headers = { 'content-type': 'application/json', 'x-request-id': requestId };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: queryOf() }) });
  const { data } = await response.json();
  const [report] = data?.answer?.upstreamReports ?? [];
  const milliseconds = Math.round(performance.now() - began);
  return {
    name,
    calls: cluster.take(),
    awaited: await callsOf(requestId),
    milliseconds,
    complete: report?.complete === true,
    failed: report?.error !== null,
  };
};

const askAll = async (when: string): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for (const query of queries) rows.push(await ask(query));
  for (const row of rows) {
    const outcome = row.failed ? 'failed' : row.complete ? 'whole' : 'not read yet';
    const figures = `${String(row.awaited).padStart(4)} of ${row.calls} calls ${String(row.milliseconds).padStart(7)} ms`;
    process.stdout.write(`${when.padEnd(12)}${row.name.padEnd(24)}${figures}  ${outcome}\n`);
  }
  return rows;
};

/** How the gateway was held up since it was asked last, and by garbage collection since it began. */
const strain = async (when: string): Promise<void> => {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const valuesOf = (name: string): readonly number[] =>
    [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
  const sum = (name: string): number => valuesOf(name).reduce((total, value) => total + value, 0);
  const ms = (name: string): string => `${Math.round(sum(name) * 1000)} ms`;
  const loop = ['p50', 'p99'].map((part) => `${part} ${ms(`nodejs_eventloop_lag_${part}_seconds`)}`);
  const pauses = `${sum('nodejs_gc_duration_seconds_count')} pauses, ${ms('nodejs_gc_duration_seconds_sum')} in all`;
  const index = `${Math.round(sum('copygraph_index_megabytes'))} MB of index back to ${Math.round(sum('copygraph_index_hours'))} h`;
  const heap = `${Math.round(sum('nodejs_heap_size_used_bytes') / 1024 ** 2)} MB of heap`;
  process.stdout.write(
    `${when.padEnd(12)}loop ${loop.join(', ')}, max ${ms('nodejs_eventloop_lag_max_seconds')}; gc ${pauses}; ${heap}, ${index}\n`,
  );
};

await strain('before');
const began = performance.now();
const cold = await askAll('cold');
const FIVE_MINUTES = 300_000;
let isWhole = false;
while (!isWhole && performance.now() - began < FIVE_MINUTES) {
  await sleep(2_000);
  isWhole = (await Promise.all(queries.map(ask))).every(({ complete }) => complete);
}
const seconds = Math.round((performance.now() - began) / 1000);
await strain('filling');
await askAll('read');
await sleep(6_000);
const warm = await askAll('6 s later');
await strain('after that');
if (!process.argv.includes('--no-screens')) await askScreens(url, cluster.take);
const peak = peakMegabytes(gateway.child);
process.stdout.write(`everything read after ${seconds} s; peak memory ${peak} MB\n`);
gateway.child.kill();
cluster.close();
rmSync(folder, { recursive: true });
const isGood =
  isWhole && peak <= 700 && !cold[0]?.failed && warm.every(({ awaited, failed }) => awaited <= 2 && !failed);
process.exit(isGood ? 0 : 1);
