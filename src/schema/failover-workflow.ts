import { parseKnownId } from '../aggregate/known-id.js';
import { BadInputError } from '../domain/bad-input.js';
import type {
  FailoverStep,
  FailoverStepEvidence,
  FailoverStepName,
  FailoverStepState,
} from '../domain/failover-step.js';
import type { FailoverKind, FailoverObject } from '../domain/failover-workflow.js';
import type { FailoverWorkflow } from '../domain/workflow-of.js';
import { loadFailoverWorkflow } from '../failover/workflow.js';
import { upstreamNamed } from '../upstream/clients.js';
import { builder } from './builder.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { FailoverRef } from './failover.js';
import { NodeRef } from './node.js';
import { UpstreamRef } from './upstream.js';

export const FailoverKindRef = builder.enumType('FailoverKind', {
  description: 'Whether the source cluster takes part in a failover.',
  values: described<FailoverKind>({
    PLANNED: 'The source answers: a planned run replicates the newest data first.',
    UNPLANNED: 'The source is lost: the objects continue with the data that are on the other cluster.',
  }),
});

export const FailoverStepNameRef = builder.enumType('FailoverStepName', {
  description: 'One step of a failover workflow, in the order of the workflow.',
  values: described<FailoverStepName>({
    INIT: 'Opens the workflow on the cluster that takes over. The mutation `initFailover`.',
    PLANNED_RUN:
      'Replicates the newest data from the source. The mutation `failover`, with the workflow id as its key.',
    LINK: 'Reports which recovered object continues which replica. The mutation `linkFailoverObjects`.',
    ACTIVATE: 'Begins the backups on the cluster that takes over. The mutation `activateFailover`.',
    DEACTIVATE: 'Stops the backups on the source. The mutation `deactivateFailoverSource`.',
    CANCEL: 'Cancels the workflow on one cluster. The mutation `cancelFailoverWorkflow`.',
  }),
});

const FailoverStepStateRef = builder.enumType('FailoverStepState', {
  description: 'The progress of one step. With several requests for a step: the state of the last one.',
  values: described<FailoverStepState>({
    NOT_STARTED: 'No request was sent.',
    REQUESTED: 'A request is being sent, or the planned run is in progress.',
    DONE: 'The cluster accepted it, or a person reports that it happened.',
    PARTIAL: 'The cluster accepted it, with errors for some objects; `message` and `objects` have them.',
    REJECTED: 'The cluster refused it, the planned run failed, or a person reports that it did not happen.',
    UNCONFIRMED:
      'The answer was lost, and the vendor has no read of the step. Nothing more is sent for the workflow until `acknowledgeFailoverStep`.',
  }),
});

const FailoverStepEvidenceRef = builder.enumType('FailoverStepEvidence', {
  description: 'The source of the state of a step.',
  values: described<FailoverStepEvidence>({
    ANSWER: 'The answer of the cluster to the request, as it was recorded.',
    POLL: 'A poll of the cluster. Only the planned run can be polled.',
    AUDIT: 'Only the record before the request: there is no answer.',
    PERSON: 'The word of a person, by `acknowledgeFailoverStep`.',
  }),
});

export const FailoverStepRef = builder.objectRef<FailoverStep>('FailoverStep').implement({
  description: 'One step of a failover workflow, and its state.',
  fields: (t) => ({
    name: t.expose('name', { type: FailoverStepNameRef, description: 'The step that it is.' }),
    state: t.expose('state', { type: FailoverStepStateRef, description: 'Its progress.' }),
    upstream: t.field({
      type: UpstreamRef,
      nullable: true,
      description: 'The cluster that was asked. `null` before the first request, and if you may not see it.',
      resolve: ({ upstream }, _args, { session }) =>
        upstream === null ? null : session.clients.get(upstream)?.upstream,
    }),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last request was sent, by the clock of copygraph. `null` if none was.',
    }),
    answeredAt: t.expose('answeredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its answer came, or a person acknowledged it. `null` until then.',
    }),
    evidence: t.expose('evidence', {
      type: FailoverStepEvidenceRef,
      nullable: true,
      description: 'The source of the state. `null` if the step is not started.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'The errors, the note of a person, or the next thing to do. `null` if there is nothing to add.',
    }),
  }),
});

const FailoverObjectPairRef = builder.objectRef<FailoverObject>('FailoverObjectPair').implement({
  description: 'One object of a failover workflow, by its ids on both clusters.',
  fields: (t) => ({
    sourceObjectId: t.expose('sourceObjectId', {
      type: 'BigInt',
      nullable: true,
      description: 'Its id on the source, as the answer to INIT has it. `null` if that was lost, or lacks it.',
    }),
    replicaObjectId: t.expose('replicaObjectId', {
      type: 'BigInt',
      nullable: true,
      description: 'The id of its replica on the cluster that takes over. `null` if the cluster did not report it.',
    }),
    recoveredObjectId: t.expose('recoveredObjectId', {
      type: 'BigInt',
      nullable: true,
      description: 'The id of the recovered object that LINK named. `null` before that.',
    }),
    activated: t.exposeBoolean('activated', {
      nullable: true,
      description:
        'Whether its backups began on the cluster that takes over. `null` if that is not known: the answer was lost, or has an error that names no object.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'The error of its last activation, in the cluster’s words. `null` if there was none.',
    }),
  }),
});

const ReverseReplicationRef = builder
  .objectRef<NonNullable<FailoverWorkflow['reverseReplication']>>('ReverseReplication')
  .implement({
    description: 'Whether the activated objects are replicated back to the source.',
    fields: (t) => ({
      enabled: t.exposeBoolean('enabled', {
        nullable: true,
        description: 'Whether it is enabled. `false` is no error of the activation. `null` if the cluster did not say.',
      }),
      error: t.exposeString('error', {
        nullable: true,
        description: 'The reason why it is not enabled, in the cluster’s words. `null` if there is none.',
      }),
    }),
  });

export const FailoverWorkflowRef = builder.objectRef<FailoverWorkflow>('FailoverWorkflow').implement({
  description:
    'The failover of objects from one Cohesity cluster to another, step by step. An experiment: it exists only where the config has `experimental.failoverWorkflow: true`, and was never run against real clusters. Its id is `FailoverWorkflow:<replica upstream>:<workflow id>`.',
  interfaces: [NodeRef],
  authenticated: true, // `failover:execute` or `failover:activate` is enough; `copy:read` is not needed
  fields: (t) => ({
    failoverId: t.exposeString('failoverId', {
      description: 'The workflow id on both clusters, which is the `idempotencyKey` of `initFailover`.',
    }),
    kind: t.expose('kind', { type: FailoverKindRef, description: 'Whether the source takes part.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'The reason for an unplanned failover, as its operator gave it. `null` if none was given.',
    }),
    source: t.field({
      type: UpstreamRef,
      nullable: true,
      description: 'The source. `null` if no upstream that you may see is that cluster, or none has answered as such.',
      resolve: ({ source }, _args, { session }) => (source === null ? null : session.clients.get(source)?.upstream),
    }),
    replica: t.field({
      type: UpstreamRef,
      description: 'The cluster that takes over.',
      resolve: ({ upstream }, _args, { session }) => upstreamNamed(session.clients, upstream),
    }),
    objects: t.expose('objects', {
      type: [FailoverObjectPairRef],
      ...usually(10),
      description: 'The objects, as INIT named them.',
    }),
    steps: t.expose('steps', {
      type: [FailoverStepRef],
      ...usually(6),
      description: 'Every step, in the order of the workflow. An unplanned failover has no PLANNED_RUN.',
    }),
    nextSteps: t.expose('nextSteps', {
      type: [FailoverStepNameRef],
      ...usually(3),
      description:
        'The steps that may be taken now. Empty while a step is UNCONFIRMED or a request is being sent, and when nothing is left to do.',
    }),
    plannedRun: t.expose('plannedRun', {
      type: FailoverRef,
      nullable: true,
      description: 'The planned run on the source. `null` before it is requested, and for an unplanned failover.',
    }),
    activatedGroupId: t.exposeString('activatedGroupId', {
      nullable: true,
      description:
        'The protection group of the last activation, as `clusterId:clusterIncarnationId:jobId`. `null` if the cluster did not report it.',
    }),
    reverseReplication: t.expose('reverseReplication', {
      type: ReverseReplicationRef,
      nullable: true,
      description: 'The replication back, as the last activation reported it. `null` if it did not.',
    }),
  }),
});

builder.queryField('failoverWorkflow', (t) =>
  t.field({
    type: FailoverWorkflowRef,
    nullable: true,
    ...calls(2),
    description:
      'One failover workflow by its id. `null` if nothing was sent under it. The steps come from the records of this process, Redis and the audit file; the planned run costs one poll of the source.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'As `FailoverWorkflow.id` showed it: `FailoverWorkflow:<replica upstream>:<workflow id>`.',
      }),
    },
    resolve: (_root, { id }, context) => {
      const { upstream, parts } = parseKnownId(context.session.clients, 'id', id, 'FailoverWorkflow');
      if (!context.workflow.enabled)
        throw new BadInputError('id', 'The failover workflow is off: experimental.failoverWorkflow turns it on.');
      return loadFailoverWorkflow(context.aged(0), { upstream, failoverId: parts[0] ?? '' });
    },
  }),
);
