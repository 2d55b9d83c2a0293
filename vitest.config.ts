import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: without the alias, vitest loads its ESM twin beside the CommonJS one that Yoga requires.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000 },
});
