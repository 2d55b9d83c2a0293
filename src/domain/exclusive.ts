import type { StoreRefused } from './store-refused.js';

/** The answer of a lock over all replicas. */
export type Turn =
  | {
      readonly kind: 'held';
      release(): Promise<void>;
      /** Whether the lock is still ours; rejects if the lock store cannot be reached. */
      isStillHeld(): Promise<boolean>;
    }
  | { readonly kind: 'busy' } // another replica held it for longer than we waited
  | { readonly kind: 'unreachable'; readonly refusal?: StoreRefused }; // the lock store cannot be reached, or refuses

/** One turn at a time for each name, over all replicas. */
export interface Exclusive {
  /** Waits for a turn up to `waitMs`. If the holder dies, its turn expires after `leaseMs`. */
  acquire(name: string, options: { readonly leaseMs: number; readonly waitMs: number }): Promise<Turn>;
}
