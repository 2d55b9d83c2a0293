import { z } from 'zod';
import {
  baseUrl,
  everyUpstream,
  matching,
  milliseconds,
  optional,
  section,
  unplayed,
  whole,
} from '../../config/key.js';
import type { AwsCredentials } from './sdk.js';

const awsCredentials = section({
  profile: optional,
  roleArn: matching(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/, 'the ARN of an IAM role').optional(),
  externalId: optional,
  accessKeyId: optional,
  secretAccessKey: optional,
  secretAccessKeyFile: optional,
  sessionToken: optional,
}).transform((given, context): AwsCredentials => {
  const { profile, roleArn, externalId, accessKeyId, secretAccessKey, sessionToken } = given;
  const role = roleArn ?? externalId;
  const key = accessKeyId ?? secretAccessKey ?? sessionToken;
  if (profile !== undefined && role === undefined && key === undefined) return { profile };
  if (roleArn !== undefined && profile === undefined && key === undefined)
    return { roleArn, ...(externalId !== undefined && { externalId }) };
  if (accessKeyId !== undefined && secretAccessKey !== undefined && profile === undefined && role === undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  context.addIssue({
    code: 'custom',
    message:
      'must hold one of: profile; roleArn (and externalId); accessKeyId and secretAccessKey (or secretAccessKeyFile). ' +
      'Leave credentials out for the default chain',
  });
  return z.NEVER;
});

/** The part of an AWS Backup endpoint in the config. */
export const awsBackupSection = section({
  ...everyUpstream,
  kind: z.literal('aws-backup'),
  region: matching(/^[a-z0-9-]+$/, 'a Region, such as us-east-1'),
  endpoint: baseUrl.optional(),
  timeoutMs: milliseconds.default(3000),
  callsPerSecond: section({
    describe: whole(1, 10_000).default(15),
    list: whole(1, 10_000).default(20),
  }).prefault({}),
  credentials: awsCredentials.optional(),
}).transform(unplayed);
