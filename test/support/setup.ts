// Runs before each test file, with the steps that every file needs after its tests. In a shared module, a hook would be
// registered only by the first file.
import './request-ids.js';
import './warnings.js';
import { aroundEach } from 'vitest';
import { closingAfter } from './closing.js';

aroundEach((runTest) => closingAfter(runTest));
