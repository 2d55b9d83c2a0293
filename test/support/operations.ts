import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** An operation that was made up, and what goes with it. */
export interface MadeUp {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The possible values of arguments, by their names or types. */
type Values = Readonly<Record<string, readonly unknown[]>>;

/** Pseudo-random numbers, the same for one seed. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const DEEPEST = 5;
/** The fields that each call changes. */
const unstable: readonly string[] = ['health'];

class Enum {
  constructor(readonly name: string) {}
}

const written = (value: unknown): string => {
  if (value instanceof Enum) return value.name;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, one]) => `${name}: ${written(one)}`)
    .join(', ')}}`;
};

const plain = (value: unknown): unknown => {
  if (value instanceof Enum) return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
};

/**
 * Makes up a query that may be anything the schema allows: aliases, fragments of both kinds, conditions, arguments that
 * are literals, variables, variables within literals, or variables without a value. Not each of them is valid.
 */
export const makeUp = (schema: GraphQLSchema, values: Values, random: () => number): MadeUp => {
  const chance = (part: number): boolean => random() < part;
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
  const variables: Record<string, unknown> = {};
  const definitions: string[] = [];
  const fragments: string[] = [];
  const spread: { readonly name: string; readonly on: string }[] = [];

  const valueOf = (type: GraphQLInputType, name: string, depth = 0): unknown => {
    if (isNonNullType(type)) return valueOf(type.ofType, name, depth);
    if (chance(0.05)) return null;
    if (isListType(type)) return Array.from({ length: Math.floor(random() * 3) }, () => valueOf(type.ofType, name));
    if (isEnumType(type)) return new Enum(pick(type.getValues()).name);
    if (!isInputObjectType(type)) return pick(values[name] ?? values[type.name] ?? ['x']);
    const members = Object.values(type.getFields()).filter((member) => isNonNullType(member.type) || chance(0.2));
    return Object.fromEntries(members.map((member) => [member.name, valueOf(member.type, member.name, depth + 1)]));
  };

  const declare = (type: GraphQLInputType, value: unknown): string => {
    const name = `v${definitions.length}`;
    const byDefault = !isNonNullType(type) && chance(0.2) ? ` = ${written(value)}` : '';
    definitions.push(`$${name}: ${String(type)}${byDefault}`);
    if (isNonNullType(type) || chance(0.8)) variables[name] = plain(value);
    return `$${name}`;
  };

  const given = (type: GraphQLInputType, name: string): string => {
    const bare = isNonNullType(type) ? type.ofType : type;
    if (chance(0.4)) return declare(type, valueOf(type, name));
    if (!isInputObjectType(bare) || chance(0.5)) return written(valueOf(type, name));
    const members = Object.values(bare.getFields()).filter((member) => isNonNullType(member.type) || chance(0.3));
    return `{${members.map((member) => `${member.name}: ${given(member.type, member.name)}`).join(', ')}}`;
  };

  const argumentsOf = (args: readonly GraphQLArgument[]): string => {
    const used = args.filter((arg) => isNonNullType(arg.type) || chance(0.4));
    return used.length === 0 ? '' : `(${used.map(({ name, type }) => `${name}: ${given(type, name)}`).join(', ')})`;
  };

  const condition = (): string => {
    if (!chance(0.2)) return '';
    const name = `b${definitions.length}`;
    const literal = chance(0.3);
    if (!literal) {
      definitions.push(`$${name}: Boolean!`);
      variables[name] = chance(0.5);
    }
    return ` @${pick(['skip', 'include'])}(if: ${literal ? String(chance(0.5)) : `$${name}`})`;
  };

  const fieldOf = (type: GraphQLObjectType, depth: number): string => {
    const all = Object.values(type.getFields()).filter(
      ({ name, type: of }) => !unstable.includes(name) && (depth < DEEPEST || isLeafType(getNamedType(of))),
    );
    if (all.length === 0 || chance(0.1)) return `${chance(0.3) ? 'kind: ' : ''}__typename`;
    const field = pick(all.filter(({ name }) => depth > 0 || !name.startsWith('_')));
    const alias = chance(0.2) ? `${pick(['a', 'b', 'a_b', 'first', 'idx0', 'constructor'])}: ` : '';
    const named = getNamedType(field.type);
    const below = isCompositeType(named) ? ` ${setOf(named, depth + 1)}` : '';
    return `${alias}${field.name}${argumentsOf(field.args)}${condition()}${below}`;
  };

  const objectsOf = (type: GraphQLNamedType): readonly GraphQLObjectType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];

  const selectionOf = (type: GraphQLNamedType, depth: number): string => {
    const on = pick(objectsOf(type));
    const known = spread.filter((fragment) => fragment.on === on.name);
    if (known.length > 0 && chance(0.1)) return `...${pick(known).name}${condition()}`;
    if (!isAbstractType(type) && !chance(0.15)) return fieldOf(on, depth);
    const set = `{ ${fieldOf(on, depth)} ${chance(0.5) ? fieldOf(on, depth) : ''} }`;
    if (chance(0.6)) return `... on ${chance(0.8) ? on.name : type.name} ${condition()} ${set}`;
    const name = `F${fragments.length}`;
    fragments.push(`fragment ${name} on ${on.name} ${set}`);
    spread.push({ name, on: on.name });
    return `...${name}${condition()}`;
  };

  const setOf = (type: GraphQLNamedType, depth: number): string => {
    const count = 1 + Math.floor(random() * (depth === 0 ? 2 : 4));
    return `{ ${Array.from({ length: count }, () => selectionOf(type, depth)).join(' ')} }`;
  };

  const root = schema.getQueryType();
  if (root === null || root === undefined) throw new Error('the schema has no queries');
  const set = setOf(root, 0);
  const declared = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
  return { query: `query Made${declared} ${set} ${fragments.join(' ')}`, variables };
};
