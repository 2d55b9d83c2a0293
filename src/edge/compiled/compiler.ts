import { createRequire } from 'node:module';
import type * as Jit from 'graphql-jit';

const require = createRequire(import.meta.url);

/** Loads it when the first query is compiled: at the start it would cost an eighth of a second. */
export const compiler = (): typeof Jit => require('graphql-jit') as typeof Jit; // the package of that name
