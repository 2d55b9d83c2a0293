import { readFileSync, readdirSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';
import { runs } from './test/support/runs.js';

const report = process.env['VITEST_JSON'];

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
  .map((name) => `test/${name}`);
/** Those that wait until their process has nothing open, or add a product to it. */
const alone = files.filter((file) => /\b(resourcesLeft|register)\(/.test(readFileSync(file, 'utf8')));

export default defineConfig({
  // One copy of graphql: without the alias, vitest loads its ESM twin beside the CommonJS one that Yoga requires.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // These share a process, and with it what they import, which takes longer than most of them.
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alone],
          globalSetup: 'test/support/program.ts',
          isolate: false,
        },
      },
    ],
    setupFiles: 'test/support/setup.ts',
    testTimeout: runs(120_000), // a busy machine is no failure
    hookTimeout: 120_000,
    // Most of what a test makes is short-lived. With the default of 16 MiB a sixth of the time goes into collecting it.
    execArgv: ['--max-semi-space-size=64'],
    maxWorkers: 3,
    experimental: { fsModuleCache: true }, // of a run before, in node_modules
    // The SDK warns of Node versions; the package's own `engines` says which are taken.
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Compiled at once, since most tests ask a query once. `Infinity` runs all of them the ordinary way.
      COPYGRAPH_COMPILE_AFTER: process.env['COPYGRAPH_COMPILE_AFTER'] ?? '0',
    },
    // CI counts from a file; a person reads the usual report beside it.
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
