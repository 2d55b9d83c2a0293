import type { Micros } from './micros.js';

export const wormRetentionTypes = ['NONE', 'COMPLIANCE', 'ADMINISTRATIVE', 'UNKNOWN'] as const;
export type WormRetentionType = (typeof wormRetentionTypes)[number];

export interface DataLockConstraints {
  readonly expiresAt: Micros | null;
  readonly wormRetentionType: WormRetentionType | null;
}
