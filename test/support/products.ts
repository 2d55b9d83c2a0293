import { stringify } from 'lossless-json';
import { closing } from './closing.js';
import {
  awsBackupAt,
  cohesityAt,
  type Fake,
  type FakeCohesityData,
  type Seen,
  startFake,
  startFakeCohesity,
} from './fake.js';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { answerVaults } from './vaults.js';
import type { Wire } from './wire.js';

/** Records that both fakes hold; they filter, page and leave out as the notes say of the products. */
export interface Estate {
  readonly runs?: readonly Wire[];
  readonly jobs?: readonly Wire[];
  readonly sources?: readonly Wire[];
  readonly cluster?: FakeCohesityData['cluster'];
  readonly copyJobs?: readonly Wire[];
  readonly resources?: readonly Wire[]; // what ListProtectedResources knows
  readonly vaults?: readonly Wire[];
  readonly points?: readonly Wire[]; // recovery points
  readonly limits?: GatewayOptions['limits'];
  readonly cache?: GatewayOptions['cache'];
  /** Calls at once to AWS. */
  readonly maxConcurrent?: number;
}

export interface Products extends Gateway {
  readonly cohesity: Fake;
  readonly aws: Fake & {
    /** Puts something between each request and its answer from now on. */
    before(wait: () => Promise<void>): void;
  };
}

export { closing };

const member = (wire: unknown, name: string): unknown =>
  typeof wire === 'object' && wire !== null ? Object.entries(wire).find(([key]) => key === name)?.[1] : undefined;

const without = (wire: Wire, ...names: readonly string[]): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([name]) => !names.includes(name)));

const firstCopyOf = ({ copyRun }: Wire): unknown => (Array.isArray(copyRun) ? copyRun[0] : undefined);

const startOf = (run: Wire): unknown =>
  member(member(run['backupRun'], 'stats'), 'startTimeUsecs') ?? member(firstCopyOf(run), 'runStartTimeUsecs');

/** As `onlyReturnShellInfo` has it: the six facts, and neither backup nor copies. */
const toShell = (run: Wire): Wire => {
  const { jobId, jobName, backupRun: backup, protectionShellInfo } = run;
  return {
    jobId,
    jobName,
    ...(run['jobUid'] === undefined ? {} : { jobUid: run['jobUid'] }),
    protectionShellInfo: protectionShellInfo ?? {
      jobRunId: member(backup, 'jobRunId'),
      runType: member(backup, 'runType'),
      status: member(backup, 'status'),
      error: member(backup, 'error'),
      startTimeUsecs: startOf(run),
      endTimeUsecs: member(member(backup, 'stats'), 'endTimeUsecs'),
    },
  };
};

const withoutTasks = (run: Wire): Wire => {
  const copies = run['copyRun'];
  return Array.isArray(copies) ? { ...run, copyRun: copies.map((copy) => without(copy, 'copySnapshotTasks')) } : run;
};

/** The runs that a request for `protectionRuns` is about, with as much of each as it asks for. */
export const runsFor = (runs: readonly Wire[], { query }: Seen): readonly Wire[] => {
  const [jobId, startedAt, since] = ['jobId', 'startedTimeUsecs', 'startTimeUsecs'].map((name) => query.get(name));
  const chosen = runs.filter(
    (run) =>
      (jobId === null || String(run['jobId']) === jobId) &&
      (startedAt === null || String(startOf(run)) === startedAt) &&
      // One without a start is let through: nothing says that it is left out.
      (since === null || since === undefined || !(Number(startOf(run)) > 0) || Number(startOf(run)) > Number(since)),
  );
  if (query.get('onlyReturnShellInfo') === 'true') return chosen.map(toShell);
  return query.get('excludeTasks') === 'true' ? chosen.map(withoutTasks) : chosen;
};

export const withIds = (records: readonly Wire[], ids: string | null): readonly Wire[] =>
  ids === null ? records : records.filter(({ id }) => ids.split(',').includes(String(id)));

/** How AWS says that it has no job of an id. */
export const notThere = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: { Code: 'ERROR_3911', Message: 'not there' },
};

export const text = (value: unknown): string => stringify(value) ?? '';

/** `ListCopyJobs` with two of its filters and its paging, `DescribeCopyJob`, vaults, and the inventory in pages of two. */
const startAws = async ({ copyJobs: jobs = [], resources = [], ...account }: Estate): Promise<Products['aws']> => {
  let waiting = (): Promise<void> => Promise.resolve();
  const fake = await startFake(async (seen) => {
    const { path, query } = seen;
    await waiting();
    const reply = answerVaults(seen, account);
    if (reply !== undefined) return reply;
    if (path === '/resources') {
      const from = Number(query.get('nextToken') ?? '0');
      const more = from + 2 < resources.length ? { NextToken: String(from + 2) } : {};
      return { body: text({ Results: resources.slice(from, from + 2), ...more }) };
    }
    if (/^\/copy-jobs\/?$/.test(path)) {
      const chosen = jobs.filter(
        (job) =>
          (query.get('parentJobId') ?? job['ParentJobId']) === job['ParentJobId'] &&
          (query.get('resourceArn') ?? job['ResourceArn']) === job['ResourceArn'],
      );
      const from = Number(query.get('nextToken') ?? '0');
      const to = from + Number(query.get('maxResults') ?? '1000');
      return {
        body: text({ CopyJobs: chosen.slice(from, to), ...(to < chosen.length ? { NextToken: String(to) } : {}) }),
      };
    }
    const id = decodeURIComponent(path.replace(/^\/copy-jobs\//, ''));
    const job = jobs.find(({ CopyJobId }) => CopyJobId === id);
    return job === undefined ? notThere : { body: text({ CopyJob: job }) };
  });
  return { ...fake, before: (wait) => (waiting = wait) };
};

/** Both fakes with these records, and the gateway in front of them under the ids `dc-east` and `aws-prod`. */
export const startProducts = async (estate: Estate): Promise<Products> => {
  const { runs = [], jobs = [], sources = [], cluster = {}, limits = {}, cache, maxConcurrent = 8 } = estate;
  const cohesity = closing(
    await startFakeCohesity({
      runs: (request: Seen) => text(runsFor(runs, request)),
      jobs: (request: Seen) => text(withIds(jobs, request.query.get('ids'))),
      sources: (request: Seen) => text(withIds(sources, request.query.get('objectIds'))),
      cluster: text(cluster),
    }),
  );
  const aws = closing(await startAws(estate));
  const gateway = closing(
    await startGateway({
      upstreams: [cohesityAt(cohesity), { ...awsBackupAt(aws), maxConcurrent }],
      limits,
      ...(cache === undefined ? {} : { cache }),
    }),
  );
  return { ...gateway, cohesity, aws };
};

/** One record by its id, as the fields of a fragment on its type tell it. */
export const readNode = async (products: Products, id: string, fields: string) => {
  const [type] = id.split(':');
  const { data, errors } = await products.execute(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`,
    {
      id,
    },
  );
  return { node: data?.node, errors };
};
