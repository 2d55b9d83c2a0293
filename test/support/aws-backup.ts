import { micros, type Micros } from '../../src/domain/micros.js';
import type { CopyJobsQuery } from '../../src/upstream/aws-backup/client.js';
import { type Double, type Held, type Reply, type Seen, startDouble, valueOf } from './fake.js';
import type { Wire } from './wire.js';

/** Behaviour that no document describes, so the product may do either. */
export interface EndpointManners {
  readonly pageLimit?: number | undefined; // never more jobs in a page
  readonly emptyPages?: boolean | undefined; // filters after it has cut, so that pages may be empty and yet go on
  readonly inclusive?: boolean | undefined; // a bound includes its own moment
}

/** The content of an AWS account in one Region, in the form of the REST API. It may change while it answers. */
export interface AccountHolds {
  readonly copyJobs?: Held<readonly Wire[]>;
  readonly resources?: Held<readonly Wire[]>; // the content of ListProtectedResources
  readonly vaults?: Held<readonly Wire[]>;
  readonly points?: Held<readonly Wire[]>; // recovery points
  readonly manners?: EndpointManners;
  /** The owner. Lists of jobs have those of this account, unless another is named, or all if this is absent. */
  readonly account?: string;
}

/** How AWS says that it has nothing of an id. */
export const notThere: Reply = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: { Code: 'ERROR_3911', Message: 'not there' },
};

/** The facts of a copy job that the query needs; times in microseconds. */
interface JobFacts {
  readonly id: string;
  readonly createdAt: number | null;
  readonly completedAt: number | null;
  readonly state: unknown;
  readonly resourceType: unknown;
  readonly accountId: unknown;
  readonly parentId: unknown;
  readonly resourceArn?: unknown;
  readonly messageCategory?: unknown;
}

/** A time of zero says as little as none. */
const microsOf = (seconds: unknown): number | null =>
  Number(seconds) > 0 ? Math.round(Number(seconds) * 1000) * 1000 : null;

const factsOf = (job: Wire): JobFacts => ({
  id: String(job['CopyJobId']),
  createdAt: microsOf(job['CreationDate']),
  completedAt: microsOf(job['CompletionDate']),
  state: job['State'],
  resourceType: job['ResourceType'],
  accountId: job['AccountId'],
  parentId: job['ParentJobId'],
  resourceArn: job['ResourceArn'],
  messageCategory: job['MessageCategory'],
});

/** Any order but that of time; always the same one, so that a token leads on. */
const scrambled = (text: string): number =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);

const millisOf = (at: number): number => Math.floor(at / 1000);

/** Whether a job is one of those that a query asks for. Undated ones are let through: nothing says that they are not. */
const isAsked = (job: JobFacts, query: CopyJobsQuery, margin: number): boolean => {
  const after = (at: number | null, bound: Micros | undefined): boolean =>
    bound === undefined || at === null || millisOf(at) >= millisOf(bound) + margin;
  const before = (at: number | null, bound: Micros | undefined): boolean =>
    bound === undefined || at === null || millisOf(at) <= millisOf(bound) - margin;
  const completes = query.completeAfter !== undefined || query.completeBefore !== undefined;
  return (
    after(job.createdAt, query.createdAfter) &&
    before(job.createdAt, query.createdBefore) &&
    (!completes || job.completedAt !== null) &&
    after(job.completedAt, query.completeAfter) &&
    before(job.completedAt, query.completeBefore) &&
    job.state === (query.state ?? job.state) &&
    job.resourceArn === (query.resourceArn ?? job.resourceArn) &&
    job.resourceType === (query.resourceType ?? job.resourceType) &&
    job.accountId === (query.accountId ?? job.accountId) &&
    job.messageCategory === (query.messageCategory ?? job.messageCategory) &&
    job.parentId === (query.parentJobId ?? job.parentId)
  );
};

/** `ListCopyJobs`: its filters, in no order that anyone states, page by page. Source: aws-backup.md. */
export const pageOfJobs = <J>(
  jobs: readonly J[],
  { maxResults = 1000, nextToken, ...filters }: CopyJobsQuery,
  facts: (job: J) => JobFacts,
  { pageLimit = 1000, emptyPages = false, inclusive = false }: EndpointManners = {},
): { readonly jobs: readonly J[]; readonly nextToken: string | null } => {
  const chosen = jobs
    .map((job) => ({ job, ...facts(job) }))
    .filter((job) => isAsked(job, filters, inclusive ? 0 : 1))
    .sort((a, b) => scrambled(a.id) - scrambled(b.id) || (a.id < b.id ? -1 : 1))
    .map(({ job }) => job);
  const bound = JSON.stringify(filters);
  const [offset = 0, pages = 0, ...rest] =
    nextToken === undefined ? [] : (JSON.parse(nextToken) as [number, number, string]);
  if (nextToken !== undefined && rest[0] !== bound) throw new Error('a token goes with the filters it was made for');
  const size = emptyPages && pages % 2 === 0 ? 0 : Math.min(maxResults, pageLimit);
  const end = offset + size;
  return {
    jobs: chosen.slice(offset, end),
    nextToken: end < chosen.length ? JSON.stringify([end, pages + 1, bound]) : null,
  };
};

const timeOf = (text: string | null): Micros | undefined =>
  text === null ? undefined : micros(Date.parse(text) * 1000);

const textOf = (text: string | null): string | undefined => text ?? undefined;

const jobsQueryOf = ({ query }: Seen): CopyJobsQuery => ({
  createdAfter: timeOf(query.get('createdAfter')),
  createdBefore: timeOf(query.get('createdBefore')),
  completeAfter: timeOf(query.get('completeAfter')),
  completeBefore: timeOf(query.get('completeBefore')),
  state: textOf(query.get('state')) as CopyJobsQuery['state'], // it takes any word
  resourceArn: textOf(query.get('resourceArn')),
  resourceType: textOf(query.get('resourceType')),
  accountId: textOf(query.get('accountId')),
  messageCategory: textOf(query.get('messageCategory')),
  parentJobId: textOf(query.get('parentJobId')),
  maxResults: query.has('maxResults') ? Number(query.get('maxResults')) : undefined,
  nextToken: textOf(query.get('nextToken')),
});

const tokenOf = (nextToken: string | null): Wire => (nextToken === null ? {} : { NextToken: nextToken });

/** A page of any other list, in its own order. */
const pageOf = (records: readonly Wire[], { query }: Seen, most: number) => {
  const from = Number(query.get('nextToken') ?? '0');
  const to = from + Math.min(Number(query.get('maxResults') ?? most), most);
  return { page: records.slice(from, to), ...tokenOf(to < records.length ? String(to) : null) };
};

const secondsOf = (text: string | null): number | null => (text === null ? null : Date.parse(text) / 1000);

/** The recovery points of a vault: bounds on the creation date, at most 1,000 a page, the storage class for one alone. */
const answerPoints = (points: readonly Wire[], arn: string, seen: Seen): Reply => {
  if (arn !== '') {
    const point = points.find(({ RecoveryPointArn }) => RecoveryPointArn === decodeURIComponent(arn));
    return point === undefined ? notThere : { body: { StorageClass: 'WARM', ...point } };
  }
  const [after, before] = [secondsOf(seen.query.get('createdAfter')), secondsOf(seen.query.get('createdBefore'))];
  const chosen = points.filter(({ CreationDate }) => {
    const at = Number(CreationDate);
    return (after === null || at > after) && (before === null || at < before);
  });
  const { page, ...token } = pageOf(chosen, seen, 1000);
  return { body: { RecoveryPoints: page, ...token } };
};

/** Pages of two, so that readers of the inventory go on. */
const RESOURCES_A_PAGE = 2;

/** Answers each route that the gateway reads, as the vendor's notes say, from what an account holds. */
export const answerAwsBackup =
  (held: AccountHolds) =>
  (seen: Seen): Reply => {
    const { path } = seen;
    const of = (list: Held<readonly Wire[]> = []): readonly Wire[] => valueOf(list, seen);
    if (/^\/copy-jobs\/?$/.test(path)) {
      const query = jobsQueryOf(seen);
      const asked = { ...query, accountId: query.accountId ?? held.account };
      const { jobs, nextToken } = pageOfJobs(of(held.copyJobs), asked, factsOf, held.manners);
      return { body: { CopyJobs: jobs, ...tokenOf(nextToken) } };
    }
    if (path === '/resources') {
      const { page, ...token } = pageOf(of(held.resources), seen, RESOURCES_A_PAGE);
      return { body: { Results: page, ...token } };
    }
    if (path === '/backup-vaults') return { body: { BackupVaultList: of(held.vaults) } };
    const [, name, arn = ''] = /^\/backup-vaults\/([^/]+)\/recovery-points\/?([^/]*)$/.exec(path) ?? [];
    if (name !== undefined) {
      const vault = of(held.vaults).find(({ BackupVaultName }) => BackupVaultName === decodeURIComponent(name));
      if (vault === undefined) return notThere;
      const inside = of(held.points).filter(({ BackupVaultArn }) => BackupVaultArn === vault['BackupVaultArn']);
      return answerPoints(inside, arn, seen);
    }
    const id = decodeURIComponent(path.replace(/^\/copy-jobs\//, ''));
    const job = of(held.copyJobs).find(({ CopyJobId }) => CopyJobId === id);
    return job === undefined ? notThere : { body: { CopyJob: job } };
  };

/** An AWS Backup endpoint on loopback that takes any signature. */
export const startAwsBackup = (held: AccountHolds = {}): Promise<Double> => startDouble(answerAwsBackup(held));
