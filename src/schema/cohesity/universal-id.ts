import type { UniversalId } from '../../domain/run-key.js';
import { builder } from '../builder.js';

export const UniversalIdRef = builder.objectRef<UniversalId>('UniversalId').implement({
  description:
    'Cohesity’s globally unique id: a cluster, its incarnation, and a number. Source: Cohesity v1 UniversalId.',
  fields: (t) => ({
    clusterId: t.expose('clusterId', { type: 'BigInt', description: 'The cluster that made it.' }),
    clusterIncarnationId: t.expose('clusterIncarnationId', {
      type: 'BigInt',
      description: 'The incarnation of that cluster.',
    }),
    localId: t.expose('id', { type: 'BigInt', description: 'The id within that cluster: the vendor’s `id`.' }),
  }),
});
