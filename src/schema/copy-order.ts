import type { ArgBuilder } from '@pothos/core';
import type { CopyOrder } from '../domain/copy-order.js';
import { type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import { OrderDirectionRef } from './order-direction.js';

const CopyOrderFieldRef = builder.enumType('CopyOrderField', {
  description: 'The fields by which a list of copies can be sorted.',
  values: described<CopyOrder['field']>({
    STARTED_AT: 'By `startedAt`.',
    ENDED_AT: 'By `endedAt`. Unfinished copies come last.',
    EXPIRES_AT:
      'By `expiresAt`. Copies without a known expiry come last. Reads the recovery points of AWS’s jobs, as the filter member `expiresBefore` does.',
    SIZE_BYTES: 'By `sizeBytes`.',
    DURATION: 'By `durationSeconds`. Unfinished copies come last.',
  }),
});

const CopyOrderRef = builder.inputType('CopyOrder', {
  description:
    'The order of a list of copies. Unknown values come last in both directions; equal values are sorted by `id`. Any order but STARTED_AT DESC reads the whole window. If that is not possible, the report is incomplete. A cursor is valid only in the order that it came from. A record whose value changes between two pages may appear twice or not at all.',
  fields: (t) => ({
    field: t.field({ type: CopyOrderFieldRef, required: true, description: 'The field to sort by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      description: 'Smallest or oldest first, or the reverse.',
    }),
  }),
});

/** The order of a list of copies. */
export const orderArgument = (arg: ArgBuilder<SchemaTypes>) => ({
  orderBy: arg({
    type: CopyOrderRef,
    description: 'The order of the list; STARTED_AT DESC if absent. Any other order reads the whole window.',
  }),
});
