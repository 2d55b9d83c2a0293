import { fraction, hash } from '../random.js';
import type { UniversalId } from './identity.js';
import type { Wire } from './json.js';

/** A node of a source tree: a protectable one, or the root above it. */
export interface Source {
  readonly id: number;
  readonly name: string;
  readonly environment: string;
  readonly parentId: number | null;
  readonly uuid: string;
  /** Its id on the cluster that protects it. */
  readonly originId: number;
  readonly sizeBytes: bigint;
  /** Exactly as it is sent. */
  readonly wire: Wire;
}

interface SourceFacts {
  readonly id: number;
  readonly name: string;
  readonly environment: string;
  readonly parentId: number | null;
  readonly owner: UniversalId;
  readonly seed: number;
  readonly sizeBytes?: bigint;
}

const hex = (length: number, ...parts: readonly (string | number)[]): string =>
  Array.from({ length: Math.ceil(length / 8) }, (_, index) =>
    hash(...parts, index)
      .toString(16)
      .padStart(8, '0'),
  )
    .join('')
    .slice(0, length);

const uuidOf = (...parts: readonly (string | number)[]): string => {
  const digits = hex(32, 'uuid', ...parts);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `5${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
};

/** The member with the environment's own values; its `id` has a different form in each environment. */
const environmentPart = ({ id, name, environment, owner, parentId }: SourceFacts, uuid: string): Wire => {
  const root = parentId === null;
  if (environment === 'kVMware') {
    const kind = root ? { morItem: 'Folder', morType: 'Folder' } : { morItem: `vm-${id}`, morType: 'VirtualMachine' };
    return {
      vmWareProtectionSource: {
        id: { ...kind, uuid },
        name,
        type: root ? 'kVCenter' : 'kVirtualMachine',
        connectionState: 'kConnected',
        ...(root
          ? {}
          : {
              hostType: id % 3 === 0 ? 'kWindows' : 'kLinux',
              isVmTemplate: false,
              toolsRunningStatus: 'kGuestToolsRunning',
            }),
      },
    };
  }
  if (environment === 'kSQL') {
    return {
      sqlProtectionSource: {
        id: { databaseId: id, createdDateMsecs: 1_596_000_000_000 + id, instanceId: uuid.slice(0, 8) },
        name,
        type: root ? 'kRootContainer' : 'kDatabase',
        ...(root
          ? {}
          : {
              databaseName: name.split('/').at(-1),
              ownerId: parentId,
              recoveryModel: 'kFullRecoveryModel',
              sqlServerDbState: 'kOnline',
            }),
      },
    };
  }
  if (environment === 'kPhysical') {
    return {
      physicalProtectionSource: {
        hostType: id % 2 === 0 ? 'kLinux' : 'kWindows',
        id: { ...owner, id },
        name,
        type: root ? 'kGroup' : 'kHost',
      },
    };
  }
  if (environment === 'kView')
    return { viewProtectionSource: { id: { ...owner, id }, name, type: root ? 'kViewBox' : 'kView' } };
  if (environment === 'kOracle')
    return { oracleProtectionSource: { uuid, name, type: root ? 'kRootContainer' : 'kDatabase', ownerId: parentId } };
  return { nasProtectionSource: { name, mountPath: name, type: root ? 'kGroup' : 'kHost', protocol: 'kNfs3' } };
};

/** 4 GiB to 2 TiB, most of them small. */
const sizeOf = (seed: number, id: number): bigint =>
  BigInt(4 + Math.floor(2044 * fraction(seed, 'size', id) ** 4)) << 30n;

export const createSource = (facts: SourceFacts): Source => {
  const { id, name, environment, parentId, owner, seed } = facts;
  const uuid = uuidOf(owner.clusterId, id);
  return {
    id,
    name,
    environment,
    parentId,
    uuid,
    originId: id,
    sizeBytes: facts.sizeBytes ?? sizeOf(seed, id),
    wire: { id, name, environment, ...(parentId === null ? {} : { parentId }), ...environmentPart(facts, uuid) },
  };
};
