import fc from 'fast-check';
import {
  type OperationDefinitionNode,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type QueryCost, costOf, createCosts } from '../../src/edge/query-cost.js';
import { shapeOf } from '../../src/edge/query-shape.js';
import { schema } from '../../src/schema/index.js';

const cost = (query: string, variables: Readonly<Record<string, unknown>> = {}): QueryCost => {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions[0] as OperationDefinitionNode; // each query here begins with it
  return costOf({ schema, document, operation, variables, maxPageSize: 500 });
};

const figures = (records: number, calls: number): QueryCost => ({ calls, cost: records + 10 * calls });

describe('what a query may cost', () => {
  it.each<[string, string, QueryCost]>([
    ['nothing for __typename', '{ __typename }', figures(0, 0)],
    ['nothing for introspection', '{ __schema { types { name fields { name } } } }', figures(0, 0)],
    ['one for an object, and none for its values', '{ upstream(name: "x") { id name kind } }', figures(1, 0)],
    ['a call where the schema says so', '{ copyRun(id: "x") { id } }', figures(1, 1)],
    ['each record of a page', '{ copyJobs(first: 7) { nodes { id } } }', figures(7, 1)],
    ['the records of edges', '{ copyJobs(first: 7) { edges { node { id } } } }', figures(7, 1)],
    ['50 where no page is named', '{ copyJobs { nodes { id } } }', figures(50, 1)],
    ['50 where the page is null', '{ copyJobs(first: null) { nodes { id } } }', figures(50, 1)],
    ['last as first', '{ copyJobs(last: 9) { nodes { id } } }', figures(9, 1)],
    ['the larger of both, which the list refuses', '{ copyJobs(first: 2, last: 9) { nodes { id } } }', figures(9, 1)],
    ['no page larger than there is', '{ copyJobs(first: 1000000000) { nodes { id } } }', figures(500, 1)],
    ['no page smaller than none', '{ copyJobs(first: -5) { nodes { id } } }', figures(0, 1)],
    ['nothing of an empty page', '{ copyJobs(first: 0) { nodes { upstream { id } } } }', figures(0, 1)],
    [
      'pages within pages',
      '{ copyJobs(first: 10) { nodes { children(first: 20) { nodes { id } } } } }',
      figures(10 * (1 + 20), 1 + 10),
    ],
    [
      'what is beside a page for no page',
      '{ copyJobs(first: 10) { pageInfo { endCursor } upstreamReports { ok upstream { id } } } }',
      figures(2, 1),
    ],
    [
      'nothing for what comes with a record',
      '{ copyRun(id: "x") { taskUid { localId } stats { endedAt } legalHoldings { holdForLegalPurpose } } }',
      figures(1, 1),
    ],
    [
      'a page, as the docs have it',
      '{ copyOperations(first: 500) { nodes { name target { name } } } }',
      { cost: 20 + 500 * 2, calls: 2 },
    ],
    [
      'pages in pages, as the docs have it',
      '{ copyRuns(first: 100) { nodes { copySnapshotTasks(first: 100) { nodes { copyRun { id } } } } } }',
      { cost: 10 + 100 * (1 + 100 * 2), calls: 1 },
    ],
    ['nothing for a count: what has been read is counted', '{ copyJobs(first: 0) { totalCount } }', figures(0, 1)],
    ['a call for each id', '{ nodes(ids: ["a", "b", "c"]) { id } }', figures(3, 3)],
    ['one id without its list', '{ nodes(ids: "a") { id } }', figures(1, 1)],
    [
      'the most expensive of an interface’s types',
      '{ node(id: "x") { ... on Upstream { id } ... on CopyJob { parent { id } } ... on CopyRun { target { name } } } }',
      figures(2, 2),
    ],
    [
      'what an interface has of each',
      '{ node(id: "x") { ... on CopyOperation { target { name } } ... on CopyJob { upstream { id } } } }',
      figures(3, 1),
    ],
    [
      'a field as often as it is asked for',
      '{ a: upstream(name: "x") { id id } b: upstream(name: "x") { id } upstream(name: "x") { id } }',
      figures(3, 0),
    ],
    [
      'a fragment in each place',
      '{ a: copyJobs(first: 2) { ...F } b: copyJobs(first: 3) { ...F } } fragment F on CopyJobConnection { nodes { id } }',
      figures(2 + 3, 2),
    ],
    [
      'nothing of what is skipped',
      '{ copyJobs @skip(if: true) { nodes { id } } copyRuns @include(if: false) { nodes { id } } ... @include(if: false) { copyJobs { nodes { id } } } }',
      figures(0, 0),
    ],
    [
      '20 calls for a failover',
      'mutation { failover(input: { upstream: "x", idempotencyKey: "k", replicationClusterId: "1", objects: [{ objectId: "1" }, { objectId: "2" }] }) { __typename } }',
      figures(1, 20),
    ],
    [
      '200 events of a stream that begins with what is unfinished',
      'subscription { copyOperationChanged { operation { target { name } } } }',
      figures(1 + 200 * 2, 2),
    ],
    [
      'a call for each reference',
      '{ _entities(representations: [{ a: 1 }, { a: 2 }]) { ... on CopyJob { upstream { id } } } }',
      figures(4, 2),
    ],
  ])('counts %s', (_what, query, expected) => {
    expect(cost(query)).toEqual(expected);
  });

  it('reads pages, ids and conditions from variables', () => {
    const query =
      'query ($n: Int, $ids: [ID!]!, $with: Boolean!) { copyJobs(first: $n) { nodes { id } } nodes(ids: $ids) { id } upstreams @include(if: $with) { id } }';
    expect(cost(query, { n: 3, ids: ['a', 'b'], with: false })).toEqual(figures(3 + 2, 1 + 2));
    expect(cost(query, { ids: [], with: true })).toEqual(figures(50 + 2, 1));
  });

  it('is the same where it is remembered for other variables', () => {
    const document = parse(
      'query ($n: Int, $ids: [ID!]!, $with: Boolean, $text: String) { copyJob(copyJobId: $text) { id } copyJobs(first: $n) { nodes { id } } nodes(ids: $ids) { id } upstreams @include(if: $with) { id } }',
    );
    const operation = document.definitions[0] as OperationDefinitionNode;
    const remembered = createCosts();
    const variables = fc.record(
      {
        n: fc.option(fc.integer({ min: -1, max: 3 })),
        ids: fc.array(fc.string({ maxLength: 2 }), { maxLength: 3 }),
        with: fc.boolean(),
        text: fc.string({ maxLength: 2 }),
      },
      { requiredKeys: ['ids'] },
    );
    const asked = { schema, document, operation, maxPageSize: 500 };
    fc.assert(
      fc.property(variables, (given) => {
        expect(remembered({ ...asked, variables: given })).toEqual(costOf({ ...asked, variables: given }));
      }),
    );
  });

  it('works a bomb of fragments out in no time, to a figure beyond all limits', () => {
    const levels = Array.from({ length: 200 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(
      ' ',
    );
    const document = parse(`{ ...F0 } ${levels} fragment F200 on Query { upstreams { id } }`);
    const operation = document.definitions[0] as OperationDefinitionNode;
    expect(costOf({ schema, document, operation, variables: {}, maxPageSize: 500 }).cost).toBe(2 * 2 ** 200);
    expect(shapeOf(document)).toMatchObject({ rootFields: 2 ** 200, repeats: 2 ** 200, depth: 2 });
  });

  it('is what each page multiplies: twice the page, twice the records', () => {
    const size = fc.integer({ min: 1, max: 250 });
    fc.assert(
      fc.property(size, size, (outer, inner) => {
        const of = (a: number, b: number) =>
          cost(`{ copyRuns(first: ${a}) { nodes { copySnapshotTasks(first: ${b}) { nodes { id } } } } }`).cost;
        expect(of(outer, inner)).toBe(10 + outer * (1 + inner));
        expect(of(outer * 2, inner) - 10).toBe((of(outer, inner) - 10) * 2);
      }),
      { numRuns: 30 },
    );
  });
});

const directives = ({ extensions }: { readonly extensions: object }): readonly string[] =>
  'directives' in extensions && Array.isArray(extensions.directives)
    ? extensions.directives.map(({ name }: { name: string }) => name)
    : [];

describe('the schema', () => {
  it('tells the size of each list of objects, by the list or by the connection around it', () => {
    const untold = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => !name.startsWith('_'))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type)))
      .filter(({ field }) => !directives(field).includes('listSize'))
      .map(({ type, field }) => `${type.name}.${field.name}`);
    expect(untold.filter((name) => !/Connection\.(?:nodes|edges)$/.test(name))).toEqual([
      'CopySummary.groups', // `copySummary` states it
      'Query._entities',
    ]);
  });
});
