import type { CallOptions } from '../calling/call.js';
import type { CacheTimes } from '../cache/read-through.js';
import type { Freshness } from './coverage.js';

/** When an operation begins, among times and among drops, and whether it asks for nothing that is settled. */
interface Beginning extends Pick<Freshness, 'begun' | 'openOnly'> {
  readonly now: number;
}

/** What goes on for long is read again after so many times as long as a list is kept. */
const EASED = 12;

/** What an operation that begins now takes for known. */
export const freshnessOf = (
  { listMs, finishedMs }: CacheTimes,
  { maxAgeMs, movingMaxAgeMs }: CallOptions,
  { now, begun, openOnly }: Beginning,
): Freshness => ({
  begun,
  openOnly,
  ease: maxAgeMs === undefined && movingMaxAgeMs === undefined ? { now, most: EASED * listMs * 1000 } : null,
  movingSince: now - (maxAgeMs ?? Math.min(listMs, movingMaxAgeMs ?? listMs)) * 1000,
  settledSince: now - (maxAgeMs ?? finishedMs) * 1000,
  flawedSince: now, // perhaps all of it can be read by now
});

/** What may stand in for an upstream that fails. A caller who says how old it may be is taken at that word. */
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

/** The same where each group costs a read of its own: what left something out is read again after ten minutes. */
export const patiently = (fresh: Freshness, { maxAgeMs }: CallOptions): Freshness =>
  maxAgeMs === undefined ? { ...fresh, flawedSince: fresh.flawedSince - FLAWED_MICROS } : fresh;

/** The same where reads have been made for the operation, or were made by another field of it before. */
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
