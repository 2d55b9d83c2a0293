import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates } from '../../../src/domain/activity.js';
import { failureCategoryBy, failureCategoryOf } from '../../../src/domain/failure-rules.js';
import { type FailureCategory } from '../../../src/domain/failure-category.js';
import { publishedMessages, sources } from './failure-messages.js';
import { timesAsLong } from '../../support/cost.js';

/** Messages as the sandbox says them, and such as differ from a published one by what they are about. */
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

  it.each(publishedMessages)('is sorted as published: %s', (message, category) => {
    expect(failureCategoryOf('FAILED', message)).toBe(category);
  });

  it('is sorted by at least 60 published messages, each once', () => {
    expect(new Set(publishedMessages.map(([message]) => message)).size).toBe(publishedMessages.length);
    expect(publishedMessages.length).toBeGreaterThanOrEqual(60);
    expect(new Set(publishedMessages.map(([, , source]) => source))).toEqual(new Set(Object.keys(sources)));
  });

  it.each<readonly [message: string, category: FailureCategory]>([
    ['Not authorized to copy into arn:aws:backup:eu-west-1:123456789012:backup-vault:kms-encrypted', 'ACCESS'],
    [
      'Copy of arn:aws:ec2:eu-west-1::snapshot/snap-0 into arn:aws:backup:eu-west-1:1:backup-vault:policy failed',
      'OTHER',
    ],
    ['Access denied by the policy of the vault', 'ACCESS'],
    [
      'User is not authorized to perform: backup:CopyIntoBackupVault because no resource-based policy allows it',
      'ACCESS',
    ],
    ["Snapshot of 'tape media server' failed", 'OTHER'],
    ['Snapshot of "kms retention policy" failed', 'OTHER'],
    ["The task can't go on, since the source isn't there", 'OTHER'],
    ['Failed to open /media/retention/policy.db', 'OTHER'],
    ['Failed to open C:\\media\\kms\\policy.db', 'OTHER'],
    ['Failed to open \\\\nas\\tape\\policy', 'OTHER'],
    ['GET https://kms.eu-west-1.amazonaws.com/policy failed', 'OTHER'],
    ['"Access Denied"', 'ACCESS'],
  ])('is not sorted by the names in its message: %s', (message, category) => {
    expect(failureCategoryOf('FAILED', message)).toBe(category);
  });

  it.each<readonly [own: string | null, message: string, category: FailureCategory]>([
    ['AccessDenied', 'Given key ID is not accessible', 'ACCESS'],
    ['ACCESS_DENIED', 'The retention is outside the vault lock', 'ACCESS'],
    ['KmsKeyError', 'Access denied', 'ENCRYPTION_KEY'],
    ['SUCCESS', 'Access denied', 'ACCESS'],
    ['ALL', 'Given key ID is not accessible', 'ENCRYPTION_KEY'],
    ['InvalidParameters', 'Copy job failed. Both accounts must be members of the same organization', 'POLICY'],
    ['InvalidParameters', 'Odd.', 'OTHER'],
    ['LimitExceeded', 'Odd.', 'CAPACITY'],
    ['LimitExceeded', 'Access denied', 'ACCESS'],
    [null, 'Access denied', 'ACCESS'],
  ])('is sorted by the vendor’s own category %s if we know it: %s', (own, message, category) => {
    expect(failureCategoryBy(own, 'FAILED', message)).toBe(category);
    expect(failureCategoryBy(own, 'SUCCEEDED', message)).toBe(null);
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

  it.each(['organi', 'vault ', 'limit', 'low ', 'key '])('is sorted soon, however odd its message: %j', (text) => {
    const sort = (words: string) => {
      const message = words.repeat(2000 / words.length);
      return () => {
        for (let round = 0; round < 20; round += 1) failureCategoryOf('FAILED', message);
      };
    };
    // A search from each place to the end is some 60 times the time, and one more within it 2000 times that.
    expect(timesAsLong(sort(text), sort('some words of a message '))).toBeLessThan(1000);
  });
});
