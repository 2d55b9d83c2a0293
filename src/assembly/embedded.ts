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
  /** The port of the second cluster, which receives the replications. */
  readonly replicaPort?: number;
  readonly awsPort?: number;
  readonly seed?: number;
  readonly scale?: number;
  /** Names of `sandboxFaults`. */
  readonly faults?: readonly string[];
}

/** The doubles on loopback (two Cohesity clusters and AWS Backup), and the lines a person needs to reach them. */
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
  /** If one double cannot start, those before it are closed. */
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
    // Not secrets: they are valid only for these doubles.
    lines: [
      `Cohesity    ${cohesity.url}  username ${username}, password ${password}; or apiKey ${apiKey}`,
      `  replica   ${replica.url}  the cluster it replicates to; same credentials`,
      `AWS Backup  ${aws.url}  region ${region}, accessKeyId ${accessKeyId}, secretAccessKey ${secretAccessKey}`,
      ...describeFaults(faults).map((line) => `Fault       ${line}`),
    ],
    close,
  };
};

interface EmbedOptions extends SandboxOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Makes a key if programs on other machines could connect; then it is needed to get in. */
  readonly keyed?: boolean | undefined;
}

interface Embedded {
  readonly config: Config;
  /** Its upstreams in the form of a config file. */
  readonly upstreams: readonly UpstreamInput[];
  /** The key that was made. It has all scopes, and is stored nowhere else. */
  readonly key?: string;
  close(): Promise<void>;
}

/** The config of a gateway over all doubles, and the doubles themselves. Used when no config is given. */
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
    const auth = made === null ? undefined : { apiKeys: [{ name: 'sandbox', sha256: made.sha256, scopes }] };
    // Here the experiment can do no harm.
    const config = { ...defaultConfig(upstreams, env, auth), experimental: { failoverWorkflow: true } };
    return { config, upstreams, ...(made === null ? {} : { key: made.key }), close };
  } catch (error) {
    await close(); // an invalid PORT or HOST in the environment
    throw error;
  }
};
