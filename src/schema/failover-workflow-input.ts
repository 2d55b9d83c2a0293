import { builder } from './builder.js';
import { FailoverObjectInputRef } from './failover-mutation.js';
import { FailoverKindRef, FailoverStepNameRef } from './failover-workflow.js';

const workflowDescription = 'As `FailoverWorkflow.id` showed it.';
const dryRunDescription = 'Only checks: the answer is a `FailoverStepPlan`, and nothing is sent.';
const planTokenDescription =
  'The `FailoverStepPlan.planToken` of a dry run of the same step, at most 10 minutes old. Not needed to repeat a request that was sent.';
const acceptDescription =
  'The seconds of data that may be lost. Needed if `confirmName` is. Refused if it is less than `FailoverStepPlan.dataAgeSeconds` is by then.';

export const InitFailoverInputRef = builder.inputType('InitFailoverInput', {
  description: 'A new failover workflow. An absent member is not sent to the cluster.',
  fields: (t) => ({
    replica: t.string({ required: true, description: 'The cluster that takes over, by its id in the config.' }),
    sourceClusterId: t.field({
      type: 'BigInt',
      required: true,
      description: 'Cohesity’s own id of the source cluster. Compared with the upstreams before anything is sent.',
    }),
    protectionGroupId: t.string({
      description:
        'The group of the replicas on the cluster that takes over, as `clusterId:clusterIncarnationId:jobId`. Needed if no single group there has all the objects.',
    }),
    environment: t.string({
      description: 'The vendor’s word for the kind of objects, such as `kVMware`. From 7.x on.',
    }),
    objects: t.field({
      type: [FailoverObjectInputRef],
      required: true,
      description: 'The replicas, by their ids on the cluster that takes over. At least one, at most 1,000.',
    }),
    kind: t.field({ type: FailoverKindRef, required: true, description: 'Whether the source takes part.' }),
    reason: t.string({
      description: 'The reason for an UNPLANNED failover; needed for one. Kept in the audit record.',
    }),
    idempotencyKey: t.id({
      required: true,
      description:
        'A key that you choose: 1 to 64 characters out of A-Z, a-z, 0-9, _ and -. It becomes the workflow id on both clusters.',
    }),
    confirmName: t.string({
      description:
        'The name of the protection group on the cluster that takes over, typed by a person. Needed for UNPLANNED.',
    }),
    acceptDataLossSeconds: t.int({ description: acceptDescription }),
    sourceIsAlive: t.boolean({
      description: 'Whether to continue with UNPLANNED although the source answers, or cannot be read from here.',
    }),
    dryRun: t.boolean({ description: dryRunDescription }),
    planToken: t.string({ description: planTokenDescription }),
  }),
});

const FailoverObjectLinkInputRef = builder.inputType('FailoverObjectLinkInput', {
  description: 'One replica, and the object that continues it. Both ids belong to the cluster that takes over.',
  fields: (t) => ({
    replicaObjectId: t.field({ type: 'BigInt', required: true, description: 'The replica, as INIT named it.' }),
    recoveredObjectId: t.field({
      type: 'BigInt',
      required: true,
      description: 'The object that a recovery made from it.',
    }),
  }),
});

export const LinkFailoverObjectsInputRef = builder.inputType('LinkFailoverObjectsInput', {
  description: 'The recovered objects of a workflow.',
  fields: (t) => ({
    workflow: t.id({ required: true, description: workflowDescription }),
    links: t.field({
      type: [FailoverObjectLinkInputRef],
      required: true,
      description: 'The links, each replica once. At least one, at most 1,000.',
    }),
    dryRun: t.boolean({ description: dryRunDescription }),
    planToken: t.string({ description: planTokenDescription }),
  }),
});

export const ActivateFailoverInputRef = builder.inputType('ActivateFailoverInput', {
  description: 'The objects to protect on the cluster that takes over. An absent member is not sent to the cluster.',
  fields: (t) => ({
    workflow: t.id({ required: true, description: workflowDescription }),
    objects: t.field({
      type: [FailoverObjectInputRef],
      required: true,
      description: 'The replicas, by their ids on the cluster that takes over, as INIT named them.',
    }),
    protectionGroupId: t.string({
      description:
        'An existing, compatible group there, as `clusterId:clusterIncarnationId:jobId`. The cluster makes a group if it is absent.',
    }),
    enableReverseReplication: t.boolean({
      description: 'Whether the objects are replicated back to the source; false if absent.',
    }),
    policyId: t.string({ description: 'The protection policy for the objects. After 6.x.' }),
    environment: t.string({ description: 'The vendor’s word for their kind, such as `kVMware`. After 6.x.' }),
    doNotProtect: t.boolean({ description: 'Sent to the cluster as it is. After 6.x.' }),
    createObjectBackup: t.boolean({ description: 'Sent to the cluster as it is. After 6.x.' }),
    confirmName: t.string({
      description:
        'The name of the workflow’s protection group on the cluster that takes over, typed by a person. Always needed.',
    }),
    acceptDataLossSeconds: t.int({ description: acceptDescription }),
    dryRun: t.boolean({ description: dryRunDescription }),
    planToken: t.string({ description: planTokenDescription }),
  }),
});

export const DeactivateFailoverInputRef = builder.inputType('DeactivateFailoverInput', {
  description: 'The objects whose backups on the source stop. An absent member is not sent to the cluster.',
  fields: (t) => ({
    workflow: t.id({ required: true, description: workflowDescription }),
    objects: t.field({
      type: [FailoverObjectInputRef],
      required: true,
      description: 'The objects, by their ids on the source: `FailoverObjectPair.sourceObjectId`.',
    }),
    protectionGroupId: t.string({
      description: 'Their group on the source, as `clusterId:clusterIncarnationId:jobId`.',
    }),
    keepObjects: t.boolean({
      description:
        'Whether the objects stay in their group; true if absent. With false they are taken out, and an emptied group is paused.',
    }),
    confirmName: t.string({
      description: 'The name of their protection group on the source, typed by a person. Needed if they are not kept.',
    }),
    acceptDataLossSeconds: t.int({ description: acceptDescription }),
    dryRun: t.boolean({ description: dryRunDescription }),
    planToken: t.string({ description: planTokenDescription }),
  }),
});

export const CancelFailoverWorkflowInputRef = builder.inputType('CancelFailoverWorkflowInput', {
  description: 'The workflow to cancel, and the cluster to ask.',
  fields: (t) => ({
    workflow: t.id({ required: true, description: workflowDescription }),
    upstream: t.string({
      required: true,
      description: 'The cluster that is asked, by its id in the config: the one that takes over, or the source.',
    }),
    dryRun: t.boolean({ description: dryRunDescription }),
    planToken: t.string({
      description: 'The `FailoverStepPlan.planToken` of a dry run. Not needed: a token that is sent must be valid.',
    }),
  }),
});

export const AcknowledgeFailoverStepInputRef = builder.inputType('AcknowledgeFailoverStepInput', {
  description: 'A person’s word on a step of a workflow.',
  fields: (t) => ({
    workflow: t.id({ required: true, description: workflowDescription }),
    step: t.field({
      type: FailoverStepNameRef,
      required: true,
      description: 'The step. A PLANNED_RUN is polled and cannot be acknowledged.',
    }),
    happened: t.boolean({ required: true, description: 'Whether the cluster shows that the step happened.' }),
    note: t.string({
      required: true,
      description: 'The sight that you judge by, and its place. Kept in the audit record.',
    }),
  }),
});
