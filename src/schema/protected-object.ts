import type { ProtectedObject } from '../domain/protected-object.js';
import { builder } from './builder.js';
import { NodeRef } from './node.js';
import { ProtectionSourceRef } from './protection-source.js';
import { upstreamField } from './upstream.js';

export const ProtectedObjectRef = builder.objectRef<ProtectedObject>('ProtectedObject').implement({
  description: 'What is protected, whatever the vendor: a Cohesity source or an AWS resource.',
  interfaces: [NodeRef],
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Its name; the id or the last part of the ARN where the vendor gives none.',
    }),
    upstream: upstreamField(t, 'Where it is protected.'),
    source: t.expose('source', {
      type: ProtectionSourceRef,
      nullable: true,
      description: 'The Cohesity source; `null` for AWS.',
    }),
    resourceArn: t.exposeString('resourceArn', {
      nullable: true,
      description: 'The AWS resource’s ARN; `null` for Cohesity.',
    }),
    resourceType: t.exposeString('resourceType', {
      nullable: true,
      description: 'AWS’s word for what it is, such as `EBS`; `null` for Cohesity.',
    }),
  }),
});
