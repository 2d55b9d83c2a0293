import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { cpus } from 'node:os';

const here = new URL('.', import.meta.url);

/** The client and the upstream on one core, the server that is measured on the other, its threads too. */
export const CLIENT_CORE = 0;
export const SERVER_CORE = cpus().length > 1 ? 1 : 0;

/** Node as the image starts it. The servers that are compared get the same. */
export const NODE = [process.execPath, '--max-semi-space-size=64'] as const;

export const pinned = (core: number, command: readonly string[]): readonly string[] => [
  'taskset',
  '-c',
  String(core),
  ...command,
];

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
      server.close(() => resolve(port));
    });
  });

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

const entryOf = (pid: string): readonly Entry[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(pid), parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 }];
  } catch {
    return []; // it has ended
  }
};

/** A process and what it has started. */
const familyOf = (pid: number): readonly Entry[] => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(entryOf);
  const grow = (pids: ReadonlySet<number>): ReadonlySet<number> => {
    const more = all.filter(({ parent, pid: one }) => pids.has(parent) && !pids.has(one));
    return more.length === 0 ? pids : grow(new Set([...pids, ...more.map((one) => one.pid)]));
  };
  const family = grow(new Set([pid]));
  return all.filter((one) => family.has(one.pid));
};

/** The CPU time that a process and its children have used, in milliseconds. */
export const cpuMsOf = (pid: number): number => familyOf(pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** A client that stops leaves operations behind, which may not run into the next window. */
export const settle = async (pid: number): Promise<void> => {
  for (let before = cpuMsOf(pid), tries = 0; tries < 100; tries += 1) {
    await pause(100);
    const after = cpuMsOf(pid);
    if (after - before <= 10) return;
    before = after;
  }
};

/** The most memory that they ever held together, in MB. */
export const peakMegabytesOf = (pid: number): number => {
  const kilobytes = familyOf(pid).map((one) => {
    const status = readFileSync(`/proc/${one.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  });
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024);
};

/** The CPU time that everything has used but this process and what it has started, in milliseconds. */
export const othersMs = (): number => {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/);
  const [user = '0', nice = '0', system = '0'] = ticks;
  const own = readFileSync('/proc/self/stat', 'utf8');
  const [ofEnded = '0', inKernel = '0'] = own
    .slice(own.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  const machine = Number(user) + Number(nice) + Number(system) - Number(ofEnded) - Number(inKernel);
  return machine * 10 - cpuMsOf(process.pid);
};

export interface Program {
  readonly pid: number;
  /** How long it took until it answered, in milliseconds. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Ends what was started here, and what that has started; by their ids. */
const stopping = async (child: ChildProcess, pid: number): Promise<void> => {
  if (ended(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const family = familyOf(pid).map((one) => one.pid);
  const signal = (name: NodeJS.Signals) => {
    for (const one of family) {
      try {
        process.kill(one, name);
      } catch {
        continue; // it has ended
      }
    }
  };
  signal('SIGTERM');
  const patience = setTimeout(() => signal('SIGKILL'), 3000);
  await gone;
  clearTimeout(patience);
};

/** Starts a server in a process of its own, and resolves when `url` answers whatever it may be. */
export const startProgram = async (
  core: number,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  url: string,
): Promise<Program> => {
  const began = performance.now();
  const [program = '', ...args] = pinned(core, command);
  const options = { cwd: here, env: { ...process.env, NODE_ENV: 'production', ...env } };
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} cannot be started`);
  process.once('exit', () => child.kill('SIGKILL')); // however this one ends
  for (;;) {
    if (ended(child)) throw new Error(`${command.join(' ')} ended with ${child.exitCode}`);
    const answers = await fetch(url).then(
      (response) => response.body?.cancel().then(() => true),
      () => false,
    );
    if (answers) break;
    await pause(10);
  }
  return { pid, startMs: performance.now() - began, stop: () => stopping(child, pid) };
};
