declare const microsBrand: unique symbol;

/** A point in time: whole microseconds since the Unix epoch, UTC. Exact as a number until the year 2255. */
export type Micros = number & { readonly [microsBrand]: true };

/** Brands a number that is known to count microseconds. */
export const micros = (value: number): Micros => value as Micros; // the one place where the brand is put on

export const microsFromMillis = (millis: number): Micros => micros(Math.round(millis * 1000));

export const microsFromDate = (date: Date): Micros => microsFromMillis(date.getTime());

export const HOUR_MICROS = 3_600_000_000;
export const DAY_MICROS = 24 * HOUR_MICROS;

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads RFC 3339 with up to nine digits of a second (cut to six). `null` for anything else, and for impossible dates.
 */
export const parseDateTime = (text: string): Micros | null => {
  const match = rfc3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = match;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const back = new Date(wall);
  // `Date.UTC` rolls over (30 February becomes 1 March), so its result is compared with the text.
  const same =
    back.getUTCFullYear() === Number(year) &&
    back.getUTCMonth() === Number(month) - 1 &&
    back.getUTCDate() === Number(day) &&
    back.getUTCHours() === Number(hour) &&
    back.getUTCMinutes() === Number(minute) &&
    back.getUTCSeconds() === Number(second);
  if (!same || Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return micros((wall - offset) * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')));
};

const MINUTE_MILLIS = 60_000;
const MOST_MINUTES = 20_000; // two weeks of minutes
/** Each minute as text, up to the colon before its seconds. The times of a list share few minutes. */
const minutes = new Map<number, string>();

const minuteText = (minute: number): string => {
  const known = minutes.get(minute);
  if (known !== undefined) return known;
  if (minutes.size >= MOST_MINUTES) minutes.clear();
  const text = new Date(minute * MINUTE_MILLIS).toISOString().replace(/\d\d\.000Z$/, '');
  minutes.set(minute, text);
  return text;
};

const padded = (digits: number): readonly string[] =>
  Array.from({ length: 10 ** digits }, (_, value) => String(value).padStart(digits, '0'));
const [twoDigits, threeDigits] = [padded(2), padded(3)];

const write = (at: Micros): string => {
  const millis = Math.floor(at / 1000);
  const minute = Math.floor(millis / MINUTE_MILLIS);
  const inMinute = millis - minute * MINUTE_MILLIS;
  const second = Math.floor(inMinute / 1000);
  const rest = at - millis * 1000;
  const fraction = `${threeDigits[inMinute - second * 1000]}${rest === 0 ? '' : threeDigits[rest]}`;
  return `${minuteText(minute)}${twoDigits[second]}.${fraction}Z`;
};

// The times that were written last. Each has one place, a remainder by a prime, and replaces the one before.
const PLACES = 16_381;
const written = new Float64Array(PLACES).fill(Number.NaN);
const texts: string[] = Array.from({ length: PLACES }, () => '');

/** Writes RFC 3339 in UTC: milliseconds, or microseconds if there are any (`2024-05-01T02:00:00.123456Z`). */
export const formatDateTime = (at: Micros): string => {
  const place = Math.abs(at % PLACES);
  const known = texts[place];
  if (known !== undefined && written[place] === at) return known;
  const text = write(at);
  written[place] = at;
  texts[place] = text;
  return text;
};

/** The UTC day a time lies in, as `2024-05-01`. */
export const dayOf = (at: Micros): string => new Date(Math.floor(at / 1000)).toISOString().slice(0, 10);

/** The number of the hour of a time, since the epoch. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MICROS);

/** The start of the hour. Reads and examples begin there, so that those of a moment later are equal. */
export const hourStart = (at: number): Micros => micros(hourOf(at) * HOUR_MICROS);
