import { lastPartOf, parseArn } from './arn.js';
import { type CopyTargetKind, copyTargetKinds } from './copy-target-kind.js';
import { type ParsedId, encodeId, isSafe, parseId } from './global-id.js';

interface Target {
  readonly id: string; // global: equal ids are the same target
  readonly upstream: string;
  readonly name: string | null;
}

interface LocalTarget extends Target {
  readonly __typename: 'LocalTarget';
  readonly kind: 'LOCAL';
}

interface RemoteClusterTarget extends Target {
  readonly __typename: 'RemoteClusterTarget';
  readonly kind: 'REMOTE';
  readonly clusterId: bigint | null;
}

interface ArchivalTarget extends Target {
  readonly __typename: 'ArchivalTarget';
  readonly kind: 'ARCHIVAL';
  readonly vaultId: bigint | null;
}

export interface CloudDeployTarget extends Target {
  readonly __typename: 'CloudDeployTarget';
  readonly kind: 'CLOUD_DEPLOY';
  readonly cloudTargetId: bigint | null;
}

export interface CloudReplicationTarget extends Target {
  readonly __typename: 'CloudReplicationTarget';
  readonly kind: 'CLOUD_REPLICATION';
  readonly cloudTargetId: bigint | null;
}

interface BackupVaultTarget extends Target {
  readonly __typename: 'BackupVaultTarget';
  readonly kind: 'VAULT';
  readonly backupVaultArn: string | null;
  readonly region: string | null;
  readonly accountId: string | null;
}

interface UnknownTarget extends Target {
  readonly __typename: 'UnknownTarget';
  readonly kind: 'UNKNOWN';
}

/** A target of copies. It holds only members that are the same for all copies to it. */
export type CopyTarget =
  | LocalTarget
  | RemoteClusterTarget
  | ArchivalTarget
  | CloudDeployTarget
  | CloudReplicationTarget
  | BackupVaultTarget
  | UnknownTarget;

/** The kinds of target that the vendor identifies by number. */
const numbered: ReadonlySet<CopyTargetKind> = new Set(['REMOTE', 'ARCHIVAL', 'CLOUD_DEPLOY', 'CLOUD_REPLICATION']);

const number = /^-?\d+$/;
const LONGEST_KEY = 3000; // as written in an id, which may have 4,096 characters in all

/**
 * The part of an id that distinguishes a target from others of its kind: the vendor's key, otherwise the name. A name
 * that resembles a number gets an `@` before it. `null` if there is neither, or neither fits an id.
 */
const keyOf = (kind: CopyTargetKind, vendorKey: bigint | string | null, name: string | null): string | null => {
  if (kind === 'LOCAL') return null;
  const named = name !== null && numbered.has(kind) && /^@*-?\d+$/.test(name) ? `@${name}` : name;
  const key = vendorKey?.toString() ?? named;
  return key !== null && isSafe(key) && encodeURIComponent(key).length <= LONGEST_KEY ? key : null;
};

/** The name in a key; `null` if the key is a number. */
const nameIn = (kind: CopyTargetKind, key: string | null): string | null => {
  if (key === null || (numbered.has(kind) && number.test(key))) return null;
  if (kind === 'VAULT') return lastPartOf(key);
  return numbered.has(kind) && /^@+-?\d+$/.test(key) ? key.slice(1) : key;
};

const targetUnder = (upstream: string, kind: CopyTargetKind, key: string | null, name: string | null): CopyTarget => {
  const vendorId = key !== null && number.test(key) ? BigInt(key) : null;
  const ofKind = [kind, ...(key === null ? [] : [numbered.has(kind) && vendorId !== null ? vendorId : key])];
  const shared = { id: encodeId('CopyTarget', upstream, ...ofKind), upstream, name };
  switch (kind) {
    case 'LOCAL':
      return { __typename: 'LocalTarget', kind, ...shared };
    case 'REMOTE':
      return { __typename: 'RemoteClusterTarget', kind, ...shared, clusterId: vendorId };
    case 'ARCHIVAL':
      return { __typename: 'ArchivalTarget', kind, ...shared, vaultId: vendorId };
    case 'CLOUD_DEPLOY':
      return { __typename: 'CloudDeployTarget', kind, ...shared, cloudTargetId: vendorId };
    case 'CLOUD_REPLICATION':
      return { __typename: 'CloudReplicationTarget', kind, ...shared, cloudTargetId: vendorId };
    case 'VAULT': {
      const { region = null, accountId = null } = (key === null ? null : parseArn(key)) ?? {};
      return { __typename: 'BackupVaultTarget', kind, ...shared, backupVaultArn: key, region, accountId };
    }
    case 'UNKNOWN':
      return { __typename: 'UnknownTarget', kind, ...shared };
  }
};

/** Builds the target of a copy. `vendorKey` is the vendor's number or ARN of the target. */
export const createTarget = (
  upstream: string,
  kind: CopyTargetKind,
  vendorKey: bigint | string | null,
  name: string | null,
): CopyTarget => targetUnder(upstream, kind, keyOf(kind, vendorKey, name), name);

/** Builds a target from its id alone. It equals the target in its copies, except that a numbered target has no name. */
export const targetOfId = ({ upstream, parts }: ParsedId): CopyTarget => {
  const [word, key = null]: readonly (string | null)[] = parts;
  const kind = copyTargetKinds.find((one) => one === word) ?? 'UNKNOWN';
  return targetUnder(upstream, kind, key, nameIn(kind, key));
};

/** A target's id in the form that its copies show, whatever form the caller wrote. */
export const targetIdWritten = (id: string): string => {
  const parsed = parseId(id);
  return parsed?.type === 'CopyTarget' ? targetOfId(parsed).id : id;
};

/** The global id of a copy's target, by which copies are summed; `null` if the target is not reported. */
export const targetIdOf = ({ target }: { readonly target: CopyTarget | null }): string | null => target?.id ?? null;
