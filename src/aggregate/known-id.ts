import { BadInputError } from '../domain/bad-input.js';
import { type AddressableType, type ParsedId, parseId } from '../domain/global-id.js';
import { refuseHidden } from '../upstream/clients.js';
import type { Clients } from '../upstream/product.js';

/**
 * Takes a caller's id apart. Throws a `BadInputError` if it is malformed or its upstream is not configured, and a
 * `ForbiddenError` if the caller may not see that upstream.
 */
export const parseKnownId = (
  clients: Clients,
  argument: string,
  id: string,
  ...types: readonly AddressableType[]
): ParsedId => {
  const parsed = parseId(id);
  const shown = JSON.stringify(id.slice(0, 100));
  if (parsed === null || (types.length > 0 && !types.includes(parsed.type))) {
    const form = `${types.length === 0 ? '<TypeName>' : types.join(' or ')}:<upstream>:<key parts>`;
    throw new BadInputError(
      argument,
      `${argument} ${shown} is not an id of the form ${form}; pass one unchanged from a field id.`,
    );
  }
  refuseHidden(clients, argument, parsed.upstream);
  if (!clients.has(parsed.upstream)) {
    throw new BadInputError(
      argument,
      `${argument} ${shown} names an upstream that is not configured; the field upstreams lists the configured ones.`,
    );
  }
  return parsed;
};
