import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewayOptions } from '../support/gateway.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { closing } from '../support/products.js';
import { type Served, serve, text } from '../support/served.js';
import { cluster, wireCopyJob } from '../support/wire.js';

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;
const TODAY = NOW + 20 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: TODAY / 1000 }));
afterEach(() => void vi.useRealTimers());

const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

/** Failures that are not tried again, so that a test need not wait. */
const down = { status: 500, body: { errorCode: 'KInternalError', message: 'down' } };
const denied = { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: { message: 'no' } };
const failures = {
  'dc-east': { reply: down, code: 'UPSTREAM_UNAVAILABLE' },
  'aws-prod': { reply: denied, code: 'UPSTREAM_AUTH' },
} as const;

const runAt = TODAY - 2 * HOUR;
const runId = `CopyRun:dc-east:1:${runAt}:${cluster.clusterId}:${cluster.clusterIncarnationId}:1`;

const start = async (cache: GatewayOptions['cache'] = {}): Promise<Served> =>
  serve({
    clusters: { 'dc-east': [runOf(1, runAt), runOf(2, TODAY - 10 * MINUTE)] },
    endpoints: {
      'aws-prod': [jobOf('j1', TODAY - 5 * HOUR), jobOf('j2', TODAY - 10 * MINUTE, { state: 'COMPLETED' })],
    },
    ...(cache && { cache }),
  });

const reports = 'upstreamReports { upstream { name } ok stale complete observedAt error { code } }';
const good = (name: string, at: number) => ({
  upstream: { name },
  ok: true,
  stale: false,
  complete: true,
  observedAt: text(at),
  error: null,
});
const old = (name: keyof typeof failures, at: number) => ({
  ...good(name, at),
  ok: false,
  stale: true,
  error: { code: failures[name].code },
});

const vendors = [
  ['dc-east', 'aws-prod'],
  ['aws-prod', 'dc-east'],
] as const;

describe.each(vendors)('a list while %s is down', (broken, sound) => {
  const query = `{ copyOperations { totalCount nodes { id state } ${reports} } }`;

  it('shows what it showed, and its report says from when and why', async () => {
    const served = await start();
    const first = await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(10 * MINUTE);
    const { data, errors } = await served.execute(query);
    expect(errors).toEqual([]);
    expect(data.copyOperations.nodes).toEqual(first.data.copyOperations.nodes);
    expect(data.copyOperations.totalCount).toBe(4);
    expect(data.copyOperations.upstreamReports).toContainEqual(old(broken, TODAY));
    const [other] = data.copyOperations.upstreamReports.filter(({ ok }: { readonly ok: boolean }) => ok);
    expect(other).toMatchObject({ upstream: { name: sound }, stale: false, complete: true, error: null });
  });

  it('shows it into the next hour too', async () => {
    const served = await start();
    const first = await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(50 * MINUTE); // 4:10
    const { data } = await served.execute(query);
    expect(data.copyOperations).toMatchObject({ nodes: first.data.copyOperations.nodes, totalCount: 4 });
    expect(data.copyOperations.upstreamReports).toContainEqual(old(broken, TODAY));
  });

  it('has the outage in errors where the query does not ask for the reports', async () => {
    const served = await start();
    await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(MINUTE);
    const { data, errors } = await served.execute('{ copyOperations { nodes { id } } }');
    expect(data.copyOperations.nodes).toHaveLength(4);
    expect(errors).toMatchObject([
      { path: ['copyOperations'], extensions: { code: failures[broken].code, upstream: broken } },
    ]);
  });

  it('sums up what it summed up', async () => {
    const served = await start();
    const summary = `{ copySummary(groupBy: [UPSTREAM, STATE]) { total { count } groups { state count } ${reports} } }`;
    const first = await served.execute(summary);
    served.broken.set(broken, failures[broken].reply);
    pass(10 * MINUTE);
    const { data } = await served.execute(summary);
    expect(data.copySummary.groups).toEqual(first.data.copySummary.groups);
    expect(data.copySummary.upstreamReports).toContainEqual(old(broken, TODAY));
  });

  it('takes nothing older than maxAge, and nothing at all where that is 0', async () => {
    const served = await start();
    await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(2 * MINUTE);
    const within = async (maxAge: number) => {
      const { data } = await served.execute(`{ copyOperations(maxAge: ${maxAge}) { nodes { id } ${reports} } }`);
      const { upstreamReports, nodes } = data.copyOperations;
      const report = upstreamReports.find(({ upstream }: { upstream: { name: string } }) => upstream.name === broken);
      return [report.ok, report.stale, report.complete, nodes.length];
    };
    expect(await within(121)).toEqual([true, false, true, 4]); // that old is what the caller takes
    expect(await within(119)).toEqual([false, false, false, 2]);
    expect(await within(0)).toEqual([false, false, false, 2]);
  });

  it('tells of the outage, and shows the other’s records whole, when what it has is too old', async () => {
    const served = await start({ staleSeconds: 600, finishedSeconds: 600 });
    await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(10 * MINUTE + 4 * SECOND);
    expect((await served.execute(query)).data.copyOperations.nodes).toHaveLength(4);
    pass(SECOND);
    const { data } = await served.execute(query);
    expect(data.copyOperations.totalCount).toBeNull();
    const report = data.copyOperations.upstreamReports.find(({ ok }: { readonly ok: boolean }) => !ok);
    expect(report).toMatchObject({
      upstream: { name: broken },
      complete: false,
      error: { code: failures[broken].code },
    });
    expect(data.copyOperations.nodes.filter(({ id }: { readonly id: string }) => id.includes(sound))).toHaveLength(2);
  });

  it('tells of the outage at once where staleSeconds is 0', async () => {
    const served = await start({ staleSeconds: 0 });
    await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(6 * SECOND);
    const { data } = await served.execute(query);
    expect(data.copyOperations.upstreamReports).toContainEqual(expect.objectContaining({ ok: false, complete: false }));
  });

  it('is read anew as soon as the upstream answers again', async () => {
    const served = await start();
    await served.execute(query);
    served.broken.set(broken, failures[broken].reply);
    pass(10 * MINUTE);
    await served.execute(query);
    served.broken.clear();
    pass(6 * SECOND);
    const { data } = await served.execute(`{ copyOperations { nodes { id } ${reports} } }`);
    expect(data.copyOperations.upstreamReports.map(({ ok }: { readonly ok: boolean }) => ok)).toEqual([true, true]);
  });
});

describe('a single record while its upstream is down', () => {
  const query = `{ node(id: "${runId}") { ... on CopyRun { state observedAt } } copyJob(copyJobId: "j1") { state observedAt } }`;

  it('is served with the time it was read at, and without an error', async () => {
    const served = await start();
    const first = await served.execute(query);
    expect([first.data.node.observedAt, first.data.copyJob.observedAt]).toEqual([text(TODAY), text(TODAY)]);
    served.broken.set('dc-east', down).set('aws-prod', denied);
    pass(59 * MINUTE);
    expect(await served.execute(query)).toEqual(first);
    expect(served.take('aws-prod')).toHaveLength(2); // it was asked for
  });

  it('is the outage when what there is, is older than staleSeconds or than maxAge', async () => {
    const served = await start();
    await served.execute(query);
    served.broken.set('aws-prod', denied);
    pass(10 * MINUTE);
    const codes = async (maxAge: string) =>
      (await served.execute(`{ copyJob(copyJobId: "j1" ${maxAge}) { state } }`)).errors.map(
        ({ extensions }) => extensions.code,
      );
    expect(await codes('')).toEqual([]);
    expect(await codes('maxAge: 601')).toEqual([]);
    expect(await codes('maxAge: 599')).toEqual(['UPSTREAM_AUTH']);
    expect(await codes('maxAge: 0')).toEqual(['UPSTREAM_AUTH']);
    pass(51 * MINUTE);
    expect(await codes('')).toEqual(['UPSTREAM_AUTH']);
  });

  it('is the answer where the upstream says that there is none any more', async () => {
    const served = await start();
    await served.execute('{ copyJob(copyJobId: "j1") { state } }');
    served.broken.set('aws-prod', {
      status: 400,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
    });
    pass(6 * SECOND);
    const { data, errors } = await served.execute('{ copyJob(copyJobId: "j1") { state } }');
    expect([data.copyJob, errors]).toEqual([null, []]);
  });
});

describe('other lists while their upstream is down', () => {
  const children = ['C1', 'C2'].map((id) => wireCopyJob(id, { ParentJobId: 'P', CreationDate: TODAY / 1e6 - 60 }));
  const parent = wireCopyJob('P', { IsParent: true, CreationDate: TODAY / 1e6 - 90 });

  /** Both products, of which the paths that match are broken from now on. */
  const startBoth = async () => {
    let broken = /nothing/;
    const east = closing(
      await startCohesity({
        jobs: [{ id: 7, name: 'Gold', isActive: true, sourceIds: [1] }],
        sources: [{ id: 1, name: 'vm-1' }],
      }),
    );
    const prod = closing(
      await startAwsBackup({
        copyJobs: [parent, ...children],
        resources: [{ ResourceArn: 'arn:aws:ec2:a:b:instance/i' }],
      }),
    );
    east.before = ({ path }) => (broken.test(path) ? down : undefined);
    prod.before = ({ path }) => (broken.test(path) ? denied : undefined);
    const upstreams = [cohesityAt(east), awsBackupAt(prod)];
    const gateway = closing(await startGateway({ upstreams, cache: {} }));
    return { gateway, breaks: (paths: RegExp) => (broken = paths) };
  };

  it.each([
    ['protectionJobs', /protectionJobs/, 'protectionJobs { nodes { id } REPORTS }', ['dc-east']],
    ['protectedObjects', /./, 'protectedObjects { nodes { id } REPORTS }', ['dc-east', 'aws-prod']],
    [
      'protectedObjects, their inventory alone',
      /protectionJobs|resources/,
      'protectedObjects { nodes { id } REPORTS }',
      ['dc-east', 'aws-prod'],
    ],
    ['children', /copy-jobs/, 'copyJob(copyJobId: "P") { children { nodes { id } REPORTS } }', ['aws-prod']],
  ])('(%s) show what they showed, and say so', async (_name, paths, field, upstreams) => {
    const { gateway, breaks } = await startBoth();
    const query = `{ answer: ${field.replace('REPORTS', reports)} }`;
    const listIn = (data: { readonly answer: { readonly children?: unknown } }) => data.answer.children ?? data.answer;
    const first = await gateway.execute(query);
    expect(first.errors).toEqual([]);
    breaks(paths);
    pass(10 * MINUTE);
    const { data, errors } = await gateway.execute(query);
    expect(errors).toEqual([]);
    expect(listIn(data)).toMatchObject({ nodes: (listIn(first.data) as { readonly nodes: object[] }).nodes });
    expect(listIn(data)).toMatchObject({
      upstreamReports: upstreams.map((name) => ({ upstream: { name }, ok: false, stale: true, complete: true })),
    });
  });
});
