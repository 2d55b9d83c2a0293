/**
 * `npm run bench:peers`: the gateway beside a server written by hand, Yoga with a compiled executor, Mercurius and
 * Tailcall, over one made-up estate. All answer the same operations, and their answers are compared first. Goals are
 * set for Q1 to Q4; Q5 and Q6 are alike and show whether only those four are fast. `equal`
 * operations are sent over and over; `different` ones have 45 sets of variables in turn, and our answers are not kept.
 * Servers take turns in each round, and only ratios of one run mean anything. A server first answers all operations, for
 * 18 s in all: what is measured is compiled code, and the gateway's first poll is over. Needs `wrk` and `taskset`.
 *
 * `--quick`: one round of short windows. `--peers hand,tailcall`, `--operations Q1,Q2`, `--modes equal,different`,
 * `--rounds 3`, `--seconds 3`, `--warm 18`, `--connections 16`. `--dist FOLDER` measures another build of the gateway.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from './load.js';
import { OURS, inTurn, isEqual, operationsOf } from './operations.js';
import { type Running, startOurs, startUpstream } from './ours.js';
import { NODE, SERVER_CORE, cpuMsOf, freePort, othersMs, peakMegabytesOf, settle, startProgram } from './program.js';
import { type Row, report } from './report.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'string', default: 'hand,yoga-jit,mercurius,tailcall' },
    operations: { type: 'string', default: 'Q1,Q2,Q3,Q4,Q5,Q6' },
    modes: { type: 'string', default: 'equal,different' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warm: { type: 'string', default: '18' },
    connections: { type: 'string', default: '16' },
    dist: { type: 'string', default: fileURLToPath(new URL('../../../dist', import.meta.url)) },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
const seconds = Number(values.seconds ?? (values.quick ? 2 : 3));
const connections = Number(values.connections);
const newest = Math.floor(Date.now() / 1000) - 60;

if (!existsSync(join(here, 'node_modules'))) {
  const npm = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (spawnSync('npm', npm, { cwd: here, stdio: 'inherit' }).status !== 0) throw new Error('npm ci failed');
}

const folder = mkdtempSync(join(tmpdir(), 'copygraph-peers-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const upstreamPort = await freePort();
const UPSTREAM = `http://127.0.0.1:${upstreamPort}`;
const requestsUpstream = async (): Promise<number> => Number(await (await fetch(`${UPSTREAM}/__requests`)).text());

const start = async (server: string, mode: string): Promise<Running> => {
  if (server === OURS) return startOurs({ dist: values.dist, folder, upstream: UPSTREAM, mode });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), UPSTREAM, LOG_LEVEL: 'error' };
  const program = await startProgram(SERVER_CORE, [...NODE, `servers/${server}.js`], env, origin);
  return { program, url: server === 'hand' ? origin : `${origin}/graphql` };
};

const post = async (url: string, body: string): Promise<{ data: object; errors?: unknown }> => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body })).json();
};

const peers = values.peers.split(',').filter((name) => name !== '');
const names = values.operations.split(',');
const operations = new Map([...peers, OURS].map((server) => [server, operationsOf(server, newest)]));
const bodiesOf = (server: string, operation: string): readonly string[] => operations.get(server)?.get(operation) ?? [];

/** The answers of the server written by hand to some sets of each operation, by operation and set. */
const expected = new Map<string, object>();
const checked = [0, 1, 44];

const check = async (server: string, url: string): Promise<void> => {
  for (const operation of names) {
    for (const set of checked) {
      const { data, errors } = await post(url, bodiesOf(server, operation)[set] ?? '');
      const key = `${operation} ${set}`;
      if (errors !== undefined) throw new Error(`${server} ${operation}: ${JSON.stringify(errors).slice(0, 500)}`);
      const wanted = expected.get(key) ?? data; // the server written by hand is the first
      expected.set(key, wanted);
      if (!isEqual(data, wanted, server === OURS)) throw new Error(`${server} ${operation}: other data`);
    }
  }
};

const upstream = await startUpstream(upstreamPort, newest);

/** Runs one operation after the other, for the same time in all however few they are. */
const warm = async (mode: string, server: string, url: string, pid: number): Promise<void> => {
  const each = Math.ceil(Number(values.warm) / names.length);
  for (const operation of each === 0 ? [] : names)
    await load({ folder, url, bodies: inTurn(mode, bodiesOf(server, operation)), connections, seconds: each });
  await settle(pid);
};

const measure = async (mode: string, server: string, operation: string, url: string, pid: number): Promise<Row> => {
  const bodies = inTurn(mode, bodiesOf(server, operation));
  for (const body of bodies) await post(url, body); // whatever is kept of them is kept from here on
  await load({ folder, url, bodies, connections, seconds: 1 });
  await settle(pid);
  const before = {
    requests: await requestsUpstream(),
    cpuMs: cpuMsOf(pid),
    othersMs: othersMs(),
    at: performance.now(),
  };
  const { requests, micros, p50, p99 } = await load({ folder, url, bodies, connections, seconds });
  const others = (othersMs() - before.othersMs) / (performance.now() - before.at);
  return {
    ...{ mode, server, operation, p50, p99 },
    perSecond: requests / (micros / 1e6),
    cpuMs: (cpuMsOf(pid) - before.cpuMs) / requests,
    requests: ((await requestsUpstream()) - before.requests) / requests,
    megabytes: peakMegabytesOf(pid),
    others: Math.max(0, others),
  };
};

const rows: Row[] = [];
const starts: string[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const mode of values.modes.split(',')) {
    for (const server of round === 0 ? [...peers, OURS] : [OURS, ...peers.toReversed()]) {
      const { program, url } = await start(server, mode);
      starts.push(`${server} ${Math.round(program.startMs)} ms`);
      try {
        if (expected.size === 0 && server !== 'hand') throw new Error('the first of --peers must be hand');
        if (round === 0) await check(server, url);
        await warm(mode, server, url, program.pid);
        for (const operation of names) {
          const row = await measure(mode, server, operation, url, program.pid);
          rows.push(row);
          process.stderr.write(`${mode} ${server} ${operation} ${row.perSecond.toFixed(0)}/s\n`);
        }
      } finally {
        await program.stop();
      }
    }
  }
}
await upstream.stop();
process.stdout.write(`${report(rows, OURS)}Starts: ${starts.slice(0, peers.length + 1).join(', ')}.\n`);
