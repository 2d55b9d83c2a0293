import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';

const name = 'toldScopes';
export default name;

declare global {
  // How Pothos learns of a plugin.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      toldScopes: ToldScopes<Types>;
    }
  }
}

/** The scopes that a field's options, or those of its type, ask for. */
const scopesIn = (options: object): readonly string[] =>
  'authScopes' in options && typeof options.authScopes === 'object' ? Object.keys(options.authScopes ?? {}) : [];

/**
 * Tells the scopes that a field asks for in the SDL, as `@requiresScopes`: a router can then refuse before it asks, and
 * what is told is what is enforced. To stand behind the federation plugin in the builder's list, which prints it.
 */
class ToldScopes<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const parent = this.builder.configStore.getTypeConfig(field.parentType);
    const scopes = [...scopesIn(parent.pothosOptions), ...scopesIn(field.pothosOptions)];
    if (scopes.length > 0) Object.assign(field.pothosOptions, { requiresScopes: [scopes] });
    return field;
  }
}

SchemaBuilder.registerPlugin(name, ToldScopes);
