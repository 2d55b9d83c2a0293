import { describe, expect, it } from 'vitest';
import { type ActivityState, activityStates } from '../../../src/domain/activity.js';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { endedBadly, noOtherCopy } from '../../../src/domain/copy-retry.js';
import { micros } from '../../../src/domain/micros.js';

const NOW = micros(1000);

const copyOf = (id: string, members: Partial<CopyOperation> = {}): CopyOperation => ({
  __typename: 'CopyRun',
  id,
  upstream: 'dc-east',
  name: id,
  state: 'FAILED',
  upstreamState: null,
  error: null,
  failureCategory: null,
  startedAt: micros(100),
  endedAt: micros(200),
  observedAt: NOW,
  target: null,
  offsite: null,
  sizeBytes: null,
  transferredBytes: null,
  expiresAt: null,
  ...members,
});

describe('a copy that is to be made again', () => {
  it('has ended badly', () => {
    const allowed = activityStates.filter((state) => endedBadly(copyOf('a', { state })).ok);
    expect(allowed).toEqual<ActivityState[]>(['CANCELED', 'PARTIAL', 'FAILED', 'MISSED']);
  });

  it.each<[string, Partial<CopyOperation>, boolean]>([
    ['one that goes on, however old', { state: 'RUNNING', startedAt: micros(1) }, false],
    ['one of a state that nobody knows', { state: 'UNKNOWN' }, false],
    ['a good one, newer', { state: 'SUCCEEDED', startedAt: micros(101) }, false],
    ['a good one of the same time', { state: 'WARNING' }, false],
    ['a good one of no time', { state: 'SUCCEEDED', startedAt: null }, false],
    ['a good one, older', { state: 'SUCCEEDED', startedAt: micros(99) }, true],
    ['a good one that has expired', { state: 'SUCCEEDED', expiresAt: NOW }, true],
    ['a good one that was deleted', { state: 'SUCCEEDED', snapshotDeleted: true }, true],
    ['one that failed too', { state: 'FAILED', startedAt: micros(300) }, true],
  ])('beside %s: %j, may be: %s', (_what, members, ok) => {
    const copy = copyOf('a');
    expect(noOtherCopy(copy, [copy, copyOf('b', members)], NOW).ok).toBe(ok);
  });
});
