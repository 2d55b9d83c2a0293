import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds } from '../../../src/sandbox/aws-backup/ids.js';

const refs = fc.record({
  kind: fc.constantFrom('copyJob', 'backupJob', 'recoveryPoint', 'copy', 'startedJob', 'startedCopy'),
  index: fc.integer({ min: 0, max: 2 ** 28 - 1 }),
  turn: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('an id', () => {
  it('reads back as what it was written for, under its own key only', () => {
    const [ids, others] = [createIds(7), createIds(8)];
    fc.assert(
      fc.property(refs, (ref) => {
        expect(ids.read(ids.uuid(ref))).toEqual(ref);
        expect(ids.read(ids.hex(ref))).toEqual(ref);
        expect(others.read(ids.uuid(ref))).toBeUndefined();
      }),
    );
  });

  it('is nothing for any other text', () => {
    const ids = createIds(7);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uuid()), (text) => {
        expect(ids.read(text)).toBeUndefined();
      }),
    );
  });

  it('does not show that two are neighbours', () => {
    const ids = createIds(7);
    const firsts = Array.from({ length: 64 }, (_, turn) => ids.uuid({ kind: 'copyJob', index: 1, turn }).slice(0, 2));
    expect(new Set(firsts).size).toBeGreaterThan(40);
  });
});
