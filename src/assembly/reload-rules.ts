import { isDeepStrictEqual } from 'node:util';
import { products } from '../upstream/products.js';
import { type Config, ConfigError } from './config.js';

/** The system behind an upstream, in its product's words; `null` if the config does not name it. */
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

/** The parts that only a restart can change: the address, and everything that stays open from start to end. */
const fixed: readonly (readonly [name: string, part: (config: Config) => unknown])[] = [
  ['server.host', ({ server }) => server.host],
  ['server.port', ({ server }) => server.port],
  ['metrics.host', ({ metrics }) => metrics.host],
  ['metrics.port', ({ metrics }) => metrics.port],
  ['redis', ({ redis }) => redis],
  ['audit', ({ audit }) => audit],
];

/** Remembers the systems behind the upstreams of a process. */
interface ReloadRules {
  /** Throws a `ConfigError` with all forbidden changes. */
  check(before: Config, next: Config): void;
  /** Remembers that a config is in use. */
  note(config: Config): void;
}

/**
 * The changes that a reload may not make. Caches, failovers and record ids use an upstream's id. So an id belongs to
 * one system while the process runs, even if it was removed for some time.
 */
export const createReloadRules = (): ReloadRules => {
  const systems = new Map<string, System>();
  const movedIn = ({ upstreams }: Config): readonly string[] =>
    upstreams.flatMap((section) =>
      differing(systems.get(section.id) ?? {}, systemOf(section)).map(
        (key) =>
          `upstream ${section.id}: ${key} has changed, so it would be another system; give that one an id of its own, or restart`,
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
