import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

const scalars: Readonly<Record<string, string>> = {
  Int: '1',
  Float: '1',
  Boolean: 'true',
  BigInt: '"1"',
  DateTime: '"2024-05-01T00:00:00Z"',
  _Any: '{ __typename: "CopyJob", id: "CopyJob:aws-prod:J1" }',
};

/** Something that the type takes. */
const literal = (type: GraphQLInputType): string => {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (!isInputObjectType(type)) return scalars[type.name] ?? '"CopyJob:aws-prod:J1"';
  const members = Object.values(type.getFields()).filter(isRequiredInputField);
  return `{ ${members.map((member) => `${member.name}: ${literal(member.type)}`).join(', ')} }`;
};

/** A field with the arguments it cannot do without. */
export const written = (field: GraphQLField<unknown, unknown>): string => {
  const given = field.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${literal(argument.type)}`);
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return `${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`}${selection}`;
};
