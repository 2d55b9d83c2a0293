import type { Json } from './json.js';

/** A node of a Cohesity source tree: a virtual machine, a database, a host, a view. */
export interface ProtectionSource {
  readonly __typename: 'ProtectionSource';
  readonly id: string; // the global id; if Cohesity left the entity id out, one that cannot be queried
  readonly upstream: string;
  readonly sourceId: bigint | null;
  readonly name: string | null;
  readonly environment: string | null;
  readonly parentId: bigint | null;
  readonly details: Json; // the environment's own part, integers beyond 2^53 as strings
}
