import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import { copyJob, startLive } from '../support/live.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const here = new URL('.', import.meta.url).pathname;
const page = readFileSync('docs/clients.md', 'utf8');

/** The programs of a section, as the page has them. */
const blocksOf = (section: string, language: string): readonly string[] => {
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);
};

/** A folder as an application has it, below this one, so that its packages are found. */
const startApplication = (): string => {
  const folder = mkdtempSync(join(here, 'application-'));
  closing({ close: async () => rmSync(folder, { recursive: true }) });
  cpSync('client', join(folder, 'client'), { recursive: true });
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
};

const run = (folder: string, program: string, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(here, 'node_modules', program), ...args], { cwd: folder });

/** Runs a program of the page at a gateway of the test's, until it shows these words. */
const shows = async (folder: string, block: string, ...words: readonly string[]): Promise<void> => {
  const live = await startLive();
  live.held.copyJobs.push(copyJob('J1', 'RUNNING', { ResourceName: 'shop-db' }));
  const code = block
    .replaceAll('127.0.0.1:4000', new URL(live.url).host)
    .replaceAll('…', 'key')
    .replaceAll("'@apollo/client", "'apollo-client-4"); // both majors are installed, under names of their own
  writeFileSync(join(folder, 'program.js'), code);
  const child: ChildProcess = spawn(process.execPath, ['program.js'], { cwd: folder });
  closing({ close: async () => void child.kill('SIGKILL') });
  let said = '';
  for (const pipe of [child.stdout, child.stderr]) pipe?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => {
    for (const word of words) expect(said).toContain(word);
  }, 50);
};

describe('docs/clients.md has a program that runs', () => {
  it('of Apollo Client', async () => {
    const [program = ''] = blocksOf('Apollo Client', 'js');
    await shows(startApplication(), program, "name: 'shop-db'", "change: 'SNAPSHOT'");
  });

  it('of urql', async () => {
    const [program = ''] = blocksOf('urql', 'js');
    await shows(startApplication(), program, "name: 'shop-db'");
  });

  it('of Relay', async () => {
    const folder = startApplication();
    const [config = ''] = blocksOf('Relay', 'json');
    const [source = '', program = ''] = blocksOf('Relay', 'js');
    writeFileSync(join(folder, 'relay.config.json'), config);
    writeFileSync(join(folder, 'src/list.js'), source);
    await run(folder, 'relay-compiler/cli.js');
    await shows(folder, program, "name: 'shop-db'");
  });

  it('of GraphQL Code Generator', async () => {
    const folder = startApplication();
    const [config = ''] = blocksOf('GraphQL Code Generator', 'ts');
    writeFileSync(join(folder, 'codegen.ts'), config);
    writeFileSync(join(folder, 'src/list.graphql'), 'query List { copyOperations(first: 5) { nodes { sizeBytes } } }');
    const { default: settings } = await import(join(folder, 'codegen.ts'));
    const files = await generate({ ...settings, cwd: folder, silent: true }, false);
    const types = files.find(({ filename }: { filename: string }) => filename.endsWith('gql/graphql.ts'));
    expect(types.content).toContain('sizeBytes: string | null');
    expect(types.content).toContain('ListDocument');
  });

  it('of gql.tada, whose types refuse what is wrong', async () => {
    const folder = startApplication();
    const [config = ''] = blocksOf('gql.tada', 'json');
    const [source = ''] = blocksOf('gql.tada', 'ts');
    const { compilerOptions } = JSON.parse(config);
    const options = {
      ...compilerOptions,
      module: 'ESNext',
      moduleResolution: 'Bundler',
      target: 'ES2022',
      noEmit: true,
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, types: [], skipLibCheck: true } }),
    );
    writeFileSync(join(folder, 'src/list.ts'), source);
    await run(folder, 'gql.tada/bin/cli.js', 'generate', 'output');
    expect(readdirSync(join(folder, 'src'))).toContain('graphql-env.d.ts');
    await run(folder, 'typescript/bin/tsc', '-p', '.');
    writeFileSync(join(folder, 'src/list.ts'), source.replace('BigInt(sizeBytes ?? 0)', 'sizeBytes'));
    const wrong = await run(folder, 'typescript/bin/tsc', '-p', '.').catch(({ stdout }: { stdout: string }) => ({
      stdout,
    }));
    expect(wrong.stdout).toMatch(/'string \| null'.* is not assignable to type .*bigint/s);
  });
});
