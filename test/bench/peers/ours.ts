import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_CORE, NODE, type Program, SERVER_CORE, freePort, startProgram } from './program.js';

interface Measured {
  readonly folder: string; // where the config is written
  readonly upstream: string; // its URL
  readonly mode: string;
}

/** Writes a config of the gateway. No limit of ours may show in the figures; the peers have none. */
const writeConfig = ({ folder, upstream, mode }: Measured, port: number): string => {
  const limits = { maxPageSize: 3000, maxUpstreamCalls: 10_000, maxCost: 1_000_000_000 };
  const file = join(folder, `${mode}-${port}.json`); // JSON is YAML
  const config = {
    server: { host: '127.0.0.1', port, graphiql: false },
    limits: { ...limits, requestTimeoutMs: 60_000, maxConcurrentOperations: 10_000, requestsPerMinute: 1_000_000_000 },
    ...(mode === 'different' && { cache: { answerSeconds: 0 } }),
    upstreams: [
      { id: 'bench-cohesity', kind: 'cohesity', url: upstream, auth: { username: 'bench', password: 'bench' } },
      {
        id: 'bench-aws',
        kind: 'aws-backup',
        region: 'us-east-1',
        endpoint: upstream,
        credentials: { accessKeyId: 'AKIABENCH00000000000', secretAccessKey: 'bench' },
        callsPerSecond: { describe: 10_000, list: 10_000 },
      },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
};

export interface Running {
  readonly program: Program;
  readonly url: string;
}

/** Starts a build of the gateway. */
export const startOurs = async ({ dist, ...measured }: Measured & { readonly dist: string }): Promise<Running> => {
  const port = await freePort();
  const command = [...NODE, join(dist, 'cli.js'), 'serve', '--config', writeConfig(measured, port)];
  const origin = `http://127.0.0.1:${port}`;
  const program = await startProgram(SERVER_CORE, command, { LOG_LEVEL: 'error' }, `${origin}/readyz`);
  return { program, url: `${origin}/graphql` };
};

/** Starts the upstream that all servers read. */
export const startUpstream = (port: number, newest: number): Promise<Program> =>
  startProgram(
    CLIENT_CORE,
    [process.execPath, '--import', 'tsx', 'upstream.ts'],
    { PORT: String(port), NEWEST: String(newest) },
    `http://127.0.0.1:${port}/__requests`,
  );
