import { z } from 'zod';
import { scopes } from '../domain/principal.js';
import {
  type ProductSection,
  type UpstreamSection,
  amount,
  count,
  flag,
  hosts,
  listOf,
  matching,
  milliseconds,
  must,
  oneOf,
  optional,
  seconds,
  section,
  text,
  tls,
  webText,
  whole,
} from './key.js';
import { notifyShape } from './notify.js';
import { isPrivateAddress, webAddress } from './web-address.js';

const upstreamShapeOf = (products: readonly ProductSection[]) => {
  const [first, ...others] = products.map((product) => product.section);
  if (first === undefined) throw new Error('there are no products, so the gateway has nothing to read');
  return z.discriminatedUnion('kind', [first, ...others], {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? `must be ${products.map(({ configKind }) => configKind).join(' or ')}`
        : must('a mapping of keys, with id and kind').error(issue),
  });
};

/**
 * The hash of an empty text, which a shell makes from an unset variable. Then a caller without a key would be let in.
 */
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const persistedMode = oneOf('off', 'prefer', 'require');

const apiKey = section({
  name: text,
  sha256: matching(/^[0-9a-fA-F]{64}$/, 'the SHA-256 of the key: 64 hexadecimal digits')
    .toLowerCase()
    .refine((hash) => hash !== hashOfNothing, { error: 'is the SHA-256 of an empty text; make it from a key' }),
  scopes: listOf(oneOf(...scopes), `a list of scopes (${scopes.join(', ')}), with at least one`),
  upstreams: listOf(text, 'a list of upstream ids, with at least one; leave it out for all of them').optional(),
  persisted: section({ mode: persistedMode.optional(), manifest: optional }).optional(),
});

/** A scope in a token has no spaces, so neither has its prefix. */
const scopePrefix = matching(/^\S+$/, 'the prefix that the issuer writes before each scope, such as copygraph/').refine(
  (prefix) => !scopes.some((scope) => prefix.endsWith(scope)),
  { error: `must be only the prefix, without the scope itself (${scopes.join(', ')})` },
);

const jwt = section({
  jwksUri: z
    .custom<string>(
      (value) => isPrivateAddress(value),
      must('an https URL without user name (http only on a loopback host)'),
    )
    .meta(webText),
  issuer: text,
  audience: optional,
  clientIds: listOf(
    text,
    'a list of client ids, with at least one; leave it out to accept the tokens of all clients',
  ).optional(),
  scopesClaim: optional,
  scopePrefix: scopePrefix.optional(),
  nameClaim: optional,
  upstreamsClaim: optional,
  tls: tls.optional(),
}).refine(({ audience, clientIds }) => audience !== undefined || clientIds !== undefined, {
  path: ['audience'],
  error:
    'is missing; it must be text (a number needs quotes), or clientIds must list the clients whose tokens are accepted',
});

const auth = section({
  jwt: jwt.optional(),
  apiKeys: listOf(apiKey, 'a list of keys, with at least one').optional(),
}).refine(({ jwt, apiKeys }) => jwt !== undefined || apiKeys !== undefined, {
  error: 'must hold jwt or apiKeys, or both',
});

/** The address of the gateway, and how it listens. */
export const serverShape = section({
  host: hosts.default('127.0.0.1'),
  port: whole(0, 65_535).default(4000),
  graphiql: flag.default(true),
  board: flag.default(true),
  introspection: flag.default(true),
  basePath: matching(
    /^(?:\/[\w.~-]+)*$/,
    'a path that begins with / and does not end with it, such as /tools/copygraph',
  ).default(''),
  keepAliveSeconds: whole(1, 3600).default(75),
  drainDelaySeconds: whole(0, 3600).default(0),
}).prefault({});

const redisUrl = matching(/^rediss?:\/\/[^\s/]+/, 'a URL that begins with redis:// or rediss://');

const redis = section({
  url: redisUrl.optional(),
  urls: listOf(redisUrl, 'a list of the URLs of some nodes of a cluster, with at least one').optional(),
  cluster: flag.optional(),
  cacheMegabytes: whole(0, 1_000_000).default(128),
}).superRefine(({ url, urls, cluster = false }, context) => {
  const problem = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
  if (cluster && url !== undefined)
    problem('cluster', 'needs urls, a list of the URLs of some nodes, instead of url, which is for a single Redis');
  else if (url !== undefined && urls !== undefined)
    problem('urls', 'must not be set together with url; keep one of them');
  else if (!cluster && urls !== undefined) problem('urls', 'needs cluster: true; without it give one url');
  else if (cluster && urls === undefined)
    problem('urls', 'is missing; it must be a list of the URLs of some nodes of a cluster, with at least one');
  else if (url === undefined && urls === undefined)
    problem('url', 'is missing; it must be a URL that begins with redis:// or rediss://');
  if (cluster && (urls ?? []).some((one) => /^rediss?:\/\/[^/]+\/0*[1-9]/.test(one)))
    problem('urls', 'must not name a database: a cluster has only database 0');
});

/** The readers of the metrics, and their address. */
const metricsShape = section({
  host: hosts.optional(),
  port: whole(0, 65_535).optional(),
  token: matching(/^[\x21-\x7e]{16,}$/, 'a token of at least 16 characters without spaces').optional(),
  tokenFile: optional,
})
  .refine(({ host, port }) => host === undefined || port !== undefined, {
    path: ['port'],
    error: 'is missing; metrics can have a host of their own only with a port of their own',
  })
  .prefault({});

/** The whole config, for upstreams of these products. */
export const configShapeOf = (products: readonly ProductSection[]) =>
  section({
    server: serverShape,
    upstreams: listOf(upstreamShapeOf(products), 'a list of upstreams, with at least one').transform(
      (upstreams): readonly UpstreamSection[] => upstreams.flat(),
    ),
    auth: auth.optional(),
    limits: section({
      maxDepth: count.default(12),
      maxAliases: count.default(50),
      maxRootFields: count.default(20),
      maxTokens: count.default(2000),
      maxCost: count.default(20_000),
      maxBodyBytes: count.default(102_400),
      maxPageSize: count.default(500),
      maxGroups: count.default(10_000),
      maxUpstreamCalls: count.default(200),
      maxUpstreamBytes: count.default(33_554_432),
      lookBackHours: whole(1, 87_600).default(168),
      requestTimeoutMs: milliseconds.default(30_000),
      maxConcurrentOperations: count.default(200),
      requestsPerMinute: count.default(1200),
      metricSeries: whole(0, 1_000_000).default(2000),
    }).prefault({}),
    cache: section({
      finishedSeconds: seconds.default(86_400),
      runningSeconds: seconds.default(5),
      listSeconds: seconds.default(5),
      staleSeconds: seconds.default(3600),
      answerSeconds: seconds.default(1),
      maxEntries: whole(0, 1_000_000_000).default(50_000),
    }).prefault({}),
    index: section({
      maxMegabytes: whole(0, 1_000_000).default(256),
      hours: whole(1, 87_600).default(168),
    }).prefault({}),
    live: section({ minSeconds: whole(1, 86_400).default(2), maxSeconds: whole(1, 86_400).default(60) })
      .refine(({ minSeconds, maxSeconds }) => minSeconds <= maxSeconds, {
        error: 'must have minSeconds no larger than maxSeconds',
      })
      .prefault({}),
    watch: section({
      seconds: amount(0, 86_400).default(60),
      stalledMinutes: amount(0.01, 525_600).default(60),
      offsiteLagHours: amount(0.01, 87_600).default(24),
    }).prefault({}),
    metrics: metricsShape,
    notify: notifyShape,
    cors: section({
      origins: z
        .array(
          z
            .custom<string>(
              (value) => webAddress(value)?.origin === value,
              must('an origin without path, such as https://board.example.com'),
            )
            .meta(webText),
          must('a list of origins'),
        )
        .default([]),
    }).prefault({}),
    persisted: section({
      mode: persistedMode.default('off'),
      manifest: text.default('persisted-documents.json'),
    }).prefault({}),
    audit: section({ file: text }).optional(),
    failover: section({ twoPerson: flag.default(false) }).prefault({}),
    experimental: section({ failoverWorkflow: flag.default(false) }).prefault({}),
    redis: redis.optional(),
  });
