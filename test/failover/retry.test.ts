import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile } from '../support/failover.js';
import type { Reply } from '../support/fake.js';
import {
  KEY,
  POINT,
  type RetryDouble,
  TARGET_VAULT,
  failedJob,
  failedRun,
  gistOf,
  notOk,
  planAndRetry,
  retry,
  startRetryAccount,
  startRetryCluster,
  startRetryGateway,
  startedJob,
} from '../support/retry.js';
import { cluster, start, wireCopyRun } from '../support/wire.js';

/** The timeout of a request. The search for a lost answer gets about a third of it, beside several reads before. */
const quick = { requestTimeoutMs: 3000 };

const requested = 'CopyRetryAccepted REQUESTED';
const unconfirmed = 'CopyRetryAccepted UNCONFIRMED';

const vendors: readonly {
  readonly vendor: string;
  readonly startDouble: () => Promise<RetryDouble<unknown>>;
  readonly operation: { readonly id: string; readonly state: string };
  readonly refusal: Reply;
}[] = [
  {
    vendor: 'Cohesity',
    startDouble: startRetryCluster,
    operation: {
      id: `CopyRun:dc-east:7:${start}:${cluster.clusterId}:${cluster.clusterIncarnationId}:501`,
      state: 'RUNNING',
    },
    refusal: { status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } },
  },
  {
    vendor: 'AWS Backup',
    startDouble: startRetryAccount,
    operation: { id: 'CopyJob:aws-prod:J2', state: 'QUEUED' },
    refusal: {
      status: 400,
      headers: { 'x-amzn-errortype': 'LimitExceededException' },
      body: { Code: 'ERROR_1', Message: 'no' },
    },
  },
];

describe.each(vendors)('a retry of a copy of $vendor', ({ startDouble, operation, refusal }) => {
  const begin = async (options: Parameters<typeof startRetryGateway>[1] = {}) => {
    const double = await startDouble();
    const gateway = await startRetryGateway([double.upstream], options);
    const input = { id: double.copyId };
    return { double, gateway, input };
  };

  it('is planned without a request that changes anything, and sent with the token of the plan', async () => {
    const { double, gateway, input } = await begin();
    const plan = await retry(gateway, { ...input, dryRun: true });
    expect(plan.errors).toEqual([]);
    expect(notOk(plan)).toEqual([]);
    expect(plan.result).toMatchObject({ __typename: 'CopyRetryPlan', ok: true, planToken: expect.any(String) });
    expect(double.retries()).toEqual([]);
    const { result, errors } = await retry(gateway, { ...input, planToken: plan.result.planToken });
    expect(errors).toEqual([]);
    expect(result).toMatchObject({ state: 'REQUESTED', operation, upstream: { name: double.upstream.id } });
    expect(double.retries()).toHaveLength(1);
  });

  it('is sent once under a key, and needs no token when the key is known', async () => {
    const { double, gateway, input } = await begin();
    await planAndRetry(gateway, input);
    const again = await Promise.all([retry(gateway, input), retry(gateway, { ...input, planToken: 'none' })]);
    expect(again.map(gistOf)).toEqual([requested, requested]);
    expect(again[0]?.result.operation).toEqual(operation);
    expect(double.retries()).toHaveLength(1);
    expect(notOk(await retry(gateway, { ...input, dryRun: true }))).toContain('KEY_UNUSED');
  });

  it.each([
    ['no token', (_token: string) => null],
    ['the token of another key', (_token: string, other: string) => other],
    ['a token that was changed', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['a token with another time', (token: string) => token.replace(/^./, (digit) => (digit === 'z' ? 'y' : 'z'))],
    ['something else', () => 'planToken'],
  ])('is refused with %s, and nothing is sent', async (_what, tokenFrom) => {
    const { double, gateway, input } = await begin();
    const [plan, other] = [
      await retry(gateway, { ...input, dryRun: true }),
      await retry(gateway, { ...input, idempotencyKey: 'other', dryRun: true }),
    ];
    const planToken = tokenFrom(plan.result.planToken, other.result.planToken);
    expect(gistOf(await retry(gateway, { ...input, planToken }))).toBe('RetryRejected PLAN_REQUIRED');
    expect(double.retries()).toEqual([]);
  });

  it('is found, and is the answer, where the answer is lost', async () => {
    const { double, gateway, input } = await begin({ limits: quick });
    double.plays.retry = ({ accept, drop }) => (accept(), drop());
    const pressed = await planAndRetry(gateway, input);
    expect(pressed.errors).toEqual([]);
    expect(pressed.result).toMatchObject({ state: 'REQUESTED', operation });
    expect(gistOf(await retry(gateway, input))).toBe(requested);
    expect(double.retries()).toHaveLength(1);
  });

  it.each([
    ['the connection drops', ({ drop }: { drop(): Reply }) => drop()],
    ['a 500 comes', () => ({ status: 500 })],
    [
      'a page of a proxy comes',
      () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html></html>' }),
    ],
    ['a 200 that says nothing comes', () => ({ status: 200, body: {} })],
  ])('is unconfirmed where %s and nothing shows, and blocks every other key', async (_what, answer) => {
    const { double, gateway, input } = await begin({ limits: quick });
    double.plays.retry = answer;
    expect(gistOf(await planAndRetry(gateway, input))).toBe(unconfirmed);
    expect(gistOf(await retry(gateway, input))).toBe(unconfirmed);
    const other = { ...input, idempotencyKey: 'other' };
    const plan = await retry(gateway, { ...other, dryRun: true });
    expect(notOk(plan)).toEqual(['NO_RETRY_OPEN']);
    expect(plan.result.planToken).toBeNull();
    expect(double.retries()).toHaveLength(1);
    double.show(); // late
    expect(gistOf(await retry(gateway, input))).toBe(requested);
    expect(double.retries()).toHaveLength(1);
  });

  it('blocks another key that was planned before, as long as it is unconfirmed', async () => {
    const { double, gateway, input } = await begin({ limits: quick });
    const other = { ...input, idempotencyKey: 'other' };
    const { result } = await retry(gateway, { ...other, dryRun: true });
    double.plays.retry = ({ drop }) => drop();
    expect(gistOf(await planAndRetry(gateway, input))).toBe(unconfirmed);
    expect(gistOf(await retry(gateway, { ...other, planToken: result.planToken }))).toBe('RetryRejected UNCONFIRMED');
    expect(double.retries()).toHaveLength(1);
  });

  it('sends one request of two keys that are pressed at once', async () => {
    const { double, gateway, input } = await begin();
    const inputs = ['one', 'two', 'three'].map((idempotencyKey) => ({ ...input, idempotencyKey }));
    const plans = await Promise.all(inputs.map((one) => retry(gateway, { ...one, dryRun: true })));
    const pressed = await Promise.all(
      inputs.map((one, index) => retry(gateway, { ...one, planToken: plans[index]?.result.planToken })),
    );
    expect(pressed.map(gistOf).filter((gist) => gist === requested)).toHaveLength(1);
    expect(double.retries()).toHaveLength(1);
  });

  it('is a refusal where the upstream refuses; the same key can be pressed again', async () => {
    const { double, gateway, input } = await begin();
    double.plays.retry = () => refusal;
    const first = await planAndRetry(gateway, input);
    expect(gistOf(first)).toBe('RetryRejected REJECTED_BY_CLUSTER');
    expect(first.result.errorCode).toEqual(expect.any(String));
    double.plays.retry = ({ accept }) => accept();
    expect(gistOf(await planAndRetry(gateway, input))).toBe(requested);
    expect(double.retries()).toHaveLength(2); // the first was not taken on
  });

  it('is a conflict where the key stands for another copy', async () => {
    const { double, gateway, input } = await begin();
    await planAndRetry(gateway, input);
    const id = input.id.replace(/[^:]+$/, (key) => (key === '501' ? '502' : 'J9'));
    expect(gistOf(await retry(gateway, { id }))).toBe('CopyRetryConflict IDEMPOTENCY_KEY_REUSED');
    expect(double.retries()).toHaveLength(1);
  });

  it('is on disk before it is sent, and the file alone tells how it went', async () => {
    const { file } = auditFile();
    const { double, gateway, input } = await begin({ audit: { file } });
    const lines = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    let before: unknown = null;
    double.plays.retry = ({ accept }) => {
      before = lines();
      return accept();
    };
    await planAndRetry(gateway, input);
    const common = {
      action: 'retryCopy',
      key: `retryCopy:${KEY}`,
      objectIds: [input.id],
      ground: [expect.any(String)],
    };
    expect(before).toMatchObject([{ ...common, phase: 'before', outcome: null }]);
    expect(lines()).toMatchObject([{ phase: 'before' }, { ...common, phase: 'after', outcome: 'accepted' }]);
    await gateway.close();
    const another = await startRetryGateway([double.upstream], { audit: { file } });
    expect(gistOf(await retry(another, input))).toBe(requested);
    expect(double.retries()).toHaveLength(1);
  });

  it('is not sent without an audit file, and the plan says so', async () => {
    const { double, gateway, input } = await begin({ audit: undefined, played: false });
    expect(notOk(await retry(gateway, { ...input, dryRun: true }))).toEqual(['SAFEGUARDS']);
    expect(gistOf(await retry(gateway, input))).toBe('RetryRejected AUDIT_UNAVAILABLE');
    expect(double.retries()).toEqual([]);
  });

  it('is not sent when the copy is gone', async () => {
    const { double, gateway } = await begin();
    const id = double.copyId.replace(/[^:]+$/, (key) => (key === '501' ? '777' : 'J9'));
    expect(gistOf(await retry(gateway, { id, dryRun: true }))).toBe('RetryRejected NOT_FOUND');
    expect(double.retries()).toEqual([]);
  });

  it('takes no key that could be no idempotency key', async () => {
    const { double, gateway, input } = await begin();
    const { result } = await retry(gateway, { ...input, idempotencyKey: 'retryCopy:x', dryRun: true });
    expect(result).toMatchObject({ __typename: 'InvalidRetryInput', path: ['input', 'idempotencyKey'] });
    expect(double.seen).toEqual([]);
  });
});

describe('the request of a retry', () => {
  it('has the target and the resync, and nothing else, on Cohesity', async () => {
    const double = await startRetryCluster();
    await planAndRetry(await startRetryGateway([double.upstream]), { id: double.copyId });
    const [put] = double.retries();
    const group = `${cluster.clusterId}:${cluster.clusterIncarnationId}:7`;
    expect(put?.path).toBe(`/v2/data-protect/protection-groups/${encodeURIComponent(group)}/runs`);
    expect(JSON.parse(put?.body ?? '')).toEqual({
      updateProtectionGroupRunParams: [
        {
          runId: `7:${start}`,
          replicationSnapshotConfig: { updateExistingSnapshotConfig: [{ id: 77, resync: true }] },
        },
      ],
    });
  });

  it('has the kind of vault too for an archival on Cohesity', async () => {
    const double = await startRetryCluster();
    const target = { type: 'kArchival', archivalTarget: { vaultId: 5, vaultName: 's3', vaultType: 'kCloud' } };
    double.holds.runs = [failedRun({ target })];
    await planAndRetry(await startRetryGateway([double.upstream]), { id: double.copyId });
    const [put] = double.retries();
    expect(JSON.parse(put?.body ?? '')).toEqual({
      updateProtectionGroupRunParams: [
        {
          runId: `7:${start}`,
          archivalSnapshotConfig: {
            updateExistingSnapshotConfig: [{ id: 5, archivalTargetType: 'Cloud', resync: true }],
          },
        },
      ],
    });
  });

  it('has the job’s own point, vaults, role and lifecycle, and a token of upstream, copy and key, on AWS', async () => {
    const double = await startRetryAccount();
    const gateway = await startRetryGateway([double.upstream]);
    await planAndRetry(gateway, { id: double.copyId });
    const [put] = double.retries();
    expect(put?.path).toBe('/copy-jobs');
    expect(JSON.parse(put?.body ?? '')).toEqual({
      RecoveryPointArn: POINT,
      SourceBackupVaultName: 'main',
      DestinationBackupVaultArn: TARGET_VAULT,
      IamRoleArn: 'arn:aws:iam::111122223333:role/backup',
      Lifecycle: { DeleteAfterDays: 35, MoveToColdStorageAfterDays: -1 },
      IdempotencyToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is refused where a 207 has the run among those that failed', async () => {
    const double = await startRetryCluster();
    double.plays.retry = () => ({
      status: 207,
      body: { successfulRunIds: [], failedRuns: [{ runId: `7:${start}`, errorMessage: 'expired' }] },
    });
    const gateway = await startRetryGateway([double.upstream]);
    expect(gistOf(await planAndRetry(gateway, { id: double.copyId }))).toBe('RetryRejected REJECTED_BY_CLUSTER');
  });
});

const others = (overrides: object) => [failedRun().copyRun, wireCopyRun(502, { ...overrides })].flat();

describe('a copy that is not to be made again', () => {
  it.each([
    ['is running', failedRun({ status: 'kRunning', stats: null }), ['ENDED_BADLY']],
    ['has succeeded', failedRun({ status: 'kSuccess' }), ['ENDED_BADLY']],
    ['ended with a warning', failedRun({ status: 'kWarning' }), ['ENDED_BADLY']],
    ['is the local snapshot', failedRun({ target: { type: 'kLocal' } }), ['CAN_BE_ASKED']],
    ['goes to a cloud', failedRun({ target: { type: 'kCloudDeploy', cloudDeployTarget: {} } }), ['CAN_BE_ASKED']],
    [
      'goes to a cluster without an id',
      failedRun({ target: { type: 'kRemote', replicationTarget: {} } }),
      ['CAN_BE_ASKED'],
    ],
    [
      'goes to a vault of no kind',
      failedRun({ target: { type: 'kArchival', archivalTarget: { vaultId: 5 } } }),
      ['CAN_BE_ASKED'],
    ],
    ['is of a group without an id', failedRun({}, { jobUid: null }), ['CAN_BE_ASKED']],
    ['is another cluster’s run', failedRun({}, { jobUid: { ...cluster, clusterId: 9, id: 7 } }), ['CAN_BE_ASKED']],
    ['is under way again', failedRun({}, { copyRun: others({ status: 'kRunning' }) }), ['NO_OTHER_COPY']],
    ['is there by another copy', failedRun({}, { copyRun: others({ status: 'kSuccess' }) }), ['NO_OTHER_COPY']],
  ])('%s, on Cohesity', async (_what, run, names) => {
    const double = await startRetryCluster();
    double.holds.runs = [run];
    const gateway = await startRetryGateway([double.upstream]);
    const plan = await retry(gateway, { id: double.copyId, dryRun: true });
    expect(notOk(plan)).toEqual(names);
    expect(plan.result).toMatchObject({ ok: false, planToken: null });
    expect(double.retries()).toEqual([]);
  });

  const younger = { ...startedJob, State: 'COMPLETED', CompletionDate: 1_714_530_100 };
  it.each([
    ['is running', [failedJob({ State: 'RUNNING', CompletionDate: null })], ['ENDED_BADLY']],
    ['is a part of a composite one', [failedJob({ ParentJobId: 'P' })], ['CAN_BE_ASKED']],
    ['is a composite one', [failedJob({ IsParent: true, State: 'PARTIAL' })], ['CAN_BE_ASKED']],
    ['has parts', [failedJob({ NumberOfChildJobs: 2 })], ['CAN_BE_ASKED']],
    ['tells no lifecycle', [failedJob({ DestinationRecoveryPointLifecycle: null })], ['CAN_BE_ASKED']],
    ['tells an empty lifecycle', [failedJob({ DestinationRecoveryPointLifecycle: {} })], ['CAN_BE_ASKED']],
    ['tells no role', [failedJob({ IamRoleArn: null })], ['CAN_BE_ASKED']],
    ['is under way again', [failedJob(), startedJob], ['NO_OTHER_COPY']],
    ['is there by a newer copy', [failedJob(), younger], ['NO_OTHER_COPY']],
    ['has lost its point', [failedJob({ SourceRecoveryPointArn: `${POINT}-gone` })], ['SOURCE_THERE']],
    [
      'is of a continuous backup',
      [failedJob({ SourceRecoveryPointArn: 'arn:aws:backup:us-east-1:1:recovery-point:continuous:db-1' })],
      ['SOURCE_THERE'],
    ],
  ])('%s, on AWS', async (_what, copyJobs, names) => {
    const double = await startRetryAccount();
    double.holds.copyJobs = copyJobs;
    const gateway = await startRetryGateway([double.upstream]);
    const plan = await retry(gateway, { id: double.copyId, dryRun: true });
    expect(notOk(plan)).toEqual(names);
    expect(double.retries()).toEqual([]);
  });

  it.each([
    ['an older good copy', { ...younger, CreationDate: 1_714_520_000 }],
    ['a copy of another point', { ...startedJob, SourceRecoveryPointArn: `${POINT}-2` }],
    ['a copy to another vault', { ...startedJob, DestinationBackupVaultArn: `${TARGET_VAULT}-2` }],
    ['a newer copy that failed too', { ...younger, State: 'FAILED' }],
  ])('is no copy beside %s', async (_what, other) => {
    const double = await startRetryAccount();
    double.holds.copyJobs = [failedJob(), other];
    const gateway = await startRetryGateway([double.upstream]);
    expect(notOk(await retry(gateway, { id: double.copyId, dryRun: true }))).toEqual([]);
  });

  it('is judged again when it is pressed: the plan does not stand for what has changed since', async () => {
    const double = await startRetryCluster();
    const gateway = await startRetryGateway([double.upstream]);
    const { result } = await retry(gateway, { id: double.copyId, dryRun: true });
    double.show(); // someone else was quicker
    const pressed = await retry(gateway, { id: double.copyId, planToken: result.planToken });
    expect(gistOf(pressed)).toBe('RetryRejected NOT_RETRYABLE');
    expect(double.retries()).toEqual([]);
  });
});

describe('another system under the same name', () => {
  it('gets no retry', async () => {
    const double = await startRetryCluster();
    const gateway = await startRetryGateway([double.upstream]);
    const { result } = await retry(gateway, { id: double.copyId, dryRun: true });
    double.holds.cluster = { id: 9, name: 'west' };
    const pressed = await retry(gateway, { id: double.copyId, planToken: result.planToken });
    expect(gistOf(pressed)).toBe('RetryRejected OTHER_SYSTEM');
    expect(notOk(await retry(gateway, { id: double.copyId, dryRun: true }))).toContain('SAME_SYSTEM');
    expect(double.retries()).toEqual([]);
  });

  it('is another account of AWS too', async () => {
    const double = await startRetryAccount();
    const gateway = await startRetryGateway([double.upstream]);
    const { result } = await retry(gateway, { id: double.copyId, dryRun: true });
    double.holds.vaults = [{ BackupVaultName: 'main', BackupVaultArn: TARGET_VAULT }];
    const pressed = await retry(gateway, { id: double.copyId, planToken: result.planToken });
    expect(gistOf(pressed)).toBe('RetryRejected OTHER_SYSTEM');
    expect(double.retries()).toEqual([]);
  });
});
