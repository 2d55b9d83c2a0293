import { isGood } from '../../domain/activity.js';
import { isGiven } from '../../domain/copy-filter.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { type ProtectedObject, objectOfJob, objectOfResource } from '../../domain/protected-object.js';
import { worthOfJob } from '../../domain/recovery-point.js';
import type { Read } from '../../calling/call.js';
import type { Objects, ProtectedObjectFilter, Session } from '../product.js';
import type { Source } from '../source.js';
import type { CopyJobsQuery } from './client.js';
import { jobsOf } from './copies.js';
import { endpointNamed } from './endpoint.js';
import { readAllPoints } from './job-points.js';
import { awsBackupLoaders } from './loaders.js';
import { readAllPages } from './reading.js';

/** All resources of an endpoint with a recovery point: one call for each thousand. */
const readResources = async (session: Session, upstream: string): Promise<Read<ProtectedObject>> => {
  const { protectedResources } = awsBackupLoaders(session);
  const read = await readAllPages(upstream, (nextToken) => protectedResources.load({ upstream, nextToken }));
  return { ...read, records: read.records.map((resource) => objectOfResource(upstream, resource)) };
};

/** A resource is found by any of its copy jobs, with one list of one job; otherwise in the inventory. */
const findResource = async (session: Session, upstream: string, key: string): Promise<ProtectedObject | null> => {
  const query = { resourceArn: key, maxResults: 1 };
  const { records } = await awsBackupLoaders(session).copyJobs.load({ upstream, query });
  const job = records.find(({ resourceArn }) => resourceArn === key);
  if (job !== undefined) return objectOfJob(job);
  const resources = await readResources(session, upstream);
  return resources.records.find(({ resourceArn }) => resourceArn === key) ?? null;
};

/** The objects of an endpoint: AWS resources. The value of a job's copy depends on its recovery points. */
export const createObjects = (upstream: string): Objects<CopyJob> => {
  const jobs = (session: Session, queries: readonly CopyJobsQuery[]): Source<CopyJob> =>
    jobsOf(session, endpointNamed(session.clients, upstream), queries);
  return {
    concerns: ({ environments, replicas }: ProtectedObjectFilter) => !isGiven(environments) && replicas !== 'ONLY',
    objectOf: objectOfJob,
    worthOf: (job, now) => (isGood(job.state) ? null : worthOfJob(job, now)),
    weigh: async (session, ended, now) => {
      const { read, reasons, stale } = await readAllPoints(session, ended);
      const weighed = read.map(({ job, points }) => ({
        copy: job,
        worth: worthOfJob(job, now, points),
        failure: points.failure,
      }));
      return { weighed, reasons, stale };
    },
    copies: (session) => jobs(session, [{}]),
    copiesOf: (session, { resourceArn }) => jobs(session, resourceArn === null ? [] : [{ resourceArn }]),
    inventory: (session) => readResources(session, upstream),
    find: (session, key) => findResource(session, upstream, key),
  };
};
