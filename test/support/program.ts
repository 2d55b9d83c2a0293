import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the command line as it is built. */
    readonly program: string;
  }
}

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Once for all files, the program as it is built. */
export default async (project: TestProject) => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-program-'));
  for (const name of ['package.json', 'config.schema.json', 'examples', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  await run(process.execPath, [join(root, 'bundle.js'), join(folder, 'dist')]);
  writeFileSync(join(folder, 'dist/cli.js'), `import './assembly/program.js';`);
  project.provide('program', join(folder, 'dist/cli.js'));
  return () => rmSync(folder, { recursive: true });
};
