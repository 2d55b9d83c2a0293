import { BackupClient, type CopyJob, ListCopyJobsCommand } from '@aws-sdk/client-backup';

/** The facts that the sandbox itself gives of one copy. */
export interface Fact {
  readonly id: string; // as the gateway makes it
  readonly upstream: string;
  readonly startedAt: number; // microseconds
  readonly upstreamState: string;
  readonly state: string | null; // null: the copy goes on, so that nobody can say what an answer should report
  readonly isParent: boolean;
}

export interface TruthSource {
  readonly cohesity: { readonly id: string; readonly url: string; readonly apiKey: string };
  readonly aws: {
    readonly id: string;
    readonly url: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}

/** Words for what is over, written down here once more so that the gateway's own table is not checked against itself. */
const finished: Readonly<Record<string, string>> = {
  kSuccess: 'SUCCEEDED',
  kFailure: 'FAILED',
  kCanceled: 'CANCELED',
  kCancelled: 'CANCELED',
  kMissed: 'MISSED',
  kWarning: 'WARNING',
  COMPLETED: 'SUCCEEDED',
  FAILED: 'FAILED',
  PARTIAL: 'PARTIAL',
};

interface Run {
  readonly jobId: number;
  readonly backupRun?: { readonly stats: { readonly startTimeUsecs: number } } | null;
  readonly copyRun?: readonly Copy[] | null;
}

/** The sandbox leaves out what clusters leave out. */
interface Copy {
  readonly taskUid?: { readonly clusterId: number; readonly clusterIncarnationId: number; readonly id: number } | null;
  readonly target?: { readonly type: string } | null;
  readonly status: string;
  readonly runStartTimeUsecs?: number | null;
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** A copy that has not begun may be sent with a time of 0. */
const isTime = (value: number | null | undefined): value is number => isGiven(value) && value > 0;

const toFacts = (upstream: string, { jobId, backupRun, copyRun }: Run): readonly Fact[] => {
  const copies = copyRun ?? [];
  const starts = copies.map(({ runStartTimeUsecs }) => runStartTimeUsecs).filter(isTime);
  const start = backupRun?.stats.startTimeUsecs ?? Math.min(...starts);
  return copies.map(({ taskUid, target, status, runStartTimeUsecs }, position) => {
    const task = isGiven(taskUid)
      ? [taskUid.clusterId, taskUid.clusterIncarnationId, taskUid.id]
      : [`${target?.type}.${position}`];
    return {
      id: `CopyRun:${upstream}:${[jobId, start, ...task].join(':')}`,
      upstream,
      startedAt: isTime(runStartTimeUsecs) ? runStartTimeUsecs : start,
      upstreamState: status,
      state: finished[status] ?? null,
      isParent: false,
    };
  });
};

const readRuns = async ({ id, url, apiKey }: TruthSource['cohesity'], since: number): Promise<readonly Fact[]> => {
  const query = `startTimeUsecs=${since}&numRuns=100000&excludeTasks=true`;
  const answer = await fetch(`${url}/irisservices/api/v1/public/protectionRuns?${query}`, { headers: { apiKey } });
  const runs = (await answer.json()) as readonly Run[]; // the sandbox's numbers are below 2^53
  return runs.flatMap((run) => toFacts(id, run));
};

const readJobs = async (
  { id, url, accessKeyId, secretAccessKey }: TruthSource['aws'],
  since: number,
): Promise<readonly Fact[]> => {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const sdk = new BackupClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId, secretAccessKey },
  });
  const jobs: CopyJob[] = [];
  let token: string | undefined;
  do {
    const page = await sdk.send(
      new ListCopyJobsCommand({ ByCreatedAfter: new Date(since / 1000), MaxResults: 1000, NextToken: token }),
    );
    jobs.push(...(page.CopyJobs ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  sdk.destroy();
  return jobs.map(({ CopyJobId, CreationDate, State = '', IsParent = false }) => ({
    id: `CopyJob:${id}:${CopyJobId}`,
    upstream: id,
    startedAt: (CreationDate?.getTime() ?? 0) * 1000,
    upstreamState: State,
    state: finished[State] ?? null,
    isParent: IsParent,
  }));
};

/** The order of the lists: newest first, equal times by id. */
export const compare = (
  a: { readonly startedAt: number; readonly id: string },
  b: { readonly startedAt: number; readonly id: string },
): number => b.startedAt - a.startedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Every copy that started since then, straight from the sandbox, in the order of the lists. */
export const readTruth = async ({ cohesity, aws }: TruthSource, since: number): Promise<readonly Fact[]> =>
  [...(await readRuns(cohesity, since)), ...(await readJobs(aws, since))].sort(compare);

/** A `DateTime` of an answer in microseconds. */
export const microsOf = (text: string): number => {
  const [, whole = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
};
