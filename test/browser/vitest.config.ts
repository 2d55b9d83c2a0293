import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

/** The tests of `npm run test:browser`. They need Chromium, and the built board. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }, // as in the other config
  test: {
    include: ['test/browser/*.browser-test.ts'],
    setupFiles: 'test/support/setup.ts',
    fileParallelism: false, // each has a browser
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } }, // ends a test that hangs, and bounds nothing else
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
