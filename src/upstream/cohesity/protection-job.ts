import { z } from 'zod';
import { encodeId } from '../../domain/global-id.js';
import { type Clean, cleanMessage } from '../../domain/message.js';
import { type Micros, microsFromMillis } from '../../domain/micros.js';
import type { ProtectionJob } from '../../domain/protection-job.js';
import { wireBoolean, wireInteger, wireMicros, wireOptionalList, wireText } from '../wire.js';
import { WireUniversalId, toUniversalId } from './copy-run.js';

/** The members of a job that we read; the wire object has about seventy. Source: Cohesity v1 `ProtectionJob`. */
export const WireProtectionJob = z.object({
  id: wireInteger,
  uid: WireUniversalId,
  name: wireText,
  description: wireText,
  environment: wireText,
  policyId: wireText,
  viewBoxId: wireInteger,
  parentSourceId: wireInteger,
  sourceIds: wireOptionalList(wireInteger),
  tenantId: wireText,
  isActive: wireBoolean,
  isDeleted: wireBoolean,
  isPaused: wireBoolean,
  creationTimeUsecs: wireMicros,
  modificationTimeUsecs: wireMicros,
  policyAppliedTimeMsecs: z
    .number()
    .nullish()
    .transform((value) => (value !== null && value !== undefined && value > 0 ? value : null)),
});

/**
 * `null` for a job without an id. Absent flags mean active, not deleted and not paused, which is how field scripts read
 * them.
 */
export const toProtectionJob = (
  wire: z.infer<typeof WireProtectionJob>,
  upstream: string,
  observedAt: Micros,
  clean: Clean = cleanMessage,
): ProtectionJob | null =>
  wire.id === null
    ? null
    : {
        __typename: 'ProtectionJob',
        id: encodeId('ProtectionJob', upstream, wire.id),
        upstream,
        jobId: wire.id,
        uid: toUniversalId(wire.uid),
        name: wire.name ?? wire.id.toString(),
        description: clean(wire.description),
        environment: wire.environment,
        policyId: wire.policyId,
        viewBoxId: wire.viewBoxId,
        parentSourceId: wire.parentSourceId,
        sourceIds: wire.sourceIds?.filter((id) => id !== null) ?? [],
        tenantId: wire.tenantId,
        isActive: wire.isActive ?? true,
        isDeleted: wire.isDeleted ?? false,
        isPaused: wire.isPaused ?? false,
        createdAt: wire.creationTimeUsecs,
        modifiedAt: wire.modificationTimeUsecs,
        policyAppliedAt: wire.policyAppliedTimeMsecs === null ? null : microsFromMillis(wire.policyAppliedTimeMsecs),
        observedAt,
      };
