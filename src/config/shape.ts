import { z } from 'zod';
import { scopes } from '../domain/principal.js';
import { isPrivateAddress, trimmed, webAddress } from './web-address.js';

/** Says what a key must be and never what was there: it may be a secret. */
const must = (what: string) => ({
  error: ({ input }: { input?: unknown }) => {
    if (input === undefined) return `is missing; it must be ${what}`;
    return input === null ? `has no value; it must be ${what}` : `must be ${what}`;
  },
});

/** A mapping without unknown keys. `problemsOf` reads the known ones from the message. */
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : must('a mapping of keys').error(issue),
  });

const matching = (pattern: RegExp, what: string) => z.string(must(what)).regex(pattern, must(what));
const oneOf = <const Word extends string>(...words: readonly Word[]) =>
  z.enum(words, must(`one of ${words.join(', ')}`));
const text = matching(/./s, 'text (a number needs quotes)');
const hosts = matching(/^[\w.:%-]+$/, 'a host name or address, such as 127.0.0.1');
const listOf = <Item extends z.ZodType>(item: Item, what: string) => z.array(item, must(what)).min(1, must(what));

/** A whole number; digits as text are one too, since that is what an environment variable holds. */
const whole = (least: number, most: number) =>
  z
    .custom<number | string>(
      (value) => {
        const digits = typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
        return digits && Number.isSafeInteger(Number(value)) && Number(value) >= least && Number(value) <= most;
      },
      must(`a whole number from ${least} to ${most}`),
    )
    .transform(Number);
const count = whole(1, 1_000_000_000);
const milliseconds = whole(1, 3_600_000);
const seconds = whole(0, 315_360_000);

const words: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true], // as an environment variable holds it
  ['false', false],
]);
const flag = z
  .custom<boolean | 'true' | 'false'>((value) => words.has(value), must('true or false'))
  .transform((value) => words.get(value) === true);

const baseUrl = z
  .custom<string>(
    (value) => webAddress(value) !== null && !String(value).includes('?'),
    must('an http or https URL without user name, password, query or fragment, such as https://cluster.example.com'),
  )
  .transform((value) => trimmed(new URL(value)));

/** How to log in to a cluster. */
export type CohesityAuth =
  { readonly apiKey: string } | { readonly username: string; readonly password: string; readonly domain: string };

/** Where AWS keys come from. */
export type AwsCredentials =
  | { readonly profile: string }
  | { readonly roleArn: string; readonly externalId?: string }
  | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

const optional = text.optional();

// The `…File` keys have been read by now; one that is still here is no text, which its type then says.
const cohesityAuth = section({
  apiKey: optional,
  apiKeyFile: optional,
  username: optional,
  password: optional,
  passwordFile: optional,
  domain: optional,
}).transform(({ apiKey, username, password, domain }, context): CohesityAuth => {
  const login = username ?? password ?? domain;
  if (apiKey !== undefined && login === undefined) return { apiKey };
  if (apiKey === undefined && username !== undefined && password !== undefined)
    return { username, password, domain: domain ?? 'LOCAL' };
  context.addIssue({
    code: 'custom',
    message: 'must hold either apiKey (or apiKeyFile) alone, or username and password (or passwordFile)',
  });
  return z.NEVER;
});

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

const everyUpstream = {
  id: matching(/^[a-z0-9-]{1,63}$/, 'a name of lower-case letters, digits and dashes'),
  maxConcurrent: whole(1, 1000).default(8),
};
const unplayed = <Upstream extends object>(upstream: Upstream): Upstream & { sandbox: boolean } => ({
  ...upstream,
  sandbox: false, // no file may say otherwise
});

const cohesity = section({
  ...everyUpstream,
  kind: z.literal('cohesity'),
  url: baseUrl,
  auth: cohesityAuth,
  accessClusterId: z
    .custom<string | number | bigint>(
      (value) => ['string', 'number', 'bigint'].includes(typeof value) && /^\d{1,19}$/.test(String(value)),
      must('a cluster id: digits only'),
    )
    .transform(String)
    .optional(),
  tls: section({ caFile: text }).optional(),
  timeoutMs: milliseconds.default(20_000),
}).transform(unplayed);

const awsBackup = section({
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

export const upstreamShape = z.discriminatedUnion('kind', [cohesity, awsBackup], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? 'must be cohesity or aws-backup'
      : must('a mapping of keys, with id and kind').error(issue),
});

/** What a shell makes of a variable that is not set: then whoever sends no key would send the right one. */
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const persistedMode = oneOf('off', 'prefer', 'require');

const apiKey = section({
  name: text,
  sha256: matching(/^[0-9a-fA-F]{64}$/, 'the SHA-256 of the key: 64 hexadecimal digits')
    .toLowerCase()
    .refine((hash) => hash !== hashOfNothing, { error: 'is the SHA-256 of nothing; make it of a key' }),
  scopes: listOf(oneOf(...scopes), `a list of scopes (${scopes.join(', ')}), with at least one`),
  upstreams: listOf(text, 'a list of upstream ids, with at least one; leave it out for all of them').optional(),
  persisted: section({ mode: persistedMode.optional(), manifest: optional }).optional(),
});

const auth = section({
  jwt: section({
    jwksUri: z.custom<string>(
      (value) => isPrivateAddress(value),
      must('an https URL without user name (http on a loopback host alone)'),
    ),
    issuer: text,
    audience: text,
    upstreamsClaim: optional,
  }).optional(),
  apiKeys: listOf(apiKey, 'a list of keys, with at least one').optional(),
}).refine(({ jwt, apiKeys }) => jwt !== undefined || apiKeys !== undefined, {
  error: 'must hold jwt or apiKeys, or both',
});

export const configShape = section({
  server: section({
    host: hosts.default('127.0.0.1'),
    port: whole(0, 65_535).default(4000),
    graphiql: flag.default(true),
    introspection: flag.default(true),
  }).prefault({}),
  upstreams: listOf(upstreamShape, 'a list of upstreams, with at least one'),
  auth: auth.optional(),
  limits: section({
    maxDepth: count.default(12),
    maxAliases: count.default(15),
    maxRootFields: count.default(20),
    maxTokens: count.default(2000),
    maxCost: count.default(20_000),
    maxBodyBytes: count.default(102_400),
    maxPageSize: count.default(500),
    maxUpstreamCalls: count.default(200),
    maxUpstreamBytes: count.default(33_554_432),
    lookBackHours: whole(1, 87_600).default(168),
    requestTimeoutMs: milliseconds.default(30_000),
    maxConcurrentOperations: count.default(200),
    requestsPerMinute: count.default(1200),
  }).prefault({}),
  cache: section({
    finishedSeconds: seconds.default(86_400),
    runningSeconds: seconds.default(5),
    listSeconds: seconds.default(5),
    staleSeconds: seconds.default(3600),
    maxEntries: whole(0, 1_000_000_000).default(50_000),
  }).prefault({}),
  live: section({ minSeconds: whole(1, 86_400).default(2), maxSeconds: whole(1, 86_400).default(60) })
    .refine(({ minSeconds, maxSeconds }) => minSeconds <= maxSeconds, {
      error: 'must have minSeconds up to maxSeconds',
    })
    .prefault({}),
  cors: section({
    origins: z
      .array(
        z.custom<string>(
          (value) => webAddress(value)?.origin === value,
          must('an origin without path, such as https://board.example.com'),
        ),
        must('a list of origins'),
      )
      .default([]),
  }).prefault({}),
  persisted: section({
    mode: persistedMode.default('off'),
    manifest: text.default('persisted-documents.json'),
  }).prefault({}),
  audit: section({ file: text }).optional(),
  redis: section({
    url: matching(/^rediss?:\/\/[^\s/]+/, 'a URL that begins with redis:// or rediss://'),
    cacheMegabytes: whole(0, 1_000_000).default(128),
  }).optional(),
});
