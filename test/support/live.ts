import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createClient } from 'graphql-sse';
import { expect } from 'vitest';
import { startAwsBackup } from './aws-backup.js';
import { startCohesity } from './cohesity.js';
import { type Double, type Fake, awsBackupAt, cohesityAt } from './fake.js';
import { type AnsweredError, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { closing } from './closing.js';
import { type Wire, cluster, wireCopyJob, wireCopyRun, wireRunOf } from './wire.js';
import { until } from './until.js';

/** Polls as often as a test can wait for. */
export const swift: NonNullable<GatewayOptions['live']> = { minSeconds: 0.02, maxSeconds: 0.04 };

/** One subscription, as a client has it. */
export interface Watching {
  /** The watched field of each event. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly events: readonly any[];
  readonly errors: readonly AnsweredError[];
  /** Resolves when the stream has ended, with what broke it, if anything did. */
  readonly ended: Promise<unknown>;
  leave(): void;
}

/** Subscribes over server-sent events with a common client, which shall not try again. */
export const watch = (
  { url }: Pick<Gateway, 'url'>,
  query: string,
  { variables = {}, headers = {} }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Watching => {
  const events: unknown[] = [];
  const errors: AnsweredError[] = [];
  let leave = (): void => undefined;
  const client = createClient({ url, headers, retryAttempts: 0 });
  const ended = new Promise<unknown>((resolve) => {
    leave = client.subscribe(
      { query, variables },
      {
        next: ({ data, errors: told = [] }) => {
          errors.push(...(told as unknown as readonly AnsweredError[])); // the client has its own type for them
          if (data !== null && data !== undefined) events.push(...Object.values(data));
        },
        error: resolve,
        complete: () => resolve(null),
      },
    );
  });
  closing({ close: async () => leave() });
  return { events, errors, ended, leave: () => leave() };
};

export const changes = (fields = '', filter = ''): string =>
  `subscription { copyOperationChanged${filter && `(filter: ${filter})`} {
     change previousState operation { id state progress transferredBytes ${fields} }
     upstreamReports { upstream { name } ok error { code } }
   } }`;

/** The gist of an event. */
export const gistOf = ({ change, previousState, operation, upstreamReports }: Watching['events'][number]): string =>
  [
    change,
    ...(operation === null
      ? upstreamReports.map((one: { ok: boolean; upstream: { name: string } }) => `${one.upstream.name} ${one.ok}`)
      : [`${previousState ?? ''}>${operation.state}`, operation.progress ?? '-']),
  ].join(' ');

/** Resolves when these events have arrived. */
export const told = (watching: Watching, ...gists: readonly string[]): Promise<void> =>
  until(() => expect(watching.events.map(gistOf)).toEqual(gists));

/** Resolves when an upstream was polled that many times again; the first poll may have begun before. */
export const looks = (fake: Pick<Fake, 'seen'>, count = 3): Promise<void> => {
  const before = fake.seen.length;
  return until(() => expect(fake.seen.length).toBeGreaterThanOrEqual(before + count));
};

/** Resolves when an upstream was not called for as long as several polls take. */
export const quiet = async ({ seen }: Pick<Fake, 'seen'>): Promise<void> => {
  let [count, since] = [seen.length, performance.now()];
  await until(() => {
    if (seen.length !== count) [count, since] = [seen.length, performance.now()];
    expect(performance.now() - since).toBeGreaterThan(400);
  });
};

/** Answers wait until the test lets them go. */
export const stepwise = (fake: Pick<Double, 'before'>) => {
  const waiting: (() => void)[] = [];
  fake.before = () => new Promise((resolve) => waiting.push(() => resolve(undefined)));
  return {
    /** Resolves when a request waits. */
    waiting: () => until(() => expect(waiting.length).toBeGreaterThan(0)),
    /** Answers the one that waits longest. */
    step: () => waiting.shift()?.(),
    /** Answers all that wait and all that come. */
    release: () => {
      fake.before = () => undefined;
      waiting.splice(0).forEach((go) => go());
    },
  };
};

interface Resources {
  readonly timers: number;
  readonly sockets: number;
}

/** The resources that keep this process alive, once they are few enough or in the end; waits without its own timer. */
export const resourcesLeft = async (most: Resources = { timers: 0, sockets: 10 }): Promise<Resources> => {
  const started = performance.now();
  for (;;) {
    const all = process.getActiveResourcesInfo();
    const count = (name: string): number => all.filter((one) => one === name).length;
    const left = { timers: count('Timeout'), sockets: count('TCPSocketWrap') };
    if (left.timers <= most.timers && left.sockets <= most.sockets) return left;
    if (performance.now() - started > 50_000) return left;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
};

/** Counts a server's open event streams, as Node reports them. */
export const countStreams = ({ url }: Pick<Gateway, 'url'>): (() => number) => {
  const open = new Set<ServerResponse>();
  const count = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }; // as Node has it
    if (request.headers.host !== new URL(url).host || request.headers.accept !== 'text/event-stream') return;
    open.add(response);
    response.once('close', () => open.delete(response));
  };
  subscribe('http.server.request.start', count);
  closing({ close: async () => void unsubscribe('http.server.request.start', count) });
  return () => open.size;
};

export type LiveEstate = Omit<GatewayOptions, 'upstreams'>;

/** Both products, whose records a test changes as it goes, and the gateway in front of them. */
export const startLive = async ({ live = swift, ...options }: LiveEstate = {}) => {
  const held = {
    runs: [] as Wire[],
    jobs: [] as Wire[],
    copyJobs: [] as Wire[],
    vaults: [] as Wire[],
    points: [] as Wire[],
  };
  const cohesity = closing(await startCohesity(held));
  const aws = closing(await startAwsBackup(held));
  const upstreams = [cohesityAt(cohesity), awsBackupAt(aws)];
  const gateway = await startGateway({ upstreams, live, ...options });
  closing({ close: () => gateway.close(0) });
  return { ...gateway, held, cohesity, aws, subscribed: countStreams(gateway) };
};

const hourMicros = 3_600_000_000;

/** A moment so many hours ago, in microseconds. */
export const ago = (hours: number): number => Math.round((Date.now() * 1000 - hours * hourMicros) / 1000) * 1000;

/** A run of job 7 with one copy, of 1000 bytes, so many of which have been moved. */
export const runWith = (startedAt: number, status: string, moved = 0, overrides: Wire = {}): Wire =>
  wireRunOf(7, startedAt, {
    copyRun: [
      wireCopyRun(501, {
        status,
        runStartTimeUsecs: startedAt,
        stats: { logicalSizeBytes: 1000, logicalBytesTransferred: moved },
        ...overrides,
      }),
    ],
  });

export const runIdOf = (startedAt: number): string =>
  `CopyRun:dc-east:7:${startedAt}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`;

/** A copy job of an hour ago; AWS reports no progress. */
export const copyJob = (id: string, State: string, overrides: Wire = {}): Wire =>
  wireCopyJob(id, { State, CreationDate: ago(1) / 1_000_000, CompletionDate: undefined, ...overrides });
