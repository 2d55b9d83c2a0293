import { BadInputError } from './bad-input.js';
import { jsonOrUndefined } from './json.js';
import { type Micros, micros } from './micros.js';
import type { Order, Position } from './order.js';

/** The arguments of a Relay connection, as a caller wrote them. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A position, and the beginning of the window it was issued for, so that later pages see the same window. */
interface Cursor {
  readonly position: Position;
  readonly windowFrom: Micros | null;
}

/** The part of a list that is wanted: `size` records from the front or the back, between two positions. */
export interface PageRequest {
  readonly size: number;
  readonly backward: boolean;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
}

export const DEFAULT_PAGE_SIZE = 50;

/** Encodes a cursor, opaque to callers: its list, the window and the position. It stays valid after a restart. */
export const encodeCursor = (list: string, { position, windowFrom }: Cursor): string =>
  Buffer.from(JSON.stringify([list, windowFrom, ...position])).toString('base64url');

const decodeCursor = <T>(argument: string, text: string, list: string, order: Order<T>): Cursor => {
  const refused = new BadInputError(
    argument,
    `${argument} is not a cursor of this list; pass a cursor that this field returned, unchanged, or leave it out.`,
  );
  if (text.length > 8192) throw refused;
  const value = jsonOrUndefined(Buffer.from(text, 'base64url').toString('utf8'));
  if (!Array.isArray(value)) throw refused;
  const [tag, from, ...position]: readonly unknown[] = value;
  if (tag !== list || !order.isPosition(position)) throw refused;
  if (from !== null && !(typeof from === 'number' && Number.isInteger(from))) throw refused;
  const cursor: Cursor = { position, windowFrom: from === null ? null : micros(from) };
  // Buffer skips characters that are not base64, so an altered cursor may still decode. It must encode to the same
  // text.
  if (encodeCursor(list, cursor) !== text) throw refused;
  return cursor;
};

const checkSize = (argument: string, size: number, maxPageSize: number): number => {
  if (size < 0) throw new BadInputError(argument, `${argument} must not be negative; it is ${size}.`);
  if (size > maxPageSize) {
    throw new BadInputError(argument, `${argument} must be at most ${maxPageSize}; it is ${size}. Ask for pages.`);
  }
  return size;
};

/** Checks the arguments of a connection; throws a `BadInputError` that names the wrong one. */
export const toPageRequest = <T>(
  { first = null, after = null, last = null, before = null }: PageArguments,
  list: string,
  order: Order<T>,
  maxPageSize: number,
): PageRequest => {
  if (first !== null && last !== null) {
    throw new BadInputError(
      'first',
      'first and last exclude each other; use first to page forward, last to page back.',
    );
  }
  return {
    size:
      last !== null
        ? checkSize('last', last, maxPageSize)
        : first !== null
          ? checkSize('first', first, maxPageSize)
          : Math.min(DEFAULT_PAGE_SIZE, maxPageSize),
    backward: last !== null,
    after: after === null ? null : decodeCursor('after', after, list, order),
    before: before === null ? null : decodeCursor('before', before, list, order),
  };
};

/** Whether a record lies between the two cursors of a request. */
export const isWithin = <T>(order: Order<T>, { after, before }: PageRequest, record: T): boolean => {
  const position = order.positionOf(record);
  return (
    (after === null || order.compare(position, after.position) > 0) &&
    (before === null || order.compare(position, before.position) < 0)
  );
};

export interface Page<T> {
  readonly records: readonly T[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/**
 * Cuts a page from sorted records between the cursors. One record more than `size` shows that the list goes on. At the
 * other end, a cursor shows that there is more: the record it was made from.
 */
export const cutPage = <T>(sorted: readonly T[], { size, backward, after, before }: PageRequest): Page<T> => {
  const more = sorted.length > size;
  return backward
    ? {
        records: more ? sorted.slice(sorted.length - size) : sorted,
        hasPreviousPage: more,
        hasNextPage: before !== null,
      }
    : { records: sorted.slice(0, size), hasNextPage: more, hasPreviousPage: after !== null };
};

/** A page of a list that is completely in memory. */
export const pageOf = <T>(records: readonly T[], order: Order<T>, request: PageRequest): Page<T> => {
  const placed = records
    .filter((record) => isWithin(order, request, record))
    .map((record) => ({ record, position: order.positionOf(record) }))
    .sort((a, b) => order.compare(a.position, b.position));
  return cutPage(
    placed.map(({ record }) => record),
    request,
  );
};
