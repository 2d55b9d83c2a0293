import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type Location,
  type SelectionSetNode,
  TypeInfo,
  getOperationAST,
  getNamedType,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { fragmentsOf } from '../query-shape.js';
import { type Fragments, fieldsIn, fieldsOf, keyOf, objectTypesOf } from './selection.js';

/** The name of the field that returns the same records as texts. */
export const asTexts = (name: string): string => `${name}AsTexts`;

type WithExtensions = Pick<GraphQLField<unknown, unknown>, 'extensions'>;

/** Whether a field returns records of a list. */
export const returnsRecords = ({ extensions }: WithExtensions): boolean => extensions['records'] === true;

/**
 * Whether a field's value depends on its record and its arguments alone. It does by default, if its resolver takes only
 * the record, or if the schema says so.
 */
const isOfRecord = ({ resolve, extensions }: GraphQLField<unknown, unknown>): boolean =>
  resolve === undefined || resolve.length === 1 || extensions['ofRecord'] === true;

/** A selection on records whose answer depends on each record alone. */
export interface Part {
  readonly type: GraphQLNamedType;
  readonly selectionSet: SelectionSetNode;
  readonly variables: readonly string[]; // of its arguments
}

/** A document that asks for texts instead of records, wherever their answer depends on each record alone. */
export interface Parted {
  readonly document: DocumentNode;
  /** By the location of their field, which every copy of it has. */
  readonly parts: ReadonlyMap<Location, Part>;
}

/** Whether the answer for each record of a type depends on the record alone. */
const isOfRecords = (
  type: GraphQLNamedType,
  set: SelectionSetNode,
  schema: GraphQLSchema,
  fragments: Fragments,
): boolean =>
  objectTypesOf(type, schema).every((one) =>
    fieldsOf(one, set, fragments, schema).every(({ name, selectionSet }) => {
      if (name.value === '__typename') return true;
      const field = one.getFields()[name.value];
      if (field === undefined || !isOfRecord(field)) return false;
      return selectionSet === undefined || isOfRecords(getNamedType(field.type), selectionSet, schema, fragments);
    }),
  );

/** The variables in a selection, and in the fragments that it spreads. */
const variablesIn = (set: SelectionSetNode, fragments: Fragments): readonly string[] => {
  const [names, spread] = [new Set<string>(), new Set<string>()];
  const take = (one: SelectionSetNode): void =>
    void visit(one, {
      Variable: ({ name }) => void names.add(name.value),
      FragmentSpread: ({ name: { value } }) => {
        const fragment = fragments.get(value);
        if (fragment === undefined || spread.has(value)) return;
        spread.add(value);
        take(fragment.selectionSet);
      },
    });
  take(set);
  return [...names];
};

/** Whether a part has the key of another selection at its place: the compiler would use only one of them. */
const isMerged = (sets: readonly SelectionSetNode[], parts: Parted['parts'], fragments: Fragments): boolean => {
  const byKey = new Map<string, Set<FieldNode>>();
  for (const node of sets.flatMap((set) => fieldsIn(set, fragments)))
    byKey.set(keyOf(node), (byKey.get(keyOf(node)) ?? new Set()).add(node));
  return [...byKey.values()].some((nodes) => {
    if ([...nodes].some(({ loc }) => loc !== undefined && parts.has(loc))) return nodes.size > 1;
    const below = [...nodes].flatMap(({ selectionSet }) => selectionSet ?? []);
    return below.length > 0 && isMerged(below, parts, fragments);
  });
};

/** Finds the parts of a document. `null` if it has none that can be compiled. */
export const partsOf = (document: DocumentNode, name: string | undefined, schema: GraphQLSchema): Parted | null => {
  const fragments = fragmentsOf(document);
  const parts = new Map<Location, Part>();
  const types = new TypeInfo(schema);
  const toLeaf = (node: FieldNode): FieldNode | undefined => {
    const field = types.getFieldDef();
    if (field === null || field === undefined) return undefined;
    if (node.selectionSet === undefined || node.loc === undefined) return undefined;
    const type = getNamedType(field.type);
    if (!returnsRecords(field) || !isOfRecords(type, node.selectionSet, schema, fragments)) return undefined;
    const { selectionSet, ...leaf } = node;
    const changed = {
      ...leaf,
      alias: node.alias ?? node.name,
      name: { ...node.name, value: asTexts(node.name.value) },
    };
    parts.set(node.loc, { type, selectionSet, variables: variablesIn(selectionSet, fragments) });
    return changed;
  };
  const changed = visit(document, visitWithTypeInfo(types, { Field: toLeaf }));
  const set = getOperationAST(changed, name)?.selectionSet;
  if (parts.size === 0 || set === undefined || isMerged([set], parts, fragmentsOf(changed))) return null;
  return { document: changed, parts };
};

/**
 * Finds the fields of a document by their changed copies. Resolvers need a field as it was, because some decide by what
 * is asked below it.
 */
export const originalsOf = (document: DocumentNode): ((copy: FieldNode) => FieldNode) => {
  const byLocation = new Map<Location, FieldNode>();
  visit(document, {
    Field: (node) => {
      if (node.loc !== undefined) byLocation.set(node.loc, node);
    },
  });
  return (copy) => (copy.loc === undefined ? copy : (byLocation.get(copy.loc) ?? copy));
};
