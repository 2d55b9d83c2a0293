import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const root = new URL('../../', import.meta.url);

/** A command of the CLI in a process of its own, so that its memory is its own. Resolves when it has said what is awaited. */
export const startCommand = (
  args: readonly string[],
  awaited: RegExp,
  env: NodeJS.ProcessEnv = {},
  log: 'inherit' | 'pipe' = 'inherit',
): Promise<{ readonly child: ChildProcess; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', log],
    });
    process.once('exit', () => child.kill()); // however this one ends
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (awaited.test(output)) resolve({ child, output });
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)));
  });

/** The URL where the sandbox says that it plays a product: `Cohesity`, `replica` or `AWS Backup`. */
export const playedAt = (output: string, name: string): string => {
  const url = new RegExp(`\\b${name}\\s+(http\\S+)`).exec(output)?.[1];
  if (url === undefined) throw new Error(`the sandbox names no URL of ${name}`);
  return url;
};

/** A Redis that keeps nothing on disk, on a port below those that the system gives away by itself. Ends with this process. */
export const startRedisServer = () => {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const child = spawn('redis-server', ['--port', String(port), '--save', '', '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill());
  return { port, close: () => child.kill() };
};

/** The most memory a process ever held, in MB, as the kernel counted it. */
export const peakMegabytes = ({ pid }: ChildProcess): number => {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
};

/** Passes everything on and counts the requests. The Host header stays as it came, since AWS's signature covers it. */
export const startCounter = async (target: string) => {
  let requests = 0;
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    const onward = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    outgoing.on('close', () => onward.destroy());
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server's address is never a string
    take: (): number => {
      const counted = requests;
      requests = 0;
      return counted;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
