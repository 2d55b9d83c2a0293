import {
  type BackupClient,
  DescribeCopyJobCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
} from '@aws-sdk/client-backup';
import { z } from 'zod';
import type { CallKind } from '../../domain/call-rate.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { isCopyJobId } from '../../domain/global-id.js';
import { type Clean, createCleaner } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions, Read } from '../call.js';
import { inTurns } from '../event-loop.js';
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

interface Page<T> extends Read<T> {
  readonly nextToken: string | null;
}

/** One page of copy jobs, in no order that anyone states. */
export type CopyJobPage = Page<CopyJob>;

/** What AWS Backup has backed up, whether it was ever copied or not. */
export interface ProtectedResource {
  readonly resourceArn: string;
  readonly resourceName: string | null;
  readonly resourceType: string | null;
}

/** One page of them. */
export type ResourcePage = Page<ProtectedResource>;

const WireProtectedResource = z.object({
  ResourceArn: z.string().min(1),
  ResourceName: wireText,
  ResourceType: wireText,
});

/** What the SDK tells of a page, whatever is on it. Nothing of it has been checked. */
interface PageAnswer {
  readonly NextToken?: unknown;
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** One AWS Backup endpoint: one account's view of one Region. Each method is one documented operation. */
export type AwsBackupClient = ReturnType<typeof createAwsBackupClient>;

const toDate = (at: Micros | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(Math.floor(at / 1000));

export const createAwsBackupClient = ({ upstream, sdk, policy, now }: AwsBackupClientOptions) => {
  const malformed = (what: string): UpstreamError => new UpstreamError(upstream, 'malformed', `not ${what}`);

  /** `decode` runs within the attempt, so that what cannot be read counts as the upstream's failure. */
  const read = <A, T>(
    kind: CallKind,
    call: CallOptions,
    send: (abortSignal: AbortSignal) => Promise<A>,
    decode: (answer: A) => T | Promise<T>,
  ): Promise<T> =>
    policy.read(
      call,
      async (signal) =>
        await decode(
          await send(signal).catch((error: unknown) => {
            throw toUpstreamError(upstream, error);
          }),
        ),
      kind,
    );

  /** AWS sends the list, be it empty, and names the request. What does neither is somebody else's answer. */
  const elementsOf = (list: unknown, { $metadata }: PageAnswer): readonly unknown[] => {
    if (Array.isArray(list)) return list;
    if (list === undefined && $metadata.requestId !== undefined) return [];
    throw malformed('a list');
  };

  const tokenOf = ({ NextToken }: PageAnswer): string | null => {
    if (NextToken === undefined || NextToken === '') return null;
    if (typeof NextToken !== 'string') throw malformed('a page token');
    return NextToken;
  };

  /** A page of a list, its elements read one by one: a malformed one is counted and costs only itself. */
  const toPage = async <W extends z.ZodType, T>(
    list: unknown,
    answer: PageAnswer,
    wire: W,
    map: (wire: z.infer<W>, observedAt: Micros, clean: Clean) => T | null,
  ): Promise<Page<T>> => {
    const observedAt = now();
    const clean = createCleaner();
    const elements = elementsOf(list, answer);
    const records: T[] = [];
    let described = 0;
    await inTurns(elements, (element) => {
      const parsed = wire.safeParse(element);
      if (!parsed.success) return;
      described += 1;
      const record = map(parsed.data, observedAt, clean);
      if (record !== null) records.push(record);
    });
    if (elements.length > 0 && described === 0) throw malformed('as described');
    return { records, observedAt, unreadable: elements.length - records.length, nextToken: tokenOf(answer) };
  };

  return {
    upstream,

    /** `DescribeCopyJob`: one job; `notFound` where the account and Region have none of that id. */
    describeCopyJob: async (copyJobId: string, call: CallOptions): Promise<CopyJob> => {
      // The SDK sends an empty id as a list, and `..` as a step up.
      if (!isCopyJobId(copyJobId)) throw new UpstreamError(upstream, 'notFound', 'an id that no job can have');
      return read(
        'describe',
        call,
        (abortSignal) => sdk.send(new DescribeCopyJobCommand({ CopyJobId: copyJobId }), { abortSignal }),
        ({ CopyJob }) => {
          const wire = WireCopyJob.safeParse(CopyJob);
          const job = wire.success ? toCopyJob(wire.data, upstream, now()) : null;
          if (job === null) throw malformed('a copy job');
          return job;
        },
      );
    },

    /** `ListCopyJobs`: one page of at most 1,000; without `nextToken` it was the last. */
    listCopyJobs: (query: CopyJobsQuery, call: CallOptions): Promise<CopyJobPage> =>
      read(
        'list',
        call,
        (abortSignal) =>
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
        (answer) =>
          toPage(answer.CopyJobs, answer, WireCopyJob, (wire, observedAt, clean) =>
            toCopyJob(wire, upstream, observedAt, clean),
          ),
      ),

    /** `ListProtectedResources`: one page of at most 1,000 of what has a recovery point. */
    listProtectedResources: (nextToken: string | undefined, call: CallOptions): Promise<ResourcePage> =>
      read(
        'list',
        call,
        (abortSignal) =>
          sdk.send(new ListProtectedResourcesCommand({ MaxResults: 1000, NextToken: nextToken }), { abortSignal }),
        (answer) =>
          toPage(answer.Results, answer, WireProtectedResource, (wire) => ({
            resourceArn: wire.ResourceArn,
            resourceName: wire.ResourceName,
            resourceType: wire.ResourceType,
          })),
      ),
  };
};
