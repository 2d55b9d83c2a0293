import { hostname } from 'node:os';
import type { Logger, LoggerOptions } from 'pino';
import { redact } from '../domain/message.js';
import { withoutKnownSecrets } from './known-secrets.js';

/** The members that are not logged, at any level and for all products: names from HTTP and from our config. */
const secrets = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apiKey',
  'password',
  'secret',
  'token',
  'accessToken',
  'privateKey',
];

const DEEPEST = 4; // levels of members that are searched
const pathsTo = (name: string): readonly string[] =>
  Array.from({ length: DEEPEST }, (_, depth) => `${'*.'.repeat(depth)}["${name}"]`.replaceAll('.[', '['));

const LONGEST_CHAIN = 5; // of causes

/** The short facts in our errors: codes of Node and of vendors, ids of the config. */
const facts = ['code', 'syscall', 'reason', 'upstream', 'errorCode', 'status'] as const;

const factsOf = (error: object): Record<string, unknown> =>
  Object.fromEntries(
    facts
      .map((name) => [name, Object.getOwnPropertyDescriptor(error, name)?.value as unknown] as const)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );

/**
 * The log form of an error: its message without credentials, and a few short facts. Other members are dropped, because
 * HTTP clients and SDKs attach requests, answers and settings.
 */
const toLogged = (thrown: unknown, depth = 0): unknown => {
  if (typeof thrown === 'string') return redact(thrown);
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if (!(thrown instanceof Error)) return { type: 'object', message: 'the thrown value is not an Error' };
  const { name, message, stack = '', cause } = thrown;
  return {
    type: redact(name),
    message: redact(message),
    stack: redact(stack),
    ...factsOf(thrown),
    ...(cause === undefined || depth >= LONGEST_CHAIN ? {} : { cause: toLogged(cause, depth + 1) }),
    ...(thrown instanceof AggregateError && depth < LONGEST_CHAIN
      ? { errors: thrown.errors.slice(0, 10).map((one) => toLogged(one, depth + 1)) }
      : {}),
  };
};

const wordsOf = (value: unknown): unknown => {
  if (typeof value === 'string') return redact(value);
  return value instanceof Error ? redact(value.message) : value;
};

type LogParameters = Parameters<Logger['info']>;

/** If there is no message, pino would log the error's own. */
const withoutSecrets = ([first, ...words]: LogParameters): LogParameters => {
  if (typeof first === 'string') return [redact(first), ...words.map(wordsOf)] as LogParameters;
  const fields: unknown = first instanceof Error ? { err: first } : first;
  const err: unknown = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : undefined;
  const all = words.length === 0 && err instanceof Error ? [err] : words;
  return [fields, ...all.map(wordsOf)] as LogParameters; // its types take this for two parameters
};

/** The log's options, which keep secrets out. `more` are the members in which products hold secrets. */
export const logOptionsFor = (more: readonly string[]) =>
  ({
    base: { pid: process.pid, hostname: hostname(), service: 'copygraph' }, // `name` belongs to operations
    redact: { paths: [...new Set([...secrets, ...more])].flatMap(pathsTo), censor: '[redacted]' },
    serializers: { err: (error: unknown) => toLogged(error) },
    hooks: {
      logMethod(parameters, method) {
        method.apply(this, withoutSecrets(parameters));
      },
      streamWrite: withoutKnownSecrets,
    },
  }) satisfies LoggerOptions;
