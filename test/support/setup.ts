// Runs before each test file. What every file needs after its tests is here: a hook in a module that files share would
// be registered by the first of them alone.
import './request-ids.js';
import { aroundEach } from 'vitest';
import { closingAfter } from './closing.js';

aroundEach((runTest) => closingAfter(runTest));
