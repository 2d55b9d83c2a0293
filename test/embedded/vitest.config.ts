import { defineConfig } from 'vitest/config';

const report = process.env['VITEST_JSON'];

/** The tests of `npm run test:embedded`. They pack the package and install it into a copy of the example. */
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
