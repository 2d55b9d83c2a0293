import { readFileSync } from 'node:fs';
import { type ExecutionResult, type GraphQLError, Kind, OperationTypeNode, parse, validate } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultConfig } from '../../src/assembly/config.js';
import { connect } from '../../src/assembly/connect.js';
import { type Given, callOf, createContext } from '../../src/assembly/context.js';
import { createCaching } from '../../src/assembly/record-cache.js';
import { createGuard } from '../../src/assembly/sharing.js';
import { clock } from '../../src/calling/clock.js';
import { scopes } from '../../src/domain/principal.js';
import { useCompiledExecution } from '../../src/edge/compiled/execution.js';
import { createMaskError } from '../../src/edge/errors.js';
import { readExamples } from '../../src/edge/examples.js';
import { useOutages } from '../../src/edge/outages.js';
import { createLiveHub } from '../../src/live/hub.js';
import { schema } from '../../src/schema/index.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { closing } from '../support/closing.js';
import { startCohesity } from '../support/cohesity.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { type MadeUp, createRandom, makeUp } from '../support/operations.js';
import { runs } from '../support/runs.js';
import { cluster, copyRunKey, runKey, wireCopyJob, wireCopyRun, wireRun, wireSource } from '../support/wire.js';
import { wireTask } from '../support/wire.js';

const MADE_UP = runs(2000);
const SEED = Number(process.env['FIRST_SEED'] ?? 1);

/** A cluster, an account and one more that refuses everything, whose records are kept once they were read. */
const given = async (): Promise<Given> => {
  // The time is fixed, so that ages and lags are equal in both answers.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  const sources = [1, 2, 3].map((id) => wireSource(id));
  const tasks = sources.map((source, index) => wireTask(source, { status: index === 1 ? 'kFailure' : 'kSuccess' }));
  const run = wireRun({
    copyRun: [wireCopyRun(501, { copySnapshotTasks: tasks, error: 'it failed' }), wireCopyRun(502)],
  });
  const copyJobs = [
    wireCopyJob('parent', { IsParent: true, NumberOfChildJobs: 1 }),
    wireCopyJob('j1', { ParentJobId: 'parent' }),
  ];
  const cohesity = await startCohesity({
    runs: [run],
    jobs: [{ id: 7, name: 'VM Gold' }],
    sources,
    cluster: { id: cluster.clusterId, name: 'dc-east' },
  });
  const aws = await startAwsBackup({ copyJobs });
  const refusing = await startCohesity({});
  refusing.before = () => ({ status: 403, body: { message: 'no' } });
  for (const double of [cohesity, aws, refusing]) closing(double);
  // A busy machine is no difference between the two, nor is a call that has to wait for its turn.
  const patience = { timeoutMs: 60_000 };
  const config = defaultConfig([
    { ...cohesityAt(cohesity), ...patience },
    { ...awsBackupAt(aws), ...patience, callsPerSecond: { describe: 10_000, list: 10_000 } },
    { ...cohesityAt(refusing), id: 'refusing' },
  ]);
  const limits = { ...config.limits, lookBackHours: 24 * 365 * 10, requestTimeoutMs: 120_000 };
  const long = { finishedSeconds: 3600, runningSeconds: 3600, listSeconds: 3600, staleSeconds: 0 };
  const caching = createCaching({ ...config, cache: { ...config.cache, ...long } }, null);
  const clients = new Map(connect(config, { caching }).map(({ client }) => [client.upstream.name, client]));
  const { failoverGuard } = await createGuard(config, {
    redis: null,
    logger: pino({ enabled: false }),
    onFailover: () => undefined,
    config: () => config,
  });
  const live = createLiveHub({
    ...{ clients: () => clients, failoverGuard, relay: null },
    pace: () => ({ lookBackHours: 24, minMs: 1000, maxMs: 1000, maxCalls: 10 }),
    callFor: (signal, ages) => ({ ...callOf(limits, signal), ...ages }),
    onError: () => undefined,
  });
  const principal = { name: 'anonymous', scopes: new Set(scopes), upstreams: null, expiresAt: null };
  const { signal } = new AbortController();
  const workflow = { enabled: false, twoPerson: false };
  return { principal, clients: () => clients, failoverGuard, live, limits, workflow, signal };
};

const isResult = (result: unknown): result is ExecutionResult =>
  typeof result === 'object' && result !== null && !(Symbol.asyncIterator in result);

/** The values that differ each time: the id of our error, the time of a read, and how an upstream's last call went. */
const moving = /[\da-f]{8}-[-\da-f]{27}|(?<="health":)\{.*?\}|"(?!2024)20\d\d-[^"]*Z"/g;

/** GraphQL states no order among errors. */
const comparable = ({ data, errors = [], extensions }: ExecutionResult): string => {
  const texts = errors.map((error: GraphQLError) => JSON.stringify(error));
  return JSON.stringify({ data, errors: texts.sort(), extensions }).replace(moving, '<moving>');
};

/** Answers as the gateway does, with an executor that compiles a query after so many times. */
const createAnswer = (context: Given, compileAfter: number) => {
  const maskError = createMaskError(() => undefined);
  const { getEnveloped } = createYoga({
    schema,
    context: () => createContext(context),
    maskedErrors: { maskError },
    plugins: [useOutages({ ended: () => undefined }), useCompiledExecution(compileAfter)],
    logging: false,
  });
  return async ({ query, variables }: MadeUp): Promise<string> => {
    const { parse: read, contextFactory, execute, schema: served } = getEnveloped({});
    const args = {
      schema: served,
      document: read(query),
      variableValues: variables,
      operationName: query.includes('query Made') ? 'Made' : null,
    };
    const result: unknown = await execute({ ...args, contextValue: await contextFactory() });
    if (!isResult(result)) throw new Error('an answer in parts');
    return comparable(result);
  };
};

const values = {
  Int: [0, 1, 2, 3, -1],
  Float: [0.5, 10],
  Boolean: [true, false],
  String: ['VM', 'dc-east', 'failed', ''],
  BigInt: ['5', '9007199254740993'],
  DateTime: ['2024-05-01T00:00:00Z', '2024-05-02T00:00:00Z', '2024-05-01T02:00:00.123456Z'],
  ID: [
    `CopyRun:${copyRunKey}`,
    'CopyJob:aws-prod:j1',
    `ProtectionShell:${runKey}`,
    'ProtectionJob:dc-east:7',
    'nothing',
  ],
  copyJobId: ['j1', 'parent', 'none'],
  upstreams: ['dc-east', 'aws-prod', 'refusing'],
  upstream: ['dc-east', 'refusing', 'unknown'],
  representations: [{ __typename: 'CopyJob', id: 'CopyJob:aws-prod:j1' }, { __typename: 'CopyRun', id: 'x' }, 7],
  maxAge: [null, 1000, -1],
};

const isQuery = (text: string): boolean =>
  parse(text).definitions.every(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || node.operation === OperationTypeNode.QUERY,
  );

/** Each query of a document that holds several, by itself. */
const queriesOf = (text: string): readonly string[] =>
  text.split(/^(?=query )/m).filter((part) => part.startsWith('query ') && isQuery(part));

const eachOf = (text: string): readonly string[] => {
  const queries = queriesOf(text);
  return queries.length > 1 ? queries : [text];
};

const written = (file: string): string =>
  readFileSync(new URL(`../bench/peers/queries/${file}`, import.meta.url), 'utf8');

const times = { from: '2024-05-01T00:00:00Z', to: '2024-05-02T00:00:00Z', since: '2024-04-30T00:00:00Z' };
const variables = { ...times, jobGid: 'ProtectionJob:dc-east:7', id: `CopyRun:${copyRunKey}` };

describe('a compiled query', () => {
  it.each([...readExamples(clock()).filter(isQuery).flatMap(eachOf), ...queriesOf(written('ours.graphql'))])(
    'answers as an ordinary one: %s',
    async (query) => {
      const context = await given();
      const asked = { query, variables };
      const wanted = await createAnswer(context, Infinity)(asked);
      const compiled = createAnswer(context, 0);
      expect(await compiled(asked)).toBe(wanted);
      expect(await compiled(asked)).toBe(wanted); // of texts that were kept
      expect(wanted).not.toContain('Variable');
    },
  );

  it.each([
    [
      'conditions on one fragment in two places',
      'query ($b0: Boolean!) { a: node(id: "CopyJob:aws-prod:j1") { ...F @skip(if: $b0) } b: node(id: "CopyJob:aws-prod:j1") { ...F } } fragment F on CopyJob { state }',
    ],
    [
      'conditions below a field that is asked for twice',
      'query ($b0: Boolean!) { copyJob(copyJobId: "j1") @include(if: $b0) { state } copyJob(copyJobId: "j1") { id } }',
    ],
    ['nothing that is left', 'query ($b0: Boolean!) { copyJob(copyJobId: "j1") { state @skip(if: $b0) } }'],
    [
      'six conditions',
      `query ($b0: Boolean!, $b1: Boolean = true, $b2: Boolean = true, $b3: Boolean = false, $b4: Boolean = true, $b5: Boolean = true) { copyJob(copyJobId: "j1") { a: id @skip(if: $b0) b: id @skip(if: $b1) c: id @include(if: $b2) d: id @include(if: $b3) e: id @skip(if: $b4) f: id @include(if: $b5) } }`,
    ],
    [
      'a member that has no value',
      'query ($v0: Int, $v1: [ID!]) { copyJobs(first: $v0, filter: { protectionJobIds: $v1, startedAfter: "2024-05-01T00:00:00Z" }) { totalCount nodes { id } } }',
    ],
    [
      'keys that the compiler takes for one place',
      '{ b: copyJob(copyJobId: "parent") { a: children(first: 0) { nodes { id } } } a_b: copyJob(copyJobId: "j1") { id } }',
    ],
    ['a key that is no key in code', '{ copyJob(copyJobId: "j1") { __proto__: id constructor: state } }'],
    [
      'an argument that is refused',
      '{ copyJobs(first: -1) { totalCount } protectionShells(first: 9999) { totalCount } }',
    ],
    ['items that are refused', '{ nodes(ids: ["CopyJob:aws-prod:j1", "nothing", "CopyJob:aws-prod:none"]) { id } }'],
    ['introspection', '{ __type(name: "CopyJob") { name fields(includeDeprecated: true) { name } } }'],
    ['an operation that is one of two', 'query Made { __typename } query Other { copyJob(copyJobId: "j1") { id } }'],
  ])('answers as an ordinary one: %s', async (_, query) => {
    const context = await given();
    const [compiled, ordinary] = [createAnswer(context, 0), createAnswer(context, Infinity)];
    for (const b0 of [true, false]) {
      const asked = { query, variables: { b0 } };
      expect(await compiled(asked)).toBe(await ordinary(asked));
    }
  });

  it(`answers as an ordinary one, of ${MADE_UP} that are made up`, async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }); // cursors hold the time that a window began
    onTestFinished(() => void vi.useRealTimers());
    const context = await given();
    const [compiled, ordinary] = [createAnswer(context, 0), createAnswer(context, Infinity)];
    const random = createRandom(SEED);
    let tried = 0;
    while (tried < MADE_UP) {
      const asked = makeUp(schema, values, random);
      if (validate(schema, parse(asked.query)).length > 0) continue;
      tried += 1;
      if (/\bnodes?\b/.test(asked.query)) {
        await compiled(asked); // so that the texts of records are there
        vi.setSystemTime(Date.now() + 1000); // none of them depends on the time
      }
      const wanted = await ordinary(asked);
      const got = await compiled(asked);
      // The state of an upstream may change meanwhile. The answer may then be as before the change, or as after it.
      if (got !== wanted && got !== (await ordinary(asked)))
        expect({ ...asked, answer: got }).toEqual({ ...asked, answer: wanted });
    }
  });
});
