// What the peers share: the requests that they make, the schema, and the names that AWS writes in PascalCase.
import { Buffer } from 'node:buffer';
import DataLoader from 'dataloader';
import { Pool } from 'undici';

export const port = Number(process.env.PORT);
const pool = new Pool(process.env.UPSTREAM, { connections: 64, pipelining: 1 });

export const getJson = async (path) => {
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  const json = await body.json();
  if (statusCode !== 200) throw new Error(`upstream ${statusCode}`);
  return json;
};

const segment = encodeURIComponent;
export const paths = {
  list: ({ maxResults, nextToken }) =>
    `/copy-jobs/?maxResults=${maxResults ?? 100}${nextToken ? `&nextToken=${segment(nextToken)}` : ''}`,
  describe: (id) => `/copy-jobs/${segment(id)}`,
  runs: ({ jobId, numRuns }) =>
    `/irisservices/api/v1/public/protectionRuns?jobId=${segment(jobId)}&numRuns=${numRuns ?? 50}`,
};

export const getJob = async (id) => (await getJson(paths.describe(id))).CopyJob;

/** No bulk form upstream: a batch is the distinct ids at once. */
export const createJobs = () => new DataLoader((ids) => Promise.all(ids.map(getJob)));

export const typeDefs = /* GraphQL */ `
  type Query {
    copyJobs(maxResults: Int, nextToken: String): CopyJobPage!
    protectionRuns(jobId: ID, numRuns: Int): [ProtectionRun!]!
  }
  type CopyJobPage {
    items: [CopyJob!]!
    nextToken: String
  }
  type CopyJob {
    copyJobId: ID!
    accountId: String
    state: String
    resourceType: String
    resourceArn: String
    backupSizeInBytes: Float
    creationDate: Float
    completionDate: Float
    numberOfChildJobs: Int
    parentJobId: ID
    parent: CopyJob
  }
  type ProtectionRun {
    jobId: Float
    jobName: String
    backupRun: BackupRun
    copyRuns: [CopyRun!]!
  }
  type BackupRun {
    jobRunId: Float
    status: String
    runType: String
  }
  type CopyRun {
    status: String
    runStartTimeUsecs: Float
    taskUid: UniversalId
    target: Target
    copySnapshotTasks: [CopySnapshotTask!]!
  }
  type UniversalId {
    id: Float
    clusterId: Float
  }
  type Target {
    type: String
  }
  type CopySnapshotTask {
    status: String
    taskStartTimeUsecs: Float
    taskEndTimeUsecs: Float
    source: Source
  }
  type Source {
    id: Float
    name: String
  }
`;

export const renames = {
  CopyJobPage: { items: (page) => page.CopyJobs, nextToken: (page) => page.NextToken },
  CopyJob: {
    copyJobId: (job) => job.CopyJobId,
    accountId: (job) => job.AccountId,
    state: (job) => job.State,
    resourceType: (job) => job.ResourceType,
    resourceArn: (job) => job.ResourceArn,
    backupSizeInBytes: (job) => job.BackupSizeInBytes,
    creationDate: (job) => job.CreationDate,
    completionDate: (job) => job.CompletionDate,
    numberOfChildJobs: (job) => job.NumberOfChildJobs,
    parentJobId: (job) => job.ParentJobId,
  },
  ProtectionRun: { copyRuns: (run) => run.copyRun },
};

export const root = {
  copyJobs: (_, args) => getJson(paths.list(args)),
  protectionRuns: (_, args) => getJson(paths.runs(args)),
};

export const bytesOf = (data) => Buffer.from(JSON.stringify({ data }));
