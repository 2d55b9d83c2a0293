import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { products, register } from '../src/upstream/products.js';
import { example } from './support/example-product/product.js';
import { closing } from './support/closing.js';
import { startFake } from './support/fake.js';
import { type Answer, type ProductDouble, productDoubles } from './support/product-doubles.js';
import { until } from './support/until.js';

register(example); // before the gateway is loaded, which asks for the products then
await import('./support/example-product/noun.js');
const { startGateway } = await import('./support/gateway.js');

const MINUTE = 60_000;
const now = Date.now();
const starts = [1, 2, 3, 4, 5].map((minutes) => now - minutes * MINUTE);
const iso = (at: number): string => new Date(at).toISOString();

const doubleOf = (configKind: string): ProductDouble => {
  const double = productDoubles[configKind];
  if (double === undefined) throw new Error(`test/support/product-doubles.ts has no ${configKind}`);
  return double;
};

/** A gateway over one upstream of the product, and one of another beside it that is well. */
const open = async (configKind: string, answer?: Answer) => {
  const double = doubleOf(configKind);
  const other = products.find((product) => product.configKind !== configKind)?.configKind ?? '';
  const fake = closing(await startFake(answer ?? double.answer(starts)));
  const sound = closing(await startFake(doubleOf(other).answer([now - MINUTE])));
  const upstreams = [double.config('one', fake.url), doubleOf(other).config('other', sound.url)];
  return { double, fake, gateway: closing(await startGateway({ upstreams })) };
};

const list = (page: string) => `query ($filter: CopyOperationFilter, $after: String) {
  copyOperations(${page}, after: $after, filter: $filter) {
    nodes { id __typename startedAt upstream { name } }
    pageInfo { hasNextPage endCursor }
    upstreamReports { upstream { name } ok complete error { code message } }
  }
}`;

/** The parts of a page that the test needs to go on to the next page. */
const page = z.object({
  copyOperations: z.object({
    nodes: z.array(z.object({ id: z.string() })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
});

const mine = { upstreams: ['one'], targetKinds: null };

describe.each(products.map(({ configKind, copyTypes }) => ({ configKind, copyTypes })))(
  'a product of the kind $configKind',
  ({ configKind, copyTypes }) => {
    const { typename = '' } = copyTypes.find(({ standard }) => standard) ?? {};

    it('lists the copies that began in the window, and no other', async () => {
      const { gateway } = await open(configKind);
      const filter = { ...mine, startedAfter: iso(starts[3] ?? 0), startedBefore: iso(starts[0] ?? 0) };
      const { data, errors } = await gateway.execute(list('first: 100'), { filter });
      expect(errors).toEqual([]);
      expect(data.copyOperations.nodes.map((node: { startedAt: string }) => Date.parse(node.startedAt))).toEqual(
        [starts[1], starts[2], starts[3]].map((at) => Math.floor(at ?? 0)),
      );
      expect(data.copyOperations.upstreamReports).toMatchObject([{ ok: true, complete: true, error: null }]);
    });

    it('gives each copy an id of its own, of its type and upstream', async () => {
      const { gateway } = await open(configKind);
      const { data } = await gateway.execute(list('first: 100'), { filter: mine });
      const ids: string[] = data.copyOperations.nodes.map((node: { id: string }) => node.id);
      expect(new Set(ids).size).toBe(starts.length);
      for (const id of ids) expect(id).toMatch(new RegExp(`^${typename}:one:`));
    });

    it('ends its pages, with each copy on one of them', async () => {
      const { gateway } = await open(configKind);
      const seen: string[] = [];
      let after: string | null = null;
      for (let turn = 0; turn < starts.length; turn += 1) {
        const answer: Awaited<ReturnType<typeof gateway.execute>> = await gateway.execute(list('first: 2'), {
          filter: mine,
          after,
        });
        expect(answer.errors).toEqual([]);
        const { nodes, pageInfo } = page.parse(answer.data).copyOperations;
        seen.push(...nodes.map(({ id }) => id));
        after = pageInfo.endCursor;
        if (pageInfo.hasNextPage === false) break;
      }
      expect(seen).toHaveLength(starts.length);
      expect(new Set(seen).size).toBe(starts.length);
    });

    it('ends its call when the caller goes away', async () => {
      const ended = { begun: 0, closed: 0 };
      const hang: Answer = (_seen, { response }) => {
        ended.begun += 1;
        response.on('close', () => (ended.closed += 1));
        return null;
      };
      const { gateway } = await open(configKind, hang);
      const caller = new AbortController();
      const asking = fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: list('first: 1'), variables: { filter: mine } }),
        signal: caller.signal,
      });
      await until(() => expect(ended.begun).toBeGreaterThan(0));
      caller.abort();
      await expect(asking).rejects.toThrow();
      await until(() => expect(ended.closed).toBe(ended.begun));
    });

    it('says that it was refused, asks no more than once, and leaves the others’ copies whole', async () => {
      const { gateway, fake } = await open(configKind, () => doubleOf(configKind).refusal('not you'));
      const { data } = await gateway.execute(list('first: 100'), {});
      const reports = data.copyOperations.upstreamReports;
      expect(reports.find((report: { upstream: { name: string } }) => report.upstream.name === 'one')).toMatchObject({
        ok: false,
        complete: false,
        error: { code: 'UPSTREAM_AUTH' },
      });
      const names = data.copyOperations.nodes.map((node: { upstream: { name: string } }) => node.upstream.name);
      expect(names).toEqual(['other']);
      expect(fake.seen.length).toBeLessThanOrEqual(2);
    });

    it('keeps its secret out of answers and of the log, whatever the vendor says', async () => {
      const { double, gateway, fake } = await open(configKind, () =>
        doubleOf(configKind).refusal(`no: ${doubleOf(configKind).secret}`),
      );
      const answer = await gateway.execute(list('first: 1'), { filter: mine });
      expect(fake.seen.length).toBeGreaterThan(0);
      expect(JSON.stringify(answer)).not.toContain(double.secret);
      expect(gateway.logs.join('')).not.toContain(double.secret);
    });
  },
);
