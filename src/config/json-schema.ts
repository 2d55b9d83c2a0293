import { z } from 'zod';
import type { ProductSection } from './key.js';
import { configShapeOf } from './shape.js';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A text that contains a variable, whose value may be anything. */
const variable: JsonSchema = {
  title: '${NAME}',
  description: 'A variable of the environment, with or without a default',
  type: 'string',
  pattern: '\\$\\{[A-Za-z_]\\w*(:-[^}]*)?\\}',
};

/** The text that a variable may hold for a value of another type. */
const asText: Readonly<Record<string, JsonSchema>> = {
  integer: { type: 'string', pattern: '^\\d+$' },
  number: { type: 'string', pattern: '^\\d+(\\.\\d+)?$' },
  boolean: { enum: ['true', 'false'] },
};

const describing = new Set(['default', 'description', 'title']);

/** A value, or a variable in its place. The key's description stays outside both. */
const orVariable = (schema: JsonSchema): JsonSchema => {
  const entries = Object.entries(schema);
  const value: JsonSchema = Object.fromEntries(entries.filter(([key]) => !describing.has(key)));
  const text = typeof value.type === 'string' ? asText[value.type] : undefined;
  return {
    ...Object.fromEntries(entries.filter(([key]) => describing.has(key))),
    anyOf: [value, ...(text === undefined ? [] : [text]), { $ref: '#/definitions/variable' }],
  };
};

const isAnyText = ({ type, pattern, enum: words, const: word }: JsonSchema): boolean =>
  type === 'string' && (pattern === undefined || pattern === '.') && words === undefined && word === undefined;

/** The default of a whole section is dropped: each of its keys has its own. */
const withoutEmptyDefault = ({ default: preset, ...schema }: JsonSchema): JsonSchema =>
  preset === undefined || JSON.stringify(preset) === '{}' ? schema : { ...schema, default: preset };

/** The same schema with a variable allowed at every value. */
const withVariables = (schema: JsonSchema): JsonSchema => {
  const of = (one: unknown): JsonSchema => withVariables(one as JsonSchema); // zod writes no `true` or `false` here
  if (schema.properties !== undefined)
    return {
      ...withoutEmptyDefault(schema),
      properties: Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, of(one)])),
    };
  if (schema.items !== undefined) return { ...schema, items: of(schema.items) };
  const { oneOf, ...rest } = schema;
  if (oneOf !== undefined) return { ...rest, anyOf: oneOf.map(of) }; // with a variable as kind, more than one may match
  return isAnyText(schema) ? schema : orVariable(schema);
};

/** The config file as JSON Schema (draft 7, which editors know), for completion and checks in an editor. */
export const configJsonSchema = (products: readonly ProductSection[]): JsonSchema => {
  const { $schema, ...schema } = z.toJSONSchema(configShapeOf(products), {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema: { _zod }, jsonSchema }) => {
      // zod omits the default of a value that is transformed, such as digits into a number.
      if (_zod.def.type === 'default') jsonSchema.default = (_zod.def as z.core.$ZodDefaultDef).defaultValue;
    },
  });
  return { $schema, title: 'copygraph.yaml', ...withVariables(schema), definitions: { variable } } as JsonSchema;
};
