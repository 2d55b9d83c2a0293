import { isDeepStrictEqual } from 'node:util';
import type { CacheContext, CacheTimes } from '../cache/read-through.js';
import type { CacheResult } from '../domain/cache-result.js';
import { type RecordStore, createRecordStore } from '../cache/store.js';
import { clock } from '../calling/clock.js';
import { type Config, readAgain, secretsOf } from './config.js';
import type { CallObserver } from '../domain/call-observer.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import { neverPrint } from '../edge/known-secrets.js';
import type { WatchedUpstream } from '../edge/metrics.js';
import type { Probed } from '../edge/readiness.js';
import { createCertificates, proxyForUpstream } from './network.js';
import { createCallRate } from '../replicas/call-rate.js';
import type { Askable } from '../replicas/redis-aid.js';
import { createIndexMemory } from '../index/memory.js';
import type { Connection, IndexOptions, UpstreamClient } from '../upstream/product.js';
import { products } from '../upstream/products.js';

/** An upstream that is spoken to. */
export interface Connected {
  /** Whether it is spoken to as this part of a config says, and its certificates are still those in their files. */
  isFor(section: Section, config: Config, caching: Caching): boolean;
  readonly client: UpstreamClient;
  readonly probed: Probed & WatchedUpstream;
  /** One cheap call; resolves with what it told, in a person's words. */
  reach(): Promise<string>;
  /** Reads nothing more of its own accord. */
  rest(): void;
  /** Ends its connections, with whatever still goes over them. */
  close(): Promise<void>;
}

/** What reads are kept in, and for how long. */
export interface Caching {
  readonly store: RecordStore;
  readonly times: CacheTimes;
  readonly index: IndexOptions;
  /** Told how each read was answered. */
  readonly onRead?: ((upstream: string, result: CacheResult) => void) | undefined;
}

const noCaching: Caching = {
  store: createRecordStore({ maxEntries: 0, staleMs: 0, shared: null, now: clock, version: '' }),
  times: { finishedMs: 0, runningMs: 0, listMs: 0, staleMs: 0 },
  index: { memory: createIndexMemory(0), hours: 1 },
};

const cacheFor = (upstream: string, { store, times, onRead }: Caching): CacheContext => ({
  upstream,
  store,
  times,
  now: clock,
  observe: (result) => onRead?.(upstream, result),
});

interface ConnectOptions {
  readonly caching?: Caching | undefined;
  /** Told of each failed attempt, for the log. */
  readonly onFailure?: ((failure: UpstreamError) => void) | undefined;
  /** Told how the calls to the upstream of that id go. */
  readonly observe?: ((upstream: string) => CallObserver) | undefined;
  /** Where replicas share how often an upstream may be called. */
  readonly redis?: Askable | null | undefined;
  /** Those of before: one that is spoken to in the same way is kept. */
  readonly before?: readonly Connected[] | undefined;
  /** The config that holds now, where it may change. */
  readonly configNow?: (() => Config) | undefined;
}

const toProbed = ({ client, load, sinceLastCallMs, reach }: Connection): Connected['probed'] => ({
  name: client.upstream.name,
  health: client.health,
  load,
  sinceLastCallMs,
  probe: () =>
    reach().then(
      () => undefined,
      () => undefined, // the policy's health has it
    ),
});

type Section = Config['upstreams'][number];

/** The part of the config with its secrets as their files have them now; `null` where there is none any more. */
const sectionAgain = (config: Config, { id, kind }: Section): Section | null => {
  const fresh = readAgain(config);
  if (fresh === null) return null;
  neverPrint(secretsOf(fresh));
  return fresh.upstreams.find((one) => one.id === id && one.kind === kind) ?? null;
};

/** One upstream's; nothing is called yet. */
const connectOne = (section: Section, config: Config, options: ConnectOptions): Connected => {
  const { caching = noCaching, onFailure, observe, redis = null, configNow = () => config } = options;
  const { id } = section;
  const { maxUpstreamBytes } = config.limits;
  const product = products.find(({ configKind }) => configKind === section.kind);
  if (product === undefined) throw new Error(`an upstream of a product that is not registered: ${section.kind}`);
  const certificates = createCertificates();
  const connection = product.connect(section, {
    maxUpstreamBytes,
    cache: cacheFor(id, caching),
    index: { ...caching.index, memory: caching.index.memory.of(id) },
    now: clock,
    observer: observe?.(id),
    onFailure,
    callRate: (perSecond) => createCallRate({ upstream: id, perSecond, redis }),
    proxyFor: proxyForUpstream(section),
    readAgain: () => sectionAgain(configNow(), section),
    readCertificates: (key, file) => certificates.read(`upstream ${id}: ${key}`, file),
  });
  const { client, reach, rest, close } = connection;
  return {
    client,
    probed: toProbed(connection),
    reach,
    rest,
    close,
    isFor: (other, { limits }, kept) =>
      isDeepStrictEqual([section, maxUpstreamBytes], [other, limits.maxUpstreamBytes]) &&
      caching === kept &&
      certificates.areSame(),
  };
};

/** A client for each configured upstream; nothing is called yet. Where one cannot be made, none is. */
export const connect = (config: Config, options: ConnectOptions = {}): readonly Connected[] => {
  const { before = [], caching = noCaching } = options;
  const made: Connected[] = [];
  try {
    return config.upstreams.map((section) => {
      const kept = before.find((one) => one.isFor(section, config, caching));
      if (kept !== undefined) return kept;
      const fresh = connectOne(section, config, options);
      made.push(fresh);
      return fresh;
    });
  } catch (error) {
    for (const { close } of made) void close();
    throw error;
  }
};
