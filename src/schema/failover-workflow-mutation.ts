import { parseKnownId } from '../aggregate/known-id.js';
import type { Context } from '../assembly/context.js';
import type { FailoverStepPlan, FailoverStepTaken, WorkflowPlace } from '../domain/failover-workflow-result.js';
import { acknowledgeFailoverStep } from '../failover/acknowledge-step.js';
import { deactivateFailoverSource } from '../failover/deactivate-source.js';
import { activateFailover, cancelFailoverWorkflow, linkFailoverObjects } from '../failover/failover-steps.js';
import { initFailover } from '../failover/init-failover.js';
import { builder } from './builder.js';
import { calls, usually } from './cost.js';
import {
  FailoverCheckRef,
  FailoverConflictRef,
  FailoverRejectedRef,
  InvalidFailoverInputRef,
} from './failover-mutation.js';
import { FailoverStepRef, FailoverWorkflowRef } from './failover-workflow.js';
import {
  AcknowledgeFailoverStepInputRef,
  ActivateFailoverInputRef,
  CancelFailoverWorkflowInputRef,
  DeactivateFailoverInputRef,
  InitFailoverInputRef,
  LinkFailoverObjectsInputRef,
} from './failover-workflow-input.js';

const FailoverStepTakenRef = builder.objectRef<FailoverStepTaken>('FailoverStepTaken').implement({
  description: 'The step was requested, now or earlier by an equal request. Its state shows whether it was accepted.',
  fields: (t) => ({
    workflow: t.expose('workflow', { type: FailoverWorkflowRef, description: 'The workflow after the step.' }),
    step: t.expose('step', { type: FailoverStepRef, description: 'The state of this request.' }),
  }),
});

const FailoverStepPlanRef = builder.objectRef<FailoverStepPlan>('FailoverStepPlan').implement({
  description: 'The checks of a `dryRun`. Nothing was sent.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    checks: t.expose('checks', {
      type: [FailoverCheckRef],
      ...usually(8),
      description: 'Every check that the step needs.',
    }),
    dataAgeSeconds: t.exposeInt('dataAgeSeconds', {
      nullable: true,
      description:
        'The age in seconds of the data on the cluster that takes over, from the start of the newest good run of the group there. `null` if it cannot be measured, or if the step needs no confirmation.',
    }),
    planToken: t.exposeString('planToken', {
      nullable: true,
      description:
        'The token to send with the same step within 10 minutes. Replicas that share a Redis accept it from each other. `null` unless every check is ok.',
    }),
  }),
});

const FailoverStepResultRef = builder.unionType('FailoverStepResult', {
  description: 'The requested step, the plan of a dry run, or a refusal.',
  types: [FailoverStepTakenRef, FailoverStepPlanRef, FailoverConflictRef, FailoverRejectedRef, InvalidFailoverInputRef],
});

const placeOf = (context: Context, workflow: string): WorkflowPlace => {
  const { upstream, parts } = parseKnownId(context.session.clients, 'input.workflow', workflow, 'FailoverWorkflow');
  return { upstream, failoverId: parts[0] ?? '' };
};

const idsOf = (objects: readonly { readonly objectId: bigint }[]): readonly bigint[] =>
  objects.map(({ objectId }) => objectId);

const planningOf = (input: {
  readonly dryRun?: boolean | null | undefined;
  readonly planToken?: string | null | undefined;
}) => ({
  dryRun: input.dryRun ?? false,
  planToken: input.planToken ?? null,
});

const confirmationOf = (input: {
  readonly confirmName?: string | null | undefined;
  readonly acceptDataLossSeconds?: number | null | undefined;
}) => ({
  confirmName: input.confirmName ?? null,
  acceptDataLossSeconds: input.acceptDataLossSeconds ?? null,
});

/** A request changes the cluster, so that an outage must not blank the mutations beside it. */
const step = { type: FailoverStepResultRef, tag: 'dangerous', nullable: true, ...calls(20) } as const;

const inputDescription = 'The request, and the confirmations that it needs.';

builder.mutationField('initFailover', (t) =>
  t.field({
    ...step,
    authScopes: { 'failover:execute': true },
    description:
      'Opens a failover workflow on the cluster that takes over. Send it first with `dryRun`, then with the `planToken` of that answer. At most one request is sent under an `idempotencyKey`. Needs `experimental.failoverWorkflow` and `audit.file` in the config. An entry in `errors` means that nothing was sent.',
    args: { input: t.arg({ type: InitFailoverInputRef, required: true, description: inputDescription }) },
    resolve: (_root, { input }, context) =>
      initFailover(context.aged(0), {
        replica: input.replica,
        sourceClusterId: input.sourceClusterId,
        protectionGroupId: input.protectionGroupId ?? null,
        environment: input.environment ?? null,
        objectIds: idsOf(input.objects),
        kind: input.kind,
        reason: input.reason ?? null,
        sourceIsAlive: input.sourceIsAlive ?? false,
        idempotencyKey: input.idempotencyKey,
        ...planningOf(input),
        ...confirmationOf(input),
      }),
  }),
);

builder.mutationField('linkFailoverObjects', (t) =>
  t.field({
    ...step,
    authScopes: { 'failover:activate': true },
    description:
      'Reports to the cluster that takes over which recovered object continues which replica. The recoveries themselves are made in the console of the cluster. At most one request is sent for a set of links.',
    args: { input: t.arg({ type: LinkFailoverObjectsInputRef, required: true, description: inputDescription }) },
    resolve: (_root, { input }, context) =>
      linkFailoverObjects(context.aged(0), {
        ...placeOf(context, input.workflow),
        links: input.links,
        ...planningOf(input),
      }),
  }),
);

builder.mutationField('activateFailover', (t) =>
  t.field({
    ...step,
    authScopes: { 'failover:activate': true },
    description:
      'Begins the backups of objects on the cluster that takes over: after a planned run that SUCCEEDED, or in an unplanned failover. Objects that are activated already are refused. At most one request is sent for a set of objects.',
    args: { input: t.arg({ type: ActivateFailoverInputRef, required: true, description: inputDescription }) },
    resolve: (_root, { input }, context) =>
      activateFailover(context.aged(0), {
        ...placeOf(context, input.workflow),
        objectIds: idsOf(input.objects),
        protectionGroupId: input.protectionGroupId ?? null,
        enableReverseReplication: input.enableReverseReplication ?? false,
        policyId: input.policyId ?? null,
        environment: input.environment ?? null,
        doNotProtect: input.doNotProtect ?? null,
        createObjectBackup: input.createObjectBackup ?? null,
        ...planningOf(input),
        ...confirmationOf(input),
      }),
  }),
);

builder.mutationField('deactivateFailoverSource', (t) =>
  t.field({
    ...step,
    authScopes: { 'failover:activate': true },
    description:
      'Stops the backups of objects on the source, after their activation is confirmed. At most one request is sent for a set of objects.',
    args: { input: t.arg({ type: DeactivateFailoverInputRef, required: true, description: inputDescription }) },
    resolve: (_root, { input }, context) =>
      deactivateFailoverSource(context.aged(0), {
        ...placeOf(context, input.workflow),
        objectIds: idsOf(input.objects),
        protectionGroupId: input.protectionGroupId ?? null,
        keepObjects: input.keepObjects ?? true,
        ...planningOf(input),
        ...confirmationOf(input),
      }),
  }),
);

builder.mutationField('cancelFailoverWorkflow', (t) =>
  t.field({
    ...step,
    authScopes: { 'copy:cancel': true },
    description:
      'Cancels a workflow on one of its two clusters: the vendor does not document which, so it may be needed on both. Refused once an activation or a deactivation was sent. At most one request is sent to each cluster.',
    args: { input: t.arg({ type: CancelFailoverWorkflowInputRef, required: true, description: inputDescription }) },
    resolve: (_root, { input }, context) =>
      cancelFailoverWorkflow(context.aged(0), {
        ...placeOf(context, input.workflow),
        asked: input.upstream,
        ...planningOf(input),
      }),
  }),
);

builder.mutationField('acknowledgeFailoverStep', (t) =>
  t.field({
    ...step,
    authScopes: { 'failover:activate': true },
    description:
      'Records the word of a person who has checked the console of the cluster. It decides whether a step happened whose answer was lost, or whether a PARTIAL activation took the objects that it did not name. With `happened: true` it also reports a CANCEL or DEACTIVATE made in the console, which ends the workflow. Sends nothing to a cluster. The record names you.',
    args: {
      input: t.arg({
        type: AcknowledgeFailoverStepInputRef,
        required: true,
        description: 'The step, and what you saw.',
      }),
    },
    resolve: (_root, { input }, context) =>
      acknowledgeFailoverStep(context.aged(0), {
        ...placeOf(context, input.workflow),
        step: input.step,
        happened: input.happened,
        note: input.note,
      }),
  }),
);
