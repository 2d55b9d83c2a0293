import type { Refusal, RefusalCode } from '../domain/refusal.js';
import { builder } from './builder.js';
import { described } from './described.js';

const RefusalCodeRef = builder.enumType('RefusalCode', {
  description: 'Why a mutation did not do what it was asked for.',
  values: described<RefusalCode>({
    BAD_USER_INPUT: 'Something in the input cannot be taken; `path` says where.',
    IDEMPOTENCY_KEY_REUSED: 'The key stands for another body. Nothing was sent.',
    REJECTED_BY_CLUSTER: 'The cluster refused; `errorCode` has its own code. Nothing was started.',
    LOCK_UNAVAILABLE: 'Redis, which keeps the lock of all replicas, cannot be reached. Nothing was sent.',
    AUDIT_UNAVAILABLE: 'The audit record could not be written, or not be read. Nothing was sent.',
    PLAN_REQUIRED: 'It goes by the `planToken` of a dry run that is at most 10 minutes old. Nothing was sent.',
    OTHER_SYSTEM: 'Another system answers under the upstream’s name than at the start. Nothing was sent.',
    NOT_FOUND: 'There is no such thing to act on.',
    NOT_RETRYABLE: 'The copy cannot be made again, or should not; `message` says why. Nothing was sent.',
    NOT_CANCELABLE: 'It has ended, or is of a kind that cannot be canceled. Nothing was sent.',
    UNCONFIRMED: 'The answer was lost and nothing shows yet; look again before you repeat it.',
  }),
});

const UserErrorRef = builder.interfaceRef<Refusal<string>>('UserError').implement({
  description: 'A refusal that the caller can act on: data, and not an entry of `errors`.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What happened, what did not, and what to do; for a person.' }),
    code: t.expose('code', { type: RefusalCodeRef, description: 'The same for a program.' }),
    path: t.exposeStringList('path', {
      description: 'The argument it is about, such as `["input", "idempotencyKey"]`; empty where it is about none.',
    }),
  }),
});

/** The object type of one refusal. */
export const refusalRef = (name: string, description: string) =>
  builder.objectRef<Refusal<string>>(name).implement({ description, interfaces: [UserErrorRef] });

/** The same, of a refusal that may be the vendor's. */
export const vendorRefusalRef = (name: string, description: string) =>
  builder.objectRef<Refusal<string>>(name).implement({
    description,
    interfaces: [UserErrorRef],
    fields: (t) => ({
      errorCode: t.string({
        nullable: true,
        description:
          'The vendor’s own code, such as `KInvalidRequest`; `null` where it was not the vendor that refused.',
        resolve: ({ errorCode }) => errorCode,
      }),
    }),
  });

export const CancelRejectedRef = vendorRefusalRef(
  'CancelRejected',
  'Nothing was canceled, or nobody can tell; `code` says which.',
);
