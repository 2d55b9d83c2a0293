import { type Order, type Position, compareText } from './order.js';
import type { ProtectedObject } from './protected-object.js';

/** How a list of objects is sorted. */
export interface ProtectedObjectOrder {
  readonly field: 'NAME' | 'OFFSITE_LAG' | 'COPIES';
  readonly direction: 'ASC' | 'DESC';
}

type Value = string | number | null;

/**
 * The value an object is sorted by. Its lag grows with the clock, so the time of its data is used: then a cursor stays
 * valid.
 */
const valueOf: Readonly<Record<ProtectedObjectOrder['field'], (object: ProtectedObject) => Value>> = {
  NAME: ({ name }) => name,
  OFFSITE_LAG: ({ copies }) => copies?.offsiteDataAt ?? null,
  COPIES: ({ copies }) => copies?.posture.copies ?? 0,
};

const compareValues: Readonly<Record<ProtectedObjectOrder['field'], (a: unknown, b: unknown) => number>> = {
  NAME: (a, b) => (String(a) < String(b) ? -1 : 1),
  // The older the data, the larger the lag. An object never copied off site has the largest.
  OFFSITE_LAG: (a, b) => (a === null ? 1 : b === null ? -1 : Number(b) - Number(a)),
  COPIES: (a, b) => Number(a) - Number(b),
};

const fits: Readonly<Record<ProtectedObjectOrder['field'], (value: unknown) => boolean>> = {
  NAME: (value) => typeof value === 'string',
  OFFSITE_LAG: (value) => value === null || Number.isSafeInteger(value),
  COPIES: (value) => Number.isSafeInteger(value),
};

/** Equal values are sorted by id in either direction. */
export const orderOf = ({ field, direction }: ProtectedObjectOrder): Order<ProtectedObject> => {
  const sign = direction === 'DESC' ? -1 : 1;
  return {
    name: `${field} ${direction}`,
    positionOf: (object) => [valueOf[field](object), object.id],
    compare: ([a = null, idA], [b = null, idB]) =>
      a === b ? compareText(idA, idB) : sign * compareValues[field](a, b),
    isPosition: (value): value is Position =>
      value.length === 2 && fits[field](value[0]) && typeof value[1] === 'string',
  };
};
