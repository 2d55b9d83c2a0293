import type { ProtectionSource } from '../../domain/protection-source.js';
import { builder } from '../builder.js';
import { NodeRef } from '../node.js';

export const ProtectionSourceRef = builder.objectRef<ProtectionSource>('ProtectionSource').implement({
  description:
    'A node of a Cohesity source tree: a virtual machine, a database, a host, a view. Source: Cohesity v1 ProtectionSource.',
  interfaces: [NodeRef],
  fields: (t) => ({
    sourceId: t.expose('sourceId', {
      type: 'BigInt',
      nullable: true,
      description:
        'Cohesity’s entity id, good on this cluster only; `null` where it was left out, and then `id` cannot be asked for.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its name; `null` where not sent.' }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'The vendor’s word, such as `kVMware`; the set grows with releases.',
    }),
    parentId: t.expose('parentId', {
      type: 'BigInt',
      nullable: true,
      description: 'Entity id of the parent node, such as a host.',
    }),
    details: t.expose('details', {
      type: 'JSON',
      nullable: true,
      description:
        'The part that only this environment has (`vmWareProtectionSource` and its like), as sent; integers beyond 2^53 as strings.',
    }),
  }),
});
