import { Argument, type Command } from 'commander';
import { shells, type Shell } from './completion.js';

interface CommandTools {
  /** Prints a line for a person or a pipe. */
  readonly say: (text: string) => void;
  /** Prints mistakes that the user can fix, without a stack. */
  readonly guarded: <A extends unknown[]>(
    action: (...parameters: A) => Promise<void>,
  ) => (...parameters: A) => Promise<void>;
  /** The values that may follow a flag. */
  readonly valuesOf: (flag: string) => readonly string[];
}

/** Adds the commands that print or write something: a config, a key, a schema, a completion. None needs a config. */
export const addWriters = (program: Command, { say, guarded, valuesOf }: CommandTools): void => {
  program
    .command('init')
    .description('write a first config and print its first key; never overwrites a file')
    .argument('[file]', 'the file to write', 'copygraph.yaml')
    .action(
      guarded(async (file: string) => {
        const { key } = (await import('./starter-config.js')).writeStarterConfig(file);
        say(`${file} is written. Its key, which is stored nowhere else:\n  ${key}`);
        say(`Add your upstreams to it, then run: copygraph check --config ${file}`);
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
    .description('print the JSON Schema of the config for an editor, the same as config.schema.json in the package')
    .action(guarded(async () => void process.stdout.write((await import('./config-schema.js')).printConfigSchema())));
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'whose').choices(shells))
    .addHelpText('after', '\nFor the present shell only: source <(copygraph completion bash)')
    .action(
      guarded(async (shell: Shell) => {
        const { printCompletion } = await import('./completion.js');
        process.stdout.write(printCompletion(program, shell, valuesOf));
      }),
    );
};
