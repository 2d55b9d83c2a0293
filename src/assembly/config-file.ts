import { statSync } from 'node:fs';
import { textOf } from '../config/values.js';
import { type Config, readConfig } from './config.js';

/** How often files are looked at; one that changes still at the next look is not read yet: it may be half written. */
const LOOK_MS = 500;

/** What tells a file from what was there before under its name, where symlinks lead to. */
const printOf = (file: string): string => {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'none';
  }
};

/** The files that are read beside a config once it is put to use. */
const furtherFiles = ({ upstreams, auth, persisted }: Config): readonly string[] => [
  ...[...upstreams, auth?.jwt].flatMap((one) => one?.tls?.caFile ?? []),
  ...[persisted, ...(auth?.apiKeys ?? []).map((key) => key.persisted)].flatMap((one) => one?.manifest ?? []),
];

/** A config's file, and those that it names. */
interface ConfigFile {
  /** Throws a `ConfigError`. */
  read(): Config;
  /**
   * Reloads by what it is given when any of the files has changed: written over, renamed over, or reached by a symlink
   * that leads elsewhere now, as in a mounted Secret. `reload` takes all of the config or nothing; it says itself what is
   * wrong, and throws then.
   */
  follow(reload: (read: () => Config) => void): { now(): void; close(): void };
}

/** Reloads when a file is not as it is known. */
const follow = (known: () => ReadonlyMap<string, string>, reload: () => void): ReturnType<ConfigFile['follow']> => {
  let last = '';
  const now = (): void => {
    try {
      reload();
    } catch {
      // It has been logged, and the old one goes on.
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

/** The files are looked at, since no notice of the system's comes in all cases and on every mount. */
export const createConfigFile = (file: string, env: NodeJS.ProcessEnv): ConfigFile => {
  let known = new Map<string, string>(); // each file as it was when it was read

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
      known = new Map([...known, ...met]); // one that is mended is tried again
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
