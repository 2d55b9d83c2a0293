/**
 * `npm run bench:attacks`: how long the built gateway takes to refuse each attack of `test/attacks/list.ts`, against a
 * query that it answers at once. Prints the slowest, and fails where the median of one passes 100 ms. Figures of one run
 * are to be compared with each other, not with another machine's.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attacks, keys } from '../attacks/list.js';
import { type Sent, send } from '../support/http.js';
import { startCommand } from './processes.js';

const LIMIT_MS = 100;
const ROUNDS = 9;
const SHOWN = 10;

const healthy: Sent = {
  body: JSON.stringify({ query: '{ __typename }' }),
  headers: { authorization: 'Bearer reader' },
};

const apiKeys = Object.entries(keys).map(([name, scopes]) => ({
  name,
  sha256: createHash('sha256').update(name).digest('hex'),
  scopes,
  ...(name === 'reader' && { upstreams: ['aws-prod'] }),
}));
// Nobody listens there, and nobody is asked.
const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
const config = {
  server: { port: 0, graphiql: false, introspection: false },
  upstreams: [
    { id: 'dc-east', kind: 'cohesity', url: 'http://127.0.0.1:9', auth: { apiKey: 'none' } },
    { id: 'aws-prod', kind: 'aws-backup', region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials },
  ],
  auth: { apiKeys },
  limits: { requestsPerMinute: 1_000_000 },
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const file = join(folder, 'bench.json'); // JSON is YAML
writeFileSync(file, JSON.stringify(config));
const gateway = await startCommand(['serve', '--config', file], /http:\/\/\S+\/graphql/);
const url = /http:\/\/\S+\/graphql/.exec(gateway.output)?.[0] ?? '';

/** A body that is refused may be cut off before all of it was written. */
const unlessCutOff = (error: unknown): void => {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EPIPE' && code !== 'ECONNRESET') throw error;
};

const timed = async (sent: Sent): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await send({ url }, sent).catch(unlessCutOff);
    times.push(performance.now() - began);
  }
  return median(times);
};

await timed(healthy); // what is loaded and compiled by the first
const usual = await timed(healthy);
const rows: (readonly [string, number])[] = [];
for (const { name, sent, code } of attacks) if (code !== null) rows.push([name, await timed(sent)]);
const slowest = [...rows].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
process.stdout.write(`${rows.length} attacks, each ${ROUNDS} times; { __typename } takes ${usual.toFixed(1)} ms\n`);
for (const [name, ms] of slowest)
  process.stdout.write(`${ms.toFixed(1).padStart(8)} ms ${(ms / usual).toFixed(1).padStart(6)} x  ${name}\n`);

gateway.child.kill();
rmSync(folder, { recursive: true });
if (rows.some(([, ms]) => ms > LIMIT_MS)) {
  process.stderr.write(`an attack took more than ${LIMIT_MS} ms to be refused\n`);
  process.exitCode = 1;
}
