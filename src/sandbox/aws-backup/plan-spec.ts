import type { FailureName } from './failures.js';

/** One resource as the catalog lists it. Times are minutes: from the least to the most. */
export interface ResourceSpec {
  readonly type: string;
  readonly name: string;
  /** AWS leaves `ResourceName` out for a resource without a name tag. */
  readonly unnamed?: true;
  readonly gigabytes?: number;
  readonly bytes?: bigint;
  /** How long one copy runs. */
  readonly runs?: readonly [number, number];
  /** How long a copy waits in CREATED before it runs. */
  readonly waits?: readonly [number, number];
  /** So many days after its backup somebody copies it. Its backups are told about as long as they are kept. */
  readonly copiedAfterDays?: number;
  /** It is told about only once it is so old. */
  readonly youngestDays?: number;
  /** Every copy of it fails so. */
  readonly fails?: FailureName;
  /** The parts of a composite resource, each under the logical id it has there. */
  readonly members?: readonly (ResourceSpec & { readonly member: string })[];
}

interface CopySpec {
  readonly vault: string;
  readonly lifecycle?: LifecycleSpec;
}

export interface LifecycleSpec {
  readonly MoveToColdStorageAfterDays?: number;
  readonly DeleteAfterDays?: number;
  readonly OptInToArchiveForSupportedResources?: boolean;
  readonly DeleteAfterEvent?: 'DELETE_AFTER_COPY';
}

/** A schedule, aligned to absolute time, and what it backs up and copies. */
export interface RuleSpec {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly everyHours: number;
  readonly atHour: number;
  /** How long after its hour a backup ends and its copies begin, in minutes. */
  readonly lag: readonly [number, number];
  readonly vault: string;
  readonly lifecycle: LifecycleSpec;
  readonly copies: readonly CopySpec[];
  readonly resources: readonly ResourceSpec[];
  /** Some of the service's records carry times without a fraction. */
  readonly wholeSeconds?: true;
}

export interface PlanSpec {
  readonly name: string;
  readonly account: 'primary' | 'second';
  readonly role: string;
  readonly rules: readonly RuleSpec[];
  /** Its jobs tell the plan's and rule's ids, but not the names that came in 2025. */
  readonly idsOnly?: true;
  /** Copies that somebody starts by hand: no plan stands behind them. */
  readonly byHand?: true;
  /** A plan the service itself made; its id is not a UUID. */
  readonly serviceMade?: true;
  readonly deleted?: true;
}

/** Kept for so many days, then deleted. */
export const days = (count: number): LifecycleSpec => ({ DeleteAfterDays: count });
/** A month warm, then cold for the rest of a year. */
export const archive: LifecycleSpec = {
  MoveToColdStorageAfterDays: 30,
  DeleteAfterDays: 365,
  OptInToArchiveForSupportedResources: true,
};
/** -1 is the wire's word for never. */
export const forever: LifecycleSpec = { MoveToColdStorageAfterDays: -1, DeleteAfterDays: -1 };

export const utc = 'Etc/UTC';
