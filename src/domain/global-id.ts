import { copyTargetKinds } from './copy-target-kind.js';

/** The documented id format: `<TypeName>:<upstream>:<key parts>`, each part percent-encoded. */
export const addressableTypes = [
  'CopyJob',
  'CopyRun',
  'CopySnapshotTask',
  'CopyTarget',
  'ProtectionShell',
  'ProtectionJob',
  'ProtectionSource',
  'ProtectedObject',
  'Failover',
  'ViewFailover',
  'FailoverWorkflow',
  'Upstream',
] as const;

export type AddressableType = (typeof addressableTypes)[number];

/** The parts of a global id: the type, the config's id of the upstream, and the decoded key. */
export interface ParsedId {
  readonly type: AddressableType;
  readonly upstream: string;
  readonly parts: readonly string[];
}

/** A part that its encoding would not change. */
const plainPart = /^[\w.~!*'()-]*$/;

const encodePart = (part: string | number | bigint): string => {
  const written = String(part);
  return plainPart.test(written) ? written : encodeURIComponent(wellFormed(written));
};

export const encodeId = (
  type: AddressableType,
  upstream: string,
  ...parts: readonly (string | number | bigint)[]
): string => [type, upstream, ...parts].map(encodePart).join(':');

/** An id in the form that the graph shows, whatever form the caller wrote. */
export const writtenId = ({ type, upstream, parts }: ParsedId): string => encodeId(type, upstream, ...parts);

/** Half a surrogate pair cannot be percent-encoded; it becomes the replacement character. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD');

const number = /^-?\d{1,20}$/;
const text = { test: (part: string) => part.length <= 1024 };
/** The allowed form of a workflow id. It is the caller's idempotency key, and part of a path. */
export const workflowId = /^[A-Za-z0-9_-]{1,64}$/;

const run = /^(?:-?\d{1,20}|@-?\d{1,20})$/; // when it started; @ and the jobRunId if the vendor does not report a start
const position = /\.\d{1,6}$/; // after the target's kind, whatever that is, for a taskUid that the vendor left out
const source = /^(?:-?\d{1,20}|@.{1,1000})$/; // @ replaces an entity id that the vendor left out

const vendorId = /^@.{1,200}$/; // of a failover that was begun elsewhere

const targetKind = { test: (part: string) => copyTargetKinds.some((kind) => kind === part) };
const elsewhere = { test: (part: string) => targetKind.test(part) && part !== 'LOCAL' };

interface Pattern {
  test(part: string): boolean;
}

/** The form of each type's key parts. A copy run has a long and a short form. */
const keys: Readonly<Record<AddressableType, readonly (readonly Pattern[])[]>> = {
  CopyJob: [[{ test: (part) => isCopyJobId(part) }]],
  CopyRun: [
    [number, run, number, number, number],
    [number, run, position],
  ],
  CopySnapshotTask: [
    [number, run, number, number, number, source],
    [number, run, position, source],
  ],
  CopyTarget: [[targetKind], [elsewhere, text]],
  ProtectionShell: [[number, run]],
  ProtectionJob: [[number]],
  ProtectionSource: [[source]],
  ProtectedObject: [[text]],
  Failover: [[workflowId]],
  ViewFailover: [
    [number, workflowId],
    [number, vendorId],
  ],
  FailoverWorkflow: [[workflowId]],
  Upstream: [[]],
};

const decode = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null; // a stray percent sign
  }
};

const isAddressable = (type: string | undefined): type is AddressableType =>
  addressableTypes.some((known) => known === type);

/** Takes an id apart, strictly: its parts are safe inside a path or a query. `null` for anything malformed. */
export const parseId = (id: string): ParsedId | null => {
  if (id.length > 4096) return null;
  const [type, ...encoded] = id.split(':');
  if (!isAddressable(type)) return null;
  const [upstream, ...parts] = encoded.map(decode);
  if (upstream === undefined || upstream === null || !/^[a-z0-9-]{1,128}$/.test(upstream)) return null;
  if (!parts.every((part): part is string => part !== null && isSafe(part))) return null;
  const fits = keys[type].some(
    (patterns) =>
      patterns.length === parts.length && patterns.every((pattern, index) => pattern.test(parts[index] ?? '')),
  );
  return fits ? { type, upstream, parts } : null;
};

/** Whether a key part may go to an upstream: not empty, no control characters, and not a step in a path. */
export const isSafe = (part: string): boolean =>
  part !== '' && part !== '.' && part !== '..' && part.length <= 1024 && !/\p{Cc}|\p{Cs}/u.test(part);

/**
 * Whether a text may be an AWS copy job id. It goes into a path. The SDK encodes unsafe characters, but a proxy may
 * decode them again, and AWS's ids have none.
 */
export const isCopyJobId = (part: string): boolean => isSafe(part) && !/[/\\?#%]/.test(part);
