import { isDeepStrictEqual } from 'node:util';
import { products } from '../upstream/products.js';
import { type Config, ConfigError } from './config.js';

/** Which system an upstream leads to, in words of its product; `null` where the config does not tell. */
type System = Readonly<Record<string, string | null>>;

const systemOf = (section: Config['upstreams'][number]): System => {
  const product = products.find(({ configKind }) => configKind === section.kind);
  return { kind: section.kind, ...product?.system(section) };
};

const differing = (before: System, now: System): readonly string[] =>
  Object.keys({ ...before, ...now }).filter((key) => {
    const [one = null, other = null] = [before[key], now[key]];
    return one !== null && other !== null && one !== other;
  });

/** What takes another start: where it listens, and what it has open from its start to its end. */
const fixed: readonly (readonly [name: string, part: (config: Config) => unknown])[] = [
  ['server.host', ({ server }) => server.host],
  ['server.port', ({ server }) => server.port],
  ['metrics.host', ({ metrics }) => metrics.host],
  ['metrics.port', ({ metrics }) => metrics.port],
  ['redis', ({ redis }) => redis],
  ['audit', ({ audit }) => audit],
];

/** Remembers what the upstreams of a process are. */
interface ReloadRules {
  /** Throws a `ConfigError` that says all that may not change so. */
  check(before: Config, next: Config): void;
  /** A config is in use. */
  note(config: Config): void;
}

/**
 * What a reload may not change. Caches, failovers and ids of records go by an upstream's id: so an id belongs to one
 * system for as long as the process runs, also when it was gone meanwhile.
 */
export const createReloadRules = (): ReloadRules => {
  const systems = new Map<string, System>();
  const movedIn = ({ upstreams }: Config): readonly string[] =>
    upstreams.flatMap((section) =>
      differing(systems.get(section.id) ?? {}, systemOf(section)).map(
        (key) =>
          `upstream ${section.id}: ${key} is another than before, so it would be another system: give that one an id of its own, or restart`,
      ),
    );
  return {
    check: (before, next) => {
      const kept = fixed.filter(([, part]) => !isDeepStrictEqual(part(before), part(next)));
      const problems = [
        ...kept.map(([name]) => `${name}: cannot change while the gateway runs; restart it`),
        ...movedIn(next),
      ];
      if (problems.length > 0) throw new ConfigError(problems.join('\n'));
    },
    note: ({ upstreams }) => {
      for (const section of upstreams) systems.set(section.id, { ...systems.get(section.id), ...systemOf(section) });
    },
  };
};
