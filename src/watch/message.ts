import { type Micros, formatDateTime } from '../domain/micros.js';
import type { WatchEvent, WatchEventType } from '../domain/watch-event.js';
import type { Batch } from './outbox.js';

/** The form of a message. */
type MessageFormat = 'json' | 'slack';

const MOST_LISTED = 100; // events in a digest; the others are counted
const MOST_LINES = 20;

const plain = ({ type, at, data }: WatchEvent) => ({ type, timestamp: formatDateTime(at), data });

const countsOf = (events: readonly WatchEvent[]): Readonly<Record<string, number>> => {
  const counts = new Map<WatchEventType, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries(counts);
};

const jsonOf = ({ notices, isDigest }: Batch, now: Micros): object => {
  const events = notices.map(({ event }) => event);
  const [first] = events;
  if (!isDigest && first !== undefined) return plain(first);
  return {
    type: 'DIGEST',
    timestamp: formatDateTime(now),
    data: {
      missed: notices.some(({ isMissed }) => isMissed),
      count: events.length,
      counts: countsOf(events),
      events: events.slice(0, MOST_LISTED).map(plain),
    },
  };
};

/** Slack uses these three characters for its own markup. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const word = (value: unknown): string => (typeof value === 'string' ? escaped(value) : '');

const headings: Readonly<Record<WatchEventType, string>> = {
  COPY_FAILED: 'Copy failed',
  COPY_STALLED: 'Copy stalled',
  OFFSITE_LAG: 'No recent copy off site',
  UPSTREAM_DOWN: 'Upstream does not answer',
  UPSTREAM_UP: 'Upstream answers again',
  FAILOVER: 'Failover',
};

const lineOf = ({ type, upstream, data }: WatchEvent): string => {
  const { target } = data;
  const to = typeof target === 'object' && target !== null ? `to ${word(target['name'] ?? target['kind'])}` : '';
  const state = type === 'FAILOVER' || type === 'COPY_FAILED' ? word(data['state']) : '';
  const about = [word(data['name']), to, state].filter((part) => part !== '').join(' ');
  const error = word(data['error']);
  return `*${headings[type]}* (${escaped(upstream)})${about === '' ? '' : `: ${about}`}${error === '' ? '' : `\n> ${error}`}`;
};

const slackOf = ({ notices, isDigest }: Batch): object => {
  const events = notices.map(({ event }) => event);
  const missed = notices.some(({ isMissed }) => isMissed) ? ' while nothing watched' : '';
  const more = events.length > MOST_LINES ? [`… and ${events.length - MOST_LINES} more`] : [];
  const head = isDigest ? [`*${events.length} ${events.length === 1 ? 'event' : 'events'}*${missed}`] : [];
  return { text: [...head, ...events.slice(0, MOST_LINES).map(lineOf), ...more].join('\n') };
};

const writers: Readonly<Record<MessageFormat, (batch: Batch, now: Micros) => object>> = {
  json: jsonOf,
  slack: slackOf,
};

/** The body of a request: one event, or a digest of several. */
export const messageOf = (format: MessageFormat, batch: Batch, now: Micros): string =>
  JSON.stringify(writers[format](batch, now));

/** The message that `check --notify` sends. */
export const testMessage = (format: MessageFormat, name: string, now: Micros): string =>
  JSON.stringify(
    format === 'slack'
      ? { text: `Test of the notification rule ${escaped(name)} of copygraph` }
      : { type: 'TEST', timestamp: formatDateTime(now), data: { name } },
  );
