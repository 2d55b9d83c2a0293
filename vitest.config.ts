import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

export default defineConfig({
  // One copy of graphql: without the alias, vitest loads its ESM twin beside the CommonJS one that Yoga requires.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2, // else it leaves one of two cores idle; with more, time-outs of tests come near
    // The SDK warns of Node versions; the package's own `engines` says which are taken.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // CI counts from a file; a person reads the usual report beside it.
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
