import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates } from '../../src/domain/activity.js';
import { type FailureCategory, failureCategoryOf } from '../../src/domain/failure-category.js';

/** Messages of both vendors: published ones first, then those of their clients' issues and the fields' scripts. */
const cases: readonly (readonly [message: string, category: FailureCategory])[] = [
  ['Access denied exception while trying to list tags', 'ACCESS'],
  ['Copy job failed. Both source and destination account must be a member of the same organization', 'POLICY'],
  [
    'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default CMK',
    'ENCRYPTION_KEY',
  ],
  ['Access Denied trying to call AWS Backup service', 'ACCESS'],
  ['AccessDenied: Access Denied (Service: Amazon S3; Status Code: 403)', 'ACCESS'],
  ['User is not authorized to perform: backup:CopyIntoBackupVault', 'ACCESS'],
  ['Authentication failed: Unauthorized access.', 'ACCESS'],
  ['The role cannot be assumed by AWS Backup', 'ACCESS'],
  ['Key is not accessible: kms:GenerateDataKey denied on the encryption key of the bucket', 'ENCRYPTION_KEY'],
  ['The source snapshot KMS key does not exist', 'ENCRYPTION_KEY'],
  ['Failed to connect to the remote cluster: connection timed out after 60 seconds', 'TARGET_UNREACHABLE'],
  ['Replication aborted: the remote cluster is not reachable (no route to host)', 'TARGET_UNREACHABLE'],
  ['Timed out while waiting for a response from magneto', 'TARGET_UNREACHABLE'],
  ['Failed to reach the external target: TLS handshake timed out', 'TARGET_UNREACHABLE'],
  ['Remote storage domain has no space left: usage is above the hard limit of 95%', 'CAPACITY'],
  ['No space left on device while writing to the external target nas-archive-lon', 'CAPACITY'],
  ['VcpuLimitExceeded: You have requested more vCPU capacity than your current limit allows', 'CAPACITY'],
  ['The maximum number of pending snapshot copies: quota reached', 'CAPACITY'],
  ['Too Many Requests', 'THROTTLED'],
  ['SlowDown: Please reduce your request rate. (Service: Amazon S3; Status Code: 503)', 'THROTTLED'],
  ['ThrottlingException: Rate exceeded', 'THROTTLED'],
  ['Replication throttled: remote cluster is over its inbound bandwidth limit, retry later', 'THROTTLED'],
  ['Remote snapshot is locked by a legal hold and its retention cannot be changed by policy', 'POLICY'],
  ['The copy would outlive the maximum retention of the vault lock', 'POLICY'],
  ['Tape media B00421L8 is write protected', 'MEDIA'],
  ['No scratch media left in pool OFFSITE-WEEKLY', 'MEDIA'],
  ['Load tape B00421L8: drive is not reachable', 'MEDIA'],
  ['Internal error: the archival slave on node 3 restarted while the task was running', 'OTHER'],
  ['Failed to convert the disk: unsupported boot firmware EFI with secure boot', 'OTHER'],
  ['KInternalError', 'OTHER'],
  ['', 'OTHER'],
];

describe('a failure', () => {
  it.each(cases)('is sorted by its message: %s', (message, category) => {
    expect(failureCategoryOf('FAILED', message)).toBe(category);
    expect(failureCategoryOf('FAILED', message.toUpperCase())).toBe(category);
  });

  it('is sorted by whichever of its texts says something', () => {
    expect(failureCategoryOf('FAILED', null, undefined, 'AccessDenied')).toBe('ACCESS');
    expect(failureCategoryOf('FAILED', 'Odd.', 'Load tape 5')).toBe('MEDIA');
    expect(failureCategoryOf('FAILED')).toBe('OTHER');
  });

  it('has a category in the states in which something went wrong, and in no other', () => {
    const failing: readonly ActivityState[] = ['FAILED', 'PARTIAL', 'WARNING'];
    for (const state of activityStates) {
      expect(failureCategoryOf(state, 'Access denied')).toBe(failing.includes(state) ? 'ACCESS' : null);
    }
  });

  it('is sorted at once, however long and odd its message', () => {
    const before = performance.now();
    for (const text of ['organi', 'vault ', 'limit', 'low ', 'key '])
      failureCategoryOf('FAILED', text.repeat(2000 / text.length));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
