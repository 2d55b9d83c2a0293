import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { attemptOutcomes } from '../../../src/domain/failover-attempt.js';
import { micros } from '../../../src/domain/micros.js';
import { checkAuditFile } from '../../../src/edge/audit-file.js';
import { createAuditTrail } from '../../../src/edge/audit.js';
import { NOON, attemptOf, recordOf } from '../../support/attempts.js';
import { closing } from '../../support/products.js';

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'copygraph-audit-'));
  closing({ close: () => Promise.resolve(rmSync(folder, { recursive: true })) });
  return folder;
};

/** A trail, and all that it wrote to the log. */
const startTrail = (file: string | null = join(makeFolder(), 'audit.jsonl'), level = 'info') => {
  const logged: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  return { trail: createAuditTrail({ logger, file }), file: file ?? '', logged };
};

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

const KEY = 'drill_2026-03';
const before = recordOf(attemptOf());
const after = recordOf(attemptOf({ outcome: 'accepted' }), { at: micros(NOON + 2_000_000) });

const asRead = {
  phase: 'before',
  action: 'failover',
  attemptId: 'attempt-1',
  at: '2026-03-01T12:00:00.000123Z',
  principal: 'night-shift',
  upstream: 'dc-east',
  key: KEY,
  bodyDigest: 'a'.repeat(64),
  objectIds: ['101', '9007199254740993'],
  replicationClusterId: '77',
  startedAt: '2026-03-01T12:00:00.000123Z',
  outcome: null,
  errorCode: null,
};

describe('an audit record', () => {
  it('stands in the file as one line that people can read, when `before` resolves', async () => {
    const { trail, file } = startTrail();
    await trail.before(before);
    expect(linesOf(file).map((line) => JSON.parse(line))).toEqual([
      { time: '2026-03-01T12:00:00.000123Z', channel: 'audit', ...asRead },
    ]);
    await trail.after({ ...after, outcome: 'refused', errorCode: 'KInvalidRequest' });
    expect(JSON.parse(linesOf(file)[1] ?? '')).toEqual({
      ...asRead,
      time: '2026-03-01T12:00:02.000123Z',
      channel: 'audit',
      at: '2026-03-01T12:00:02.000123Z',
      phase: 'after',
      outcome: 'refused',
      errorCode: 'KInvalidRequest',
    });
  });

  it('is on disk, and not only with the system, when `before` resolves', async () => {
    const { trail, file } = startTrail();
    const handle = await open(makeFolder(), 'r');
    const synced: number[] = [];
    const spy = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'sync').mockImplementation(async () => {
      await sleep(50);
      synced.push(linesOf(file).length);
    });
    await handle.close();
    await trail.before(before);
    expect(synced).toEqual([1, 1]); // the file, and its folder since the file is new
    await trail.after(after);
    expect(synced).toEqual([1, 1, 2]);
    spy.mockRestore();
  });

  it('is in the log too, and there alone without a file', async () => {
    for (const file of [undefined, null]) {
      const { trail, logged } = startTrail(file);
      await trail.before(before);
      await trail.after(after);
      expect(logged).toMatchObject([
        { level: 30, channel: 'audit', ...asRead },
        { level: 30, channel: 'audit', phase: 'after', outcome: 'accepted' },
      ]);
    }
  });

  it.each([
    ['error', 2],
    ['silent', 0],
  ])('is in a log whose level is %s %d times of two', async (level, times) => {
    const { trail, logged } = startTrail(null, level);
    await trail.before(before);
    await trail.after(after);
    expect(logged).toHaveLength(times);
  });

  it('holds its own members and nothing else of what it was given', async () => {
    const { trail, file, logged } = startTrail();
    const wider = { ...before, authorization: 'Bearer s3cret', body: { password: 's3cret' } };
    await trail.before(wider);
    expect(readFileSync(file, 'utf8') + JSON.stringify(logged)).not.toContain('s3cret');
  });

  it('is for the owner of the file alone', async () => {
    const { trail, file } = startTrail();
    await trail.before(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('begins on a line of its own after what a crash left half written', async () => {
    const { trail, file } = startTrail();
    writeFileSync(file, '{"time":"2026-03-01T11:59:59.000Z","chan');
    await trail.before(before);
    await trail.after(after);
    const lines = linesOf(file);
    expect(lines).toHaveLength(3);
    expect(lines.slice(1).map((line) => JSON.parse(line).phase)).toEqual(['before', 'after']);
    expect(await trail.find('dc-east', KEY)).toEqual(attemptOf({ outcome: 'accepted' }));
  });

  it('stands in the order of the calls, none torn, however many are written at once', async () => {
    const { trail, file } = startTrail();
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => trail.before(recordOf(attemptOf({ key })))));
    expect(linesOf(file).map((line) => JSON.parse(line).key)).toEqual(keys);
  });

  it('goes to the new file when the old one was rotated away', async () => {
    const { trail, file } = startTrail();
    await trail.before(before);
    renameSync(file, `${file}.1`);
    await trail.after(after);
    expect([linesOf(`${file}.1`).length, linesOf(file).length]).toEqual([1, 1]);
  });
});

describe('an audit file that takes no record', () => {
  const bad = (kind: string): string => {
    const folder = makeFolder();
    if (kind === 'a folder') return folder;
    return kind === 'a full disk' ? '/dev/full' : join(folder, 'missing', 'audit.jsonl');
  };

  it.each([
    ['a folder', 'it is a directory'],
    ['a full disk', 'the disk is full'],
    ['in no folder', 'its folder does not exist'],
  ])('(%s) makes `before` fail and `after` not, and both tell the log with the record', async (kind, why) => {
    const file = bad(kind);
    const { trail, logged } = startTrail(file);
    await expect(trail.before(before)).rejects.toThrow(`The audit record could not be written: ${why}.`);
    await trail.after(after);
    expect(logged).toMatchObject([
      { level: 50, channel: 'audit', failure: why, ...asRead },
      { level: 50, channel: 'audit', failure: why, phase: 'after', outcome: 'accepted' },
    ]);
    expect(JSON.stringify(logged)).not.toContain(file);
  });

  it('takes the next one when it can again', async () => {
    const { trail, file } = startTrail();
    mkdirSync(file);
    await expect(trail.before(before)).rejects.toThrow('it is a directory');
    rmSync(file, { recursive: true });
    await trail.before(before);
    expect(linesOf(file)).toHaveLength(1);
  });

  it.each([
    ['a folder', 'audit.file: cannot be written: it is a directory'],
    ['a full disk', 'audit.file: cannot be written: it is not a regular file'],
    ['in no folder', 'audit.file: cannot be written: its folder does not exist'],
  ])('(%s) is found out at the start', async (kind, message) => {
    await expect(checkAuditFile(bad(kind))).rejects.toThrow(message);
  });

  it('is none where it could be made, or was there: then nothing in it changes', async () => {
    const file = join(makeFolder(), 'audit.jsonl');
    await checkAuditFile(file);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['', 0o600]);
    writeFileSync(file, 'kept');
    await checkAuditFile(file);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
});

describe('what the audit file tells of failovers', () => {
  it.each([null, ...attemptOutcomes])('is an attempt with its outcome (%s), after a restart too', async (outcome) => {
    const { trail, file } = startTrail();
    await trail.before(before);
    if (outcome !== null) await trail.after(recordOf(attemptOf({ outcome })));
    for (const reader of [trail, startTrail(file).trail]) {
      expect(await reader.find('dc-east', KEY)).toEqual(attemptOf({ outcome }));
      expect(await reader.find('dc-west', KEY)).toBeNull();
      expect(await reader.find('dc-east', 'another')).toBeNull();
      expect(await reader.since('dc-east', NOON)).toEqual([attemptOf({ outcome })]);
      expect(await reader.since('dc-east', micros(NOON + 1))).toEqual([]);
    }
  });

  it('is nothing where no file is configured, or none is there yet', async () => {
    for (const { trail } of [startTrail(null), startTrail()]) {
      expect([await trail.find('dc-east', KEY), await trail.since('dc-east', NOON)]).toEqual([null, []]);
    }
  });

  it('leaves out cancellations and lines that are no record', async () => {
    const { trail, file } = startTrail();
    await trail.before({ ...before, action: 'cancelFailover', bodyDigest: null });
    const [line = ''] = linesOf(file);
    const record = JSON.stringify({ ...JSON.parse(line), action: 'failover', bodyDigest: 'b', outcome: null });
    const odd = [
      '',
      'hello',
      '{}',
      '[1]',
      'null',
      record.slice(0, -1),
      record.replaceAll('T12', 'x12'),
      `${'x'.repeat(3_000_000)}`,
    ];
    appendFileSync(file, `${odd.join('\n')}\n`);
    appendFileSync(file, Buffer.from([0xff, 0xfe, 0x0a]));
    expect(await trail.since('dc-east', micros(0))).toEqual([]);
    await trail.before(before);
    await trail.after({ ...after, outcome: 'a word of a later version' });
    expect(await trail.since('dc-east', micros(0))).toEqual([attemptOf()]);
  });

  it('has what another process added, once its line is whole', async () => {
    const { trail, file } = startTrail();
    const other = startTrail(file).trail;
    await trail.before(before);
    expect(await other.find('dc-east', KEY)).toEqual(attemptOf());
    await trail.after(after);
    const whole = readFileSync(file, 'utf8');
    truncateSync(file, whole.length - 10);
    expect(await other.find('dc-east', KEY)).toEqual(attemptOf());
    appendFileSync(file, whole.slice(-10));
    expect(await other.find('dc-east', KEY)).toEqual(attemptOf({ outcome: 'accepted' }));
  });

  it('outlives the file’s rotation, and goes on in the new one', async () => {
    const { trail, file } = startTrail();
    const other = startTrail(file).trail;
    await trail.before(before);
    expect(await other.find('dc-east', KEY)).not.toBeNull();
    renameSync(file, `${file}.1`);
    expect(await other.find('dc-east', KEY)).toEqual(attemptOf());
    await trail.after(after);
    await trail.before(recordOf(attemptOf({ key: 'next', objectIds: ['1'.repeat(400)] }))); // longer than the old one
    expect(await other.find('dc-east', KEY)).toEqual(attemptOf({ outcome: 'accepted' }));
    expect((await other.find('dc-east', 'next'))?.key).toBe('next');
    truncateSync(file, 0);
    await trail.before(recordOf(attemptOf({ key: 'third' })));
    expect((await other.since('dc-east', NOON)).map(({ key }) => key)).toEqual([KEY, 'next', 'third']);
  });

  it('is read by many at once, and in parts that are smaller than the file', async () => {
    const { trail, file } = startTrail();
    const record = (index: number) => recordOf(attemptOf({ key: `k${index}`, principal: 'Jörg–日本' }));
    await trail.before(record(0));
    const [line = ''] = linesOf(file);
    for (let index = 1; index < 2000; index += 1) appendFileSync(file, `${line.replaceAll('"k0"', `"k${index}"`)}\n`);
    const lists = await Promise.all([trail.since('dc-east', NOON), trail.since('dc-east', NOON)]);
    for (const list of lists) {
      expect(list).toHaveLength(2000);
      expect(list.every(({ principal }) => principal === 'Jörg–日本')).toBe(true);
    }
  });

  it('is an error where the file cannot be read, and never taken for none', async () => {
    const folder = makeFolder();
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    for (const file of [folder, loop]) {
      const { trail } = startTrail(file);
      await expect(trail.find('dc-east', KEY)).rejects.toThrow('The audit file could not be read: ');
      await expect(trail.since('dc-east', NOON)).rejects.toThrow('The audit file could not be read: ');
    }
  });

  it('can be read again when the file can', async () => {
    const { trail, file } = startTrail();
    mkdirSync(file);
    await expect(trail.find('dc-east', KEY)).rejects.toThrow('it is a directory');
    rmSync(file, { recursive: true });
    await trail.before(before);
    expect(await trail.find('dc-east', KEY)).toEqual(attemptOf());
  });
});
