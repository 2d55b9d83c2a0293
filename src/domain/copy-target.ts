export const copyTargetKinds = [
  'LOCAL',
  'REMOTE',
  'ARCHIVAL',
  'CLOUD_DEPLOY',
  'CLOUD_REPLICATION',
  'VAULT',
  'UNKNOWN',
] as const;

/** What sort of place a copy goes to. */
export type CopyTargetKind = (typeof copyTargetKinds)[number];

export type VaultKind = 'CLOUD' | 'TAPE' | 'NAS' | 'UNKNOWN';

export type CloudType = 'AZURE' | 'AWS' | 'GCP' | 'UNKNOWN';

interface Target {
  readonly name: string | null;
  readonly offsite: boolean | null; // null: cannot be told
}

export interface LocalTarget extends Target {
  readonly __typename: 'LocalTarget';
  readonly kind: 'LOCAL';
}

export interface RemoteClusterTarget extends Target {
  readonly __typename: 'RemoteClusterTarget';
  readonly kind: 'REMOTE';
  readonly clusterId: bigint | null;
  readonly clusterName: string | null;
}

export interface ArchivalTarget extends Target {
  readonly __typename: 'ArchivalTarget';
  readonly kind: 'ARCHIVAL';
  readonly vaultId: bigint | null;
  readonly vaultName: string | null;
  readonly vaultType: VaultKind | null;
}

/** What Cohesity tells of a cloud it deploys or replicates to. */
export interface CloudDetails {
  readonly id: bigint | null;
  readonly type: CloudType | null;
  readonly awsParams: AwsParams | null;
  readonly azureParams: AzureParams | null;
  readonly gcpParams: GcpParams | null;
}

export interface CloudDeployTarget extends Target, CloudDetails {
  readonly __typename: 'CloudDeployTarget';
  readonly kind: 'CLOUD_DEPLOY';
}

export interface CloudReplicationTarget extends Target, CloudDetails {
  readonly __typename: 'CloudReplicationTarget';
  readonly kind: 'CLOUD_REPLICATION';
}

export interface BackupVaultTarget extends Target {
  readonly __typename: 'BackupVaultTarget';
  readonly kind: 'VAULT';
  readonly backupVaultArn: string | null;
  readonly region: string | null;
  readonly accountId: string | null;
  readonly otherAccount: boolean | null;
  readonly backupVaultType: string | null;
  readonly lockState: string | null;
}

export interface UnknownTarget extends Target {
  readonly __typename: 'UnknownTarget';
  readonly kind: 'UNKNOWN';
  readonly upstreamKind: string | null; // the vendor's own word
}

export type CopyTarget =
  | LocalTarget
  | RemoteClusterTarget
  | ArchivalTarget
  | CloudDeployTarget
  | CloudReplicationTarget
  | BackupVaultTarget
  | UnknownTarget;

/** The members of Cohesity's `AwsParams`; ids of AWS resources as the cluster numbers them. */
export interface AwsParams {
  readonly customTagList: readonly { readonly key: string | null; readonly value: string | null }[] | null;
  readonly instanceId: bigint | null;
  readonly networkSecurityGroupIds: readonly bigint[] | null;
  readonly rdsParams: RdsParams | null;
  readonly region: bigint | null;
  readonly subnetId: bigint | null;
  readonly virtualPrivateCloudId: bigint | null;
}

export interface RdsParams {
  readonly availabilityZoneId: bigint | null;
  readonly dbInstanceId: string | null;
  readonly dbOptionGroupId: bigint | null;
  readonly dbParameterGroupId: bigint | null;
  readonly dbPort: number | null;
  readonly enableAutoMinorVersionUpgrade: boolean | null;
  readonly enableCopyTagsToSnapshots: boolean | null;
  readonly enableDbAuthentication: boolean | null;
  readonly enablePublicAccessibility: boolean | null;
  readonly isMultiAzDeployment: boolean | null;
}

/** The integer members of Cohesity's `AzureParams`. */
export const azureIds = [
  'availabilitySetId',
  'instanceId',
  'networkResourceGroupId',
  'resourceGroup',
  'storageAccount',
  'storageContainer',
  'storageResourceGroupId',
  'subnetId',
  'tempVmResourceGroupId',
  'tempVmStorageAccountId',
  'tempVmStorageContainerId',
  'tempVmSubnetId',
  'tempVmVirtualNetworkId',
  'virtualNetworkId',
] as const;

export type AzureParams = { readonly [member in (typeof azureIds)[number]]: bigint | null } & {
  readonly dataDiskType: string | null;
  readonly osDiskType: string | null;
};

export interface GcpParams {
  readonly instanceId: bigint | null;
  readonly region: bigint | null;
  readonly subnetId: bigint | null;
  readonly virtualPrivateCloudId: bigint | null;
}
