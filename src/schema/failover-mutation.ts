import { failover } from '../failover/failover.js';
import type { FailoverRunType } from '../domain/failover.js';
import {
  type FailoverCheckName,
  type FailoverAccepted,
  type FailoverCheck,
  type FailoverPlan,
} from '../domain/failover-result.js';
import { builder } from './builder.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { FailoverRef } from './failover.js';
import { refusalRef, vendorRefusalRef } from './user-error.js';

const FailoverRunTypeRef = builder.enumType('FailoverRunType', {
  description: 'The backup that a planned run makes. Source: Cohesity v2 FailoverRunConfiguration.runType.',
  values: described<FailoverRunType>({
    ALL: '`kAll`.',
    LOG: 'A backup of database logs. kLog.',
    SYSTEM: 'A backup for a bare-metal restore. kSystem.',
    INCREMENTAL: 'Only the changes since the last backup; the default. kIncremental.',
    FULL: 'A full backup. kFull.',
    HYDRATE_CDP: 'Fills up continuous data protection. kHydrateCDP; newer clusters only.',
    STORAGE_ARRAY_SNAPSHOT: 'A snapshot by the storage array. kStorageArraySnapshot; newer clusters only.',
  }),
});

export const FailoverObjectInputRef = builder.inputType('FailoverObjectInput', {
  description: 'One object to fail over.',
  fields: (t) => ({
    objectId: t.field({
      type: 'BigInt',
      required: true,
      description:
        'Its entity id, as `ProtectionSource.sourceId` shows it: on the source cluster, or on the cluster that an input names instead.',
    }),
  }),
});

const FailoverInputRef = builder.inputType('FailoverInput', {
  description:
    'A planned failover. An absent member is not sent, so the cluster uses its own default. `dryRun` and `allowWithoutLock` are only for the gateway. Source: Cohesity v2 FailoverRunConfiguration.',
  fields: (t) => ({
    upstream: t.string({
      required: true,
      description: 'The source cluster, by its id in the config, such as `dc-east`.',
    }),
    idempotencyKey: t.id({
      required: true,
      description:
        'A key that you choose: 1 to 64 characters out of A-Z, a-z, 0-9, _ and -. It becomes the id of the failover workflow. It is safe to repeat a request with its key: one key starts at most one run.',
    }),
    replicationClusterId: t.field({
      type: 'BigInt',
      required: true,
      description: 'Cohesity’s id of the cluster to fail over to, as `RemoteClusterTarget.clusterId` shows it.',
    }),
    objects: t.field({
      type: [FailoverObjectInputRef],
      required: true,
      description: 'The objects to fail over, each once. At least one unless `viewId` is given; at most 1,000.',
    }),
    protectionGroupId: t.string({
      description:
        'The active group on the source cluster, as `clusterId:clusterIncarnationId:jobId`; `ProtectionJob.uid` has these parts. Clusters before 7.1 refuse a failover without it.',
    }),
    runType: t.field({ type: FailoverRunTypeRef, description: 'The backup to make; incremental if absent.' }),
    viewId: t.field({ type: 'BigInt', description: 'The view on the source cluster, if a view is failed over.' }),
    cancelNonFailoverRuns: t.boolean({
      description:
        'Whether the cluster asks other running backups of the objects to cancel; otherwise the failover waits for them. Replications to other clusters and archivals continue.',
    }),
    pauseNextRuns: t.boolean({ description: 'Whether later runs are paused until the failover is complete.' }),
    dryRun: t.boolean({ description: 'Only checks: the answer is a `FailoverPlan`, and nothing is started.' }),
    allowWithoutLock: t.boolean({
      description:
        'Whether to continue if Redis, which holds the lock of all replicas, is lost. Use it only if nobody else can send the same key.',
    }),
  }),
});

const FailoverCheckNameRef = builder.enumType('FailoverCheckName', {
  description: 'A check before a failover.',
  values: described<FailoverCheckName>({
    KEY_UNUSED: 'No failover was started under the key.',
    GROUP_KNOWN:
      'The source cluster has the protection group. Without `protectionGroupId`: exactly one active group names all the objects.',
    GROUP_ACTIVE: 'The group is active on the source cluster, so it is not deleted and no replica.',
    OBJECTS_IN_GROUP: 'The group protects each object: it names the object, or one of its runs of the last day has it.',
    REPLICATION_CLUSTER_KNOWN: 'The source cluster has the replication cluster as a replication target.',
    REPLICATION_CLUSTER_REACHABLE: 'The source cluster reaches all endpoints of the replication cluster.',
    RECENT_COPY:
      'Each object has a good copy on the replication cluster that is at most a day old. The detail has its age.',
    NO_FAILOVER_UNDER_WAY:
      'No failover of the objects is in progress that copygraph started in the last 7 days. For a view: none that the cluster lists.',
    RUNNING_RUNS: 'The runs in progress that would be canceled or waited for. Always ok if they could be read.',
    SAME_SYSTEM: 'The cluster that takes over a view is the one that answered first.',
    SAFEGUARDS:
      'An audit file is configured (a sandbox needs none). If replicas share a Redis, it answers. Checked for views.',
    VIEW_KNOWN: 'The cluster that takes over has the view, and its name is known.',
    OPERATION_ALLOWED: 'The cluster says that it allows the step now.',
    PREPARED: 'The newest failover is a PREPARE that succeeded, its replication at most 60 minutes old.',
    NAME_CONFIRMED: '`confirmName` is the name of the view.',
    DATA_LOSS_ACCEPTED: '`acceptDataLossSeconds` is no less than the age of the data.',
    CLUSTERS_KNOWN: 'Both clusters of a workflow are the ones that its ids belong to.',
    STEP_ALLOWED: 'The step is one of `FailoverWorkflow.nextSteps`.',
    OBJECTS_ALLOWED: 'Each object is part of the workflow, and the step was not taken for it.',
    SOURCE_SILENT: 'The source cluster does not answer, or `sourceIsAlive` is `true`.',
  }),
});

export const FailoverCheckRef = builder.objectRef<FailoverCheck>('FailoverCheck').implement({
  description: 'The result of one check before a failover.',
  fields: (t) => ({
    name: t.expose('name', { type: FailoverCheckNameRef, description: 'The check that was made.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether the check passed. `false` too if it could not be made.' }),
    detail: t.exposeString('detail', { description: 'The finding, for a person.' }),
  }),
});

const FailoverAcceptedRef = builder.objectRef<FailoverAccepted>('FailoverAccepted').implement({
  description:
    'The failover under this key: started now, or earlier by an equal request. In the state UNCONFIRMED it is not known whether it started.',
  fields: (t) => ({
    failover: t.expose('failover', { type: FailoverRef, description: 'The failover. Read it again by its id.' }),
  }),
});

const FailoverPlanRef = builder.objectRef<FailoverPlan>('FailoverPlan').implement({
  description: 'The checks of a `dryRun`. Nothing was started.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    checks: t.expose('checks', {
      type: [FailoverCheckRef],
      ...usually(9),
      description: 'Every check, always in the same order.',
    }),
  }),
});

export const FailoverConflictRef = refusalRef(
  'FailoverConflict',
  'The key was used before with another body, and that is still on record. Nothing was sent.',
);

export const FailoverRejectedRef = vendorRefusalRef(
  'FailoverRejected',
  'The cluster refused, or the gateway did before it sent anything. Nothing was started.',
);

export const InvalidFailoverInputRef = refusalRef(
  'InvalidFailoverInput',
  'A value of the input is not valid. Nothing was sent.',
);

const FailoverResultRef = builder.unionType('FailoverResult', {
  description: 'The failover, the plan of a dry run, or a refusal.',
  types: [FailoverAcceptedRef, FailoverPlanRef, FailoverConflictRef, FailoverRejectedRef, InvalidFailoverInputRef],
});

builder.mutationField('failover', (t) =>
  t.field({
    type: FailoverResultRef,
    tag: 'dangerous',
    ...calls(20), // with the reads after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'failover:execute': true },
    description:
      'Starts a planned failover on the source cluster. With `dryRun` it only checks for obstacles. Safe to repeat with the same `idempotencyKey`, as often as you like: at most one run is started. Leaves out the other steps of the workflow, init on the replication cluster and activation. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({
        type: FailoverInputRef,
        required: true,
        description: 'The objects to fail over, the cluster to fail over to, and the key.',
      }),
    },
    resolve: (_root, { input }, context) =>
      failover(context.aged(0), {
        upstream: input.upstream,
        idempotencyKey: input.idempotencyKey,
        replicationClusterId: input.replicationClusterId,
        objects: input.objects,
        protectionGroupId: input.protectionGroupId ?? null,
        runType: input.runType ?? null,
        viewId: input.viewId ?? null,
        cancelNonFailoverRuns: input.cancelNonFailoverRuns ?? null,
        pauseNextRuns: input.pauseNextRuns ?? null,
        dryRun: input.dryRun ?? false,
        allowWithoutLock: input.allowWithoutLock ?? false,
      }),
  }),
);
