/**
 * Writes the command line and its packages into a folder as `assembly/program.js` and `program/`: a few files start in
 * half the time of two thousand modules. `node bundle.js [FOLDER]`; without one into `dist`. Whoever imports the package
 * gets its single modules, since `graphql` must be the importer's own.
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = resolve(root, process.argv[2] ?? 'dist');

/** In the bundle, the compiler of queries has to be the bundled one, with the same `graphql`. It is still loaded late. */
const bundledCompiler = {
  name: 'bundled-compiler',
  setup: ({ onLoad }) =>
    onLoad({ filter: /src\/edge\/compiled\/compiler\.ts$/ }, () => ({
      contents: `export const compiler = () => require('graphql-jit');`,
      loader: 'js',
    })),
};

/** The licences of the packages in the bundle, which ask to be passed on with their code. */
const noticesOf = (files) => {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${license})${text}\n`;
  });
};

rmSync(join(target, 'program'), { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { 'assembly/program': 'src/assembly/program.ts' },
  outdir: target,
  chunkNames: 'program/[name]-[hash]', // as deep as the sources, which name files by their place
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  external: ['@graphql-yoga/render-graphiql'], // 9 MB, read when a page is first asked for
  banner: { js: `const require = (await import('node:module')).createRequire(import.meta.url);` },
  plugins: [bundledCompiler],
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(
  join(target, 'program/LICENSES.txt'),
  noticesOf(Object.keys(metafile.inputs)).join(`\n${'-'.repeat(80)}\n\n`),
);
