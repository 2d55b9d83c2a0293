/**
 * `npm run bench:cache`: a dashboard that 10 users refresh 1,000 times, over the standard sandbox, with the cache on
 * (its defaults) and off (all of it 0). Prints the upstream calls per 1,000 refreshes and the time taken, and fails
 * where an answer is not whole. Bounded in time: where 1,000 take too long, as many as could be played are scaled up,
 * and the line says so. Equal reads at once are one call in either case; one user alone shows what that saves.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playedAt, startCommand, startCounter } from './processes.js';

const REFRESHES = 1000;
const USERS = 10;

const off = { finishedSeconds: 0, runningSeconds: 0, listSeconds: 0, staleSeconds: 0, maxEntries: 0 };

const dashboard = `{
  copyOperations(first: 50) {
    totalCount
    nodes { id name state startedAt endedAt progress upstream { name } }
    upstreamReports { ok stale complete error { code } }
  }
  copySummary(groupBy: [STATE, UPSTREAM]) {
    total { count sizeBytes }
    groups { state count }
    upstreamReports { ok stale complete error { code } }
  }
  upstreams { name version health { status } }
}`;

interface Report {
  readonly ok: boolean;
  readonly stale: boolean;
  readonly complete: boolean;
}

const isWhole = (reports: readonly Report[] | undefined): boolean =>
  reports?.length === 2 && reports.every(({ ok, stale, complete }) => ok && complete && !stale);

/** Asks once; throws where the answer is not whole. */
const refresh = async (url: string): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: dashboard }),
  });
  const { data, errors } = await response.json();
  const { copyOperations: list, copySummary: summary, upstreams } = data ?? {};
  const whole =
    errors === undefined &&
    isWhole(list?.upstreamReports) &&
    isWhole(summary?.upstreamReports) &&
    list.nodes.length === 50 &&
    list.totalCount >= 50 &&
    summary.total.count > 0 &&
    upstreams.length === 2;
  if (!whole) throw new Error(`an answer that is not whole: ${JSON.stringify(errors ?? data).slice(0, 500)}`);
};

interface Row {
  readonly users: number;
  readonly refreshes: number;
  readonly seconds: number;
  readonly cohesity: number;
  readonly aws: number;
}

interface Upstreams {
  readonly upstreams: readonly object[];
  readonly cohesity: Awaited<ReturnType<typeof startCounter>>;
  readonly aws: Awaited<ReturnType<typeof startCounter>>;
}

/** Plays the refreshes as far as the time goes; a fresh gateway, so that nothing is known at the beginning. */
const measure = async (
  { upstreams, cohesity, aws }: Upstreams,
  { cache, users, mostMs }: { readonly cache: object; readonly users: number; readonly mostMs: number },
): Promise<Row> => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
  const file = join(folder, 'bench.json'); // JSON is YAML
  writeFileSync(file, JSON.stringify({ cache, upstreams, limits: { requestsPerMinute: 1_000_000 } }));
  const gateway = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, { PORT: '0', LOG_LEVEL: 'error' });
  const [, url = ''] = /GraphiQL\s+(\S+)/.exec(gateway.output) ?? [];
  cohesity.take();
  aws.take();
  let [begun, done] = [0, 0];
  const started = performance.now();
  const user = async (): Promise<void> => {
    while (begun < REFRESHES && performance.now() - started < mostMs) {
      begun += 1;
      await refresh(url);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  const seconds = (performance.now() - started) / 1000;
  gateway.child.removeAllListeners('exit');
  gateway.child.kill('SIGTERM');
  rmSync(folder, { recursive: true });
  return { users, refreshes: done, seconds, cohesity: cohesity.take(), aws: aws.take() };
};

const sandbox = await startCommand(['sandbox'], /AWS Backup\s+http\S+/);
const [cohesityUrl, awsUrl] = [playedAt(sandbox.output, 'Cohesity'), playedAt(sandbox.output, 'AWS Backup')];
const [, apiKey] = /apiKey (\S+)/.exec(sandbox.output) ?? [];
const [, accessKeyId, secretAccessKey] = /accessKeyId (\S+), secretAccessKey (\S+)/.exec(sandbox.output) ?? [];
const [cohesity, aws] = [await startCounter(cohesityUrl), await startCounter(awsUrl)];
const upstreams = [
  { id: 'cluster', kind: 'cohesity', url: cohesity.url, auth: { apiKey } },
  {
    id: 'aws',
    kind: 'aws-backup',
    region: 'us-east-1',
    endpoint: aws.url,
    credentials: { accessKeyId, secretAccessKey },
  },
];

const say = (name: string, { users, refreshes, seconds, cohesity: calls, aws: others }: Row): void => {
  const per = (count: number): string => ((count * REFRESHES) / refreshes).toFixed(count === 0 ? 0 : 1).padStart(9);
  const note = refreshes < REFRESHES ? `  (scaled up from ${refreshes})` : '';
  process.stdout.write(
    `${name.padEnd(20)}${per(calls)} calls to Cohesity ${per(others)} to AWS, per 1,000 refreshes  ` +
      `${seconds.toFixed(1).padStart(6)} s for ${refreshes}, ${((seconds * 1000 * users) / refreshes).toFixed(0)} ms each${note}\n`,
  );
};

try {
  process.stdout.write(
    `a dashboard of ${USERS} users, refreshed ${REFRESHES} times: first page with totalCount, summary, upstreams\n`,
  );
  const all = { upstreams, cohesity, aws };
  say('cache off, one user', await measure(all, { cache: off, users: 1, mostMs: 5_000 }));
  say('cache off', await measure(all, { cache: off, users: USERS, mostMs: 18_000 }));
  say('cache on', await measure(all, { cache: {}, users: USERS, mostMs: 22_000 }));
} finally {
  sandbox.child.removeAllListeners('exit');
  sandbox.child.kill('SIGTERM');
  cohesity.close();
  aws.close();
}
