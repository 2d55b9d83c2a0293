import { expect, it, vi } from 'vitest';
import { startSandboxes } from '../../src/assembly/embedded.js';
import { closing } from '../support/closing.js';
import { startGateway } from '../support/gateway.js';
import { setTime } from '../support/notify.js';
import { describeWithPromtool, testRules } from '../support/promtool.js';
import { describeWithRedis, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { secret, startWebhook } from '../support/webhook.js';
import { cohesitySandboxCredentials } from '../../src/sandbox/cohesity/server.js';

setTime();

const HOUR_MS = 3_600_000;

/** The series of copies in a text of `/metrics`, each with its value for some minutes. */
const seriesIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/^(copygraph_copies_failed_recently\{.*\}) (\S+)$/gm)].map(([, name = '', value = '']) => [
      name,
      `${value}x5`,
    ]),
  );

describeWithRedis('a copy that fails in the sandbox, with no caller', () => {
  describeWithPromtool('the rules of it', () => {
    it(
      'shows in /metrics, fires its rule, and reaches a webhook once from two replicas',
      { timeout: 300_000 },
      async () => {
        const [redis, webhook, sandbox] = [await startRedis(), await startWebhook(), closing(await startSandboxes({}))];
        const upstreams = [
          {
            id: 'dc-east',
            kind: 'cohesity',
            url: sandbox.cohesity.url,
            auth: { apiKey: cohesitySandboxCredentials.apiKey },
          },
        ];
        const options = {
          upstreams,
          cache: {},
          redis: { url: redis.url },
          index: { hours: 24 },
          watch: { seconds: 0.05 },
          notify: [{ url: webhook.url, secret, on: ['COPY_FAILED'] as const }],
        };
        const replicas = [closing(await startGateway(options)), closing(await startGateway(options))];
        const scrape = async (url: string) => (await fetch(new URL('/metrics', url))).text();
        const afterLooks = async (): Promise<void> => {
          vi.setSystemTime(Date.now() + HOUR_MS);
          for (const { url } of replicas)
            await until(async () => {
              const ages = [...(await scrape(url)).matchAll(/^copygraph_index_age_seconds\{.*\} (\S+)$/gm)];
              expect(ages).toHaveLength(upstreams.length);
              for (const [, age] of ages) expect(Number(age)).toBeLessThan(30);
            }, 20);
        };
        await afterLooks();
        await until(async () => {
          await afterLooks();
          expect(webhook.told.length).toBeGreaterThan(0);
        });
        for (let n = 0; n < 3; n += 1) await afterLooks();
        const ids = webhook.told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const [first] = webhook.told.flatMap(({ body }) => body.data.events ?? [body]); // or a digest of some
        const { upstream, target, failureCategory: category } = first.data;
        const labels = { upstream, target_kind: target.kind, category };
        const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
        const text = await scrape(replicas[1]?.url ?? '');
        const [name, value] =
          Object.entries(seriesIn(text)).find(([one]) => wanted.every((part) => one.includes(part))) ?? [];
        const summary = `${value?.split('x')[0]} copies of ${upstream} to ${target.kind} failed within 24 hours (${category})`;
        const fires = [{ labels: { ...labels, severity: 'warning' }, summary }];
        expect(
          testRules({ [name ?? 'none']: value ?? '0' }, [{ alert: 'CopygraphCopyFailed', at: '2m', fires }]),
        ).toContain('SUCCESS');
      },
    );
  });
});
