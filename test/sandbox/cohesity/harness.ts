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

export interface CopyRun {
  readonly taskUid?: { readonly clusterId: number; readonly clusterIncarnationId: number; readonly id: number };
  readonly status: string;
  readonly target: {
    readonly type: string;
    readonly archivalTarget?: { readonly vaultType: string };
    readonly cloudReplicationTarget?: Readonly<Record<string, unknown>>;
  } | null;
  readonly runStartTimeUsecs: number | null;
  readonly stats?: Stats | null;
  readonly copySnapshotTasks?:
    | readonly {
        readonly status: string;
        readonly source: { readonly id?: number } | null;
        readonly stats?: Stats;
        readonly error?: string;
      }[]
    | null;
  readonly dataLockConstraints?: { readonly wormRetentionType: string } | null;
  readonly holdForLegalPurpose?: boolean;
  readonly legalHoldings?: readonly { readonly holdForLegalPurpose: boolean }[] | null;
  readonly error?: string | null;
  readonly userActionMessage?: string;
}

export interface Run {
  readonly jobId: number;
  readonly jobName: string;
  readonly backupRun: {
    readonly jobRunId: number;
    readonly runType: string;
    readonly status: string;
    readonly stats: { readonly startTimeUsecs: number; readonly endTimeUsecs?: number };
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

/** A sandbox whose clock the test sets, and the calls of one who has its API key. */
export const startPlayed = async (options: CohesitySandboxOptions & { readonly at?: number } = {}) => {
  const { at = moments[0], ...rest } = options;
  const clock = { ms: at };
  const sandbox = await startCohesitySandbox({ now: () => clock.ms, ...rest });
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(`${sandbox.url}${path}`, {
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
  return { sandbox, clock, call, get, runs, post: <T>(path: string, body?: unknown) => call<T>('POST', path, body) };
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

export const startOf = (run: Run | undefined): number => run?.backupRun?.stats.startTimeUsecs ?? Number.NaN;
export const copiesOf = (runs: readonly Run[]): readonly CopyRun[] => runs.flatMap(({ copyRun }) => copyRun ?? []);
