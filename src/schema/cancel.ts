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
  description: 'The cluster was asked to call the failover off, now or before.',
  fields: (t) => ({
    failover: t.expose('failover', {
      type: FailoverRef,
      description: 'The failover as it is now; it may take a while to end.',
    }),
  }),
});

const CopyRunCancelRequestedRef = builder.objectRef<CopyRunCancelRequested>('CopyRunCancelRequested').implement({
  description: 'The cluster was asked to stop the copy, now or before.',
  fields: (t) => ({
    copyRun: t.expose('copyRun', {
      type: CopyRunRef,
      nullable: true,
      authScopes: { 'copy:read': true }, // it leads to everything there is to read
      description: 'The copy as it is now: CANCELING first, CANCELED later; `null` with an error for who may not read.',
    }),
  }),
});

const CancelFailoverResultRef = builder.unionType('CancelFailoverResult', {
  description: 'What became of the wish to call a failover off.',
  types: [FailoverCancelRequestedRef, CancelRejectedRef],
});

const CancelCopyRunResultRef = builder.unionType('CancelCopyRunResult', {
  description: 'What became of the wish to stop a copy.',
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
      'Calls a failover off. The cluster allows it until backup activation or deactivation. Safe to repeat. An entry in `errors` means that nothing was sent.',
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
      'Asks a running Cohesity copy, a replication or an archival, to stop; its run and its other copies go on. Safe to repeat. An entry in `errors` means that nothing was sent.',
    args: { id: t.arg.id({ required: true, description: 'As `CopyRun.id` showed it.' }) },
    resolve: (_root, { id }, context) =>
      cancelCopyRun(context.aged(0), parseKnownId(context.session.clients, 'id', id, 'CopyRun')),
  }),
);
