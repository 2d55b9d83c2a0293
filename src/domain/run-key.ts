/** Cohesity's globally unique id: a cluster, its incarnation, and a number within it. */
export interface UniversalId {
  readonly clusterId: bigint;
  readonly clusterIncarnationId: bigint;
  readonly id: bigint;
}

/** How a run of a Cohesity job is addressed: v1 has no other key. */
export interface RunKey {
  readonly upstream: string;
  readonly jobId: string; // decimal
  readonly startTimeUsecs: string; // decimal; `@` and the `jobRunId` where the vendor tells no start
}
