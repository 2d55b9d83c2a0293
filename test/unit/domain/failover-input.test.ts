import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FailoverRequest, canonicalBody, problemOf } from '../../../src/domain/failover-input.js';
import { failoverRunTypes } from '../../../src/domain/failover.js';

const id = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const request: fc.Arbitrary<FailoverRequest> = fc.record({
  upstream: fc.constant('dc-east'),
  idempotencyKey: fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  replicationClusterId: id,
  objects: fc.uniqueArray(id, { minLength: 1, maxLength: 5 }).map((ids) => ids.map((objectId) => ({ objectId }))),
  protectionGroupId: optional(fc.tuple(id, id, id).map((parts) => parts.join(':'))),
  runType: optional(fc.constantFrom(...failoverRunTypes)),
  viewId: optional(id),
  cancelNonFailoverRuns: optional(fc.boolean()),
  pauseNextRuns: optional(fc.boolean()),
  dryRun: fc.boolean(),
  allowWithoutLock: fc.boolean(),
});

it('nothing is wrong with a request whose members are in their bounds', () => {
  fc.assert(
    fc.property(request, (one) => {
      expect(problemOf(one)).toBeNull();
    }),
  );
});

it('a body is the same whatever the order of its objects, its key and how it is pressed', () => {
  fc.assert(
    fc.property(request, request, (one, other) => {
      const { idempotencyKey, dryRun, allowWithoutLock } = other;
      const same = { ...one, idempotencyKey, dryRun, allowWithoutLock, objects: [...one.objects].reverse() };
      expect(canonicalBody(same)).toBe(canonicalBody(one));
    }),
  );
});

it('a body is another as soon as one member is', () => {
  const members = [
    'replicationClusterId',
    'objects',
    'protectionGroupId',
    'runType',
    'viewId',
    'cancelNonFailoverRuns',
    'pauseNextRuns',
  ] as const;
  const text = (value: unknown) =>
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part));
  fc.assert(
    fc.property(request, request, fc.constantFrom(...members), (one, other, member) => {
      fc.pre(member !== 'objects' && text(one[member]) !== text(other[member]));
      expect(canonicalBody({ ...one, [member]: other[member] })).not.toBe(canonicalBody(one));
    }),
  );
  fc.assert(
    fc.property(request, id, (one, more) => {
      fc.pre(one.objects.every(({ objectId }) => objectId !== more));
      expect(canonicalBody({ ...one, objects: [...one.objects, { objectId: more }] })).not.toBe(canonicalBody(one));
      expect(canonicalBody({ ...one, objects: [{ objectId: more }, ...one.objects.slice(1)] })).not.toBe(
        canonicalBody(one),
      );
    }),
  );
});
