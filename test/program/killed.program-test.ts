import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { start } from '../support/cli.js';
import { startGateway } from '../support/gateway.js';
import { type Watching, changes, gistOf, looks, startLive, swift, watch } from '../support/live.js';
import {
  type Live,
  callsOf,
  gists,
  leaseKey,
  onePolls,
  play,
  steps,
  unanswered,
  upstreamsFor,
} from '../support/live-replicas.js';
import { closing } from '../support/products.js';
import { type RunningRedis, describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';

/** How long a lease is: who has died is replaced when it is over. */
const LEASE_MS = 6_000;

/** The gateway of the command line, in a process of its own. It polls once a second, which is the least. */
const startProcess = async (live: Live, redis: RunningRedis) => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-live-'));
  closing({ close: async () => rmSync(folder, { recursive: true, force: true }) });
  const file = join(folder, 'config.yaml');
  const config = {
    server: { port: 0 },
    upstreams: upstreamsFor(live, 'south'),
    live: { minSeconds: 1, maxSeconds: 1 },
    redis: { url: redis.url },
  };
  writeFileSync(file, stringify(config));
  const cli = start(['serve', '--config', file]);
  const [url] = await cli.saying(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
  return { url: `${url}/graphql`, kill: () => cli.child.kill('SIGKILL') };
};

describeWithRedis('a gateway whose process is killed while it polls', () => {
  it.each<[string, heard: number, happened: number, told: readonly string[]]>([
    ['at the moment of changes', 3, 5, ['PROGRESSED RUNNING>RUNNING 0.5', 'FINISHED RUNNING>FAILED -']],
    ['at the moment of several of one copy', 1, 5, ['CHANGED QUEUED>RUNNING 0.5', 'FINISHED >FAILED -']],
  ])(
    'is replaced when its lease is over, and no change is lost or doubled: %s',
    // A machine that is busy for the six seconds of a lease gives the turn away before the play begins.
    { retry: 3 },
    async (_what, heard, happened, untold) => {
      const redis = await startRedis();
      const shared = { cache: {}, redis: { url: redis.url } };
      const live = await startLive(shared);
      const south = await startProcess(live, redis);
      const first = watch(south, changes());
      await until(() => expect(callsOf(live, 'south').every((count) => count > 1)).toBe(true));
      const gateway = await startGateway({ upstreams: upstreamsFor(live, 'west'), live: swift, ...shared });
      closing({ close: () => gateway.close(0) });
      const others = ['east', 'west'];
      const [east, west] = await unanswered(live, async () => {
        const watchings = [watch(live, changes()), watch(gateway, changes())] as const;
        await until(() => others.forEach((name) => expect(Math.min(...callsOf(live, name))).toBeGreaterThan(0)));
        return watchings;
      });
      await looks(live.cohesity);
      await looks(live.aws);
      const before = others.map((name) => callsOf(live, name));

      await play(live, 0, heard, first, east, west);
      expect(await redis.client.pttl(leaseKey)).toBeLessThanOrEqual(LEASE_MS);
      for (const [change] of steps.slice(heard, happened)) change(live);
      south.kill();
      expect(others.map((name) => callsOf(live, name))).toEqual(before); // the one in the other process polled
      const all = [...gists.slice(0, heard), ...untold];
      const toldAll = (one: Watching) => expect(one.events.map(gistOf).sort()).toEqual([...all].sort());
      await until(() => [east, west].forEach(toldAll));
      const more = (name: string, nth: number) => callsOf(live, name).map((n, i) => n - (before[nth]?.[i] ?? 0));
      const taken = () => [0, 1].map((feed) => Math.max(...others.map((name, nth) => more(name, nth)[feed] ?? 0)));
      await until(() => expect(Math.min(...taken())).toBeGreaterThan(1));

      await onePolls(live);
      for (const [change, gist] of steps.slice(happened)) {
        change(live);
        all.push(gist);
        await until(() => [east, west].forEach(toldAll));
      }
      await looks(live.cohesity, 5);
      await looks(live.aws, 5);
      [east, west].forEach(toldAll);
      expect([...east.errors, ...west.errors]).toEqual([]);
    },
  );
});
