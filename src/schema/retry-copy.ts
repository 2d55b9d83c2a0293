import { retryCopy } from '../failover/retry-copy.js';
import { parseKnownId } from '../aggregate/known-id.js';
import { writtenId } from '../domain/global-id.js';
import type { CopyRetryAccepted, CopyRetryPlan, RetryCheck, RetryCheckName, RetryState } from '../domain/copy-retry.js';
import { builder } from './builder.js';
import { CopyOperationRef } from './copy-operation.js';
import { calls, usually } from './cost.js';
import { described } from './described.js';
import { upstreamField } from './upstream.js';
import { refusalRef, vendorRefusalRef } from './user-error.js';

const RetryCopyInputRef = builder.inputType('RetryCopyInput', {
  description: 'The copy to make again, and the key of the request.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'As `CopyRun.id` or `CopyJob.id` showed it.' }),
    idempotencyKey: t.id({
      required: true,
      description:
        'A key that you choose: 1 to 64 characters out of A-Z, a-z, 0-9, _ and -. At most one request is sent under it. It belongs to one copy for ever.',
    }),
    dryRun: t.boolean({ description: 'Only checks: the answer is a `CopyRetryPlan`, and nothing is sent.' }),
    planToken: t.string({
      description:
        'The `CopyRetryPlan.planToken` of a dry run with the same copy and key, at most 10 minutes old. Not needed to repeat a request that was sent.',
    }),
  }),
});

const RetryStateRef = builder.enumType('RetryState', {
  description: 'Whether the upstream accepted a retry.',
  values: described<RetryState>({
    REQUESTED: 'The upstream accepted it. The state of the new copy shows how it ends.',
    UNCONFIRMED:
      'It is not known: the answer was lost, and no copy is visible. Nothing more is sent under this key, and no other key can retry this copy. Check the upstream.',
  }),
});

const RetryCheckNameRef = builder.enumType('RetryCheckName', {
  description: 'A check before a copy is made again.',
  values: described<RetryCheckName>({
    KEY_UNUSED: 'No retry was started under the key.',
    SAME_SYSTEM: 'The cluster, or the account and Region, is the one that answered first.',
    SAFEGUARDS: 'An audit file is configured (a sandbox needs none). If replicas share a Redis, it answers.',
    ENDED_BADLY: 'The copy is FAILED, PARTIAL, CANCELED or MISSED.',
    NO_OTHER_COPY: 'No other copy of the same data to the same target is unfinished, or is good and at least as new.',
    NO_RETRY_OPEN: 'No earlier retry of the copy is unconfirmed, or accepted but not visible yet.',
    SOURCE_THERE: 'The source of the copy still exists, as far as the upstream reports it, and can be copied.',
    CAN_BE_ASKED: 'The upstream sent every value that the request needs, and it can copy to this kind of target.',
  }),
});

const RetryCheckRef = builder.objectRef<RetryCheck>('RetryCheck').implement({
  description: 'The result of one check before a retry.',
  fields: (t) => ({
    name: t.expose('name', { type: RetryCheckNameRef, description: 'The check that was made.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether the check passed. `false` too if it could not be made.' }),
    detail: t.exposeString('detail', { description: 'The finding, for a person.' }),
  }),
});

const CopyRetryAcceptedRef = builder.objectRef<CopyRetryAccepted>('CopyRetryAccepted').implement({
  description: 'The retry under this key: sent now, or earlier by an equal request.',
  fields: (t) => ({
    state: t.expose('state', {
      type: RetryStateRef,
      description: 'Whether it is known that the upstream accepted it.',
    }),
    operation: t.expose('operation', {
      type: CopyOperationRef,
      nullable: true,
      authScopes: { 'copy:read': true }, // it leads to every other record
      description:
        'The copy that it started: a new job of AWS Backup, or on Cohesity the same or another copy of the run. `null` until it is visible. `null` with an error if you may not read copies.',
    }),
    upstream: upstreamField(t, 'The upstream that was asked.'),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was requested, by the clock of copygraph. `null` if that is not on record.',
    }),
  }),
});

const CopyRetryPlanRef = builder.objectRef<CopyRetryPlan>('CopyRetryPlan').implement({
  description: 'The checks of a `dryRun`. Nothing was sent.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    checks: t.expose('checks', {
      type: [RetryCheckRef],
      ...usually(8),
      description: 'Every check, always in the same order.',
    }),
    planToken: t.exposeString('planToken', {
      nullable: true,
      description:
        'The token to send with the same copy and key within 10 minutes. Replicas that share a Redis accept it from each other. `null` unless every check is ok.',
    }),
  }),
});

const RetryCopyResultRef = builder.unionType('RetryCopyResult', {
  description: 'The retry, the plan of a dry run, or a refusal.',
  types: [
    CopyRetryAcceptedRef,
    CopyRetryPlanRef,
    refusalRef('CopyRetryConflict', 'The key belongs to the retry of another copy. Nothing was sent.'),
    vendorRefusalRef(
      'RetryRejected',
      'The upstream refused, or the gateway did before it sent anything. Nothing was started.',
    ),
    refusalRef('InvalidRetryInput', 'A value of the input is not valid. Nothing was sent.'),
  ],
});

builder.mutationField('retryCopy', (t) =>
  t.field({
    type: RetryCopyResultRef,
    tag: 'dangerous',
    ...calls(20), // with the reads after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'copy:retry': true },
    description:
      'Makes a copy again that did not end well, to the same target and with the same lifetime. Send it first with `dryRun`, then with the `planToken` of that answer. Safe to repeat with the same `idempotencyKey`: at most one request is sent. AWS Backup: `StartCopyJob` with the job’s own source, vault, role and lifecycle. Cohesity: v2 `PUT runs` with `resync`. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({ type: RetryCopyInputRef, required: true, description: 'The copy, and the key of the request.' }),
    },
    resolve: (_root, { input }, context) => {
      const aged = context.aged(0);
      const id = parseKnownId(context.session.clients, 'input.id', input.id, 'CopyRun', 'CopyJob');
      return retryCopy(aged, {
        id,
        copyId: writtenId(id),
        idempotencyKey: input.idempotencyKey,
        dryRun: input.dryRun ?? false,
        planToken: input.planToken ?? null,
      });
    },
  }),
);
