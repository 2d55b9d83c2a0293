import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

/** The tests of `npm run test:program`. They start the program as it is built, some of them often. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }, // as in the other config
  test: {
    include: ['test/program/*.program-test.ts'],
    globalSetup: 'test/support/program.ts',
    setupFiles: 'test/support/setup.ts',
    fileParallelism: false, // each starts several programs at once
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
