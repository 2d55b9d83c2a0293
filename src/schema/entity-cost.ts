import SchemaBuilder, { BasePlugin, type PothosTypeConfig, type SchemaTypes } from '@pothos/core';

const name = 'entityCost';
export default name;

declare global {
  // How Pothos learns of a plugin.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      entityCost: EntityCost<Types>;
    }
  }
}

const directivesOf = ({ extensions }: PothosTypeConfig): readonly { readonly name: string }[] =>
  Array.isArray(extensions?.['directives']) ? extensions['directives'] : [];

/**
 * Tells of each type without a key that it costs nothing: it comes with what it is a part of. What is left to count are
 * records. To stand before the federation plugin in the builder's list, which adds the keys.
 */
class EntityCost<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(type: PothosTypeConfig): PothosTypeConfig {
    const directives = directivesOf(type);
    if (type.kind !== 'Object' || directives.some((one) => one.name === 'key')) return type;
    const free = { name: 'cost', args: { weight: 0 } };
    return { ...type, extensions: { ...type.extensions, directives: [...directives, free] } };
  }
}

SchemaBuilder.registerPlugin(name, EntityCost);
