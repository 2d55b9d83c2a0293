import type { CallOptions } from '../calling/call.js';
import type { CacheTimes } from '../cache/read-through.js';
import type { Freshness } from './coverage.js';

/** The beginning of an operation, in time and in the order of drops, and whether it wants only unfinished records. */
interface Beginning extends Pick<Freshness, 'begun' | 'openOnly'> {
  readonly now: number;
}

/** A record that has run for long is read again after at most this many times `listMs`. */
const EASED = 12;

/** The freshness required by an operation that begins now. */
export const freshnessOf = (
  { listMs, finishedMs }: CacheTimes,
  { maxAgeMs, movingMaxAgeMs, aheadMs = 0 }: CallOptions,
  { now, begun, openOnly }: Beginning,
): Freshness => {
  const at = now + aheadMs * 1000;
  return {
    begun,
    openOnly,
    ease: maxAgeMs === undefined && movingMaxAgeMs === undefined ? { now: at, most: EASED * listMs * 1000 } : null,
    movingSince: at - (maxAgeMs ?? Math.min(listMs, movingMaxAgeMs ?? listMs)) * 1000,
    settledSince: at - (maxAgeMs ?? finishedMs) * 1000,
    flawedSince: now, // missing records may be readable now
  };
};

/** Reports how long known records stay valid: `leftMs` longer than the operation requires. */
export const noteValid = ({ stands, aheadMs = 0 }: CallOptions, leftMs: number): void => stands?.(leftMs + aheadMs);

/** The freshness of records served in place of a failed read. A caller's limit on the age also holds here. */
export const staleFreshnessOf = (
  { listMs, finishedMs, staleMs }: CacheTimes,
  { maxAgeMs }: CallOptions,
  { now, begun, openOnly }: Beginning,
): Freshness => {
  const since = (ms: number): number => now - (maxAgeMs ?? ms + staleMs) * 1000;
  return {
    begun,
    openOnly,
    ease: null,
    movingSince: since(listMs),
    settledSince: since(finishedMs),
    flawedSince: since(listMs),
  };
};

const FLAWED_MICROS = 600_000_000;

/** The same if each group costs its own read: an incomplete one is repeated only after ten minutes. */
export const patiently = (fresh: Freshness, { maxAgeMs }: CallOptions): Freshness =>
  maxAgeMs === undefined ? { ...fresh, flawedSince: fresh.flawedSince - FLAWED_MICROS } : fresh;

/** The same, but also accepting reads that this operation, or another field of it, has made. */
export const including = (fresh: Freshness, readAt: number | null): Freshness => {
  if (readAt === null) return fresh;
  const { begun, openOnly, ease, ...times } = fresh;
  const before = (since: number): number => Math.min(since, readAt - 1);
  return {
    begun,
    openOnly,
    ease,
    movingSince: before(times.movingSince),
    settledSince: before(times.settledSince),
    flawedSince: before(times.flawedSince),
  };
};
