import type { CopyFacets } from './copy-operation.js';
import type { Micros } from './micros.js';

/** Whether a legal hold keeps a copy. A run with one held source counts as held. */
export const isOnHold = ({ holdForLegalPurpose, legalHoldings }: CopyFacets): boolean =>
  holdForLegalPurpose === true || legalHoldings?.some((one) => one.holdForLegalPurpose === true) === true;

/** Whether a data lock is in force. A lock of unknown end does not count. */
export const isDataLocked = ({ dataLockConstraints }: CopyFacets, now: Micros): boolean => {
  const { wormRetentionType = null, expiresAt = null } = dataLockConstraints ?? {};
  return wormRetentionType !== null && wormRetentionType !== 'NONE' && expiresAt !== null && expiresAt > now;
};
