import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANSWER_LIMIT,
  MESSAGE_LIMIT,
  WITHHELD,
  cleanMessage,
  createCleaner,
  redact,
} from '../../../src/domain/message.js';
import { timesAsLong } from '../../support/cost.js';

/** The parts of costly messages. In a message of only one of these, many a pattern begins at each place. */
const parts = [
  'x',
  'token ',
  'eyJ',
  '-eyJ',
  'password=',
  '\u0000',
  ' ',
  '💾',
  'password="',
  'cookie:a;',
  '://',
  '://a:',
  'secret a',
  'AKIA',
  'key aA',
  'a.',
  '\\"',
  'token is ',
  'eyJaaaaaaaa.a',
  'pwd : ',
];

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
    ['{"password":"correct horse battery","user":"x"}', 'horse'],
    ['body was "{\\"password\\":\\"correct horse, battery\\"}"', 'battery'],
    ["password='it is long'", 'long'],
    ['password: hunter2,', 'hunter2'],
    ['"Authorization": "Basic dXNlcjpwYXNz"', 'dXNlcjpwYXNz'],
    ['x-api-key: 0f1e2d3c4b5a', '0f1e2d3c4b5a'],
    ['The API key 0f1e2d3c4b5a is not known', '0f1e2d3c4b5a'],
    ['the token is 0f1e2d3c4b5a', '0f1e2d3c4b5a'],
    ['secretKey=abcdefgh', 'abcdefgh'],
    ['?X-Amz-Credential=ASIAABCDEFGHIJKLMNOP%2F2&X-Amz-Signature=0f1e2d', 'ASIAABCDEFGHIJKLMNOP'],
    ['AWS4-HMAC-SHA256 Signature=fe5f80f77d5fa3beca038a248ff027', 'fe5f80f77d5fa3beca038a248ff027'],
    ['InvalidClientTokenId: AKIAIOSFODNN7EXAMPLE is not valid', 'AKIAIOSFODNN7EXAMPLE'],
    ['secret access key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'bPxRfiCYEXAMPLEKEY'],
    ['signed with secret wJalrXUtnFEMIKMDENGbPxRfiCYEXAMPLEKEYabcd', 'wJalrXUtnFEMI'],
    ['cannot reach redis://user:p4ss@host:6379/0', 'p4ss'],
    ['cannot reach https://:p4ss@w0rd@host/path', 'w0rd'],
    ['cannot reach https://user:p4/ss?w0rd@host/path', 'w0rd'],
    ['Cookie: theme=dark; session=0f1e2d3c4b5a', '0f1e2d3c4b5a'],
    ['Set-Cookie: session=0f1e2d3c4b5a; Secure', '0f1e2d3c4b5a'],
    ['external id: tenant-4711', 'tenant-4711'],
    [`half of one ${jwt.slice(0, 40)}`, jwt.slice(0, 36)],
    [`Bearer ${"\\'".repeat(500)}0f1e2d3c4b5a`, '0f1e2d3c4b5a'],
    [`token ${'\\'.repeat(40)}abcdefghijk`, 'abcdefghijk'],
    [`Cookie: ${"'".repeat(500)}session=0f1e2d3c4b5a`, '0f1e2d3c4b5a'],
    [`password=${'\\'.repeat(40)}"correct horse battery`, 'battery'],
  ])('never shows a credential: %j', (text, secret) => {
    const clean = cleanMessage(text);
    expect(clean).not.toContain(secret);
    expect(clean).toContain('[redacted]');
  });

  it.each([
    'Invalid token: expired',
    'Login failed, credentials: access denied.',
    'Password: incorrect',
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf is not readable',
    'Secret arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf is not readable',
    'User: arn:aws:sts::123456789012:assumed-role/backup/session is not authorized to perform: kms:Decrypt',
    'The KMS key 1234abcd-12ab-34cd-56ef-1234567890ab is disabled',
    'key 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 not found',
    'Job VM-Prod-Frankfurt_Gold-2 failed after 3 of 5 tries at 2024-05-01T03:00:00Z: error code 0x80070005',
    'Could not write /mnt/backup/2024:05/disk=1.vmdk (No space left on device), see https://kb.example.com/a?id=7#x',
    'mail to ops@example.com; monkey: banana',
    'see https://kb.example.com:8443/a?mail=ops@example.com and http://[::1]:80/@x',
    'Token expired. Please request a new access token.',
    'The token provided has expired',
    'Basic authentication is not enabled',
    'Password incorrect',
    'Secret manager is unreachable',
    'Given key ID is not accessible. You must have DescribeKey permissions on the default CMK',
  ])('keeps prose that only speaks of credentials: %s', (text) => {
    expect(cleanMessage(text)).toBe(text);
  });

  it.each(parts)('is cut where it has no end, and that at once: %j on and on', (text) => {
    const [long, short] = [1_000_000, 20_000].map((length) => text.repeat(length / text.length));
    const clean = cleanMessage(long);
    expect(
      timesAsLong(
        () => cleanMessage(long),
        () => cleanMessage(short),
      ),
      text,
    ).toBeLessThan(10);
    expect(clean?.length ?? 0).toBeLessThanOrEqual(MESSAGE_LIMIT);
  });

  it('is shown whole where it is as long as it may be', () => {
    expect(cleanMessage('x'.repeat(MESSAGE_LIMIT))).toBe('x'.repeat(MESSAGE_LIMIT));
    expect(cleanMessage('x'.repeat(MESSAGE_LIMIT + 1))).toBe(`${'x'.repeat(MESSAGE_LIMIT - 1)}…`);
  });

  it.each<readonly [string, string]>([
    ['Bearer ', "\\'"],
    ['token is ', "'"],
    ['cookie:', "'"],
    ['cookie: ', 'a; '],
    ['password', '\\'],
    ['password=', ' '],
    [`password=${'\\'.repeat(4000)}"`, '\\'],
    ['', "Bearer '''"],
    ['', '://a:'],
    ['', 'eyJaaaaaaaa.'],
    ['password: ', 'invalid'],
    ...parts.map((part) => ['', part] as const),
  ])('is searched in proportion to its length: %j and %j on and on', (start, more) => {
    const search = (length: number) => {
      const text = (start + more.repeat(length)).slice(0, length);
      return () => {
        for (let round = 0; round < 4; round += 1) redact(text);
      };
    };
    // Eight times the text: in proportion it is eight times the time, by its square 64 times.
    expect(timesAsLong(search(16_000), search(2000))).toBeLessThan(30);
  });

  it('is withheld where an answer has more text than is searched, and never shown as it is', () => {
    const clean = createCleaner();
    const text = `password=hunter2 ${'x'.repeat(16_000)}`;
    const shown = Array.from({ length: Math.ceil(ANSWER_LIMIT / text.length) + 2 }, () => clean(text));
    expect(shown[0]).toContain('[redacted]');
    expect(shown.at(-1)).toBe(WITHHELD);
    expect(shown.join()).not.toContain('hunter2');
    expect([clean(null), clean('')]).toEqual([null, null]);
  });

  it('loses a credential before it is cut, so that no half of one is left at the end', () => {
    const secret = 'q7Zx'.repeat(600);
    const credentials = [
      `password=${secret}`,
      `Bearer ${secret}`,
      `eyJhbGciOiJI.${secret}.${secret}`,
      `://u:${secret}@h`,
    ];
    for (const credential of credentials) {
      // Across the end of the text that is passed on, and of the text that is searched.
      // Also where little is left of the text before.
      for (const [filler, edges] of [
        ['word ', [MESSAGE_LIMIT]],
        ['\u0000'.repeat(8), [16_384]],
        [`AKIA${'A'.repeat(100)} `, [16_384]],
      ] as const) {
        for (const edge of edges) {
          for (let before = 0; before < credential.length; before += 97) {
            const text = `${filler.repeat(edge / filler.length).slice(0, edge - before - 1)} ${credential} end`;
            expect(cleanMessage(text) ?? '').not.toMatch(/(?:q7Zx){2}/);
          }
        }
      }
    }
  });

  it('keeps the text that people and machines write, whatever its words', () => {
    const word = fc.constantFrom(
      ...['copy', 'failed', 'of', 'the', 'token', 'key', 'password', 'secret', 'access', 'denied'],
    );
    const name = fc.oneof(
      fc.uuid(),
      fc.nat().map(String),
      fc.uuid().map((id) => `arn:aws:backup:us-east-1:123456789012:recovery-point:${id}`),
      fc.stringMatching(/^\/[a-z]{1,8}(?:\/[a-z0-9._]{1,12}){1,4}$/),
      fc.stringMatching(/^VM-[A-Z]{3}-[a-z]{2,8}-Gold$/),
    );
    // A name behind the word for a credential might be one.
    const piece = fc.tuple(word, name).map(([before, after]) => `${before} of ${after},`);
    fc.assert(
      fc.property(fc.array(fc.oneof(word, piece), { minLength: 1, maxLength: 20 }), (pieces) => {
        const text = pieces.join(' ');
        expect(redact(text)).toBe(text);
      }),
    );
  });

  it('never shows a value behind a name for one, whatever stands around it', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9+/_-]{12,60}$/).map((text) => `7${text}`);
    const before = fc.constantFrom(
      'password=',
      'apiKey: ',
      '"secretAccessKey":"',
      'Authorization: Bearer ',
      'X-Token = ',
      "pwd='",
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        before,
        value,
        fc.string({ maxLength: 40 }),
        (a, b, secret, z) => {
          expect(redact(`${a} ${b}${secret}${z}`)).not.toContain(secret);
        },
      ),
    );
  });

  it('never shows a credential of a known shape, whatever stands around it', () => {
    const letters = fc.stringMatching(/^[A-Za-z0-9]{24}$/).map((text) => `q7Z${text}`);
    const shapes: readonly ((secret: string) => string)[] = [
      (secret) => `password=${secret}`,
      (secret) => `"secretKey": "${secret}"`,
      (secret) => `{\\"apiKey\\":\\"${secret}\\"}`,
      (secret) => `Authorization: Basic ${secret}`,
      (secret) => `Bearer ${secret}`,
      (secret) => `token is "${secret}"`,
      (secret) => `Cookie: a=b; session=${secret}`,
      (secret) => `https://user:${secret}@host/`,
      (secret) => `AKIA${secret.toUpperCase()}`,
      (secret) => `eyJ${secret}.${secret}.${secret}`,
      (secret) => `X-Amz-Signature=${secret}`,
    ];
    // Quotes and backslashes can lead a search astray. Words end the text before them.
    const noise = fc.stringMatching(/^[\\'" ;:=.,a-z@/-]{0,60}$/);
    fc.assert(
      fc.property(
        noise,
        fc.constantFrom(...shapes),
        letters,
        fc.stringMatching(/^[\\'" ;:=.,a-z]{0,60}$/),
        (before, shape, secret, after) => {
          const clean = cleanMessage(`${before} ${shape(secret)} ${after}`) ?? '';
          expect(clean).not.toContain(secret);
          expect(clean).not.toContain(secret.toUpperCase());
        },
      ),
      { numRuns: Number(process.env['REDACT_RUNS'] ?? 500) },
    );
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
