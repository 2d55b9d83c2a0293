import { type Config, defaultConfig } from './config.js';
import { awsBackupSandboxCredentials, startAwsBackupSandbox } from './sandbox/aws-backup/server.js';
import { cohesitySandboxCredentials, startCohesitySandbox } from './sandbox/cohesity/server.js';
import { describeFaults, splitFaults } from './sandbox/faults.js';

const region = 'us-east-1';

export interface SandboxOptions {
  readonly cohesityPort?: number;
  readonly awsPort?: number;
  readonly seed?: number;
  readonly scale?: number;
  /** Names of `sandboxFaults`. */
  readonly faults?: readonly string[];
}

/** Both doubles on loopback, and what a person needs to reach them. */
export const startSandboxes = async ({
  cohesityPort = 0,
  awsPort = 0,
  seed = 1,
  scale = 1,
  faults = [],
}: SandboxOptions) => {
  const of = splitFaults(faults);
  const common = { seed, scale };
  const cohesity = await startCohesitySandbox({ ...common, port: cohesityPort, faults: of.cohesity });
  const aws = await startAwsBackupSandbox({ ...common, port: awsPort, region, faults: of.aws }).catch(
    async (error: unknown) => {
      await cohesity.close();
      throw error;
    },
  );
  const { username, password, apiKey } = cohesitySandboxCredentials;
  const { accessKeyId, secretAccessKey } = awsBackupSandboxCredentials;
  return {
    cohesity,
    aws,
    // Not secrets: they open nothing but these two doubles.
    lines: [
      `Cohesity    ${cohesity.url}  username ${username}, password ${password}; or apiKey ${apiKey}`,
      `AWS Backup  ${aws.url}  region ${region}, accessKeyId ${accessKeyId}, secretAccessKey ${secretAccessKey}`,
      ...describeFaults(faults).map((line) => `Fault       ${line}`),
    ],
    close: async (): Promise<void> => {
      await Promise.all([cohesity.close(), aws.close()]);
    },
  };
};

/** The config of a gateway over both doubles, and the doubles themselves: what runs when no config is given. */
export const embedSandbox = async (
  options: SandboxOptions = {},
): Promise<{ readonly config: Config; close(): Promise<void> }> => {
  const { cohesity, aws, close } = await startSandboxes(options);
  const { username, password } = cohesitySandboxCredentials;
  const config = (): Config =>
    defaultConfig([
      { id: 'sandbox-cohesity', kind: 'cohesity', url: cohesity.url, auth: { username, password } },
      {
        id: 'sandbox-aws',
        kind: 'aws-backup',
        region,
        endpoint: aws.url,
        credentials: { ...awsBackupSandboxCredentials },
      },
    ]);
  try {
    return { config: config(), close };
  } catch (error) {
    await close(); // a bad PORT or HOST in the environment
    throw error;
  }
};
