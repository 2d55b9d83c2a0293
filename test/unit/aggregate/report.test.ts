import { describe, expect, it } from 'vitest';
import { reportOf, withReasons } from '../../../src/upstream/report.js';
import { type IncompleteReason, incompleteReasons } from '../../../src/domain/incomplete-reason.js';
import { UpstreamError, type UpstreamFailure } from '../../../src/domain/upstream-error.js';

const whole = { upstream: 'dc-east', observedAt: null, unreadable: 0, error: null };

describe('The report of an upstream', () => {
  it.each<readonly [UpstreamFailure, IncompleteReason]>([
    ['timeout', 'UPSTREAM_FAILED'],
    ['unavailable', 'UPSTREAM_FAILED'],
    ['throttled', 'UPSTREAM_FAILED'],
    ['notFound', 'UPSTREAM_FAILED'],
    ['rejected', 'UPSTREAM_FAILED'],
    ['unauthorized', 'UPSTREAM_FAILED'],
    ['circuitOpen', 'UPSTREAM_FAILED'],
    ['canceled', 'UPSTREAM_FAILED'],
    ['malformed', 'UNREADABLE'],
    ['tooLarge', 'TOO_LARGE'],
    ['budgetExceeded', 'BUDGET'],
  ])('tells a failure of the kind %s as %s', (failure, reason) => {
    const report = reportOf({ ...whole, error: new UpstreamError('dc-east', failure, 'down') });
    expect(report).toMatchObject({ ok: false, complete: false, incompleteReasons: [reason] });
  });

  it('is complete exactly where it has no reason, and tells each once and in one order', () => {
    expect(reportOf(whole)).toMatchObject({ complete: true, incompleteReasons: [] });
    const some = reportOf({ ...whole, unreadable: 2, reasons: ['NOT_READ_YET', 'UNREADABLE', 'LOOK_BACK'] });
    expect(some).toMatchObject({ complete: false, incompleteReasons: ['UNREADABLE', 'LOOK_BACK', 'NOT_READ_YET'] });
    const more = withReasons(some, incompleteReasons.toReversed());
    expect(more).toMatchObject({ complete: false, incompleteReasons });
    expect(withReasons(reportOf(whole), [])).toEqual(reportOf(whole));
  });
});
