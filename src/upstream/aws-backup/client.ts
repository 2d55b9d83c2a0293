import {
  DescribeCopyJobCommand,
  DescribeRecoveryPointCommand,
  ListBackupVaultsCommand,
  ListCopyJobsCommand,
  ListProtectedResourcesCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartCopyJobCommand,
} from '@aws-sdk/client-backup';
import { z } from 'zod';
import type { CopyJob, RecoveryPointLifecycle } from '../../domain/copy-job.js';
import { encodeId, isCopyJobId, isSafe } from '../../domain/global-id.js';
import type { Micros } from '../../domain/micros.js';
import { type BackupVault, type RecoveryPoint, vaultPlaceOf } from '../../domain/recovery-point.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions } from '../../calling/call.js';
import type { Policy } from '../../calling/policy.js';
import { createWireReader, wireText } from '../wire.js';
import { type AwsState, readCopyJob, toCopyJob } from './copy-job.js';
import { toWireLifecycle } from './lifecycle.js';
import { type Page, createReading } from './reading.js';
import { readPoint, readVault, toBackupVault, toRecoveryPoint } from './recovery-point.js';
import type { Sessions } from './sessions.js';

interface AwsBackupClientOptions {
  readonly upstream: string;
  readonly sessions: Sessions;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** The filters of `ListCopyJobs` that we use; each takes one value, and all of them must hold. */
export interface CopyJobsQuery {
  readonly createdAfter?: Micros | undefined;
  readonly createdBefore?: Micros | undefined;
  readonly completeAfter?: Micros | undefined;
  readonly completeBefore?: Micros | undefined;
  readonly state?: AwsState | undefined;
  readonly resourceArn?: string | undefined;
  readonly destinationVaultArn?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly accountId?: string | undefined;
  readonly messageCategory?: string | undefined;
  readonly parentJobId?: string | undefined;
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** A copy to start, with the values of the job that is retried. */
export interface CopyJobStart {
  readonly sourceRecoveryPointArn: string;
  readonly sourceBackupVaultArn: string;
  readonly destinationBackupVaultArn: string;
  readonly iamRoleArn: string;
  readonly lifecycle: RecoveryPointLifecycle;
}

/** One page of copy jobs. AWS documents no order. */
export type CopyJobPage = Page<CopyJob>;

/** A resource that AWS Backup has backed up, whether copied or not. */
interface ProtectedResource {
  readonly resourceArn: string;
  readonly resourceName: string | null;
  readonly resourceType: string | null;
}

/** One page of resources. */
type ResourcePage = Page<ProtectedResource>;

/** The filters of `ListRecoveryPointsByBackupVault` that we use. */
interface RecoveryPointsQuery {
  readonly vaultArn: string;
  readonly createdAfter?: Micros | undefined;
  readonly createdBefore?: Micros | undefined;
  readonly nextToken?: string | undefined;
}

/** One page of a vault's recovery points. AWS documents no order. */
type RecoveryPointPage = Page<RecoveryPoint>;

/** One page of an account's own vaults. */
export type VaultPage = Page<BackupVault>;

const WireProtectedResource = z.object({
  ResourceArn: z.string().min(1),
  ResourceName: wireText,
  ResourceType: wireText,
});

const readResource = createWireReader(WireProtectedResource);

/** One AWS Backup endpoint: one account's view of one Region. Each method is one documented operation. */
export type AwsBackupClient = ReturnType<typeof createAwsBackupClient>;

const toDate = (at: Micros | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(Math.floor(at / 1000));

export const createAwsBackupClient = ({ upstream, sessions, policy, now }: AwsBackupClientOptions) => {
  const { malformed, read, write, toPage } = createReading({ upstream, sessions, policy, now });

  /** The name of a vault, for a path; it is resolved in the endpoint's account and Region. */
  const vaultNameIn = (vaultArn: string): string => {
    const name = vaultPlaceOf(vaultArn)?.name ?? '';
    if (!isSafe(name)) throw malformed('the ARN of a vault');
    return name;
  };

  return {
    upstream,

    /** `DescribeCopyJob`: one job; `notFound` if the account and Region have none of that id. */
    describeCopyJob: async (copyJobId: string, call: CallOptions): Promise<CopyJob> => {
      // The SDK would send an empty id as a list, and `..` as a step up.
      if (!isCopyJobId(copyJobId)) throw new UpstreamError(upstream, 'notFound', 'an id that no job can have');
      return read(
        'describe',
        call,
        (sdk, abortSignal) => sdk.send(new DescribeCopyJobCommand({ CopyJobId: copyJobId }), { abortSignal }),
        ({ CopyJob }) => {
          const wire = readCopyJob(CopyJob);
          const job = wire.success ? toCopyJob(wire.data, upstream, now()) : null;
          if (job === null) throw malformed('a copy job');
          return job;
        },
      );
    },

    /** `StartCopyJob`: starts one copy; a token that AWS already knows starts nothing. Resolves with the job's id. */
    startCopyJob: async (start: CopyJobStart, token: string, call: CallOptions): Promise<string> => {
      const SourceBackupVaultName = vaultNameIn(start.sourceBackupVaultArn);
      return write(
        call,
        (sdk, abortSignal) =>
          sdk.send(
            new StartCopyJobCommand({
              RecoveryPointArn: start.sourceRecoveryPointArn,
              SourceBackupVaultName,
              DestinationBackupVaultArn: start.destinationBackupVaultArn,
              IamRoleArn: start.iamRoleArn,
              Lifecycle: toWireLifecycle(start.lifecycle),
              IdempotencyToken: token,
            }),
            { abortSignal },
          ),
        ({ CopyJobId }) => {
          if (CopyJobId === undefined || !isCopyJobId(CopyJobId)) throw malformed('the id of a copy job');
          return encodeId('CopyJob', upstream, CopyJobId);
        },
      );
    },

    /** `ListCopyJobs`: one page of at most 1,000; the last page has no `nextToken`. */
    listCopyJobs: (query: CopyJobsQuery, call: CallOptions): Promise<CopyJobPage> =>
      read(
        'list',
        call,
        (sdk, abortSignal) =>
          sdk.send(
            new ListCopyJobsCommand({
              ByCreatedAfter: toDate(query.createdAfter),
              ByCreatedBefore: toDate(query.createdBefore),
              ByCompleteAfter: toDate(query.completeAfter),
              ByCompleteBefore: toDate(query.completeBefore),
              ByState: query.state,
              ByResourceArn: query.resourceArn,
              ByDestinationVaultArn: query.destinationVaultArn,
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
          toPage(answer.CopyJobs, answer, readCopyJob, (wire, observedAt, clean) =>
            toCopyJob(wire, upstream, observedAt, clean),
          ),
      ),

    /** `ListProtectedResources`: one page of at most 1,000 resources with a recovery point. */
    listProtectedResources: (nextToken: string | undefined, call: CallOptions): Promise<ResourcePage> =>
      read(
        'list',
        call,
        (sdk, abortSignal) =>
          sdk.send(new ListProtectedResourcesCommand({ MaxResults: 1000, NextToken: nextToken }), { abortSignal }),
        (answer) =>
          toPage(answer.Results, answer, readResource, (wire) => ({
            resourceArn: wire.ResourceArn,
            resourceName: wire.ResourceName,
            resourceType: wire.ResourceType,
          })),
      ),

    /** `DescribeRecoveryPoint`: one point; `notFound` if the vault no longer has it, or does not exist. */
    describeRecoveryPoint: async (vaultArn: string, arn: string, call: CallOptions): Promise<RecoveryPoint> => {
      const BackupVaultName = vaultNameIn(vaultArn);
      if (!isSafe(arn)) throw malformed('the ARN of a recovery point');
      return read(
        'describe',
        call,
        (sdk, abortSignal) =>
          sdk.send(new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn: arn }), { abortSignal }),
        (answer) => {
          const wire = readPoint(answer);
          const point = wire.success ? toRecoveryPoint(wire.data, upstream, vaultArn, now()) : null;
          if (point?.arn !== arn) throw malformed('the recovery point that was asked for');
          return point;
        },
      );
    },

    /** `ListRecoveryPointsByBackupVault`: one page of at most 1,000. */
    listRecoveryPoints: async (query: RecoveryPointsQuery, call: CallOptions): Promise<RecoveryPointPage> => {
      const BackupVaultName = vaultNameIn(query.vaultArn);
      return read(
        'list',
        call,
        (sdk, abortSignal) =>
          sdk.send(
            new ListRecoveryPointsByBackupVaultCommand({
              BackupVaultName,
              ByCreatedAfter: toDate(query.createdAfter),
              ByCreatedBefore: toDate(query.createdBefore),
              MaxResults: 1000,
              NextToken: query.nextToken,
            }),
            { abortSignal },
          ),
        (answer) =>
          toPage(answer.RecoveryPoints, answer, readPoint, (wire, observedAt) =>
            toRecoveryPoint(wire, upstream, query.vaultArn, observedAt),
          ),
      );
    },

    /** `ListBackupVaults`: one page of at most 1,000 of the account's own vaults. */
    listBackupVaults: (nextToken: string | undefined, call: CallOptions): Promise<VaultPage> =>
      read(
        'list',
        call,
        (sdk, abortSignal) =>
          sdk.send(new ListBackupVaultsCommand({ MaxResults: 1000, NextToken: nextToken }), { abortSignal }),
        (answer) => toPage(answer.BackupVaultList, answer, readVault, toBackupVault),
      ),
  };
};
