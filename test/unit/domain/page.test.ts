import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInputError } from '../../../src/domain/bad-input.js';
import { type Micros, micros } from '../../../src/domain/micros.js';
import { asListed, byName, newestFirst } from '../../../src/domain/order.js';
import { type PageArguments, encodeCursor, pageOf, toPageRequest } from '../../../src/domain/page.js';

interface Item {
  readonly id: string;
  readonly startedAt: Micros | null;
}

const time = fc.option(fc.integer({ min: 0, max: 20 }).map(micros), { nil: null });
const windowFrom = fc.option(fc.maxSafeInteger().map(micros), { nil: null });
const position = fc.tuple(fc.option(fc.maxSafeInteger(), { nil: null }), fc.string({ unit: 'binary' }));
/** Few times, so that many are equal and the id decides. */
const items = fc.uniqueArray(fc.record<Item>({ id: fc.string({ minLength: 1, maxLength: 3 }), startedAt: time }), {
  selector: ({ id }) => id,
  maxLength: 30,
});

const request = (args: PageArguments) => toPageRequest(args, 'list', newestFirst, 500);

describe('a cursor', () => {
  it('comes back as the position and the window it was made of', () => {
    fc.assert(
      fc.property(position, windowFrom, (at, from) => {
        const cursor = { position: at, windowFrom: from };
        expect(request({ after: encodeCursor('list', cursor) }).after).toEqual(cursor);
        expect(request({ before: encodeCursor('list', cursor) }).before).toEqual(cursor);
      }),
    );
  });

  it('is refused by any list but its own', () => {
    const cursor = encodeCursor('copyRuns', { position: [1, 'x'], windowFrom: null });
    expect(() => request({ after: cursor })).toThrow(BadInputError);
    expect(() => toPageRequest({ after: cursor }, 'copyRuns', asListed([]), 500)).toThrow(BadInputError);
  });

  it('is refused, by its argument’s name, when anything in it was changed', () => {
    fc.assert(
      fc.property(position, fc.nat(), fc.constantFrom('', '=', '_', 'A', ' ', '\n', '.', '%'), (at, place, by) => {
        const cursor = encodeCursor('list', { position: at, windowFrom: null });
        const index = place % cursor.length;
        const changed = cursor.slice(0, index) + by + cursor.slice(index + 1);
        let read;
        try {
          read = request({ before: changed }).before;
        } catch (error) {
          expect(error).toMatchObject({ name: 'BadInputError', argument: 'before' });
          return;
        }
        // Nothing is signed, so a change may hit upon another cursor; then it is exactly that one.
        expect(read && encodeCursor('list', read)).toBe(changed);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64', '***'],
    ['no JSON', Buffer.from('[').toString('base64url')],
    ['no list', Buffer.from('{"a":1}').toString('base64url')],
    ['null', Buffer.from('null').toString('base64url')],
    ['spaces in its JSON', Buffer.from('["list", null, 1, "x"]').toString('base64url')],
    ['a time written otherwise', Buffer.from('["list",null,1e3,"x"]').toString('base64url')],
    ['a time that is no integer', Buffer.from('["list",null,1.5,"x"]').toString('base64url')],
    ['a window that is no integer', Buffer.from('["list","now",1,"x"]').toString('base64url')],
    ['no id', Buffer.from('["list",null,1]').toString('base64url')],
    ['a number for an id', Buffer.from('["list",null,1,2]').toString('base64url')],
    ['one part more', Buffer.from('["list",null,1,"x",2]').toString('base64url')],
    ['padding', `${encodeCursor('list', { position: [1, 'xy'], windowFrom: null })}=`],
    ['the other alphabet', Buffer.from('["list",null,1,"???>>>"]').toString('base64')],
    ['a megabyte', 'A'.repeat(1_000_000)],
  ])('is refused with %s', (_what, text) => {
    expect(() => request({ after: text })).toThrow(BadInputError);
  });

  it('never makes reading it fail in any other way, whatever a caller writes', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String(), json), (text) => {
        expect(() => request({ after: text })).toThrow(BadInputError);
      }),
    );
  });
});

describe('the size of a page', () => {
  it.each<readonly [PageArguments, string]>([
    [{ first: -1 }, 'first'],
    [{ last: -1 }, 'last'],
    [{ first: 501 }, 'first'],
    [{ last: 501 }, 'last'],
    [{ first: 1, last: 1 }, 'first'],
    [{ first: 2_147_483_647 }, 'first'],
  ])('is refused by name: %j', (args, argument) => {
    expect(() => request(args)).toThrow(expect.objectContaining({ name: 'BadInputError', argument }));
  });

  it.each<readonly [PageArguments, number, boolean]>([
    [{}, 50, false],
    [{ first: null, last: null, after: null, before: null }, 50, false],
    [{ first: 0 }, 0, false],
    [{ first: 500 }, 500, false],
    [{ last: 3 }, 3, true],
  ])('is taken: %j', (args, size, backward) => {
    expect(request(args)).toMatchObject({ size, backward });
  });

  it('is never above the configured limit', () => {
    expect(toPageRequest({}, 'list', newestFirst, 10).size).toBe(10);
  });
});

describe('pages', () => {
  const cursorOf = (item: Item | undefined): string | null =>
    item === undefined ? null : encodeCursor('list', { position: newestFirst.positionOf(item), windowFrom: null });

  it('forward, one after the other, make up the whole list in its order', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 7 }), (records, first) => {
        const whole = pageOf(records, newestFirst, request({ first: 500 })).records;
        const walked: Item[] = [];
        let after: string | null = null;
        for (;;) {
          const page = pageOf(records, newestFirst, request({ first, after }));
          walked.push(...page.records);
          expect(page.hasNextPage).toBe(walked.length < records.length);
          if (!page.hasNextPage) break;
          after = cursorOf(page.records.at(-1));
        }
        expect(walked).toEqual(whole);
        expect(walked).toHaveLength(records.length);
      }),
    );
  });

  it('backward make up the same list', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 7 }), (records, last) => {
        const whole = pageOf(records, newestFirst, request({ first: 500 })).records;
        const walked: Item[] = [];
        let before: string | null = null;
        for (;;) {
          const page = pageOf(records, newestFirst, request({ last, before }));
          walked.unshift(...page.records);
          if (!page.hasPreviousPage) break;
          before = cursorOf(page.records[0]);
        }
        expect(walked).toEqual(whole);
      }),
    );
  });

  it('go on from a cursor whose record is gone', () => {
    const at = (startedAt: number, id: string): Item => ({ id, startedAt: micros(startedAt) });
    const after = cursorOf(at(5, 'gone'));
    const page = pageOf([at(6, 'a'), at(4, 'b'), at(5, 'z')], newestFirst, request({ after }));
    expect(page.records).toEqual([at(5, 'z'), at(4, 'b')]);
  });
});

describe('an order', () => {
  const named = fc.record({ id: fc.string(), name: fc.string() });
  const started = fc.record<Item>({ id: fc.string(), startedAt: time });

  it('by time is total: any two records have one order, and it carries over', () => {
    fc.assert(
      fc.property(started, started, started, (...records) => {
        const [a, b, c] = records.map((record) => newestFirst.positionOf(record)) as [never, never, never]; // three went in
        const { compare } = newestFirst;
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        expect(compare(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('by time is newest first, then by id, and unknown times last', () => {
    const ids = ['c', 'a', 'b', 'd', 'e'];
    const starts = [1, 1, 2, null, null];
    const records = ids.map((id, index) => ({
      id,
      startedAt: starts[index] === null ? null : micros(starts[index] ?? 0),
    }));
    const { records: sorted } = pageOf(records, newestFirst, request({}));
    expect(sorted.map(({ id }) => id)).toEqual(['b', 'a', 'c', 'd', 'e']);
  });

  it('by name is total too', () => {
    fc.assert(
      fc.property(named, named, (left, right) => {
        const [a, b] = [byName.positionOf(left), byName.positionOf(right)];
        expect(Math.sign(byName.compare(a, b)) + Math.sign(byName.compare(b, a))).toBe(0);
        expect(byName.compare(a, b) === 0).toBe(left.name === right.name && left.id === right.id);
      }),
    );
  });
});
