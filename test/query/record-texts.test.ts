import {
  type ExecutionResult,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { toJsonBytes } from '../../src/edge/compiled/json-text.js';
import { useCompiledExecution } from '../../src/edge/compiled/execution.js';
import { listedRecords, ofRecord } from '../../src/schema/of-record.js';

interface Thing {
  readonly name: string;
  readonly parts: readonly string[] | null; // null: they must be read
  readonly size?: number; // absent: it cannot be written
}

interface Context {
  readonly user: string;
  readonly things: readonly Thing[];
  readonly resolved: string[];
}

const text = { type: new GraphQLNonNull(GraphQLString) };

const Named = new GraphQLInterfaceType({ name: 'Named', fields: { name: text }, resolveType: () => 'Thing' });

/** A list of records, with a field of each kind: of the record alone, of its arguments, of the caller. */
const createSchema = (): GraphQLSchema => {
  const ThingType = new GraphQLObjectType<Thing, Context>({
    name: 'Thing',
    interfaces: [Named],
    fields: {
      name: text,
      loud: { ...text, resolve: ({ name }) => name.toUpperCase() },
      size: { type: new GraphQLNonNull(GraphQLInt), resolve: ({ size }) => size ?? 'none' },
      maybe: { type: GraphQLInt, resolve: ({ size }) => size ?? 'none' },
      parts: {
        ...ofRecord,
        type: new GraphQLList(GraphQLString),
        args: { first: { type: GraphQLInt } },
        resolve: ({ name, parts }, { first }: { first?: number | null }, { resolved }) => {
          resolved.push(name);
          if (first === -1) throw new Error('first is below 0');
          return parts === null ? Promise.resolve([`${name} read`]) : parts.slice(0, first ?? 1);
        },
      },
      owner: { ...text, resolve: (_thing, _args, { user }) => user },
    },
  });
  const things = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(ThingType)));
  const EdgeType = new GraphQLObjectType<{ readonly thing: Thing }>({
    name: 'Edge',
    fields: {
      node: { ...listedRecords, type: new GraphQLNonNull(ThingType), resolve: ({ thing }) => thing },
      cursor: { ...text, resolve: ({ thing }) => `at ${thing.name}` },
    },
  });
  const ListType = new GraphQLObjectType<readonly Thing[], Context>({
    name: 'List',
    fields: {
      nodes: { ...listedRecords, type: things, resolve: (list) => list },
      named: { ...listedRecords, type: new GraphQLNonNull(new GraphQLList(Named)), resolve: (list) => list },
      edges: { type: new GraphQLList(EdgeType), resolve: (list) => list.map((thing) => ({ thing })) },
      asked: { ...text, resolve: (_list, _args, _context, { path }) => String(path.key) },
    },
  });
  const query = new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      list: { type: ListType, resolve: (_root, _args, context) => context.things },
      // As our own lists do, which read only what is asked for.
      selected: {
        type: ListType,
        resolve: (_root, _args, context, { fieldNodes, fragments }) => {
          const names = fieldNodes.map(({ selectionSet }) => JSON.stringify([selectionSet?.selections.length]));
          context.resolved.push(...names, ...Object.keys(fragments));
          const [selection] = fieldNodes[0]?.selectionSet?.selections ?? [];
          if (selection?.kind === 'Field')
            context.resolved.push(selection.name.value, String(selection.selectionSet?.kind));
          return context.things;
        },
      },
    },
  });
  return new GraphQLSchema({ query, types: [ThingType] });
};

const createAnswer = (compileAfter: number) => {
  const { getEnveloped } = createYoga<Context>({
    schema: createSchema(),
    plugins: [useCompiledExecution(compileAfter)],
    maskedErrors: false,
    logging: false,
  });
  const documents = new Map<string, ReturnType<ReturnType<typeof getEnveloped>['parse']>>();
  return async (query: string, contextValue: Context, variableValues = {}): Promise<ExecutionResult> => {
    const { parse, execute, schema } = getEnveloped({});
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    return execute({ schema, document, contextValue, variableValues });
  };
};

const written = (result: ExecutionResult): string => {
  const bytes = toJsonBytes(result).toString();
  expect(JSON.stringify(result)).toBe(bytes); // by those who know no texts
  return bytes;
};

/** Asks several times in both ways. Returns the names of the things whose parts were resolved, for each time. */
const ask = async (
  query: string,
  things: readonly Thing[],
  { variables = {}, times = 3, users = ['a', 'b', 'c'] } = {},
) => {
  const [compiled, ordinary] = [createAnswer(0), createAnswer(Infinity)];
  const names: (readonly string[])[] = [];
  for (let time = 0; time < times; time += 1) {
    const user = users[time] ?? 'a';
    const context: Context = { user, things, resolved: [] };
    const other: Context = { ...context, resolved: [] };
    const [got, wanted] = [await compiled(query, context, variables), await ordinary(query, other, variables)];
    const texts = ({ errors = [] }: ExecutionResult) => errors.map((error) => JSON.stringify(error)).sort();
    expect(written({ data: got.data ?? null })).toBe(written({ data: wanted.data ?? null }));
    expect(texts(got)).toEqual(texts(wanted));
    names.push(context.resolved);
  }
  return names;
};

const a: Thing = { name: 'a "quoted" – ä', parts: ['x', 'y'], size: 1 };
const b: Thing = { name: 'b', parts: ['z'], size: 2 };

describe('the text of a record', () => {
  it.each([
    '{ list { nodes { name loud parts } } }',
    '{ list { asked nodes { __typename name parts(first: 2) } } }',
    '{ list { edges { cursor node { parts } } } }',
    '{ list { named { name ... on Thing { parts } } } }',
    '{ list { ...F } } fragment F on List { nodes { ...G } } fragment G on Thing { parts other: parts(first: 5) }',
    'query ($skip: Boolean = true) { list { nodes { parts owner @skip(if: $skip) } } }',
  ])('is made once, and used from then on: %s', async (query) => {
    const [first = [], ...others] = await ask(query, [a, b]);
    expect(new Set(first)).toEqual(new Set([a.name, b.name]));
    expect(others).toEqual([[], []]);
  });

  it.each([
    '{ list { nodes { parts owner } } }',
    '{ list { nodes { parts } nodes { name } } }',
    '{ list { nodes { parts } } list { ...F } } fragment F on List { nodes { name } }',
    '{ list { nodes: named { name ... on Thing { parts owner } } } }',
  ])('is not kept where it depends on more, or is asked for twice: %s', async (query) => {
    expect(await ask(query, [a])).toEqual([[a.name], [a.name], [a.name]]);
  });

  it('is that of the same arguments', async () => {
    const query = 'query ($first: Int) { list { nodes { parts(first: $first) } } }';
    const answer = createAnswer(0);
    const context: Context = { user: 'a', things: [a], resolved: [] };
    for (const first of [1, 2, 1, null, 2])
      expect(written(await answer(query, context, { first }))).toBe(
        JSON.stringify({ data: { list: { nodes: [{ parts: first === 2 ? ['x', 'y'] : ['x'] }] } } }),
      );
    expect(context.resolved).toEqual([a.name, a.name, a.name]);
  });

  it('is that of the record, and not of a later one with the same name', async () => {
    const answer = createAnswer(0);
    const query = '{ list { nodes { name parts } } }';
    for (const parts of [['x'], ['y'], ['y']]) {
      const { data } = await answer(query, { user: 'a', things: [{ name: 'n', parts }], resolved: [] });
      expect(JSON.stringify(data)).toBe(JSON.stringify({ list: { nodes: [{ name: 'n', parts }] } }));
    }
  });

  it('is not kept where it had to be waited for', async () => {
    const late: Thing = { name: 'late', parts: null, size: 3 };
    expect(await ask('{ list { nodes { name parts } edges { node { parts } } } }', [b, late])).toEqual([
      [b.name, late.name, b.name, late.name],
      [b.name, late.name, late.name],
      [b.name, late.name, late.name],
    ]);
  });

  it.each([
    ['that leaves out a field', '{ list { nodes { name maybe parts } edges { node { maybe } } } }'],
    ['that leaves out a record', '{ list { nodes { size parts } asked } other: list { edges { node { size } } } }'],
    ['of arguments', '{ list { nodes { name parts(first: -1) } } }'],
  ])('is not kept after an error %s, which is reported as ever', async (_, query) => {
    const names = await ask(query, [a, { name: 'odd', parts: ['x'] }, b]);
    expect(names).toEqual([names[0], names[0], names[0]]);
    expect(names[0]).not.toEqual([]);
  });

  it('leaves a resolver the selection as it was asked', async () => {
    const names = await ask('{ selected { nodes { name } } } fragment F on List { asked }', [a]);
    expect(names).toEqual(Array.from({ length: 3 }, () => ['[1]', 'F', 'nodes', 'SelectionSet']));
  });
});
