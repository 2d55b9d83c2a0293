import { createRecordStore } from '../cache/store.js';
import { createIndexMemory } from '../index/memory.js';
import type { Config } from './config.js';
import type { Caching } from './connect.js';
import { clock } from '../calling/clock.js';
import { version } from './version.js';
import { type SharedStoreOptions, createSharedStore } from '../replicas/shared-store.js';

const MEGABYTE = 1024 * 1024;

/** The cache of the config: in this process, and in Redis if replicas share one. */
export const createCaching = (
  {
    cache: { finishedSeconds, runningSeconds, listSeconds, staleSeconds, maxEntries },
    index,
    redis: shared,
  }: Pick<Config, 'cache' | 'index' | 'redis'>,
  redis: Pick<SharedStoreOptions, 'redis' | 'patient'> | null,
  onRead?: Caching['onRead'],
  upstreams: () => number = () => 1, // the number of upstreams that share the cache's limit in Redis
  indexMegabytes: number = index.maxMegabytes,
): Caching => ({
  store: createRecordStore({
    maxEntries,
    staleMs: staleSeconds * 1000,
    now: clock,
    version,
    shared:
      redis === null || shared === undefined || shared.cacheMegabytes === 0
        ? null
        : createSharedStore({ ...redis, bytesPerUpstream: () => (shared.cacheMegabytes * MEGABYTE) / upstreams() }),
  }),
  times: {
    finishedMs: finishedSeconds * 1000,
    runningMs: runningSeconds * 1000,
    listMs: listSeconds * 1000,
    staleMs: staleSeconds * 1000,
  },
  index: { memory: createIndexMemory(maxEntries === 0 ? 0 : indexMegabytes), hours: index.hours },
  onRead,
});
