import { GraphQLDeferDirective, GraphQLStreamDirective } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type GraphQLDirective,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  getDirectiveValues,
  getVariableValues,
} from 'graphql';
import { isCounted } from './query-cost.js';
import { fragmentsOf } from './query-shape.js';

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Whether `@defer` or `@stream` postpones a part of the operation, with the variables it was sent with. */
export const isPutOff = ({ schema, document, operation, variables }: Operation): boolean => {
  const fragments = fragmentsOf(document);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced === undefined) return false; // the executor refuses it
  const seen = new Set<string>();
  const isOn = (selection: SelectionNode, which: GraphQLDirective): boolean => {
    try {
      const values = getDirectiveValues(which, selection, coerced);
      return values !== undefined && values['if'] !== false;
    } catch {
      return false; // refused when it runs
    }
  };
  const inSet = (set: SelectionSetNode | undefined): boolean => set?.selections.some(inSelection) ?? false;
  const inSelection = (selection: SelectionNode): boolean => {
    if (!isCounted(selection, coerced)) return false;
    if (isOn(selection, GraphQLDeferDirective) || isOn(selection, GraphQLStreamDirective)) return true;
    if (selection.kind !== Kind.FRAGMENT_SPREAD) return inSet(selection.selectionSet);
    const { value: name } = selection.name;
    if (seen.has(name)) return false;
    seen.add(name);
    return inSet(fragments.get(name)?.selectionSet);
  };
  return inSet(operation.selectionSet);
};
