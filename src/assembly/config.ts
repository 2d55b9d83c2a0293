import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { problemsOf, type Problem } from '../config/problem.js';
import { disagreements } from '../config/rules.js';
import { configShapeOf, serverShape } from '../config/shape.js';
import { readYaml } from '../config/text.js';
import { readSecretFiles, replaceEnv, textOf } from '../config/values.js';
import { whyUnread } from '../domain/file-failure.js';
import { isMapping } from '../domain/mapping.js';
import { toProxy } from '../domain/proxy.js';
import { products } from '../upstream/products.js';

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** Made once: a new one costs more than a config does to validate, and its compiled checks with it. */
const configShape = configShapeOf(products);

/** The validated config, with defaults filled in. `auth`, `audit` and `redis` are absent if not configured. */
export type Config = Frozen<z.output<typeof configShape>>;
export type AuthConfig = NonNullable<Config['auth']>;

/** An upstream in the form of a config file, for programs without a file. */
export interface UpstreamInput {
  readonly id: string;
  readonly kind: string;
  readonly timeoutMs?: number;
  readonly maxConcurrent?: number;
  readonly [key: string]: unknown; // its product's keys
}

/** The problems of a config, one line each, for a person. Contains no values, so no secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Turned off in production, unless the config turns it on. */
const hidden = { graphiql: false, introspection: false };

/**
 * Applies `PORT` and `HOST`, which win over the file, and the defaults of `NODE_ENV=production`, which do not. An empty
 * variable counts as not set, as with `${NAME:-…}`.
 */
const override = (data: Record<string, unknown>, env: NodeJS.ProcessEnv, problems: Problem[]) => {
  const server = data['server'] ?? {};
  const set = { ...(env['HOST'] && { host: env['HOST'] }), ...(env['PORT'] && { port: env['PORT'] }) };
  const wrong = problemsOf(serverShape.safeParse(set).error?.issues ?? []);
  for (const { path, text } of wrong) problems.push({ path: path.toUpperCase(), text: `(environment) ${text}` });
  const defaults = env['NODE_ENV'] === 'production' ? hidden : {};
  return isMapping(server) && wrong.length === 0 ? { ...data, server: { ...defaults, ...server, ...set } } : data;
};

const validate = (data: unknown, source: string, env: NodeJS.ProcessEnv, problems: Problem[]): Config => {
  const whole = isMapping(data) ? override(data, env, problems) : data;
  const result = configShape.safeParse(whole);
  problems.push(...problemsOf(result.error?.issues ?? []), ...disagreements(whole, products));
  if (result.success && problems.length === 0) return result.data;
  // One line for each key: later problems of a key only follow from the first.
  const first = problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
  const lines = first.map(({ path, text }) => [source, path, text].filter((part) => part !== '').join(': '));
  throw new ConfigError(lines.join('\n'));
};

/** How to read each config again. */
const sources = new WeakMap<Config, () => Config>();

/** Reads a file that a config names. Passed in, so that a caller can note which files they are. */
export type ReadText = typeof textOf;

/**
 * Makes a config from the content of a file. Throws a `ConfigError` with all problems, each line beginning with
 * `source`. Reads further files only for secrets, relative to the working directory: those of `…File` keys, and
 * `NAME_FILE` in the environment for a `${NAME}`.
 */
export const configFrom = (
  data: unknown,
  source: string,
  env: NodeJS.ProcessEnv,
  readText: ReadText = textOf,
): Config => {
  const problems: Problem[] = [];
  const replaced = replaceEnv(data ?? {}, env, problems, readText);
  readSecretFiles(
    replaced,
    products.flatMap(({ secretFiles }) => secretFiles),
    problems,
    readText,
  );
  const config = validate(replaced, source, env, problems);
  sources.set(config, () => configFrom(data, source, env));
  return config;
};

/** As `configFrom`, from YAML. */
export const parseConfig = (text: string, source: string, env: NodeJS.ProcessEnv, readText?: ReadText): Config => {
  const { data, problems } = readYaml(text);
  if (problems.length > 0)
    throw new ConfigError(problems.map(({ path, text }) => `${source}: ${path}: ${text}`).join('\n'));
  return configFrom(data, source, env, readText);
};

/** The same config with its secrets read again from their files; `null` if it has no file, or is no longer valid. */
export const readAgain = (config: Config): Config | null => {
  try {
    return sources.get(config)?.() ?? null;
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
};

/** Reads a config file. If it cannot be read, that is a `ConfigError` too. */
export const readConfig = (file: string, env: NodeJS.ProcessEnv = process.env, readText?: ReadText): Config => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: the config file cannot be read: ${whyUnread(error)}`);
  }
  return parseConfig(text, file, env, readText);
};

/** Whether the URL is itself a secret: whoever knows the URL of such a webhook may post to it. */
const isSecretUrl = ({ url, format }: Config['notify'][number]): boolean => format === 'slack' || url.includes('?');

const secretsOfRule = (rule: Config['notify'][number]): readonly string[] => [
  ...(rule.secret === undefined ? [] : [rule.secret, rule.secret.replace('whsec_', '')]),
  ...(isSecretUrl(rule) ? [rule.url, rule.url.replace(/^https?:\/\/[^/]*\/?/i, '')] : []),
];

/**
 * The secrets of a config: of upstreams, at the places named by their products, and of their proxies, webhooks and
 * metrics.
 */
export const secretsOf = (config: Pick<Config, 'upstreams' | 'notify' | 'metrics'>): readonly string[] => [
  ...(config.metrics.token === undefined ? [] : [config.metrics.token]),
  ...config.notify.flatMap(secretsOfRule),
  ...config.upstreams.flatMap(({ proxy = 'none' }) => toProxy(proxy)?.secrets ?? []),
  ...config.upstreams.flatMap((upstream: unknown) =>
    products
      .flatMap(({ secretFiles }) => secretFiles)
      .flatMap(([section, key]) => {
        const value = isMapping(upstream) && isMapping(upstream[section]) ? upstream[section][key] : undefined;
        return typeof value === 'string' ? [value] : [];
      }),
  ),
];

/**
 * The config of the embedded sandbox: defaults throughout, `HOST` and `PORT` as usual, and each upstream marked as
 * played. `auth` is in the form of a file.
 */
export const defaultConfig = (
  upstreams: readonly UpstreamInput[],
  env: NodeJS.ProcessEnv = process.env,
  auth?: object,
): Config => {
  const config = validate({ upstreams, ...(auth !== undefined && { auth }) }, 'sandbox', env, []);
  return { ...config, upstreams: config.upstreams.map((upstream) => ({ ...upstream, sandbox: true })) };
};
