import { readFileSync } from 'node:fs';
import { whyUnread } from '../domain/file-failure.js';
import { isMapping } from '../domain/mapping.js';
import type { SecretPlace } from './key.js';
import { pathOf, type Problem } from './problem.js';

type Path = readonly (string | number)[];

const maxDepth = 16; // the deepest key of ours is at 5
const reference = /\$\$\{|\$\{([A-Za-z_]\w*)(?:(:-)([^}]*))?\}|\$\{/g;

const member = (env: NodeJS.ProcessEnv, name: string): string | undefined =>
  Object.hasOwn(env, name) ? env[name] : undefined;

/** The text of a file without the line breaks at its end, which editors and `echo` put there. */
export const textOf = (file: string): string => readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');

/** Where values come from, and who is told of one that does not. */
interface Reading {
  readonly env: NodeJS.ProcessEnv;
  readonly readText: typeof textOf;
  readonly fail: (text: string) => void;
}

/** A variable, or the file that its twin with `_FILE` names: so containers are given secrets. Empty counts as not set. */
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
      fail('has a `${` that is neither `${NAME}` nor `${NAME:-default}`; write `$${` for a plain one');
      return match;
    }
    const value = valueOf(name, reading);
    if (hasDefault !== undefined) return value === undefined || value === '' ? (standIn ?? '') : value;
    if (value === undefined) fail(`needs the environment variable ${name}, which is not set (nor is ${name}_FILE)`);
    return value ?? match;
  });

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of the parsed file, so that no secret is read as YAML.
 * Where there is no NAME, the text of the file that NAME_FILE names is its value.
 * As in a shell, the default also stands in for an empty variable. `$${` is a plain `${`. The data is copied.
 */
export const replaceEnv = (data: unknown, env: NodeJS.ProcessEnv, problems: Problem[], readText = textOf): unknown => {
  const replace = (value: unknown, path: Path, above: readonly unknown[]): unknown => {
    const fail = (text: string) => problems.push({ path: pathOf(path), text });
    if (typeof value === 'string') return replaceIn(value, { env, readText, fail });
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (path.length > maxDepth || above.includes(value)) {
      fail('is nested too deep'); // with an alias to what it is part of, without end
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
  /** What stands in for a secret that cannot be read, so that the key does not count as missing or wrong as well. */
  readonly standIn: string;
}

/** Puts the text of the file that a `…File` key names in place of its plain twin. */
const readSecret = (section: unknown, key: string, path: Path, reading: SecretReading): void => {
  const fileKey = `${key}File`;
  const file = isMapping(section) ? section[fileKey] : undefined;
  if (!isMapping(section) || typeof file !== 'string') return; // a file that is not text: its type is checked later
  const { problems, readText, standIn } = reading;
  const fail = (text: string) => problems.push({ path: pathOf([...path, fileKey]), text });
  Reflect.deleteProperty(section, fileKey);
  if (Object.hasOwn(section, key)) {
    fail(`must not stand beside ${key}; keep one of them`);
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

/** Reads the secret files of upstreams, rules of `notify` and metrics into the (own, already copied) data. */
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
