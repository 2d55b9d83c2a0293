import { defineConfig, mergeConfig } from 'vitest/config';
import common from '../../vitest.config.js';

/** What `npm run test:federation` runs: it needs the routers that this folder and the example install. */
export default mergeConfig(
  { ...common, test: { ...common.test, include: [] } },
  defineConfig({
    root: new URL('../..', import.meta.url).pathname,
    test: {
      include: ['test/federation/*.gateway-test.ts'],
      fileParallelism: false, // each file starts several programs
      testTimeout: 30_000,
      hookTimeout: 120_000,
    },
  }),
);
