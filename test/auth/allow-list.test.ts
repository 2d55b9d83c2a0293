import { getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopes } from '../../src/domain/principal.js';
import { schema } from '../../src/schema/index.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { apiKey, bearer } from '../support/keys.js';
import { wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const seconds = Math.floor(Date.now() / 1000) - 3600;
const start = seconds * 1_000_000;

const startCluster = (jobId: number): Promise<Fake> => {
  const copyRun = wireCopyRun(501, {
    runStartTimeUsecs: start,
    copySnapshotTasks: [wireTask(wireSource(jobId), { taskStartTimeUsecs: start, taskEndTimeUsecs: start + 1 })],
  });
  return startCohesity({
    runs: [wireRunOf(jobId, start, { copyRun: [copyRun] })],
    jobs: [{ id: jobId, name: `Job ${jobId}` }],
    sources: [wireSource(jobId)],
    cluster: { id: jobId },
  });
};
const startEndpoint = (copyJobId: string): Promise<Fake> => {
  const job = wireCopyJob(copyJobId, { CreationDate: seconds, CompletionDate: seconds + 60 });
  return startAwsBackup({ copyJobs: [job] });
};

const some = 'some-key'; // sees dc-east and aws-prod
const all = 'all-key';

let fakes: { east: Fake; west: Fake; prod: Fake; lab: Fake };
let gateway: Gateway;

beforeAll(async () => {
  fakes = {
    east: await startCluster(7),
    west: await startCluster(8),
    prod: await startEndpoint('J-PROD'),
    lab: await startEndpoint('J-LAB'),
  };
  gateway = await startGateway({
    upstreams: [
      cohesityAt(fakes.east),
      { ...cohesityAt(fakes.west), id: 'dc-west' },
      { ...awsBackupAt(fakes.lab), id: 'aws-lab' },
      awsBackupAt(fakes.prod),
    ],
    auth: { apiKeys: [apiKey(some, scopes, ['aws-prod', 'dc-east']), apiKey(all, ['copy:read'])] },
  });
});
afterAll(async () => {
  await gateway.close();
  for (const fake of Object.values(fakes)) await fake.close();
});

let before: readonly number[];
const counts = (...of: readonly Fake[]) => of.map(({ seen }) => seen.length);
beforeEach(() => (before = counts(fakes.west, fakes.lab, fakes.east, fakes.prod)));

/** That the upstreams which `some` may not see have not been asked in this test. */
const expectHiddenUnasked = (): void => expect(counts(fakes.west, fakes.lab)).toEqual(before.slice(0, 2));
/** That none has been. */
const expectNoneAsked = (): void => expect(counts(fakes.west, fakes.lab, fakes.east, fakes.prod)).toEqual(before);

const ask = (query: string, variables: Record<string, unknown> = {}, key = some) =>
  gateway.execute(query, variables, bearer(key));

const west = { run: `dc-west:8:${start}`, copy: `dc-west:8:${start}:8621173906188849:1538852526333:501` };
const east = `dc-east:7:${start}:8621173906188849:1538852526333:501`;

const hiddenIds = [
  `CopyRun:${west.copy}`,
  `CopySnapshotTask:${west.copy}:8`,
  `ProtectionShell:${west.run}`,
  'ProtectionJob:dc-west:8',
  'ProtectionSource:dc-west:8',
  'ProtectedObject:dc-west:8',
  'Upstream:dc-west',
  'CopyJob:aws-lab:J-LAB',
  'CopyJob:%61ws-lab:J-LAB', // the same, spelt otherwise
];

const forbidden = (argument: string, upstream: string) => ({
  message: `${argument} names the upstream ${upstream}, which you may not see.`,
  extensions: { code: 'FORBIDDEN' },
});

describe('upstreams that a key may not see', () => {
  const lists: readonly (readonly [list: string, own: number, whole: number])[] = [
    ['copyOperations', 2, 4],
    ['copyRuns', 1, 2],
    ['copySnapshotTasks', 1, 2],
    ['protectionShells', 1, 2],
    ['copyJobs', 1, 2],
    ['protectionJobs', 1, 2],
    ['protectedObjects', 2, 4],
  ];

  it.each(lists)('are missing from %s and its reports, and are not asked', async (list, own, whole) => {
    const query = `{ ${list} { totalCount nodes { id upstream { name } } upstreamReports { upstream { name } ok } } }`;
    const { data, errors } = await ask(query);
    expect(errors).toEqual([]);
    const names = (of: readonly { upstream: { name: string } }[]) => of.map(({ upstream }) => upstream.name).sort();
    const seen = ['aws-prod', 'dc-east'].filter((name) => names(data[list].upstreamReports).includes(name));
    expect([data[list].totalCount, names(data[list].nodes)]).toEqual([own, seen]);
    expect(names(data[list].upstreamReports)).toEqual(seen);
    expectHiddenUnasked();

    const everything = await ask(query, {}, all);
    expect([everything.errors, everything.data[list].totalCount]).toEqual([[], whole]);
  });

  it('are missing from the sums', async () => {
    const query =
      '{ copySummary(groupBy: [UPSTREAM]) { total { count } groups { upstream { name } count } upstreamReports { upstream { name } } } }';
    const { data, errors } = await ask(query);
    expect(errors).toEqual([]);
    expect(data.copySummary.total).toEqual({ count: 2 });
    const names = (of: readonly { upstream: { name: string } }[]) => of.map(({ upstream }) => upstream.name).sort();
    expect(names(data.copySummary.groups)).toEqual(['aws-prod', 'dc-east']);
    expect(names(data.copySummary.upstreamReports)).toEqual(['aws-prod', 'dc-east']);
    expectHiddenUnasked();
    expect((await ask(query, {}, all)).data.copySummary.total).toEqual({ count: 4 });
  });

  it('are missing from upstreams, and the others keep the config’s order', async () => {
    expect((await ask('{ upstreams { name } }')).data.upstreams).toEqual([{ name: 'dc-east' }, { name: 'aws-prod' }]);
    expect((await ask('{ upstreams { name } }', {}, all)).data.upstreams).toHaveLength(4);
  });

  it('are not looked through for a copy job that names none', async () => {
    const query = '{ copyJob(copyJobId: "J-LAB") { id } }';
    expect(await ask(query)).toMatchObject({ data: { copyJob: null }, errors: [] });
    expectHiddenUnasked();
    expect((await ask(query, {}, all)).data.copyJob).toEqual({ id: 'CopyJob:aws-lab:J-LAB' });
  });

  it('are hidden from one caller and shown to another at the same time', async () => {
    const query = '{ copyRuns { totalCount } copyJobs { totalCount } }';
    const answers = await Promise.all([some, all, some, all].map((key) => ask(query, {}, key)));
    expect(answers.map(({ data }) => [data.copyRuns.totalCount, data.copyJobs.totalCount])).toEqual([
      [1, 1],
      [2, 2],
      [1, 1],
      [2, 2],
    ]);
  });
});

describe('naming an upstream that a key may not see', () => {
  const filtered = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap(({ name, args }) => {
    const filter = args.map(({ type }) => getNamedType(type)).find((type) => isInputObjectType(type));
    const members = isInputObjectType(filter) ? Object.keys(filter.getFields()) : [];
    return members
      .filter((member) => ['upstreams', 'protectionJobIds'].includes(member))
      .map((member) => [name, member]);
  });

  it('is tried by every filter that can', () => {
    expect(filtered.length).toBeGreaterThanOrEqual(12);
  });

  it.each(filtered)('in %s(filter.%s) is forbidden', async (field = '', member = '') => {
    const [own, hidden] =
      member === 'upstreams' ? ['dc-east', 'dc-west'] : ['ProtectionJob:dc-east:7', 'ProtectionJob:dc-west:8'];
    const begun = field === 'copyLagTrend' ? `from: "${new Date(Date.now() - 3_600_000).toISOString()}", ` : '';
    const query = `{ ${field}(${begun}filter: { ${member}: ["${own}", "${hidden}"] }) { __typename } }`;
    const { data, errors } = await ask(query);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ ...forbidden(`filter.${member}`, 'dc-west'), path: [field] }]);
    expectNoneAsked();
    expect((await ask(query, {}, all)).errors).toEqual([]);
  });

  it('in a filter is forbidden even where the rest of it leaves nothing to ask', async () => {
    const filter = '{ types: [COPY_JOB], protectionJobIds: ["ProtectionJob:dc-west:8"] }';
    const { errors } = await ask(`{ copyOperations(filter: ${filter}) { totalCount } }`);
    expect(errors).toMatchObject([forbidden('filter.protectionJobIds', 'dc-west')]);
    expectNoneAsked();
  });

  it.each([
    ['upstream', '{ upstream(name: "dc-west") { name } }', 'name', 'dc-west'],
    ['copyJob', '{ copyJob(copyJobId: "J-LAB", upstream: "aws-lab") { id } }', 'upstream', 'aws-lab'],
    ['copyRun', `{ copyRun(id: "CopyRun:${west.copy}") { id } }`, 'id', 'dc-west'],
    ['failover', '{ failover(id: "Failover:dc-west:press-1") { id } }', 'id', 'dc-west'],
  ])('as an argument of %s is forbidden', async (field, query, argument, upstream) => {
    const { data, errors } = await ask(query);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ ...forbidden(argument, upstream), path: [field] }]);
    expectNoneAsked();
    const whole = await ask(query, {}, all);
    expect([whole.errors, Object.keys(whole.data)]).toEqual([[], [field]]);
  });

  it.each(hiddenIds)('in the id %s is forbidden', async (id) => {
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    const { data, errors } = await ask(query, { id });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([{ ...forbidden('id', id.includes('lab') ? 'aws-lab' : 'dc-west'), path: ['node'] }]);
    expectNoneAsked();
    expect((await ask(query, { id }, all)).data.node).toEqual({ id: decodeURIComponent(id) });
  });

  // An answer reports at most five errors.
  it.each([0, 4, 8])('among nodes is that one’s error, and the others stand: from %i on', async (from) => {
    const hidden = hiddenIds.slice(from, from + 4);
    const ids = [`CopyRun:${east}`, ...hidden, 'CopyJob:aws-prod:J-PROD', 'CopyJob:elsewhere:J1'];
    const { data, errors } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes).toEqual([{ id: ids[0] }, ...hidden.map(() => null), { id: ids.at(-2) }, null]);
    const told = errors.map(({ path, extensions }) => [path?.[1], extensions.code]);
    expect(told).toEqual([...hidden.map((_id, index) => [index + 1, 'FORBIDDEN']), [ids.length - 1, 'BAD_USER_INPUT']]);
    expectHiddenUnasked();
  });

  it('among references is that one’s error, and the others stand', async () => {
    const representations = [
      { __typename: 'CopyJob', id: 'CopyJob:aws-lab:J-LAB' },
      { __typename: 'CopyJob', id: 'CopyJob:aws-prod:J-PROD' },
      { __typename: 'CopyOperation', id: `CopyRun:${west.copy}` },
      { __typename: 'Upstream', id: 'Upstream:dc-west' },
    ];
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on CopyJob { id } ... on CopyRun { id } ... on Upstream { id } } }';
    const { data, errors } = await ask(query, { of: representations });
    expect(data._entities).toEqual([null, { id: 'CopyJob:aws-prod:J-PROD' }, null, null]);
    expect(errors).toMatchObject([
      { ...forbidden('representations', 'aws-lab'), path: ['_entities', 0] },
      { ...forbidden('representations', 'dc-west'), path: ['_entities', 2] },
      { ...forbidden('representations', 'dc-west'), path: ['_entities', 3] },
    ]);
    expectHiddenUnasked();
    expect((await ask(query, { of: representations }, all)).errors).toEqual([]);
  });
});

describe('changing something on an upstream that a key may not see', () => {
  it.each([
    ['cancelCopyRun', `cancelCopyRun(id: "CopyRun:${west.copy}") { __typename }`, 'id'],
    ...['true', 'false'].map((dryRun) => [
      'retryCopy',
      `retryCopy(input: { id: "CopyRun:${west.copy}", idempotencyKey: "again-1", dryRun: ${dryRun} }) { __typename }`,
      'input.id',
    ]),
    ...['true', 'false'].map((dryRun) => [
      'viewFailover',
      `viewFailover(input: { upstream: "dc-west", viewId: "8", action: PREPARE, idempotencyKey: "views-1", dryRun: ${dryRun} }) { __typename }`,
      'input.upstream',
    ]),
    ['cancelViewFailover', 'cancelViewFailover(id: "ViewFailover:dc-west:8:views-1") { __typename }', 'id'],
    ...[
      ['links: [{ replicaObjectId: "8", recoveredObjectId: "9" }]', 'linkFailoverObjects'],
      ['objects: [{ objectId: "8" }]', 'activateFailover'],
      ['objects: [{ objectId: "8" }]', 'deactivateFailoverSource'],
      ['upstream: "dc-west"', 'cancelFailoverWorkflow'],
      ['step: INIT, happened: true, note: "seen"', 'acknowledgeFailoverStep'],
    ].map(([members = '', mutation = '']) => [
      mutation,
      `${mutation}(input: { workflow: "FailoverWorkflow:dc-west:drill-1", ${members} }) { __typename }`,
      'input.workflow',
    ]),
    [
      'initFailover',
      'initFailover(input: { replica: "dc-west", sourceClusterId: "1", objects: [{ objectId: "8" }], kind: PLANNED, idempotencyKey: "drill-1" }) { __typename }',
      'input.replica',
    ],
    ['cancelFailover', 'cancelFailover(id: "Failover:dc-west:press-1") { __typename }', 'id'],
    ...['true', 'false'].map((dryRun) => [
      'failover',
      `failover(input: { upstream: "dc-west", idempotencyKey: "press-1", replicationClusterId: "1", objects: [{ objectId: "8" }], dryRun: ${dryRun} }) { __typename }`,
      'input.upstream',
    ]),
  ])('by %s is forbidden', async (field = '', text = '', argument = '') => {
    const { data, errors } = await ask(`mutation { ${text} }`);
    expect(data).toEqual({ [field]: null });
    expect(errors).toMatchObject([{ ...forbidden(argument, 'dc-west'), path: [field] }]);
    expectNoneAsked();
  });
});

describe('naming an upstream that the config does not have', () => {
  it.each(['nowhere', 'DC-WEST', 'dc-west ', '', '__proto__', 'constructor', 'hidden'])(
    'is a mistake and not forbidden: %j',
    async (name) => {
      const { data, errors } = await ask(
        `query ($name: String!, $id: ID!) {
           copyRuns(filter: { upstreams: [$name] }) { totalCount }
           copyJob(copyJobId: "J1", upstream: $name) { id }
           node(id: $id) { id }
           upstream(name: $name) { id }
         }`,
        { name, id: `Upstream:${encodeURIComponent(name)}` },
      );
      expect(data).toEqual({ copyRuns: null, copyJob: null, node: null, upstream: null });
      expect(errors.map(({ path, extensions }) => [path?.[0], extensions.code]).sort()).toEqual([
        ['copyJob', 'BAD_USER_INPUT'],
        ['copyRuns', 'BAD_USER_INPUT'],
        ['node', 'BAD_USER_INPUT'],
      ]);
      expectNoneAsked();
    },
  );
});
