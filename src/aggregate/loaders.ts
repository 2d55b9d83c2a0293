import DataLoader from 'dataloader';
import pLimit from 'p-limit';
import type { CopyJob } from '../domain/copy-job.js';
import type { RunKey } from '../domain/run-key.js';
import type { PlannedRun } from '../domain/failover.js';
import type { ProtectionJob } from '../domain/protection-job.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { ProtectionSource } from '../domain/protection-source.js';
import type { RemoteCluster } from '../domain/remote-cluster.js';
import type { Cluster } from '../domain/upstream.js';
import type { CopyJobsQuery } from '../upstream/aws-backup/client.js';
import type { CallOptions, Read } from '../calling/call.js';
import type { ProtectionRunsQuery } from '../upstream/cohesity/client.js';
import { type WideReads, patient } from '../upstream/cohesity/wide-reads.js';
import { type Clients, awsBackupOf, clusterNamed, cohesityOf } from './clients.js';
import { readAllPages } from './all-pages.js';
import { createIdLoader } from '../calling/id-loader.js';
import { readOneRun } from './search-run.js';
import { asError, settle } from '../calling/outcome.js';
import { createPointLoader } from './point-loader.js';

export interface CopyJobKey {
  readonly upstream: string;
  readonly copyJobId: string;
}

/** A run, and whether more than its shell is wanted. */
export interface RunPartKey {
  readonly run: RunKey;
  readonly whole: boolean;
}

export interface RunsKey {
  readonly upstream: string;
  readonly query: ProtectionRunsQuery;
}

export interface CopyJobsKey {
  readonly upstream: string;
  readonly query: CopyJobsQuery;
}

export interface UpstreamKey {
  readonly upstream: string;
}

export interface ResourcesKey {
  readonly upstream: string;
  readonly nextToken: string | undefined;
}

export type Loaders = ReturnType<typeof createLoaders>;

/** Loaders that are to know as well what these have read. */
export interface Priming {
  primeRun(run: ProtectionRun, whole: boolean): void;
  primeJob(job: CopyJob): void;
}

const FAILOVERS_PER_CALL = 50; // up to 64 characters each
const DESCRIBES_AT_ONCE = 10; // AWS allows about 15 a second for everyone in the account (aws-backup.md, "Rate limits")

const runText = ({ upstream, jobId, startTimeUsecs }: RunKey): string => `${upstream} ${jobId} ${startTimeUsecs}`;

const textOf = ({ upstream, ...rest }: { readonly upstream: string }): string => `${upstream} ${JSON.stringify(rest)}`;

/** Built anew for each request, because a loader remembers what it has read. */
export const createLoaders = (clients: Clients, call: CallOptions, others: Priming | null = null) => {
  const describing = pLimit(DESCRIBES_AT_ONCE);

  /** One call for each distinct key; what fails is that key's own error. */
  const oneByOne = <K extends { readonly upstream: string }, C, T>(
    clientOf: (clients: Clients, upstream: string) => C | null,
    read: (client: C, key: K) => Promise<T>,
  ) =>
    new DataLoader<K, T, string>(
      (keys) =>
        Promise.all(
          keys.map(async (key): Promise<T | Error> => {
            const client = clientOf(clients, key.upstream);
            if (client === null) return new Error(`${key.upstream} is no upstream that can be asked for this`);
            return read(client, key).catch(asError);
          }),
        ),
      { cacheKeyFn: textOf },
    );

  /** One run by its key: `jobId` and `startedTimeUsecs` together are exact, and there is no list form of either. */
  const readRun = async (key: RunKey, shellOnly: boolean): Promise<ProtectionRun | null> => {
    const client = cohesityOf(clients, key.upstream);
    return client === null ? null : readOneRun(client, key, shellOnly, call);
  };

  const loaders = {
    /** One `DescribeCopyJob` for each id, ten at once: AWS has no bulk form. Jobs that a list brought cost nothing. */
    copyJob: new DataLoader<CopyJobKey, CopyJob | null, string>(
      (keys) =>
        Promise.all(
          keys.map(({ upstream, copyJobId }) => {
            const client = awsBackupOf(clients, upstream);
            return client === null ? null : settle(describing(() => client.describeCopyJob(copyJobId, call)));
          }),
        ),
      { cacheKeyFn: ({ upstream, copyJobId }) => `${upstream} ${copyJobId}` },
    ),

    /** One page of `ListCopyJobs` for each distinct query. */
    copyJobs: oneByOne(awsBackupOf, (client, { query }: CopyJobsKey) => client.listCopyJobs(query, call)),

    /** One page of `ListProtectedResources` for each token. */
    protectedResources: oneByOne(awsBackupOf, (client, { nextToken }: ResourcesKey) =>
      client.listProtectedResources(nextToken, call),
    ),

    /** An account's own vaults, one call for each thousand. */
    backupVaults: oneByOne(awsBackupOf, (client, { upstream }: UpstreamKey) =>
      readAllPages(upstream, (nextToken) => client.listBackupVaults(nextToken, call)),
    ),
    recoveryPoint: createPointLoader(clients, call),

    /**
     * The children of composite jobs: one list for each parent, and one more for each further thousand children,
     * instead of a describe for each child.
     */
    copyJobChildren: new DataLoader<CopyJobKey, Read<CopyJob>, string>(
      (keys) => Promise.all(keys.map(({ upstream, copyJobId }) => readChildren(upstream, copyJobId).catch(asError))),
      { cacheKeyFn: ({ upstream, copyJobId }) => `${upstream} ${copyJobId}` },
    ),

    /**
     * One `protectionRuns` call for each run, whatever hangs on it: its shell, its copy runs, their tasks. It asks with
     * `onlyReturnShellInfo` where nobody wants more than the shell.
     */
    protectionRun: new DataLoader<RunPartKey, ProtectionRun | null, string>(
      async (keys) => {
        const whole = new Set(keys.filter((key) => key.whole).map(({ run }) => runText(run)));
        const runs = new Map(keys.map(({ run }) => [runText(run), run]));
        const outcomes = new Map(
          await Promise.all(
            [...runs].map(async ([text, run]) => [text, await settle(readRun(run, !whole.has(text)))] as const),
          ),
        );
        for (const [text, run] of runs) {
          const read = outcomes.get(text) ?? null;
          if (!(read instanceof Error)) loaders.protectionRun.prime({ run, whole: false }, read);
        }
        return keys.map(({ run }) => outcomes.get(runText(run)) ?? null);
      },
      { cacheKeyFn: ({ run, whole }) => `${runText(run)} ${whole}` },
    ),

    /** One `protectionRuns` call for each distinct query. */
    protectionRuns: oneByOne(cohesityOf, (client, { query }: RunsKey) =>
      client.getProtectionRuns(query, query.jobId === undefined ? patient(call) : call),
    ),

    protectionJob: createIdLoader<ProtectionJob>(
      (upstream, ids) => cohesityOf(clients, upstream)?.getProtectionJobs({ ids }, call),
      ({ jobId }) => jobId,
    ),

    /** What a cluster says of failovers, by workflow id: one poll for each cluster and each fifty of them. */
    plannedRun: createIdLoader<PlannedRun>(
      async (upstream, ids) => ({
        records: (await cohesityOf(clients, upstream)?.pollPlannedRuns(ids, call)) ?? [],
        unreadable: 0, // else it throws
      }),
      ({ failoverId }) => failoverId,
      FAILOVERS_PER_CALL,
    ),

    /** The clusters of these ids that a cluster replicates to, or knows: one call for each. */
    remoteCluster: createIdLoader<RemoteCluster>(
      (upstream, ids) => cohesityOf(clients, upstream)?.getRemoteClusters(ids.map(BigInt), call),
      ({ clusterId }) => clusterId,
    ),

    /** All jobs of a cluster: one call for each cluster. */
    protectionJobs: oneByOne(cohesityOf, (client, _key: UpstreamKey) => client.getProtectionJobs({}, call)),

    protectionSource: createIdLoader<ProtectionSource>(
      (upstream, ids) => cohesityOf(clients, upstream)?.getProtectionSourcesObjects(ids, call),
      ({ sourceId }) => sourceId,
    ),

    /** The own ids of clusters: one `cluster` call for each cluster and process. */
    ownId: new DataLoader<string, bigint>((upstreams) =>
      Promise.all(
        upstreams.map((upstream): Promise<bigint | Error> =>
          clusterNamed(clients, upstream).ownId.read(call).catch(asError),
        ),
      ),
    ),

    /** One `cluster` call for each cluster; `null` for what is not a cluster. */
    cluster: new DataLoader<string, Cluster | null>((upstreams) =>
      Promise.all(
        upstreams.map((upstream) => {
          const client = cohesityOf(clients, upstream);
          return client === null ? null : settle(client.getCluster(call));
        }),
      ),
    ),
  };

  /** Hands over a job that a list brought, so that nobody describes it. */
  const primeJob = (job: CopyJob): void => {
    others?.primeJob(job);
    loaders.copyJob.prime({ upstream: job.upstream, copyJobId: job.copyJobId }, job);
  };

  /** Follows the tokens; what the list says of a child, nobody need describe again. */
  const readChildren = async (upstream: string, parentJobId: string): Promise<Read<CopyJob>> => {
    const query = { parentJobId, maxResults: 1000 };
    const pages = await readAllPages(upstream, (nextToken) =>
      loaders.copyJobs.load({ upstream, query: { ...query, nextToken } }),
    );
    const children = pages.records.filter((job) => job.parentJobId === parentJobId);
    children.forEach(primeJob);
    return { ...pages, records: children };
  };

  return {
    ...loaders,

    /** What each call is given; its `maxAgeMs` is that of everything read here. */
    call,

    primeJob,

    /** Whether a cluster can answer for all its jobs at once. */
    wideReads: (upstream: string): WideReads => clusterNamed(clients, upstream).wideReads,

    /** Hands over a run that a list brought, whole or in brief, so that nobody reads it again. */
    primeRun: (run: ProtectionRun, whole: boolean): void => {
      others?.primeRun(run, whole);
      loaders.protectionRun.prime({ run: run.run, whole: false }, run);
      // What was read without tasks may hold them all the same.
      const hasTasks = run.copyRuns.length > 0 && run.copyRuns.every(({ tasks }) => tasks !== null);
      if (whole || hasTasks) loaders.protectionRun.prime({ run: run.run, whole: true }, run);
    },
  };
};
