import {
  type ASTNode,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  getNamedType,
  visit,
} from 'graphql';
import { fragmentsOf } from '../query-shape.js';
import { fieldsIn, fieldsOf, keyOf, objectTypesOf } from './selection.js';

/** The traits of a document that decide whether it may be compiled, and into how many forms. */
export interface Traits {
  readonly compilable: boolean;
  readonly booleans: readonly string[]; // the variables of `@skip` and `@include`
}

const MOST_BOOLEANS = 4; // which make 16 forms

const isConditional = ({ name: { value } }: DirectiveNode): boolean => value === 'skip' || value === 'include';

/**
 * Whether two places in an answer may get the same name. The compiler joins the keys on the path with `_`, so names
 * collide if a key continues another key, or the compiler's own infix, with a `_`.
 */
const mayCollide = (keys: ReadonlySet<string>, schema: GraphQLSchema): boolean =>
  [...keys].some((key) => {
    const parts = key.split('_');
    return parts.some((_, index) => {
      const start = parts.slice(0, index).join('_');
      return start !== '' && (keys.has(start) || schema.getType(start) !== undefined || /^idx\d+$/.test(start));
    });
  });

export const traitsOf = (document: DocumentNode, schema: GraphQLSchema): Traits => {
  const [keys, booleans] = [new Set<string>(), new Set<string>()];
  let plain = true;
  visit(document, {
    Field: (node) => {
      const { value: name } = node.name;
      if (name.startsWith('__') && name !== '__typename') plain = false; // introspection
      if (keyOf(node) === '__proto__') plain = false; // in compiled code this would not be an ordinary key
      if (name !== '__typename') keys.add(keyOf(node));
    },
    Directive: (node) => {
      if (!isConditional(node)) plain = false; // such as `@defer`
      const [value] = node.arguments ?? [];
      if (value?.value.kind === Kind.VARIABLE) booleans.add(value.value.name.value);
    },
  });
  const compilable = plain && booleans.size <= MOST_BOOLEANS && !mayCollide(keys, schema);
  return { compilable, booleans: [...booleans] };
};

type Variables = Readonly<Record<string, unknown>>;

/** Whether a condition holds; `null` if that is unknown. */
const holds = ({ name, arguments: given = [] }: DirectiveNode, variables: Variables): boolean | null => {
  const [condition] = given;
  const node = condition?.value;
  const value = node?.kind === Kind.VARIABLE ? variables[node.name.value] : node?.kind === Kind.BOOLEAN && node.value;
  if (typeof value !== 'boolean') return null;
  return name.value === 'include' ? value : !value;
};

class Undecided extends Error {}

const isIncluded = ({ directives = [] }: SelectionNode, variables: Variables): boolean =>
  directives.every((directive) => {
    const included = holds(directive, variables);
    if (included === null) throw new Undecided();
    return included;
  });

/**
 * Copies a document for the compiler, which changes its input and gets `@skip` and `@include` wrong: both are applied
 * here and removed. Variables are not declared, because they are coerced earlier. `null` if a condition has no value.
 */
export const settled = (document: DocumentNode, variables: Variables): DocumentNode | null => {
  const ofSet = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.filter((selection) => isIncluded(selection, variables)).map(ofSelection),
  });
  const ofSelection = (selection: SelectionNode): SelectionNode => {
    const bare = { ...selection, directives: [] };
    if (bare.kind === Kind.FRAGMENT_SPREAD || bare.selectionSet === undefined) return bare;
    return { ...bare, selectionSet: ofSet(bare.selectionSet) } as SelectionNode; // the same kind of node
  };
  const ofDefinition = (node: DefinitionNode): DefinitionNode => {
    if (node.kind === Kind.FRAGMENT_DEFINITION) return { ...node, selectionSet: ofSet(node.selectionSet) };
    if (node.kind !== Kind.OPERATION_DEFINITION) return node;
    return { ...node, variableDefinitions: [], selectionSet: ofSet(node.selectionSet) };
  };
  try {
    return { ...document, definitions: document.definitions.map(ofDefinition) };
  } catch (error) {
    if (error instanceof Undecided) return null;
    throw error;
  }
};

/**
 * The number of fields in compiled code; counting stops at `most`. Code is made for each object type possible at a
 * place, so interfaces within interfaces multiply.
 */
export const sizeOf = (
  document: DocumentNode,
  set: SelectionSetNode,
  schema: GraphQLSchema,
  root: GraphQLObjectType,
  most: number,
): number => {
  const fragments = fragmentsOf(document);
  let size = 0;
  const within = (selectionSet: SelectionSetNode, type: GraphQLObjectType): void => {
    for (const field of fieldsOf(type, selectionSet, fragments, schema)) {
      if (size >= most) return;
      ofField(field, type);
    }
  };
  const ofField = ({ name, selectionSet }: FieldNode, type: GraphQLObjectType): void => {
    size += 1;
    const field = type.getFields()[name.value];
    if (selectionSet === undefined || field === undefined) return;
    for (const one of objectTypesOf(getNamedType(field.type), schema)) within(selectionSet, one);
  };
  within(set, root);
  return size;
};

/** The nodes for a path in an answer, at all types it may pass. */
export const nodesAt = (
  document: DocumentNode,
  set: SelectionSetNode,
  path: readonly (string | number)[],
): readonly ASTNode[] => {
  const fragments = fragmentsOf(document);
  const keys = path.filter((key) => typeof key === 'string');
  let nodes: readonly FieldNode[] = [];
  let sets: readonly SelectionSetNode[] = [set];
  for (const key of keys) {
    nodes = sets.flatMap((one) => fieldsIn(one, fragments)).filter((node) => keyOf(node) === key);
    sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return [...new Set(nodes)];
};
