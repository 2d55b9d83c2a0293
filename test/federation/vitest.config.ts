import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

/** The config of `npm run test:federation`. It needs the routers that this folder and the example install. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }, // as in the other config
  test: {
    include: ['test/federation/*.gateway-test.ts'],
    fileParallelism: false, // each file starts several programs
    testTimeout: 120_000, // longer than `until` waits
    hookTimeout: 120_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
