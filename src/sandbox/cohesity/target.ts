import type { ClusterIdentity } from './identity.js';
import type { Wire } from './json.js';

export interface RemoteCluster extends ClusterIdentity {
  readonly purposeReplication: boolean;
  readonly reachable: boolean;
  readonly remoteIps: readonly string[];
}

export interface Vault {
  readonly id: number;
  readonly name: string;
  /** The type in a vault's own words. */
  readonly type: string;
  /** The type in a copy run's words. */
  readonly kind: 'kCloud' | 'kTape' | 'kNas';
  readonly removalState?: string;
  readonly fortKnox?: boolean;
}

/** The target of one copy of a run. */
export type Target =
  | { readonly type: 'kLocal' }
  | { readonly type: 'kRemote'; readonly cluster: RemoteCluster }
  | { readonly type: 'kArchival'; readonly vault: Vault }
  | { readonly type: 'kCloudDeploy' | 'kCloudReplication'; readonly cloud: Wire };

const remote = (clusterId: number, name: string, octet: number, more: Partial<RemoteCluster> = {}): RemoteCluster => ({
  clusterId,
  clusterIncarnationId: 1_551_398_400_000 + octet,
  name,
  purposeReplication: true,
  reachable: true,
  remoteIps: [`192.0.2.${octet}`, `192.0.2.${octet + 1}`],
  ...more,
});

/** The cluster beside the played one that receives its replications. It is played too. */
export const drCluster = remote(2_718_281_828_459_045, 'cohesity-dr-sandbox', 20);
export const londonCluster = remote(1_618_033_988_749_894, 'cohesity-lon-sandbox', 40);
export const newYorkCluster = remote(1_414_213_562_373_095, 'cohesity-nyc-sandbox', 60, { reachable: false });
const accessOnly = remote(1_732_050_807_568_877, 'cohesity-lab-sandbox', 80, { purposeReplication: false });

export const remoteClusters: readonly RemoteCluster[] = [drCluster, londonCluster, newYorkCluster, accessOnly];

export const s3Vault: Vault = { id: 11, name: 's3-archive-frankfurt', type: 'kS3', kind: 'kCloud' };
export const azureVault: Vault = { id: 12, name: 'azure-cool-westeurope', type: 'kAzureStandard', kind: 'kCloud' };
export const tapeVault: Vault = { id: 13, name: 'tape-library-basement', type: 'kQStarTape', kind: 'kTape' };
export const nasVault: Vault = { id: 14, name: 'nas-archive-lon', type: 'kNAS', kind: 'kNas' };
const fortKnox: Vault = { id: 15, name: 'fortknox-eu', type: 'kAmazonS3StandardIA', kind: 'kCloud', fortKnox: true };
const leaving: Vault = {
  id: 16,
  name: 'coldline-2019',
  type: 'kColdline',
  kind: 'kCloud',
  removalState: 'kMarkedForRemoval',
};

/** A vault of the receiving cluster. Ids are valid on one cluster only, so this one repeats another's id. */
export const replicaVault: Vault = { id: 11, name: 'glacier-dr-stockholm', type: 'kGlacier', kind: 'kCloud' };

/** The view of a cluster on one that it replicates with. */
export const partnerOf = ({ clusterId, clusterIncarnationId, name }: ClusterIdentity): RemoteCluster => ({
  clusterId,
  clusterIncarnationId,
  name,
  purposeReplication: true,
  reachable: true,
  remoteIps: ['192.0.2.100'],
});

export const vaults: readonly Vault[] = [s3Vault, azureVault, tapeVault, nasVault, fortKnox, leaving];

export const remoteClusterWire = (cluster: RemoteCluster): Wire => ({
  clusterId: cluster.clusterId,
  clusterIncarnationId: cluster.clusterIncarnationId,
  name: cluster.name,
  description: 'Sandbox',
  purposeReplication: cluster.purposeReplication,
  purposeRemoteAccess: !cluster.purposeReplication,
  allEndpointsReachable: cluster.reachable,
  remoteIps: cluster.remoteIps,
  reverseRegisted: false,
});

export const vaultWire = (vault: Vault): Wire => ({
  id: vault.id,
  globalId: `sandbox-vault-${vault.id}`,
  name: vault.name,
  type: vault.type,
  externalTargetType: vault.type,
  usageType: 'kArchival',
  vaultOwnership: vault.fortKnox === true ? 'kOwnershipContextFortKnox' : 'kOwnershipContextLocal',
  removalState: vault.removalState ?? 'kDontRemove',
});

export const targetWire = (target: Target): Wire => {
  if (target.type === 'kLocal') return { type: target.type };
  if (target.type === 'kRemote') {
    const { clusterId, name } = target.cluster;
    return { type: target.type, replicationTarget: { clusterId, clusterName: name } };
  }
  if (target.type === 'kArchival') {
    const { id, name, kind } = target.vault;
    return { type: target.type, archivalTarget: { vaultId: id, vaultName: name, vaultType: kind } };
  }
  // One member name for both kinds of cloud, as in the vendor's API.
  return { type: target.type, cloudReplicationTarget: target.cloud };
};
