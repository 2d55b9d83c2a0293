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
        'Cohesity’s entity id, valid on this cluster only. `null` if not sent; then nothing can be read by `id`.',
    }),
    name: t.exposeString('name', { nullable: true, description: 'Its name. `null` if not sent.' }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'The vendor’s kind of source, such as `kVMware`. New releases add kinds. `null` if not sent.',
    }),
    parentId: t.expose('parentId', {
      type: 'BigInt',
      nullable: true,
      description: 'Entity id of the parent node, such as a host. `null` if not sent.',
    }),
    details: t.expose('details', {
      type: 'JSON',
      nullable: true,
      description:
        'The member that only this environment has, such as `vmWareProtectionSource`, as sent. Integers beyond 2^53 are strings. `null` if not sent.',
    }),
  }),
});
