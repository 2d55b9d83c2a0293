import { isLoopback } from '../domain/loopback.js';
import { scopes } from '../domain/principal.js';
import { createAccessKey } from './access-key.js';
import { type Config, type UpstreamInput, defaultConfig } from './config.js';
import {
  awsBackupSandboxCredentials,
  awsBackupSandboxUpstream,
  startAwsBackupSandbox,
} from '../sandbox/aws-backup/server.js';
import {
  cohesitySandboxCredentials,
  cohesitySandboxUpstream,
  startCohesitySandbox,
} from '../sandbox/cohesity/server.js';
import { describeFaults, splitFaults } from '../sandbox/faults.js';

const region = 'us-east-1';

export interface SandboxOptions {
  readonly cohesityPort?: number;
  /** Of the cluster beside it that takes its replications. */
  readonly replicaPort?: number;
  readonly awsPort?: number;
  readonly seed?: number;
  readonly scale?: number;
  /** Names of `sandboxFaults`. */
  readonly faults?: readonly string[];
}

/** The doubles on loopback (two Cohesity clusters and AWS Backup), and what a person needs to reach them. */
export const startSandboxes = async ({
  cohesityPort = 0,
  replicaPort = 0,
  awsPort = 0,
  seed = 1,
  scale = 1,
  faults = [],
}: SandboxOptions) => {
  const of = splitFaults(faults);
  const common = { seed, scale };
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => void (await Promise.all(started.map((double) => double.close())));
  /** A double that cannot start takes those before it down. */
  const keep = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const double = await starting.catch(async (error: unknown) => {
      await close();
      throw error;
    });
    started.push(double);
    return double;
  };
  const cohesity = await keep(startCohesitySandbox({ ...common, port: cohesityPort, faults: of.cohesity }));
  const replica = await keep(cohesity.startReplica({ port: replicaPort }));
  const aws = await keep(startAwsBackupSandbox({ ...common, port: awsPort, region, faults: of.aws }));
  const { username, password, apiKey } = cohesitySandboxCredentials;
  const { accessKeyId, secretAccessKey } = awsBackupSandboxCredentials;
  return {
    cohesity,
    replica,
    aws,
    // Not secrets: they open nothing but these doubles.
    lines: [
      `Cohesity    ${cohesity.url}  username ${username}, password ${password}; or apiKey ${apiKey}`,
      `  replica   ${replica.url}  the cluster that it replicates to; the same to log in`,
      `AWS Backup  ${aws.url}  region ${region}, accessKeyId ${accessKeyId}, secretAccessKey ${secretAccessKey}`,
      ...describeFaults(faults).map((line) => `Fault       ${line}`),
    ],
    close,
  };
};

interface EmbedOptions extends SandboxOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Makes a key where others than programs of this machine could ask, so that they are let in by it alone. */
  readonly keyed?: boolean | undefined;
}

interface Embedded {
  readonly config: Config;
  /** Its upstreams as a file would have them. */
  readonly upstreams: readonly UpstreamInput[];
  /** The key that was made, which opens everything and is known to nobody else. */
  readonly key?: string;
  close(): Promise<void>;
}

/** The config of a gateway over all doubles, and the doubles themselves: what runs when no config is given. */
export const embedSandbox = async ({
  env = process.env,
  keyed = false,
  ...options
}: EmbedOptions = {}): Promise<Embedded> => {
  const { cohesity, replica, aws, close } = await startSandboxes(options);
  const made = keyed && !isLoopback(env['HOST'] || '127.0.0.1') ? createAccessKey() : null;
  const upstreams = [
    cohesitySandboxUpstream('sandbox-cohesity', cohesity),
    cohesitySandboxUpstream('sandbox-cohesity-dr', replica),
    awsBackupSandboxUpstream('sandbox-aws', region, aws),
  ].map((upstream) => ({ ...upstream, proxy: 'none' }));
  try {
    if (made === null) return { config: defaultConfig(upstreams, env), upstreams, close };
    const apiKeys = [{ name: 'sandbox', sha256: made.sha256, scopes }];
    return { config: defaultConfig(upstreams, env, { apiKeys }), upstreams, key: made.key, close };
  } catch (error) {
    await close(); // a bad PORT or HOST in the environment
    throw error;
  }
};
