import { statSync } from 'node:fs';
import { textOf } from '../config/values.js';
import { type Config, readConfig } from './config.js';

/**
 * How often files are checked. If a file changed since the previous check, it is not read yet: it may be half written.
 */
const LOOK_MS = 500;

/** The fingerprint of a file's content and place, after following symlinks. */
const printOf = (file: string): string => {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'none';
  }
};

/** The files that are read besides a config when it is put to use. */
const furtherFiles = ({ upstreams, auth, persisted }: Config): readonly string[] => [
  ...[...upstreams, auth?.jwt].flatMap((one) => one?.tls?.caFile ?? []),
  ...[persisted, ...(auth?.apiKeys ?? []).map((key) => key.persisted)].flatMap((one) => one?.manifest ?? []),
];

/** A config file, and the files it names. */
interface ConfigFile {
  /** Throws a `ConfigError`. */
  read(): Config;
  /**
   * Reloads when one of the files has changed: overwritten, renamed over, or reached by a symlink with a new target, as
   * in a mounted Secret. `reload` takes the whole config or nothing. It logs what is wrong itself, and then throws.
   */
  follow(reload: (read: () => Config) => void): { now(): void; close(): void };
}

/** Reloads when a file differs from the version that was read. */
const follow = (known: () => ReadonlyMap<string, string>, reload: () => void): ReturnType<ConfigFile['follow']> => {
  let last = '';
  const now = (): void => {
    try {
      reload();
    } catch {
      // It has been logged, and the old config stays in use.
    }
  };
  const look = (): void => {
    const prints = [...known()].map(([file, before]) => ({ file, before, print: printOf(file) }));
    const text = JSON.stringify(prints);
    if (text === last && prints.some(({ before, print }) => before !== print)) now();
    last = text;
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return { now, close: () => clearInterval(timer) };
};

/** Polls the files, because no notification of the system works in all cases and on every mount. */
export const createConfigFile = (file: string, env: NodeJS.ProcessEnv): ConfigFile => {
  let known = new Map<string, string>(); // each file's fingerprint when it was read

  const read = (): Config => {
    const met = new Map<string, string>();
    const meet = (one: string): void => void (met.has(one) || met.set(one, printOf(one)));
    meet(file);
    try {
      const config = readConfig(file, env, (one) => {
        meet(one);
        return textOf(one);
      });
      furtherFiles(config).forEach(meet);
      known = met;
      return config;
    } catch (error) {
      known = new Map([...known, ...met]); // so that a corrected file is read again
      throw error;
    }
  };

  return {
    read,
    follow: (reload) =>
      follow(
        () => known,
        () => reload(read),
      ),
  };
};
