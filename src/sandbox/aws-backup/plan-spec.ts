import type { FailureName } from './failures.js';

/** One resource in the catalog. Times are in minutes, from the least to the most. */
export interface ResourceSpec {
  readonly type: string;
  readonly name: string;
  /** AWS leaves `ResourceName` out for a resource without a name tag. */
  readonly unnamed?: true;
  readonly gigabytes?: number;
  readonly bytes?: bigint;
  /** How long a copy runs. */
  readonly runs?: readonly [number, number];
  /** How long a copy waits in CREATED before it runs. */
  readonly waits?: readonly [number, number];
  /** How many days after its backup it is copied by hand. Its backups are reported as long as they are kept. */
  readonly copiedAfterDays?: number;
  /** It is reported only from this age on. */
  readonly youngestDays?: number;
  /** The failure of all its copies. */
  readonly fails?: FailureName;
  /** The parts of a composite resource, each under its logical id. */
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

/** A schedule, aligned to absolute time, with its backups and copies. */
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
  /** Some records of the service have times without a fraction. */
  readonly wholeSeconds?: true;
}

export interface PlanSpec {
  readonly name: string;
  readonly account: 'primary' | 'second';
  readonly role: string;
  readonly rules: readonly RuleSpec[];
  /** Its jobs have the ids of plan and rule, but not the names, which came in 2025. */
  readonly idsOnly?: true;
  /** Copies started by hand, without a plan. */
  readonly byHand?: true;
  /** A plan made by the service itself; its id is not a UUID. */
  readonly serviceMade?: true;
  readonly deleted?: true;
}

/** Kept for a number of days, then deleted. */
export const days = (count: number): LifecycleSpec => ({ DeleteAfterDays: count });
/** A month warm, then cold for the rest of a year. */
export const archive: LifecycleSpec = {
  MoveToColdStorageAfterDays: 30,
  DeleteAfterDays: 365,
  OptInToArchiveForSupportedResources: true,
};
/** -1 means never. */
export const forever: LifecycleSpec = { MoveToColdStorageAfterDays: -1, DeleteAfterDays: -1 };

export const utc = 'Etc/UTC';
