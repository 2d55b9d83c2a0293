import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

/** What `npm run test:embedded` runs: it packs the package and installs it into a copy of the example. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/embedded/*.package-test.ts'],
    setupFiles: 'test/support/setup.ts',
    testTimeout: 120_000,
    hookTimeout: 600_000,
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
