import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates } from '../../../src/domain/activity.js';
import {
  type Failover,
  type FailoverState,
  type PlannedRun,
  failoverProgressOf,
  failoverStates,
  runOfRunId,
} from '../../../src/domain/failover.js';
import { micros } from '../../../src/domain/micros.js';
import type { ProtectionRun } from '../../../src/domain/protection-run.js';
import { WireProtectionRun, toProtectionRun } from '../../../src/upstream/cohesity/protection-run.js';
import { start, wireCopyRun, wireRun } from '../../support/wire.js';
import type { Wire } from '../../support/wire.js';

const at = micros(start);

const plannedOf = (members: Partial<PlannedRun> = {}): PlannedRun => ({
  failoverId: 'drill',
  runId: null,
  waitingOnOtherRunCancellations: false,
  backupState: null,
  observedAt: at,
  ...members,
});

const failoverOf = (planned: PlannedRun | null, confirmed = true): Failover => ({
  __typename: 'Failover',
  id: 'Failover:dc-east:drill',
  upstream: 'dc-east',
  failoverId: 'drill',
  planned,
  confirmed,
  requestedAt: null,
  replicationClusterId: null,
});

const words: Readonly<Record<ActivityState, string>> = {
  QUEUED: 'kAccepted',
  RUNNING: 'kRunning',
  CANCELING: 'kCanceling',
  CANCELED: 'kCanceled',
  SUCCEEDED: 'kSuccess',
  WARNING: 'kWarning',
  PARTIAL: 'kPartial', // no word of Cohesity's
  FAILED: 'kFailure',
  ON_HOLD: 'kOnHold',
  MISSED: 'kMissed',
  UNKNOWN: 'kSomethingNew',
};

/** A run as the client reads it, its states set: also to those that Cohesity has no word for. */
const runOf = (
  backup: ActivityState,
  copies: readonly (readonly [ActivityState, Wire?])[],
  error?: string,
): ProtectionRun => {
  const wire = wireRun({
    backupRun: { jobRunId: 1, status: words[backup], error, stats: { startTimeUsecs: start } },
    copyRun: [
      wireCopyRun(500, { target: { type: 'kLocal' }, status: words[backup] }),
      ...copies.map(([state, more], index) => wireCopyRun(501 + index, { status: words[state], ...more })),
    ],
  });
  const read = toProtectionRun(WireProtectionRun.parse(wire), {
    upstream: 'dc-east',
    observedAt: at,
    tasksLeftOut: false,
  });
  if (read === null) throw new Error('this run cannot be read');
  return {
    ...read,
    shell: { ...read.shell, state: backup },
    copyRuns: read.copyRuns.map((copy, index) => ({ ...copy, state: copies[index - 1]?.[0] ?? backup })),
  };
};

const scheduled = failoverOf(plannedOf({ runId: `7:${start}` }));

describe('a failover whose run was read', () => {
  const letters: Readonly<Record<string, FailoverState>> = { r: 'RUNNING', s: 'SUCCEEDED', f: 'FAILED', c: 'CANCELED' };
  const columns = activityStates;

  /** By the state of the backup: without a replication; then with one in each state, in the order of `columns`. */
  const rows: Readonly<Record<ActivityState, readonly [none: string, one: string]>> = {
    //           QUEUED RUNNING CANCELING CANCELED SUCCEEDED WARNING PARTIAL FAILED ON_HOLD MISSED UNKNOWN
    QUEUED: ['r', 'rrrcrrffrfr'],
    RUNNING: ['r', 'rrrcrrffrfr'],
    CANCELING: ['r', 'rrrcrrffrfr'],
    CANCELED: ['c', 'ccccccffcfc'],
    SUCCEEDED: ['r', 'rrrcssffrfr'],
    WARNING: ['r', 'rrrcssffrfr'],
    PARTIAL: ['f', 'fffffffffff'],
    FAILED: ['f', 'fffffffffff'],
    ON_HOLD: ['r', 'rrrcrrffrfr'],
    MISSED: ['f', 'fffffffffff'],
    UNKNOWN: ['r', 'rrrcrrffrfr'],
  };

  it('is judged by the states that an activity can have, in this order', () => {
    expect(columns).toEqual([
      'QUEUED',
      'RUNNING',
      'CANCELING',
      'CANCELED',
      'SUCCEEDED',
      'WARNING',
      'PARTIAL',
      'FAILED',
      'ON_HOLD',
      'MISSED',
      'UNKNOWN',
    ]);
  });

  it.each(columns)('is as far as its backup and its replication, the backup being %s', (backup) => {
    const [none, one] = rows[backup];
    expect(failoverProgressOf(scheduled, runOf(backup, [])).state).toBe(letters[none]);
    const states = columns.map((copy) => failoverProgressOf(scheduled, runOf(backup, [[copy]])).state);
    expect(states).toEqual([...one].map((letter) => letters[letter]));
  });

  it('has succeeded only when every replication has', () => {
    const two = (...states: readonly ActivityState[]) =>
      failoverProgressOf(
        scheduled,
        runOf(
          'SUCCEEDED',
          states.map((state) => [state]),
        ),
      ).state;
    expect(two('SUCCEEDED', 'WARNING')).toBe('SUCCEEDED');
    expect(two('SUCCEEDED', 'RUNNING')).toBe('RUNNING');
    expect(two('SUCCEEDED', 'FAILED')).toBe('FAILED');
    expect(two('CANCELED', 'FAILED')).toBe('FAILED');
    expect(two('CANCELED', 'SUCCEEDED')).toBe('CANCELED');
  });

  it('does not depend on copies to other places', () => {
    const archival = { target: { type: 'kArchival', archivalTarget: { vaultName: 'tape' } } };
    expect(failoverProgressOf(scheduled, runOf('SUCCEEDED', [['SUCCEEDED'], ['FAILED', archival]])).state).toBe(
      'SUCCEEDED',
    );
    expect(failoverProgressOf(scheduled, runOf('SUCCEEDED', [['SUCCEEDED', archival]])).state).toBe('RUNNING');
  });

  it('is judged by the cluster that was asked for where that is remembered, else by all', () => {
    const to = (clusterId: number): Wire => ({
      target: { type: 'kRemote', replicationTarget: { clusterId, clusterName: `cluster ${clusterId}` } },
    });
    const asked: Failover = { ...scheduled, replicationClusterId: 77n };
    const third = (state: ActivityState) =>
      runOf('SUCCEEDED', [
        ['SUCCEEDED', to(77)],
        [state, to(88)],
      ]);
    for (const state of ['FAILED', 'CANCELED', 'RUNNING'] as const) {
      expect(failoverProgressOf(asked, third(state))).toEqual({ state: 'SUCCEEDED', message: null });
      expect(failoverProgressOf(scheduled, third(state)).state).toBe(state);
    }
    expect(
      failoverProgressOf(
        asked,
        runOf('SUCCEEDED', [
          ['FAILED', to(77)],
          ['SUCCEEDED', to(88)],
        ]),
      ).state,
    ).toBe('FAILED');
    expect(failoverProgressOf(asked, runOf('SUCCEEDED', [['SUCCEEDED', to(88)]]))).toEqual({
      state: 'RUNNING',
      message: 'The backup is done; its replication is not listed yet.',
    });
  });

  it.each([
    [runOf('RUNNING', [['QUEUED']]), 'The backup is running.'],
    [runOf('CANCELING', [['QUEUED']]), 'The run is being canceled.'],
    [runOf('SUCCEEDED', []), 'The backup is done; its replication is not listed yet.'],
    [runOf('SUCCEEDED', [['RUNNING']]), 'The replication is running.'],
    [runOf('SUCCEEDED', [['SUCCEEDED']]), null],
    [runOf('FAILED', [], 'disk full'), 'disk full'],
    [runOf('SUCCEEDED', [['FAILED', { error: 'no route' }]]), 'no route'],
    [runOf('SUCCEEDED', [['WARNING', { error: 'one file skipped' }]]), 'one file skipped'],
    [
      runOf('SUCCEEDED', [
        ['RUNNING', { stats: { logicalSizeBytes: 1000, logicalBytesTransferred: 999 } }],
        ['RUNNING', { stats: { logicalSizeBytes: 200, logicalBytesTransferred: 50 } }],
      ]),
      'The replication is 25 % done.',
    ],
  ])('says what the state does not: %#', (run, message) => {
    expect(failoverProgressOf(scheduled, run).message).toBe(message);
  });
});

describe('a failover whose run was not read', () => {
  const flags = [false, true];

  it.each(activityStates)('is as far as the poll says, which is %s', (backupState) => {
    const of = (run: null | undefined) =>
      failoverProgressOf(failoverOf(plannedOf({ runId: `7:${start}`, backupState })), run).state;
    const ended: Partial<Record<ActivityState, FailoverState>> = {
      FAILED: 'FAILED',
      MISSED: 'FAILED',
      CANCELED: 'CANCELED',
    };
    expect(of(undefined)).toBe(ended[backupState] ?? 'RUNNING');
    const good = backupState === 'SUCCEEDED' || backupState === 'WARNING';
    expect(of(null)).toBe(ended[backupState] ?? (good ? 'UNCONFIRMED' : 'RUNNING'));
  });

  it('is running where the poll does not tell, as in version 6', () => {
    const { state, message } = failoverProgressOf(scheduled, undefined);
    expect([state, message]).toEqual(['RUNNING', 'The run could not be read: its progress is unknown now.']);
    expect(failoverProgressOf(scheduled, null)).toEqual({ state: 'RUNNING', message: null });
  });

  it.each(flags.flatMap((waiting) => [null, ...activityStates].map((backupState) => [waiting, backupState] as const)))(
    'and has no id yet: waiting for others %s, the backup %s',
    (waiting, backupState) => {
      const planned = plannedOf({ waitingOnOtherRunCancellations: waiting, backupState });
      const ended: Partial<Record<ActivityState, FailoverState>> = {
        FAILED: 'FAILED',
        MISSED: 'FAILED',
        CANCELED: 'CANCELED',
      };
      const open = waiting ? 'WAITING_FOR_CANCELLATIONS' : 'REQUESTED';
      for (const confirmed of flags) {
        for (const run of [null, undefined]) {
          const { state } = failoverProgressOf(failoverOf(planned, confirmed), run);
          expect(state).toBe(backupState === null ? open : (ended[backupState] ?? open));
        }
      }
    },
  );

  it('is REQUESTED where the cluster acknowledged it and does not list it, else UNCONFIRMED', () => {
    expect(failoverProgressOf(failoverOf(null, true), undefined).state).toBe('REQUESTED');
    const { state, message } = failoverProgressOf(failoverOf(null, false), undefined);
    expect([state, message]).toEqual(['UNCONFIRMED', expect.stringContaining('with a new key')]);
  });
});

it('meets every state of a failover here', () => {
  expect([...failoverStates].sort()).toEqual(
    ['CANCELED', 'FAILED', 'REQUESTED', 'RUNNING', 'SUCCEEDED', 'UNCONFIRMED', 'WAITING_FOR_CANCELLATIONS'].sort(),
  );
});

describe('the id of a run', () => {
  it('is its job and its start', () => {
    expect(runOfRunId(`7:${start}`)).toEqual({ jobId: '7', startTimeUsecs: String(start) });
    expect(runOfRunId('9007199254740993:1')).toEqual({ jobId: '9007199254740993', startTimeUsecs: '1' });
  });

  it.each(['', '7', '7:', ':1', '7:1:2', 'a:1', '7:x', '-7:1', '7:1\n', `7:${'1'.repeat(21)}`, '../7:1'])(
    'is nothing we can ask for as %j',
    (runId) => {
      expect(runOfRunId(runId)).toBeNull();
    },
  );
});
