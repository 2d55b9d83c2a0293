import type { Micros } from './micros.js';

export type WormRetentionType = 'NONE' | 'COMPLIANCE' | 'ADMINISTRATIVE' | 'UNKNOWN';

export interface DataLockConstraints {
  readonly expiresAt: Micros | null;
  readonly wormRetentionType: WormRetentionType | null;
}
