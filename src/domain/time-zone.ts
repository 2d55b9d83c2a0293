import { DAY_MICROS, HOUR_MICROS, type Micros, micros } from './micros.js';

/** A time in the calendar of a time zone. */
interface LocalTime {
  readonly hour: Micros; // when the hour began
  readonly day: string; // 2024-05-01
  readonly week: string; // 2024-W18, by ISO 8601
}

/** The calendar of a time zone. */
export type TimeZone = (at: Micros) => LocalTime;

/** Since 1980, clocks change on the quarter hour, and every zone's offset is a whole number of quarters. */
const QUARTER_MICROS = HOUR_MICROS / 4;
/** The most quarters that are remembered: more than three months. */
const MOST_QUARTERS = 10_000;
const MICROS_PER_MILLI = 1000;

const startOf = (at: number, span: number): number => Math.floor(at / span) * span;

/** A zone's offset from UTC in the quarter of an hour that contains a time. */
const offsetAt = (format: Intl.DateTimeFormat, at: number): number => {
  const quarter = startOf(at, QUARTER_MICROS);
  const parts = new Map(format.formatToParts(quarter / MICROS_PER_MILLI).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall * MICROS_PER_MILLI - quarter;
};

const dayText = (dayNumber: number): string =>
  new Date((dayNumber * DAY_MICROS) / MICROS_PER_MILLI).toISOString().slice(0, 10);

/** A week belongs to the year of its Thursday. Day 0, 1 January 1970, was a Thursday. */
const weekText = (dayNumber: number): string => {
  const thursday = dayNumber - ((((dayNumber + 3) % 7) + 7) % 7) + 3;
  const year = dayText(thursday).slice(0, 4);
  const newYear = Date.UTC(Number(year)) * (MICROS_PER_MILLI / DAY_MICROS);
  return `${year}-W${String(Math.floor((thursday - newYear) / 7) + 1).padStart(2, '0')}`;
};

/** Zone names begin with a letter. Some versions of V8 also accept offsets such as `+01:00`. */
const isName = (name: string): boolean => /^[A-Za-z]/.test(name) && name.length <= 100;

const formatOf = (timeZone: string): Intl.DateTimeFormat | null => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null; // the zone is unknown
  }
};

/**
 * The calendar of an IANA time zone; `null` for an unknown name. Each quarter of an hour is computed once, because
 * `Intl` takes 5 µs for a time. A day with a clock change has 23 or 25 hours, and a repeated hour counts as two.
 */
export const timeZoneNamed = (name: string): TimeZone | null => {
  const format = isName(name) ? formatOf(name) : null;
  if (format === null) return null;

  /** If clocks change by half an hour, an hour may begin late. */
  const hourBegin = (at: number, offset: number): Micros => {
    let begin = startOf(at + offset, HOUR_MICROS) - offset;
    while (offsetAt(format, begin) !== offset) begin += QUARTER_MICROS;
    return micros(begin);
  };

  const known = new Map<number, LocalTime>();
  return (at) => {
    const quarter = startOf(at, QUARTER_MICROS);
    const before = known.get(quarter);
    if (before !== undefined) return before;
    const offset = offsetAt(format, quarter);
    const dayNumber = Math.floor((quarter + offset) / DAY_MICROS);
    const local = { hour: hourBegin(quarter, offset), day: dayText(dayNumber), week: weekText(dayNumber) };
    if (known.size >= MOST_QUARTERS) known.clear();
    known.set(quarter, local);
    return local;
  };
};
