import { InvalidArgumentError, Option } from 'commander';
import { sandboxFaults, splitFaults } from '../sandbox/faults.js';

export const port = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.');
  return value;
};

export const host = (text: string): string => {
  if (!/^[\w.:%-]+$/.test(text)) throw new InvalidArgumentError('It must be a host name or address.');
  return text;
};

export const count = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1_000_000)
    throw new InvalidArgumentError('It must be a whole number from 1 to 1,000,000.');
  return value;
};

/** The names of faults, separated by commas, after those of earlier options. */
const faultNames = (text: string, before: readonly string[] = []): readonly string[] => {
  const names = text.split(',').map((name) => name.trim());
  try {
    splitFaults(names);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'It must be the name of a fault.');
  }
  return [...before, ...names];
};

export const faultOption = (): Option =>
  new Option(
    '--fault <names>',
    'make the sandbox fail on purpose: names from the list below, separated by commas; may be repeated',
  ).argParser(faultNames);

export const faultHelp = (): string => {
  const lines = Object.entries(sandboxFaults).map(([name, words]) => `  ${name.padEnd(25)}${words}`);
  return ['', 'Faults of the Cohesity clusters, and (aws-) of the AWS Backup endpoint:', ...lines].join('\n');
};

/** The values that may follow a flag, for shell completion; empty if any may. */
export const valuesOf = (flag: string): readonly string[] => (flag === '--fault' ? Object.keys(sandboxFaults) : []);

/** The option for the config file. Its default comes from the environment; an empty variable counts as not set. */
export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the YAML file that names the upstreams (env: COPYGRAPH_CONFIG)');

/** The config file named in the environment, if there is one. */
export const configOfEnvironment = (): string | undefined => process.env['COPYGRAPH_CONFIG'] || undefined;
