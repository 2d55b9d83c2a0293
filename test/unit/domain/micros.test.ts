import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayOf,
  formatDateTime,
  micros,
  microsFromDate,
  microsFromMillis,
  parseDateTime,
} from '../../../src/domain/micros.js';

const year = (text: string): number => Date.parse(`${text}-01-01T00:00:00Z`) * 1000;
const anyTime = fc.integer({ min: year('1684'), max: year('2255') }).map(micros);

const offset = fc
  .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([sign, hours, minutes]) => {
    const two = (value: number) => String(value).padStart(2, '0');
    return { text: `${sign}${two(hours)}:${two(minutes)}`, minutes: (sign === '-' ? -1 : 1) * (hours * 60 + minutes) };
  });

describe('a DateTime', () => {
  it('comes back as the microsecond it was written from', () => {
    fc.assert(
      fc.property(anyTime, (at) => {
        expect(parseDateTime(formatDateTime(at))).toBe(at);
      }),
    );
  });

  it('is written in UTC with three digits, or six where there are microseconds', () => {
    fc.assert(
      fc.property(anyTime, (at) => {
        expect(formatDateTime(at)).toMatch(at % 1000 === 0 ? /T[\d:]{8}\.\d{3}Z$/ : /T[\d:]{8}\.\d{6}Z$/);
      }),
    );
  });

  it('sorts as text like the times it stands for, where both have microseconds', () => {
    const odd = anyTime.filter((at) => at % 1000 !== 0);
    fc.assert(
      fc.property(odd, odd, (a, b) => {
        expect(formatDateTime(a) < formatDateTime(b)).toBe(a < b);
      }),
    );
  });

  it('is the same moment with any offset', () => {
    fc.assert(
      fc.property(anyTime, offset, (at, { text, minutes }) => {
        const wall = formatDateTime(micros(at + minutes * 60_000_000));
        expect(parseDateTime(wall.replace('Z', text))).toBe(at);
      }),
    );
  });

  it.each<readonly [string, string | null]>([
    ['2024-05-01T02:00:00Z', '2024-05-01T02:00:00.000Z'],
    ['2024-05-01T02:00:00.123456Z', '2024-05-01T02:00:00.123456Z'],
    ['2024-05-01t02:00:00.1z', '2024-05-01T02:00:00.100Z'],
    ['2024-05-01T02:00:00.123456789Z', '2024-05-01T02:00:00.123456Z'],
    ['2024-05-01T02:00:00+05:30', '2024-04-30T20:30:00.000Z'],
    ['2024-02-29T23:59:59.999999-00:01', '2024-03-01T00:00:59.999999Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['2024-02-30T00:00:00Z', null],
    ['2023-02-29T00:00:00Z', null],
    ['2024-04-31T00:00:00Z', null],
    ['2024-13-01T00:00:00Z', null],
    ['2024-00-10T00:00:00Z', null],
    ['2024-05-01T24:00:00Z', null],
    ['2024-05-01T02:60:00Z', null],
    ['2024-05-01T02:00:60Z', null],
    ['2024-05-01T02:00:00+24:00', null],
    ['2024-05-01T02:00:00+00:60', null],
    ['2024-05-01T02:00:00', null],
    ['2024-05-01 02:00:00Z', null],
    ['2024-05-01', null],
    ['2024-5-1T2:0:0Z', null],
    ['2024-05-01T02:00:00.Z', null],
    ['2024-05-01T02:00:00,5Z', null],
    ['2024-05-01T02:00Z', null],
    [' 2024-05-01T02:00:00Z', null],
    ['2024-05-01T02:00:00Z\n', null],
    ['+002024-05-01T02:00:00Z', null],
    ['1714528800123456', null],
    ['', null],
  ])('is read strictly: %j', (text, expected) => {
    const at = parseDateTime(text);
    expect(at === null ? null : formatDateTime(at)).toBe(expected);
  });

  it('never throws, whatever is written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseDateTime(text)));
  });
});

describe('a time in microseconds', () => {
  it('is exact when it comes from milliseconds or from a Date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -8_000_000_000_000, max: 8_000_000_000_000 }), (millis) => {
        expect(microsFromMillis(millis)).toBe(millis * 1000);
        expect(microsFromDate(new Date(millis))).toBe(millis * 1000);
      }),
    );
  });

  it('lies in its UTC day', () => {
    fc.assert(
      fc.property(anyTime, (at) => {
        expect(formatDateTime(at).startsWith(`${dayOf(at)}T`)).toBe(true);
      }),
    );
  });
});
