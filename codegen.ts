/**
 * Prints `schema.graphql`, `config.schema.json` and the files of `client/` from the code, then generates typed documents: of the example
 * queries for the tests, and of the board.
 * `npm run codegen` writes; `npm run codegen -- --check` writes nothing and fails where a file differs.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printConfigSchema } from './src/assembly/config-schema.js';
import { clientFiles } from './src/schema/client.js';
import { schema } from './src/schema/index.js';
import { printSubgraph } from './src/schema/subgraph.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const generatedFolder = 'test/generated';
const boardFolder = 'board/generated';
const clientFolder = 'client';
const folders = [generatedFolder, boardFolder, clientFolder];

const config = {
  useTypeImports: true,
  enumsAsTypes: true,
  strictScalars: true,
  scalars: { DateTime: 'string', BigInt: 'string', JSON: 'unknown' },
};

/** The client preset's files, by path: what a frontend team would generate from the printed schema. */
const generateClient = async (schema: string): Promise<ReadonlyMap<string, string>> => {
  const { generate } = await import('@graphql-codegen/cli'); // slow to load, and only wanted here
  const files: readonly { filename: string; content: string }[] = await generate(
    {
      cwd: root,
      silent: true,
      schema,
      emitLegacyCommonJSImports: false, // imports with `.js`, as NodeNext wants them
      generates: {
        [`${generatedFolder}/`]: {
          preset: 'client',
          presetConfig: { fragmentMasking: false },
          documents: ['examples/queries/*.graphql'],
          config,
        },
        [`${boardFolder}/`]: {
          preset: 'client',
          presetConfig: {
            fragmentMasking: false,
            persistedDocuments: { mode: 'embedHashInDocument', hashAlgorithm: 'sha256' },
          },
          documents: ['board/src/*.graphql'],
          config: { ...config, documentMode: 'string' }, // so that the page needs no GraphQL of its own
        },
      },
    },
    false, // we write, or compare
  );
  return new Map(files.map(({ filename, content }) => [relative(root, join(root, filename)), content]));
};

const read = (path: string): string | null => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null; // not there yet
  }
};

/** What lies in the folders but is generated no more. */
const leftovers = (files: ReadonlyMap<string, string>): readonly string[] =>
  folders.flatMap((folder) => {
    try {
      return readdirSync(join(root, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => !files.has(path));
    } catch {
      return []; // no folder yet
    }
  });

const main = async (flags: readonly string[]): Promise<void> => {
  const unknown = flags.filter((flag) => flag !== '--check');
  if (unknown.length > 0) throw new Error(`unknown flag ${unknown.join(' ')}; there is only --check`);
  const sdl = printSubgraph(schema);
  const forClients = clientFiles.map(({ name, print }) => [`${clientFolder}/${name}`, print(schema)] as const);
  const ofConfig = ['config.schema.json', printConfigSchema()] as const;
  const files = new Map([['schema.graphql', sdl], ofConfig, ...forClients, ...(await generateClient(sdl))]);
  const differing = [...files.keys()].filter((path) => read(path) !== files.get(path));
  const stale = leftovers(files);
  if (flags.includes('--check')) {
    for (const path of [...differing, ...stale]) process.stderr.write(`${path} differs from the code\n`);
    if (differing.length + stale.length === 0) return;
    process.stderr.write('Run `npm run codegen` and commit what it writes.\n');
    process.exitCode = 1;
    return;
  }
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  for (const path of differing) writeFileSync(join(root, path), files.get(path) ?? '');
  for (const path of stale) rmSync(join(root, path), { recursive: true });
  process.stdout.write(`${differing.length + stale.length} of ${files.size} files changed\n`);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
