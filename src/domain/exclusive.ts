import type { StoreRefused } from './store-refused.js';

/** What a lock over all replicas gives to the one who asked for it. */
export type Turn =
  | {
      readonly kind: 'held';
      release(): Promise<void>;
      /** Whether it has not been lost since; rejects where whoever keeps the locks cannot be asked. */
      isStillHeld(): Promise<boolean>;
    }
  | { readonly kind: 'busy' } // another replica holds it, longer than we waited
  | { readonly kind: 'unreachable'; readonly refusal?: StoreRefused }; // whoever keeps the locks cannot be asked, or refuses

/** One turn at a time for each name, over all replicas. */
export interface Exclusive {
  /** Waits for a turn until the time is up. A holder that dies loses it after `leaseMs`. */
  acquire(name: string, options: { readonly leaseMs: number; readonly waitMs: number }): Promise<Turn>;
}
