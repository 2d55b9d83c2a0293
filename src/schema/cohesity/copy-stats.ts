import type { CopyStats } from '../../domain/copy-stats.js';
import { builder } from '../builder.js';

export const CopyStatsRef = builder.objectRef<CopyStats>('CopyStats').implement({
  description:
    'The figures of one Cohesity copy: of a task, or of all tasks of a copy run together. Any figure is `null` if not sent. Source: Cohesity v1 CopyRunStats.',
  fields: (t) => ({
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When data began to move. `null` before.',
    }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it was done. `null` before.' }),
    isIncremental: t.exposeBoolean('isIncremental', {
      nullable: true,
      description: 'Archival only: whether it was incremental.',
    }),
    logicalSizeBytes: t.expose('logicalSizeBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'The logical bytes to copy.',
    }),
    logicalBytesTransferred: t.expose('logicalBytesTransferred', {
      type: 'BigInt',
      nullable: true,
      description: 'The logical bytes that are copied so far.',
    }),
    logicalTransferRateBps: t.expose('logicalTransferRateBps', {
      type: 'BigInt',
      nullable: true,
      description: 'Archival only: the average logical rate in bytes (not bits) per second.',
    }),
    physicalBytesTransferred: t.expose('physicalBytesTransferred', {
      type: 'BigInt',
      nullable: true,
      description: 'Replication only: the bytes sent over the network.',
    }),
  }),
});
