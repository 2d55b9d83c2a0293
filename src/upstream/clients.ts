import { BadInputError } from '../domain/bad-input.js';
import { ForbiddenError } from '../domain/forbidden.js';
import type { CopyTarget } from '../domain/copy-target.js';
import type { Upstream } from '../domain/upstream.js';
import type { AllClients, Clients, UpstreamClient } from './product.js';

/** The upstreams that a caller may see; `null` allows all. */
export const visibleClients = (all: AllClients, allowed: ReadonlySet<string> | null): Clients => {
  const isVisible = (name: string): boolean => allowed === null || allowed.has(name);
  return Object.assign(new Map([...all].filter(([name]) => isVisible(name))), {
    hidden: new Set([...all.keys()].filter((name) => !isVisible(name))),
  });
};

/** Throws a `ForbiddenError` if an argument names an upstream that the caller may not see. */
export const refuseHidden = ({ hidden }: Clients, argument: string, name: string): void => {
  if (hidden.has(name)) throw new ForbiddenError(`${argument} names the upstream ${name}, which you may not see.`);
};

/** The upstream that a record came from, which is always a configured one. */
export const upstreamNamed = (clients: AllClients, name: string): Upstream => {
  const found = clients.get(name);
  if (found === undefined) throw new Error(`a record of an upstream that is not configured: ${name}`);
  return found.upstream;
};

/** The name of a target: equal ids have one name. */
export const targetNameOf = (clients: AllClients, target: CopyTarget): string | null => {
  const targets = clients.get(target.upstream)?.targets;
  return targets === undefined ? target.name : targets.nameOf(target);
};

/** The upstream of that name; `null` if the config has none. */
export const findUpstream = (clients: Clients, argument: string, name: string): Upstream | null => {
  refuseHidden(clients, argument, name);
  return clients.get(name)?.upstream ?? null;
};

/** The clients that a filter names, or all visible ones. Throws a `BadInputError` for an unknown name. */
export const clientsNamed = (
  clients: Clients,
  names: readonly string[] | null | undefined,
  argument: string,
): readonly UpstreamClient[] => {
  names?.forEach((name) => refuseHidden(clients, argument, name));
  const unknown = names?.find((name) => !clients.has(name));
  if (unknown !== undefined) {
    throw new BadInputError(
      argument,
      `${argument} names ${JSON.stringify(unknown.slice(0, 100))}, which is not an upstream; the field upstreams lists them by name.`,
    );
  }
  return [...clients.values()].filter(
    ({ upstream }) => names === null || names === undefined || names.includes(upstream.name),
  );
};
