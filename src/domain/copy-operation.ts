import type { Activity } from './activity.js';
import type { CopyTarget } from './copy-target.js';
import type { DataLockConstraints } from './data-lock.js';
import type { Micros } from './micros.js';
import type { RunKey, UniversalId } from './run-key.js';

/**
 * Members that only some products have. A member is absent if the product has no such notion, and `null` if the vendor
 * did not report it. Rules for all products check for members, never for a product.
 */
export interface CopyFacets {
  readonly jobId?: bigint; // of the protection job, as its upstream numbers it
  readonly jobUid?: UniversalId | null; // of that job on the upstream that made it
  readonly run?: RunKey; // the backup run that is copied
  readonly tasks?: readonly { readonly name: string }[] | null; // the parts of the copy; null: not read
  readonly snapshotDeleted?: boolean | null;
  readonly expiryCleared?: boolean;
  readonly holdForLegalPurpose?: boolean | null;
  readonly legalHoldings?: readonly {
    readonly protectionSourceId: bigint | null;
    readonly holdForLegalPurpose: boolean | null;
  }[];
  readonly dataLockConstraints?: DataLockConstraints | null;
  readonly accountId?: string | null;
  readonly resourceType?: string | null;
  readonly messageCategory?: string | null;
  readonly parentJobId?: string | null;
  readonly isParent?: boolean | null;
}

/** The members common to all copies of backup data to another place. */
export interface CopyOperation extends Activity, CopyFacets {
  readonly __typename: string; // names its object type in the graph
  readonly name: string;
  readonly target: CopyTarget | null;
  readonly offsite: boolean | null; // whether the target is at another place than the source; null: unknown
  readonly sizeBytes: bigint | null;
  readonly transferredBytes: bigint | null;
  readonly expiresAt: Micros | null;
}

/** Progress from 0 to 1; `null` unless both figures are known. If a vendor reports more than the size, it is 1. */
export const progressOf = ({ sizeBytes, transferredBytes }: CopyOperation): number | null => {
  if (sizeBytes === null || transferredBytes === null || sizeBytes <= 0n) return null;
  if (transferredBytes >= sizeBytes) return 1;
  return transferredBytes <= 0n ? 0 : Number((transferredBytes * 1_000_000n) / sizeBytes) / 1_000_000;
};
