/**
 * `npm run bench:list`: the merged list and the summary over a large estate (200 jobs × 100 runs × 4 copies and 50,000
 * copy jobs in 7 days) and over the standard one. Prints time, upstream calls and the gateway's peak memory, and fails
 * where that passes 400 MB or an answer is not whole. Figures of one run are to be compared with each other, not with
 * another machine's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMegabytes, playedAt, startCommand, startCounter } from './processes.js';

const LIMIT_MEGABYTES = 400;
const week = new Date(Date.now() - 7 * 86_400_000).toISOString();
const page = 'nodes { id state } upstreamReports { complete error { code } }';

const queries: readonly (readonly [string, string])[] = [
  ['first page of 100, 24 h', `{ answer: copyOperations(first: 100) { ${page} } }`],
  [
    'first page of 100, 7 days',
    `{ answer: copyOperations(first: 100, filter: { startedAfter: "${week}" }) { ${page} } }`,
  ],
  [
    'copySummary, 7 days',
    `{ answer: copySummary(filter: { startedAfter: "${week}" }, groupBy: [STATE, UPSTREAM, DAY]) {
       total { count } groups { count } upstreamReports { complete error { code } } } }`,
  ],
];

interface Row {
  readonly milliseconds: number;
  readonly calls: string;
  readonly peak: number;
  readonly result: string;
}

const measure = async (scale: number): Promise<readonly Row[]> => {
  const sandbox = await startCommand(['sandbox', '--scale', String(scale)], /AWS Backup\s+http\S+/);
  const [cohesityUrl, awsUrl] = [playedAt(sandbox.output, 'Cohesity'), playedAt(sandbox.output, 'AWS Backup')];
  const cohesity = await startCounter(cohesityUrl ?? '');
  const aws = await startCounter(awsUrl ?? '');
  const [, apiKey] = /apiKey (\S+)/.exec(sandbox.output) ?? [];
  const [, accessKeyId, secretAccessKey] = /accessKeyId (\S+), secretAccessKey (\S+)/.exec(sandbox.output) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
  const file = join(folder, 'bench.json'); // JSON is YAML
  // A window that passes maxUpstreamBytes is read job by job, so the budget has to allow for each job.
  const config = {
    limits: { maxUpstreamCalls: 1000, requestTimeoutMs: 120_000, requestsPerMinute: 1_000_000 },
    upstreams: [
      { id: 'cluster', kind: 'cohesity', url: cohesity.url, auth: { apiKey } },
      {
        id: 'aws',
        kind: 'aws-backup',
        region: 'us-east-1',
        endpoint: aws.url,
        credentials: { accessKeyId, secretAccessKey },
      },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  const gateway = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, {
    PORT: '0',
    LOG_LEVEL: 'error',
  });
  const [, url = ''] = /GraphiQL\s+(\S+)/.exec(gateway.output) ?? [];
  const rows: Row[] = [];
  for (const [, query] of queries) {
    cohesity.take();
    aws.take();
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = await response.json();
    const { nodes, total, upstreamReports } = data?.answer ?? {};
    const whole = upstreamReports?.every(({ complete }: { readonly complete: boolean }) => complete) === true;
    rows.push({
      milliseconds: Math.round(performance.now() - started),
      calls: `${cohesity.take()} + ${aws.take()}`,
      peak: peakMegabytes(gateway.child),
      result: errors ? JSON.stringify(errors) : `${total?.count ?? nodes?.length} copies${whole ? '' : ', INCOMPLETE'}`,
    });
  }
  for (const { child } of [gateway, sandbox]) {
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
  }
  cohesity.close();
  aws.close();
  rmSync(folder, { recursive: true });
  return rows;
};

const small = await measure(1);
const large = await measure(5);
const lines = queries.flatMap(([name], index) =>
  [small[index], large[index]].map((row, which) =>
    [
      name.padEnd(26),
      which === 0 ? 'standard' : 'large   ',
      `${row?.milliseconds} ms`.padStart(9),
      `${row?.calls} calls`.padStart(16),
      `${row?.peak} MB peak`.padStart(12),
      `  ${row?.result}`,
    ].join('  '),
  ),
);
process.stdout.write(`${lines.join('\n')}\n`);
const [before, after] = [small.at(-1)?.peak ?? 0, large.at(-1)?.peak ?? 0];
process.stdout.write(`peak memory, large to standard estate: ${(after / before).toFixed(2)}\n`);
if ([...small, ...large].some(({ result }) => !/^\d+ copies$/.test(result))) process.exitCode = 1;
if (after > LIMIT_MEGABYTES) {
  process.stderr.write(`peak memory ${after} MB is over ${LIMIT_MEGABYTES} MB\n`);
  process.exitCode = 1;
}
