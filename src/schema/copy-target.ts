import type { CopyTarget, CloudDeployTarget, CloudReplicationTarget } from '../domain/copy-target.js';
import type { CopyTargetKind } from '../domain/copy-target-kind.js';
import type { Context } from '../assembly/context.js';
import { targetNameOf } from '../upstream/clients.js';
import { type FieldBuilder, builder } from './builder.js';
import { described } from './described.js';
import { NodeRef } from './node.js';

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

type TargetOf<Kind extends CopyTargetKind> = Extract<CopyTarget, { readonly kind: Kind }>;

const newest = 'The newest one that the gateway has read of any copy: all copies to this target show the same.';

export const CopyTargetRef = builder.interfaceRef<CopyTarget>('CopyTarget').implement({
  description:
    'A place that copies go to. It has what is the same for all its copies; what differs from copy to copy, such as `offsite`, is a field of the copy. `id` is `CopyTarget:<upstream>:<KIND>:<vendor key>`: each upstream has targets of its own.',
  interfaces: [NodeRef],
  fields: (t) => ({
    kind: t.expose('kind', { type: CopyTargetKindRef, description: 'What sort of place it is.' }),
    name: nameField(
      t,
      `What the vendor calls it: the cluster, the external target, the vault; \`null\` for LOCAL and where not sent. ${newest}`,
    ),
  }),
});

/** Equal ids have one name, whatever the copy was told of it that led here. */
function nameField<T extends CopyTarget>(t: FieldBuilder<T>, description: string) {
  return t.field({
    type: 'String',
    nullable: true,
    description,
    resolve: (target: T, _args: object, { session }: Context) => targetNameOf(session.clients, target),
  });
}

/** What every type of targets says of itself: it comes with its copy, and another subgraph may refer to it. */
const shared = { interfaces: [NodeRef, CopyTargetRef], requiresScopes: [['copy:read']], comesWithRecord: true };

const LocalTargetRef = builder.objectRef<TargetOf<'LOCAL'>>('LocalTarget').implement({
  ...shared,
  description: 'The cluster itself. Source: Cohesity v1 SnapshotTargetSettings, type kLocal.',
});

const RemoteClusterTargetRef = builder.objectRef<TargetOf<'REMOTE'>>('RemoteClusterTarget').implement({
  ...shared,
  description: 'Another Cohesity cluster. Source: Cohesity v1 ReplicationTargetSettings.',
  fields: (t) => ({
    clusterId: t.expose('clusterId', { type: 'BigInt', nullable: true, description: 'The remote cluster’s id.' }),
    clusterName: nameField(t, 'The remote cluster’s name, the same as `name`.'),
  }),
});

const ArchivalTargetRef = builder.objectRef<TargetOf<'ARCHIVAL'>>('ArchivalTarget').implement({
  ...shared,
  description:
    'A Cohesity external target. `CopyRun.vaultType` says whether it is cloud, tape or NAS. Source: Cohesity v1 ArchivalExternalTarget.',
  fields: (t) => ({
    vaultId: t.expose('vaultId', { type: 'BigInt', nullable: true, description: 'The target’s id on this cluster.' }),
    vaultName: nameField(t, 'The target’s name, the same as `name`.'),
  }),
});

/** Cohesity sends the same member of a cloud to deploy in and of one to replicate into. */
const cloudTargetId = {
  type: 'BigInt',
  nullable: true,
  description: 'The target’s number on this cluster: the vendor’s `id`. `null` where not sent.',
} as const;

const CloudDeployTargetRef = builder.objectRef<CloudDeployTarget>('CloudDeployTarget').implement({
  ...shared,
  description: 'A cloud where snapshots are converted and deployed. Source: Cohesity v1 CloudDeployTargetDetails.',
  fields: (t) => ({ cloudTargetId: t.expose('cloudTargetId', cloudTargetId) }),
});

const CloudReplicationTargetRef = builder.objectRef<CloudReplicationTarget>('CloudReplicationTarget').implement({
  ...shared,
  description: 'A cloud that snapshots are replicated into. Source: Cohesity v1 CloudDeployTargetDetails.',
  fields: (t) => ({ cloudTargetId: t.expose('cloudTargetId', cloudTargetId) }),
});

const BackupVaultTargetRef = builder.objectRef<TargetOf<'VAULT'>>('BackupVaultTarget').implement({
  ...shared,
  description:
    'An AWS backup vault, read off its ARN. `CopyJob.destinationVaultType` and `CopyJob.destinationVaultLockState` say what it was when the copy was made.',
  fields: (t) => ({
    backupVaultArn: t.exposeString('backupVaultArn', { nullable: true, description: 'AWS DestinationBackupVaultArn.' }),
    region: t.exposeString('region', { nullable: true, description: 'The vault’s Region, such as `us-east-2`.' }),
    accountId: t.exposeString('accountId', {
      nullable: true,
      description: 'The account that owns the vault, 12 digits.',
    }),
  }),
});

const UnknownTargetRef = builder.objectRef<TargetOf<'UNKNOWN'>>('UnknownTarget').implement({
  ...shared,
  description: 'A kind of place that came after this was built. `CopyRun.upstreamTargetKind` has the vendor’s word.',
});

/** The object types of targets. */
export const copyTargetRefs = [
  LocalTargetRef,
  RemoteClusterTargetRef,
  ArchivalTargetRef,
  CloudDeployTargetRef,
  CloudReplicationTargetRef,
  BackupVaultTargetRef,
  UnknownTargetRef,
];
