/** Numbers and times as a person reads them. Decimal units, as disks and clouds are sold. */
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

const figure = (value: number): string =>
  value.toFixed(value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2);

/** `1.68 PB`; `–` if it is not reported. */
export const bytes = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '–';
  let rest = Number(value);
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? rest.toFixed(0) : figure(rest)} ${units[unit]}`;
};

export const rate = (perSecond: number | null | undefined): string =>
  perSecond === null || perSecond === undefined ? '–' : `${bytes(perSecond)}/s`;

export const count = (value: number): string => value.toLocaleString('en-GB');

export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

const parts: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** The two largest parts, such as `2 h 5 min`. */
export const duration = (seconds: number | null | undefined): string => {
  if (seconds === null || seconds === undefined) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const first = parts.findIndex(([, size]) => whole >= size);
  if (first === -1) return '0 s';
  const [unit, size] = parts[first] ?? ['s', 1];
  const [nextUnit, nextSize] = parts[first + 1] ?? ['s', 1];
  const rest = Math.floor((whole % size) / nextSize);
  const isLast = first >= parts.length - 2 && unit !== 'min';
  return rest === 0 || isLast
    ? `${Math.floor(whole / size)} ${unit}`
    : `${Math.floor(whole / size)} ${unit} ${rest} ${nextUnit}`;
};

/** The largest part alone, such as `5 min ago` and `in 2 h`. */
export const ago = (at: string | number | null | undefined, now: number): string => {
  if (at === null || at === undefined) return '–';
  const seconds = (now - (typeof at === 'number' ? at : Date.parse(at))) / 1000;
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const [unit, length] = parts.find(([, one]) => size >= one) ?? ['s', 1];
  const text = `${Math.floor(size / length)} ${unit}`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
};

/** In the time zone of the viewer. The page is in English, so its dates are too. */
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const dayOfWeek = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const when = (at: string | number | null | undefined): string =>
  at === null || at === undefined ? '–' : moment.format(typeof at === 'number' ? at : Date.parse(at));

/** A day of a summary, such as `2026-11-27`: midnight where the viewer is. */
export const dayStart = (day: string): Date => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
};

export const nextDay = (start: Date): Date => new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1);

export const shortDay = (day: string): string => dayOfWeek.format(dayStart(day));

export const dayAlone = (day: string): string => dayMonth.format(dayStart(day));

/** The day of a time, where the viewer is, as a summary writes it. */
export const dayOf = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
