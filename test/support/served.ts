import { stringify } from 'lossless-json';
import { formatDateTime, micros } from '../../src/domain/micros.js';
import type { CopyJobsQuery } from '../../src/upstream/aws-backup/client.js';
import type { ProtectionRunsQuery } from '../../src/upstream/cohesity/client.js';
import {
  type Manners,
  type PlayedJob,
  type PlayedRun,
  answerJobs,
  answerRuns,
  toWireJob,
  toWireRun,
} from './estate.js';
import { type Fake, type Reply, type Seen, awsBackupAt, cohesityAt, startFake } from './fake.js';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { notThere } from './aws-backup.js';
import { closing } from './closing.js';
import type { Wire } from './wire.js';

/** What the upstreams hold, by their names, and how they answer. */
export interface ServedEstate {
  readonly clusters?: Readonly<Record<string, readonly PlayedRun[]>>;
  readonly endpoints?: Readonly<Record<string, readonly PlayedJob[]>>;
  readonly manners?: Manners;
  readonly oddRuns?: readonly Wire[]; // sent beside the runs of every cluster
  readonly limits?: GatewayOptions['limits'];
  readonly cache?: GatewayOptions['cache'];
  readonly redis?: GatewayOptions['redis'];
}

export interface Served extends Gateway {
  /** The list calls to an upstream so far, each as its query; forgets them. */
  calls(upstream: string): readonly Readonly<Record<string, string>>[];
  /** Every request to an upstream so far, of a list or not, as `GET /path?query`; forgets them. */
  take(upstream: string): readonly string[];
  /** What an upstream answers instead, until it is mended. */
  readonly broken: Map<string, Reply>;
  /** Another gateway in front of the same upstreams, as after a restart. */
  restart(): Promise<Gateway>;
}

const numberOf = (text: string | null): number | undefined => (text === null ? undefined : Number(text));
const textOf = (text: string | null): string | undefined => text ?? undefined;

const toRunsQuery = ({ query }: Seen): ProtectionRunsQuery => ({
  jobId: textOf(query.get('jobId')),
  startedTimeUsecs: textOf(query.get('startedTimeUsecs')),
  startTimeUsecs: numberOf(query.get('startTimeUsecs')),
  endTimeUsecs: numberOf(query.get('endTimeUsecs')),
  numRuns: numberOf(query.get('numRuns')),
  excludeTasks: query.get('excludeTasks') === 'true',
  onlyReturnShellInfo: query.get('onlyReturnShellInfo') === 'true',
});

const timeOf = (text: string | null) => (text === null ? undefined : micros(Date.parse(text) * 1000));

const toJobsQuery = ({ query }: Seen): CopyJobsQuery => ({
  createdAfter: timeOf(query.get('createdAfter')),
  createdBefore: timeOf(query.get('createdBefore')),
  completeAfter: timeOf(query.get('completeAfter')),
  completeBefore: timeOf(query.get('completeBefore')),
  state: textOf(query.get('state')) as CopyJobsQuery['state'], // a fake takes any word
  resourceType: textOf(query.get('resourceType')),
  accountId: textOf(query.get('accountId')),
  parentJobId: textOf(query.get('parentJobId')),
  maxResults: numberOf(query.get('maxResults')),
  nextToken: textOf(query.get('nextToken')),
});

const body = (value: unknown): Reply => ({ body: stringify(value) ?? '' });

const isList = ({ path }: Seen): boolean => /protectionRuns$|^\/copy-jobs\/?$/.test(path);

/** Who a cluster says it is: none of those that the runs name, so that no run is a replica of another's. */
const clusterIdOf = (name: string): number => 1000 + [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);

/** The real gateway over upstreams that filter, cut and page as the products do, over real HTTP. */
export const serve = async (estate: ServedEstate): Promise<Served> => {
  const { clusters = {}, endpoints = {}, manners = {}, oddRuns = [], limits = {}, cache, redis } = estate;
  const broken = new Map<string, Reply>();
  const fakes = new Map<string, Fake>();
  for (const [name, runs] of Object.entries(clusters)) {
    const fake = await startFake((seen) => {
      const reply = broken.get(name);
      if (reply !== undefined) return reply;
      if (seen.path.endsWith('/cluster')) return body({ id: clusterIdOf(name), name });
      const jobIds = [...new Set(runs.map(({ jobId }) => jobId))];
      if (seen.path.endsWith('/protectionJobs')) return body(jobIds.map((id) => ({ id, name: `Job ${id}` })));
      const query = toRunsQuery(seen);
      return body([...answerRuns(runs, query, manners).map((run) => toWireRun(run, query)), ...oddRuns]);
    });
    fakes.set(name, closing(fake));
  }
  for (const [name, jobs] of Object.entries(endpoints)) {
    const fake = await startFake((seen) => {
      const reply = broken.get(name);
      if (reply !== undefined) return reply;
      if (!isList(seen)) {
        const one = jobs.find(({ id }) => seen.path === `/copy-jobs/${id}`);
        return one === undefined ? notThere : body({ CopyJob: toWireJob(one) });
      }
      const { jobs: page, nextToken } = answerJobs(jobs, toJobsQuery(seen), manners);
      return body({ CopyJobs: page.map(toWireJob), ...(nextToken === null ? {} : { NextToken: nextToken }) });
    });
    fakes.set(name, closing(fake));
  }
  const upstreams = [...fakes].map(([id, fake]) =>
    id in clusters ? { ...cohesityAt(fake), id } : { ...awsBackupAt(fake), id },
  );
  const start = async () =>
    closing(
      await startGateway({
        upstreams,
        limits,
        ...(cache === undefined ? {} : { cache }),
        ...(redis === undefined ? {} : { redis }),
      }),
    );
  const [forgotten, taken] = [new Map<string, number>(), new Map<string, number>()];
  return {
    ...(await start()),
    broken,
    restart: start,
    calls: (upstream) => {
      const seen = fakes.get(upstream)?.seen ?? [];
      const fresh = seen.slice(forgotten.get(upstream) ?? 0);
      forgotten.set(upstream, seen.length);
      return fresh.filter(isList).map(({ query }) => Object.fromEntries(query));
    },
    take: (upstream) => {
      const requests = fakes.get(upstream)?.requests() ?? [];
      const fresh = requests.slice(taken.get(upstream) ?? 0);
      taken.set(upstream, requests.length);
      return fresh;
    },
  };
};

/** A time as an argument of a query has it. */
export const text = (at: number): string => formatDateTime(micros(at));
