/**
 * Both vendors' APIs over the estate of the bench, as fast as can be: each distinct answer is made once. Environment:
 * `PORT`, and `NEWEST`, the time of the newest record in seconds. `/__requests` reports the number of requests.
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import {
  PROTECTION_JOBS,
  type WireJob,
  type WireRun,
  cluster,
  createEstate,
  protectionJobOf,
  sourceOf,
} from './estate.js';

const newest = Number(process.env['NEWEST']);
const estate = createEstate(newest);
const byId = new Map(estate.jobs.map((job) => [job.CopyJobId, job]));
const runsByJob = new Map<string, WireRun[]>();
for (const run of estate.runs) {
  const ofJob = runsByJob.get(String(run.jobId)) ?? [];
  runsByJob.set(String(run.jobId), [...ofJob, run]);
}
const runsOf = (job: string): readonly WireRun[] => runsByJob.get(job) ?? [];

const kept = new Map<string, Buffer>();
/** Windows move with the clock, so that an answer is kept under what it selects and not under its address. */
const keep = (key: string, make: () => unknown): Buffer => {
  const known = kept.get(key) ?? Buffer.from(JSON.stringify(make()));
  kept.set(key, known);
  return known;
};

const secondsOf = (text: string | null, otherwise: number): number =>
  text === null ? otherwise : /^[\d.]+$/.test(text) ? Number(text) : Date.parse(text) / 1000;

const equalTo: readonly (readonly [string, string])[] = [
  ['accountId', 'AccountId'],
  ['state', 'State'],
  ['resourceType', 'ResourceType'],
  ['resourceArn', 'ResourceArn'],
  ['destinationVaultArn', 'DestinationBackupVaultArn'],
  ['sourceRecoveryPointArn', 'SourceRecoveryPointArn'],
  ['parentJobId', 'ParentJobId'],
];

const listCopyJobs = (query: URLSearchParams): Buffer => {
  const most = Math.min(Number(query.get('maxResults') ?? 1000), 1000);
  const start = Number(Buffer.from(query.get('nextToken') ?? '', 'base64url').toString());
  const [after, before] = [secondsOf(query.get('createdAfter'), 0), secondsOf(query.get('createdBefore'), Infinity)];
  const ended = [secondsOf(query.get('completeAfter'), -1), secondsOf(query.get('completeBefore'), Infinity)] as const;
  const isEnded = (job: WireJob): boolean => {
    const at = Number(job['CompletionDate'] ?? -1);
    return at >= ended[0] && at <= ended[1];
  };
  const asked = equalTo.filter(([name]) => query.get(name) !== null);
  const from = estate.jobs.findIndex(({ CreationDate }) => CreationDate <= before);
  const to = estate.jobs.findLastIndex(({ CreationDate }) => CreationDate >= after) + 1;
  const words = [...asked.map(([name]) => name + query.get(name)), ...ended];
  return keep(`jobs ${from} ${to} ${start} ${most} ${words.join()}`, () => {
    const found = estate.jobs
      .slice(from < 0 ? to : from, to)
      .filter((job) => asked.every(([name, member]) => job[member] === query.get(name)) && isEnded(job));
    const end = start + most;
    const next = end < found.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {};
    return { CopyJobs: found.slice(start, end), ...next };
  });
};

const shellOf = ({ jobId, jobName, jobUid, viewBoxId, backupRun: { jobRunId, runType, status, stats } }: WireRun) => ({
  ...{ jobId, jobName, jobUid, viewBoxId },
  protectionShellInfo: {
    ...{ jobRunId, runType, status },
    startTimeUsecs: stats.startTimeUsecs,
    endTimeUsecs: stats.endTimeUsecs,
  },
});

const withoutTasks = (run: WireRun) => ({
  ...run,
  copyRun: run.copyRun.map(({ copySnapshotTasks: _, ...copy }) => copy),
});

const COPIES_TAKE = 105_000_000; // from the start of a run to the end of its copies

const protectionRuns = (query: URLSearchParams): Buffer => {
  const [job, most] = [query.get('jobId'), Number(query.get('numRuns') ?? 100)];
  const form = ['onlyReturnShellInfo', 'excludeTasks'].find((name) => query.get(name) === 'true');
  const byCopies = query.get('filterByCopyTaskEndTime') === 'true';
  const byEnd = byCopies || query.get('filterByEndTime') === 'true';
  const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
  const [from, to] = [number('startTimeUsecs', 0), number('endTimeUsecs', Infinity)];
  const exactly = query.get('startedTimeUsecs');
  const isAsked = ({ backupRun: { stats } }: WireRun): boolean => {
    const end = byCopies ? stats.startTimeUsecs + COPIES_TAKE : stats.endTimeUsecs;
    if (exactly !== null) return stats.startTimeUsecs === Number(exactly);
    return (byEnd ? end : stats.startTimeUsecs) >= from && end <= to;
  };
  const all = job === null ? estate.runs : runsOf(job);
  const first = all.findIndex(isAsked);
  const last = Math.min(all.findLastIndex(isAsked) + 1, first + most);
  return keep(`runs ${job} ${first} ${last} ${form}`, () => {
    const found = first < 0 ? [] : all.slice(first, last);
    if (form === undefined) return found;
    return found.map((run) => (form === 'excludeTasks' ? withoutTasks(run) : shellOf(run)));
  });
};

const numbersIn = (query: URLSearchParams, name: string): readonly number[] | null =>
  query.has(name) ? query.getAll(name).flatMap((text) => text.split(',').map(Number)) : null;

const protectionJobs = (query: URLSearchParams): unknown => {
  if (query.get('isDeleted') === 'true') return [];
  const ids = numbersIn(query, 'ids') ?? Array.from({ length: PROTECTION_JOBS }, (_, index) => index + 1);
  const withRun = query.get('includeLastRunAndStats') === 'true';
  const lastRun = (job: number) => withoutTasks(runsOf(String(job))[0] as WireRun); // each has runs
  const known = ids.filter((job) => job >= 1 && job <= PROTECTION_JOBS);
  return known.map((job) => ({ ...protectionJobOf(job, newest), ...(withRun && { lastRun: lastRun(job) }) }));
};

const V1 = '/irisservices/api/v1/public/';

const cohesity = (path: string, query: URLSearchParams): unknown => {
  if (path === 'cluster') return cluster(newest);
  if (path === 'protectionJobs') return protectionJobs(query);
  if (path === 'protectionSources/objects')
    return numbersIn(query, 'objectIds')?.map((id) => sourceOf(Math.floor(id / 100), id % 100));
  return path === 'remoteClusters' || path === 'vaults' ? [] : null;
};

const answer = (address: string): Buffer | null => {
  const { pathname, searchParams } = new URL(address, 'http://upstream');
  const path = pathname.replace(/\/$/, '');
  if (path === '/copy-jobs') return listCopyJobs(searchParams);
  if (path.startsWith('/copy-jobs/')) {
    const job = byId.get(decodeURIComponent(path.slice('/copy-jobs/'.length)));
    return job === undefined ? null : keep(job.CopyJobId, () => ({ CopyJob: job }));
  }
  if (!path.startsWith(V1)) return null;
  const name = path.slice(V1.length);
  if (name === 'protectionRuns') return protectionRuns(searchParams);
  const found = cohesity(name, searchParams);
  return found === null ? null : Buffer.from(JSON.stringify(found));
};

const token = Buffer.from('{"accessToken":"bench","tokenType":"Bearer","privileges":["PROTECTION_VIEW"]}');
const missing = Buffer.from('{"Code":"ResourceNotFoundException","Message":"no such resource"}');
const addresses = new Map<string, Buffer | null>();
const moves = /TimeUsecs=|created|complete/i; // another address each time
let requests = 0;

const find = (address: string): Buffer | null => {
  const known = addresses.get(address);
  if (known !== undefined) return known;
  const made = answer(address);
  if (!moves.test(address)) addresses.set(address, made);
  return made;
};

const handle = ({ url = '/', method }: IncomingMessage, response: ServerResponse): void => {
  const json = { 'content-type': 'application/json' };
  if (url === '/__requests') return void response.writeHead(200, json).end(String(requests));
  requests += 1;
  const bytes = method === 'POST' ? token : find(url);
  const status = bytes === null ? 404 : method === 'POST' ? 201 : 200;
  const body = bytes ?? missing;
  const headers = bytes === null ? { ...json, 'x-amzn-errortype': 'ResourceNotFoundException' } : json;
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
};

const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0, headersTimeout: 0 }, handle);
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
