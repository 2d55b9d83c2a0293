import { gzipSync } from 'node:zlib';
import type { Sent } from '../support/http.js';

/** The keys of the gateway that is attacked; each is named for what it may do. */
export const keys = {
  reader: ['copy:read'],
  presser: ['failover:execute', 'copy:cancel'],
} as const;

/**
 * A request, and the answer that must come back: a status, and a code among one to five errors. The code is `null`
 * where no error may come.
 */
export interface Attack {
  readonly name: string;
  readonly sent: Sent;
  readonly status: number;
  readonly code: string | null;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const csrf = { 'x-graphql-yoga-csrf': '1' };

const times = (count: number, write: (index: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(between);
const nested = (depth: number, open: string, leaf: string): string =>
  `${`${open} { `.repeat(depth)}${leaf}${' }'.repeat(depth)}`;

const body = (query: string, variables?: object): string => JSON.stringify({ query, variables });

/** A query of the reader; refused with 200, as GraphQL over HTTP has it for `application/json`. */
const asked = (name: string, query: string, code: string | null, variables?: object): Attack => ({
  name,
  sent: { body: body(query, variables), headers: bearer('reader') },
  status: 200,
  code,
});

/** A variable that its type does not take. */
const untaken = (name: string, query: string, variables: object): Attack => ({
  ...asked(name, query, 'BAD_USER_INPUT', variables),
  status: 400,
});

const bodied = (name: string, status: number, sent: Sent): Attack => ({
  name,
  sent: { ...sent, headers: { ...bearer('reader'), ...sent.headers } },
  status,
  code: status === 403 ? 'FORBIDDEN' : 'BAD_USER_INPUT',
});

const plain = body('{ __typename }');
const failover = `mutation { failover(input: { upstream: "dc-east", idempotencyKey: "k", replicationClusterId: "1", objects: [{ objectId: "1" }] }) { __typename } }`;
const jobs = '{ copyJobs { totalCount } }';
const bomb = `{ ...F0 } ${times(24, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F24 on Query { __typename }`;
const pages = `{ copyRuns(first: 100) { nodes { copySnapshotTasks(first: 100) { nodes { copyRun { copySnapshotTasks(first: 100) { nodes { id } } } } } } } }`;

const floods: readonly Attack[] = [
  asked('1,000 aliases of a field', `{ ${times(1000, (n) => `a${n}: upstreams { id }`)} }`, 'QUERY_TOO_COMPLEX'),
  asked('1,000 aliases of __typename', `{ ${times(1000, (n) => `a${n}: __typename`)} }`, 'QUERY_TOO_COMPLEX'),
  asked('500 repeats of one field', `{ ${times(500, () => '__typename')} }`, 'QUERY_TOO_COMPLEX'),
  asked('10,000 tokens', `{ ${times(10_000, () => 'a')} }`, 'QUERY_TOO_COMPLEX'),
  asked('11 unknown directives', `{ __typename ${times(11, (n) => `@d${n}`)} }`, 'QUERY_TOO_COMPLEX'),
  asked('a bomb of 2^24 fragments', bomb, 'QUERY_TOO_COMPLEX'),
  asked(
    'fragments in a circle',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    'GRAPHQL_VALIDATION_FAILED',
  ),
  asked('5,000 nested selections', nested(5000, 'a', 'b'), 'QUERY_TOO_COMPLEX'),
  asked(
    '20,000 nested lists',
    `{ nodes(ids: ${'['.repeat(20_000)}${']'.repeat(20_000)}) { id } }`,
    'QUERY_TOO_COMPLEX',
  ),
  asked('introspection 40 deep', `{ __schema { types { ${nested(40, 'ofType', 'name')} } } }`, 'QUERY_TOO_COMPLEX'),
  asked(
    'a circle of the schema 40 deep',
    `{ copyJobs { nodes { ${nested(40, 'parent', 'id')} } } }`,
    'QUERY_TOO_COMPLEX',
  ),
  asked('pages in pages', pages, 'QUERY_TOO_COMPLEX'),
];

const bodies: readonly Attack[] = [
  bodied('a batch', 400, { body: `[${plain},${plain}]` }),
  bodied('a body too large, of a known length', 413, { body: body('{ __typename }', { a: 'x'.repeat(200_000) }) }),
  bodied('a body too large, in chunks', 413, {
    body: body('{ __typename }', { a: 'x'.repeat(200_000) }),
    headers: { 'content-length': null, 'transfer-encoding': 'chunked' },
  }),
  bodied('a compressed body', 415, { body: gzipSync(plain), headers: { 'content-encoding': 'gzip' } }),
  bodied('an encoding that is none', 415, { body: plain, headers: { 'content-encoding': 'x' } }),
  bodied('100,000 variables', 413, {
    body: `{"query":"{ __typename }","variables":{${times(100_000, (n) => `"v${n}":1`, ',')}}}`,
  }),
  bodied('JSON nested 10,000 deep', 400, {
    body: `{"query":"{ __typename }","variables":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
  }),
  bodied('no JSON', 400, { body: '{"query": "{ __typename }"' }),
  bodied('invalid UTF-8', 400, { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
  bodied('an odd charset', 415, { body: plain, headers: { 'content-type': 'application/json; charset=utf-16' } }),
  bodied('a form', 415, {
    body: 'query={__typename}',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  bodied('several parts', 415, { body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  bodied('text', 415, { body: plain, headers: { 'content-type': 'text/plain' } }),
  bodied('no type', 415, { body: plain, headers: { 'content-type': null } }),
  bodied('a mutation by GET', 405, {
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(failover)}`,
    headers: csrf,
  }),
  bodied('a query by GET without the header', 403, {
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(jobs)}`,
    headers: { 'content-type': null },
  }),
  bodied('another method', 405, { method: 'PUT', body: plain }),
  bodied('another path', 404, { path: '/graphql%2f..%2fmetrics', body: plain }),
  bodied('a path with CR LF', 404, { path: '/graphql%0d%0aX-Injected:%201', body: plain }),
  {
    ...asked('a page of a stranger', '{ __typename }', null),
    sent: { body: plain, headers: { ...bearer('reader'), origin: 'https://evil.example.com' } },
  },
  {
    ...asked('a page of nowhere', '{ __typename }', null),
    sent: { body: plain, headers: { ...bearer('reader'), origin: 'null' } },
  },
];

const operations: readonly (readonly [string, string])[] = [
  ['a query', jobs],
  ['node', '{ node(id: "CopyJob:aws-prod:J1") { id } }'],
  ['nodes', '{ nodes(ids: ["CopyJob:aws-prod:J1"]) { id } }'],
  [
    '_entities',
    '{ _entities(representations: [{ __typename: "CopyJob", id: "CopyJob:aws-prod:J1" }]) { __typename } }',
  ],
  ['_service', '{ _service { sdl } }'],
  ['a subscription', 'subscription { copyOperationChanged { change } }'],
];

const strangers: readonly Attack[] = [...operations, ['a mutation', failover] as const].flatMap(([name, query]) =>
  (
    [
      ['no key', {}],
      ['a wrong key', bearer('guess')],
      ['a token that nobody signed', bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.')],
    ] as const
  ).map(([who, headers]) => ({
    name: `${name} with ${who}`,
    sent: { body: body(query), headers },
    status: 401,
    code: 'UNAUTHENTICATED',
  })),
);

const overreaching: readonly Attack[] = [
  ...operations.map(([name, query]) => ({
    ...asked(`${name} without the scope to read`, query, 'FORBIDDEN'),
    sent: { body: body(query), headers: bearer('presser') },
  })),
  asked('a failover without its scope', failover, 'FORBIDDEN'),
  asked(
    'a cancel without its scope',
    'mutation { cancelCopyRun(id: "CopyRun:dc-east:7:1:1:1:1") { __typename } }',
    'FORBIDDEN',
  ),
  asked(
    'an upstream that may not be seen, as a filter',
    '{ copyRuns(filter: { upstreams: ["dc-east"] }) { totalCount } }',
    'FORBIDDEN',
  ),
  asked('an upstream that may not be seen, in an id', '{ node(id: "ProtectionJob:dc-east:7") { id } }', 'FORBIDDEN'),
  asked(
    'an upstream that may not be seen, in a reference',
    '{ _entities(representations: [{ __typename: "ProtectionJob", id: "ProtectionJob:dc-east:7" }]) { __typename } }',
    'FORBIDDEN',
  ),
];

const ids: readonly (readonly [string, string])[] = [
  ['malformed', 'CopyJob'],
  ['empty', ''],
  ['of no type', 'Nothing:aws-prod:1'],
  ['of an unknown upstream', 'CopyJob:nowhere:J1'],
  ['with ../', 'CopyJob:aws-prod:../vaults'],
  ['with %2f', 'CopyJob:aws-prod:..%2fvaults'],
  ['with CR LF', 'CopyJob:aws-prod:J1\r\nX-Injected: 1'],
  ['10 kB long', `CopyJob:aws-prod:${'J'.repeat(10_000)}`],
];
const cursors = ['', 'x', 'eyJ', Buffer.from('["copyRuns",[1,"a"],null]').toString('base64url'), 'A'.repeat(10_000)];

const values: readonly Attack[] = [
  ...ids.flatMap(([name, id]) => [
    asked(`an id ${name}`, 'query ($id: ID!) { node(id: $id) { id } }', 'BAD_USER_INPUT', { id }),
    asked(
      `a reference ${name}`,
      'query ($id: ID!) { _entities(representations: [{ __typename: "CopyJob", id: $id }]) { __typename } }',
      'BAD_USER_INPUT',
      { id },
    ),
  ]),
  asked('an id of another type', '{ copyRun(id: "CopyJob:aws-prod:J1") { id } }', 'BAD_USER_INPUT'),
  asked(
    'a reference of another type',
    '{ _entities(representations: [{ __typename: "CopyRun", id: "CopyJob:aws-prod:J1" }]) { __typename } }',
    'BAD_USER_INPUT',
  ),
  asked(
    'a reference of an unknown type',
    '{ _entities(representations: [{ __typename: "Nothing", id: "CopyJob:aws-prod:J1" }]) { __typename } }',
    'BAD_USER_INPUT',
  ),
  asked(
    'a reference without its key',
    '{ _entities(representations: [{ __typename: "CopyJob" }]) { __typename } }',
    'BAD_USER_INPUT',
  ),
  asked(
    '101 references',
    'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }',
    'BAD_USER_INPUT',
    { all: Array(101).fill({ __typename: 'CopyJob', id: 'x' }) },
  ),
  bodied('10,000 references', 413, {
    body: body('query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }', {
      all: Array(10_000).fill({ __typename: 'CopyJob', id: 'x' }),
    }),
  }),
  ...cursors.map((after) =>
    asked(
      `a cursor such as ${after.slice(0, 20) || 'none'}`,
      'query ($after: String) { copyJobs(after: $after) { totalCount } }',
      'BAD_USER_INPUT',
      { after },
    ),
  ),
  asked('first: -1', '{ copyJobs(first: -1) { nodes { id } } }', 'BAD_USER_INPUT'),
  asked('first: 1e9', '{ copyJobs(first: 1000000000) { nodes { id } } }', 'BAD_USER_INPUT'),
  asked('first with last', '{ copyJobs(first: 1, last: 1) { nodes { id } } }', 'BAD_USER_INPUT'),
  asked('first: 0', '{ copyJobs(first: 0) { nodes { id } } }', null),
  ...['__proto__', 'constructor', 'toString'].flatMap((name) => [
    asked(`the alias ${name}`, `{ ${name}: __typename }`, null),
    untaken(`the variable ${name}`, `query ($${name}: String!) { upstream(name: $${name}) { id } }`, { x: 1 }),
    asked(`the upstream ${name}`, `{ upstream(name: "${name}") { id } }`, null),
    asked(
      `the input member ${name}`,
      `{ copyJobs(filter: { ${name}: 1 }) { totalCount } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ),
  ]),
  ...['1e309', '0x10', '9'.repeat(5000)].map((number) =>
    untaken(
      `the BigInt ${number.slice(0, 10)}`,
      'mutation ($n: BigInt!) { failover(input: { upstream: "dc-east", idempotencyKey: "k", replicationClusterId: $n, objects: [] }) { __typename } }',
      { n: number },
    ),
  ),
  ...['+275760-09-13', '2024-02-30', '2024-02-30T00:00:00Z'].map((time) =>
    untaken(`the DateTime ${time}`, 'query ($t: DateTime) { copyJobs(filter: { startedAfter: $t }) { totalCount } }', {
      t: time,
    }),
  ),
];

const lookingAround: readonly Attack[] = [
  asked('introspection', '{ __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'),
  asked('introspection of one type', '{ __type(name: "Query") { name } }', 'GRAPHQL_VALIDATION_FAILED'),
  asked('a misspelt field', '{ copyJob5 { id } }', 'GRAPHQL_VALIDATION_FAILED'),
  bodied('the page of GraphiQL', 406, { method: 'GET', headers: { accept: 'text/html', 'content-type': null } }),
];

/** The rows of what must be withstood that are one request; connections, floods of them, and upstreams have tests of their own. */
export const attacks: readonly Attack[] = [
  ...floods,
  ...bodies,
  ...strangers,
  ...overreaching,
  ...values,
  ...lookingAround,
];
