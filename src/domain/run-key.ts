/** Cohesity's globally unique id: a cluster, its incarnation, and a number within it. */
export interface UniversalId {
  readonly clusterId: bigint;
  readonly clusterIncarnationId: bigint;
  readonly id: bigint;
}

/** The key of a Cohesity job's run: v1 has no other. */
export interface RunKey {
  readonly upstream: string;
  readonly jobId: string; // decimal
  readonly startTimeUsecs: string; // decimal; `@` and the `jobRunId` if the vendor does not report a start
}
