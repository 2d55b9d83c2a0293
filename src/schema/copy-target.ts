import type { CopyTarget, CloudDeployTarget, CloudReplicationTarget } from '../domain/copy-target.js';
import type { CopyTargetKind } from '../domain/copy-target-kind.js';
import type { Context } from '../assembly/context.js';
import { targetNameOf } from '../upstream/clients.js';
import { type FieldBuilder, builder } from './builder.js';
import { described } from './described.js';
import { NodeRef } from './node.js';

export const CopyTargetKindRef = builder.enumType('CopyTargetKind', {
  description: 'The kind of place that a copy goes to.',
  values: described<CopyTargetKind>({
    LOCAL: 'The cluster itself: the local snapshot with its expiry, and no copy elsewhere. Cohesity kLocal.',
    REMOTE: 'Another Cohesity cluster. Cohesity kRemote.',
    ARCHIVAL: 'An external target: cloud, tape or NAS. Cohesity kArchival.',
    CLOUD_DEPLOY: 'Converted and deployed in a cloud. Cohesity kCloudDeploy.',
    CLOUD_REPLICATION: 'Replicated into a cloud. Cohesity kCloudReplication.',
    VAULT: 'An AWS backup vault.',
    UNKNOWN: 'A kind that this version does not know, or none was sent.',
  }),
});

type TargetOf<Kind extends CopyTargetKind> = Extract<CopyTarget, { readonly kind: Kind }>;

const newest = 'All copies to this target show the same name: the newest that the gateway has read.';

export const CopyTargetRef = builder.interfaceRef<CopyTarget>('CopyTarget').implement({
  description:
    'A place that copies go to. It has only facts that are the same for all its copies. Facts that differ, such as `offsite`, are fields of the copy. Its `id` is `CopyTarget:<upstream>:<KIND>:<vendor key>`, so each upstream has its own targets.',
  interfaces: [NodeRef],
  fields: (t) => ({
    kind: t.expose('kind', { type: CopyTargetKindRef, description: 'The kind of place.' }),
    name: nameField(
      t,
      `The vendor’s name of the cluster, external target, cloud or vault. \`null\` for LOCAL and UNKNOWN, or if not sent. ${newest}`,
    ),
  }),
});

/** Targets with equal ids show one name, whichever copy led to them. */
function nameField<T extends CopyTarget>(t: FieldBuilder<T>, description: string) {
  return t.field({
    type: 'String',
    nullable: true,
    description,
    resolve: (target: T, _args: object, { session }: Context) => targetNameOf(session.clients, target),
  });
}

/** The options of every type of target: it comes with its copy, and another subgraph may refer to it. */
const shared = { interfaces: [NodeRef, CopyTargetRef], requiresScopes: [['copy:read']], comesWithRecord: true };

const LocalTargetRef = builder.objectRef<TargetOf<'LOCAL'>>('LocalTarget').implement({
  ...shared,
  description: 'The cluster itself. Source: Cohesity v1 SnapshotTargetSettings, type kLocal.',
});

const RemoteClusterTargetRef = builder.objectRef<TargetOf<'REMOTE'>>('RemoteClusterTarget').implement({
  ...shared,
  description: 'Another Cohesity cluster. Source: Cohesity v1 ReplicationTargetSettings.',
  fields: (t) => ({
    clusterId: t.expose('clusterId', {
      type: 'BigInt',
      nullable: true,
      description: 'The remote cluster’s id. `null` if not sent.',
    }),
    clusterName: nameField(t, 'The remote cluster’s name. The same as `name`.'),
  }),
});

const ArchivalTargetRef = builder.objectRef<TargetOf<'ARCHIVAL'>>('ArchivalTarget').implement({
  ...shared,
  description:
    'A Cohesity external target. `CopyRun.vaultType` says whether it is cloud, tape or NAS. Source: Cohesity v1 ArchivalExternalTarget.',
  fields: (t) => ({
    vaultId: t.expose('vaultId', {
      type: 'BigInt',
      nullable: true,
      description: 'The target’s id on this cluster. `null` if not sent.',
    }),
    vaultName: nameField(t, 'The target’s name. The same as `name`.'),
  }),
});

/** Cohesity sends the same member for a cloud to deploy in and for one to replicate into. */
const cloudTargetId = {
  type: 'BigInt',
  nullable: true,
  description: 'The target’s id on this cluster: the vendor’s `id`. `null` if not sent.',
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
    'An AWS backup vault, as its ARN describes it. `CopyJob.destinationVaultType` and `CopyJob.destinationVaultLockState` have its type and lock when the copy was made.',
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
  description:
    'A target of a kind that this version does not know. `CopyRun.upstreamTargetKind` has the vendor’s value.',
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
