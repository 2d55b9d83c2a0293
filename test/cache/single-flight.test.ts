import { describe, expect, it } from 'vitest';
import { startGated } from '../support/gated.js';
import { runKey, wireCopyJob, wireRun } from '../support/wire.js';
import { until } from '../support/until.js';

const cohesity = {
  runs: [wireRun()],
  jobs: [{ id: 7, name: 'VM Gold' }],
  sources: [{ id: 1, name: 'vm-1' }],
  cluster: { id: 1, name: 'east', clusterSoftwareVersion: '7.1' },
};

const CreationDate = Date.now() / 1000 - 60; // equal, so that the ids order them
const aws = {
  copyJobs: ['J1', 'J2'].map((id) => wireCopyJob(id, { CreationDate })),
};

const described = '{ copyJob(copyJobId: "J1", upstream: "aws-prod") { state } }';

describe('equal reads at once', () => {
  it.each([
    ['a copy job', described],
    ['a run', `{ node(id: "ProtectionShell:${runKey}") { id } }`],
    ['copy runs', '{ copyRuns { nodes { id } } }'],
    ['copy jobs', '{ copyJobs { nodes { id } } }'],
    ['a protection job by its id', '{ node(id: "ProtectionJob:dc-east:7") { id } }'],
    ['all protection jobs', '{ protectionJobs { nodes { id } } }'],
    ['a source by its id', '{ node(id: "ProtectionSource:dc-east:1") { id } }'],
    ['the cluster', '{ upstream(name: "dc-east") { version } }'],
  ])('of %s make one upstream call over fifty requests, with nothing kept', async (_name, query) => {
    const gated = await startGated({ cohesity, aws });
    const asked = Array.from({ length: 50 }, () => gated.ask(query));
    await gated.settled();
    gated.release();
    const [first, ...others] = await Promise.all(asked.map(({ answer }) => answer));
    expect(first?.errors).toEqual([]);
    expect(Object.values(first?.data)).not.toContain(null);
    expect(others.filter((one) => JSON.stringify(one) !== JSON.stringify(first))).toEqual([]);
    expect(gated.cohesity.seen.length + gated.aws.seen.length).toBe(1);
  });

  it('are told of the one failure all alike, and none of them is left waiting', async () => {
    const gated = await startGated({ refusal: { status: 400, body: { message: 'no' } } });
    const asked = Array.from({ length: 5 }, () => gated.ask(described));
    await gated.settled();
    gated.release();
    const answers = await Promise.all(asked.map(({ answer }) => answer));
    expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual(Array(5).fill('UPSTREAM_BAD_RESPONSE'));
    expect(gated.aws.seen).toHaveLength(1);
  });

  it('are read again by whoever comes when the call is over', async () => {
    const gated = await startGated({ aws });
    gated.release();
    await gated.execute(described);
    await gated.execute(described);
    expect(gated.aws.seen).toHaveLength(2);
  });
});

describe('a shared read', () => {
  it.each([
    ['who started it', 0],
    ['one who joined', 1],
  ])('goes on for the others when %s goes away', async (_name, who) => {
    const gated = await startGated({ aws });
    const first = gated.ask(described);
    await until(() => expect(gated.aws.seen).toHaveLength(1));
    const asked = [first, gated.ask(described), gated.ask(described)];
    await gated.settled();
    asked[who]?.leave();
    await gated.settled();
    expect(gated.closed).toEqual([]);
    gated.release();
    const others = asked.filter((_one, index) => index !== who);
    for (const { answer } of others)
      expect(await answer).toEqual({ data: { copyJob: { state: 'SUCCEEDED' } }, errors: [] });
    expect(gated.aws.seen).toHaveLength(1);
  });

  it.each([
    ['a describe', described, '/copy-jobs/J1'],
    ['a list of copy jobs', '{ copyJobs { nodes { id } } }', '/copy-jobs'],
    ['a list of copy runs', '{ copyRuns { nodes { id } } }', '/irisservices/api/v1/public/protectionRuns'],
    [
      'jobs by their ids',
      '{ node(id: "ProtectionJob:dc-east:7") { id } }',
      '/irisservices/api/v1/public/protectionJobs',
    ],
  ])('of %s is aborted at the upstream when all have gone', async (_name, query, path) => {
    const gated = await startGated({ cohesity, aws });
    const asked = [gated.ask(query), gated.ask(query), gated.ask(query)];
    await gated.settled();
    asked[0]?.leave();
    asked[1]?.leave();
    await gated.settled();
    expect(gated.closed).toEqual([]);
    asked[2]?.leave();
    await until(() => expect(gated.closed.map((one) => one.replace(/\/$/, ''))).toEqual([path]));
  });

  it('that was aborted is begun anew by who comes next', async () => {
    const gated = await startGated({ aws });
    const gone = gated.ask(described);
    await gated.settled();
    gone.leave();
    await until(() => expect(gated.closed).toHaveLength(1));
    gated.release();
    expect((await gated.execute(described)).data).toEqual({ copyJob: { state: 'SUCCEEDED' } });
  });

  it('is made by who joined where the one who started it may make no more calls', async () => {
    const gated = await startGated({ aws, limits: { maxUpstreamCalls: 1 }, maxConcurrent: 1 });
    const one = (id: string) => `copyJob(copyJobId: "${id}", upstream: "aws-prod") { copyJobId }`;
    const starter = gated.ask(`{ a: ${one('J1')} b: ${one('J2')} }`);
    await until(() => expect(gated.aws.seen).toHaveLength(1));
    const joiner = gated.ask(`{ b: ${one('J2')} }`);
    await gated.settled();
    gated.release();
    const answer = await starter.answer;
    expect(answer.data).toEqual({ a: { copyJobId: 'J1' }, b: null });
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_BUDGET_EXCEEDED']);
    expect(await joiner.answer).toEqual({ data: { b: { copyJobId: 'J2' } }, errors: [] });
    expect(gated.aws.requests()).toEqual(['GET /copy-jobs/J1', 'GET /copy-jobs/J2']);
  });
});
