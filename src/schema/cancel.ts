import { cancelCopyRun } from '../failover/cancel-copy-run.js';
import { cancelFailover } from '../failover/cancel-failover.js';
import { parseKnownId } from '../aggregate/known-id.js';
import type { CopyRunCancelRequested, FailoverCancelRequested } from '../domain/cancel-result.js';
import { builder } from './builder.js';
import { calls } from './cost.js';
import { CopyRunRef } from './cohesity/copy-run.js';
import { FailoverRef } from './failover.js';
import { CancelRejectedRef } from './user-error.js';

const FailoverCancelRequestedRef = builder.objectRef<FailoverCancelRequested>('FailoverCancelRequested').implement({
  description: 'The cluster was asked to cancel the failover, by this request or an earlier one.',
  fields: (t) => ({
    failover: t.expose('failover', {
      type: FailoverRef,
      description: 'The failover as it is now. It may take a while to end.',
    }),
  }),
});

const CopyRunCancelRequestedRef = builder.objectRef<CopyRunCancelRequested>('CopyRunCancelRequested').implement({
  description: 'The cluster was asked to stop the copy, by this request or an earlier one.',
  fields: (t) => ({
    copyRun: t.expose('copyRun', {
      type: CopyRunRef,
      nullable: true,
      authScopes: { 'copy:read': true }, // it leads to every other record
      description:
        'The copy as it was read after the request: CANCELING first, CANCELED later, and possibly still its old state. `null` with an error if you may not read copies.',
    }),
  }),
});

const CancelFailoverResultRef = builder.unionType('CancelFailoverResult', {
  description: 'The accepted request to cancel a failover, or a refusal.',
  types: [FailoverCancelRequestedRef, CancelRejectedRef],
});

const CancelCopyRunResultRef = builder.unionType('CancelCopyRunResult', {
  description: 'The accepted request to stop a copy, or a refusal.',
  types: [CopyRunCancelRequestedRef, CancelRejectedRef],
});

builder.mutationField('cancelFailover', (t) =>
  t.field({
    type: CancelFailoverResultRef,
    tag: 'dangerous',
    ...calls(5),
    nullable: true, // it calls an upstream
    authScopes: { 'copy:cancel': true },
    description:
      'Cancels a failover. The cluster allows it until backup activation or deactivation. Safe to repeat. An entry in `errors` means that nothing was sent.',
    args: { id: t.arg.id({ required: true, description: 'As `Failover.id` showed it.' }) },
    resolve: (_root, { id }, context) =>
      cancelFailover(context.aged(0), parseKnownId(context.session.clients, 'id', id, 'Failover')),
  }),
);

builder.mutationField('cancelCopyRun', (t) =>
  t.field({
    type: CancelCopyRunResultRef,
    tag: 'dangerous',
    ...calls(5),
    nullable: true, // it calls an upstream
    authScopes: { 'copy:cancel': true },
    description:
      'Asks a Cohesity copy that has not ended, such as a replication or an archival, to stop. Its run and the other copies of that run continue. Safe to repeat. An entry in `errors` means that nothing was sent.',
    args: { id: t.arg.id({ required: true, description: 'As `CopyRun.id` showed it.' }) },
    resolve: (_root, { id }, context) =>
      cancelCopyRun(context.aged(0), parseKnownId(context.session.clients, 'id', id, 'CopyRun')),
  }),
);
