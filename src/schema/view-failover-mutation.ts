import { parseKnownId } from '../aggregate/known-id.js';
import type { ViewFailoverAccepted, ViewFailoverPlan } from '../domain/view-failover-result.js';
import { cancelViewFailover } from '../failover/cancel-view-failover.js';
import { viewFailover } from '../failover/view-failover.js';
import { builder } from './builder.js';
import { calls, usually } from './cost.js';
import {
  FailoverCheckRef,
  FailoverConflictRef,
  FailoverRejectedRef,
  InvalidFailoverInputRef,
} from './failover-mutation.js';
import { CancelRejectedRef } from './user-error.js';
import { ViewFailoverActionRef, ViewFailoverRef } from './view-failover.js';

const ViewFailoverInputRef = builder.inputType('ViewFailoverInput', {
  description: 'One step of the failover of a view, with the confirmations that it needs.',
  fields: (t) => ({
    upstream: t.string({ required: true, description: 'The cluster that takes over, by its id in the config.' }),
    viewId: t.field({
      type: 'BigInt',
      required: true,
      description: 'That cluster’s own id of the view. The view must have the same name as on the source.',
    }),
    action: t.field({ type: ViewFailoverActionRef, required: true, description: 'The step to take.' }),
    reverseReplication: t.boolean({
      description:
        'Whether the view is replicated back to the source afterwards. For PREPARE or UNPLANNED; not sent if absent.',
    }),
    idempotencyKey: t.id({
      required: true,
      description:
        'A key that you choose: 1 to 64 characters out of A-Z, a-z, 0-9, _ and -. At most one request is sent under it. It belongs to one step of one view for ever.',
    }),
    confirmName: t.string({
      description: 'The name of the view, typed by a person. Needed for FINALIZE, UNPLANNED and `reverseReplication`.',
    }),
    acceptDataLossSeconds: t.int({
      description:
        'The seconds of data that may be lost. Needed if `confirmName` is. Refused if it is less than `ViewFailoverPlan.dataAgeSeconds` is by then.',
    }),
    sourceIsAlive: t.boolean({
      description: 'Whether to continue with UNPLANNED although the source answers, or cannot be read from here.',
    }),
    dryRun: t.boolean({ description: 'Only checks: the answer is a `ViewFailoverPlan`, and nothing is sent.' }),
    planToken: t.string({
      description:
        'The `ViewFailoverPlan.planToken` of a dry run of the same step under the same key, at most 10 minutes old. Not needed to repeat a request that was sent.',
    }),
  }),
});

const ViewFailoverAcceptedRef = builder.objectRef<ViewFailoverAccepted>('ViewFailoverAccepted').implement({
  description:
    'The step under this key: started now, or earlier by an equal request. In the state UNCONFIRMED it is not known whether it started. After a cancel: the step as it is now.',
  fields: (t) => ({
    failover: t.expose('failover', { type: ViewFailoverRef, description: 'The step. Read it again by its id.' }),
  }),
});

const ViewFailoverPlanRef = builder.objectRef<ViewFailoverPlan>('ViewFailoverPlan').implement({
  description: 'The checks of a `dryRun`. Nothing was sent.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    allowed: t.stringList({
      ...usually(3),
      description:
        'The steps that the cluster allows now, in its own words: `Prepare`, `Finalize`, `Unplanned`, `Cancel`. Empty if it does not report them.',
      resolve: ({ allowed }) => allowed ?? [],
    }),
    checks: t.expose('checks', {
      type: [FailoverCheckRef],
      ...usually(9),
      description: 'Every check that the step needs.',
    }),
    dataAgeSeconds: t.exposeInt('dataAgeSeconds', {
      nullable: true,
      description:
        'The age in seconds of the data that would be served. Counts from the start of the newest good run here, or for FINALIZE from the end of the replication. `null` if it cannot be measured, or if the step loses nothing.',
    }),
    planToken: t.exposeString('planToken', {
      nullable: true,
      description:
        'The token to send with the same step and key within 10 minutes. Replicas that share a Redis accept it from each other. `null` unless every check is ok.',
    }),
  }),
});

const ViewFailoverResultRef = builder.unionType('ViewFailoverResult', {
  description: 'The accepted step, the plan of a dry run, or a refusal.',
  types: [
    ViewFailoverAcceptedRef,
    ViewFailoverPlanRef,
    FailoverConflictRef,
    FailoverRejectedRef,
    InvalidFailoverInputRef,
  ],
});

const CancelViewFailoverResultRef = builder.unionType('CancelViewFailoverResult', {
  description: 'The step after an accepted cancel, or a refusal.',
  types: [ViewFailoverAcceptedRef, CancelRejectedRef],
});

builder.mutationField('viewFailover', (t) =>
  t.field({
    type: ViewFailoverResultRef,
    tag: 'dangerous',
    ...calls(20), // with the reads before and after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'failover:execute': true },
    description:
      'Takes one step of the failover of a Cohesity view, on the cluster that takes over. Send it first with `dryRun`, then with the `planToken` of that answer. Safe to repeat with the same `idempotencyKey`: at most one request is sent. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({
        type: ViewFailoverInputRef,
        required: true,
        description: 'The step, the view and the key of the request.',
      }),
    },
    resolve: (_root, { input }, context) =>
      viewFailover(context.aged(0), {
        upstream: input.upstream,
        viewId: input.viewId,
        action: input.action,
        reverseReplication: input.reverseReplication ?? null,
        idempotencyKey: input.idempotencyKey,
        confirmName: input.confirmName ?? null,
        acceptDataLossSeconds: input.acceptDataLossSeconds ?? null,
        sourceIsAlive: input.sourceIsAlive ?? false,
        dryRun: input.dryRun ?? false,
        planToken: input.planToken ?? null,
      }),
  }),
);

builder.mutationField('cancelViewFailover', (t) =>
  t.field({
    type: CancelViewFailoverResultRef,
    tag: 'dangerous',
    ...calls(8),
    nullable: true, // it calls an upstream
    authScopes: { 'copy:cancel': true },
    description:
      'Cancels the newest step of a view, if the cluster allows it: one in progress, or a PREPARE before its FINALIZE. Safe to repeat. An entry in `errors` means that nothing was sent.',
    args: { id: t.arg.id({ required: true, description: 'As `ViewFailover.id` showed it.' }) },
    resolve: (_root, { id }, context) =>
      cancelViewFailover(context.aged(0), parseKnownId(context.session.clients, 'id', id, 'ViewFailover')),
  }),
);
