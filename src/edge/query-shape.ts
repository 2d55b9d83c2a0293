import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The size of a document with its fragments spread, without knowledge of the schema. */
export interface QueryShape {
  readonly depth: number; // nested fields; those at the root are 1
  readonly introspectionDepth: number; // the same below `__schema` and `__type`
  readonly aliases: number;
  readonly rootFields: number;
  readonly repeats: number; // of one answer key in one selection set
  readonly directives: number; // in one place
}

/** The size of one selection set; `keys` are those of its own fields, with how often each is asked for. */
interface Part extends Omit<QueryShape, 'directives' | 'rootFields'> {
  readonly keys: ReadonlyMap<string, number>;
}

const empty: Part = { depth: 0, introspectionDepth: 0, aliases: 0, repeats: 0, keys: new Map() };

const isDefinition =
  <K extends OperationDefinitionNode['kind'] | FragmentDefinitionNode['kind']>(kind: K) =>
  (node: DocumentNode['definitions'][number]): node is Extract<typeof node, { kind: K }> =>
    node.kind === kind;

/** The fragments of a document, by name. */
export const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(document.definitions.filter(isDefinition(Kind.FRAGMENT_DEFINITION)).map((one) => [one.name.value, one]));

/** relay-compiler writes `__isNode: __typename` into each fragment on an interface, to know which types match. */
const isMark = ({ name, alias }: FieldNode): boolean => alias !== undefined && name.value === '__typename';

/** Counts per node, wherever it is spread: the most directives in one place, and the aliases of `__typename`. */
const countNodes = (document: DocumentNode): { readonly directives: number; readonly marks: number } => {
  let [directives, marks] = [0, 0];
  visit(document, {
    enter: (node) => {
      if ('directives' in node) directives = Math.max(directives, node.directives?.length ?? 0);
      if (node.kind === Kind.FIELD && isMark(node)) marks += 1;
    },
  });
  return { directives, marks };
};

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);

/**
 * Measures a document that may be hostile. Each fragment is measured once, however often it is spread. One that spreads
 * itself counts as nothing there, because validation refuses it. An alias of `__typename` counts once where it is
 * written, because compilers need it in fragments that are spread often. The time is linear in the document.
 */
const measure = (document: DocumentNode): QueryShape => {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Part>();

  const ofFragment = (name: string): Part => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, empty); // while it is being measured
    const fragment = fragments.get(name);
    const part = fragment === undefined ? empty : ofSet(fragment.selectionSet);
    measured.set(name, part);
    return part;
  };

  const ofSet = (set: SelectionSetNode): Part => {
    const keys = new Map<string, number>();
    let [depth, introspectionDepth, aliases, repeats] = [0, 0, 0, 0];
    const take = (part: Omit<Part, 'keys'>): void => {
      depth = Math.max(depth, part.depth);
      introspectionDepth = Math.max(introspectionDepth, part.introspectionDepth);
      aliases += part.aliases;
      repeats = Math.max(repeats, part.repeats);
    };
    const count = (key: string, times: number): void => void keys.set(key, (keys.get(key) ?? 0) + times);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const { name, alias, selectionSet } = selection;
        const below = selectionSet === undefined ? empty : ofSet(selectionSet);
        const introspects = name.value === '__schema' || name.value === '__type';
        count((alias ?? name).value, 1);
        take({
          ...below,
          depth: introspects ? 1 : below.depth + 1,
          introspectionDepth: introspects ? below.depth + 1 : below.introspectionDepth,
          aliases: below.aliases + (alias === undefined || isMark(selection) ? 0 : 1),
        });
      } else {
        const part =
          selection.kind === Kind.INLINE_FRAGMENT ? ofSet(selection.selectionSet) : ofFragment(selection.name.value);
        for (const [key, times] of part.keys) count(key, times);
        take(part);
      }
    }
    return { depth, introspectionDepth, aliases, repeats: Math.max(repeats, ...keys.values()), keys };
  };

  const { directives, marks } = countNodes(document);
  const run = document.definitions
    .filter(isDefinition(Kind.OPERATION_DEFINITION))
    .map(({ selectionSet }) => ofSet(selectionSet));
  const unrun = [...fragments.keys()].map(ofFragment); // validation reads every fragment, spread or not
  const most = (parts: readonly Part[], measure: (part: Part) => number): number => Math.max(0, ...parts.map(measure));
  return {
    depth: most(run, ({ depth }) => depth),
    introspectionDepth: most(run, ({ introspectionDepth }) => introspectionDepth),
    aliases: most([...run, ...unrun], ({ aliases }) => aliases) + marks,
    repeats: most([...run, ...unrun], ({ repeats }) => repeats),
    rootFields: most(run, ({ keys }) => sum(keys.values())),
    directives,
  };
};

const known = new WeakMap<DocumentNode, QueryShape>();

/** The shape of a document, measured once: equal texts share a document. */
export const shapeOf = (document: DocumentNode): QueryShape => {
  const shape = known.get(document) ?? measure(document);
  known.set(document, shape);
  return shape;
};
