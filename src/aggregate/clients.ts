import type { Slices } from '../cache/slices.js';
import { BadInputError } from '../domain/bad-input.js';
import { ForbiddenError } from '../domain/forbidden.js';
import type { CopyJob } from '../domain/copy-job.js';
import type { ProtectionRun } from '../domain/protection-run.js';
import type { Upstream, UpstreamHealth } from '../domain/upstream.js';
import type { AwsBackupClient } from '../upstream/aws-backup/client.js';
import type { PointOutcome, StalePoint, VaultPoints } from '../upstream/aws-backup/vault-points.js';
import type { CohesityClient } from '../upstream/cohesity/client.js';
import type { OwnId } from '../upstream/cohesity/own-id.js';
import type { WideReads } from '../upstream/cohesity/wide-reads.js';

interface Speaking {
  readonly upstream: Upstream;
  health(): UpstreamHealth;
}

/** One configured upstream with the client that speaks to it, and the hours of its lists that are known. */
export type UpstreamClient =
  | (Speaking & {
      readonly kind: 'COHESITY';
      readonly client: CohesityClient;
      readonly slices: Slices<ProtectionRun>;
      readonly wideReads: WideReads;
      readonly ownId: OwnId;
    })
  | (Speaking & {
      readonly kind: 'AWS_BACKUP';
      readonly client: AwsBackupClient;
      readonly slices: Slices<CopyJob>;
      readonly points: VaultPoints<PointOutcome | StalePoint>;
    });

/** Every configured upstream by its id in the config, in the config's order. They outlive requests. */
export type AllClients = ReadonlyMap<string, UpstreamClient>;

/** The upstreams that one caller may see, which are all there is to a request. */
export interface Clients extends AllClients {
  /** The ids of the others in the config, so that naming one is told from naming none. */
  readonly hidden: ReadonlySet<string>;
}

/** What a caller may see; `null` allows all. */
export const visibleClients = (all: AllClients, allowed: ReadonlySet<string> | null): Clients => {
  const isVisible = (name: string): boolean => allowed === null || allowed.has(name);
  return Object.assign(new Map([...all].filter(([name]) => isVisible(name))), {
    hidden: new Set([...all.keys()].filter((name) => !isVisible(name))),
  });
};

/** Throws a `ForbiddenError` where an argument names an upstream that the caller may not see. */
export const refuseHidden = ({ hidden }: Clients, argument: string, name: string): void => {
  if (hidden.has(name)) throw new ForbiddenError(`${argument} names the upstream ${name}, which you may not see.`);
};

type Of<K extends UpstreamClient['kind']> = Extract<UpstreamClient, { readonly kind: K }>;

export const isCohesity = (client: UpstreamClient): client is Of<'COHESITY'> => client.kind === 'COHESITY';
export const isAwsBackup = (client: UpstreamClient): client is Of<'AWS_BACKUP'> => client.kind === 'AWS_BACKUP';

/** The Cohesity cluster of that name; `null` where there is none, as for an id that another gateway made. */
export const cohesityOf = (clients: AllClients, upstream: string): CohesityClient | null => {
  const found = clients.get(upstream);
  return found?.kind === 'COHESITY' ? found.client : null;
};

/** The Cohesity cluster of that name, for who knows that it is one. */
export const clusterNamed = (clients: AllClients, upstream: string): Of<'COHESITY'> => {
  const found = clients.get(upstream);
  if (found?.kind !== 'COHESITY') throw new Error(`${upstream} is no cluster`);
  return found;
};

/** The AWS Backup endpoint of that name, or `null`. */
export const awsBackupOf = (clients: AllClients, upstream: string): AwsBackupClient | null => {
  const found = clients.get(upstream);
  return found?.kind === 'AWS_BACKUP' ? found.client : null;
};

/** The upstream that a record came from; a record comes from a configured one. */
export const upstreamNamed = (clients: AllClients, name: string): Upstream => {
  const found = clients.get(name);
  if (found === undefined) throw new Error(`a record of an upstream that is not configured: ${name}`);
  return found.upstream;
};

/** The upstream of that name; `null` where the config has none. */
export const findUpstream = (clients: Clients, argument: string, name: string): Upstream | null => {
  refuseHidden(clients, argument, name);
  return clients.get(name)?.upstream ?? null;
};

/** The clients a filter names, or all that are visible; a name that no upstream has is the caller's mistake. */
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
