// Writes Tailcall's config for this port, and runs its binary.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { PORT, UPSTREAM } = process.env;
const template = readFileSync(new URL('tailcall.graphql', import.meta.url), 'utf8');
const file = join(mkdtempSync(join(tmpdir(), 'tailcall-')), 'config.graphql');
writeFileSync(file, template.replaceAll('"__PORT__"', PORT).replaceAll('__UPSTREAM__', UPSTREAM));
const binary = new URL('../node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall', import.meta.url).pathname;
const env = { ...process.env, TAILCALL_LOG_LEVEL: 'error', TC_LOG_LEVEL: 'error', TC_TRACKER: 'false' };
const child = spawn(binary, ['start', file], { stdio: ['ignore', 'ignore', 'inherit'], env });
child.on('exit', (code) => process.exit(code ?? 1));
process.on('SIGTERM', () => child.kill());
