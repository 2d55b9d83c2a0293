import { z } from 'zod';
import {
  baseUrl,
  everyUpstream,
  listOf,
  matching,
  milliseconds,
  optional,
  section,
  unplayed,
  whole,
} from '../../config/key.js';
import { placesOf } from './places.js';
import type { AwsCredentials } from './sdk.js';

const roleArn = matching(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/, 'the ARN of an IAM role');

const awsCredentials = section({
  profile: optional,
  roleArn: roleArn.optional(),
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

const region = matching(/^[a-z0-9-]+$/, 'a Region, such as us-east-1');

const account = section({
  id: matching(/^[a-z0-9-]{1,63}$/, 'a name of lower-case letters, digits and dashes (a number needs quotes)'),
  roleArn,
  externalId: optional,
});

const keys = section({
  ...everyUpstream,
  kind: z.literal('aws-backup'),
  region: region.optional(),
  regions: listOf(region, 'a list of Regions, with at least one').optional(),
  accounts: listOf(account, 'a list of accounts, each with id and roleArn, with at least one').optional(),
  endpoint: baseUrl.optional(),
  timeoutMs: milliseconds.default(3000),
  callsPerSecond: section({
    describe: whole(1, 10_000).default(15),
    list: whole(1, 10_000).default(20),
  }).prefault({}),
  credentials: awsCredentials.optional(),
});

const LONGEST_ID = 63; // the same as for an id in the file

/** The config of an AWS Backup endpoint, or of several Regions and accounts: one upstream for each. */
export const awsBackupSection = keys
  .superRefine(({ id, region: one, regions, accounts, credentials }, context) => {
    const problem = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (one === undefined && regions === undefined)
      problem('region', 'is missing; it must be a Region, such as us-east-1');
    if (one !== undefined && regions !== undefined)
      problem('regions', 'must not be set together with region; keep one of them');
    if (accounts !== undefined && credentials !== undefined)
      problem('credentials', 'must not be set together with accounts, whose roles are assumed with the default chain');
    if (placesOf({ id, region: one, regions, accounts }).some((place) => place.id.length > LONGEST_ID))
      problem('id', `with its Regions and accounts makes ids of more than ${LONGEST_ID} characters`);
  })
  .transform(({ regions, accounts, region: one, ...common }) =>
    placesOf({ id: common.id, region: one, regions, accounts }).map(({ id, region: place, account: held }) => ({
      ...unplayed(common),
      id,
      region: place,
      ...(held !== undefined && { credentials: { roleArn: held.roleArn, externalId: held.externalId } }),
    })),
  );
