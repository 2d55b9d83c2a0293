import { spawn } from 'node:child_process';

export interface Program {
  /** The output of the program so far, on both pipes. */
  said(): string;
  /** The first match in what it says; rejects if it ends before. */
  saying(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
  /** Ends it, if it has not ended by itself. */
  close(): Promise<void>;
}

/** A program of its own, so that its graphql is not ours. */
export const startProgram = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Program => {
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const waiting = new Set<() => void>();
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      waiting.forEach((look) => look());
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    said: () => said,
    ended,
    saying: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
        void ended.then((code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${said}`)));
      }),
    kill: (signal) => void child.kill(signal),
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

/** The URL that a program prints when it listens. */
export const urlOf = async (program: Program): Promise<string> => (await program.saying(/ at (http:\S+)\n/))[1] ?? '';
