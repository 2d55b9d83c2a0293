import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { formatDateTime, parseDateTime } from '../domain/micros.js';
import type { Micros } from '../domain/micros.js';
import { builder } from './builder.js';

/** A refusal of a value. With the literal, if there is one, it names the argument. */
const refuse = (message: string, literal: ValueNode | null = null): GraphQLError =>
  new GraphQLError(message, { nodes: literal, extensions: { code: 'BAD_USER_INPUT' } });

/** A value for a message: a text cut to 60 characters, otherwise only its type, because an object may not convert to text. */
const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : `a value that is no text (${typeof value})`;

const toMicros = (value: unknown, literal: ValueNode | null = null): Micros => {
  const parsed = typeof value === 'string' ? parseDateTime(value) : null;
  if (parsed === null) {
    throw refuse(
      `${shown(value)} is not a DateTime; write RFC 3339 with a zone, such as "2024-05-01T02:00:00Z".`,
      literal,
    );
  }
  return parsed;
};

builder.scalarType('DateTime', {
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  description:
    'A point in time: RFC 3339 in UTC with milliseconds, or microseconds if there are any, such as `2024-05-01T02:00:00.123456Z`. Any offset is valid as input; digits beyond microseconds are cut.',
  serialize: formatDateTime,
  parseValue: (value) => toMicros(value),
  parseLiteral: (node) => toMicros(node.kind === Kind.STRING ? node.value : null, node),
});

/** 64 bits with a sign. No vendor sends more digits, and BigInt parses long ones slowly. */
const integer = /^-?\d{1,19}$/;

const toBigInt = (value: unknown, literal: ValueNode | null = null): bigint => {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const parsed = typeof text === 'string' && integer.test(text) ? BigInt(text) : null;
  if (parsed === null || BigInt.asIntN(64, parsed) !== parsed) {
    throw refuse(
      `${shown(value)} is not a BigInt; write a 64-bit integer as a string of decimal digits, such as "5000".`,
      literal,
    );
  }
  return parsed;
};

builder.scalarType('BigInt', {
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc7493#section-2.2', // large integers as decimal strings
  description:
    'A signed whole number of up to 64 bits as a string of decimal digits, exact above 2^53. A plain integer is valid as input too; as a variable only up to 2^53.',
  serialize: (value) => value.toString(),
  parseValue: (value) => toBigInt(value),
  parseLiteral: (node) => toBigInt(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : null, node),
});

builder.scalarType('JSON', {
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  description: 'Any JSON value, as the vendor sent it. Integers beyond 2^53 are strings. Never an input.',
  serialize: (value) => value,
  parseValue: () => {
    throw refuse('JSON is for answers only.');
  },
});
