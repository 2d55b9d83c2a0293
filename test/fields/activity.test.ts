import { describe, expect, it } from 'vitest';
import { startProducts } from '../support/products.js';
import { runKey, wireCopyJob, wireCopyRun, wireRun, wireSource, wireTask } from '../support/wire.js';

/** The vendor's word, ours, and whether nothing more will happen. */
const cohesityWords: readonly (readonly [word: string | null, state: string, finished: boolean])[] = [
  ['kAccepted', 'QUEUED', false],
  ['kRunning', 'RUNNING', false],
  ['kFinalizing', 'RUNNING', false],
  ['kCanceling', 'CANCELING', false],
  ['kCanceled', 'CANCELED', true],
  ['kCancelled', 'CANCELED', true],
  ['kSuccess', 'SUCCEEDED', true],
  ['kFailure', 'FAILED', true],
  ['kWarning', 'WARNING', true],
  ['kOnHold', 'ON_HOLD', false],
  ['kMissed', 'MISSED', true],
  ['kTeleported', 'UNKNOWN', false],
  ['toString', 'UNKNOWN', false],
  ['', 'UNKNOWN', false],
  [null, 'UNKNOWN', false],
];

const awsWords: typeof cohesityWords = [
  ['CREATED', 'QUEUED', false],
  ['RUNNING', 'RUNNING', false],
  ['COMPLETED', 'SUCCEEDED', true],
  ['FAILED', 'FAILED', true],
  ['PARTIAL', 'PARTIAL', true],
  ['ABORTED', 'UNKNOWN', false],
  ['completed', 'UNKNOWN', false],
  ['__proto__', 'UNKNOWN', false],
  [null, 'UNKNOWN', false],
];

const expectedOf = (words: typeof cohesityWords) =>
  words.map(([upstreamState, state, finished]) => ({ upstreamState, state, finished }));

describe('the state of an activity', () => {
  it('is known for every word of Cohesity, in a copy, a task and a run', async () => {
    const recent = Date.now() * 1000 - 3_600_000_000;
    const copyRun = cohesityWords.map(([status], index) =>
      wireCopyRun(index, { status, copySnapshotTasks: [wireTask(wireSource(1), { status })] }),
    );
    const shells = cohesityWords.map(([status], index) =>
      wireRun({ jobId: index + 100, backupRun: { status, stats: { startTimeUsecs: recent - index } }, copyRun: [] }),
    );
    const products = await startProducts({ runs: [wireRun({ copyRun }), ...shells] });
    const { data, errors } = await products.execute(
      `query ($id: ID!) {
        node(id: $id) { ... on ProtectionShell { copyRuns { nodes {
          upstreamState state finished
          copySnapshotTasks { nodes { upstreamState state finished } }
        } } } }
        protectionShells { nodes { upstreamState state finished } }
      }`,
      { id: `ProtectionShell:${runKey}` },
    );
    expect(errors).toEqual([]);
    const expected = expectedOf(cohesityWords);
    const nodes: Record<string, unknown>[] = data.node.copyRuns.nodes;
    expect(nodes).toEqual(expected.map((one) => ({ ...one, copySnapshotTasks: { nodes: [one] } })));
    expect(data.protectionShells.nodes).toEqual(expected);
  });

  it('is known for every word of AWS Backup', async () => {
    const now = Date.now() / 1000;
    const copyJobs = awsWords.map(([State], index) =>
      wireCopyJob(`J${index}`, { State, CreationDate: now - 60 - index }),
    );
    const products = await startProducts({ copyJobs });
    const { data, errors } = await products.execute('{ copyJobs { nodes { upstreamState state finished } } }');
    expect(errors).toEqual([]);
    expect(data.copyJobs.nodes).toEqual(expectedOf(awsWords));
  });
});

const jobsWith = async (fields: string, ...jobs: readonly Record<string, unknown>[]) => {
  const copyJobs = jobs.map((job, index) => wireCopyJob(`J${index}`, job));
  const products = await startProducts({ copyJobs });
  const { data, errors } = await products.execute(
    `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { ${fields} } } }`,
    {
      ids: copyJobs.map(({ CopyJobId }) => `CopyJob:aws-prod:${String(CopyJobId)}`),
    },
  );
  expect(errors).toEqual([]);
  return data.nodes;
};

describe('the error of an activity', () => {
  it('is AWS’s message only of a failed or partly failed job, while statusMessage always has it', async () => {
    const states = ['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL', 'ABORTED', null];
    const StatusMessage = 'Access denied exception while trying to list tags';
    const nodes = await jobsWith(
      'state error statusMessage failureCategory',
      ...states.map((State) => ({ State, StatusMessage })),
    );
    expect(nodes).toEqual(
      ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'PARTIAL', 'UNKNOWN', 'UNKNOWN'].map((state) => {
        const failed = state === 'FAILED' || state === 'PARTIAL';
        return {
          state,
          error: failed ? StatusMessage : null,
          statusMessage: StatusMessage,
          failureCategory: failed ? 'ACCESS' : null,
        };
      }),
    );
  });

  it('comes clean: without control characters and without tokens', async () => {
    const StatusMessage =
      'Denied\u0000\u001b[31m for\r\nAuthorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const [node] = await jobsWith('error statusMessage', { State: 'FAILED', StatusMessage });
    expect(node.error).toBe(node.statusMessage);
    expect(node.error).toMatch(/^Denied \[31m for Authorization: .*\[redacted\]$/);
    expect(node.error).not.toMatch(/eyJ/);
  });

  it('is the message of a Cohesity copy in any state, sorted only where it failed', async () => {
    const copyRun = ['kRunning', 'kFailure', 'kWarning', 'kSuccess'].map((status, index) =>
      wireCopyRun(index, { status, error: 'no route to host' }),
    );
    const products = await startProducts({ runs: [wireRun({ copyRun })] });
    const { data } = await products.execute(
      'query ($id: ID!) { node(id: $id) { ... on ProtectionShell { copyRuns { nodes { error failureCategory } } } } }',
      { id: `ProtectionShell:${runKey}` },
    );
    expect(data.node.copyRuns.nodes).toEqual(
      [null, 'TARGET_UNREACHABLE', 'TARGET_UNREACHABLE', null].map((failureCategory) => ({
        error: 'no route to host',
        failureCategory,
      })),
    );
  });

  it('sorts a failure by AWS’s own category where the message says nothing', async () => {
    const nodes = await jobsWith(
      'failureCategory messageCategory',
      { State: 'FAILED', MessageCategory: 'AccessDenied' },
      { State: 'FAILED', MessageCategory: 'SomethingNew', StatusMessage: 'Odd.' },
      { State: 'FAILED' },
      { State: 'COMPLETED', MessageCategory: 'SUCCESS' },
    );
    expect(nodes).toEqual([
      { failureCategory: 'ACCESS', messageCategory: 'AccessDenied' },
      { failureCategory: 'OTHER', messageCategory: 'SomethingNew' },
      { failureCategory: 'OTHER', messageCategory: null },
      { failureCategory: null, messageCategory: 'SUCCESS' },
    ]);
  });
});

describe('the time span of an activity', () => {
  it('says when the upstream was read', async () => {
    const before = Date.now();
    const [node] = await jobsWith('observedAt', {});
    expect(Date.parse(node.observedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(node.observedAt)).toBeLessThanOrEqual(Date.now());
  });

  it('is that of AWS’s CreationDate and CompletionDate', async () => {
    const nodes = await jobsWith(
      'startedAt endedAt',
      { CreationDate: 1_714_528_800.123, CompletionDate: 1_714_532_400 },
      { CompletionDate: null },
      { CreationDate: null, CompletionDate: null },
    );
    expect(nodes).toEqual([
      { startedAt: '2024-05-01T02:00:00.123Z', endedAt: '2024-05-01T03:00:00.000Z' },
      { startedAt: '2024-05-01T02:00:00.123Z', endedAt: null },
      { startedAt: null, endedAt: null },
    ]);
  });
});
