import type { UniversalId } from './run-key.js';
import type { Micros } from './micros.js';

/** A Cohesity protection job (v2: protection group): objects that are backed up together, and copied on. */
export interface ProtectionJob {
  readonly __typename: 'ProtectionJob';
  readonly id: string;
  readonly upstream: string;
  readonly jobId: bigint;
  readonly uid: UniversalId | null;
  readonly name: string;
  readonly description: string | null;
  readonly environment: string | null;
  readonly policyId: string | null;
  readonly viewBoxId: bigint | null;
  readonly parentSourceId: bigint | null;
  readonly sourceIds: readonly bigint[];
  readonly tenantId: string | null;
  readonly isActive: boolean;
  readonly isDeleted: boolean;
  readonly isPaused: boolean;
  readonly createdAt: Micros | null;
  readonly modifiedAt: Micros | null;
  readonly policyAppliedAt: Micros | null;
  readonly observedAt: Micros;
}
