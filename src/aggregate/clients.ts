import { BadInputError } from '../domain/bad-input.js';
import type { Upstream, UpstreamHealth } from '../domain/upstream.js';
import type { AwsBackupClient } from '../upstream/aws-backup/client.js';
import type { CohesityClient } from '../upstream/cohesity/client.js';

interface Speaking {
  readonly upstream: Upstream;
  health(): UpstreamHealth;
}

/** One configured upstream with the client that speaks to it. */
export type UpstreamClient =
  | (Speaking & { readonly kind: 'COHESITY'; readonly client: CohesityClient })
  | (Speaking & { readonly kind: 'AWS_BACKUP'; readonly client: AwsBackupClient });

/** Every configured upstream by its id in the config, in the config's order. They outlive requests. */
export type Clients = ReadonlyMap<string, UpstreamClient>;

/** The Cohesity cluster of that name; `null` where there is none, as for an id that another gateway made. */
export const cohesityOf = (clients: Clients, upstream: string): CohesityClient | null => {
  const found = clients.get(upstream);
  return found?.kind === 'COHESITY' ? found.client : null;
};

/** The AWS Backup endpoint of that name, or `null`. */
export const awsBackupOf = (clients: Clients, upstream: string): AwsBackupClient | null => {
  const found = clients.get(upstream);
  return found?.kind === 'AWS_BACKUP' ? found.client : null;
};

/** The upstream that a record came from; a record comes from a configured one. */
export const upstreamNamed = (clients: Clients, name: string): Upstream => {
  const found = clients.get(name);
  if (found === undefined) throw new Error(`a record of an upstream that is not configured: ${name}`);
  return found.upstream;
};

/** The clients a filter names, or all; a name that no upstream has is the caller's mistake. */
export const clientsNamed = (
  clients: Clients,
  names: readonly string[] | null | undefined,
  argument: string,
): readonly UpstreamClient[] => {
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
