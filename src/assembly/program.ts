import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import { type Logger, pino } from 'pino';
import { ConfigError, type Config, readConfig } from './config.js';
import { configOfEnvironment, configOption, count, faultHelp, faultOption, host, port, valuesOf } from './arguments.js';
import { addWriters } from './commands.js';
import { createConfigFile } from './config-file.js';
import { version } from './version.js';
import { logOptions } from './logger.js';
import { describeFaults } from '../sandbox/faults.js';

// Large answers leave much garbage, and V8 collects only when it has grown to several times the live heap. Growing in
// smaller steps halves the peak, and costs no time in the benchmark.
setFlagsFromString('--heap-growing-percent=40');

// While the index fills, V8 learns that what some lines make lives long, and then makes it in its old space: but it may
// be an operation's. Without that, operations with many records take a third less time.
setFlagsFromString('--no-allocation-site-pretenuring');

// The SDK warns about Node versions; the package's own `engines` names the supported ones.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A command loads its modules only after its arguments were parsed, so that help and config errors are printed at once.

/** Prints output for a person. Logs go to stderr, so that a pipe gets only this. */
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Exits with a message instead of a stack. */
const fail = (message: string): never => {
  process.stderr.write(`copygraph: ${message}\n`);
  process.exit(1);
};

/** Prints mistakes that the user can fix without a stack: an invalid config, a port in use. */
const guarded =
  <A extends unknown[]>(action: (...parameters: A) => Promise<void>) =>
  async (...parameters: A): Promise<void> => {
    try {
      await action(...parameters);
    } catch (error) {
      if (error instanceof ConfigError) fail(error.message);
      if (error instanceof Error && 'code' in error && 'syscall' in error && error.syscall === 'listen') {
        fail(`cannot listen: ${error.message}. Choose another port, or stop the program that uses it.`);
      }
      throw error;
    }
  };

interface ServeFlags {
  readonly config?: string;
  readonly sandbox?: true;
  readonly fault?: readonly string[];
  readonly host?: string;
  readonly port?: number;
}

interface SandboxFlags {
  readonly cohesityPort: number;
  readonly replicaPort: number;
  readonly awsPort: number;
  readonly seed: number;
  readonly scale: number;
  readonly fault?: readonly string[];
}

/** Adds the file's name to a problem that appears only when the config is put to use. */
const inFile = async <T>(file: string, use: () => Promise<T>): Promise<T> => {
  try {
    return await use();
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${file}: ${error.message}`) : error;
  }
};

/** Writes each line before the program continues; otherwise the last lines could be lost, or come late, at its end. */
const stderr = () => pino.destination({ dest: 2, sync: true });

const createLogger = (): Logger => {
  const level = process.env['LOG_LEVEL'] ?? 'info';
  const levels = [...Object.keys(pino.levels.values), 'silent'];
  if (!levels.includes(level)) throw new ConfigError(`LOG_LEVEL: (environment) must be one of ${levels.join(', ')}`);
  return pino({ ...logOptions, level }, stderr());
};

/** After an uncaught error the state is unknown: logs it and exits, so that a supervisor can restart. */
const crash = (message: string) => (error: unknown) => {
  const level = process.env['LOG_LEVEL'] === 'silent' ? 'silent' : 'fatal';
  pino({ ...logOptions, level }, stderr()).fatal({ err: error }, message);
  process.exit(1);
};
process.on('unhandledRejection', crash('unhandled rejection'));
process.on('uncaughtException', crash('uncaught exception'));

/** Runs `end` once on SIGTERM or SIGINT; a second signal does not wait. */
const onSignal = (end: () => Promise<void>): void => {
  let since: number | null = null;
  const handle = (): void => {
    // Under npm, Ctrl-C arrives twice: from the terminal, and passed on by npm.
    if (since !== null && performance.now() - since < 500) return;
    if (since !== null) process.exit(1);
    since = performance.now();
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
};

const program = new Command('copygraph')
  .description('One GraphQL graph over every backup copy: Cohesity copy runs and AWS Backup copy jobs.')
  .version(version)
  .showHelpAfterError('(--help lists commands and options)');

program
  .command('serve', { isDefault: true })
  .description('serve the graph; without a config, over the built-in sandbox')
  .addOption(configOption())
  .addOption(
    new Option('--sandbox', 'serve the built-in sandbox; makes a key for it if --host is not loopback').conflicts(
      'config',
    ),
  )
  .addOption(faultOption().conflicts('config'))
  .option('--host <host>', 'the address to listen on, instead of server.host and HOST', host)
  .option('--port <port>', 'the port to listen on, instead of server.port and PORT', port)
  .addHelpText('after', faultHelp)
  .action(
    guarded(async (options: ServeFlags) => {
      const logger = createLogger();
      const faults = options.fault ?? [];
      const file =
        options.config ?? (options.sandbox === true || faults.length > 0 ? undefined : configOfEnvironment());
      const env = {
        ...process.env,
        ...(options.host !== undefined && { HOST: options.host }),
        ...(options.port !== undefined && { PORT: String(options.port) }),
      };
      const sandbox =
        file === undefined
          ? await (await import('./embedded.js')).embedSandbox({ faults, env, keyed: options.sandbox })
          : null;
      const configFile = createConfigFile(file ?? '', env);
      const config: Config = sandbox?.config ?? configFile.read();
      const server = await inFile(file ?? 'sandbox', async () =>
        (await import('./server.js')).startServer(config, logger),
      );
      const followed = sandbox === null ? configFile.follow(server.reload) : null;
      if (followed !== null) process.on('SIGHUP', followed.now);
      const { graphiql, board, basePath } = config.server;
      say(`copygraph ${version}${sandbox === null ? '' : ' — SANDBOX: built-in doubles, no real backup product'}`);
      say(`  ${graphiql ? 'GraphiQL ' : 'GraphQL  '} ${server.url}${basePath}/graphql`);
      if (board) say(`  board     ${server.url}${basePath}/board`);
      for (const upstream of config.upstreams) {
        say(`  upstream  ${upstream.id} (${upstream.kind}${upstream.sandbox ? ', sandbox' : ''})`);
      }
      for (const line of describeFaults(faults)) say(`  fault     ${line}`);
      if (sandbox?.key !== undefined) say(`  key       ${sandbox.key} (x-api-key; valid until this process ends)`);
      onSignal(async () => {
        logger.info('draining');
        followed?.close();
        await server.drain();
        await sandbox?.close();
        logger.info('stopped');
      });
      const upstreams = config.upstreams.map(({ id, kind, sandbox: played }) => ({ id, kind, sandbox: played }));
      logger.info({ url: server.url, upstreams }, 'listening'); // from here on, a signal drains
    }),
  );

program
  .command('sandbox')
  .description('play both vendors’ APIs on loopback, for this or other programs')
  .option('--cohesity-port <port>', 'port of the Cohesity cluster; 0 lets the system choose', port, 0)
  .option('--replica-port <port>', 'port of the cluster it replicates to; 0 lets the system choose', port, 0)
  .option('--aws-port <port>', 'port of the AWS Backup endpoint; 0 lets the system choose', port, 0)
  .option('--seed <number>', 'seed of the sample data; the same seed and time give the same answers', count, 1)
  .option('--scale <number>', 'how many times larger than the standard sample data', count, 1)
  .addOption(faultOption())
  .addHelpText('after', faultHelp)
  .action(
    guarded(async ({ fault: faults = [], ...options }: SandboxFlags) => {
      const { startSandboxes } = await import('./embedded.js');
      const played = await startSandboxes({ ...options, faults });
      onSignal(played.close);
      say(`copygraph ${version} — SANDBOX: doubles of two APIs, no real backup product`);
      for (const line of played.lines) say(`  ${line}`);
    }),
  );

program
  .command('check')
  .description('read a config, call each upstream and the key set of JWTs, and print a table; exits 1 if one fails')
  .addOption(configOption().default(configOfEnvironment()).makeOptionMandatory())
  .option('--notify', 'also send a test to each webhook of notify')
  .action(
    guarded(async (options: { config: string; notify?: true }) => {
      const config = readConfig(options.config);
      const { table, ok } = await inFile(options.config, async () =>
        (await import('./check.js')).checkConfig(config, options),
      );
      say(table);
      process.exitCode = ok ? 0 : 1;
    }),
  );

/** The flags of `schema` with their help; each prints the same as a file in the package. */
const schemaFlags = {
  client: 'for applications: without Federation (the default)',
  subgraph: 'for a federation gateway: with its directives',
  introspection: 'as --client, as an introspection result in JSON',
  possibleTypes: 'the object types of each interface and union in JSON, for Apollo Client',
} as const;

type SchemaFlag = keyof typeof schemaFlags;

const schemaCommand = program.command('schema').description('print the schema, the same as the files in the package');
for (const [flag, words] of Object.entries(schemaFlags)) {
  const name = `--${flag.replace('T', '-t')}`;
  const others = Object.keys(schemaFlags).filter((other) => other !== flag);
  schemaCommand.addOption(new Option(name, words).conflicts(others));
}
schemaCommand.action(
  guarded(async (options: Partial<Record<SchemaFlag, boolean>>) => {
    const { printFor } = await import('../schema/client.js');
    const [asked] = Object.keys(options) as SchemaFlag[];
    const { schema } = await import('../schema/index.js');
    process.stdout.write(printFor[asked ?? 'client'](schema));
  }),
);

addWriters(program, { say, guarded, valuesOf });

await program.parseAsync().catch(crash('unexpected failure'));
