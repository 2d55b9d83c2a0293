import { createEndpointClient } from '../../src/upstream/aws-backup/endpoint-client.js';
import { createClusterClient } from '../../src/upstream/cohesity/cluster-client.js';
import type { ListContext } from '../../src/aggregate/lists.js';
import { visibleClients } from '../../src/upstream/clients.js';
import { cacheAwsBackup } from '../../src/upstream/aws-backup/cache.js';
import { cacheCohesity } from '../../src/upstream/cohesity/cache.js';
import type { CacheContext, CacheTimes } from '../../src/cache/read-through.js';
import { type SharedStore, createRecordStore } from '../../src/cache/store.js';
import { type Micros, micros } from '../../src/domain/micros.js';
import type { ProtectionRun } from '../../src/domain/protection-run.js';
import { type IndexMemory, createIndexMemory } from '../../src/index/memory.js';
import { createRunIndexes } from '../../src/upstream/cohesity/run-index.js';
import type { CallOptions } from '../../src/calling/call.js';
import { type PlayedCluster, type PlayedEndpoint, contextOf } from './estate.js';
import { type World, upstreamsOf } from './estates.js';

/** The time, as the test has it; in microseconds. */
export interface Clock {
  at: number;
}

/** The defaults of the config. */
export const standardTimes: CacheTimes = {
  finishedMs: 86_400_000,
  runningMs: 5_000,
  listMs: 5_000,
  staleMs: 3_600_000,
};

export interface KeepOptions {
  readonly times?: Partial<CacheTimes>;
  readonly maxEntries?: number;
  readonly shared?: SharedStore;
}

/** The parts of a cache of one process; `results` has how each read was answered. */
export const keptIn = (clock: Clock, { times = {}, maxEntries = 50_000, shared }: KeepOptions = {}) => {
  const all = { ...standardTimes, ...times };
  const store = createRecordStore({
    maxEntries,
    staleMs: all.staleMs,
    shared: shared ?? null,
    now: () => micros(clock.at),
    version: '1.0.0',
  });
  const results: string[] = [];
  const contextFor = (upstream: string): CacheContext => ({
    upstream,
    store,
    times: all,
    now: () => micros(clock.at),
    observe: (result) => results.push(result),
  });
  return { store, results, contextFor };
};

const seenAt = (run: ProtectionRun, observedAt: Micros): ProtectionRun => ({
  ...run,
  shell: { ...run.shell, observedAt },
  copyRuns: run.copyRuns.map((copy) => ({ ...copy, observedAt })),
});

/** The same cluster behind the cache, with the test's clock for its answers. */
const keepCluster = (played: PlayedCluster, context: CacheContext, memory: IndexMemory): PlayedCluster => {
  const { client } = played;
  const inner = client.client;
  const cached = cacheCohesity(
    {
      ...inner,
      getProtectionRuns: async (query, call) => {
        const read = await inner.getProtectionRuns(query, call);
        const observedAt = context.now();
        return { ...read, records: read.records.map((run) => seenAt(run, observedAt)), observedAt };
      },
    },
    context,
    createRunIndexes({ context, memory, hours: 168 }),
  );
  return { ...played, client: createClusterClient({ ...client, ...cached }) };
};

const keepEndpoint = (played: PlayedEndpoint, context: CacheContext, memory: IndexMemory): PlayedEndpoint => {
  const { client } = played;
  const inner = client.client;
  const cached = cacheAwsBackup(
    {
      ...inner,
      listCopyJobs: async (query, call) => {
        const { records, ...page } = await inner.listCopyJobs(query, call);
        const observedAt = context.now();
        return { ...page, observedAt, records: records.map((job) => ({ ...job, observedAt })) };
      },
      describeCopyJob: async (copyJobId, call) => {
        const job = await inner.describeCopyJob(copyJobId, call);
        return { ...job, observedAt: context.now() };
      },
    },
    context,
    memory,
  );
  return { ...played, client: createEndpointClient({ ...client, ...cached }) };
};

/** The same upstreams behind one cache. They share what they hold with those they are made of. */
export const keep = (
  { clusters, endpoints }: World,
  { contextFor }: Pick<ReturnType<typeof keptIn>, 'contextFor'>,
  memory = createIndexMemory(64),
): World => ({
  clusters: clusters.map((played) => keepCluster(played, contextFor(played.name), memory)),
  endpoints: endpoints.map((played) => keepEndpoint(played, contextFor(played.name), memory)),
});

/** The context of one request over them. */
export const requestOf = (world: World, now: number, call: CallOptions = {}): ListContext => {
  const context = contextOf(upstreamsOf(world), now);
  const clients = visibleClients(new Map(upstreamsOf(world).map(({ name, client }) => [name, client])), null);
  return { ...context, session: { clients, call, base: null } };
};
