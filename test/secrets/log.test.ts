import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { logOptions } from '../../src/assembly/logger.js';

const written = (write: (log: ReturnType<typeof startLog>) => void): string => {
  const lines: string[] = [];
  write(startLog(lines));
  return lines.join('');
};
const startLog = (lines: string[]) =>
  pino({ ...logOptions, level: 'trace' }, { write: (line: string) => void lines.push(line) });

const secret = 's3cr3t-0815';
const error = (): Error =>
  Object.assign(new Error(`login with password=${secret}`, { cause: new TypeError(`Bearer ${secret}`) }), {
    code: 'ECONNRESET',
    status: 502,
    reason: `token=${secret}`,
    $response: { headers: { authorization: secret }, body: secret },
    request: { body: secret },
    config: { auth: secret },
  });

describe('the log', () => {
  it('has of an error its words, code and cause, and nothing else that hangs on it', () => {
    const line = written((log) => log.error({ err: error() }, 'it failed'));
    expect(line).not.toContain(secret);
    expect(JSON.parse(line)).toMatchObject({
      msg: 'it failed',
      err: {
        type: 'Error',
        message: 'login with password=[redacted]',
        stack: expect.stringMatching(/^Error: login with password=\[redacted\]\n +at .*log\.test\.ts/),
        code: 'ECONNRESET',
        status: 502,
        cause: { type: 'TypeError', message: 'Bearer [redacted]' },
      },
    });
    expect(Object.keys(JSON.parse(line).err).sort()).toEqual([
      'cause',
      'code',
      'message',
      'reason',
      'stack',
      'status',
      'type',
    ]);
  });

  it.each<readonly [string, (log: ReturnType<typeof startLog>) => void]>([
    ['an error alone', (log) => log.error(error())],
    ['an error without words', (log) => log.error({ err: error() })],
    ['an error behind words', (log) => log.warn('it failed: %s', error())],
    ['words', (log) => log.info(`password=${secret}`)],
    ['words behind words', (log) => log.info('it is %s', `token=${secret}`)],
    ['words behind fields', (log) => log.info({ a: 1 }, `redis://:${secret}@h`)],
    ['several errors', (log) => log.error({ err: new AggregateError([error()], 'all failed') }, 'x')],
    ['a text that was thrown', (log) => log.fatal({ err: `password=${secret}` }, 'x')],
    ['an object that was thrown', (log) => log.fatal({ err: { password: secret, deep: { x: secret } } }, 'x')],
    [
      'a chain of causes that ends nowhere',
      (log) => {
        const first = error();
        first.cause = first;
        log.error({ err: first }, 'x');
      },
    ],
    ['headers', (log) => log.info({ headers: { authorization: secret, 'x-api-key': secret, cookie: secret } }, 'x')],
    ['fields', (log) => log.info({ password: secret, apiKey: secret, token: secret }, 'x')],
    [
      'fields of fields',
      (log) => log.info({ a: { b: { c: { secretAccessKey: secret } } }, d: [{ sessionToken: secret }] }, 'x'),
    ],
    ['fields of a child', (log) => log.child({ upstream: 'u' }).info({ auth: { password: secret } }, 'x')],
  ])('has no secret of %s', (_what, write) => {
    const line = written(write);
    expect(line).toMatch(/\[redacted\]|the thrown value is not an Error/);
    expect(line).not.toContain(secret);
    expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('has everything else as it was', () => {
    const fields = { upstream: 'dc-east', reason: 'timeout', detail: 'HTTP 500: copy failed', n: 5, at: null };
    expect(JSON.parse(written((log) => log.warn(fields, 'upstream call failed')))).toMatchObject({
      ...fields,
      level: 40,
      service: 'copygraph',
      msg: 'upstream call failed',
    });
  });
});
