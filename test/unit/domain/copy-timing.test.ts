import { describe, expect, it } from 'vitest';
import type { CopyOperation } from '../../../src/domain/copy-operation.js';
import { bytesPerSecondOf, durationSecondsOf, estimatedEndOf } from '../../../src/domain/copy-timing.js';
import { micros } from '../../../src/domain/micros.js';
import { toJob, toRun, jobOf, runOf } from '../../support/estate.js';

const start = 1_715_137_200_000_000 - 3_600_000_000; // an hour before these records were read
const at = (seconds: number) => micros(start + seconds * 1_000_000);
const [run] = toRun('dc-east', runOf(1, start)).copyRuns;
const job = toJob('aws-use1', jobOf('J', start));

const copy = (overrides: Partial<CopyOperation>): CopyOperation => {
  if (run === undefined) throw new Error('a run without copies');
  return { ...run, startedAt: at(0), endedAt: null, sizeBytes: null, transferredBytes: null, ...overrides };
};

describe('how long a copy took, how fast it was, and when it will end', () => {
  it.each<readonly [string, Partial<CopyOperation>, number | null, number | null, number | null]>([
    ['ended', { endedAt: at(1800), sizeBytes: 900n, transferredBytes: 1800n }, 1800, 1, null],
    ['ended well without transferredBytes', { endedAt: at(1800), sizeBytes: 900n }, 1800, 0.5, null],
    ['failed without transferredBytes', { state: 'FAILED', endedAt: at(1800), sizeBytes: 900n }, 1800, null, null],
    ['ended without a start', { startedAt: null, endedAt: at(1800), sizeBytes: 900n }, null, null, null],
    ['ended without an end', { sizeBytes: 900n }, null, null, null],
    ['ended before it began', { endedAt: at(-1), sizeBytes: 900n }, null, null, null],
    ['ended at once', { endedAt: at(0), sizeBytes: 900n }, 0, null, null],
    ['running, half done', { state: 'RUNNING', sizeBytes: 7200n, transferredBytes: 3600n }, null, 1, 7200],
    ['running, all transferred', { state: 'RUNNING', sizeBytes: 3600n, transferredBytes: 3600n }, null, 1, 3600],
    ['running, nothing yet', { state: 'RUNNING', sizeBytes: 3600n, transferredBytes: 0n }, null, 0, null],
    ['running, size unknown', { state: 'RUNNING', transferredBytes: 3600n }, null, 1, null],
    ['running, nothing known', { state: 'RUNNING', sizeBytes: 3600n }, null, null, null],
    ['queued', { state: 'QUEUED', sizeBytes: 3600n, transferredBytes: 0n }, null, null, null],
    [
      'running, begins after it was read',
      { state: 'RUNNING', startedAt: at(4000), sizeBytes: 2n, transferredBytes: 1n },
      null,
      null,
      null,
    ],
  ])('is told of one that has %s', (_what, overrides, duration, rate, end) => {
    const one = copy(overrides);
    expect(durationSecondsOf(one)).toBe(duration);
    expect(bytesPerSecondOf(one)).toBe(rate);
    expect(estimatedEndOf(one)).toBe(end === null ? null : at(end));
  });

  it('of AWS is by the size, once it succeeded', () => {
    expect(bytesPerSecondOf({ ...job, sizeBytes: 3600n })).toBeNull();
    expect(bytesPerSecondOf({ ...job, state: 'SUCCEEDED', endedAt: at(1800), sizeBytes: 3600n })).toBe(2);
  });
});
