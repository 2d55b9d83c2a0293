import {
  GraphQLError,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  buildSchema,
  execute,
  getNamedType,
  isInputObjectType,
  parse,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadInputError } from '../src/domain/bad-input.js';
import { UpstreamError } from '../src/domain/upstream-error.js';
import { createMaskError } from '../src/edge/errors.js';
import { schema } from '../src/schema/index.js';
import { startAwsBackup } from './support/aws-backup.js';
import { startCohesity } from './support/cohesity.js';
import { type Fake, awsBackupAt, cohesityAt } from './support/fake.js';
import { type AnsweredError, type Gateway, startGateway } from './support/gateway.js';

const start = (Math.floor(Date.now() / 1000) - 3600) * 1_000_000;
const second = 1_000_000;
/** A minute that no other test of this process has: the text of a minute is kept. */
const longAgo = Date.UTC(1999, 3, 5, 6, 7) * 1000;

let cohesity: Fake;
let aws: Fake;
let gateway: Gateway;
let asked = 0;

const requests = (): readonly string[] => [...cohesity.requests(), ...aws.requests()].slice(asked);

beforeAll(async () => {
  const run = (job: number, startTimeUsecs = start + job * second) => ({
    jobId: job,
    jobName: `Job ${job}`,
    backupRun: { jobRunId: job, stats: { startTimeUsecs } },
    copyRun: [
      {
        taskUid: { clusterId: 1, clusterIncarnationId: 2, id: job },
        status: 'kSuccess',
        copySnapshotTasks: [{ source: { id: 11, name: 'vm-11' } }, { source: { id: 12, name: 'vm-12' } }],
      },
    ],
  });
  cohesity = await startCohesity({
    runs: [run(7), run(8), run(7, longAgo)],
    jobs: [
      { id: 7, name: 'Job 7' },
      { id: 8, name: 'Job 8' },
    ],
  });
  const jobs = ['J1', 'J2'].map((CopyJobId, index) => ({
    CopyJobId,
    State: 'RUNNING',
    ResourceArn: `arn:aws:ec2:us-east-1:111122223333:volume/${CopyJobId}`,
    CreationDate: start / 1e6 + index,
  }));
  aws = await startAwsBackup({ copyJobs: jobs });
  gateway = await startGateway({ upstreams: [cohesityAt(cohesity), awsBackupAt(aws)] });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([cohesity.close(), aws.close()]);
});
beforeEach(() => void (asked = cohesity.seen.length + aws.seen.length));

/** The patterns found in an answer that must never be in one, whatever was asked. */
const leaks = (text: string): readonly string[] =>
  [
    /\\n\s+at /,
    /node_modules/,
    /file:/,
    /\/(?:src|work|home|tmp)\//,
    /https?:\/\//,
    /irisservices/,
    /AKIDFAKE/,
    /fake-secret/,
  ]
    .filter((pattern) => pattern.test(text))
    .map(String);

interface Answered {
  readonly status: number;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly data: any;
  readonly errors: readonly AnsweredError[];
}

const post = async (query: string, variables?: object): Promise<Answered> => {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  expect(leaks(text)).toEqual([]);
  const { data, errors = [] } = JSON.parse(text);
  return { status: response.status, text, data, errors };
};

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** As a query writes it; GraphQL's strings are JSON's, its keys are bare. */
const literal = (value: Value): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${literal(member)}`)
    .join(', ')} }`;
};

/** The same value written into the query and sent as a variable: the refusal is the same, and names the argument. */
const refuses = async (
  argument: string,
  type: string,
  value: Value,
  field: (written: string) => string,
): Promise<readonly AnsweredError[]> => {
  const answers = [
    await post(`{ ${field(literal(value))} }`),
    await post(`query ($value: ${type}) { ${field('$value')} }`, { value }),
  ];
  for (const { errors, data } of answers) {
    expect(errors.length).toBeGreaterThanOrEqual(1);
    for (const { message, extensions } of errors) {
      expect([extensions.code, extensions.argument]).toEqual(['BAD_USER_INPUT', argument]);
      expect(message).toContain(argument);
      expect(message.length).toBeLessThanOrEqual(1100);
    }
    for (const member of Object.values(data ?? {})) expect(Array.isArray(member) ? member : [member]).toEqual([null]);
  }
  expect(requests()).toEqual([]);
  return answers.flatMap(({ errors }) => errors);
};

const lists = [
  'copyOperations',
  'copyRuns',
  'copySnapshotTasks',
  'protectionShells',
  'copyJobs',
  'protectionJobs',
  'protectedObjects',
] as const;

const malformed: readonly (readonly [string, string])[] = [
  ['no id', 'nonsense'],
  ['empty', ''],
  ['of no known type', 'Gadget:dc-east:1'],
  ['of the type __proto__', '__proto__:dc-east:1'],
  ['of the type constructor', 'constructor:dc-east:1'],
  ['without an upstream', 'CopyJob'],
  ['with an empty upstream', 'CopyJob::J1'],
  ['without a key', 'CopyJob:aws-prod'],
  ['with an empty key', 'CopyJob:aws-prod:'],
  ['with too many parts', 'CopyJob:aws-prod:J1:2'],
  ['with a stray percent sign', 'CopyJob:aws-prod:100%'],
  ['with a step up', 'CopyJob:aws-prod:..'],
  ['with an encoded step up', 'CopyJob:aws-prod:%2e%2e'],
  ['with a control character', 'CopyJob:aws-prod:J1%00'],
  ['with CR LF', 'CopyJob:aws-prod:J1\r\nX-Injected: 1'],
  ['with encoded CR LF', 'CopyJob:aws-prod:J1%0d%0aX-Injected:1'],
  ['of 10 kB', `CopyJob:aws-prod:${'J'.repeat(10_000)}`],
  ['with ../ in a number', `CopyRun:dc-east:7/../8:${start}:1:2:3`],
  ['with %2f in a number', `CopyRun:dc-east:7%2f8:${start}:1:2:3`],
  ['with a query in a number', `CopyRun:dc-east:7%26x%3D1:${start}:1:2:3`],
  ['with letters in a number', 'ProtectionShell:dc-east:seven:8'],
  ['with a number of 10 kB', `ProtectionJob:dc-east:${'9'.repeat(10_000)}`],
  ['with ../ in the upstream', 'ProtectionJob:../dc-east:7'],
  ['with %2f in the upstream', 'ProtectionJob:dc%2feast:7'],
  ['base64', Buffer.from('CopyJob:aws-prod:J1').toString('base64')],
];

const unknownUpstreams: readonly (readonly [string, string])[] = [
  ['of an unknown upstream', 'CopyJob:nowhere:J1'],
  ['of an upstream __proto__, encoded', 'ProtectionJob:%5f%5fproto%5f%5f:7'],
  ['of an upstream constructor', 'ProtectionJob:constructor:7'],
];

describe('an id', () => {
  it.each([...malformed, ...unknownUpstreams])('%s is refused, and nothing is asked', async (_what, id) => {
    await refuses('id', 'ID!', id, (value) => `node(id: ${value}) { id }`);
    await refuses('ids', '[ID!]!', [id], (value) => `nodes(ids: ${value}) { id }`);
    await refuses('id', 'ID!', id, (value) => `copyRun(id: ${value}) { id }`);
  });

  it.each(['CopyJob:aws-prod:J1', 'ProtectionJob:dc-east:7', `ProtectionShell:dc-east:7:${start}`, 'Upstream:dc-east'])(
    '%s is refused where a copy run is meant',
    async (id) => {
      await refuses('id', 'ID!', id, (value) => `copyRun(id: ${value}) { id }`);
    },
  );

  it('that is refused costs only its own place among others', async () => {
    const ids = ['nonsense', 'Upstream:dc-east', 'CopyJob:nowhere:1', 'CopyJob:aws-prod:J1'];
    const { data, errors } = await post('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data.nodes).toEqual([null, { id: 'Upstream:dc-east' }, null, { id: 'CopyJob:aws-prod:J1' }]);
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['nodes', 0], 'BAD_USER_INPUT'],
      [['nodes', 2], 'BAD_USER_INPUT'],
    ]);
  });

  it('is refused with more than a page of others', async () => {
    const ids = Array.from({ length: 501 }, () => 'Upstream:dc-east');
    await refuses('ids', '[ID!]!', ids, (value) => `nodes(ids: ${value}) { id }`);
  });

  it.each(['../vaults', '..%2fvaults', 'J1/../../vaults', 'J1?x=1', 'J1#x', 'a\\b', '%2e%2e'])(
    'of a copy job that would leave its path, %j, is refused',
    async (copyJobId) => {
      await refuses('copyJobId', 'String!', copyJobId, (value) => `copyJob(copyJobId: ${value}) { id }`);
      const id = `CopyJob:aws-prod:${encodeURIComponent(copyJobId)}`;
      await refuses('id', 'ID!', id, (value) => `node(id: ${value}) { id }`);
    },
  );

  it.each([
    ['empty', ''],
    ['a step up', '..'],
    ['with CR LF', 'J1\r\nX-Injected: 1'],
    ['of 10 kB', 'J'.repeat(10_000)],
  ])('of AWS’s own that is %s is refused', async (_what, id) => {
    await refuses('copyJobId', 'String!', id, (value) => `copyJob(copyJobId: ${value}) { id }`);
  });

  it.each([...malformed, ['of another type', 'CopyJob:aws-prod:J1'] as const])(
    '%s is refused in a filter',
    async (_what, id) => {
      for (const list of ['copyOperations', 'copyRuns', 'copySnapshotTasks', 'protectionShells']) {
        await refuses(
          'filter.protectionJobIds',
          '[ID!]',
          [id],
          (value) => `${list}(filter: { protectionJobIds: ${value} }) { totalCount }`,
        );
      }
    },
  );
});

describe('the name of an upstream', () => {
  it.each(['nowhere', '', '__proto__', 'constructor', 'toString', 'dc-east/../x', 'x'.repeat(10_000)])(
    'that is unknown, %.20j, is refused in every filter',
    async (name) => {
      for (const list of lists) {
        await refuses(
          'filter.upstreams',
          '[String!]',
          [name],
          (value) => `${list}(filter: { upstreams: ${value} }) { totalCount }`,
        );
      }
      await refuses(
        'filter.upstreams',
        '[String!]',
        ['dc-east', name],
        (value) => `copySummary(filter: { upstreams: ${value} }) { total { count } }`,
      );
      await refuses('upstream', 'String!', name, (value) => `copyJob(copyJobId: "J1", upstream: ${value}) { id }`);
      const { data, errors } = await post('query ($name: String!) { upstream(name: $name) { id } }', { name });
      expect([data, errors]).toEqual([{ upstream: null }, []]);
    },
  );
});

describe('a page', () => {
  it.each(lists)('of %s of a bad size is refused', async (list) => {
    for (const [argument, size] of [
      ['first', -1],
      ['first', 501],
      ['first', 1e9],
      ['first', 2 ** 31],
      ['first', 1.5],
      ['first', 'many'],
      ['last', -1],
      ['last', 501],
    ] as const) {
      await refuses(argument, 'Int', size, (value) => `${list}(${argument}: ${value}) { nodes { id } }`);
    }
    await refuses('first', 'Int', 5, (value) => `${list}(first: ${value}, last: 5) { nodes { id } }`);
  });

  it.each(lists)('of none of %s is empty', async (list) => {
    const { data, errors } = await post(
      `{ a: ${list}(first: 0) { nodes { id } edges { cursor } } b: ${list}(last: 0) { nodes { id } } }`,
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({ a: { nodes: [], edges: [] }, b: { nodes: [] } });
  });
});

describe('a cursor', () => {
  const cursors = new Map<string, string>();
  beforeAll(async () => {
    for (const list of lists) {
      const { data } = await gateway.execute(`{ ${list}(first: 1) { pageInfo { endCursor } } }`);
      cursors.set(list, data[list].pageInfo.endCursor);
    }
  });
  const cursorOf = (list: string): string => cursors.get(list) ?? '';
  const recode = (cursor: string, change: (parts: unknown[]) => unknown): string =>
    Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(cursor, 'base64url').toString())))).toString('base64url');

  it.each(lists)('of %s that is cut, made up, or of another list or sort is refused', async (list) => {
    const own = cursorOf(list);
    expect(own).not.toBe('');
    const { errors } = await post(`{ ${list}(after: ${JSON.stringify(own)}) { nodes { id } } }`);
    expect(errors).toEqual([]);
    asked = cohesity.seen.length + aws.seen.length;
    const bad: readonly string[] = [
      own.slice(0, -1),
      own.slice(0, -4),
      own.slice(1),
      `${own}A`,
      `${own}=`,
      ` ${own}`,
      own.toLowerCase(),
      '',
      'garbage',
      '\r\n',
      'x'.repeat(10_000),
      Buffer.from('[]').toString('base64url'),
      Buffer.from('{"__proto__":1}').toString('base64url'),
      Buffer.from('null').toString('base64url'),
      recode(own, (parts) => parts.slice(0, -1)),
      recode(own, (parts) => [...parts, 'more']),
      recode(own, ([tag, , ...rest]) => [tag, '0', ...rest]),
      recode(own, ([tag, from]) => [tag, from, {}, []]),
      ...lists.filter((other) => other !== list).map(cursorOf),
    ];
    for (const cursor of bad) {
      await refuses('after', 'String', cursor, (value) => `${list}(after: ${value}) { nodes { id } }`);
    }
    await refuses('before', 'String', own.slice(1), (value) => `${list}(before: ${value}) { nodes { id } }`);
  });

  it('of a list inside a record is not one of the list of all', async () => {
    const id = `CopyRun:dc-east:7:${start + 7 * second}:1:2:7`;
    const { data } = await post(`{ copyRun(id: "${id}") { copySnapshotTasks(first: 1) { pageInfo { endCursor } } } }`);
    const inner: string = data.copyRun.copySnapshotTasks.pageInfo.endCursor;
    asked = cohesity.seen.length + aws.seen.length;
    await refuses('after', 'String', inner, (value) => `copySnapshotTasks(after: ${value}) { nodes { id } }`);
    const outer = await post(
      `{ copyRun(id: "${id}") { copySnapshotTasks(after: "${cursorOf('copySnapshotTasks')}") { nodes { id } } } }`,
    );
    expect(outer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });

  it('of a list that began in the distant past is good for the next page', async () => {
    const filter = '{ startedAfter: "1700-01-01T00:00:00Z" }';
    const first = await post(`{ copyRuns(filter: ${filter}, first: 1) { pageInfo { endCursor } } }`);
    const { data, errors } = await post(
      'query ($after: String) { copyRuns(first: 1, after: $after) { nodes { id } } }',
      {
        after: first.data.copyRuns.pageInfo.endCursor,
      },
    );
    expect(errors).toEqual([]);
    expect(data.copyRuns.nodes.length).toBe(1);
  });
});

describe('a point in time', () => {
  const dated = lists.filter((list) => !['protectionJobs', 'protectedObjects'].includes(list));

  it.each<Value>([
    '+275760-09-13',
    '+275760-09-13T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-05-01T24:00:01Z',
    '2024-05-01T02:00:00',
    '2024-05-01',
    '2024-05-01 02:00:00Z',
    '2024-05-01T02:00:00+24:00',
    '0000-00-00T00:00:00Z',
    'yesterday',
    '',
    '2024-05-01T02:00:00Z\r\n',
    `2024-05-01T02:00:00.${'1'.repeat(10_000)}Z`,
    1714528800,
    true,
    { at: 1 },
  ])('written as %.60j is refused', async (value) => {
    for (const member of ['startedAfter', 'endedBefore']) {
      for (const list of dated) {
        await refuses(
          `filter.${member}`,
          'DateTime',
          value,
          (written) => `${list}(filter: { ${member}: ${written} }) { totalCount }`,
        );
      }
    }
  });

  it('in a filter that is a variable as a whole is refused under its full name, each time it is asked', async () => {
    const query = 'query ($given: CopyRunFilter) { copyRuns(filter: $given) { totalCount } }';
    for (let times = 1; times <= 2; times += 1) {
      const { errors } = await post(query, { given: { endedAfter: 'at "given.startedBefore"; x' } });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter.endedAfter' } }]);
      const inline = await post('{ copyRuns(filter: { finished: true, endedAfter: "x" }) { totalCount } }');
      expect(inline.errors).toMatchObject([
        {
          message: expect.stringMatching(/^filter\.endedAfter: "x" is not a DateTime/),
          extensions: { argument: 'filter.endedAfter' },
        },
      ]);
    }
  });
});

describe('a BigInt', () => {
  const wrong: readonly Value[] = [
    '1e309',
    '0x10',
    '9'.repeat(5000),
    '9223372036854775808',
    '-9223372036854775809',
    '',
    ' 1',
    '1.5',
    'nonsense',
    1.5,
    true,
    {},
  ];
  const inexact = 2 ** 53; // as JSON's number, which may mean another; a query has its digits
  const takers = [
    ['failover', 'FailoverInput', 'objects.objectId'],
    ['failover', 'FailoverInput', 'replicationClusterId'],
    ['failover', 'FailoverInput', 'viewId'],
    ['viewFailover', 'ViewFailoverInput', 'viewId'],
    ['initFailover', 'InitFailoverInput', 'sourceClusterId'],
    ['linkFailoverObjects', 'LinkFailoverObjectsInput', 'links.replicaObjectId'],
    ['linkFailoverObjects', 'LinkFailoverObjectsInput', 'links.recoveredObjectId'],
  ] as const;

  /** The input of a mutation, with a value in one place. */
  const inputWith = (mutation: (typeof takers)[number][0], path: string, value: Value): Value => {
    const at = (place: string, usual: string): Value => (path === place ? value : usual);
    const common = { upstream: 'dc-east', idempotencyKey: 'k', viewId: at('viewId', '5') };
    const objects = [{ objectId: at('objects.objectId', '101') }];
    const link = {
      replicaObjectId: at('links.replicaObjectId', '101'),
      recoveredObjectId: at('links.recoveredObjectId', '102'),
    };
    return {
      failover: { ...common, objects, replicationClusterId: at('replicationClusterId', '77') },
      viewFailover: { ...common, action: 'PREPARE' },
      initFailover: {
        ...{ replica: 'dc-east', idempotencyKey: 'k', objects, kind: 'PLANNED' },
        sourceClusterId: at('sourceClusterId', '77'),
      },
      linkFailoverObjects: { workflow: 'FailoverWorkflow:dc-east:k', links: [link] },
    }[mutation];
  };

  it('is taken by these arguments', () => {
    const takes = Object.values(schema.getTypeMap())
      .filter(isInputObjectType)
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ type }) => getNamedType(type).name === 'BigInt');
    expect(takes.map(({ name }) => name).sort()).toEqual(takers.map(([, , path]) => path.split('.').at(-1)).sort());
  });

  it.each(takers)(
    'that is none is refused by %s with %s for %s, in the query and in a variable',
    async (mutation, type, path) => {
      for (const value of [...wrong, inexact]) {
        const given = inputWith(mutation, path, value);
        const answers = [
          ...(value === inexact
            ? []
            : [
                await post(
                  `mutation { ${mutation}(input: ${literal(given).replace(/"(PREPARE|PLANNED)"/, '$1')}) { __typename } }`,
                ),
              ]),
          await post(`mutation ($given: ${type}!) { ${mutation}(input: $given) { __typename } }`, { given }),
        ];
        for (const { data, errors } of answers) {
          expect(data?.[mutation] ?? null).toBeNull();
          expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: `input.${path}` } }]);
          expect(errors[0]?.message.length).toBeLessThanOrEqual(1100);
        }
      }
      expect(requests()).toEqual([]);
    },
  );

  it('has 64 bits', () => {
    // A scalar.
    const { parseValue } = schema.getType('BigInt') as unknown as { parseValue(value: unknown): bigint };
    for (const value of [...wrong, inexact, null]) expect(() => parseValue(value)).toThrow(/is not a BigInt/);
    expect(parseValue('-9223372036854775808')).toBe(-(2n ** 63n));
    expect(parseValue('9223372036854775807')).toBe(2n ** 63n - 1n);
  });
});

describe('other words of the query', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__typename'])('%s is harmless', async (name) => {
    const alias = await post(`{ ${name}: upstream(name: "dc-east") { ${name}: name } }`);
    expect(alias.errors).toEqual([]);
    expect(alias.text).toContain(`"${name}":{"${name}":"dc-east"}`);
    const variables = JSON.parse(`{"${name}":"Upstream:dc-east"}`);
    const variable = await post(`query ($${name}: ID!) { node(id: $${name}) { id } }`, variables);
    for (const { extensions } of variable.errors) expect(extensions.code).toBe('BAD_USER_INPUT');
    if (variable.errors.length === 0) expect(variable.data.node).toEqual({ id: 'Upstream:dc-east' });
    const key = await post('query ($f: CopyRunFilter) { copyRuns(filter: $f) { totalCount } }', {
      f: JSON.parse(`{"${name}":{"polluted":true}}`),
    });
    expect(key.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'filter' } }]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const operation = await post(`query ${name} { upstreams { name } }`);
    expect(operation.errors).toEqual([]);
    expect(requests()).toEqual([]);
  });

  it('a value of no such word, or of another type, is refused under its argument’s name', async () => {
    await refuses(
      'filter.states',
      '[ActivityState!]',
      ['DONE'],
      (value) => `copyRuns(filter: { states: ${value} }) { totalCount }`,
    );
    await refuses(
      'filter.finished',
      'Boolean',
      'yes',
      (value) => `copyRuns(filter: { finished: ${value} }) { totalCount }`,
    );
    await refuses('id', 'ID!', null, (value) => `node(id: ${value}) { id }`);
  });

  it('a variable that is missing is refused under its argument’s name', async () => {
    const { errors } = await post('query ($id: ID!) { node(id: $id) { id } }', {});
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'id' } }]);
  });

  it.each(['{ copyRuns(', '', '}', '{ a b: }', '\u0000'])('%j does not parse', async (query) => {
    const { errors, data } = await post(query);
    expect(data).toBeUndefined();
    expect(errors.length).toBe(1);
    expect(errors[0]?.extensions.code).toMatch(/^GRAPHQL_PARSE_FAILED$|^BAD_USER_INPUT$/);
  });

  it.each([
    '{ copyRunz { id } }',
    '{ copyRuns { nodes { idd } } }',
    '{ copyRuns(frist: 1) { totalCount } }',
    '{ copyRuns(filter: { satrtedAfter: "2024-05-01T02:00:00Z" }) { totalCount } }',
    'query ($n: String) { copyRuns(first: $n) { totalCount } }',
    '{ ...missing }',
    '{ upstreams }',
  ])('%s does not fit the schema', async (query) => {
    const { errors, data } = await post(query, {});
    expect(data).toBeUndefined();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    expect(requests()).toEqual([]);
  });

  it('leave no line in the log: they are the caller’s mistakes, and anybody can make many', async () => {
    const before = gateway.logs.length;
    await post('{ copyRuns(');
    await post('{ node(id: "nonsense") { id } }');
    expect(gateway.logs.slice(before)).toEqual([]);
  });
});

describe('a bug of ours', () => {
  const secret = 'the bug says /etc/passwd and https://inside.example';

  it('is masked, and told under an id that the log has too', async () => {
    // `DateTime` is written with it; nothing else of this answer is.
    const bug = vi.spyOn(Date.prototype, 'toISOString').mockImplementation(() => {
      throw new RangeError(secret);
    });
    const { data, errors, text } = await post(
      '{ copyRuns(first: 1, filter: { startedAfter: "1999-01-01T00:00:00Z", startedBefore: "2000-01-01T00:00:00Z" }) { nodes { id startedAt } } }',
    );
    bug.mockRestore();
    expect(data.copyRuns.nodes[0].startedAt).toBeNull();
    expect(text).not.toContain('passwd');
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^Internal error; quote the error id [\da-f-]{36} to the operator\.$/),
        path: ['copyRuns', 'nodes', 0, 'startedAt'],
        locations: expect.any(Array),
        extensions: { code: 'INTERNAL', errorId: expect.stringMatching(/^[\da-f-]{36}$/) },
      },
    ]);
    const [error] = errors;
    const lines = gateway.logs.map((line): { errorId?: string; err?: { message: string } } => JSON.parse(line));
    const logged = lines.filter((line) => line.errorId !== undefined);
    expect(logged).toMatchObject([
      { level: 50, err: { message: secret, stack: expect.stringContaining('RangeError') } },
    ]);
    expect(error?.message).toContain(logged[0]?.errorId);
  });

  const mask = () => {
    const logged: { errorId: string; err: unknown }[] = [];
    return { logged, maskError: createMaskError((fields) => void logged.push(fields)) };
  };
  const codeOf = (error: Error): unknown => (error instanceof GraphQLError ? error.extensions['code'] : undefined);

  it.each([
    ['an error', new Error(secret)],
    ['an error under GraphQL’s', new GraphQLError(secret, { originalError: new TypeError(secret), path: ['a'] })],
    ['a text', secret],
    ['null', null],
    ['an object', { message: secret }],
  ])('is masked when it throws %s', (_what, thrown) => {
    const { maskError, logged } = mask();
    const masked = maskError(thrown);
    expect(codeOf(masked)).toBe('INTERNAL');
    expect(JSON.stringify(masked) + masked.message).not.toContain('passwd');
    expect(logged.length).toBe(1);
    expect(masked.message).toContain(logged[0]?.errorId);
  });

  it('is not the caller’s mistake when an answer does not fit its type', async () => {
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({
        name: 'Query',
        fields: { count: { type: GraphQLInt, resolve: () => 2 ** 40 } },
      }),
    });
    const { errors = [] } = await execute({ schema, document: parse('{ count }') });
    const { maskError, logged } = mask();
    const masked = errors.map(maskError);
    expect(masked.map(codeOf)).toEqual(['INTERNAL']);
    expect(masked[0]?.message).not.toContain(String(2 ** 40));
    expect(logged.length).toBe(1);
  });

  it('is not what a caller or an upstream did', async () => {
    const { maskError, logged } = mask();
    const told = (originalError: Error) =>
      maskError(new GraphQLError(originalError.message, { originalError, path: ['a'] }));
    expect(told(new BadInputError('first', 'first must not be negative'))).toMatchObject({
      message: 'first must not be negative',
      extensions: { code: 'BAD_USER_INPUT', argument: 'first' },
    });
    expect(told(new UpstreamError('dc-east', 'throttled', secret, { retryAfterMs: 5 }))).toMatchObject({
      message: 'Upstream dc-east asks us to slow down.',
      extensions: { code: 'UPSTREAM_RATE_LIMITED', upstream: 'dc-east', retryAfterMs: 5 },
    });
    const schema = buildSchema('type Query { a(ids: [ID!]): Int }');
    const { errors = [] } = await execute({
      schema,
      document: parse('query ($id: ID) { a(ids: [$id]) }'),
      variableValues: {},
    });
    expect(errors.map(maskError).map(codeOf)).toEqual(['BAD_USER_INPUT']);
    expect(logged).toEqual([]);
  });
});
