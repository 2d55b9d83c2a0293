// Written by hand: the same upstream requests, one projection for each of the answers, and no GraphQL.
import { createServer } from 'node:http';
import { bytesOf, getJob, getJson, paths, port } from './common.js';

const toJob = (job) => ({
  copyJobId: job.CopyJobId,
  accountId: job.AccountId,
  state: job.State,
  resourceType: job.ResourceType,
  resourceArn: job.ResourceArn,
  backupSizeInBytes: job.BackupSizeInBytes,
  creationDate: job.CreationDate,
  completionDate: job.CompletionDate ?? null,
});

const toJobs = (page) => ({ items: page.CopyJobs.map(toJob), nextToken: page.NextToken ?? null });

const toTask = ({ status, taskStartTimeUsecs, taskEndTimeUsecs, source: { id, name } }) => ({
  status,
  taskStartTimeUsecs,
  taskEndTimeUsecs,
  source: { id, name },
});

const toCopy = ({ status, runStartTimeUsecs, taskUid: { id, clusterId }, target: { type }, copySnapshotTasks }) => ({
  status,
  runStartTimeUsecs,
  taskUid: { id, clusterId },
  target: { type },
  copySnapshotTasks: copySnapshotTasks.map(toTask),
});

const toRun = ({ jobId, jobName, backupRun: { jobRunId, status, runType }, copyRun }) => ({
  jobId,
  jobName,
  backupRun: { jobRunId, status, runType },
  copyRuns: copyRun.map(toCopy),
});

const toParent = (job) => ({
  copyJobId: job.CopyJobId,
  state: job.State,
  resourceType: job.ResourceType,
  numberOfChildJobs: job.NumberOfChildJobs ?? null,
});

const jobs = ({ token }) => getJson(paths.list({ nextToken: token }));
const runs = ({ job }) => getJson(paths.runs({ jobId: job }));

const withParents = async (variables) => {
  const { CopyJobs } = await jobs(variables);
  const ids = [...new Set(CopyJobs.map((job) => job.ParentJobId).filter(Boolean))];
  const parents = new Map((await Promise.all(ids.map(getJob))).map((job) => [job.CopyJobId, toParent(job)]));
  const items = CopyJobs.map(({ CopyJobId, State, ParentJobId = null }) => ({
    copyJobId: CopyJobId,
    state: State,
    parentJobId: ParentJobId,
    parent: parents.get(ParentJobId) ?? null,
  }));
  return { copyJobs: { items } };
};

const both = async (variables) => {
  const [page, list] = await Promise.all([jobs(variables), runs(variables)]);
  return { copyJobs: toJobs(page), protectionRuns: list.map(toRun) };
};

const toShortJob = (job) => ({
  id: job.CopyJobId,
  state: job.State,
  resourceType: job.ResourceType,
  backupSizeInBytes: job.BackupSizeInBytes,
  numberOfChildJobs: job.NumberOfChildJobs ?? null,
  completionDate: job.CompletionDate ?? null,
});

const toShortCopy = ({ status, taskUid: { id: local }, target: { type }, copySnapshotTasks }) => ({
  status,
  taskUid: { id: local },
  target: { type },
  copySnapshotTasks: copySnapshotTasks.map(({ status: of, taskEndTimeUsecs, source: { id } }) => ({
    status: of,
    taskEndTimeUsecs,
    source: { id },
  })),
});

const toShortRun = ({ backupRun: { status }, copyRun }) => ({
  backupRun: { status },
  copyRuns: copyRun.map(toShortCopy),
});

const operations = {
  Q1: async (variables) => ({ copyJobs: toJobs(await jobs(variables)) }),
  Q2: withParents,
  Q3: async (variables) => ({ protectionRuns: (await runs(variables)).map(toRun) }),
  Q4: both,
  Q5: async (variables) => ({ copyJobs: { items: (await jobs(variables)).CopyJobs.map(toShortJob) } }),
  Q6: async (variables) => ({ protectionRuns: (await runs(variables)).map(toShortRun) }),
};

const answer = async (text, response) => {
  try {
    const { query, variables } = JSON.parse(text);
    const bytes = bytesOf(await operations[/query (Q\d)/.exec(query)[1]](variables ?? {}));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  } catch (error) {
    response.writeHead(502).end(String(error));
  }
};

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => answer(text, response));
}).listen(port, '127.0.0.1');
