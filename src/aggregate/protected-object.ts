import { type ProtectedObject, objectOfJob, objectOfResource, objectOfSource } from '../domain/protected-object.js';
import type { Read } from '../calling/call.js';
import { type Clients, cohesityOf } from './clients.js';
import { readAllPages } from './all-pages.js';
import type { Loaders } from './loaders.js';

/** Everything that an AWS Backup endpoint has a recovery point of: one call for each thousand. */
export const readResources = async (loaders: Loaders, upstream: string): Promise<Read<ProtectedObject>> => {
  const read = await readAllPages(upstream, (nextToken) => loaders.protectedResources.load({ upstream, nextToken }));
  return { ...read, records: read.records.map((resource) => objectOfResource(upstream, resource)) };
};

/**
 * One object by its key: a source's entity id, or a resource's ARN. One call, shared with other sources of the
 * cluster; an AWS resource is known by any copy job of it, which costs one list of one, else by the inventory.
 */
export const loadProtectedObject = async (
  { clients, loaders }: { readonly clients: Clients; readonly loaders: Loaders },
  upstream: string,
  key: string,
): Promise<ProtectedObject | null> => {
  if (cohesityOf(clients, upstream) !== null) {
    return /^\d+$/.test(key) ? objectOfSource(await loaders.protectionSource.load({ upstream, id: key })) : null;
  }
  const { records } = await loaders.copyJobs.load({ upstream, query: { resourceArn: key, maxResults: 1 } });
  const job = records.find(({ resourceArn }) => resourceArn === key);
  if (job !== undefined) return objectOfJob(job);
  const resources = await readResources(loaders, upstream);
  return resources.records.find(({ resourceArn }) => resourceArn === key) ?? null;
};
