import { lastPartOf } from './arn.js';
import type { CopyJob } from './copy-job.js';
import { encodeId } from './global-id.js';
import type { ObjectCopies } from './object-copies.js';
import type { ProtectionSource } from './protection-source.js';

/** A protected object: a Cohesity source or an AWS resource. */
export interface ProtectedObject {
  readonly __typename: 'ProtectedObject';
  readonly id: string;
  readonly upstream: string;
  readonly name: string;
  readonly source: ProtectionSource | null;
  readonly resourceArn: string | null;
  readonly resourceType: string | null;
  readonly copies: ObjectCopies | null; // null: not read; a list has read them
}

/** The object of a source; `null` if Cohesity left its entity id out, because then nothing can address it. */
export const objectOfSource = (source: ProtectionSource | null): ProtectedObject | null =>
  source === null || source.sourceId === null
    ? null
    : {
        __typename: 'ProtectedObject',
        id: encodeId('ProtectedObject', source.upstream, source.sourceId),
        upstream: source.upstream,
        name: source.name ?? source.sourceId.toString(),
        source,
        resourceArn: null,
        resourceType: null,
        copies: null,
      };

/** An AWS resource, as a job or the inventory reports it. */
interface Resource {
  readonly resourceArn: string;
  readonly resourceName: string | null;
  readonly resourceType: string | null;
}

export const objectOfResource = (
  upstream: string,
  { resourceArn, resourceName, resourceType }: Resource,
): ProtectedObject => ({
  __typename: 'ProtectedObject',
  id: encodeId('ProtectedObject', upstream, resourceArn),
  upstream,
  name: resourceName ?? lastPartOf(resourceArn),
  source: null,
  resourceArn,
  resourceType,
  copies: null,
});

/** The object of a copy job; `null` if the job does not say what it copies. */
export const objectOfJob = ({ upstream, resourceArn, resourceName, resourceType }: CopyJob): ProtectedObject | null =>
  resourceArn === null ? null : objectOfResource(upstream, { resourceArn, resourceName, resourceType });
