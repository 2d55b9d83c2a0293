import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  getNamedType,
  isInterfaceType,
  isObjectType,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/schema/index.js';
import { printSubgraph } from '../src/schema/subgraph.js';

/** Adds `owner` and `ticket` to `CopyOperation` by `@interfaceObject`. */
const tickets = readFileSync('examples/supergraph/schema.graphql', 'utf8');

/** A Relay server of its own, as another team would have it. */
const neighbour = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query {
    node(id: ID!): Node @shareable
    people(first: Int): PersonConnection!
  }
  interface Node { id: ID! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type PersonConnection { edges: [PersonEdge!]! pageInfo: PageInfo! }
  type PersonEdge { cursor: String! node: Person! }
  type Person implements Node @key(fields: "id") { id: ID! name: String! }`;

const ours = printSubgraph(schema);

const composed = (...others: readonly string[]) => {
  const services = [ours, ...others].map((sdl, index) => ({
    name: index === 0 ? 'copygraph' : `other${index}`,
    url: `http://${index}`,
    typeDefs: parse(sdl),
  }));
  const { errors = [], hints = [], supergraphSdl, schema } = composeServices(services);
  if (supergraphSdl === undefined || schema === undefined) throw new Error(errors.map(String).join('\n'));
  return {
    hints: hints.map(({ definition, message }) => `${definition.code}: ${message}`),
    supergraph: parse(supergraphSdl),
    api: schema.toAPISchema().toGraphQLJSSchema(),
  };
};

const fieldsOf = (schema: GraphQLSchema, name: string): readonly string[] => {
  const type = schema.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];
};

const told = ['authenticated', 'requiresScopes', 'tag', 'cost', 'listSize', 'inaccessible'];

/** Each directive of those that a router reads, with its place. */
const directivesIn = (document: DocumentNode): readonly string[] => {
  const found: string[] = [];
  const add = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) {
      if (told.includes(directive.name.value)) found.push(`${place} ${print(directive)}`);
    }
  };
  visit(document, {
    enter: (node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return;
      add(node.name.value, node.directives);
      for (const field of node.fields ?? []) add(`${node.name.value}.${field.name.value}`, field.directives);
    },
  });
  return found;
};

describe('our SDL beside a subgraph that extends every target by @interfaceObject', () => {
  it('composes without a hint, and gives every type of target what is added', () => {
    const { hints, api } = composed(`
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@interfaceObject", "@key"])
      type Query { sites: [Site!]! }
      type Site { name: String target: CopyTarget }
      type CopyTarget @key(fields: "id") @interfaceObject { id: ID! site: Site }`);
    expect(hints).toEqual([]);
    const { CopyTarget } = api.getTypeMap();
    const types = isInterfaceType(CopyTarget) ? api.getPossibleTypes(CopyTarget).map(String) : [];
    expect(types).toHaveLength(7);
    for (const name of types) expect(fieldsOf(api, name)).toEqual(expect.arrayContaining(['id', 'name', 'site']));
  });
});

describe('our SDL beside a subgraph that extends every copy by @interfaceObject', () => {
  const { hints, supergraph, api } = composed(tickets);

  it('composes without a hint', () => {
    expect(hints).toEqual([]);
  });

  it.each(['CopyOperation', 'CopyRun', 'CopySnapshotTask', 'CopyJob'])('gives %s an owner and a ticket', (name) => {
    expect(fieldsOf(api, name)).toEqual(expect.arrayContaining(['id', 'name', 'owner', 'ticket']));
  });

  it('gives them to nothing else', () => {
    expect(fieldsOf(api, 'Activity')).not.toContain('owner');
    expect(fieldsOf(api, 'ProtectionShell')).not.toContain('owner');
  });

  it('leads from there to what each vendor tells', () => {
    const ticket = api.getType('Ticket');
    const copy = isObjectType(ticket) ? ticket.getFields()['copy'] : undefined;
    expect(copy && getNamedType(copy.type)).toBe(api.getType('CopyOperation'));
    const { CopyOperation } = api.getTypeMap();
    expect(isInterfaceType(CopyOperation) && api.getPossibleTypes(CopyOperation).map(String).sort()).toEqual([
      'CopyJob',
      'CopyRun',
      'CopySnapshotTask',
    ]);
  });

  it('shows every root field but node and nodes', () => {
    const mine = parse(ours).definitions.flatMap((one) =>
      one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === 'Query' ? (one.fields ?? []) : [],
    );
    const names = mine.map(({ name }) => name.value);
    expect(names).toEqual(expect.arrayContaining(['node', 'nodes']));
    const shown = [...names.filter((name) => name !== 'node' && name !== 'nodes'), 'tickets'];
    expect([...fieldsOf(api, 'Query')].sort()).toEqual(shown.sort());
  });

  it('hands every directive that a router reads to the supergraph', () => {
    const reaching = new Set(directivesIn(supergraph));
    const mine = directivesIn(parse(ours));
    for (const name of told) expect(mine.some((line) => line.includes(`@${name}`))).toBe(true);
    expect(mine.filter((line) => !reaching.has(line))).toEqual([]);
  });
});

describe('our SDL beside a Relay server of its own', () => {
  const { hints, api } = composed(tickets, neighbour);

  it('composes without a hint, since its node takes the same argument', () => {
    expect(hints).toEqual([]);
  });

  it('shares PageInfo and Node, and hides the node of both', () => {
    expect(fieldsOf(api, 'PageInfo')).toEqual(expect.arrayContaining(['hasNextPage', 'endCursor']));
    const Node = api.getType('Node');
    const nodes = isInterfaceType(Node) ? api.getPossibleTypes(Node).map(String) : [];
    expect(nodes).toEqual(expect.arrayContaining(['CopyRun', 'Person']));
    expect(fieldsOf(api, 'Query')).toContain('people');
    expect(fieldsOf(api, 'Query')).not.toContain('node');
  });

  it.each([
    ['PageInfo', 'type PageInfo @shareable', 'type PageInfo'],
    ['Query.node', '@inaccessible @shareable', '@inaccessible'],
  ])('could not without sharing %s', (_what, shared, unshared) => {
    expect(ours).toContain(shared);
    const services = [ours.replaceAll(shared, unshared), neighbour].map((sdl, index) => ({
      name: `s${index}`,
      url: `http://${index}`,
      typeDefs: parse(sdl),
    }));
    const codes = composeServices(services).errors?.map(({ extensions }) => extensions['code']);
    expect(new Set(codes)).toEqual(new Set(['INVALID_FIELD_SHARING']));
  });
});

describe('docs/federation.md', () => {
  const page = readFileSync('docs/federation.md', 'utf8');
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '';

  it('has a subgraph that composes without a hint, and a query that the supergraph answers', () => {
    const { hints, api } = composed(block('graphql subgraph'));
    expect(hints).toEqual([]);
    expect(block('graphql supergraph')).not.toBe('');
    expect(validate(api, parse(block('graphql supergraph')))).toEqual([]);
    expect([...page.matchAll(/^```graphql/gm)]).toHaveLength(2);
  });

  it('has a program that composes', () => {
    const program = block('js')
      .replace('node_modules/copygraph/schema.graphql', 'schema.graphql')
      .replace('tickets.graphql', 'examples/supergraph/schema.graphql');
    const say = 'console.log(JSON.stringify([errors ?? [], hints, supergraphSdl.includes("owner")]));';
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', `${program}${say}`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toEqual([[], [], true]);
  });

  it('tells the id of every type with a key', () => {
    const keyed = [...ours.matchAll(/^type (\w+) implements (.*) @key/gm)];
    // The ids of all targets begin with the name of their interface.
    const named = keyed.map(([, name = '', interfaces]) => (interfaces?.includes('CopyTarget') ? 'CopyTarget' : name));
    expect([keyed.length, new Set(named).size]).toEqual([17, 11]);
    for (const name of new Set(named)) expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${name}:<`, 'm'));
  });

  it('names the routers that are tested, and every directive that they can use', () => {
    const packages = ['examples/supergraph', 'test/federation'].map(
      (folder) =>
        JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { dependencies: Record<string, string> },
    );
    const versions = Object.assign({}, ...packages.map(({ dependencies }) => dependencies)) as Record<string, string>;
    for (const name of ['@apollo/gateway', '@graphql-hive/gateway', '@graphql-hive/router-runtime']) {
      expect(page).toContain(`\`${name}\` ${versions[name]}`);
    }
    for (const name of told) expect(page).toContain(`\`@${name}`);
  });
});
