import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTarget, targetIdOf, targetOfId } from '../../../src/domain/copy-target.js';
import { copyTargetKinds } from '../../../src/domain/copy-target-kind.js';
import { parseId } from '../../../src/domain/global-id.js';

const kind = fc.constantFrom(...copyTargetKinds);
const name = fc.option(
  fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('77', '@77', '-1', '..', '', 'a:b/c')),
);
const key = fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }));

describe('the id of a target', () => {
  it('leads back to the same target, but for the name of one that has a number', () => {
    fc.assert(
      fc.property(kind, key, name, (word, number, called) => {
        const target = createTarget('dc-east', word, number, called);
        const parsed = parseId(target.id);
        expect(parsed).not.toBeNull();
        if (parsed === null) return;
        const again = targetOfId(parsed);
        expect({ ...again, name: null }).toEqual({ ...target, name: null });
        const isNamed = parsed.parts.length === 2 && number === null && word !== 'VAULT';
        if (isNamed) expect(again.name).toBe(called);
      }),
      { numRuns: 1000 },
    );
  });

  it('is another one where kind, key or, without a key, name differ', () => {
    const one = fc.tuple(
      kind,
      key,
      name.filter((text) => text === null || parseable(text)),
    );
    fc.assert(
      fc.property(one, one, ([kindA, keyA, nameA], [kindB, keyB, nameB]) => {
        const same =
          kindA === kindB &&
          (kindA === 'LOCAL' || (keyA === keyB && (keyA !== null || (nameA || null) === (nameB || null))));
        const [a, b] = [createTarget('u', kindA, keyA, nameA), createTarget('u', kindB, keyB, nameB)];
        // Kinds without numbers take a number and a name of the same digits for the same key. No vendor sends both.
        if (['VAULT', 'UNKNOWN'].includes(kindA) && (keyA ?? keyB) !== null) return;
        expect(a.id === b.id).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  const parseable = (text: string): boolean =>
    text === '' || createTarget('u', 'UNKNOWN', null, text).id !== 'CopyTarget:u:UNKNOWN';

  it.each([
    ['LOCAL', 7n, 'x', 'CopyTarget:dc-east:LOCAL'],
    ['REMOTE', 77n, 'dr-west', 'CopyTarget:dc-east:REMOTE:77'],
    ['REMOTE', null, 'dr-west', 'CopyTarget:dc-east:REMOTE:dr-west'],
    ['REMOTE', null, '77', 'CopyTarget:dc-east:REMOTE:%4077'],
    ['REMOTE', null, '@77', 'CopyTarget:dc-east:REMOTE:%40%4077'],
    ['REMOTE', null, '@dr', 'CopyTarget:dc-east:REMOTE:%40dr'],
    ['REMOTE', null, null, 'CopyTarget:dc-east:REMOTE'],
    ['ARCHIVAL', null, '..', 'CopyTarget:dc-east:ARCHIVAL'],
    ['ARCHIVAL', null, 'x'.repeat(2000), 'CopyTarget:dc-east:ARCHIVAL'],
    ['UNKNOWN', null, '77', 'CopyTarget:dc-east:UNKNOWN:77'],
  ] as const)('of %s, key %s and name %s is %s', (word, number, called, id) => {
    expect(targetIdOf({ target: createTarget('dc-east', word, number, called) })).toBe(id);
  });

  it('is none of a copy that does not say where it goes', () => {
    expect(targetIdOf({ target: null })).toBeNull();
  });

  it('may be written otherwise: the target has its own', () => {
    const written = parseId('CopyTarget:dc-east:REMOTE:0077');
    expect(written === null ? null : targetOfId(written).id).toBe('CopyTarget:dc-east:REMOTE:77');
  });
});
