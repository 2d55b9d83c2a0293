import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake } from '../support/fake.js';
import type { Answer } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { type Case, common, special } from './behaviours.js';
import { secrets } from './faults.js';
import { type Outage, leaks, single, startOutage, vendors } from './vendors.js';

// There is no wait between attempts. `policy.test.ts` checks how long it is.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

interface Report {
  readonly upstream: { readonly name: string };
  readonly ok: boolean;
  readonly complete: boolean;
  readonly observedAt: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly retryAfterMs: number | null } | null;
}

const reports = 'upstreamReports { upstream { name } ok complete observedAt error { code message retryAfterMs } }';
const reported = `{ copyOperations { nodes { id } totalCount pageInfo { hasNextPage } ${reports} } }`;
const unreported = '{ list: copyOperations { nodes { id } totalCount } }';

const patient = { timeoutMs: 15_000, limits: { maxUpstreamBytes: 100_000 } };

/** The answers to a caller and the lines of the log, as one text. */
const everything = ({ gateway }: Outage, ...answers: readonly Answer<unknown>[]): string =>
  JSON.stringify(answers) + gateway.logs.join('');

const prove = async (
  vendor: keyof typeof vendors,
  outage: Outage,
  { code, attempts, ...outcome }: Omit<Case, 'name' | 'does'>,
) => {
  const retryAfterMs = outcome.retryAfterMs ?? null;
  const { gateway, broken } = outage;
  const { id, other, others } = vendors[vendor];

  const asked = await gateway.execute(reported);
  expect(broken.seen.length).toBe(attempts);
  expect(asked.errors).toEqual([]);
  expect(asked.data.copyOperations.nodes).toEqual(others.map((one) => ({ id: one })));
  expect(asked.data.copyOperations.totalCount).toBeNull();
  const told: readonly Report[] = asked.data.copyOperations.upstreamReports;
  expect(told.find(({ upstream }) => upstream.name === id)).toEqual({
    upstream: { name: id },
    ok: false,
    complete: false,
    observedAt: null,
    error: { code, message: expect.stringMatching(new RegExp(`^Upstream ${id} .+\\.$`)), retryAfterMs },
  });
  expect(told.find(({ upstream }) => upstream.name === other)).toMatchObject({ ok: true, complete: true, error: null });

  const silent = await gateway.execute(unreported);
  expect(silent.data.list.nodes).toEqual(others.map((one) => ({ id: one })));
  expect(silent.errors).toEqual([
    expect.objectContaining({
      path: ['list'],
      extensions: retryAfterMs === null ? { code, upstream: id } : { code, upstream: id, retryAfterMs },
    }),
  ]);

  const one = await gateway.execute(single[vendor]);
  expect(Object.values(one.data)).toEqual([null, null]);
  expect(one.errors.map(({ path, extensions }) => [path, extensions.code, extensions.upstream])).toEqual(
    Object.keys(one.data).map((field) => [[field], code, id]),
  );

  expect(leaks(JSON.stringify([asked, silent, one]), outage)).toEqual([]);
  expect(everything(outage, asked)).not.toContain(secrets.apiKey);
  expect(everything(outage, asked)).not.toContain(secrets.secretAccessKey);
};

for (const vendor of ['cohesity', 'aws-backup'] as const) {
  describe(`an upstream of the kind ${vendor}`, () => {
    it.each([...common, ...special[vendor]])('that $name costs its own records only', async ({ does, ...outcome }) => {
      await prove(vendor, await startOutage(vendor, does, patient), outcome);
    });

    it('that nobody listens for costs its own records only', async () => {
      const outage = await startOutage(vendor, () => null, patient);
      await outage.broken.close();
      await prove(vendor, outage, { code: 'UPSTREAM_UNAVAILABLE', attempts: 0 });
    });

    it('that redirects is not followed', async () => {
      const stranger = closing(await startFake(() => ({ body: [] })));
      const outage = await startOutage(
        vendor,
        ({ path }) => ({ status: 302, headers: { location: stranger.url + path }, body: '' }),
        patient,
      );
      await prove(vendor, outage, { code: 'UPSTREAM_BAD_RESPONSE', attempts: 1 });
      expect(stranger.seen).toEqual([]);
    });

    it('that asks for a second is asked again after it, and not before', async () => {
      const asked: number[] = [];
      const { gateway } = await startOutage(
        vendor,
        (_request, _raw, usual) =>
          asked.push(performance.now()) === 1 ? { status: 429, headers: { 'retry-after': '1' }, body: '' } : usual(),
        patient,
      );
      const { data, errors } = await gateway.execute(unreported);
      expect(errors).toEqual([]);
      expect(data.list.nodes.length).toBe(2);
      const [first = 0, second = 0] = asked;
      expect(second - first).toBeGreaterThanOrEqual(990); // timers may be a few milliseconds early
      expect(asked.length).toBe(2);
    });
  });
}
