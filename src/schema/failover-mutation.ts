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
    LOG: 'Logs of a database. kLog.',
    SYSTEM: 'For a restore from bare metal. kSystem.',
    INCREMENTAL: 'The least there is to move; the default. kIncremental.',
    FULL: 'Everything anew. kFull.',
    HYDRATE_CDP: 'Fills a continuous copy. kHydrateCDP; newer clusters only.',
    STORAGE_ARRAY_SNAPSHOT: 'Through the storage array. kStorageArraySnapshot; newer clusters only.',
  }),
});

const FailoverObjectInputRef = builder.inputType('FailoverObjectInput', {
  description: 'One object to fail over.',
  fields: (t) => ({
    objectId: t.field({
      type: 'BigInt',
      required: true,
      description: 'Its entity id on the source cluster, as `ProtectionSource.sourceId` shows it.',
    }),
  }),
});

const FailoverInputRef = builder.inputType('FailoverInput', {
  description:
    'A planned failover. The members without a default of ours are sent as they are, and those left out are not sent. Source: Cohesity v2 FailoverRunConfiguration.',
  fields: (t) => ({
    upstream: t.string({
      required: true,
      description: 'The source cluster, by its id in the config, such as `dc-east`.',
    }),
    idempotencyKey: t.id({
      required: true,
      description:
        'Chosen by you: 1 to 64 characters out of A-Z, a-z, 0-9, _ and -. It becomes the id of the failover workflow, and makes repeating safe: one key, one run.',
    }),
    replicationClusterId: t.field({
      type: 'BigInt',
      required: true,
      description: 'Cohesity’s id of the cluster to fail over to, as `RemoteClusterTarget.clusterId` shows it.',
    }),
    objects: t.field({
      type: [FailoverObjectInputRef],
      required: true,
      description: 'Everything that is failed over.',
    }),
    protectionGroupId: t.string({
      description:
        'The active group on the source cluster, `clusterId:clusterIncarnationId:jobId`, as `ProtectionJob.uid` shows its parts. Clusters before 7.1 refuse a failover without it.',
    }),
    runType: t.field({ type: FailoverRunTypeRef, description: 'The backup to make; incremental if left out.' }),
    viewId: t.field({ type: 'BigInt', description: 'The view on the source cluster, when a view is failed over.' }),
    cancelNonFailoverRuns: t.boolean({
      description:
        'Whether other running backups of the objects are asked to cancel; otherwise the failover waits for them. Replications to other clusters and archivals are left alone.',
    }),
    pauseNextRuns: t.boolean({ description: 'Whether later runs are paused until the failover is complete.' }),
    dryRun: t.boolean({ description: 'Only look: answers `FailoverPlan`, and nothing is started.' }),
    allowWithoutLock: t.boolean({
      description:
        'Go on where Redis, which keeps the lock of all replicas, cannot be reached. Only when nobody else can press the same key.',
    }),
  }),
});

const FailoverCheckNameRef = builder.enumType('FailoverCheckName', {
  description: 'What is looked at before a failover.',
  values: described<FailoverCheckName>({
    KEY_UNUSED: 'Nothing was started under the key.',
    GROUP_KNOWN: 'The source cluster has the protection group.',
    GROUP_ACTIVE: 'The group is active there, and no replica.',
    OBJECTS_IN_GROUP: 'The group protects each object.',
    REPLICATION_CLUSTER_KNOWN: 'The source cluster knows the replication cluster as a target.',
    REPLICATION_CLUSTER_REACHABLE: 'The source cluster reaches it.',
    RECENT_COPY: 'Each object has a good copy there, no older than a day; the detail has its age.',
    NO_FAILOVER_UNDER_WAY: 'No failover of the objects goes on that copygraph knows of.',
    RUNNING_RUNS: 'Which running runs would be canceled or waited for; always ok where it could be read.',
  }),
});

const FailoverCheckRef = builder.objectRef<FailoverCheck>('FailoverCheck').implement({
  description: 'One look before a failover.',
  fields: (t) => ({
    name: t.expose('name', { type: FailoverCheckNameRef, description: 'What was looked at.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether it is as it should be; false too where it could not be read.' }),
    detail: t.exposeString('detail', { description: 'What was seen, for a person.' }),
  }),
});

const FailoverAcceptedRef = builder.objectRef<FailoverAccepted>('FailoverAccepted').implement({
  description:
    'The failover under this key: started now, or before by an equal request. In the state UNCONFIRMED nobody can tell.',
  fields: (t) => ({
    failover: t.expose('failover', { type: FailoverRef, description: 'The failover; ask for it again by its id.' }),
  }),
});

const FailoverPlanRef = builder.objectRef<FailoverPlan>('FailoverPlan').implement({
  description: 'What a `dryRun` saw. Nothing was started.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    checks: t.expose('checks', {
      type: [FailoverCheckRef],
      ...usually(9),
      description: 'Each look, in the order of their names’ list.',
    }),
  }),
});

const FailoverResultRef = builder.unionType('FailoverResult', {
  description: 'What became of a press of the button.',
  types: [
    FailoverAcceptedRef,
    FailoverPlanRef,
    refusalRef('FailoverConflict', 'The key was used with another body, however long ago. Nothing was sent.'),
    vendorRefusalRef(
      'FailoverRejected',
      'Refused by the cluster, or here before anything was sent; no run was started.',
    ),
    refusalRef('InvalidFailoverInput', 'Something in the input cannot be taken; nothing was sent.'),
  ],
});

builder.mutationField('failover', (t) =>
  t.field({
    type: FailoverResultRef,
    tag: 'dangerous',
    ...calls(20), // with the looks after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'failover:execute': true },
    description:
      'Starts a planned failover on the source cluster, or with `dryRun` says what would stand in its way. Safe to repeat with the same `idempotencyKey`, as often as you like: at most one run is started. The workflow’s other steps, init on the replication cluster and the activation, are not here. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({ type: FailoverInputRef, required: true, description: 'What to fail over, and to which cluster.' }),
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
