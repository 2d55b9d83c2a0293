import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressableTypes, encodeId, isCopyJobId, isSafe, parseId } from '../../../src/domain/global-id.js';

const upstream = fc.stringMatching(/^[a-z0-9-]{1,30}$/);
const number = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const part = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).filter(isSafe);
const kind = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => isSafe(`${text}.0`));

describe('an id', () => {
  it.each([
    ['CopyJob', part.filter(isCopyJobId)],
    ['ProtectedObject', part],
  ] as const)('of a %s comes back from any text that may be its key', (type, keys) => {
    fc.assert(
      fc.property(upstream, keys, (name, key) => {
        expect(parseId(encodeId(type, name, key))).toEqual({ type, upstream: name, parts: [key] });
      }),
    );
  });

  it('of a copy run and its tasks comes back from any numbers', () => {
    fc.assert(
      fc.property(upstream, fc.tuple(number, number, number, number, number), number, (name, run, source) => {
        const parts = run.map(String);
        expect(parseId(encodeId('CopyRun', name, ...run))?.parts).toEqual(parts);
        expect(parseId(encodeId('CopySnapshotTask', name, ...run, source))?.parts).toEqual([...parts, String(source)]);
      }),
    );
  });

  it('of a run whose start is not told comes back with its number', () => {
    fc.assert(
      fc.property(upstream, number, number, (name, jobId, jobRunId) => {
        const key = [String(jobId), `@${jobRunId}`];
        expect(parseId(encodeId('ProtectionShell', name, ...key))?.parts).toEqual(key);
        expect(parseId(encodeId('CopyRun', name, ...key, 1, 2, 3))?.parts).toEqual([...key, '1', '2', '3']);
        expect(parseId(encodeId('CopySnapshotTask', name, ...key, 'kLocal.0', 9))?.parts).toEqual([
          ...key,
          'kLocal.0',
          '9',
        ]);
      }),
    );
    for (const bad of ['@', '@@1', '@x', '@1.5', `@${'1'.repeat(21)}`]) {
      expect(parseId(`ProtectionShell:dc-east:7:${encodeURIComponent(bad)}`)).toBeNull();
    }
  });

  it('of a copy run without a task id comes back from any kind of target', () => {
    fc.assert(
      fc.property(upstream, kind, fc.nat(100_000), fc.nat(100_000), (name, word, copy, task) => {
        const place = `${word}.${copy}`;
        expect(parseId(encodeId('CopyRun', name, 7, 1, place))?.parts).toEqual(['7', '1', place]);
        expect(parseId(encodeId('CopySnapshotTask', name, 7, 1, place, `@${task}`))?.parts).toEqual([
          '7',
          '1',
          place,
          `@${task}`,
        ]);
      }),
    );
  });

  it('of a failover comes back from any key that a caller may choose, and from no other', () => {
    const key = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(upstream, key, (name, chosen) => {
        const id = `Failover:${name}:${chosen}`;
        expect(encodeId('Failover', name, chosen)).toBe(id);
        expect(parseId(id)).toEqual({ type: 'Failover', upstream: name, parts: [chosen] });
      }),
    );
    for (const bad of ['', 'k'.repeat(65), '..', 'a%2Fb', 'a%2Cb', 'a%0A', '%C3%BC', 'a:b']) {
      expect(parseId(`Failover:dc-east:${bad}`)).toBeNull();
    }
  });

  it('never makes parsing throw, whatever a caller writes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(fc.constantFrom(...addressableTypes, 'X'), fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }))
        .map(([type, parts]) => [type, ...parts].join(':')),
      fc
        .tuple(fc.constantFrom(...addressableTypes), fc.stringMatching(/^[:%@.0-9a-fA-F-]{0,40}$/))
        .map((two) => two.join(':u:')),
    );
    fc.assert(
      fc.property(text, (id) => {
        const parsed = parseId(id);
        if (parsed === null) return;
        // An id that comes through can be put into a path, and names the same record again.
        expect(parsed.parts.every(isSafe)).toBe(true);
        expect(parseId(encodeId(parsed.type, parsed.upstream, ...parsed.parts))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  it('can be made of text that is broken, even if nothing answers to it', () => {
    expect(encodeId('CopyJob', 'u', '\ud800x')).toBe('CopyJob:u:%EF%BF%BDx');
  });

  it('has no other form for a type', () => {
    expect(parseId('Upstream:dc-east')).toEqual({ type: 'Upstream', upstream: 'dc-east', parts: [] });
    expect(parseId('Upstream:dc-east:1')).toBeNull();
    expect(parseId('ProtectionShell:dc-east:7')).toBeNull();
    expect(parseId('CopyRun:dc-east:7:1:2:3')).toBeNull();
    expect(parseId('ProtectionSource:dc-east:seven')).toBeNull();
  });
});

describe('a part of an id', () => {
  it.each(['', '.', '..', 'a\u0000', 'a\nb', '\u007f', '\u0085', '\ud800', 'x'.repeat(1025)])(
    'is not safe as %j',
    (text) => {
      expect(isSafe(text)).toBe(false);
    },
  );

  it.each(['...', 'a/b', 'arn:aws:s3:::x', 'ü', '💾', '%2e%2e', ' '])('is safe as %j', (text) => {
    expect(isSafe(text)).toBe(true);
  });
});
