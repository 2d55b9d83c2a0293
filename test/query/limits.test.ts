import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExamples } from '../../src/edge/examples.js';
import { clock } from '../../src/calling/clock.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from '../support/fake.js';
import { type Answer, type Gateway, startGateway } from '../support/gateway.js';
import { openSocket } from '../support/websocket.js';

let [cohesity, aws]: Fake[] = [];
let gateway: Gateway;
beforeAll(async () => {
  cohesity = await startCohesity();
  aws = await startAwsBackup({ copyJobs: [{ CopyJobId: 'J1' }] });
  gateway = await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([cohesity?.close(), aws?.close()]);
});

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

/** `open` written so many times around a leaf. */
const nested = (depth: number, open: string, leaf: string): string =>
  `${`${open} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;

const bomb = (levels: number, on: string, leaf: string): string =>
  `${times(levels, (n) => `fragment F${n} on ${on} { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on ${on} { ${leaf} }`;

/** The message is for a person: it says what was too much, and the most that is taken. */
const expectRefused = ({ data, errors }: Answer<unknown>, code: string, limit?: string): void => {
  expect(data ?? null).toBeNull();
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.length).toBeLessThanOrEqual(5);
  expect(errors.map(({ extensions }) => extensions.code)).toContain(code);
  if (limit !== undefined) expect(errors[0]).toMatchObject({ extensions: { limit } });
};

const pages = `{ copyRuns(first: 100) { nodes { copySnapshotTasks(first: 100) { nodes { copyRun { copySnapshotTasks(first: 100) { nodes { id } } } } } } } }`;

describe('a query that asks for too much is refused before anything is asked of an upstream', () => {
  it.each<[string, string, string, string?]>([
    ['1,000 aliases of a field', `{ ${times(1000, (n) => `a${n}: upstreams { id }`)} }`, 'QUERY_TOO_COMPLEX'],
    [
      '100 aliases of a field',
      `{ ${times(100, (n) => `a${n}: upstreams { id }`)} }`,
      'QUERY_TOO_COMPLEX',
      'maxAliases',
    ],
    ['1,000 aliases of __typename', `{ ${times(660, (n) => `a${n}: __typename`)} }`, 'QUERY_TOO_COMPLEX', 'maxAliases'],
    [
      'aliases of __typename deep within',
      `{ upstreams { health { ${times(51, (n) => `a${n}: __typename`)} } } }`,
      'QUERY_TOO_COMPLEX',
      'maxAliases',
    ],
    [
      'an alias of __typename in each of 51 fragments',
      `{ upstreams { ${times(51, (n) => `...F${n}`)} } } ${times(51, (n) => `fragment F${n} on Upstream { a${n}: __typename }`)}`,
      'QUERY_TOO_COMPLEX',
      'maxAliases',
    ],
    [
      'aliases of a fragment that is spread twice',
      `{ upstreams { ...A health { status } } copyJobs { nodes { upstream { ...A } } } } fragment A on Upstream { ${times(26, (n) => `a${n}: id`)} }`,
      'QUERY_TOO_COMPLEX',
      'maxAliases',
    ],
    ['500 repeats of one field', `{ ${times(500, () => '__typename')} }`, 'QUERY_TOO_COMPLEX', 'maxRootFields'],
    ['500 repeats within', `{ upstreams { ${times(500, () => 'id')} } }`, 'QUERY_TOO_COMPLEX', 'repeats'],
    [
      'repeats by inline fragments',
      `{ upstreams { ${times(60, () => '... { id }')} } }`,
      'QUERY_TOO_COMPLEX',
      'repeats',
    ],
    [
      'repeats by a fragment that is not even spread',
      `{ __typename } fragment A on Upstream { ${times(60, () => 'id')} }`,
      'QUERY_TOO_COMPLEX',
      'repeats',
    ],
    ['10,000 tokens', `{ ${times(10_000, () => 'a')} }`, 'QUERY_TOO_COMPLEX', 'maxTokens'],
    ['21 fields at the root', `{ ${times(21, () => 'upstreams { id }')} }`, 'QUERY_TOO_COMPLEX', 'maxRootFields'],
    [
      '21 fields at the root, by a fragment',
      `{ ...A ...A ...A } fragment A on Query { ${times(7, () => 'upstreams { id }')} }`,
      'QUERY_TOO_COMPLEX',
      'maxRootFields',
    ],
    ['11 unknown directives', `{ __typename ${times(11, (n) => `@d${n}`)} }`, 'QUERY_TOO_COMPLEX', 'directives'],
    [
      '500 of one directive',
      `{ __typename ${times(200, () => '@skip(if: false)')} }`,
      'QUERY_TOO_COMPLEX',
      'directives',
    ],
    ['a bomb of 2^24 fragments', `{ ...F0 } ${bomb(24, 'Query', '__typename')}`, 'QUERY_TOO_COMPLEX', 'maxRootFields'],
    [
      'a bomb within a list',
      `{ copyJobs(first: 500) { nodes { ...F0 } } } ${bomb(24, 'CopyJob', 'upstream { id }')}`,
      'QUERY_TOO_COMPLEX',
      'repeats',
    ],
    [
      'fragments in a circle',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a fragment within itself',
      '{ upstreams { ...A } } fragment A on Upstream { id ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['5,000 nested selections', nested(5000, 'a', 'b'), 'QUERY_TOO_COMPLEX'],
    ['300 nested selections', `{ ${nested(300, 'a', 'b')} }`, 'QUERY_TOO_COMPLEX', 'nesting'],
    [
      '20,000 nested lists',
      `{ nodes(ids: ${'['.repeat(20_000)}${']'.repeat(20_000)}) { id } }`,
      'QUERY_TOO_COMPLEX',
      'nesting',
    ],
    [
      'introspection nested 40 deep',
      `{ __schema { types { ${nested(40, 'ofType', 'name')} } } }`,
      'QUERY_TOO_COMPLEX',
      'introspectionDepth',
    ],
    [
      'introspection in circles',
      `{ __schema { types { ${nested(4, 'fields { type', 'name')}${' }'.repeat(4)} } } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a circle of the schema 40 deep',
      `{ copyJobs { nodes { ${nested(40, 'parent', 'id')} } } }`,
      'QUERY_TOO_COMPLEX',
      'maxDepth',
    ],
    ['fields 13 deep', `{ copyJobs { nodes { ${nested(10, 'parent', 'id')} } } }`, 'QUERY_TOO_COMPLEX', 'maxDepth'],
    ['pages in pages', pages, 'QUERY_TOO_COMPLEX', 'maxCost'],
    [
      'pages in pages behind a fragment named __schema',
      `${pages.replace('nodes { id }', '...__schema')} fragment __schema on CopySnapshotTaskConnection { nodes { id } }`,
      'QUERY_TOO_COMPLEX',
      'maxCost',
    ],
  ])('%s', async (_what, query, code, limit) => {
    expectRefused(await gateway.execute(query), code, limit);
    expect([cohesity?.requests(), aws?.requests()]).toEqual([[], []]);
    expect(await gateway.execute('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  });

  it('with the figures: what it may cost, in records and calls, and the most that is taken', async () => {
    const { errors } = await gateway.execute(pages);
    expect(errors).toEqual([
      {
        message:
          'The query may cost 1,020,110: 1,020,100 records, and 1 upstream call at 10 each. The limit is 20,000 (limits.maxCost); ask for smaller pages, or for fewer lists within lists.',
        extensions: {
          code: 'QUERY_TOO_COMPLEX',
          limit: 'maxCost',
          cost: 1_020_110,
          maxCost: 20_000,
          records: 1_020_100,
          calls: 1,
        },
      },
    ]);
  });

  it('whether its pages are written in it or come as variables', async () => {
    const query = pages.replace('{', 'query ($n: Int = 100) {').replaceAll('100)', '$n)').replace('= $n)', '= 100)');
    expectRefused(await gateway.execute(query), 'QUERY_TOO_COMPLEX', 'maxCost');
    expectRefused(await gateway.execute(query, { n: 90 }), 'QUERY_TOO_COMPLEX', 'maxCost');
    expect((await gateway.execute(query, { n: 5 })).errors).toEqual([]);
    await cohesity?.close();
    cohesity = await startCohesity();
  });

  it('with HTTP 400 for who accepts GraphQL’s own media type', async () => {
    const headers = { accept: 'application/graphql-response+json' };
    for (const query of [pages, `{ ${times(10_000, () => 'a')} }`, `{ ${times(100, (n) => `a${n}: __typename`)} }`]) {
      expect((await gateway.execute(query, {}, headers)).status).toBe(400);
    }
  });

  it('over a WebSocket too, queries and subscriptions', async () => {
    const socket = await openSocket(gateway);
    await socket.init();
    for (const [id, query] of Object.entries({
      cost: pages,
      tokens: `{ ${times(10_000, () => 'a')} }`,
      aliases: `subscription { copyOperationChanged { change ${times(51, (n) => `a${n}: __typename`)} } }`,
    })) {
      socket.start(id, query);
      const answer = await socket.answer(id);
      const [{ payload } = { payload: null }] = answer; // of what was begun, a result without data
      expect(payload.errors ?? payload).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
      expect(JSON.stringify(answer)).not.toContain('"http"');
      expect(JSON.stringify(answer)).not.toContain('"http"');
    }
  });
});

describe('a query that anyone may ask is not refused', () => {
  it.each([
    ['20 aliases at the root', `{ ${times(20, (n) => `a${n}: __typename`)} }`],
    ['50 aliases within', `{ upstreams { ${times(50, (n) => `a${n}: id`)} } }`],
    [
      'the board of a compiler: lists under aliases, each by three fragments that say which types they fit',
      `{ ${times(15, (n) => `list${n}: copyOperations(first: ${n}) { nodes { ...Row ...Kind ...Time } }`)} }
      fragment Row on CopyOperation { __isCopyOperation: __typename name target { ...Place } }
      fragment Kind on Activity { __isActivity: __typename state ... on Node { __isNode: __typename id } }
      fragment Time on Activity { __isActivity: __typename startedAt }
      fragment Place on CopyTarget { __isCopyTarget: __typename kind }`,
    ],
    ['20 fields at the root', `{ ${times(20, () => '__typename')} }`],
    ['50 times one field', `{ upstreams { ${times(50, () => 'id')} } }`],
    [
      '5 directives, of which no one minds',
      `{ __typename ${times(2, (n) => (n === 0 ? '@skip(if: false)' : '@include(if: true)'))} }`,
    ],
    ['fields 12 deep', `{ copyJobs(first: 0) { nodes { ${nested(9, 'parent', 'id')} } } }`],
    [
      'what a tool asks first',
      getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true }),
    ],
    [
      'a page of 500 of everything',
      '{ copyOperations(first: 500) { nodes { id name state target { name } upstream { name } } pageInfo { endCursor } } }',
    ],
    [
      '100 nodes',
      '{ nodes(ids: [' +
        times(100, (n) => `"ProtectionSource:dc-east:${n}"`) +
        ']) { id ... on CopyRun { stats { endedAt } } } }',
    ],
  ])('%s', async (_what, query) => {
    const { errors } = await gateway.execute(query);
    expect(errors.map(({ extensions }) => extensions.code)).not.toContain('QUERY_TOO_COMPLEX');
  });

  it.each(readExamples(clock()).map((query) => [query.split('\n')[0] ?? '', query]))(
    'the example %s',
    async (_name, query) => {
      for (const operationName of query.match(/(?<=(?:query|mutation) )\w+/g) ?? []) {
        const response = await fetch(gateway.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, operationName }),
        });
        expect(await response.text()).not.toContain('QUERY_TOO_COMPLEX');
      }
    },
  );
});
