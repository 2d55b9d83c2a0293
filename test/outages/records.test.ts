import { describe, expect, it } from 'vitest';
import { type Vendor, secrets } from './faults.js';
import { goodJob, goodRun, jobId, leaks, runId, startOutage, vendors } from './vendors.js';

const list = (vendor: Vendor): string =>
  `{ ${vendors[vendor].list} { nodes { id } totalCount upstreamReports { ok complete error { code message } } } }`;

const read = async (vendor: Vendor, body: unknown) => {
  const outage = await startOutage(vendor, () => ({ body }));
  const { data, errors } = await outage.gateway.execute(list(vendor));
  expect(errors).toEqual([]);
  expect(leaks(JSON.stringify(data), outage)).toEqual([]);
  const { nodes, totalCount, upstreamReports } = data[vendors[vendor].list];
  return { ids: nodes.map(({ id }: { id: string }) => id), totalCount, report: upstreamReports[0], outage };
};

const leftOut = (count: number) => ({
  ok: true,
  complete: false,
  error: {
    code: 'UPSTREAM_BAD_RESPONSE',
    message: expect.stringContaining(`sent ${count} record${count === 1 ? '' : 's'} that cannot be read`),
  },
});

describe('one malformed run among good ones costs only itself', () => {
  it.each([
    ['a text', secrets.body],
    ['a number', 7],
    ['null', null],
    ['a list', [goodRun]],
    ['with a text for its job', { ...goodRun, jobId: secrets.body }],
    ['with a text for its backup', { ...goodRun, backupRun: secrets.body }],
    ['with a text for its start', { ...goodRun, backupRun: { stats: { startTimeUsecs: secrets.body } } }],
    ['with a list for its copies’ target', { ...goodRun, jobId: 8, copyRun: [{ target: [secrets.body] }] }],
    ['with a number for its copies', { ...goodRun, copyRun: 3 }],
    ['without a job', { ...goodRun, jobId: undefined }],
    ['with null for its job', { ...goodRun, jobId: null }],
    ['without any start', { ...goodRun, backupRun: {} }],
    ['of more than a megabyte', { ...goodRun, jobName: 'x'.repeat(1_100_000) }],
  ])('%s', async (_what, odd) => {
    const { ids, totalCount, report } = await read('cohesity', [odd, goodRun]);
    expect(ids).toEqual([runId]);
    expect(totalCount).toBeNull();
    expect(report).toEqual(leftOut(1));
  });
});

it.each([
  ['an integer of a thousand digits', `{"jobId":${'7'.repeat(1000)}}`],
  ['more than a megabyte', `{"jobName":"${'x'.repeat(1_100_000)}"}`],
  ['tens of thousands of copies that say nothing', `{"copyRun":[${'{},'.repeat(50_000)}{}]}`],
])('counts one run with %s, and one alone is no answer', async (_what, odd) => {
  const { ids, report } = await read('cohesity', `[${odd},${JSON.stringify(goodRun)}]`);
  expect([ids, report]).toEqual([[runId], leftOut(1)]);
  const alone = await read('cohesity', `[${odd}]`);
  expect(alone.report).toMatchObject({ ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } });
});

it('reads names in any script, wherever the network cuts them', async () => {
  const runs = [
    goodRun,
    ...[1, 2, 3].map((day) => ({ ...goodRun, jobName: 'ファイルサーバー-東京', jobId: 70 + day })),
  ];
  const bytes = Buffer.from(JSON.stringify(runs));
  const outage = await startOutage('cohesity', (request, { response }, good) => {
    if (!request.path.endsWith('/protectionRuns')) return good();
    response.writeHead(200, { 'content-type': 'application/json' });
    // Seven bytes at a time, so that characters of three are cut.
    const cuts = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) => bytes.subarray(at * 7, at * 7 + 7));
    void (async () => {
      for (const cut of cuts) await new Promise<void>((sent) => response.write(cut, () => sent()));
      response.end();
    })();
    return null;
  });
  const { data } = await outage.gateway.execute('{ copyRuns { nodes { name } upstreamReports { complete } } }');
  expect(data.copyRuns.nodes.map(({ name }: { name: string }) => name).sort()).toEqual(
    runs.map(({ jobName }) => jobName).sort(),
  );
});

it('takes no answer of one piece that is larger than a megabyte', async () => {
  const outage = await startOutage('cohesity', () => ({ body: { name: 'x'.repeat(1_100_000) } }));
  const { data, errors } = await outage.gateway.execute('{ upstreams { name clusterName } }');
  expect(data.upstreams).toContainEqual({ name: 'dc-east', clusterName: null });
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE', upstream: 'dc-east' } }]);
});

it('leaves out one malformed copy of a run, and shows its siblings', async () => {
  const copies = [{ status: 5 }, ...goodRun.copyRun, null, secrets.body];
  const { ids, totalCount, report } = await read('cohesity', [{ ...goodRun, copyRun: copies }]);
  expect(ids).toEqual([runId]);
  expect(totalCount).toBeNull();
  expect(report).toEqual(leftOut(2));
});

describe('one malformed copy job among good ones costs only itself', () => {
  it.each([
    ['a text', secrets.body],
    ['null', null],
    ['with a number for its state', { ...goodJob, CopyJobId: 'J2', State: 5 }],
    ['with a text for its size', { ...goodJob, CopyJobId: 'J2', BackupSizeInBytes: secrets.body }],
    ['with a number for its creator', { ...goodJob, CopyJobId: 'J2', CreatedBy: 7 }],
    ['with a text for a flag', { ...goodJob, CopyJobId: 'J2', IsParent: secrets.body }],
    ['without an id', { State: 'RUNNING' }],
    ['with an empty id', { ...goodJob, CopyJobId: '' }],
  ])('%s', async (_what, odd) => {
    const { ids, totalCount, report } = await read('aws-backup', { CopyJobs: [odd, goodJob] });
    expect(ids).toEqual([jobId]);
    expect(totalCount).toBeNull();
    expect(report).toEqual(leftOut(1));
  });

  it('save one with a text for a time: the SDK reads a page as one, so the page cannot be read', async () => {
    const odd = { ...goodJob, CopyJobId: 'J2', CreationDate: secrets.body };
    const { ids, report } = await read('aws-backup', { CopyJobs: [odd, goodJob] });
    expect(ids).toEqual([]);
    expect(report).toMatchObject({ ok: false, complete: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } });
  });
});

it('counts what it leaves out, and says it in `errors` to a query that does not ask for the reports', async () => {
  const { report, outage } = await read('cohesity', [7, goodRun, { ...goodRun, jobId: null }]);
  expect(report).toEqual(leftOut(2));
  const { data, errors } = await outage.gateway.execute('{ copyRuns { nodes { id } } }');
  expect(data.copyRuns.nodes).toEqual([{ id: runId }]);
  expect(errors).toMatchObject([
    { path: ['copyRuns'], extensions: { code: 'UPSTREAM_BAD_RESPONSE', upstream: 'dc-east' } },
  ]);
});

it('takes an empty list for what it is', async () => {
  const cohesity = await read('cohesity', []);
  expect(cohesity).toMatchObject({ ids: [], totalCount: 0, report: { ok: true, complete: true, error: null } });
  const nothing = await read('cohesity', 'null'); // seen in place of an empty array
  expect(nothing).toMatchObject({ ids: [], totalCount: 0, report: { ok: true, complete: true, error: null } });
  const aws = await read('aws-backup', { CopyJobs: [] });
  expect(aws).toMatchObject({ ids: [], totalCount: 0, report: { ok: true, complete: true, error: null } });
});

it('takes an answer of AWS without a list for an empty one, but not a stranger’s', async () => {
  const ask = async (headers: Record<string, string>) => {
    const { gateway } = await startOutage('aws-backup', () => ({ headers, body: {} }));
    const { data } = await gateway.execute(list('aws-backup'));
    return data.copyJobs.upstreamReports[0];
  };
  expect(await ask({ 'x-amzn-requestid': '4d9c2a1e-0000-4000-8000-000000000001' })).toMatchObject({ ok: true });
  expect(await ask({})).toMatchObject({ ok: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } });
});

it('does not page on with a token that is none', async () => {
  const outage = await startOutage('aws-backup', () => ({ body: { CopyJobs: [goodJob], NextToken: 5 } }));
  const { data } = await outage.gateway.execute(list('aws-backup'));
  expect(data.copyJobs.upstreamReports[0]).toMatchObject({ ok: false, error: { code: 'UPSTREAM_BAD_RESPONSE' } });
  expect(outage.broken.seen.length).toBe(1);
});

it.each([
  ['a text', '"x"'],
  ['an empty answer', ''],
  ['an answer without the job', {}],
  ['a job without an id', { CopyJob: { State: 'RUNNING' } }],
])('a copy job read by its id that comes as %s is null with an error', async (_what, body) => {
  const outage = await startOutage('aws-backup', () => ({ body }));
  const { data, errors } = await outage.gateway.execute('{ copyJob(copyJobId: "J1") { id } }');
  expect(data.copyJob).toBeNull();
  expect(errors).toMatchObject([{ path: ['copyJob'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
});

it('shows a message of 1 MB with control characters and a token cleaned, cut and redacted', async () => {
  const message = `first\r\nline\u0000 Bearer tok3n-0f-the-vendor ${'x'.repeat(1_000_000)}`;
  const outage = await startOutage('aws-backup', () => ({
    body: { CopyJob: { ...goodJob, State: 'FAILED', StatusMessage: message } },
  }));
  const { data } = await outage.gateway.execute('{ copyJob(copyJobId: "J1") { error statusMessage } }');
  expect(data.copyJob.error.length).toBeLessThanOrEqual(2000);
  expect(data.copyJob.error).toMatch(/^first line +Bearer \[redacted\] x+…$/);
  expect(data.copyJob.statusMessage).toBe(data.copyJob.error);
});
