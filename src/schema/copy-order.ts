import type { ArgBuilder } from '@pothos/core';
import type { CopyOrder } from '../domain/copy-order.js';
import { type SchemaTypes, builder } from './builder.js';
import { described } from './described.js';
import { OrderDirectionRef } from './order-direction.js';

const CopyOrderFieldRef = builder.enumType('CopyOrderField', {
  description: 'What a list of copies can be sorted by.',
  values: described<CopyOrder['field']>({
    STARTED_AT: 'By `startedAt`.',
    ENDED_AT: 'By `endedAt`; what goes on comes last.',
    EXPIRES_AT:
      'By `expiresAt`; what has none, or does not tell it, comes last. Reads the recovery points of AWS’s jobs, as the filter member `expiresBefore` does.',
    SIZE_BYTES: 'By `sizeBytes`.',
    DURATION: 'By `durationSeconds`; what goes on comes last.',
  }),
});

const CopyOrderRef = builder.inputType('CopyOrder', {
  description:
    'How a list of copies is sorted. Unknown values come last in both directions, equal values by `id`. Any order but STARTED_AT DESC reads the whole window, and where that is not possible the report is not complete. A cursor is good in the order that it came from. A record whose value changes between two pages may be seen twice or not at all.',
  fields: (t) => ({
    field: t.field({ type: CopyOrderFieldRef, required: true, description: 'What they are sorted by.' }),
    direction: t.field({
      type: OrderDirectionRef,
      required: true,
      description: 'Smallest or oldest first, or the other way round.',
    }),
  }),
});

/** The order of a list of copies. */
export const orderArgument = (arg: ArgBuilder<SchemaTypes>) => ({
  orderBy: arg({
    type: CopyOrderRef,
    description: 'How they are sorted; STARTED_AT, DESC if absent. Another order reads the whole window.',
  }),
});
