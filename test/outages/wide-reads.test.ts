import { describe, expect, it } from 'vitest';
import { closing } from '../support/closing.js';
import { isWide, startCohesity } from '../support/cohesity.js';
import { cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { wireRunOf } from '../support/wire.js';

const hourAgo = (Math.floor(Date.now() / 1000) - 3600) * 1_000_000;
const runs = [wireRunOf(7, hourAgo), wireRunOf(8, hourAgo + 1_000_000)];

const copyRuns = '{ copyRuns { nodes { name } totalCount upstreamReports { ok complete error { code } } } }';

describe('a cluster that does not answer for all its jobs at once', () => {
  it('is asked job by job within the operation’s time, and no more for all of them by the next operation', async () => {
    const cohesity = closing(await startCohesity({ runs, jobs: [7, 8].map((id) => ({ id, name: `Job ${id}` })) }));
    cohesity.before = (seen) => (isWide(seen) ? null : undefined); // never
    const gateway = closing(
      await startGateway({ upstreams: [cohesityAt(cohesity)], limits: { requestTimeoutMs: 3000 } }),
    );
    const whole = {
      nodes: [{ name: 'Job 8' }, { name: 'Job 7' }],
      totalCount: 2,
      upstreamReports: [{ ok: true, complete: true, error: null }],
    };
    const paths = () =>
      cohesity.seen.map(({ path, query }) => `${path.split('/').at(-1)} ${query.get('jobId') ?? 'all'}`);
    expect((await gateway.execute(copyRuns)).data.copyRuns).toEqual(whole);
    expect(paths()).toEqual(['protectionRuns all', 'protectionJobs all', 'protectionRuns 7', 'protectionRuns 8']);
    expect((await gateway.execute(copyRuns)).data.copyRuns).toEqual(whole);
    expect(paths().slice(4)).toEqual(['protectionJobs all', 'protectionRuns 7', 'protectionRuns 8']);
  });

  it('shows a job that is new since, which its list of jobs alone can tell', async () => {
    const jobs = [7, 8].map((id) => ({ id, name: `Job ${id}` }));
    const held = { runs: runs.slice(0, 1), jobs: jobs.slice(0, 1) };
    const cohesity = closing(await startCohesity({ runs: () => held.runs, jobs: () => held.jobs }));
    cohesity.before = (seen) => (isWide(seen) ? { status: 504, body: 'too slow' } : undefined);
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity)], cache: {} }));
    const names = async (age: string) =>
      (await gateway.execute(copyRuns.replace('copyRuns', `copyRuns${age}`))).data.copyRuns.nodes.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names('')).toEqual(['Job 7']);
    Object.assign(held, { runs, jobs });
    expect(await names('(maxAge: 0)')).toEqual(['Job 8', 'Job 7']);
  });

  it('is asked job by job where something before it gives up', async () => {
    const cohesity = closing(await startCohesity({ runs, jobs: [{ id: 7, name: 'Job 7' }] }));
    cohesity.before = (seen) => (isWide(seen) ? { status: 504, body: 'too slow' } : undefined);
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity)] }));
    expect((await gateway.execute(copyRuns)).data.copyRuns).toMatchObject({
      nodes: [{ name: 'Job 7' }],
      totalCount: 1,
    });
  });
});

describe('a list whose cluster fails, and of which some copies were read a moment ago', () => {
  it('says so, even where they fill the page', async () => {
    const cohesity = closing(await startCohesity({ runs, jobs: [7, 8].map((id) => ({ id, name: `Job ${id}` })) }));
    const gateway = closing(await startGateway({ upstreams: [cohesityAt(cohesity)], cache: {} }));
    const since = new Date(Date.now() - 7_200_000).toISOString();
    const list = (args: string) =>
      `{ copyRuns(first: 1, ${args}) { nodes { name } upstreamReports { ok complete error { code } } } }`;
    const narrow = await gateway.execute(list(`filter: { startedAfter: "${since}" }`));
    expect(narrow.data.copyRuns.upstreamReports).toEqual([{ ok: true, complete: true, error: null }]);
    cohesity.before = () => ({ status: 500, body: {} });
    // The whole day was not read before.
    expect((await gateway.execute(list('maxAge: 3600'))).data.copyRuns).toEqual({
      nodes: [{ name: 'Job 8' }],
      upstreamReports: [{ ok: false, complete: false, error: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
  });
});
