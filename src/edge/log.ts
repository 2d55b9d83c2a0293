import { hostname } from 'node:os';
import type { Logger, LoggerOptions } from 'pino';
import { redact } from '../domain/message.js';
import { withoutKnownSecrets } from './known-secrets.js';

/** Members whose values are not logged, wherever they are, and whatever the products are: what HTTP and we call them. */
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

const DEEPEST = 4; // levels of members that are looked through for them
const pathsTo = (name: string): readonly string[] =>
  Array.from({ length: DEEPEST }, (_, depth) => `${'*.'.repeat(depth)}["${name}"]`.replaceAll('.[', '['));

const LONGEST_CHAIN = 5; // of causes

/** The short facts that errors here carry beside their words: codes of Node and of vendors, ids of the config. */
const facts = ['code', 'syscall', 'reason', 'upstream', 'errorCode', 'status'] as const;

const factsOf = (error: object): Record<string, unknown> =>
  Object.fromEntries(
    facts
      .map((name) => [name, Object.getOwnPropertyDescriptor(error, name)?.value as unknown] as const)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );

/**
 * An error as it is logged: its words without credentials, and a few short facts. What else hangs on it stays out: HTTP
 * clients and SDKs hang requests, answers and settings there.
 */
const toLogged = (thrown: unknown, depth = 0): unknown => {
  if (typeof thrown === 'string') return redact(thrown);
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if (!(thrown instanceof Error)) return { type: 'object', message: 'what was thrown is no error' };
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

/** Where there are no words, pino takes those of the error as they are. */
const withoutSecrets = ([first, ...words]: LogParameters): LogParameters => {
  if (typeof first === 'string') return [redact(first), ...words.map(wordsOf)] as LogParameters;
  const fields: unknown = first instanceof Error ? { err: first } : first;
  const err: unknown = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : undefined;
  const all = words.length === 0 && err instanceof Error ? [err] : words;
  return [fields, ...all.map(wordsOf)] as LogParameters; // which its types take for two parameters
};

/** How the log is written, so that no secret gets into it: `more` are the members that the products hold secrets in. */
export const logOptionsFor = (more: readonly string[]) =>
  ({
    base: { pid: process.pid, hostname: hostname(), service: 'copygraph' }, // `name` is an operation's
    redact: { paths: [...new Set([...secrets, ...more])].flatMap(pathsTo), censor: '[redacted]' },
    serializers: { err: (error: unknown) => toLogged(error) },
    hooks: {
      logMethod(parameters, method) {
        method.apply(this, withoutSecrets(parameters));
      },
      streamWrite: withoutKnownSecrets,
    },
  }) satisfies LoggerOptions;
