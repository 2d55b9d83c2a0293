import DataLoader from 'dataloader';
import pLimit, { type LimitFunction } from 'p-limit';
import type { CopyJob } from '../../domain/copy-job.js';
import type { Read } from '../../calling/call.js';
import { createCallLoader } from '../../calling/call-loader.js';
import { asError, settle } from '../../calling/outcome.js';
import { perSession } from '../per-session.js';
import type { Session } from '../product.js';
import type { AwsBackupClient, CopyJobsQuery } from './client.js';
import { endpointOf } from './endpoint.js';
import { createPointLoader } from './point-loader.js';
import { readAllPages } from './reading.js';

interface CopyJobKey {
  readonly upstream: string;
  readonly copyJobId: string;
}

interface CopyJobsKey {
  readonly upstream: string;
  readonly query: CopyJobsQuery;
}

interface UpstreamKey {
  readonly upstream: string;
}

interface ResourcesKey {
  readonly upstream: string;
  readonly nextToken: string | undefined;
}

/** The loaders that also receive these reads. */
interface Priming {
  primeJobs(jobs: readonly CopyJob[]): void;
}

export type AwsBackupLoaders = ReturnType<typeof createLoaders>;

const DESCRIBES_AT_ONCE = 10; // AWS allows about 15 a second for everyone in the account (aws-backup.md, "Rate limits")

const keyOf = ({ upstream, copyJobId }: CopyJobKey): string => `${upstream} ${copyJobId}`;

/** One `DescribeCopyJob` for each id, ten at once: AWS has no bulk form. Jobs from a list cost nothing. */
const createJobLoader = ({ clients, call }: Pick<Session, 'clients' | 'call'>) => {
  let limit: LimitFunction | undefined; // made when needed, because most operations describe no job
  const describe = (client: AwsBackupClient, copyJobId: string): Promise<CopyJob> =>
    (limit ??= pLimit(DESCRIBES_AT_ONCE))(() => client.describeCopyJob(copyJobId, call));
  const described = new DataLoader<CopyJobKey, CopyJob | null, string>(
    (keys) =>
      Promise.all(
        keys.map(({ upstream, copyJobId }) => {
          const client = endpointOf(clients, upstream);
          return client === null ? null : settle(describe(client, copyJobId));
        }),
      ),
    { cacheKeyFn: keyOf },
  );
  let listed: (readonly CopyJob[])[] = []; // not in the loader yet, because most operations load no job
  return {
    prime: (jobs: readonly CopyJob[]): void => void listed.push(jobs),
    load: (key: CopyJobKey): Promise<CopyJob | null> => {
      for (const jobs of listed) for (const job of jobs) described.prime(job, job);
      listed = [];
      return described.load(key);
    },
    clearAll: (): void => {
      listed = [];
      described.clearAll();
    },
  };
};

const createLoaders = ({ clients, call }: Session, others: Priming | null) => {
  const copyJob = createJobLoader({ clients, call });

  const loaders = {
    copyJob,

    /** One page of `ListCopyJobs` for each distinct query. */
    copyJobs: createCallLoader(({ upstream, query }: CopyJobsKey) =>
      endpointOf(clients, upstream)?.listCopyJobs(query, call),
    ),

    /** One page of `ListProtectedResources` for each token. */
    protectedResources: createCallLoader(({ upstream, nextToken }: ResourcesKey) =>
      endpointOf(clients, upstream)?.listProtectedResources(nextToken, call),
    ),

    /** An account's own vaults, one call for each thousand. */
    backupVaults: createCallLoader(({ upstream }: UpstreamKey) => {
      const client = endpointOf(clients, upstream);
      return client === null
        ? undefined
        : readAllPages(upstream, (nextToken) => client.listBackupVaults(nextToken, call));
    }),
    recoveryPoint: createPointLoader(clients, call),

    /**
     * The children of composite jobs: one list for each parent and each thousand children, instead of a describe for
     * each child.
     */
    copyJobChildren: new DataLoader<CopyJobKey, Read<CopyJob>, string>(
      (keys) => Promise.all(keys.map(({ upstream, copyJobId }) => readChildren(upstream, copyJobId).catch(asError))),
      { cacheKeyFn: keyOf },
    ),
  };

  /** Stores jobs from a list, so that they need no describe. */
  const primeJobs = (jobs: readonly CopyJob[]): void => {
    others?.primeJobs(jobs);
    copyJob.prime(jobs);
  };

  /** Follows the tokens; children in the list need no describe. */
  const readChildren = async (upstream: string, parentJobId: string): Promise<Read<CopyJob>> => {
    const query = { parentJobId, maxResults: 1000 };
    const pages = await readAllPages(upstream, (nextToken) =>
      loaders.copyJobs.load({ upstream, query: { ...query, nextToken } }),
    );
    const children = pages.records.filter((job) => job.parentJobId === parentJobId);
    primeJobs(children);
    return { ...pages, records: children };
  };

  return {
    /** The options of each call; its `maxAgeMs` applies to everything read here. */
    call,

    primeJobs,

    ...loaders,
  };
};

/** The loaders of a session, made on first use: a loader remembers its reads. */
export const awsBackupLoaders: (session: Session) => AwsBackupLoaders = perSession((session) =>
  createLoaders(session, session.base === null ? null : awsBackupLoaders(session.base)),
);
