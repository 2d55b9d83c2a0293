/** A cluster that another cluster knows: a replication target, if its purpose says so. */
export interface RemoteCluster {
  readonly clusterId: bigint;
  readonly name: string | null;
  readonly forReplication: boolean;
  readonly reachable: boolean | null; // null: not reported
}
