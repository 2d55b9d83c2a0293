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

/** The fields that apply to an event, as they are delivered; times are RFC 3339. */
export type WatchEventData = Readonly<Record<string, string | number | null | Readonly<Record<string, string | null>>>>;

/** Something that an operator may want to be told. It can be written as JSON. */
export interface WatchEvent {
  readonly type: WatchEventType;
  readonly upstream: string;
  readonly targetKind: string | null; // null: it concerns no single copy
  /** The record and its state: equal for the same event at every replica and after a restart. */
  readonly key: string;
  readonly at: Micros;
  readonly data: WatchEventData;
}
