/** An upstream. Its product may have more keys; docs/config-reference.md lists them. */
export interface UpstreamConfig {
  readonly id: string;
  readonly kind: string; // `cohesity` or `aws-backup`
  readonly timeoutMs?: number | undefined;
  readonly maxConcurrent?: number | undefined;
  readonly proxy?: string | undefined;
  readonly tls?: TlsConfig | undefined;
  readonly [key: string]: unknown;
}

interface TlsConfig {
  readonly caFile?: string | undefined;
  readonly serverName?: string | undefined;
}

interface PersistedConfig {
  readonly mode?: 'off' | 'prefer' | 'require' | undefined;
  readonly manifest?: string | undefined;
}

interface ApiKeyConfig {
  readonly name: string;
  readonly sha256: string; // of the key, 64 hexadecimal digits
  readonly scopes: readonly ('copy:read' | 'failover:execute' | 'failover:activate' | 'copy:cancel' | 'copy:retry')[];
  readonly upstreams?: readonly string[] | undefined;
  readonly persisted?: PersistedConfig | undefined;
}

interface JwtConfig {
  readonly jwksUri: string;
  readonly issuer: string;
  readonly audience?: string | undefined;
  readonly clientIds?: readonly string[] | undefined;
  readonly scopesClaim?: string | undefined;
  readonly scopePrefix?: string | undefined;
  readonly nameClaim?: string | undefined;
  readonly upstreamsClaim?: string | undefined;
  readonly tls?: TlsConfig | undefined;
}

interface NotifyConfig {
  readonly name: string;
  readonly url: string;
  readonly secret?: string | undefined;
  readonly secretFile?: string | undefined;
  readonly on?:
    | readonly ('COPY_FAILED' | 'COPY_STALLED' | 'OFFSITE_LAG' | 'UPSTREAM_DOWN' | 'UPSTREAM_UP' | 'FAILOVER')[]
    | undefined;
  readonly upstreams?: readonly string[] | undefined;
  readonly targetKinds?:
    | readonly ('LOCAL' | 'REMOTE' | 'ARCHIVAL' | 'CLOUD_DEPLOY' | 'CLOUD_REPLICATION' | 'VAULT' | 'UNKNOWN')[]
    | undefined;
  readonly format?: 'json' | 'slack' | undefined;
  readonly minSeconds?: number | undefined;
}

type Numbers<Keys extends string> = { readonly [Key in Keys]?: number | undefined };

/**
 * A config with the keys of a config file; see docs/config-reference.md. Texts may contain `${NAME}` from the
 * environment, and secrets may be in files. `host` and `port` have no effect here: the program itself listens.
 */
export interface CopygraphConfig {
  readonly upstreams: readonly UpstreamConfig[];
  readonly server?: Numbers<'keepAliveSeconds' | 'drainDelaySeconds'> & {
    readonly basePath?: string | undefined;
    readonly graphiql?: boolean | undefined;
    readonly board?: boolean | undefined;
    readonly introspection?: boolean | undefined;
  };
  readonly auth?: { readonly apiKeys?: readonly ApiKeyConfig[]; readonly jwt?: JwtConfig } | undefined;
  readonly limits?: Numbers<
    | 'maxDepth'
    | 'maxAliases'
    | 'maxRootFields'
    | 'maxTokens'
    | 'maxCost'
    | 'maxBodyBytes'
    | 'maxPageSize'
    | 'maxGroups'
    | 'maxUpstreamCalls'
    | 'maxUpstreamBytes'
    | 'lookBackHours'
    | 'requestTimeoutMs'
    | 'maxConcurrentOperations'
    | 'requestsPerMinute'
    | 'metricSeries'
  >;
  readonly cache?: Numbers<
    'finishedSeconds' | 'runningSeconds' | 'listSeconds' | 'staleSeconds' | 'answerSeconds' | 'maxEntries'
  >;
  readonly index?: Numbers<'maxMegabytes' | 'hours'> | undefined;
  readonly live?: Numbers<'minSeconds' | 'maxSeconds'> | undefined;
  readonly watch?: Numbers<'seconds' | 'stalledMinutes' | 'offsiteLagHours'> | undefined;
  readonly metrics?: {
    readonly token?: string | undefined;
    readonly tokenFile?: string | undefined;
  } & Numbers<'port'> & {
      readonly host?: string | undefined;
    };
  readonly notify?: readonly NotifyConfig[] | undefined;
  readonly cors?: { readonly origins?: readonly string[] } | undefined;
  readonly persisted?: PersistedConfig | undefined;
  readonly audit?: { readonly file: string } | undefined;
  readonly failover?: { readonly twoPerson?: boolean | undefined } | undefined;
  readonly experimental?: { readonly failoverWorkflow?: boolean | undefined } | undefined;
  readonly redis?: {
    readonly url?: string | undefined;
    readonly urls?: readonly string[] | undefined;
    readonly cluster?: boolean | undefined;
    readonly cacheMegabytes?: number | undefined;
  };
}
