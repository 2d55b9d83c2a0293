import { BackupClient, paginateListCopyJobs } from '@aws-sdk/client-backup';
import { describe, expect, it } from 'vitest';
import { awsBackupSandboxCredentials, startAwsBackupSandbox } from '../../src/sandbox/aws-backup/server.js';
import { cohesitySandboxCredentials, startCohesitySandbox } from '../../src/sandbox/cohesity/server.js';
import { startCounter } from '../bench/processes.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { startGateway } from '../support/gateway.js';
import { swift, watch } from '../support/live.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const MINUTE_MS = 60_000;

/** The facts of each copy in the vendor's words, by the id that we give it. */
type Facts = ReadonlyMap<string, string>;

/** The events due by the vendor's facts at each moment: the unfinished copies at first, then each change. */
const expectedEvents = (
  moments: readonly Facts[],
  isOver: (facts: string) => boolean,
): ReadonlyMap<string, string[]> => {
  const told = new Map<string, string[]>();
  moments.forEach((moment, index) => {
    for (const [id, facts] of moment) {
      if (moments[index - 1]?.get(id) === facts || (index === 0 && isOver(facts))) continue;
      told.set(id, [...(told.get(id) ?? []), facts]);
    }
  });
  return told;
};

const query = (type: string): string => `subscription { copyOperationChanged(filter: { types: [${type}] }) {
  change operation { id upstreamState sizeBytes transferredBytes endedAt error expiresAt ... on CopyRun { snapshotDeleted } ... on CopyJob { statusMessage } }
} }`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a vendor's payload, and an event of a hand-written query
type Any = any;

interface Played {
  readonly gateway: Parameters<typeof watch>[0];
  readonly query: string;
  readonly requests: () => number;
  readonly clock: { ms: number };
  readonly stepMs: number;
  readonly read: () => Promise<Facts>;
  readonly factsOf: (operation: Any) => string;
  readonly isOver: (facts: string) => boolean;
}

/** Moves the clock step by step, and compares the events of the stream with the vendor's facts. */
const follow = async ({ gateway, clock, stepMs, read, factsOf, isOver, requests, ...played }: Played) => {
  const moments = [await read()];
  const watching = watch(gateway, played.query);
  const count = (): number => [...expectedEvents(moments, isOver).values()].flat().length;
  for (let step = 0; step < 4; step += 1) {
    await until(() => expect(watching.events.length).toBeGreaterThanOrEqual(count()));
    const before = requests();
    await until(() => expect(requests()).toBeGreaterThan(before + 1)); // another poll shows nothing new
    clock.ms += stepMs;
    moments.push(await read());
  }
  await until(() => expect(watching.events.length).toBeGreaterThanOrEqual(count()));
  const told = new Map<string, string[]>();
  const changes = new Map<string, string[]>();
  for (const { change, operation } of watching.events) {
    told.set(operation.id, [...(told.get(operation.id) ?? []), factsOf(operation)]);
    changes.set(operation.id, [...(changes.get(operation.id) ?? []), change]);
  }
  expect(told).toEqual(expectedEvents(moments, isOver));
  expect(watching.errors).toEqual([]);
  const lives = [...changes.values()].map((all) => all.join(' '));
  for (const life of lives)
    // A copy that had ended before is not reported at first. It may still change, when its snapshot goes.
    expect(life).toMatch(
      /^(CHANGED( CHANGED)*|(SNAPSHOT|STARTED|FINISHED)( PROGRESSED| CHANGED)*( FINISHED)?( CHANGED)*)$/,
    );
  return lives;
};

describe('copies of the sandbox', () => {
  it('are told as the cluster plays them, each change once', async () => {
    const clock = { ms: Date.now() };
    const sandbox = closing(await startCohesitySandbox({ now: () => clock.ms }));
    const { apiKey } = cohesitySandboxCredentials;
    const counter = await startCounter(sandbox.url);
    const upstream = { ...cohesityAt(counter), auth: { apiKey } };
    const gateway = closing(await startGateway({ upstreams: [upstream], live: swift, cache: {} }));
    closing({ close: async () => counter.close() });
    let requests = 0;

    const since = (clock.ms - 3 * 24 * 60 * MINUTE_MS) * 1000;
    const path = `/irisservices/api/v1/public/protectionRuns?startTimeUsecs=${since}&excludeTasks=true`;
    const read = async (): Promise<Facts> => {
      const response = await fetch(sandbox.url + path, { headers: { apiKey } });
      // Beyond 2^53 a number would not be what the cluster said.
      const body = (await response.text()).replace(/("logical\w+":)\s*(\d+)/g, '$1"$2"');
      const runs = JSON.parse(body) as Any;
      const facts = new Map<string, string>();
      for (const { jobId, backupRun, copyRun } of runs) {
        const started = String(backupRun?.stats?.startTimeUsecs ?? copyRun?.[0]?.runStartTimeUsecs);
        for (const [position, copy] of (copyRun ?? []).entries()) {
          const { taskUid: uid, target, status, stats, error, expiryTimeUsecs } = copy;
          const key = uid ? `${uid.clusterId}:${uid.clusterIncarnationId}:${uid.id}` : `${target?.type}.${position}`;
          const sizes = [stats?.logicalSizeBytes ?? null, stats?.logicalBytesTransferred ?? null];
          const ended = (stats?.endTimeUsecs ?? 0) > 0; // 0: not known
          const gone = target?.type === 'kLocal' && backupRun?.snapshotsDeleted === true;
          const shown = [status, ...sizes, ended, (expiryTimeUsecs ?? 0) > 0, gone, error ?? null];
          facts.set(`CopyRun:dc-east:${jobId}:${started}:${key}`, shown.join(' '));
        }
      }
      return facts;
    };
    const lives = await follow({
      gateway,
      query: query('COPY_RUN'),
      clock,
      stepMs: 15 * MINUTE_MS,
      requests: () => (requests += counter.take()),
      read,
      factsOf: ({ upstreamState, sizeBytes, transferredBytes, endedAt, expiresAt, snapshotDeleted, error }) =>
        [
          upstreamState,
          sizeBytes,
          transferredBytes,
          endedAt !== null,
          expiresAt !== null,
          snapshotDeleted === true,
          error,
        ].join(' '),
      isOver: (facts) => /^k(Success|Failure|Warning|Cancell?ed|Missed) /.test(facts),
    });
    expect(lives.filter((life) => /^STARTED .*FINISHED$/.test(life)).length).toBeGreaterThan(0);
  }, 60_000);

  it('are told as AWS plays them, each change once', async () => {
    const clock = { ms: Date.now() };
    const sandbox = closing(await startAwsBackupSandbox({ now: () => clock.ms }));
    const counter = await startCounter(sandbox.url);
    const upstream = { ...awsBackupAt(counter), credentials: { ...awsBackupSandboxCredentials } };
    const gateway = closing(await startGateway({ upstreams: [upstream], live: swift, cache: {} }));
    closing({ close: async () => counter.close() });
    let requests = 0;

    const client = new BackupClient({
      region: 'us-east-1',
      endpoint: sandbox.url,
      credentials: { ...awsBackupSandboxCredentials },
    });
    closing({ close: async () => client.destroy() });
    const since = new Date(clock.ms - 7 * 24 * 60 * MINUTE_MS);
    const read = async (): Promise<Facts> => {
      const facts = new Map<string, string>();
      for await (const { CopyJobs = [] } of paginateListCopyJobs({ client }, { ByCreatedAfter: since })) {
        for (const { CopyJobId, State, BackupSizeInBytes, CompletionDate, StatusMessage } of CopyJobs) {
          const shown = [State, BackupSizeInBytes ?? null, CompletionDate !== undefined, StatusMessage ?? null];
          facts.set(`CopyJob:aws-prod:${CopyJobId}`, shown.join(' '));
        }
      }
      return facts;
    };
    const lives = await follow({
      gateway,
      query: query('COPY_JOB'),
      clock,
      stepMs: 25 * MINUTE_MS,
      requests: () => (requests += counter.take()),
      read,
      factsOf: ({ upstreamState, sizeBytes, endedAt, statusMessage }) =>
        [upstreamState, sizeBytes, endedAt !== null, statusMessage].join(' '),
      isOver: (facts) => /^(COMPLETED|FAILED|PARTIAL) /.test(facts),
    });
    expect(lives.filter((life) => /^STARTED .*FINISHED$/.test(life)).length).toBeGreaterThan(0);
  }, 60_000);
});
