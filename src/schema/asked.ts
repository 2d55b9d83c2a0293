import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  getDirectiveValues,
} from 'graphql';

/** The names of the fields that a query asks for below one field. Aliases, fragments and conditions are resolved. */
interface AskedBelow {
  readonly fields: ReadonlySet<string>; // directly below
  readonly anywhere: ReadonlySet<string>;
  readonly conditional: boolean; // whether variables decide which fields these are
}

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

const isConditional = ({ directives = [] }: SelectionNode): boolean => directives.length > 0;

const isIncluded = (selection: SelectionNode, { variableValues }: Info): boolean =>
  !isConditional(selection) ||
  (getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false);

const read = (info: Info): AskedBelow => {
  const [fields, anywhere] = [new Set<string>(), new Set<string>()];
  let conditional = false;
  const spread = new Set<string>(); // each fragment is read once at the top, and once below
  const within = (set: SelectionSetNode | undefined, isTop: boolean): void => {
    for (const selection of set?.selections ?? []) {
      if (isConditional(selection)) conditional = true;
      if (isIncluded(selection, info)) take(selection, isTop);
    }
  };
  const take = (selection: SelectionNode, isTop: boolean): void => {
    if (selection.kind === Kind.FIELD) {
      if (isTop) fields.add(selection.name.value);
      anywhere.add(selection.name.value);
      within(selection.selectionSet, false);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) within(selection.selectionSet, isTop);
    else {
      const key = `${selection.name.value} ${isTop}`;
      if (spread.has(key)) return;
      spread.add(key);
      within(info.fragments[selection.name.value]?.selectionSet, isTop);
    }
  };
  for (const { selectionSet } of info.fieldNodes) within(selectionSet, true);
  return { fields, anywhere, conditional };
};

/** Keyed by the nodes of the field, which are the same objects each time a compiled query runs. */
const known = new WeakMap<readonly FieldNode[], AskedBelow>();

export const askedBelow = (info: Info): AskedBelow => {
  const found = known.get(info.fieldNodes);
  if (found !== undefined) return found;
  const asked = read(info);
  if (!asked.conditional) known.set(info.fieldNodes, asked);
  return asked;
};
