import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { closing } from './closing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Cli {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in the output of either kind; rejects if the program ends before. */
  saying(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

/** The real program, as it is installed. Ends with the test. */
export const start = (
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  before: readonly string[] = [],
  cwd = root,
): Cli => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PORT|HOST|LOG_LEVEL|AWS_|COPYGRAPH_CONFIG|OTEL_)/.test(name),
  );
  const child = spawn(process.execPath, [...before, inject('program'), ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  const keep = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    output[stream] += chunk.toString();
    waiting.forEach((look) => look());
  };
  child.stdout.on('data', keep('stdout'));
  child.stderr.on('data', keep('stderr'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  closing({
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  });
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    ended,
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
        void ended.then((code) => reject(new Error(`ended with ${code}: ${output.stderr}`)));
      }),
  };
};

/** Runs it to its end. */
export const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root) => {
  const cli = start(args, env, [], cwd);
  const code = await cli.ended;
  return { code, stdout: cli.stdout(), stderr: cli.stderr() };
};
