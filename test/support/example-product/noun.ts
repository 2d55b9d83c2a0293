import { ActivityRef } from '../../../src/schema/activity.js';
import { builder } from '../../../src/schema/builder.js';
import { CopyOperationRef } from '../../../src/schema/copy-operation.js';
import { NodeRef } from '../../../src/schema/node.js';
import type { ExampleCopy } from './copy.js';

builder.objectRef<ExampleCopy>('ExampleCopy').implement({
  description: 'A copy of an imaginary vendor.',
  interfaces: [NodeRef, ActivityRef, CopyOperationRef],
  fields: (t) => ({
    disk: t.exposeString('disk', { description: 'What was copied.' }),
  }),
});
