/**
 * `npm run bench:soak`: 64 users for two minutes over the standard sandbox, where 30 % of the upstream calls meet one of
 * the faults of `test/outages/faults.ts`. Each answer is checked against what the sandbox itself says. Prints requests,
 * failures, times, calls and memory; fails where the process dies, an answer is wrong, the p99 passes the operation's
 * deadline, something stays behind, or memory grows by more than `MOST_MEGABYTES_A_MINUTE` in the second half.
 * `--seconds N` and `--seed N` make it shorter, in which case the growth is only printed, or another one.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseMetrics } from '../support/metrics.js';
import { createRandom, startFaultProxy } from './fault-proxy.js';
import { peakMegabytes, playedAt, startCommand } from './processes.js';
import { readTruth } from './truth.js';
import { type Answer, createUsers, judgeAny, reportsIn } from './users.js';

const USERS = 64;
const FAULTY_PART = 0.3;
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_MS = 1_500;
const SAMPLE_MS = 2_000;
// A fresh process still grows: by 31 MB in its second minute and by 22 MB a minute after that, when it was measured for
// three. One context kept for each request would be ten times as much.
const MOST_MEGABYTES_A_MINUTE = 60;
const MOST_TURNED_AWAY = 0.05; // of all requests

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, seed: { type: 'string', default: '1' } },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isInteger(seed)) throw new Error('--seconds and --seed take numbers');

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const sandbox = await startCommand(['sandbox'], /AWS Backup\s+http\S+/);
const [cohesityUrl, awsUrl] = [playedAt(sandbox.output, 'Cohesity'), playedAt(sandbox.output, 'AWS Backup')];
const [, apiKey = ''] = /apiKey (\S+)/.exec(sandbox.output) ?? [];
const [, accessKeyId = '', secretAccessKey = ''] =
  /accessKeyId (\S+), secretAccessKey (\S+)/.exec(sandbox.output) ?? [];

const now = Date.now() * 1000;
// The names that the example queries use.
const truth = await readTruth(
  {
    cohesity: { id: 'sandbox-cohesity', url: cohesityUrl, apiKey },
    aws: { id: 'sandbox-aws', url: awsUrl, accessKeyId, secretAccessKey },
  },
  now - 5 * 86_400_000_000,
);
const faulty = { part: FAULTY_PART, random: createRandom(seed) };
const cohesity = await startFaultProxy('cohesity', cohesityUrl, faulty);
const aws = await startFaultProxy('aws-backup', awsUrl, faulty);

const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const file = join(folder, 'soak.json'); // JSON is YAML
const common = { timeoutMs: TIMEOUT_MS, maxConcurrent: 16 };
writeFileSync(
  file,
  JSON.stringify({
    limits: { requestTimeoutMs: REQUEST_TIMEOUT_MS, maxUpstreamBytes: 16_000_000, requestsPerMinute: 1_000_000 },
    // Short, so that upstreams are asked, and what is old is served now and then; small, so that it is full before half
    // the time is over: what grows after that is no cache.
    cache: { finishedSeconds: 5, runningSeconds: 1, listSeconds: 1, staleSeconds: 5, maxEntries: 5000 },
    upstreams: [
      { id: 'sandbox-cohesity', kind: 'cohesity', url: cohesity.url, auth: { apiKey }, ...common },
      {
        id: 'sandbox-aws',
        kind: 'aws-backup',
        region: 'us-east-1',
        endpoint: aws.url,
        credentials: { accessKeyId, secretAccessKey },
        callsPerSecond: { describe: 100, list: 100 },
        ...common,
      },
    ],
  }),
);
const gateway = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, { PORT: '0', LOG_LEVEL: 'error' });
const [, url = ''] = /GraphiQL\s+(\S+)/.exec(gateway.output) ?? [];
gateway.child.removeAllListeners('exit');
let died: string | null = null;
gateway.child.once('exit', (code, signal) => (died = `with ${code ?? signal}`));

const wrong = new Map<string, number>();
const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
const [codes, asked] = [new Map<string, number>(), new Map<string, number>()];
const times: number[] = [];
let slowest = { name: '', took: 0 };
let turnedAway = 0; // for want of processor time; a user comes again after the `retry-after`
const ownLoop = monitorEventLoopDelay();
ownLoop.enable();
const nextRequest = createUsers({ truth, now, random: createRandom(seed + 1) });
const started = performance.now();
const isOver = (): boolean => died !== null || performance.now() - started > seconds * 1000;

const user = async (): Promise<void> => {
  while (!isOver()) {
    const { name, body, judge } = nextRequest();
    const sent = performance.now();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.status === 503 && response.headers.has('retry-after')) {
        turnedAway += 1;
        await response.text();
        await sleep(Number(response.headers.get('retry-after')) * 1000);
        continue;
      }
      const answer = (await response.json()) as Answer;
      const took = performance.now() - sent;
      times.push(took);
      if (took > slowest.took) slowest = { name, took };
      count(asked, name);
      for (const { extensions } of answer.errors ?? []) count(codes, `${extensions?.code} in errors`);
      for (const { error, stale } of reportsIn(answer.data)) {
        if (error !== null) count(codes, `${error.code} in a report${stale === true ? ', stale' : ''}`);
      }
      const problems = response.status === 200 ? judgeAny(answer) : [`HTTP ${response.status}`];
      const all = problems.length > 0 ? problems : judge(answer);
      for (const problem of all) count(wrong, `${name}: ${problem}`);
    } catch (error) {
      if (died !== null) return;
      count(wrong, `${name}: ${String(error)}`);
    }
  }
};

const rssMegabytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8'))?.[1]) / 1024;

/** How memory goes, in minutes and megabytes. */
const samples: (readonly [minutes: number, megabytes: number])[] = [];
const watch = async (): Promise<void> => {
  while (!isOver()) {
    samples.push([(performance.now() - started) / 60_000, rssMegabytes()]);
    await sleep(SAMPLE_MS);
  }
};

/** Of the straight line that comes nearest to the samples. */
const slopeOf = (points: typeof samples): number => {
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
};

const metrics = async () => parseMetrics(await (await fetch(new URL('/metrics', url))).text());

/** When nobody asks any more, nothing may be under way; what is, in words. */
const leftBehind = async (): Promise<string | null> => {
  for (let tries = 0; ; tries += 1) {
    const read = await metrics();
    const running = ['sandbox-cohesity', 'sandbox-aws'].map(
      (upstream) =>
        (read('copygraph_upstream_calls_running', { upstream }) ?? 0) +
        (read('copygraph_upstream_calls_waiting', { upstream }) ?? 0),
    );
    const operations = read('copygraph_operations_running') ?? 0;
    if (operations === 0 && running.every((calls) => calls === 0)) return null;
    if (tries === 20) return `${operations} operations and ${running.join(' + ')} calls`;
    await sleep(TIMEOUT_MS / 10);
  }
};

try {
  await Promise.all([watch(), ...Array.from({ length: USERS }, user)]);
  const failures: string[] = died === null ? [] : [`the gateway ended ${died}`];
  const at = (part: number): number =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
  times.sort((a, b) => a - b);
  const list = (counts: ReadonlyMap<string, number> | Readonly<Record<string, number>>): string =>
    [...(counts instanceof Map ? counts : Object.entries(counts))]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `  ${String(times).padStart(7)}  ${name}`)
      .join('\n');

  say(`${USERS} users for ${seconds} s, faults on ${FAULTY_PART * 100} % of the upstream calls, seed ${seed}`);
  say(
    `requests: ${times.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, ${slowest.name} (deadline ${REQUEST_TIMEOUT_MS} ms)`,
  );
  say(list(asked));
  say(`turned away with 503: ${turnedAway}`);
  say(`failures that were told:\n${list(codes)}`);
  for (const [name, proxy] of Object.entries({ cohesity, aws })) {
    const faults = Object.values(proxy.played).reduce((sum, played) => sum + played, 0);
    say(`calls to ${name}: ${proxy.seen.length}, with a fault ${faults}\n${list(proxy.played)}`);
  }
  if (died === null) {
    const read = await metrics();
    const lag = (name: string): string =>
      `${Math.round((read(`nodejs_eventloop_lag_${name}_seconds`) ?? 0) * 1000)} ms`;
    say(`event loop late by: mean ${lag('mean')}, p99 ${lag('p99')}, most ${lag('max')}`);
    say(`this process late by: mean ${Math.round(ownLoop.mean / 1e6)} ms, most ${Math.round(ownLoop.max / 1e6)} ms`);
    const rest = await leftBehind();
    if (rest !== null) failures.push(`still under way when nobody asks: ${rest}`);
    say(`memory, MB every ${SAMPLE_MS / 1000} s: ${samples.map(([, megabytes]) => Math.round(megabytes)).join(' ')}`);
    const slope = slopeOf(samples.slice(Math.floor(samples.length / 2)));
    say(
      `memory: peak ${peakMegabytes(gateway.child)} MB, slope of the second half ${slope.toFixed(1)} MB a minute (at most ${MOST_MEGABYTES_A_MINUTE})`,
    );
    // A process that has just started grows. A run of less than two minutes proves nothing.
    if (seconds >= 120 && !(slope <= MOST_MEGABYTES_A_MINUTE)) failures.push('memory grows');
  }
  if (wrong.size > 0) failures.push(`wrong answers:\n${list(wrong)}`);
  if (turnedAway > MOST_TURNED_AWAY * times.length) failures.push('too many turned away');
  if (times.length === 0 || at(0.99) > REQUEST_TIMEOUT_MS) failures.push('the p99 is over the deadline');
  say(failures.length === 0 ? 'all answers right' : `FAILED: ${failures.join('\n')}`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  for (const { child } of [gateway, sandbox]) {
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
  }
  await Promise.all([cohesity.close(), aws.close()]);
  rmSync(folder, { recursive: true });
}
