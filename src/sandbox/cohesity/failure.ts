import type { Target } from './target.js';

const remote: readonly [string, ...string[]] = [
  'Failed to connect to the remote cluster: connection timed out after 60 seconds',
  'Replication aborted: the remote cluster is not reachable (no route to host)',
  'Remote storage domain has no space left: usage is above the hard limit of 95%',
  'Replication throttled: remote cluster is over its inbound bandwidth limit, retry later',
  'Remote snapshot is locked by a legal hold and its retention cannot be changed by policy',
];

const cloud: readonly [string, ...string[]] = [
  'AccessDenied: Access Denied (Service: Amazon S3; Status Code: 403)',
  'Key is not accessible: kms:GenerateDataKey denied on the encryption key of the bucket',
  'SlowDown: Please reduce your request rate. (Service: Amazon S3; Status Code: 503)',
  'Failed to reach the external target: TLS handshake timed out',
  'Internal error: the archival slave on node 3 restarted while the task was running',
];

const tape: readonly [string, ...string[]] = [
  'Tape media B00421L8 is write protected',
  'No scratch media left in pool OFFSITE-WEEKLY',
  'Robot error: drive 2 did not unload within 900 seconds',
];

const nas: readonly [string, ...string[]] = [
  'No space left on device while writing to the external target nas-archive-lon',
  'Mount of nas-archive-lon:/vol/archive failed: permission denied by export policy',
  'Stale file handle while writing to the external target nas-archive-lon',
];

const deploy: readonly [string, ...string[]] = [
  'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default CMK',
  'Access denied exception while trying to list tags',
  'VcpuLimitExceeded: You have requested more vCPU capacity than your current limit allows',
  'Failed to convert the disk: unsupported boot firmware EFI with secure boot',
];

const backup: readonly [string, ...string[]] = [
  'Failed to create the quiesced snapshot: the guest agent did not answer in time',
  'Backup aborted: the source could not be contacted on port 50051',
];

/** The failures of copies to such a target, used one after another. */
export const copyFailures = (target: Target): readonly [string, ...string[]] => {
  if (target.type === 'kLocal') return backup;
  if (target.type === 'kRemote') return remote;
  if (target.type === 'kArchival') return { kCloud: cloud, kTape: tape, kNas: nas }[target.vault.kind];
  return deploy;
};
