import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_LIMIT, cleanMessage } from '../../src/domain/message.js';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

describe('a vendor’s message', () => {
  it.each<readonly [string, string]>([
    ['Access denied exception while trying to list tags', 'Access denied exception while trying to list tags'],
    ['  two  spaces  ', 'two  spaces'],
    ['line one\r\nline two\tend', 'line one line two end'],
    ['\u0000\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u202egnirts\u2066b\u200b', 'a gnirts b'],
    ['Größe 5 € 💾', 'Größe 5 € 💾'],
    ['half \ud83d a pair', 'half   a pair'],
  ])('keeps its words and loses its control characters: %j', (text, expected) => {
    expect(cleanMessage(text)).toBe(expected);
  });

  it.each(['', '   ', '\u0000\u0007', '\u200b'])('is absent where nothing is left of it: %j', (text) => {
    expect(cleanMessage(text)).toBeNull();
  });

  it('is absent where none was sent', () => {
    expect([cleanMessage(null), cleanMessage(undefined)]).toEqual([null, null]);
  });

  it.each<readonly [string, string]>([
    [`Authorization: Bearer ${jwt} was refused`, jwt],
    [`bearer ${jwt}`, jwt],
    [`sent ${jwt}`, jwt],
    ['Basic dXNlcjpwYXNzdzByZA==', 'dXNlcjpwYXNzdzByZA'],
    ['{"password":"hunter2","user":"x"}', 'hunter2'],
    ['password = correct-horse', 'correct-horse'],
    ['apiKey: 0f1e2d3c4b5a', '0f1e2d3c4b5a'],
    ['api-key=0f1e2d3c4b5a&x=1', '0f1e2d3c4b5a'],
    ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
    ['token abc123def456 expired', 'abc123def456'],
    ['bearer ABCDEFGHIJKLMNOPQRSTUVWX', 'ABCDEFGHIJKLMNOPQRSTUVWX'],
    ['X-Token:\u0000secretvalue', 'secretvalue'],
  ])('never shows a credential: %j', (text, secret) => {
    const clean = cleanMessage(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain('[redacted]');
  });

  it.each([
    'Token expired. Please request a new access token.',
    'The token provided has expired',
    'Basic authentication is not enabled',
    'Password incorrect',
    'Secret manager is unreachable',
    'Given key ID is not accessible. You must have DescribeKey permissions on the default CMK',
  ])('keeps prose that only speaks of credentials: %s', (text) => {
    expect(cleanMessage(text)).toBe(text);
  });

  it('is cut where it has no end, and that at once', () => {
    for (const text of ['x', 'token ', 'eyJ', 'password=', '\u0000', ' ', '💾']) {
      const before = performance.now();
      const clean = cleanMessage(text.repeat(1_000_000 / text.length));
      expect(performance.now() - before).toBeLessThan(500);
      expect(clean?.length ?? 0).toBeLessThanOrEqual(MESSAGE_LIMIT);
    }
    expect(cleanMessage('x'.repeat(MESSAGE_LIMIT))).toBe('x'.repeat(MESSAGE_LIMIT));
    expect(cleanMessage('x'.repeat(MESSAGE_LIMIT + 1))).toBe(`${'x'.repeat(MESSAGE_LIMIT - 1)}…`);
  });

  it('is whole text without control characters, and stays as it is when cleaned again, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.nat(3000), (text, times) => {
        const clean = cleanMessage(`${text}💾`.repeat(times));
        if (clean === null) return;
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(clean.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
        expect(cleanMessage(clean)).toBe(clean);
      }),
    );
  });
});
