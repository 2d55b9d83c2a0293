import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { parseConfig } from '../../src/assembly/config.js';
import { type Gateway, startGateway } from '../support/gateway.js';
import { cohesityAt } from '../support/fake.js';
import { closing } from '../support/products.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/trusted-documents.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

const folder = mkdtempSync(join(tmpdir(), 'copygraph-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The manifest that codegen writes with the page's own settings. */
const generateManifest = async (): Promise<string> => {
  const [code = ''] = blocks('ts');
  const [, literal = ''] = /const config: CodegenConfig = (\{.*?^\});/ms.exec(code) ?? [];
  // An object of texts and `true`: YAML reads it as well, but for its trailing commas.
  const config: CodegenConfig = parseYaml(literal.replace(/,(\s*[}\]])/g, '$1'));
  const [sample = ''] = blocks('json');
  const text = /query Names .*\}(?=" \})/.exec(sample)?.[0] ?? '';
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'src/names.graphql'), text);
  const files: readonly { filename: string; content: string }[] = await generate(
    { ...config, documents: join(folder, String(config.documents)), cwd: root, silent: true },
    false,
  );
  return files.find(({ filename }) => filename.endsWith('gql/persisted-documents.json'))?.content ?? '';
};

const output = async (program: string, parameters: readonly string[]): Promise<string> => {
  const child = spawn(program, [...parameters], { cwd: root });
  let said = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  return said;
};

describe('docs/trusted-documents.md', () => {
  it('has settings for codegen, and commands and a program that run what it writes', { timeout: 60_000 }, async () => {
    const manifest = join(folder, 'persisted-documents.json');
    writeFileSync(manifest, await generateManifest());
    const ids = Object.keys(JSON.parse(readFileSync(manifest, 'utf8')) as object);
    expect(ids).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    const upstreams = [cohesityAt({ url: 'http://127.0.0.1:9' })];
    const gateway: Gateway = closing(await startGateway({ upstreams, persisted: { mode: 'require', manifest } }));
    const { host } = new URL(gateway.url);
    const filled = (block: string): string =>
      block.replaceAll('127.0.0.1:4000', host).replaceAll('sha256:a7f5…', ids[0] ?? '');
    const commands = blocks('sh').map(filled);
    const programs = blocks('js').map((block) =>
      filled(block).replace('}\n', '  break;\n}\nawait client.dispose();\n'),
    );
    expect([commands.length, programs.length]).toEqual([2, 1]);
    const hasCurl = spawnSync('curl', ['--version']).status === 0;
    for (const line of hasCurl ? commands : []) {
      expect(await output('sh', ['-c', line])).toContain('{"data":{"upstreams":[{"name":"dc-east"}]}}');
    }
    for (const code of programs) {
      expect(await output(process.execPath, ['--input-type=module', '--eval', code])).toContain("name: 'dc-east'");
    }
  });

  it('has configs that are read', () => {
    const parts = blocks('yaml').map((block) => block.replaceAll(/'…'/g, () => `'${key()}'`));
    expect(parts).toHaveLength(2);
    for (const part of parts) {
      const text = `${stringify({ upstreams: [{ id: 'a', kind: 'aws-backup', region: 'us-east-1' }] })}${part}`;
      expect(() => parseConfig(text, 'docs', {})).not.toThrow();
    }
  });
});

let keys = 0;
const key = (): string => String((keys += 1)).padStart(64, '0');
