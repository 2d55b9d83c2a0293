import { Argument, type Command } from 'commander';
import { shells, type Shell } from './completion.js';

interface CommandTools {
  /** Writes a line for a person, or for a pipe. */
  readonly say: (text: string) => void;
  /** Tells what a person can mend without a stack. */
  readonly guarded: <A extends unknown[]>(
    action: (...parameters: A) => Promise<void>,
  ) => (...parameters: A) => Promise<void>;
  /** The words that may stand behind a flag. */
  readonly valuesOf: (flag: string) => readonly string[];
}

/** Adds the commands that write something for a person: a config, a key, a schema, a completion. None needs a config. */
export const addWriters = (program: Command, { say, guarded, valuesOf }: CommandTools): void => {
  program
    .command('init')
    .description('write a config to begin with, and print its first key; never over a file')
    .argument('[file]', 'what to write', 'copygraph.yaml')
    .action(
      guarded(async (file: string) => {
        const { key } = (await import('./starter-config.js')).writeStarterConfig(file);
        say(`${file} is written. Its key, which is kept nowhere else:\n  ${key}`);
        say(`Put your upstreams into it, then: copygraph check --config ${file}`);
      }),
    );
  program
    .command('key')
    .description('make a key for a caller: print it and its SHA-256, which goes into auth.apiKeys of the config')
    .action(
      guarded(async () => {
        const { key, sha256 } = (await import('./access-key.js')).createAccessKey();
        say(`key: ${key}\nsha256: ${sha256}`);
      }),
    );
  program
    .command('config-schema')
    .description(
      'print the JSON Schema of the config, for an editor; the file config.schema.json of the package is the same',
    )
    .action(guarded(async () => void process.stdout.write((await import('./config-schema.js')).printConfigSchema())));
  program
    .command('completion')
    .description('print what completes commands and flags in a shell')
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .addHelpText('after', '\nFor this shell alone: source <(copygraph completion bash)')
    .action(
      guarded(async (shell: Shell) => {
        const { printCompletion } = await import('./completion.js');
        process.stdout.write(printCompletion(program, shell, valuesOf));
      }),
    );
};
