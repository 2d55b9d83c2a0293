import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CopyJob } from '../../../src/domain/copy-job.js';
import { DAY_MICROS, type Micros, micros } from '../../../src/domain/micros.js';
import {
  type PointFound,
  type RecoveryPoint,
  dataTimeOfJob,
  expiryOfJob,
  isRestorable,
  vaultPlaceOf,
} from '../../../src/domain/recovery-point.js';
import { jobOf, toJob } from '../../support/estate.js';

const now = micros(Date.UTC(2026, 5, 1) * 1000);
const daysAgo = (days: number): Micros => micros(now - days * DAY_MICROS);

const job = (deleteAfterDays: bigint | null): CopyJob => ({
  ...toJob('aws-prod', jobOf('j', daysAgo(1))),
  state: 'SUCCEEDED',
  startedAt: daysAgo(1),
  endedAt: daysAgo(0.5),
  destinationRecoveryPointLifecycle: {
    moveToColdStorageAfterDays: null,
    deleteAfterDays,
    optInToArchiveForSupportedResources: null,
    deleteAfterEvent: null,
  },
});

const point = (createdAt: Micros | null, expiresAt: Micros | null, status = 'COMPLETED'): RecoveryPoint => ({
  arn: 'arn',
  vaultArn: 'vault',
  upstream: 'aws-prod',
  status,
  createdAt,
  expiresAt,
  sizeBytes: null,
  isEncrypted: null,
  encryptionKeyArn: null,
  storageClass: null,
  observedAt: now,
});

const source = point(daysAgo(30), daysAgo(-5));

describe('the expiry of a copy job', () => {
  it.each<[string, bigint | null, PointFound, PointFound, Micros | null]>([
    ['what its own point says', 7n, point(daysAgo(30), daysAgo(-3)), source, daysAgo(-3)],
    ['never, where its own point says nothing', 7n, point(daysAgo(30), null), source, null],
    ['unknown of a point that is gone', 7n, 'GONE', source, null],
    ['days after the source was made', 35n, null, source, daysAgo(-5)],
    ['days after the source was made, in the past', 7n, null, source, daysAgo(23)],
    ['0 days after the source was made', 0n, null, source, daysAgo(30)],
    ['the source’s own for -1 days', -1n, null, source, daysAgo(-5)],
    ['unknown for -1 days of a source without an end', -1n, null, point(daysAgo(3), null), null],
    ['unknown without days', null, null, source, null],
    ['unknown without either point', 7n, null, null, null],
    ['unknown where the source is gone', 7n, null, 'GONE', null],
    ['unknown where the source has no date', 7n, null, point(null, null), null],
    ['unknown beyond any time', 9_007_199_254_740_991n, null, source, null],
  ])('is %s', (_name, days, destination, from, expected) => {
    expect(expiryOfJob(job(days), { destination, source: from })).toBe(expected);
  });

  it('never depends on when the job began or ended', () => {
    const found = fc.constantFrom<PointFound>(null, 'GONE', source, point(daysAgo(2), daysAgo(-1)), point(null, null));
    const days = fc.constantFrom(null, -1n, 0n, 7n, 100n);
    const time = fc.option(fc.integer({ min: 0, max: 60 }).map(daysAgo));
    fc.assert(
      fc.property(found, found, days, time, time, (destination, from, after, startedAt, endedAt) => {
        const moved: CopyJob = { ...job(after), startedAt, endedAt };
        const points = { destination, source: from };
        expect(expiryOfJob(moved, points)).toBe(expiryOfJob(job(after), points));
      }),
    );
  });
});

describe('a copy of AWS', () => {
  it.each<[string, PointFound, PointFound, boolean]>([
    ['whose point is COMPLETED', point(daysAgo(2), daysAgo(-1)), null, true],
    ['whose point is AVAILABLE', point(daysAgo(2), null, 'AVAILABLE'), null, true],
    ['whose point is EXPIRED', point(daysAgo(2), daysAgo(-1), 'EXPIRED'), null, false],
    ['whose point is PARTIAL', point(daysAgo(2), daysAgo(-1), 'PARTIAL'), null, false],
    ['whose point is in a state that came later', point(daysAgo(2), null, 'ORBITING'), null, false],
    ['whose point expires now', point(daysAgo(2), now), null, false],
    ['whose point is gone', 'GONE', source, false],
    ['of which nothing can be read', null, null, true],
    ['of which the source tells that it has expired', null, point(daysAgo(30), null), false],
    ['of which the source tells that it has not', null, point(daysAgo(3), null), true],
    ['whose source is gone', null, 'GONE', true],
  ])('%s', (_name, destination, from, expected) => {
    expect(isRestorable(job(7n), { destination, source: from, vault: null }, now)).toBe(expected);
  });

  it.each<[string, PointFound, PointFound, Micros]>([
    ['its own point was made', point(daysAgo(9), null), null, daysAgo(9)],
    ['its source was made', null, point(daysAgo(8), null), daysAgo(8)],
    ['its job was created, where no point says', point(null, null), 'GONE', daysAgo(1)],
    ['its job was created, where no point was read', null, null, daysAgo(1)],
  ])('is as old as when %s', (_name, destination, from, expected) => {
    expect(dataTimeOfJob(job(7n), { destination, source: from })).toBe(expected);
  });
});

describe('a vault’s ARN', () => {
  it.each([
    ['arn:aws:backup:us-east-1:111122223333:backup-vault:Default', ['us-east-1', '111122223333', 'Default']],
    ['arn:aws-cn:backup:cn-north-1:1:backup-vault:aws/efs/a:b', ['cn-north-1', '1', 'aws/efs/a:b']],
    ['arn:aws:backup:us-east-1:111122223333:recovery-point:x', null],
    ['arn:aws:backup:us-east-1::backup-vault:x', null],
    ['arn:aws:backup:us-east-1:111122223333:backup-vault:', null],
    ['Default', null],
  ])('%s', (arn, expected) => {
    const place = vaultPlaceOf(arn);
    expect(place && [place.region, place.accountId, place.name]).toEqual(expected);
  });
});
