import type { CopyOperation } from './copy-operation.js';
import { durationOf } from './copy-timing.js';
import { type Order, type Position, compareText, newestFirst } from './order.js';

export const copyOrderFields = ['STARTED_AT', 'ENDED_AT', 'EXPIRES_AT', 'SIZE_BYTES', 'DURATION'] as const;

/** How a caller wants copies sorted. */
export interface CopyOrder {
  readonly field: (typeof copyOrderFields)[number];
  readonly direction: 'ASC' | 'DESC';
}

type Value = number | string | null; // a size is decimal text, because JSON in a cursor has no bigint

const values: Readonly<Record<CopyOrder['field'], (copy: CopyOperation) => Value>> = {
  STARTED_AT: ({ startedAt }) => startedAt,
  ENDED_AT: ({ endedAt }) => endedAt,
  EXPIRES_AT: ({ expiresAt }) => expiresAt,
  SIZE_BYTES: ({ sizeBytes }) => sizeBytes?.toString() ?? null,
  DURATION: durationOf,
};

/** Negative where the first is smaller. */
const compareValues = (a: string | number, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const createOrder = ({ field, direction }: CopyOrder): Order<CopyOperation> => {
  const valueOf = values[field];
  const isValue = (value: unknown): boolean =>
    value === null ||
    (field === 'SIZE_BYTES'
      ? typeof value === 'string' && /^-?\d{1,20}$/.test(value)
      : typeof value === 'number' && Number.isSafeInteger(value));
  return {
    name: `${field} ${direction}`,
    positionOf: (copy) => [valueOf(copy), copy.id],
    compare: ([a = null, idA], [b = null, idB]) => {
      if (a === b) return compareText(idA, idB);
      if (a === null || b === null) return a === null ? 1 : -1; // unknown values come last in either direction
      return compareValues(a, b) * (direction === 'ASC' ? 1 : -1) || compareText(idA, idB);
    },
    isPosition: (value): value is Position => value.length === 2 && isValue(value[0]) && typeof value[1] === 'string',
  };
};

const orders = new Map(
  copyOrderFields.flatMap((field) =>
    (['ASC', 'DESC'] as const).map(
      (direction) => [`${field} ${direction}`, createOrder({ field, direction })] as const,
    ),
  ),
);

/** The order of a list. The default is newest first: the same as by start, descending. */
export const copyOrderOf = (asked: CopyOrder | null | undefined): Order<CopyOperation> => {
  const { field, direction } = asked ?? { field: 'STARTED_AT', direction: 'DESC' };
  if (field === 'STARTED_AT' && direction === 'DESC') return newestFirst;
  const order = orders.get(`${field} ${direction}`);
  if (order === undefined) throw new Error(`no order by ${field} ${direction}`);
  return order;
};
