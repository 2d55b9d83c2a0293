import {
  cohesitySandboxCredentials,
  startCohesitySandbox,
  type CohesitySandboxOptions,
} from '../../../src/sandbox/cohesity/server.js';

export const v1 = '/irisservices/api/v1/public';
export const v2 = '/v2/data-protect';
export const hourMs = 3_600_000;
export const micros = (ms: number): number => ms * 1000;

/** Moments that have nothing in common: another hour, another weekday, another year. */
export const moments = [1_790_000_000_000, 1_800_000_123_456, 1_812_345_678_901] as const;

export interface Stats {
  readonly startTimeUsecs: number;
  readonly endTimeUsecs?: number;
  readonly logicalSizeBytes: number;
  readonly logicalBytesTransferred: number;
}

export interface Uid {
  readonly clusterId: number;
  readonly clusterIncarnationId: number;
  readonly id: number;
}

export interface CopyRun {
  readonly taskUid?: Uid;
  readonly status: string;
  readonly target: {
    readonly type: string;
    readonly replicationTarget?: { readonly clusterId: number; readonly clusterName: string };
    readonly archivalTarget?: { readonly vaultType: string };
    readonly cloudReplicationTarget?: Readonly<Record<string, unknown>>;
  } | null;
  readonly runStartTimeUsecs: number | null;
  readonly expiryTimeUsecs?: number;
  readonly stats?: Partial<Stats> | null;
  readonly copySnapshotTasks?:
    | readonly {
        readonly status: string;
        readonly source: { readonly id?: number; readonly name?: string } | null;
        readonly stats?: Partial<Stats>;
        readonly taskStartTimeUsecs?: number;
        readonly taskEndTimeUsecs?: number;
        readonly error?: string;
      }[]
    | null;
  readonly dataLockConstraints?: { readonly wormRetentionType: string } | null;
  readonly holdForLegalPurpose?: boolean;
  readonly legalHoldings?:
    readonly { readonly protectionSourceId: number; readonly holdForLegalPurpose: boolean }[] | null;
  readonly error?: string | null;
  readonly userActionMessage?: string;
}

export interface Run {
  readonly jobId: number;
  readonly jobName: string;
  readonly jobUid: Uid;
  readonly backupRun: {
    readonly jobRunId: number;
    readonly runType: string;
    readonly status: string;
    readonly stats: { readonly startTimeUsecs: number; readonly endTimeUsecs?: number };
    readonly snapshotsDeleted?: boolean;
    readonly snapshotsDeletedTimeUsecs?: number;
    readonly sourceBackupStatus?: readonly unknown[];
  } | null;
  readonly copyRun?: readonly CopyRun[] | null;
  readonly protectionShellInfo?: { readonly jobRunId: number; readonly startTimeUsecs: number };
}

export interface Answer<T> {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly body: T;
}

/** The calls of one who has the API key. */
const callerOf = (url: string) => {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { apiKey: cohesitySandboxCredentials.apiKey },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    // The shapes are held against the contract elsewhere; here a test says what it expects to read.
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : undefined) as T,
    };
  };
  const get = async <T>(path: string): Promise<T> => (await call<T>('GET', path)).body;
  const runs = (query = ''): Promise<readonly Run[]> => get(`${v1}/protectionRuns${query}`);
  return { call, get, runs, post: <T>(path: string, body?: unknown) => call<T>('POST', path, body) };
};

/** A sandbox whose clock the test sets, and the calls of one who has its API key. */
export const startPlayed = async (options: CohesitySandboxOptions & { readonly at?: number } = {}) => {
  const { at = moments[0], ...rest } = options;
  const clock = { ms: at };
  const sandbox = await startCohesitySandbox({ now: () => clock.ms, ...rest });
  return { sandbox, clock, ...callerOf(sandbox.url) };
};

/** Ends, whatever the test does, with the sandbox closed. */
export const withPlayed = async (
  options: Parameters<typeof startPlayed>[0],
  test: (played: Awaited<ReturnType<typeof startPlayed>>) => Promise<void>,
): Promise<void> => {
  const played = await startPlayed(options);
  try {
    await test(played);
  } finally {
    await played.sandbox.close();
  }
};

/** The same with the cluster beside it that takes its replications. */
export const withPair = (
  options: Parameters<typeof startPlayed>[0],
  test: (
    source: Awaited<ReturnType<typeof startPlayed>>,
    replica: ReturnType<typeof callerOf> & { readonly url: string },
  ) => Promise<void>,
): Promise<void> =>
  withPlayed(options, async (source) => {
    const { url, close } = await source.sandbox.startReplica();
    try {
      await test(source, { ...callerOf(url), url });
    } finally {
      await close();
    }
  });

export const startOf = (run: Run | undefined): number => run?.backupRun?.stats.startTimeUsecs ?? Number.NaN;
export const copiesOf = (runs: readonly Run[]): readonly CopyRun[] => runs.flatMap(({ copyRun }) => copyRun ?? []);
