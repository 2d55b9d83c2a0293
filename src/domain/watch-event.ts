import type { Micros } from './micros.js';

export const watchEventTypes = [
  'COPY_FAILED',
  'COPY_STALLED',
  'OFFSITE_LAG',
  'UPSTREAM_DOWN',
  'UPSTREAM_UP',
  'FAILOVER',
] as const;

export type WatchEventType = (typeof watchEventTypes)[number];

/** The fields of an event as delivered; times are RFC 3339. */
export type WatchEventData = Readonly<Record<string, string | number | null | Readonly<Record<string, string | null>>>>;

/** Something an operator may want to know. It can be written as JSON. */
export interface WatchEvent {
  readonly type: WatchEventType;
  readonly upstream: string;
  readonly targetKind: string | null; // null: it is not about a single copy
  /** The record and its state: equal for the same event on every replica and after a restart. */
  readonly key: string;
  readonly at: Micros;
  readonly data: WatchEventData;
}
