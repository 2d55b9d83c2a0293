import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type InterfaceRef,
  type ObjectRef,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';

const name = 'federation';
export default name;

/** The directives of a field for a router, without its scopes. Source: Federation 2.9, directives. */
interface FieldDirectives {
  readonly shareable?: boolean; // another subgraph may resolve it too
  readonly inaccessible?: boolean; // not in the supergraph's API
  readonly tag?: string; // for contracts
  readonly cost?: number;
  readonly listSize?: {
    readonly assumedSize?: number;
    readonly slicingArguments?: readonly string[];
    readonly sizedFields?: readonly string[];
    readonly requireOneSlicingArgument?: boolean;
  };
}

/** The directives of an object type for a router. */
interface TypeDirectives {
  readonly shareable?: boolean;
  readonly tag?: string;
  readonly authenticated?: boolean; // every authenticated caller may see it
  readonly requiresScopes?: readonly (readonly string[])[]; // any of these sets of scopes
  readonly comesWithRecord?: boolean; // costs nothing, though it has a key
}

declare global {
  // Pothos finds a plugin and its options here.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      federation: Federation<Types>;
    }
    // TypeScript merges these with Pothos's own, so the parameters have Pothos's names.
    /* eslint-disable @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type */
    interface ObjectTypeOptions<Types extends SchemaTypes, Shape> extends TypeDirectives {}
    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > extends FieldDirectives {}
    /* eslint-enable @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type */
  }
}

interface Directive {
  readonly name: string;
  readonly args?: object;
}

const present = (given: unknown, directive: Directive): readonly Directive[] =>
  given === undefined || given === false ? [] : [directive];

const directivesOf = (options: FieldDirectives & TypeDirectives): readonly Directive[] => [
  ...present(options.inaccessible, { name: 'inaccessible' }),
  ...present(options.shareable, { name: 'shareable' }),
  ...present(options.authenticated, { name: 'authenticated' }),
  ...present(options.requiresScopes, { name: 'requiresScopes', args: { scopes: options.requiresScopes } }),
  ...present(options.cost, { name: 'cost', args: { weight: options.cost } }),
  ...present(options.listSize, { name: 'listSize', args: options.listSize ?? {} }),
  ...present(options.tag, { name: 'tag', args: { name: options.tag } }),
];

/** The scopes that the options of a field, or of its type, require. */
const scopesIn = (options: object): readonly string[] =>
  'authScopes' in options && typeof options.authScopes === 'object' ? Object.keys(options.authScopes ?? {}) : [];

const entities = new Set<string>();

/** Makes types entities: other subgraphs may refer to them by `id`. Call it before the schema is built. */
export const asEntities = <Types extends SchemaTypes>(
  builder: PothosSchemaTypes.SchemaBuilder<Types>,
  refs: readonly (ObjectRef<Types, unknown> | InterfaceRef<Types, unknown>)[],
): void => {
  for (const ref of refs) builder.configStore.onTypeConfig(ref, (config) => void entities.add(config.name));
};

/**
 * Puts a router's directives on types and fields. `@pothos/plugin-directives` prints them, and the gateway's own query cost
 * reads them. The scopes of a field become `@requiresScopes`, so the SDL shows exactly the scopes that are enforced. A type
 * without a key costs 0, and so does one that arrives inside a record: only records are counted.
 */
class Federation<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(type: PothosTypeConfig): PothosTypeConfig {
    const isEntity = entities.has(type.name);
    const isFree = type.kind === 'Object' && (!isEntity || type.pothosOptions.comesWithRecord === true);
    const directives = [
      ...(isEntity ? [{ name: 'key', args: { fields: 'id' } }] : []),
      ...(type.kind === 'Object' ? directivesOf(type.pothosOptions) : []),
      ...(isFree ? [{ name: 'cost', args: { weight: 0 } }] : []),
    ];
    return directives.length === 0 ? type : { ...type, extensions: { ...type.extensions, directives } };
  }

  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const parent = this.builder.configStore.getTypeConfig(field.parentType);
    const scopes = [...scopesIn(parent.pothosOptions), ...scopesIn(field.pothosOptions)];
    const directives = directivesOf({
      ...field.pothosOptions,
      ...(scopes.length > 0 && { requiresScopes: [scopes] }),
    });
    return directives.length === 0 ? field : { ...field, extensions: { ...field.extensions, directives } };
  }
}

SchemaBuilder.registerPlugin(name, Federation);
