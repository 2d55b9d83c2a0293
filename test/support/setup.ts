// Runs before each test file. What every file needs after its tests is here: a hook in a module that files share would
// be registered by the first of them alone.
import { aroundEach, vi } from 'vitest';
import { closingAfter } from './closing.js';

// One schema for all gateways of a process: it holds no state, and building it costs more than most tests.
vi.mock(import('../../src/schema/index.js'), async (original) => {
  const { createSchema } = await original();
  let schema: ReturnType<typeof createSchema> | undefined;
  return { createSchema: () => (schema ??= createSchema()) };
});

aroundEach((runTest) => closingAfter(runTest));
