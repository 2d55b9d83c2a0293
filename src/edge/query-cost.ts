import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { CALL_WEIGHT } from '../domain/query-cost.js';
import { fragmentsOf } from './query-shape.js';

/** The most that an operation may cost. */
export interface QueryCost {
  readonly cost: number; // one for each record, and `CALL_WEIGHT` for each call
  readonly calls: number; // of upstreams
}

interface CostOptions {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>; // as coerced
  /** The list itself refuses larger pages. */
  readonly maxPageSize: number;
}

/** The length of the lists directly below a field, by the field's `@listSize`. */
interface Sizes {
  readonly fields: readonly string[];
  readonly size: number;
}

const nothing: QueryCost = { cost: 0, calls: 0 };
const unsized: Sizes = { fields: [], size: 1 };

const add = (a: QueryCost, b: QueryCost): QueryCost => ({ cost: a.cost + b.cost, calls: a.calls + b.calls });

type Arguments = Readonly<Record<string, unknown>>;

/** The arguments of a directive set by the schema's code on a field or type; `null` if it has none. */
const directive = ({ extensions }: Pick<GraphQLNamedType, 'extensions'>, name: string): Arguments | null => {
  const all = Array.isArray(extensions['directives'])
    ? (extensions['directives'] as { name: string; args?: Arguments }[])
    : []; // in Pothos's form
  const found = all.find((one) => one.name === name);
  return found === undefined ? null : (found.args ?? {});
};

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

const valueOf = (node: ValueNode, variables: Arguments): unknown => {
  if (node.kind === Kind.VARIABLE) return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : null;
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.LIST ? node.values : null;
};

/** Whether `@skip` and `@include` keep it. */
export const isCounted = (selection: SelectionNode, variables: Arguments): boolean => {
  const when = (which: typeof GraphQLSkipDirective) => {
    try {
      return getDirectiveValues(which, selection, variables)?.['if'];
    } catch {
      return undefined; // refused when it runs
    }
  };
  return when(GraphQLSkipDirective) !== true && when(GraphQLIncludeDirective) !== false;
};

/**
 * The most an operation may cost, from `@cost` and `@listSize` in the schema, so that a router that reads them gets the
 * same result. It is an upper bound: a repeated field counts each time, and for an interface the most expensive type
 * counts. Each fragment is computed once for each place in which it costs something else.
 */
export const costOf = ({ schema, document, operation, variables, maxPageSize }: CostOptions): QueryCost => {
  const fragments = fragmentsOf(document);
  const known = new Map<SelectionSetNode, Map<string, QueryCost>>();

  const pageOf = (args: readonly ArgumentNode[], slicing: readonly string[], assumed: number): number => {
    const given = args
      .filter(({ name }) => slicing.includes(name.value))
      .map(({ value }) => valueOf(value, variables))
      .filter((value) => typeof value === 'number');
    return given.length === 0 ? assumed : Math.min(Math.max(0, ...given), maxPageSize);
  };

  /** A list of records by id is as long as the list of ids. */
  const idsIn = (field: GraphQLField<unknown, unknown>, args: readonly ArgumentNode[]): number | null => {
    const lists = field.args.filter(({ type }) => isListType(getNullableType(type))).map(({ name }) => name);
    const [given] = args.filter(({ name }) => lists.includes(name.value));
    if (given === undefined) return null;
    const value = valueOf(given.value, variables);
    return Array.isArray(value) ? value.length : 1;
  };

  const ofField = (node: FieldNode, parent: GraphQLObjectType, sizes: Sizes): QueryCost => {
    const field = parent.getFields()[node.name.value];
    if (field === undefined) return nothing; // `__typename` or introspection, which call no upstream
    const args = node.arguments ?? [];
    const type = getNamedType(field.type);
    const told = directive(field, 'cost') ?? directive(type, 'cost');
    const weight = Number(told?.['weight'] ?? (isCompositeType(type) ? 1 : 0));
    const listSize = directive(field, 'listSize');
    const sized = names(listSize?.['sizedFields']);
    const page = pageOf(args, names(listSize?.['slicingArguments']), Number(listSize?.['assumedSize'] ?? 1));
    const isList = isListType(getNullableType(field.type));
    const own = isList ? (idsIn(field, args) ?? page) : 1;
    const times = sizes.fields.includes(field.name) ? sizes.size : own;
    const below =
      node.selectionSet === undefined
        ? nothing
        : ofType(node.selectionSet, type, sized.length > 0 ? { fields: sized, size: page } : unsized);
    const events = Number(field.extensions['events'] ?? 1); // the first events of a subscription, each with its fields
    return {
      cost: times * (weight + events * below.cost),
      calls: times * (Math.floor(weight / CALL_WEIGHT) + events * below.calls),
    };
  };

  const within = (set: SelectionSetNode, type: GraphQLObjectType, sizes: Sizes): QueryCost => {
    const key = `${type.name} ${sizes.size} ${sizes.fields.join()}`;
    const found = known.get(set)?.get(key);
    if (found !== undefined) return found;
    let sum = nothing;
    for (const selection of set.selections) {
      if (isCounted(selection, variables)) sum = add(sum, ofSelection(selection, type, sizes));
    }
    known.set(set, (known.get(set) ?? new Map<string, QueryCost>()).set(key, sum));
    return sum;
  };

  const ofSelection = (selection: SelectionNode, type: GraphQLObjectType, sizes: Sizes): QueryCost => {
    if (selection.kind === Kind.FIELD) return ofField(selection, type, sizes);
    const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (part === undefined) return nothing;
    const condition = part.typeCondition === undefined ? type : schema.getType(part.typeCondition.name.value);
    const applies = condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
    return applies ? within(part.selectionSet, type, sizes) : nothing;
  };

  const ofType = (set: SelectionSetNode, type: GraphQLNamedType, sizes: Sizes): QueryCost => {
    if (isObjectType(type)) return within(set, type, sizes);
    if (!isAbstractType(type)) return nothing;
    return schema
      .getPossibleTypes(type)
      .map((one) => within(set, one, sizes))
      .reduce((most, one) => (one.cost > most.cost ? one : most), nothing);
  };

  const root = schema.getRootType(operation.operation);
  return root === undefined || root === null ? nothing : within(operation.selectionSet, root, unsized);
};

/** Everything of the variables that a cost depends on: numbers, conditions, and the lengths of lists. */
const figuresOf = (variables: Arguments): string =>
  JSON.stringify(
    Object.entries(variables).map(([name, value]) => [
      name,
      Array.isArray(value) ? [value.length] : ['number', 'boolean'].includes(typeof value) ? value : null,
    ]),
  );

const MOST_KNOWN = 50; // of one document

/** Works out the cost of a document once for all variables that make no difference to it. */
export const createCosts = (): ((options: CostOptions) => QueryCost) => {
  const known = new WeakMap<OperationDefinitionNode, LRUCache<string, QueryCost>>();
  return (options) => {
    const costs = known.get(options.operation) ?? new LRUCache<string, QueryCost>({ max: MOST_KNOWN });
    known.set(options.operation, costs);
    const key = figuresOf(options.variables);
    const cost = costs.get(key) ?? costOf(options);
    costs.set(key, cost);
    return cost;
  };
};
