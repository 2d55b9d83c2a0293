import type { Refusal, RefusalCode } from '../domain/refusal.js';
import { builder } from './builder.js';
import { described } from './described.js';

const RefusalCodeRef = builder.enumType('RefusalCode', {
  description: 'The reason why a mutation did not do what was asked.',
  values: described<RefusalCode>({
    BAD_USER_INPUT: 'A value of the input is not valid; `path` names it.',
    IDEMPOTENCY_KEY_REUSED: 'The key was used before with another body. Nothing was sent.',
    REJECTED_BY_CLUSTER:
      'The upstream refused, be it a cluster or AWS Backup; `errorCode` has its own code. Nothing was started or canceled.',
    LOCK_UNAVAILABLE:
      'The lock cannot be taken: Redis, which holds it for all replicas, is lost, or another request has it. Nothing was sent.',
    AUDIT_UNAVAILABLE: 'The audit file cannot be written or read, or none is configured. Nothing was sent.',
    PLAN_REQUIRED: 'The mutation needs the `planToken` of a dry run that is at most 10 minutes old. Nothing was sent.',
    OTHER_SYSTEM: 'The system under the upstream’s name is not the one that answered first. Nothing was sent.',
    NOT_FOUND: 'There is no such copy, view or failover. Nothing was sent.',
    NOT_RETRYABLE: 'The copy cannot or should not be made again; `message` says why. Nothing was sent.',
    NOT_POSSIBLE: 'The step cannot be taken now; `message` says why. Nothing was sent.',
    CONFIRMATION_REQUIRED: 'Something must be confirmed first; `path` says which argument. Nothing was sent.',
    AGE_UNKNOWN: 'How old the data are cannot be measured, so nobody can accept the loss. Nothing was sent.',
    NOT_CANCELABLE: 'The copy or failover has ended or cannot be canceled; `message` says why. Nothing was sent.',
    UNCONFIRMED:
      'The answer to this request, or to an earlier request for the same copy or view, was lost and no effect is visible. Check the upstream before you repeat it.',
  }),
});

const UserErrorRef = builder.interfaceRef<Refusal<string>>('UserError').implement({
  description: 'A refusal that the caller can act on. It is data, and not an entry of `errors`.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'The outcome in words for a person: what was done, what was not, and what to do next.',
    }),
    code: t.expose('code', { type: RefusalCodeRef, description: 'The reason for a program.' }),
    path: t.exposeStringList('path', {
      description:
        'The path of the argument that is wrong, such as `["input", "idempotencyKey"]`. Empty if no argument is.',
    }),
  }),
});

/** The object type of one refusal. */
export const refusalRef = (name: string, description: string) =>
  builder.objectRef<Refusal<string>>(name).implement({ description, interfaces: [UserErrorRef] });

/** The object type of a refusal that may come from the vendor. */
export const vendorRefusalRef = (name: string, description: string) =>
  builder.objectRef<Refusal<string>>(name).implement({
    description,
    interfaces: [UserErrorRef],
    fields: (t) => ({
      errorCode: t.string({
        nullable: true,
        description:
          'The vendor’s own code, such as `KInvalidRequest`. `null` if the vendor did not refuse, or sent no code.',
        resolve: ({ errorCode }) => errorCode,
      }),
    }),
  });

export const CancelRejectedRef = vendorRefusalRef(
  'CancelRejected',
  'Nothing was canceled, or it is not known whether something was. `code` says which.',
);
