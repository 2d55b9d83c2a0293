export type VaultKind = 'CLOUD' | 'TAPE' | 'NAS' | 'UNKNOWN';

export type CloudType = 'AZURE' | 'AWS' | 'GCP' | 'UNKNOWN';

/**
 * Cohesity's details of a copy's target beyond its key and name. They may differ between two copies to one target, so
 * they belong to the copy.
 */
export interface TargetDetails {
  readonly upstreamKind: string | null; // the vendor's own term for the kind of place
  readonly vaultType: VaultKind | null;
  readonly cloudType: CloudType | null;
  readonly awsParams: AwsParams | null;
  readonly azureParams: AzureParams | null;
  readonly gcpParams: GcpParams | null;
}

/** The members of Cohesity's `AwsParams`; ids of AWS resources are the cluster's own numbers. */
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
