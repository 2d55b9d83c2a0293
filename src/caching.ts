import { createRecordStore } from './cache/store.js';
import type { Config } from './config.js';
import type { Caching } from './connect.js';
import type { RedisConnection } from './replicas/redis.js';
import { createSharedStore } from './replicas/shared-store.js';

/** The cache of the config: in this process, and through Redis where replicas have one. */
export const createCaching = (
  { finishedSeconds, runningSeconds, listSeconds, staleSeconds, maxEntries }: Config['cache'],
  redis: RedisConnection | null,
  onRead?: Caching['onRead'],
): Caching => ({
  store: createRecordStore({
    maxEntries,
    staleMs: staleSeconds * 1000,
    shared: redis === null ? null : createSharedStore(redis),
  }),
  times: {
    finishedMs: finishedSeconds * 1000,
    runningMs: runningSeconds * 1000,
    listMs: listSeconds * 1000,
    staleMs: staleSeconds * 1000,
  },
  onRead,
});
