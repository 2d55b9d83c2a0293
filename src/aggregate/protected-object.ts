import { type ProtectedObject, objectOfJob, objectOfSource } from '../domain/protected-object.js';
import { type Clients, cohesityOf } from './clients.js';
import type { Loaders } from './loaders.js';

/**
 * One object by its key: a source's entity id, or a resource's ARN. One call, shared with other sources of the
 * cluster; an AWS resource is known by any copy job of it, which costs one list of one.
 */
export const loadProtectedObject = async (
  { clients, loaders }: { readonly clients: Clients; readonly loaders: Loaders },
  upstream: string,
  key: string,
): Promise<ProtectedObject | null> => {
  if (cohesityOf(clients, upstream) !== null) {
    return /^\d+$/.test(key) ? objectOfSource(await loaders.protectionSource.load({ upstream, number: key })) : null;
  }
  const { records } = await loaders.copyJobs.load({ upstream, query: { resourceArn: key, maxResults: 1 } });
  const [job] = records.filter(({ resourceArn }) => resourceArn === key);
  return job === undefined ? null : objectOfJob(job);
};
