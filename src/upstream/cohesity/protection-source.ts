import { z } from 'zod';
import { encodeId } from '../../domain/global-id.js';
import type { Json } from '../../domain/json.js';
import type { ProtectionSource } from '../../domain/protection-source.js';
import { wireInteger, wireText } from '../wire.js';

/** The members of a source that we read; one more, `…ProtectionSource` for its environment, has a free form. */
export const WireProtectionSource = z.looseObject({
  id: wireInteger,
  name: wireText,
  environment: wireText,
  parentId: wireInteger,
});

/** JSON for any client: integers beyond 2^53, which are `bigint` here, become strings. */
const toJson = (value: unknown): Json => {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, toJson(inner)]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

/** Total. `place` replaces a missing entity id; it is unique, so that clients' caches keep sources apart. */
export const toProtectionSource = (
  wire: z.infer<typeof WireProtectionSource>,
  upstream: string,
  place: string,
): ProtectionSource => {
  const part = Object.entries(wire).find(([member, value]) => member.endsWith('ProtectionSource') && value !== null);
  return {
    __typename: 'ProtectionSource',
    id: encodeId('ProtectionSource', upstream, wire.id ?? `@${place}`),
    upstream,
    sourceId: wire.id,
    name: wire.name,
    environment: wire.environment,
    parentId: wire.parentId,
    details: part === undefined ? null : toJson(part[1]),
  };
};
