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

/** An upstream with its connections. */
export interface Connected {
  /** Whether its part of the config is unchanged, and so are the certificates in its files. */
  isFor(section: Section, config: Config, caching: Caching): boolean;
  readonly client: UpstreamClient;
  readonly probed: Probed & WatchedUpstream;
  /** Makes one cheap call; resolves with its result, in words for a person. */
  reach(): Promise<string>;
  /** Stops its background reads. */
  rest(): void;
  /** Closes its connections, and aborts the calls on them. */
  close(): Promise<void>;
}

/** The cache for reads, and how long they stay valid. */
export interface Caching {
  readonly store: RecordStore;
  readonly times: CacheTimes;
  readonly index: IndexOptions;
  /** Receives how each read was answered. */
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
  /** Receives each failed attempt, for the log. */
  readonly onFailure?: ((failure: UpstreamError) => void) | undefined;
  /** Creates the observer of the calls to an upstream. */
  readonly observe?: ((upstream: string) => CallObserver) | undefined;
  /** The Redis through which replicas share the call rate of an upstream. */
  readonly redis?: Askable | null | undefined;
  /** The previous connections: one with unchanged settings is kept. */
  readonly before?: readonly Connected[] | undefined;
  /** The present config, if it may change. */
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
      () => undefined, // the policy's health shows it
    ),
});

type Section = Config['upstreams'][number];

/** An upstream's part of the config with its secrets read again from their files; `null` if it no longer exists. */
const sectionAgain = (config: Config, { id, kind }: Section): Section | null => {
  const fresh = readAgain(config);
  if (fresh === null) return null;
  neverPrint(secretsOf(fresh));
  return fresh.upstreams.find((one) => one.id === id && one.kind === kind) ?? null;
};

/** Connects one upstream; makes no call yet. */
const connectOne = (section: Section, config: Config, options: ConnectOptions): Connected => {
  const { caching = noCaching, onFailure, observe, redis = null, configNow = () => config } = options;
  const { id } = section;
  const { maxUpstreamBytes } = config.limits;
  const product = products.find(({ configKind }) => configKind === section.kind);
  if (product === undefined) throw new Error(`no product is registered for this kind of upstream: ${section.kind}`);
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

/** Connects each configured upstream; makes no call yet. If one cannot be made, all are closed. */
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
