import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  isAbstractType,
  isObjectType,
} from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** The name of a field in an answer. */
export const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** The object types that a value of this type may have. */
export const objectTypesOf = (type: GraphQLNamedType, schema: GraphQLSchema): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];

/** The fragment that a selection inserts; `undefined` if the document does not have it. */
const fragmentOf = (
  selection: Exclude<SelectionNode, FieldNode>,
  fragments: Fragments,
): InlineFragmentNode | FragmentDefinitionNode | undefined =>
  selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);

/** The fields of a selection set, those of its fragments included. */
export const fieldsIn = ({ selections }: SelectionSetNode, fragments: Fragments): readonly FieldNode[] =>
  selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const part = fragmentOf(selection, fragments);
    return part === undefined ? [] : fieldsIn(part.selectionSet, fragments);
  });

/** The same, of the fragments that apply to an object type. */
export const fieldsOf = (
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  fragments: Fragments,
  schema: GraphQLSchema,
): readonly FieldNode[] => {
  const applies = (condition: string | undefined): boolean => {
    const named = condition === undefined ? type : schema.getType(condition);
    return named === type || (isAbstractType(named) && schema.isSubType(named, type));
  };
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const part = fragmentOf(selection, fragments);
    if (part === undefined || !applies(part.typeCondition?.name.value)) return [];
    return fieldsOf(type, part.selectionSet, fragments, schema);
  });
};
