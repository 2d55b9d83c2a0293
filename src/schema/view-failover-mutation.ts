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
  description: 'One step of the failover of a view, and what is confirmed of it.',
  fields: (t) => ({
    upstream: t.string({ required: true, description: 'The cluster that takes over, by its id in the config.' }),
    viewId: t.field({
      type: 'BigInt',
      required: true,
      description: 'That cluster’s own id of the view, which must have the name of the view on the source.',
    }),
    action: t.field({ type: ViewFailoverActionRef, required: true, description: 'Which step.' }),
    reverseReplication: t.boolean({
      description:
        'Whether the view is replicated back to the source afterwards. Said to PREPARE or UNPLANNED; not sent if left out.',
    }),
    idempotencyKey: t.id({
      required: true,
      description:
        '1 to 64 characters out of A-Z, a-z, 0-9, _ and -. One request at most is sent under it. It stands for one step of one view, for good.',
    }),
    confirmName: t.string({
      description: 'The name of the view, typed. Needed for FINALIZE, UNPLANNED and `reverseReplication`.',
    }),
    acceptDataLossSeconds: t.int({
      description:
        'As many seconds of data as may be lost. Needed where `confirmName` is. Refused if it is less than `ViewFailoverPlan.dataAgeSeconds` has become.',
    }),
    sourceIsAlive: t.boolean({
      description: 'Go on with UNPLANNED though the source answers, or cannot be asked from here.',
    }),
    dryRun: t.boolean({ description: 'Only look: answers `ViewFailoverPlan`, and nothing is sent.' }),
    planToken: t.string({
      description:
        'The `ViewFailoverPlan.planToken` of a dry run of the same step under the same key, at most 10 minutes old. Not needed where the key is known.',
    }),
  }),
});

const ViewFailoverAcceptedRef = builder.objectRef<ViewFailoverAccepted>('ViewFailoverAccepted').implement({
  description:
    'The step under this key: begun now, or before by an equal request. In the state UNCONFIRMED nobody can tell. After a cancel: the step as it is now.',
  fields: (t) => ({
    failover: t.expose('failover', { type: ViewFailoverRef, description: 'The step; ask for it again by its id.' }),
  }),
});

const ViewFailoverPlanRef = builder.objectRef<ViewFailoverPlan>('ViewFailoverPlan').implement({
  description: 'What a `dryRun` saw. Nothing was sent.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    allowed: t.stringList({
      ...usually(3),
      description:
        'What the cluster allows now, in its own words: `Prepare`, `Finalize`, `Unplanned`, `Cancel`. Empty where it does not say.',
      resolve: ({ allowed }) => allowed ?? [],
    }),
    checks: t.expose('checks', {
      type: [FailoverCheckRef],
      ...usually(9),
      description: 'Each look that the step calls for.',
    }),
    dataAgeSeconds: t.exposeInt('dataAgeSeconds', {
      nullable: true,
      description:
        'How old the data are that would be served: since the start of the newest good run here, for FINALIZE since the end of the replication. `null` where it cannot be measured or the step loses nothing.',
    }),
    planToken: t.exposeString('planToken', {
      nullable: true,
      description:
        'What to send with the same step and key within 10 minutes; any replica takes it. `null` unless every check is ok.',
    }),
  }),
});

const ViewFailoverResultRef = builder.unionType('ViewFailoverResult', {
  description: 'What became of the wish to take a step.',
  types: [
    ViewFailoverAcceptedRef,
    ViewFailoverPlanRef,
    FailoverConflictRef,
    FailoverRejectedRef,
    InvalidFailoverInputRef,
  ],
});

const CancelViewFailoverResultRef = builder.unionType('CancelViewFailoverResult', {
  description: 'What became of the wish to call a step off.',
  types: [ViewFailoverAcceptedRef, CancelRejectedRef],
});

builder.mutationField('viewFailover', (t) =>
  t.field({
    type: ViewFailoverResultRef,
    tag: 'dangerous',
    ...calls(20), // with the looks before and after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'failover:execute': true },
    description:
      'Takes one step of the failover of a Cohesity view, on the cluster that takes over. First with `dryRun`, then with the `planToken` of that. Safe to repeat with the same `idempotencyKey`: one request at most is sent. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({ type: ViewFailoverInputRef, required: true, description: 'Which step of which view.' }),
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
      'Calls off the newest step of a view, if the cluster allows it: one that goes on, or a PREPARE before its FINALIZE. Safe to repeat. An entry in `errors` means that nothing was sent.',
    args: { id: t.arg.id({ required: true, description: 'As `ViewFailover.id` showed it.' }) },
    resolve: (_root, { id }, context) =>
      cancelViewFailover(context.aged(0), parseKnownId(context.session.clients, 'id', id, 'ViewFailover')),
  }),
);
