import {
  type BackupClient,
  DescribeCopyJobCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
} from '@aws-sdk/client-backup';
import { z } from 'zod';
import type { CopyJob } from '../../domain/copy-job.js';
import { isSafe } from '../../domain/global-id.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions, Read } from '../call.js';
import type { Policy } from '../policy.js';
import { wireText } from '../wire.js';
import { WireCopyJob, toCopyJob } from './copy-job.js';
import { toUpstreamError } from './errors.js';

export interface AwsBackupClientOptions {
  readonly upstream: string;
  readonly sdk: BackupClient;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** The filters of `ListCopyJobs` that we use; each takes one value, and all of them must hold. */
export interface CopyJobsQuery {
  readonly createdAfter?: Micros | undefined;
  readonly createdBefore?: Micros | undefined;
  readonly completeAfter?: Micros | undefined;
  readonly completeBefore?: Micros | undefined;
  readonly state?: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PARTIAL' | undefined;
  readonly resourceArn?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly accountId?: string | undefined;
  readonly messageCategory?: string | undefined;
  readonly parentJobId?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** One page of copy jobs, in no order that anyone states. */
export interface CopyJobPage extends Read<CopyJob> {
  readonly nextToken: string | null;
}

/** What AWS Backup has backed up, whether it was ever copied or not. */
export interface ProtectedResource {
  readonly resourceArn: string;
  readonly resourceName: string | null;
  readonly resourceType: string | null;
}

/** One page of them. */
export interface ResourcePage extends Read<ProtectedResource> {
  readonly nextToken: string | null;
}

const WireProtectedResource = z.object({
  ResourceArn: z.string().min(1),
  ResourceName: wireText,
  ResourceType: wireText,
});

/** One AWS Backup endpoint: one account's view of one Region. Each method is one documented operation. */
export type AwsBackupClient = ReturnType<typeof createAwsBackupClient>;

const toDate = (at: Micros | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(Math.floor(at / 1000));

export const createAwsBackupClient = ({ upstream, sdk, policy, now }: AwsBackupClientOptions) => {
  const malformed = (what: string): UpstreamError => new UpstreamError(upstream, 'malformed', `not ${what}`);

  const read = <T>(call: CallOptions, send: (abortSignal: AbortSignal) => Promise<T>): Promise<T> =>
    policy.read(call, (signal) =>
      send(signal).catch((error: unknown) => {
        throw toUpstreamError(upstream, error);
      }),
    );

  return {
    upstream,

    /** `DescribeCopyJob`: one job; `notFound` where the account and Region have none of that id. */
    describeCopyJob: async (copyJobId: string, call: CallOptions): Promise<CopyJob> => {
      // The SDK sends an empty id as a list, and `..` as a step up.
      if (!isSafe(copyJobId)) throw new UpstreamError(upstream, 'notFound', 'an id that no job can have');
      const answer = await read(call, (abortSignal) =>
        sdk.send(new DescribeCopyJobCommand({ CopyJobId: copyJobId }), { abortSignal }),
      );
      const wire = WireCopyJob.safeParse(answer.CopyJob);
      const job = wire.success ? toCopyJob(wire.data, upstream, now()) : null;
      if (job === null) throw malformed('a copy job');
      return job;
    },

    /** `ListCopyJobs`: one page of at most 1,000; without `nextToken` it was the last. */
    listCopyJobs: async (query: CopyJobsQuery, call: CallOptions): Promise<CopyJobPage> => {
      const answer = await read(call, (abortSignal) =>
        sdk.send(
          new ListCopyJobsCommand({
            ByCreatedAfter: toDate(query.createdAfter),
            ByCreatedBefore: toDate(query.createdBefore),
            ByCompleteAfter: toDate(query.completeAfter),
            ByCompleteBefore: toDate(query.completeBefore),
            ByState: query.state,
            ByResourceArn: query.resourceArn,
            ByResourceType: query.resourceType,
            ByAccountId: query.accountId,
            ByMessageCategory: query.messageCategory,
            ByParentJobId: query.parentJobId,
            MaxResults: query.maxResults,
            NextToken: query.nextToken,
          }),
          { abortSignal },
        ),
      );
      const observedAt = now();
      const elements: readonly unknown[] = answer.CopyJobs ?? [];
      const wires = elements.map((element) => WireCopyJob.safeParse(element)).filter((wire) => wire.success);
      if (elements.length > 0 && wires.length === 0) throw malformed('copy jobs');
      const records = wires.map(({ data }) => toCopyJob(data, upstream, observedAt)).filter((job) => job !== null);
      return { records, observedAt, unreadable: elements.length - records.length, nextToken: answer.NextToken ?? null };
    },

    /** `ListProtectedResources`: one page of at most 1,000 of what has a recovery point. */
    listProtectedResources: async (nextToken: string | undefined, call: CallOptions): Promise<ResourcePage> => {
      const answer = await read(call, (abortSignal) =>
        sdk.send(new ListProtectedResourcesCommand({ MaxResults: 1000, NextToken: nextToken }), { abortSignal }),
      );
      const elements: readonly unknown[] = answer.Results ?? [];
      const wires = elements.map((element) => WireProtectedResource.safeParse(element)).filter((wire) => wire.success);
      const records = wires.map(({ data }) => ({
        resourceArn: data.ResourceArn,
        resourceName: data.ResourceName,
        resourceType: data.ResourceType,
      }));
      const unreadable = elements.length - records.length;
      return { records, observedAt: now(), unreadable, nextToken: answer.NextToken ?? null };
    },
  };
};
