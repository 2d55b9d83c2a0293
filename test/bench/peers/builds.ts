/**
 * `npm run bench:builds -- BEFORE`: two builds of the gateway, this one and the one in the folder BEFORE, in turns of a
 * second. On a machine that does other work, only what was measured within the same seconds can be compared. Prints how
 * many times the CPU time of this build the other needs, by the median of the turns, and the least CPU time of each.
 * Needs `wrk` and `taskset`.
 *
 * `--operations Q1,Q3`, `--modes equal,different`, `--turns 9`, `--connections 16`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from './load.js';
import { OURS, inTurn, operationsOf } from './operations.js';
import { type Running, startOurs, startUpstream } from './ours.js';
import { cpuMsOf, freePort, settle } from './program.js';
import { median } from './report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    operations: { type: 'string', default: 'Q1,Q2,Q3,Q4,Q5,Q6' },
    modes: { type: 'string', default: 'equal,different' },
    turns: { type: 'string', default: '9' },
    connections: { type: 'string', default: '16' },
  },
});
const [before] = positionals;
if (before === undefined) throw new Error('name the folder of the other build: npm run bench:builds -- ../before/dist');

const WARM_SECONDS = 4;
const here = fileURLToPath(new URL('../../../dist', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'copygraph-builds-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const newest = Math.floor(Date.now() / 1000) - 60;
const upstreamPort = await freePort();
const upstream = await startUpstream(upstreamPort, newest);
const operations = operationsOf(OURS, newest);

/** The CPU time of one operation, in milliseconds. */
const turn = async ({ program, url }: Running, bodies: readonly string[], seconds: number): Promise<number> => {
  const earlier = cpuMsOf(program.pid);
  const { requests } = await load({ folder, url, bodies, connections: Number(values.connections), seconds });
  await settle(program.pid);
  return (cpuMsOf(program.pid) - earlier) / requests;
};

const compare = async (mode: string, operation: string, now: Running, other: Running): Promise<string> => {
  const bodies = inTurn(mode, operations.get(operation));
  for (const build of [now, other]) await turn(build, bodies, WARM_SECONDS);
  const pairs: (readonly [now: number, other: number])[] = [];
  for (let n = 0; n < Number(values.turns); n += 1) {
    // The builds change places, because the machine may be slower for the second of a pair.
    const first = n % 2 === 0 ? now : other;
    const one = await turn(first, bodies, 1);
    const two = await turn(first === now ? other : now, bodies, 1);
    pairs.push(first === now ? [one, two] : [two, one]);
  }
  const ratio = median(pairs.map(([mine, theirs]) => theirs / mine));
  const [mine, theirs] = [0, 1].map((place) => Math.min(...pairs.map((pair) => pair[place] ?? Number.NaN)));
  return `| ${mode} ${operation} | ${ratio.toFixed(2)} | ${mine?.toFixed(3)} ms | ${theirs?.toFixed(3)} ms |\n`;
};

process.stdout.write('| operation | CPU time before / now | least now | least before |\n| --- | --- | --- | --- |\n');
for (const mode of values.modes.split(',')) {
  const measured = { folder, upstream: `http://127.0.0.1:${upstreamPort}`, mode };
  const now = await startOurs({ dist: here, ...measured });
  const other = await startOurs({ dist: resolve(before), ...measured });
  try {
    for (const operation of values.operations.split(','))
      process.stdout.write(await compare(mode, operation, now, other));
  } finally {
    await now.program.stop();
    await other.program.stop();
  }
}
await upstream.stop();
