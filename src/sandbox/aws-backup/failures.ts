/** The reason of a failed copy: AWS's message and its category. */
export interface Failure {
  readonly message: string;
  readonly category: string;
}

export type FailureName = 'tags' | 'organization' | 'key' | 'access';

/**
 * The messages are published ones. Sources: AWS Backup Developer Guide, "Copy Job events"; re:Post knowledge centre,
 *
 * cross-account copy and its access denied errors; aws-samples/aws-backup-automation, issue 2.
 */
export const failures: Readonly<Record<FailureName, Failure>> = {
  tags: { message: 'Access denied exception while trying to list tags', category: 'AccessDenied' },
  access: { message: 'Access Denied trying to call AWS Backup service', category: 'AccessDenied' },
  organization: {
    message: 'Copy job failed. Both source and destination account must be a member of the same organization',
    category: 'InvalidParameters',
  },
  key: {
    message:
      'AMI snapshot copy failed with error: Given key ID is not accessible. ' +
      'You must have DescribeKey permissions on the default CMK',
    category: 'AccessDenied',
  },
};
