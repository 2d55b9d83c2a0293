import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import type { UpstreamClient } from '../aggregate/clients.js';
import { cacheAwsBackup } from '../upstream/aws-backup/cache.js';
import { cacheCohesity } from '../upstream/cohesity/cache.js';
import type { CacheContext, CacheResult, CacheTimes } from '../cache/read-through.js';
import { type RecordStore, createRecordStore } from '../cache/store.js';
import { type AwsBackupConfig, type CohesityConfig, type Config, ConfigError } from './config.js';
import { reasonOf } from '../config/values.js';
import type { CallObserver } from '../domain/call-observer.js';
import { encodeId } from '../domain/global-id.js';
import type { UpstreamError } from '../domain/upstream-error.js';
import type { WatchedUpstream } from '../edge/metrics.js';
import type { Probed } from '../edge/readiness.js';
import { createCallRate } from '../replicas/call-rate.js';
import type { Askable } from '../replicas/redis-aid.js';
import { createAwsBackupClient } from '../upstream/aws-backup/client.js';
import { createBackupClient } from '../upstream/aws-backup/sdk.js';
import { createCohesityClient } from '../upstream/cohesity/client.js';
import { type Policy, createPolicy } from '../calling/policy.js';
import { clock } from '../calling/clock.js';

export interface Connected {
  readonly speaking: UpstreamClient;
  readonly probed: Probed & WatchedUpstream;
  /** One cheap call; resolves with what it told, in a person's words. */
  reach(): Promise<string>;
  /** Ends its connections, with whatever still goes over them. */
  close(): Promise<void>;
}

/** What reads are kept in, and for how long. */
export interface Caching {
  readonly store: RecordStore;
  readonly times: CacheTimes;
  /** Told how each read was answered. */
  readonly onRead?: ((upstream: string, result: CacheResult) => void) | undefined;
}

const noCaching: Caching = {
  store: createRecordStore({ maxEntries: 0, staleMs: 0, shared: null, now: clock, version: '' }),
  times: { finishedMs: 0, runningMs: 0, listMs: 0, staleMs: 0 },
};

const cacheFor = (upstream: string, { store, times, onRead }: Caching): CacheContext => ({
  upstream,
  store,
  times,
  now: clock,
  observe: (result) => onRead?.(upstream, result),
});

export interface ConnectOptions {
  readonly maxUpstreamBytes: number;
  readonly caching?: Caching | undefined;
  /** Told of each failed attempt, for the log. */
  readonly onFailure?: ((failure: UpstreamError) => void) | undefined;
  /** Told how the calls to the upstream of that id go. */
  readonly observe?: ((upstream: string) => CallObserver) | undefined;
  /** Where replicas share what AWS lets them ask. */
  readonly redis?: Askable | null | undefined;
}

const toProbed = (name: string, policy: Policy, reach: () => Promise<unknown>): Connected['probed'] => ({
  name,
  health: policy.health,
  load: policy.load,
  sinceLastCallMs: policy.sinceLastCallMs,
  probe: () =>
    reach().then(
      () => undefined,
      () => undefined, // the policy's health has it
    ),
});

const readCertificate = (upstream: string, file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    const problem = `names a file that cannot be read: ${reasonOf(error)}`;
    throw new ConfigError(`upstream ${upstream}: tls.caFile: ${problem}`);
  }
};

const connectCohesity = (config: CohesityConfig, options: ConnectOptions): Connected => {
  const { id, timeoutMs, maxConcurrent, tls, accessClusterId } = config;
  const { maxUpstreamBytes, onFailure, observe, caching = noCaching } = options;
  const policy = createPolicy({
    upstream: id,
    timeoutMs,
    maxConcurrent,
    now: clock,
    observer: observe?.(id),
    onFailure,
  });
  const dispatcher = new Agent({
    connections: maxConcurrent,
    maxResponseSize: maxUpstreamBytes,
    // Our own deadline covers the whole attempt; undici's would only come first by chance.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs, ...(tls === undefined ? {} : { ca: readCertificate(id, tls.caFile) }) },
  });
  const client = createCohesityClient({ ...config, upstream: id, dispatcher, policy, now: clock });
  const reach = async (): Promise<string> => {
    const { clusterName, version } = await client.getCluster({});
    return `cluster ${clusterName ?? 'without a name'}, version ${version ?? 'unknown'}`;
  };
  return {
    speaking: {
      kind: 'COHESITY',
      upstream: {
        __typename: 'Upstream',
        id: encodeId('Upstream', id),
        name: id,
        kind: 'COHESITY',
        sandbox: config.sandbox,
        region: null,
      },
      ...cacheCohesity(client, cacheFor(id, caching), accessClusterId === undefined ? null : BigInt(accessClusterId)),
      health: policy.health,
    },
    probed: toProbed(id, policy, reach),
    reach,
    close: () => dispatcher.destroy(),
  };
};

const connectAwsBackup = (config: AwsBackupConfig, options: ConnectOptions): Connected => {
  const { id, region, timeoutMs, maxConcurrent, callsPerSecond } = config;
  const { maxUpstreamBytes, onFailure, observe, redis = null, caching = noCaching } = options;
  const rate = createCallRate({ upstream: id, perSecond: callsPerSecond, redis });
  const observer = observe?.(id);
  const policy = createPolicy({ upstream: id, timeoutMs, maxConcurrent, now: clock, rate, observer, onFailure });
  const sdk = createBackupClient({ ...config, maxBytes: maxUpstreamBytes });
  const client = createAwsBackupClient({ upstream: id, sdk, policy, now: clock });
  const reach = async (): Promise<string> => {
    const { records } = await client.listCopyJobs({ maxResults: 1 }, {});
    return `${region}, ${records.length === 0 ? 'no copy jobs yet' : 'copy jobs can be listed'}`;
  };
  return {
    speaking: {
      kind: 'AWS_BACKUP',
      upstream: {
        __typename: 'Upstream',
        id: encodeId('Upstream', id),
        name: id,
        kind: 'AWS_BACKUP',
        sandbox: config.sandbox,
        region,
      },
      ...cacheAwsBackup(client, cacheFor(id, caching)),
      health: policy.health,
    },
    probed: toProbed(id, policy, reach),
    reach,
    close: async () => sdk.destroy(),
  };
};

/** A client for each configured upstream; nothing is called yet. */
export const connect = (
  { upstreams, limits: { maxUpstreamBytes } }: Config,
  options: Omit<ConnectOptions, 'maxUpstreamBytes'> = {},
): readonly Connected[] =>
  upstreams.map((upstream) =>
    upstream.kind === 'cohesity'
      ? connectCohesity(upstream, { ...options, maxUpstreamBytes })
      : connectAwsBackup(upstream, { ...options, maxUpstreamBytes }),
  );
