import { z } from 'zod';
import type { CopyOperation } from '../../domain/copy-operation.js';
import type { CopyRun } from '../../domain/copy-run.js';
import { createTarget } from '../../domain/copy-target.js';
import type { CopyTargetKind } from '../../domain/copy-target-kind.js';
import {
  type AwsParams,
  type CloudType,
  type TargetDetails,
  type VaultKind,
  azureIds,
} from '../../domain/target-details.js';
import { wireBoolean, wireInteger, wireObject, wireOptionalList, wireText } from '../wire.js';
import { wordIn } from './words.js';

const azureIntegers = Object.fromEntries(azureIds.map((member) => [member, wireInteger])) as {
  readonly [member in (typeof azureIds)[number]]: typeof wireInteger; // the type of fromEntries loses the names
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

/** Source: Cohesity v1 `SnapshotTargetSettings`. Of the three members, the one for `type` is set. */
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

const toAwsParams = (wire: NonNullable<NonNullable<z.infer<typeof WireCloud>>['awsParams']>): AwsParams => ({
  ...wire,
  networkSecurityGroupIds: wire.networkSecurityGroupIds?.filter((id) => id !== null) ?? null,
});

type Wire = NonNullable<z.infer<typeof WireTarget>>;

const noDetails: TargetDetails = {
  upstreamKind: null,
  vaultType: null,
  cloudType: null,
  awsParams: null,
  azureParams: null,
  gcpParams: null,
};

/** `null` for kinds without further details. */
const toDetails = (kind: CopyTargetKind, wire: Wire): TargetDetails | null => {
  switch (kind) {
    case 'ARCHIVAL':
      return { ...noDetails, vaultType: wordIn(vaults, wire.archivalTarget?.vaultType ?? null) };
    case 'CLOUD_DEPLOY':
    case 'CLOUD_REPLICATION': {
      const { type = null, awsParams = null, azureParams = null, gcpParams = null } = wire.cloudReplicationTarget ?? {};
      const aws = awsParams === null ? null : toAwsParams(awsParams);
      return { ...noDetails, cloudType: wordIn(clouds, type), awsParams: aws, azureParams, gcpParams };
    }
    case 'UNKNOWN':
      return { ...noDetails, upstreamKind: wire.type };
    default:
      return null;
  }
};

/** The vendor's number and name of a target. */
const keyIn = (kind: CopyTargetKind, wire: Wire): readonly [key: bigint | null, name: string | null] => {
  const { archivalTarget: vault, replicationTarget: cluster, cloudReplicationTarget: cloud } = wire;
  switch (kind) {
    case 'REMOTE':
      return [cluster?.clusterId ?? null, cluster?.clusterName ?? null];
    case 'ARCHIVAL':
      return [vault?.vaultId ?? null, vault?.vaultName ?? null];
    case 'CLOUD_DEPLOY':
    case 'CLOUD_REPLICATION':
      return [cloud?.id ?? null, cloud?.name ?? null];
    default:
      return [null, null];
  }
};

type Place = Pick<CopyOperation, 'target' | 'offsite'> & Pick<CopyRun, 'targetDetails'>;

/** Total: a new kind of target becomes an `UnknownTarget`. */
export const toPlace = (wire: z.infer<typeof WireTarget>, upstream: string): Place => {
  if (wire === null) return { target: null, offsite: null, targetDetails: null };
  const kind = wordIn(kinds, wire.type) ?? 'UNKNOWN';
  return {
    target: createTarget(upstream, kind, ...keyIn(kind, wire)),
    offsite: kind === 'UNKNOWN' ? null : kind !== 'LOCAL',
    targetDetails: toDetails(kind, wire),
  };
};
