import { z } from 'zod';
import {
  type AwsParams,
  type AzureParams,
  type CloudDetails,
  type CloudType,
  type CopyTarget,
  type CopyTargetKind,
  type VaultKind,
  azureIds,
} from '../../domain/copy-target.js';
import { wireBoolean, wireInteger, wireObject, wireOptionalList, wireText } from '../wire.js';
import { wordIn } from './words.js';

const azureIntegers = Object.fromEntries(azureIds.map((member) => [member, wireInteger])) as {
  readonly [member in (typeof azureIds)[number]]: typeof wireInteger; // fromEntries forgets the names
};

const WireCloud = wireObject({
  id: wireInteger,
  name: wireText,
  type: wireText,
  awsParams: wireObject({
    customTagList: wireOptionalList(z.object({ key: wireText, value: wireText })),
    instanceId: wireInteger,
    networkSecurityGroupIds: wireOptionalList(wireInteger),
    rdsParams: wireObject({
      availabilityZoneId: wireInteger,
      dbInstanceId: wireText,
      dbOptionGroupId: wireInteger,
      dbParameterGroupId: wireInteger,
      dbPort: z
        .number()
        .nullish()
        .transform((value) => value ?? null),
      enableAutoMinorVersionUpgrade: wireBoolean,
      enableCopyTagsToSnapshots: wireBoolean,
      enableDbAuthentication: wireBoolean,
      enablePublicAccessibility: wireBoolean,
      isMultiAzDeployment: wireBoolean,
    }),
    region: wireInteger,
    subnetId: wireInteger,
    virtualPrivateCloudId: wireInteger,
  }),
  azureParams: wireObject({ ...azureIntegers, dataDiskType: wireText, osDiskType: wireText }),
  gcpParams: wireObject({
    instanceId: wireInteger,
    region: wireInteger,
    subnetId: wireInteger,
    virtualPrivateCloudId: wireInteger,
  }),
});

/** Source: Cohesity v1 `SnapshotTargetSettings`. Of the three members the one that fits `type` is set. */
export const WireTarget = wireObject({
  type: wireText,
  archivalTarget: wireObject({ vaultId: wireInteger, vaultName: wireText, vaultType: wireText }),
  replicationTarget: wireObject({ clusterId: wireInteger, clusterName: wireText }),
  cloudReplicationTarget: WireCloud,
});

const kinds: Readonly<Record<string, CopyTargetKind>> = {
  kLocal: 'LOCAL',
  kRemote: 'REMOTE',
  kArchival: 'ARCHIVAL',
  kCloudDeploy: 'CLOUD_DEPLOY',
  kCloudReplication: 'CLOUD_REPLICATION',
};
const vaults: Readonly<Record<string, VaultKind>> = { kCloud: 'CLOUD', kTape: 'TAPE', kNas: 'NAS' };
const clouds: Readonly<Record<string, CloudType>> = { kAzure: 'AZURE', kAWS: 'AWS', kGCP: 'GCP' };

const toCloud = (wire: z.infer<typeof WireCloud>): CloudDetails => ({
  id: wire?.id ?? null,
  type: wordIn(clouds, wire?.type ?? null),
  awsParams: wire?.awsParams ? toAwsParams(wire.awsParams) : null,
  azureParams: (wire?.azureParams satisfies AzureParams | null | undefined) ?? null,
  gcpParams: wire?.gcpParams ?? null,
});

const toAwsParams = (wire: NonNullable<NonNullable<z.infer<typeof WireCloud>>['awsParams']>): AwsParams => ({
  ...wire,
  networkSecurityGroupIds: wire.networkSecurityGroupIds?.filter((id) => id !== null) ?? null,
});

/** Total: a kind of target that comes later becomes an `UnknownTarget` with the vendor's word. */
export const toTarget = (wire: z.infer<typeof WireTarget>): CopyTarget | null => {
  if (wire === null) return null;
  const kind = wordIn(kinds, wire.type) ?? 'UNKNOWN';
  const { archivalTarget: vault, replicationTarget: cluster, cloudReplicationTarget: cloud } = wire;
  switch (kind) {
    case 'LOCAL':
      return { __typename: 'LocalTarget', kind, name: null, offsite: false };
    case 'REMOTE':
      return {
        __typename: 'RemoteClusterTarget',
        kind,
        name: cluster?.clusterName ?? null,
        offsite: true,
        clusterId: cluster?.clusterId ?? null,
        clusterName: cluster?.clusterName ?? null,
      };
    case 'ARCHIVAL':
      return {
        __typename: 'ArchivalTarget',
        kind,
        name: vault?.vaultName ?? null,
        offsite: true,
        vaultId: vault?.vaultId ?? null,
        vaultName: vault?.vaultName ?? null,
        vaultType: wordIn(vaults, vault?.vaultType ?? null),
      };
    case 'CLOUD_DEPLOY':
      return { __typename: 'CloudDeployTarget', kind, name: cloud?.name ?? null, offsite: true, ...toCloud(cloud) };
    case 'CLOUD_REPLICATION':
      return {
        __typename: 'CloudReplicationTarget',
        kind,
        name: cloud?.name ?? null,
        offsite: true,
        ...toCloud(cloud),
      };
    default:
      return { __typename: 'UnknownTarget', kind: 'UNKNOWN', name: null, offsite: null, upstreamKind: wire.type };
  }
};
