import type { ServerResponse } from 'node:http';
import type { UpstreamInput } from '../../src/assembly/config.js';
import { type AccountHolds, answerAwsBackup } from './aws-backup.js';
import { type ClusterHolds, answerCohesity } from './cohesity.js';
import { auditFile } from './failover.js';
import { type Fake, type Reply, type Seen, awsBackupAt, cohesityAt, startFake } from './fake.js';
import { type Answer, type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import { closing } from './closing.js';
import { pointArn, vaultArn, wirePoint, wireVault } from './vaults.js';
import { type Wire, after, cluster, copyRunKey, start, wireCopyRun, wireRun } from './wire.js';

export const KEY = 'again-1';

/** A request for a retry that has reached an upstream, and what it can do with it. */
interface Retried {
  readonly seen: Seen;
  readonly nth: number; // from 1
  readonly response: ServerResponse;
  /** Takes it on, so that it shows from now on; the answer that goes with it. */
  accept(): Reply;
  /** Closes the connection without a word. */
  drop(): Reply;
}

/** An upstream with a copy that failed. Its content may change while it answers. */
export interface RetryDouble<Holds> extends Fake {
  readonly holds: { -readonly [Member in keyof Holds]: Holds[Member] };
  readonly upstream: UpstreamInput;
  readonly copyId: string;
  /** The fate of a retry; accepted by default. */
  readonly plays: { retry: (retried: Retried) => Reply | Promise<Reply>; gate: (seen: Seen) => Reply | undefined };
  /** The retries that have reached it. */
  retries(): readonly Seen[];
  /** It shows from now on, as after an `accept`. */
  show(): void;
}

const isRetry = ({ method }: Seen): boolean => method === 'PUT';

const startRetryDouble = async <Holds>(
  parts: Pick<RetryDouble<Holds>, 'holds' | 'copyId' | 'show'> & {
    readonly answer: (seen: Seen) => Reply;
    readonly accepted: Reply;
    readonly at: (fake: Fake) => UpstreamInput;
  },
): Promise<RetryDouble<Holds>> => {
  const { holds, copyId, show, answer, accepted, at } = parts;
  let count = 0;
  const plays: RetryDouble<Holds>['plays'] = { retry: (retried) => retried.accept(), gate: () => undefined };
  const fake = closing(
    await startFake((seen, { response }) => {
      const stopped = plays.gate(seen);
      if (stopped !== undefined) return stopped;
      if (!isRetry(seen)) return answer(seen);
      count += 1;
      return plays.retry({
        seen,
        nth: count,
        response,
        accept: () => {
          show();
          return accepted;
        },
        drop: () => {
          response.socket?.destroy();
          return null;
        },
      });
    }),
  );
  return { ...fake, holds, upstream: at(fake), copyId, plays, show, retries: () => fake.seen.filter(isRetry) };
};

export const RUN_ID = `7:${start}`;

/** A run with one failed replication; members from the test win. */
export const failedRun = (copy: Wire = {}, run: Wire = {}): Wire =>
  wireRun({
    jobUid: { ...cluster, id: 7 },
    copyRun: [wireCopyRun(501, { status: 'kFailure', error: 'gone', stats: { endTimeUsecs: after(99) }, ...copy })],
    ...run,
  });

export const startRetryCluster = async () => {
  const holds: RetryDouble<ClusterHolds>['holds'] = {
    runs: [failedRun()],
    cluster: { id: cluster.clusterId, name: 'east' },
  };
  return startRetryDouble<ClusterHolds>({
    holds,
    copyId: `CopyRun:${copyRunKey}`,
    show: () => (holds.runs = [failedRun({ status: 'kRunning', error: null, stats: null })]),
    answer: (seen) => answerCohesity(holds)(seen),
    accepted: { status: 207, body: { successfulRunIds: [RUN_ID], failedRuns: [] } },
    at: cohesityAt,
  });
};

const EAST = 'us-east-1';
const [ACCOUNT, OTHER] = ['111122223333', '444455556666'];
const SOURCE_VAULT = vaultArn(EAST, ACCOUNT, 'main');
export const TARGET_VAULT = vaultArn('eu-west-1', OTHER, 'offsite');
export const POINT = pointArn(EAST, 'snap-1');

/** A copy job that failed, with all members that a retry needs. */
export const failedJob = (overrides: Wire = {}): Wire => ({
  CopyJobId: 'J1',
  AccountId: ACCOUNT,
  State: 'FAILED',
  CreationDate: 1_714_528_800,
  CompletionDate: 1_714_528_900,
  SourceBackupVaultArn: SOURCE_VAULT,
  SourceRecoveryPointArn: POINT,
  DestinationBackupVaultArn: TARGET_VAULT,
  DestinationRecoveryPointLifecycle: { DeleteAfterDays: 35, MoveToColdStorageAfterDays: -1 },
  ResourceArn: `arn:aws:ec2:${EAST}:${ACCOUNT}:volume/vol-1`,
  ResourceType: 'EBS',
  IamRoleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
  ...overrides,
});

export const startedJob = failedJob({
  CopyJobId: 'J2',
  State: 'CREATED',
  CreationDate: 1_714_530_000,
  CompletionDate: null,
});

export const startRetryAccount = async () => {
  const holds: RetryDouble<AccountHolds>['holds'] = {
    copyJobs: [failedJob()],
    vaults: [wireVault(EAST, ACCOUNT, 'main')],
    points: [wirePoint(SOURCE_VAULT, POINT, 1_714_528_000)],
  };
  return startRetryDouble<AccountHolds>({
    holds,
    copyId: 'CopyJob:aws-prod:J1',
    show: () => (holds.copyJobs = [failedJob(), startedJob]),
    answer: (seen) => answerAwsBackup(holds)(seen),
    accepted: { body: { CopyJobId: 'J2', CreationDate: 1_714_530_000 } },
    at: awsBackupAt,
  });
};

/** Another gateway before an upstream. By default it has its own audit file. */
export const startRetryGateway = async (
  upstreams: readonly UpstreamInput[],
  options: Partial<GatewayOptions> = {},
): Promise<Gateway> => closing(await startGateway({ upstreams, audit: { file: auditFile().file }, ...options }));

const mutation = `mutation ($input: RetryCopyInput!) { retryCopy(input: $input) {
  __typename
  ... on CopyRetryAccepted { state requestedAt operation { id state } upstream { name } }
  ... on CopyRetryPlan { ok planToken checks { name ok detail } }
  ... on UserError { message code path }
  ... on RetryRejected { errorCode }
} }`;

/** The answer to one press, as a test reads it. */
export interface Retry {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a hand-written query has no type; assertions are the check
  readonly result: any;
  readonly errors: Answer<unknown>['errors'];
}

export const retry = async (
  { execute }: Gateway,
  input: Wire,
  headers: Readonly<Record<string, string>> = {},
): Promise<Retry> => {
  const { data, errors } = await execute(mutation, { input: { idempotencyKey: KEY, ...input } }, headers);
  return { result: data?.retryCopy, errors };
};

/** Plans and, where the plan has a token, presses. */
export const planAndRetry = async (gateway: Gateway, input: Wire): Promise<Retry> => {
  const plan = await retry(gateway, { ...input, dryRun: true });
  return retry(gateway, { ...input, planToken: plan.result?.planToken ?? null });
};

/** The gist of an answer: the state of the retry, or the code of a refusal or error. */
export const gistOf = ({ result, errors }: Retry): string =>
  errors[0]?.extensions.code ?? `${result.__typename} ${result.state ?? result.code ?? result.ok}`;

/** The checks of a plan that are not ok, by name. */
export const notOk = ({ result }: Retry): readonly string[] =>
  result.checks.filter(({ ok }: { readonly ok: boolean }) => !ok).map(({ name }: { readonly name: string }) => name);
