import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityStates, isFinished } from '../../../src/domain/activity.js';
import { lastPartOf, parseArn } from '../../../src/domain/arn.js';
import { progressOf } from '../../../src/domain/copy-operation.js';

const bytes = fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: null });

describe('progress', () => {
  it('is between 0 and 1 where both figures are known and there is something to copy, else unknown', () => {
    fc.assert(
      fc.property(bytes, bytes, (sizeBytes, transferredBytes) => {
        const progress = progressOf({ sizeBytes, transferredBytes } as Parameters<typeof progressOf>[0]); // reads only these
        if (sizeBytes === null || transferredBytes === null || sizeBytes <= 0n) {
          expect(progress).toBeNull();
          return;
        }
        expect(progress).toBeGreaterThanOrEqual(0);
        expect(progress).toBeLessThanOrEqual(1);
        expect(progress === 1).toBe(transferredBytes >= sizeBytes);
      }),
    );
  });
});

describe('a finished activity', () => {
  it('is one that was canceled, succeeded, failed or was missed, and none that we do not know', () => {
    expect(activityStates.filter(isFinished)).toEqual([
      'CANCELED',
      'SUCCEEDED',
      'WARNING',
      'PARTIAL',
      'FAILED',
      'MISSED',
    ]);
  });
});

describe('an ARN', () => {
  it.each<readonly [string, ReturnType<typeof parseArn>]>([
    [
      'arn:aws:backup:us-east-1:111122223333:backup-vault:Default',
      { region: 'us-east-1', accountId: '111122223333', resource: 'backup-vault:Default' },
    ],
    ['arn:aws:ec2:us-west-2::image/ami-0', { region: 'us-west-2', accountId: null, resource: 'image/ami-0' }],
    ['arn:aws:s3:::bucket/a:b', { region: null, accountId: null, resource: 'bucket/a:b' }],
    ['arn:aws:s3', null],
    ['Default', null],
    ['', null],
  ])('is taken apart: %j', (text, expected) => {
    expect(parseArn(text)).toEqual(expected);
  });

  it.each([
    ['arn:aws:ec2:us-east-1:1:instance/i-0', 'i-0'],
    ['arn:aws:rds:us-east-1:1:cluster:orders', 'orders'],
    ['arn:aws:s3:::reports/', 'reports'],
    ['plain', 'plain'],
    ['', ''],
    [':::', ':::'],
  ])('ends in what a person calls the thing: %j', (text, expected) => {
    expect(lastPartOf(text)).toBe(expected);
  });
});
