/**
 * `npm run bench:told`: how soon two replicas without a caller report that a copy of the sandbox failed. Prints, for
 * six copies that fail after both have begun to watch, the seconds from the copy's end until the counter in `/metrics`
 * shows it and until its webhook arrives. `watch.seconds` is 5, so 10 s is the promise. Fails if one takes longer, if
 * a notice comes twice, or if nine minutes bring fewer copies. Needs `redis-server`. A busy machine adds to the
 * figures.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { cohesitySandboxCredentials } from '../../src/sandbox/cohesity/server.js';
import { playedAt, startCommand, startRedisServer } from './processes.js';

const WATCH_SECONDS = 5;
const PROMISE_SECONDS = WATCH_SECONDS + 5;
const WANTED = 6;
const LONGEST_MS = 540_000;
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

interface Notice {
  readonly id: string;
  readonly arrivedAt: number;
  readonly endedAt: number;
}

const startReceiver = async () => {
  const notices: Notice[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const headers = request.headers as Readonly<Record<string, string>>; // those read are sent once
      new Webhook(secret).verify(text, headers); // throws
      const message = JSON.parse(text);
      for (const { data } of message.data.events ?? [message])
        notices.push({ id: data.id, arrivedAt: Date.now(), endedAt: Date.parse(data.endedAt) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a port was asked for
  return { notices, url: `http://127.0.0.1:${port}/hook`, close: () => server.close() };
};

/** Whether a replica has read all copies once. */
const isWatching = async (url: string): Promise<boolean> =>
  /^copygraph_copies_failed_recently\{/m.test(await (await fetch(new URL('/metrics', url))).text());

/** How many copies a replica has counted as failed; of several replicas one counts each. */
const counted = async (url: string): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const values = [...text.matchAll(/^copygraph_copies_finished_total\{.*state="(?:FAILED|PARTIAL)".*\} (\S+)$/gm)];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
};

const redis = startRedisServer();
const receiver = await startReceiver();
const sandbox = await startCommand(
  ['sandbox', '--scale', '10', '--cohesity-port', '0', '--replica-port', '0', '--aws-port', '0'],
  /AWS Backup\s+http/,
);
const folder = mkdtempSync(join(tmpdir(), 'copygraph-'));
const file = join(folder, 'bench.json'); // JSON is YAML
writeFileSync(
  file,
  JSON.stringify({
    upstreams: [
      {
        id: 'dc-east',
        kind: 'cohesity',
        url: playedAt(sandbox.output, 'Cohesity'),
        auth: { apiKey: cohesitySandboxCredentials.apiKey },
      },
    ],
    redis: { url: `redis://127.0.0.1:${redis.port}` },
    watch: { seconds: WATCH_SECONDS },
    notify: [{ name: 'ops', url: receiver.url, secret, on: ['COPY_FAILED'] }],
  }),
);
const start = async (): Promise<string> => {
  const { output } = await startCommand(['serve', '--config', file], /GraphiQL\s+\S+/, {
    PORT: '0',
    LOG_LEVEL: 'error',
  });
  return /GraphiQL\s+(\S+)/.exec(output)?.[1] ?? '';
};
const replicas = [await start(), await start()];

while (!(await Promise.all(replicas.map(isWatching))).every(Boolean)) await sleep(500);
const watchedFrom = Date.now();
const fresh = (): readonly Notice[] => receiver.notices.filter(({ endedAt }) => endedAt >= watchedFrom);

const shownAt: number[] = []; // when the count of both grew
let last = 0;
while (fresh().length < WANTED && Date.now() - watchedFrom < LONGEST_MS) {
  await sleep(100);
  const now = (await Promise.all(replicas.map(counted))).reduce((sum, count) => sum + count, 0);
  if (now > last) shownAt.push(Date.now());
  last = now;
}
await sleep(PROMISE_SECONDS * 1000); // what comes twice
const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
const rows = fresh()
  .slice(0, WANTED)
  .map(({ arrivedAt, endedAt }) => ({
    webhook: arrivedAt - endedAt,
    shown: (shownAt.find((time) => time >= endedAt) ?? Number.POSITIVE_INFINITY) - endedAt,
  }));
for (const { webhook, shown } of rows)
  process.stdout.write(`webhook ${inSeconds(webhook)} s, /metrics ${inSeconds(shown)} s\n`);
const ids = receiver.notices.map(({ id }) => id);
const twice = ids.length - new Set(ids).size;
const most = Math.max(...rows.flatMap(({ webhook, shown }) => [webhook, shown]));
process.stdout.write(
  `${rows.length} copies failed; the longest ${inSeconds(most)} s, promised ${PROMISE_SECONDS} s; ${twice} came twice\n`,
);
redis.close();
receiver.close();
rmSync(folder, { recursive: true });
process.exit(rows.length === WANTED && most <= PROMISE_SECONDS * 1000 && twice === 0 ? 0 : 1);
