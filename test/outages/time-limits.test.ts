import { describe, expect, it } from 'vitest';
import type { AnsweredError } from '../support/gateway.js';
import type { Vendor } from './faults.js';
import { goodJob, goodRun, leaks, runStart, single, startOutage, vendors } from './vendors.js';

const both = ['cohesity', 'aws-backup'] as const;
const reported =
  '{ copyOperations { nodes { id } totalCount upstreamReports { upstream { name } ok complete error { code retryAfterMs } } } }';

const reportOf = (data: { copyOperations: { upstreamReports: { upstream: { name: string } }[] } }, vendor: Vendor) =>
  data.copyOperations.upstreamReports.find(({ upstream }) => upstream.name === vendors[vendor].id);

/** Resolves when `settle` has been called so often. */
const times = (count: number) => {
  let left = count;
  let settle = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    settle = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
  return { done, settle };
};

describe.each(both)('an upstream of the kind %s that is silent', (vendor) => {
  it('is hung up on when the caller goes away, and not asked again', async () => {
    const arrived = times(1);
    const hungUp = times(1);
    const { gateway, broken } = await startOutage(vendor, (_request, { request }) => {
      request.socket.once('close', hungUp.settle);
      arrived.settle();
      return null;
    });
    const caller = new AbortController();
    const asking = fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: single[vendor] }),
      signal: caller.signal,
    });
    await arrived.done;
    caller.abort();
    await expect(asking).rejects.toThrow();
    await hungUp.done;
    const { data } = await gateway.execute('{ __typename }'); // a turn of the loop, in which a repeat would leave
    expect(data.__typename).toBe('Query');
    expect(broken.seen.length).toBe(1);
  });

  it('is hung up on when the operation has run out of time, which leaves the rest of the answer whole', async () => {
    const hungUp = times(1);
    const { gateway } = await startOutage(
      vendor,
      (_request, { request }) => {
        request.socket.once('close', hungUp.settle);
        return null;
      },
      { timeoutMs: 20_000, limits: { requestTimeoutMs: 1000 } },
    );
    const { data, errors } = await gateway.execute(reported);
    expect(errors).toEqual([]);
    expect(reportOf(data, vendor)).toMatchObject({ ok: false, complete: false, error: { code: 'UPSTREAM_TIMEOUT' } });
    expect(data.copyOperations.nodes).toEqual(vendors[vendor].others.map((id) => ({ id })));
    expect(data.copyOperations.totalCount).toBeNull();
    await hungUp.done;
  });

  it('keeps nobody waiting for a turn beyond the operation’s time', async () => {
    const { gateway, broken } = await startOutage(vendor, () => null, {
      timeoutMs: 20_000,
      maxConcurrent: 1,
      limits: { requestTimeoutMs: 600 },
    });
    const ids = Array.from({ length: 5 }, (_, index) =>
      vendor === 'cohesity' ? `CopyRun:dc-east:7:${runStart + index}:1:2:3` : `CopyJob:aws-prod:J${index}`,
    );
    const { data, errors } = await gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes).toEqual(ids.map(() => null));
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(ids.map(() => 'UPSTREAM_TIMEOUT'));
    expect(broken.seen.length).toBe(1);
  });
});

describe('an operation whose time is up', () => {
  const limits = { requestTimeoutMs: 600 };
  const ask = async (
    gateway: { execute(query: string): Promise<{ errors: readonly AnsweredError[] }> },
    code: string,
  ) => {
    const { errors } = await gateway.execute(single.cohesity);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code, code]);
  };

  it('does not wait for a turn that others hold', async () => {
    const arrived = times(1);
    const { gateway, broken } = await startOutage(
      'cohesity',
      () => {
        arrived.settle();
        return null;
      },
      { timeoutMs: 20_000, maxConcurrent: 1, limits },
    );
    const probing = fetch(new URL('/readyz', gateway.url)); // holds the only turn, and is no operation
    await arrived.done;
    await ask(gateway, 'UPSTREAM_TIMEOUT');
    expect(broken.requests()).toEqual(['GET /irisservices/api/v1/public/cluster']); // whose turn is not over
    await probing;
  });

  it('does not wait for the next attempt', async () => {
    const { gateway, broken } = await startOutage(
      'cohesity',
      () => ({ status: 503, headers: { 'retry-after': '5' }, body: '' }),
      { limits },
    );
    await ask(gateway, 'UPSTREAM_UNAVAILABLE');
    expect(broken.seen.length).toBe(1);
  });
});

describe('calls to an upstream', () => {
  it.each(both)('are at most maxConcurrent at once (%s)', async (vendor) => {
    const atOnce = 3;
    let waiting: (() => void)[] = [];
    let peak = 0;
    const { gateway, broken } = await startOutage(
      vendor,
      async (_request, _raw, usual) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          peak = Math.max(peak, waiting.length);
          if (waiting.length < atOnce) return;
          waiting.forEach((go) => go());
          waiting = [];
        });
        return usual();
      },
      { maxConcurrent: atOnce },
    );
    const ids = Array.from({ length: 4 * atOnce }, (_, index) =>
      vendor === 'cohesity' ? `ProtectionShell:dc-east:7:${runStart + index}` : `CopyJob:aws-prod:J${index}`,
    );
    await gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(broken.seen.length).toBe(ids.length);
    expect(peak).toBe(atOnce);
  });

  it.each(both)('are at most maxUpstreamCalls for one operation (%s)', async (vendor) => {
    const { gateway, broken } = await startOutage(vendor, (_request, _raw, usual) => usual(), {
      limits: { maxUpstreamCalls: 2 },
    });
    const ids = Array.from({ length: 4 }, (_, index) =>
      vendor === 'cohesity' ? `CopyRun:dc-east:7:${runStart + index}:1:2:3` : `CopyJob:aws-prod:J${index}`,
    );
    const { data, errors } = await gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes.length).toBe(4);
    expect(broken.seen.length).toBe(2);
    expect(errors).toMatchObject(
      Array.from({ length: 2 }, () => ({
        extensions: { code: 'UPSTREAM_BUDGET_EXCEEDED', upstream: vendors[vendor].id },
      })),
    );
    const again = await gateway.execute(single[vendor]); // another operation has a budget of its own
    expect(again.errors).toEqual([]);
  });

  it('are counted when an upstream’s pages never end, and the report says so', async () => {
    let page = 0;
    const { gateway, broken } = await startOutage(
      'aws-backup',
      () => ({ body: { CopyJobs: [{ ...goodJob, CopyJobId: `J${page}` }], NextToken: `page-${(page += 1)}` } }),
      { limits: { maxUpstreamCalls: 6 } },
    );
    const { data, errors } = await gateway.execute(reported);
    expect(errors).toEqual([]);
    expect(reportOf(data, 'aws-backup')).toMatchObject({
      ok: false,
      complete: false,
      error: { code: 'UPSTREAM_BUDGET_EXCEEDED', retryAfterMs: null },
    });
    expect(data.copyOperations.totalCount).toBeNull();
    expect(broken.seen.length).toBeLessThanOrEqual(6);
    expect(data.copyOperations.nodes).toContainEqual({ id: vendors['aws-backup'].others[0] });
  });

  it('count each attempt of a read', async () => {
    const { gateway, broken } = await startOutage('cohesity', () => ({ status: 503, body: '' }), {
      limits: { maxUpstreamCalls: 2 },
    });
    const { errors } = await gateway.execute(`{ copyRun(id: "${vendors.cohesity.own[0]}") { id } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BUDGET_EXCEEDED', upstream: 'dc-east' } }]);
    expect(broken.seen.length).toBe(2);
  });
});

it('tells the log why a call failed, which it does not tell the caller', async () => {
  const outage = await startOutage('cohesity', () => ({
    status: 500,
    body: { errorCode: 'KInternalError', message: 'magneto said password=hunter22 and failed on job 7' },
  }));
  const answer = await outage.gateway.execute(`{ copyRun(id: "${vendors.cohesity.own[0]}") { id } }`);
  expect(JSON.stringify(answer)).not.toMatch(/magneto|KInternalError/);
  expect(leaks(JSON.stringify(answer), outage)).toEqual([]);
  const lines = outage.gateway.logs.map((line): unknown => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 40,
      upstream: 'dc-east',
      reason: 'unavailable',
      errorCode: 'KInternalError',
      detail: expect.stringContaining('HTTP 500: magneto said'),
    }),
  );
  expect(outage.gateway.logs.join('')).not.toContain('hunter22');
});

it('leaves the same record readable through a list while one of many calls fails', async () => {
  const { gateway } = await startOutage('cohesity', ({ path }) =>
    path.endsWith('/protectionRuns')
      ? { body: [goodRun] }
      : { status: 503, headers: { 'retry-after': '60' }, body: '' },
  );
  const { data, errors } = await gateway.execute('{ copyRuns { nodes { id name protectionJob { name } } } }');
  expect(data.copyRuns.nodes).toEqual([{ id: vendors.cohesity.own[0], name: 'VM Gold', protectionJob: null }]);
  expect(errors).toMatchObject([
    {
      path: ['copyRuns', 'nodes', 0, 'protectionJob'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'dc-east', retryAfterMs: 60_000 },
    },
  ]);
});
