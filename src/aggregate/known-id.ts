import { BadInputError } from '../domain/bad-input.js';
import { type AddressableType, type ParsedId, parseId } from '../domain/global-id.js';
import { refuseHidden } from '../upstream/clients.js';
import type { Clients } from '../upstream/product.js';

/**
 * Takes a caller's id apart; a malformed one, or one of an upstream that is not configured, is the caller's mistake.
 * One of an upstream that they may not see is forbidden.
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
      `${argument} ${shown} is not an id of the form ${form}; pass one as the field id showed it.`,
    );
  }
  refuseHidden(clients, argument, parsed.upstream);
  if (!clients.has(parsed.upstream)) {
    throw new BadInputError(
      argument,
      `${argument} ${shown} names an upstream that is not configured; the field upstreams lists them.`,
    );
  }
  return parsed;
};
