import { z } from 'zod';
import type { ActivityState } from '../../domain/activity.js';
import { lastPartOf, parseArn } from '../../domain/arn.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { createTarget } from '../../domain/copy-target.js';
import { failureCategoryBy } from '../../domain/failure-rules.js';
import { encodeId, isCopyJobId } from '../../domain/global-id.js';
import { type Clean, cleanMessage } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import { createWireReader, wireBoolean, wireInteger, wireObject, wireText } from '../wire.js';
import { wireDate } from './wire-date.js';

/**
 * All 27 members of a copy job; AWS may send more. All are optional in the model.
 * Source: AWS Backup API reference, `CopyJob`. The SDK converts times to `Date` and sizes to numbers, which rounds a
 * size beyond 2^53.
 */
export const WireCopyJob = z.object({
  AccountId: wireText,
  CopyJobId: wireText,
  SourceBackupVaultArn: wireText,
  SourceRecoveryPointArn: wireText,
  DestinationBackupVaultArn: wireText,
  DestinationVaultType: wireText,
  DestinationVaultLockState: wireText,
  DestinationRecoveryPointArn: wireText,
  DestinationEncryptionKeyArn: wireText,
  DestinationRecoveryPointLifecycle: wireObject({
    MoveToColdStorageAfterDays: wireInteger,
    DeleteAfterDays: wireInteger,
    OptInToArchiveForSupportedResources: wireBoolean,
    DeleteAfterEvent: wireText,
  }),
  ResourceArn: wireText,
  CreationDate: wireDate,
  CompletionDate: wireDate,
  State: wireText,
  StatusMessage: wireText,
  BackupSizeInBytes: wireInteger,
  IamRoleArn: wireText,
  CreatedBy: wireObject({
    BackupPlanId: wireText,
    BackupPlanArn: wireText,
    BackupPlanVersion: wireText,
    BackupPlanName: wireText,
    BackupRuleId: wireText,
    BackupRuleName: wireText,
    BackupRuleCron: wireText,
    BackupRuleTimezone: wireText,
  }),
  CreatedByBackupJobId: wireText,
  ResourceType: wireText,
  ParentJobId: wireText,
  IsParent: wireBoolean,
  CompositeMemberIdentifier: wireText,
  NumberOfChildJobs: wireInteger,
  ChildJobsInState: z
    .record(z.string(), wireInteger)
    .nullish()
    .transform((counts) => counts ?? null),
  ResourceName: wireText,
  MessageCategory: wireText,
});

export const readCopyJob = createWireReader(WireCopyJob);

type Wire = z.infer<typeof WireCopyJob>;

const states = {
  CREATED: 'QUEUED',
  RUNNING: 'RUNNING',
  COMPLETED: 'SUCCEEDED',
  PARTIAL: 'PARTIAL',
  FAILED: 'FAILED',
} as const satisfies Readonly<Record<string, ActivityState>>;

/** The known states of a copy job, as AWS names them. */
export type AwsState = keyof typeof states;

const isAwsState = (word: string): word is AwsState => Object.hasOwn(states, word);

/** AWS's names for one of our states; empty for a state that AWS does not have. */
export const awsStatesOf = (state: ActivityState): readonly AwsState[] =>
  Object.keys(states)
    .filter(isAwsState)
    .filter((word) => states[word] === state);

/** Total: a state AWS adds later becomes `UNKNOWN`, so it costs one field and not the whole query. */
const toState = (word: string | null): ActivityState => (word !== null && isAwsState(word) ? states[word] : 'UNKNOWN');

/** Whether two values are known to differ; `null` if either was not reported. */
const differ = (one: string | null | undefined, other: string | null | undefined): boolean | null =>
  one === null || one === undefined || other === null || other === undefined ? null : one !== other;

/**
 * Compares the places of source and destination. Region and account may be missing in other ARNs, never in a vault's.
 */
const toPlace = (wire: Wire, upstream: string): Pick<CopyJob, 'target' | 'offsite' | 'otherAccount'> => {
  const { DestinationBackupVaultArn: arn, SourceBackupVaultArn: sourceArn } = wire;
  if (arn === null) return { target: null, offsite: null, otherAccount: null };
  const destination = parseArn(arn);
  const source = sourceArn === null ? null : parseArn(sourceArn);
  return {
    target: createTarget(upstream, 'VAULT', arn, lastPartOf(arn)),
    offsite: differ(destination?.region, source?.region),
    otherAccount: differ(destination?.accountId, source?.accountId ?? wire.AccountId),
  };
};

/** `null` for a job without an id. Otherwise total. */
export const toCopyJob = (
  wire: Wire,
  upstream: string,
  observedAt: Micros,
  clean: Clean = cleanMessage,
): CopyJob | null => {
  if (wire.CopyJobId === null || !isCopyJobId(wire.CopyJobId)) return null;
  const state = toState(wire.State);
  const statusMessage = clean(wire.StatusMessage);
  const { DestinationRecoveryPointLifecycle: lifecycle, CreatedBy: creator, ChildJobsInState: children } = wire;
  return {
    __typename: 'CopyJob',
    id: encodeId('CopyJob', upstream, wire.CopyJobId),
    upstream,
    copyJobId: wire.CopyJobId,
    state,
    upstreamState: wire.State,
    error: state === 'FAILED' || state === 'PARTIAL' ? statusMessage : null,
    failureCategory: failureCategoryBy(wire.MessageCategory, state, statusMessage),
    startedAt: wire.CreationDate,
    endedAt: wire.CompletionDate,
    observedAt,
    name: wire.ResourceName ?? (wire.ResourceArn === null ? wire.CopyJobId : lastPartOf(wire.ResourceArn)),
    ...toPlace(wire, upstream),
    sizeBytes: wire.BackupSizeInBytes,
    transferredBytes: null, // AWS reports no progress
    expiresAt: null, // read from its recovery points, see `expiryOfJob`
    accountId: wire.AccountId,
    sourceBackupVaultArn: wire.SourceBackupVaultArn,
    sourceRecoveryPointArn: wire.SourceRecoveryPointArn,
    destinationBackupVaultArn: wire.DestinationBackupVaultArn,
    destinationRecoveryPointArn: wire.DestinationRecoveryPointArn,
    destinationVaultType: wire.DestinationVaultType,
    destinationVaultLockState: wire.DestinationVaultLockState,
    destinationEncryptionKeyArn: wire.DestinationEncryptionKeyArn,
    destinationRecoveryPointLifecycle:
      lifecycle === null
        ? null
        : {
            moveToColdStorageAfterDays: lifecycle.MoveToColdStorageAfterDays,
            deleteAfterDays: lifecycle.DeleteAfterDays,
            optInToArchiveForSupportedResources: lifecycle.OptInToArchiveForSupportedResources,
            deleteAfterEvent: lifecycle.DeleteAfterEvent,
          },
    resourceArn: wire.ResourceArn,
    resourceName: wire.ResourceName,
    resourceType: wire.ResourceType,
    statusMessage,
    messageCategory: wire.MessageCategory,
    iamRoleArn: wire.IamRoleArn,
    createdBy:
      creator === null
        ? null
        : {
            backupPlanId: creator.BackupPlanId,
            backupPlanArn: creator.BackupPlanArn,
            backupPlanVersion: creator.BackupPlanVersion,
            backupPlanName: creator.BackupPlanName,
            backupRuleId: creator.BackupRuleId,
            backupRuleName: creator.BackupRuleName,
            backupRuleCron: creator.BackupRuleCron,
            backupRuleTimezone: creator.BackupRuleTimezone,
          },
    createdByBackupJobId: wire.CreatedByBackupJobId,
    parentJobId: wire.ParentJobId,
    isParent: wire.IsParent,
    compositeMemberIdentifier: wire.CompositeMemberIdentifier,
    numberOfChildJobs: wire.NumberOfChildJobs,
    childJobsInState:
      children === null
        ? null
        : Object.entries(children).map(([word, count]) => ({
            state: toState(word),
            upstreamState: word,
            count: count ?? 0n,
          })),
  };
};
