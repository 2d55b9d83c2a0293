import { fraction, hash } from '../random.js';
import type { World } from './call.js';
import { type Estate, type Unit } from './estate.js';
import { type JsonObject, toSeconds } from './json.js';
import { backupArn, copyArn } from './recovery-point-ref.js';
import { type CopyJobState, type Job, lifeOf, membersOf, stateAt } from './timeline.js';

const gibibyte = 2 ** 30;
/** The service does not report the size of these. */
const sizeless: ReadonlySet<string> = new Set(['Aurora', 'DocumentDB', 'Neptune']);

/** The size of one backup. Volumes are whole gibibytes, whatever they contain. */
export const sizeOf = (unit: Unit, turn: number): number | bigint | undefined => {
  const { type } = unit.resource;
  const { bytes, gigabytes } = unit.spec;
  if (bytes !== undefined) return bytes;
  if (unit.members.length > 0) return unit.members.reduce((sum, member) => sum + Number(sizeOf(member, turn) ?? 0), 0);
  if (gigabytes === undefined || sizeless.has(type)) return undefined;
  const fixed = type === 'EC2' || type === 'EBS';
  return Math.round(gigabytes * gibibyte * (fixed ? 1 : 0.97 + 0.06 * fraction(unit.key, turn, 'size')));
};

/** The creator of a backup: plan and rule. `undefined` if it was started by hand. */
export const creatorOf = ({ rule }: Unit): JsonObject | undefined => {
  const { plan, spec } = rule;
  if (plan.spec.byHand) return undefined;
  return {
    BackupPlanId: plan.id,
    BackupPlanArn: plan.arn,
    BackupPlanVersion: plan.versionId,
    BackupRuleId: rule.id,
    ...(!plan.spec.idsOnly && {
      BackupPlanName: plan.spec.name,
      BackupRuleName: spec.name,
      BackupRuleCron: spec.cron,
      BackupRuleTimezone: spec.timezone,
    }),
  };
};

export const copyJobId = (estate: Estate, { lane, turn }: Job): string =>
  estate.ids.uuid({ kind: lane.kind, index: lane.index, turn });

const childStates = (job: Job, now: number): Readonly<Record<string, number>> => {
  const counts: Partial<Record<CopyJobState, number>> = {};
  for (const member of membersOf(job)) {
    const state = stateAt(lifeOf(member), now);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
};

const membersAt = (estate: Estate, job: Job, now: number): JsonObject => {
  const { lane, turn } = job;
  const { unit, destination, parent, members } = lane;
  const { resource, rule } = unit;
  const life = lifeOf(job);
  const state = stateAt(life, now);
  const ended = now >= life.endsAt;
  const scheduled = lane.kind === 'copyJob' && !rule.plan.spec.byHand;
  const isParent = members.length > 0;
  return {
    AccountId: resource.accountId,
    CopyJobId: copyJobId(estate, job),
    SourceBackupVaultArn: rule.vault.arn,
    SourceRecoveryPointArn: backupArn(estate, unit, turn),
    DestinationBackupVaultArn: destination.arn,
    DestinationVaultType: scheduled ? destination.type : undefined,
    DestinationVaultLockState: scheduled ? (destination.lock !== undefined ? 'LOCKED' : 'UNLOCKED') : undefined,
    DestinationRecoveryPointArn: state === 'COMPLETED' || state === 'PARTIAL' ? copyArn(estate, job) : undefined,
    DestinationEncryptionKeyArn: destination.keyArn,
    DestinationRecoveryPointLifecycle: lane.lifecycle && { ...lane.lifecycle },
    ResourceArn: resource.arn,
    CreationDate: toSeconds(job.createdAt),
    CompletionDate: ended ? toSeconds(life.endsAt) : undefined,
    State: state,
    StatusMessage: ended ? life.failure?.message : undefined,
    BackupSizeInBytes: sizeOf(unit, turn),
    IamRoleArn: lane.roleArn,
    CreatedBy: scheduled ? creatorOf(unit) : undefined,
    CreatedByBackupJobId: scheduled ? estate.ids.uuid({ kind: 'backupJob', index: unit.index, turn }) : undefined,
    ResourceType: resource.type,
    ParentJobId: parent && copyJobId(estate, { ...job, lane: parent }),
    IsParent: scheduled || isParent ? isParent : undefined,
    CompositeMemberIdentifier: unit.member,
    NumberOfChildJobs: isParent ? members.length : undefined,
    ChildJobsInState: isParent ? childStates(job, now) : undefined,
    ResourceName: resource.name,
    MessageCategory: ended ? (life.failure?.category ?? 'SUCCESS') : undefined,
  };
};

/** One copy job as the service reports it at `now`: up to 27 members; absent ones are left out or, as a fault, null. */
export const copyJobBody = ({ estate, nulls }: World, job: Job, now: number): JsonObject => {
  const members = membersAt(estate, job, now);
  if (!nulls || hash(job.lane.key, job.turn, 'nulls') % 2 === 0) return members;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member ?? null]));
};
