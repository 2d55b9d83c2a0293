import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  extendSchema,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';

const imported = ['authenticated', 'cost', 'inaccessible', 'key', 'listSize', 'requiresScopes', 'shareable', 'tag'];

/** The options of `toSchema` that import the directives from Federation. */
export const linked = {
  extensions: {
    directives: [
      {
        name: 'link',
        args: {
          url: 'https://specs.apollo.dev/federation/v2.9',
          import: imported.map((name) => `@${name}`),
        },
      },
    ],
  },
};

const directivesOf = (node: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined) =>
  node?.directives ?? [];

/** The names of the types that another subgraph may refer to. Only objects may be in the union of entities. */
const entitiesOf = (schema: GraphQLSchema): readonly string[] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && directivesOf(type.astNode).some(({ name }) => name.value === 'key'))
    .map(({ name }) => name);

/** The schema with federation's own fields, `_service` and `_entities`. `entities.ts` adds their resolvers. */
export const toSubgraph = (schema: GraphQLSchema): GraphQLSchema => {
  const extended = extendSchema(
    schema,
    parse(`
      scalar _Any
      type _Service { sdl: String }
      union _Entity = ${entitiesOf(schema).join(' | ')}
      extend type Query {
        _entities(representations: [_Any!]!): [_Entity]!
        _service: _Service!
      }`),
  );
  extended.description = schema.description; // `extendSchema` drops it
  return lexicographicSortSchema(extended);
};

type Fielded = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** The name to sort by. Nodes without a name, such as `schema`, come first. */
const nameOf = (node: ASTNode): string => ('name' in node && node.name?.kind === Kind.NAME ? node.name.value : '');

const byName = <T extends ASTNode>(nodes: readonly T[] | undefined): readonly T[] =>
  [...(nodes ?? [])].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));

/** A type with its directives. graphql-js prints only its own directives; ours are on the nodes that Pothos made. */
const directed = (schema: GraphQLSchema, node: Fielded): Fielded => {
  const type = schema.getType(node.name.value);
  if (!isObjectType(type) && !isInterfaceType(type)) return node;
  const fields = type.getFields();
  const withDirectives = (field: FieldDefinitionNode): FieldDefinitionNode => ({
    ...field,
    directives: directivesOf(fields[field.name.value]?.astNode),
  });
  return {
    ...node,
    directives: directivesOf(type.astNode),
    interfaces: byName(node.interfaces),
    fields: byName(node.fields?.map(withDirectives).filter(({ name }) => !name.value.startsWith('_'))),
  };
};

/** Leaves out Federation's own types and the definition of `schema`: some routers cannot read a description there. */
const isPrinted = (one: DocumentNode['definitions'][number]): boolean =>
  one.kind !== Kind.SCHEMA_DEFINITION && !nameOf(one).startsWith('_');

/**
 * The subgraph's SDL. Types, fields, arguments and values are sorted by name, so that moving code leaves no diff. Directives
 * keep their order, because it may matter. Leaves out the definitions that federation adds by itself.
 */
export const printSubgraph = (schema: GraphQLSchema): string => {
  const plain = parse(printSchema(schema));
  const types: DocumentNode = visit(plain, {
    Document: {
      leave: (node) => ({
        ...node,
        definitions: byName(node.definitions.filter(isPrinted)),
      }),
    },
    ObjectTypeDefinition: { leave: (node) => directed(schema, node) },
    InterfaceTypeDefinition: { leave: (node) => directed(schema, node) },
    InputObjectTypeDefinition: { leave: (node) => ({ ...node, fields: byName(node.fields) }) },
    EnumTypeDefinition: { leave: (node): EnumTypeDefinitionNode => ({ ...node, values: byName(node.values) }) },
    UnionTypeDefinition: { leave: (node) => ({ ...node, types: byName(node.types) }) },
    FieldDefinition: { leave: (node) => ({ ...node, arguments: byName(node.arguments) }) },
    DirectiveDefinition: { leave: (node) => ({ ...node, arguments: byName(node.arguments) }) },
  });
  return `${[...schema.extensionASTNodes, types].map(print).join('\n\n')}\n`;
};
