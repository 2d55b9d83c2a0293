import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_CORE, pinned } from './program.js';

interface Load {
  readonly folder: string; // where the bodies are written for the client
  readonly url: string;
  readonly bodies: readonly string[]; // sent in turn
  readonly connections: number;
  readonly seconds: number;
}

interface Loaded {
  readonly requests: number;
  readonly micros: number;
  readonly p50: number; // milliseconds
  readonly p99: number;
}

if (spawnSync('wrk', ['-v']).error !== undefined) throw new Error('wrk is not installed: apt-get install wrk');

const script = fileURLToPath(new URL('wrk.lua', import.meta.url));

/** Keeps so many connections busy for so long. Throws if any request failed. */
export const load = async ({ folder, url, bodies, connections, seconds }: Load): Promise<Loaded> => {
  const file = join(folder, 'bodies');
  writeFileSync(file, `${bodies.join('\n')}\n`);
  const wrk = ['wrk', '-t1', `-c${connections}`, `-d${Math.round(seconds)}s`, '--timeout', '20s', '-s', script, url];
  const [program = '', ...args] = pinned(CLIENT_CORE, [...wrk, '--', file]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  const result = /RESULT (\{.*\})/.exec(output)?.[1];
  if (result === undefined) throw new Error(`wrk gave no result: ${output.slice(-300)}`);
  const { failed, p50, p99, ...counted }: Loaded & { readonly failed: number } = JSON.parse(result);
  if (failed !== 0) throw new Error(`${failed} requests to ${url} failed`);
  return { ...counted, p50: p50 / 1000, p99: p99 / 1000 };
};
