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
  description: 'Which copy to make again, and under which key.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'As `CopyRun.id` or `CopyJob.id` showed it.' }),
    idempotencyKey: t.id({
      required: true,
      description:
        '1 to 64 characters out of A-Z, a-z, 0-9, _ and -. One request at most is sent under it. It stands for one copy, for good.',
    }),
    dryRun: t.boolean({ description: 'Only look: answers `CopyRetryPlan`, and nothing is sent.' }),
    planToken: t.string({
      description:
        'The `CopyRetryPlan.planToken` of a dry run with the same copy and key, at most 10 minutes old. Not needed where the key is known.',
    }),
  }),
});

const RetryStateRef = builder.enumType('RetryState', {
  description: 'Whether a retry was taken on.',
  values: described<RetryState>({
    REQUESTED: 'The upstream took it on. How the copying ends, the copy itself tells.',
    UNCONFIRMED:
      'The answer was lost and nothing shows: nobody can tell. Nothing more is sent under this key, and no other key can retry this copy: look at the upstream.',
  }),
});

const RetryCheckNameRef = builder.enumType('RetryCheckName', {
  description: 'What is looked at before a copy is made again.',
  values: described<RetryCheckName>({
    KEY_UNUSED: 'Nothing was started under the key.',
    SAME_SYSTEM: 'The cluster, or the account and Region, is the one that answered at the start.',
    SAFEGUARDS: 'The audit file and, where replicas share one, Redis can be written.',
    ENDED_BADLY: 'The copy is FAILED, PARTIAL, CANCELED or MISSED.',
    NO_OTHER_COPY: 'No other copy of the same data to the same target goes on, or is there and newer.',
    NO_RETRY_OPEN: 'No earlier retry of it is unconfirmed, or was taken on and does not show yet.',
    SOURCE_THERE: 'What is copied is still there, as far as the upstream tells, and can be copied.',
    CAN_BE_ASKED: 'The upstream told all that the request needs.',
  }),
});

const RetryCheckRef = builder.objectRef<RetryCheck>('RetryCheck').implement({
  description: 'One look before a retry.',
  fields: (t) => ({
    name: t.expose('name', { type: RetryCheckNameRef, description: 'What was looked at.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether it is as it must be; false too where it could not be read.' }),
    detail: t.exposeString('detail', { description: 'What was seen, for a person.' }),
  }),
});

const CopyRetryAcceptedRef = builder.objectRef<CopyRetryAccepted>('CopyRetryAccepted').implement({
  description: 'The retry under this key: sent now, or before by an equal request.',
  fields: (t) => ({
    state: t.expose('state', {
      type: RetryStateRef,
      description: 'Whether the upstream is known to have taken it on.',
    }),
    operation: t.expose('operation', {
      type: CopyOperationRef,
      nullable: true,
      authScopes: { 'copy:read': true }, // it leads to everything there is to read
      description:
        'The copy that is under way by it: a new job of AWS Backup, the same or another copy of the run on Cohesity. `null` until it shows; `null` with an error for who may not read.',
    }),
    upstream: upstreamField(t, 'Who was asked.'),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was sent, by the clock of copygraph; `null` where that is not remembered.',
    }),
  }),
});

const CopyRetryPlanRef = builder.objectRef<CopyRetryPlan>('CopyRetryPlan').implement({
  description: 'What a `dryRun` saw. Nothing was sent.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every check is ok.',
      resolve: ({ checks }) => checks.every(({ ok }) => ok),
    }),
    checks: t.expose('checks', { type: [RetryCheckRef], ...usually(8), description: 'Each look.' }),
    planToken: t.exposeString('planToken', {
      nullable: true,
      description:
        'What to send with the same copy and key within 10 minutes; any replica takes it. `null` unless every check is ok.',
    }),
  }),
});

const RetryCopyResultRef = builder.unionType('RetryCopyResult', {
  description: 'What became of the wish to make a copy again.',
  types: [
    CopyRetryAcceptedRef,
    CopyRetryPlanRef,
    refusalRef('CopyRetryConflict', 'The key stands for the retry of another copy. Nothing was sent.'),
    vendorRefusalRef(
      'RetryRejected',
      'Refused by the upstream, or here before anything was sent; nothing was started.',
    ),
    refusalRef('InvalidRetryInput', 'Something in the input cannot be taken; nothing was sent.'),
  ],
});

builder.mutationField('retryCopy', (t) =>
  t.field({
    type: RetryCopyResultRef,
    tag: 'dangerous',
    ...calls(20), // with the looks after it
    nullable: true, // it calls an upstream; an outage must not blank the mutations beside it
    authScopes: { 'copy:retry': true },
    description:
      'Makes a copy again that did not end well, to the same target and for the same time. First with `dryRun`, then with the `planToken` of that. Safe to repeat with the same `idempotencyKey`: one request at most is sent. AWS Backup: `StartCopyJob` with the job’s own source, vault, role and lifecycle. Cohesity: v2 `PUT runs` with `resync`. An entry in `errors` means that nothing was sent.',
    args: {
      input: t.arg({ type: RetryCopyInputRef, required: true, description: 'Which copy, and under which key.' }),
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
