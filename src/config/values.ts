import { readFileSync } from 'node:fs';
import { whyUnread } from '../domain/file-failure.js';
import { isMapping } from '../domain/mapping.js';
import type { SecretPlace } from './key.js';
import { pathOf, type Problem } from './problem.js';

type Path = readonly (string | number)[];

const maxDepth = 16; // our deepest key is at 5
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?:(:-)([^}]*))?\}|\$\{/g;

const member = (env: NodeJS.ProcessEnv, name: string): string | undefined =>
  Object.hasOwn(env, name) ? env[name] : undefined;

/** The text of a file without line breaks at its end, which editors and `echo` add. */
export const textOf = (file: string): string => readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');

/** The sources of values, and the function that takes the problems. */
interface Reading {
  readonly env: NodeJS.ProcessEnv;
  readonly readText: typeof textOf;
  readonly fail: (text: string) => void;
}

/**
 * A variable, or the content of the file that its twin with `_FILE` names, as containers provide secrets. Empty counts
 * as not set.
 */
const valueOf = (name: string, { env, readText, fail }: Reading): string | undefined => {
  const value = member(env, name);
  const file = member(env, `${name}_FILE`) ?? '';
  if ((value !== undefined && value !== '') || file === '') return value;
  try {
    return readText(file);
  } catch (error) {
    fail(`needs ${name}, and ${name}_FILE names a file that cannot be read: ${whyUnread(error)}`);
    return '';
  }
};

const replaceIn = (text: string, reading: Reading): string =>
  text.replace(reference, (match, name?: string, hasDefault?: string, standIn?: string) => {
    const { fail } = reading;
    if (match === '$${') return '${';
    if (name === undefined) {
      fail('has a `${` that is neither `${NAME}` nor `${NAME:-default}`; write `$${` for a literal one');
      return match;
    }
    const value = valueOf(name, reading);
    if (hasDefault !== undefined) return value === undefined || value === '' ? (standIn ?? '') : value;
    if (value === undefined) fail(`needs the environment variable ${name}, which is not set (nor is ${name}_FILE)`);
    return value ?? match;
  });

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of the parsed file, so that no secret is parsed as YAML.
 * Without NAME, its value is the content of the file that NAME_FILE names. As in a shell, the default also replaces an
 * empty variable. `$${` is a literal `${`. The data are copied.
 */
export const replaceEnv = (data: unknown, env: NodeJS.ProcessEnv, problems: Problem[], readText = textOf): unknown => {
  const replace = (value: unknown, path: Path, above: readonly unknown[]): unknown => {
    const fail = (text: string) => problems.push({ path: pathOf(path), text });
    if (typeof value === 'string') return replaceIn(value, { env, readText, fail });
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (path.length > maxDepth || above.includes(value)) {
      fail('is nested too deep'); // an alias to a mapping that contains it, without end
      return null;
    }
    const inner = [...above, value];
    if (Array.isArray(value)) return value.map((item, index) => replace(item, [...path, index], inner));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, [...path, key], inner)]));
  };
  return replace(data, [], []);
};

interface SecretReading {
  readonly problems: Problem[];
  readonly readText: typeof textOf;
  /** The value used for a secret that cannot be read, so that the key does not count as missing or wrong as well. */
  readonly standIn: string;
}

/** Reads the file that a `…File` key names, and sets its content as the plain key. */
const readSecret = (section: unknown, key: string, path: Path, reading: SecretReading): void => {
  const fileKey = `${key}File`;
  const file = isMapping(section) ? section[fileKey] : undefined;
  if (!isMapping(section) || typeof file !== 'string') return; // the name is not text: its type is checked later
  const { problems, readText, standIn } = reading;
  const fail = (text: string) => problems.push({ path: pathOf([...path, fileKey]), text });
  Reflect.deleteProperty(section, fileKey);
  if (Object.hasOwn(section, key)) {
    fail(`must not be set together with ${key}; keep one of them`);
    return;
  }
  try {
    const secret = readText(file);
    section[key] = secret === '' ? standIn : secret;
    if (secret === '') fail('names a file that is empty');
  } catch (error) {
    section[key] = standIn;
    fail(`names a file that cannot be read: ${whyUnread(error)}`);
  }
};

const listAt = (data: unknown, key: string): readonly unknown[] => {
  const list = isMapping(data) ? data[key] : undefined;
  return Array.isArray(list) ? list : [];
};

/** Reads the secret files of upstreams, `notify` rules and metrics into the data, which is already a copy. */
export const readSecretFiles = (
  data: unknown,
  secrets: readonly SecretPlace[],
  problems: Problem[],
  readText = textOf,
): void => {
  const reading = { problems, readText, standIn: 'unread' };
  listAt(data, 'upstreams').forEach((upstream, index) => {
    for (const [name, key] of secrets)
      readSecret(isMapping(upstream) ? upstream[name] : undefined, key, ['upstreams', index, name], reading);
  });
  const metrics = isMapping(data) ? data['metrics'] : undefined;
  readSecret(metrics, 'token', ['metrics'], { ...reading, standIn: 'unread-unread-unread' });
  const webhook = { ...reading, standIn: `whsec_${'A'.repeat(32)}` };
  listAt(data, 'notify').forEach((rule, index) => readSecret(rule, 'secret', ['notify', index], webhook));
};
