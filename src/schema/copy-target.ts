import type {
  ArchivalTarget,
  BackupVaultTarget,
  CloudDeployTarget,
  CloudDetails,
  CloudReplicationTarget,
  CopyTarget,
  LocalTarget,
  RemoteClusterTarget,
  UnknownTarget,
  CopyTargetKind,
  VaultKind,
} from '../domain/copy-target.js';
import { builder } from './builder.js';
import { described } from './described.js';
import { AwsParamsRef, AzureParamsRef, CloudTypeRef, GcpParamsRef } from './cohesity/cloud-params.js';

export const CopyTargetKindRef = builder.enumType('CopyTargetKind', {
  description: 'What sort of place a copy goes to.',
  values: described<CopyTargetKind>({
    LOCAL: 'The cluster itself: the local snapshot with its expiry, not a copy elsewhere. Cohesity kLocal.',
    REMOTE: 'Another Cohesity cluster. Cohesity kRemote.',
    ARCHIVAL: 'An external target: cloud, tape or NAS. Cohesity kArchival.',
    CLOUD_DEPLOY: 'Converted and deployed in a cloud. Cohesity kCloudDeploy.',
    CLOUD_REPLICATION: 'Replicated into a cloud. Cohesity kCloudReplication.',
    VAULT: 'An AWS backup vault.',
    UNKNOWN: 'A kind we do not know, or none.',
  }),
});

const VaultKindRef = builder.enumType('VaultKind', {
  description: 'Kind of Cohesity external target. Source: Cohesity v1 ArchivalExternalTarget.vaultType.',
  values: described<VaultKind>({
    CLOUD: 'Cloud storage. kCloud.',
    TAPE: 'Tape; a person may have to load media. kTape.',
    NAS: 'A file server. kNas.',
    UNKNOWN: 'A word we do not know.',
  }),
});

export const CopyTargetRef = builder.interfaceRef<CopyTarget>('CopyTarget').implement({
  description: 'Where a copy goes.',
  fields: (t) => ({
    kind: t.expose('kind', { type: CopyTargetKindRef, description: 'What sort of place it is.' }),
    name: t.exposeString('name', {
      nullable: true,
      description:
        'What the vendor calls it: the cluster, the external target, the vault; `null` for LOCAL and where not sent.',
    }),
    offsite: t.exposeBoolean('offsite', {
      nullable: true,
      description:
        'Whether it lies elsewhere: everything but LOCAL; an AWS vault when its Region is not the source vault’s. `null` where it cannot be told.',
    }),
  }),
});

builder.objectRef<LocalTarget>('LocalTarget').implement({
  description: 'The cluster itself. Source: Cohesity v1 SnapshotTargetSettings, type kLocal.',
  interfaces: [CopyTargetRef],
});

builder.objectRef<RemoteClusterTarget>('RemoteClusterTarget').implement({
  description: 'Another Cohesity cluster. Source: Cohesity v1 ReplicationTargetSettings.',
  interfaces: [CopyTargetRef],
  fields: (t) => ({
    clusterId: t.expose('clusterId', { type: 'BigInt', nullable: true, description: 'The remote cluster’s id.' }),
    clusterName: t.exposeString('clusterName', { nullable: true, description: 'The remote cluster’s name.' }),
  }),
});

builder.objectRef<ArchivalTarget>('ArchivalTarget').implement({
  description: 'A Cohesity external target. Source: Cohesity v1 ArchivalExternalTarget.',
  interfaces: [CopyTargetRef],
  fields: (t) => ({
    vaultId: t.expose('vaultId', { type: 'BigInt', nullable: true, description: 'The target’s id on this cluster.' }),
    vaultName: t.exposeString('vaultName', { nullable: true, description: 'The target’s name.' }),
    vaultType: t.expose('vaultType', { type: VaultKindRef, nullable: true, description: 'Cloud, tape or NAS.' }),
  }),
});

/** What deployment to a cloud and replication into one have in common: Cohesity sends the same member for both. */
const CloudTargetRef = builder.interfaceRef<CloudDetails>('CloudTarget').implement({
  description: 'What Cohesity tells of a cloud it copies to. Source: Cohesity v1 CloudDeployTargetDetails.',
  fields: (t) => ({
    cloudTargetId: t.expose('id', {
      type: 'BigInt',
      nullable: true,
      description: 'The target’s number on this cluster: the vendor’s `id`. `null` where not sent.',
    }),
    type: t.expose('type', { type: CloudTypeRef, nullable: true, description: 'Which cloud.' }),
    awsParams: t.expose('awsParams', { type: AwsParamsRef, nullable: true, description: 'Where in AWS; else `null`.' }),
    azureParams: t.expose('azureParams', {
      type: AzureParamsRef,
      nullable: true,
      description: 'Where in Azure; else `null`.',
    }),
    gcpParams: t.expose('gcpParams', {
      type: GcpParamsRef,
      nullable: true,
      description: 'Where in Google Cloud; else `null`.',
    }),
  }),
});

builder.objectRef<CloudDeployTarget>('CloudDeployTarget').implement({
  description: 'A cloud where snapshots are converted and deployed. Source: Cohesity v1 CloudDeployTargetDetails.',
  interfaces: [CopyTargetRef, CloudTargetRef],
});

builder.objectRef<CloudReplicationTarget>('CloudReplicationTarget').implement({
  description: 'A cloud that snapshots are replicated into. Source: Cohesity v1 CloudDeployTargetDetails.',
  interfaces: [CopyTargetRef, CloudTargetRef],
});

builder.objectRef<BackupVaultTarget>('BackupVaultTarget').implement({
  description: 'An AWS backup vault, read off the destination’s ARN.',
  interfaces: [CopyTargetRef],
  fields: (t) => ({
    backupVaultArn: t.exposeString('backupVaultArn', { nullable: true, description: 'AWS DestinationBackupVaultArn.' }),
    region: t.exposeString('region', { nullable: true, description: 'The vault’s Region, such as `us-east-2`.' }),
    accountId: t.exposeString('accountId', {
      nullable: true,
      description: 'The account that owns the vault, 12 digits.',
    }),
    otherAccount: t.exposeBoolean('otherAccount', {
      nullable: true,
      description: 'Whether that account is not the source vault’s; `null` where either is not told.',
    }),
    backupVaultType: t.exposeString('backupVaultType', {
      nullable: true,
      description:
        'AWS DestinationVaultType: BACKUP_VAULT, LOGICALLY_AIR_GAPPED_BACKUP_VAULT, or a word that comes later.',
    }),
    lockState: t.exposeString('lockState', {
      nullable: true,
      description: 'AWS DestinationVaultLockState: LOCKED, UNLOCKED, or a word that comes later.',
    }),
  }),
});

builder.objectRef<UnknownTarget>('UnknownTarget').implement({
  description: 'A kind of place that came after this was built.',
  interfaces: [CopyTargetRef],
  fields: (t) => ({
    upstreamKind: t.exposeString('upstreamKind', {
      nullable: true,
      description: 'The vendor’s own word for it, as sent.',
    }),
  }),
});
