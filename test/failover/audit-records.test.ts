import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { type AttemptOutcome, attemptOutcomes } from '../../src/domain/failover-attempt.js';
import { DAY_MICROS, type Micros, micros, microsFromMillis } from '../../src/domain/micros.js';
import { createAuditTrail } from '../../src/edge/audit.js';
import { attemptOf, recordOf } from '../support/attempts.js';
import {
  KEY,
  auditFile,
  bodyDigest,
  gistOf,
  inputOf,
  press,
  quick,
  readFailover,
  startFailover,
  startGatewayAt,
  startPlayedCluster,
} from '../support/failover.js';
import { cohesityAt } from '../support/fake.js';
import { apiKey } from '../support/keys.js';
import { closing } from '../support/products.js';
import { until } from '../support/until.js';

const accepted = 'FailoverAccepted REQUESTED';
const unconfirmed = 'FailoverAccepted UNCONFIRMED';

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The audit records in the log. */
const auditOf = (logs: readonly string[]) =>
  logs.map((line) => JSON.parse(line)).filter(({ channel }) => channel === 'audit');

const now = (): Micros => microsFromMillis(Date.now());
const ago = (span: number): Micros => micros(now() - span);

describe('the audit records of a failover', () => {
  it('are on disk before it is sent and after, with who, what, when and how it went', async () => {
    const { file } = auditFile();
    const { cluster, gateway } = await startFailover({
      audit: { file },
      auth: { apiKeys: [apiKey('night-shift', ['failover:execute'])] },
    });
    let whenSent: readonly unknown[] = [];
    cluster.plays.post = ({ accept }) => {
      whenSent = linesOf(file);
      return accept();
    };
    const { errors, result } = await press(gateway, {}, { 'x-api-key': 'night-shift' });
    expect(errors).toEqual([]);

    const before = {
      channel: 'audit',
      phase: 'before',
      action: 'failover',
      attemptId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: result.failover.requestedAt,
      at: result.failover.requestedAt,
      startedAt: result.failover.requestedAt,
      principal: 'night-shift',
      upstream: 'dc-east',
      key: KEY,
      bodyDigest,
      objectIds: ['101', '102'],
      replicationClusterId: '77',
      outcome: null,
      errorCode: null,
    };
    expect(whenSent).toEqual([before]);
    const [first, second, ...more] = linesOf(file);
    expect([first, more]).toEqual([before, []]);
    const { time: _time, at: _at, phase: _phase, outcome: _outcome, ...same } = first;
    expect(second).toMatchObject({ ...same, phase: 'after', outcome: 'accepted' });
    expect(Date.parse(second.at)).toBeGreaterThanOrEqual(Date.parse(first.at));
    expect(auditOf(gateway.logs)).toMatchObject([
      { phase: 'before', key: KEY },
      { phase: 'after', key: KEY, outcome: 'accepted' },
    ]);
  });

  it('are in the log where there is no file', async () => {
    const { gateway, press } = await startFailover();
    await press();
    expect(auditOf(gateway.logs)).toMatchObject([
      { phase: 'before', outcome: null, bodyDigest },
      { phase: 'after', outcome: 'accepted', bodyDigest },
    ]);
  });

  it.each([
    ['refused', { status: 400, body: { errorCode: 'KInvalidRequest', message: 'no' } }, 'KInvalidRequest'],
    ['unconfirmed', { status: 500, body: { errorCode: 'KInternalError', message: 'busy' } }, 'KInternalError'],
  ] as const)('say that it was %s, with the vendor’s code', async (outcome, answer, errorCode) => {
    const { file } = auditFile();
    const { cluster, press } = await startFailover({ audit: { file }, limits: quick });
    cluster.plays.post = () => answer;
    await press();
    expect(linesOf(file)).toMatchObject([{ phase: 'before' }, { phase: 'after', outcome, errorCode }]);
  });

  it('are none of a press that sends nothing', async () => {
    const { cluster, gateway, press } = await startFailover();
    await press({ dryRun: true });
    await press({ objects: [] });
    cluster.listed.set(KEY, { failoverId: KEY });
    await press();
    expect(auditOf(gateway.logs)).toEqual([]);
  });

  it('are wanted first: where they cannot be written, nothing is sent, and the same key works later', async () => {
    const { file, folder } = auditFile();
    const { cluster, gateway, press } = await startFailover({ audit: { file } });
    renameSync(folder, `${folder}-gone`);
    const { result, errors } = await press();
    expect(errors).toEqual([]);
    expect(result).toEqual({
      __typename: 'FailoverRejected',
      code: 'AUDIT_UNAVAILABLE',
      message: 'The audit record could not be written. Nothing was sent; the same key can be used again.',
      path: [],
      errorCode: null,
    });
    expect((await readFailover(gateway)).failover).toBeNull();
    expect(cluster.posts()).toEqual([]);

    renameSync(`${folder}-gone`, folder);
    expect(gistOf(await press({ runType: 'FULL' }))).toBe(accepted); // nothing was sent: any body will do
    expect(cluster.accepted()).toEqual([KEY]);
  });

  it('are wanted first: where they cannot be read, nothing is sent or even asked', async () => {
    const { file } = auditFile();
    const { cluster, gateway, press } = await startFailover({ audit: { file } });
    rmSync(file);
    mkdirSync(file);
    const { result } = await press();
    expect(result).toMatchObject({
      __typename: 'FailoverRejected',
      code: 'AUDIT_UNAVAILABLE',
      message: expect.stringContaining('cannot be read'),
    });
    expect(cluster.seen).toEqual([]);
    cluster.listed.set(KEY, { failoverId: KEY });
    expect((await readFailover(gateway)).failover.state).toBe('REQUESTED'); // the cluster's own word holds
  });

  it('that cannot be written after it was sent do not undo it', async () => {
    const { file, folder } = auditFile();
    const { cluster, gateway, press } = await startFailover({ audit: { file } });
    cluster.plays.post = ({ accept }) => {
      rmSync(folder, { recursive: true });
      return accept();
    };
    expect(gistOf(await press())).toBe(accepted);
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
    expect(auditOf(gateway.logs).at(-1)).toMatchObject({ level: 50, phase: 'after', outcome: 'accepted' });
  });
});

/** A gateway that begins with what a file says of one press in the past, as the trail itself wrote it. */
const startAfter = async (outcome: AttemptOutcome | null, startedAt: Micros) => {
  const { file } = auditFile();
  const trail = createAuditTrail({ logger: pino({ level: 'silent' }), file });
  const attempt = attemptOf({ key: KEY, bodyDigest, objectIds: ['101', '102'], startedAt });
  await trail.before(recordOf(attempt));
  if (outcome !== null) await trail.after(recordOf({ ...attempt, outcome }));
  return startFailover({ audit: { file } });
};

describe('a gateway that starts on the audit file of another', () => {
  it('sends nothing under a key that was about to be sent: nobody can tell, and a new key works', async () => {
    const { cluster, gateway, press } = await startAfter(null, ago(60_000_000));
    const { result, errors } = await press();
    expect(errors).toEqual([]);
    expect(result.failover).toMatchObject({ state: 'UNCONFIRMED', requestedAt: expect.any(String) });
    expect((await readFailover(gateway)).failover).toEqual(result.failover);
    expect(cluster.posts()).toEqual([]);
    expect(gistOf(await press({ idempotencyKey: 'new' }))).toBe(accepted);
    expect(cluster.accepted()).toEqual(['new']);
  });

  it('answers with that failover where the cluster lists it after all', async () => {
    const { cluster, press } = await startAfter(null, ago(60_000_000));
    cluster.listed.set(KEY, { failoverId: KEY });
    expect(gistOf(await press())).toBe(accepted);
    expect(cluster.posts()).toEqual([]);
  });

  /** The result of the same press after each outcome, and of one with another body; `sent` if a request leaves. */
  const ends: readonly (readonly [AttemptOutcome | null, same: string, other: string])[] = [
    [null, unconfirmed, 'conflict'],
    ['unconfirmed', unconfirmed, 'conflict'],
    ['accepted', accepted, 'conflict'],
    ['refused', 'sent', 'conflict'],
    ['notSent', 'sent', 'sent'],
  ];

  it('meets every end that an attempt can have here', () => {
    expect(
      ends
        .map(([outcome]) => outcome)
        .filter((outcome) => outcome !== null)
        .sort(),
    ).toEqual([...attemptOutcomes].sort());
  });

  it.each(ends)('knows what to do after %s', async (outcome, same, other) => {
    for (const [members, expected] of [
      [{ runType: 'FULL' }, other],
      [{}, same],
    ] as const) {
      const { cluster, press } = await startAfter(outcome, ago(60_000_000));
      const gist = gistOf(await press(members));
      const wanted = { sent: accepted, conflict: 'FailoverConflict IDEMPOTENCY_KEY_REUSED' }[expected] ?? expected;
      expect(gist).toBe(wanted);
      expect(cluster.accepted()).toEqual(expected === 'sent' ? [KEY] : []);
    }
  });

  it.each([
    [null, unconfirmed],
    ['unconfirmed', unconfirmed],
    ['accepted', unconfirmed],
  ] as const)('after a month answers the same body, after %s, and another is a conflict', async (outcome, gone) => {
    const { cluster, press } = await startAfter(outcome, ago(30 * DAY_MICROS));
    const conflict = 'FailoverConflict IDEMPOTENCY_KEY_REUSED';
    expect(gistOf(await press())).toBe(gone);
    expect(gistOf(await press({ runType: 'FULL' }))).toBe(conflict);
    cluster.listed.set(KEY, { failoverId: KEY, waitingOnOtherRunCancellations: true });
    expect(gistOf(await press())).toBe('FailoverAccepted WAITING_FOR_CANCELLATIONS');
    expect(gistOf(await press({ runType: 'FULL' }))).toBe(conflict);
    expect(cluster.posts()).toEqual([]);
  });
});

describe('two gateways on one audit file, without Redis', () => {
  /** Both gateways have polled before either sends: the cluster lets no poll end before the second has come. */
  const startBoth = async () => {
    const { file } = auditFile();
    const { cluster, gateway: east } = await startFailover({ audit: { file } });
    const west = await startGatewayAt(cluster, { audit: { file } });
    const list = cluster.plays.poll;
    let looks = 0;
    let open = (): void => undefined;
    const bothLooked = new Promise<void>((resolve) => (open = resolve));
    cluster.plays.poll = async (ids, response) => {
      const reply = await list(ids, response); // as it is when the poll comes
      if (++looks === 2) open();
      await bothLooked;
      return reply;
    };
    return { file, cluster, east, west, looks: () => looks };
  };

  it('that are pressed at once send one request, and both answer with the failover', async () => {
    const { cluster, file, east, west } = await startBoth();
    const both = await Promise.all([press(east), press(west)]);
    expect(both.map(gistOf)).toEqual([accepted, accepted]);
    expect(cluster.posts()).toHaveLength(1);
    expect(linesOf(file).filter(({ phase }) => phase === 'before')).toHaveLength(2);
    expect(linesOf(file).map(({ outcome }) => outcome)).toContain('notSent');
    cluster.listed.clear();
    for (const one of [east, west]) expect(gistOf(await press(one))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('that are pressed at once with two bodies send the one that was written down first', async () => {
    const { cluster, file, east, west } = await startBoth();
    const gists = (await Promise.all([press(east), press(west, { runType: 'FULL' })])).map(gistOf);
    expect([...gists].sort()).toEqual([accepted, 'FailoverConflict IDEMPOTENCY_KEY_REUSED']);
    const [first] = linesOf(file);
    expect(gists[0] === accepted).toBe(first.bodyDigest === bodyDigest);
    expect(cluster.posts()).toHaveLength(1);
  });

  it('answer as the first one was answered, also where it was refused', async () => {
    const { cluster, east, west, looks } = await startBoth();
    const presses = [press(east), press(west)];
    let answered = false;
    for (const one of presses) void one.then(() => (answered = true));
    // A press that reads of the refusal is a new attempt, so it waits until the other has its answer or searches for it.
    cluster.plays.post = async () => {
      await until(() => expect(answered || looks() > 2).toBe(true));
      return { status: 400, body: { errorCode: 'KNo', message: 'no' } };
    };
    const gists = (await Promise.all(presses)).map(gistOf);
    // Of the other: whether it had written its own record before it read that of the first.
    const [lost, refused] = ['FailoverRejected LOCK_UNAVAILABLE', 'FailoverRejected REJECTED_BY_CLUSTER'];
    expect(gists).toContain(refused);
    expect([lost, refused]).toEqual(expect.arrayContaining(gists));
    expect(cluster.posts()).toHaveLength(1);
    cluster.plays.post = ({ accept }) => accept();
    expect(gistOf(await press(west))).toBe(accepted);
    expect(cluster.posts()).toHaveLength(2);
  });
});

describe('a process that is killed while its request is under way', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));

  it('leaves a record that keeps the key from being sent again', async () => {
    const { file, folder } = auditFile();
    const cluster = closing(await startPlayedCluster());
    const config = join(folder, 'copygraph.yaml');
    writeFileSync(config, stringify({ upstreams: [cohesityAt(cluster)], audit: { file } }));
    const child = spawn(process.execPath, [inject('program'), 'serve', '--config', config], {
      cwd: root,
      env: { ...process.env, PORT: '0', HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    closing({ close: () => Promise.resolve(void child.kill('SIGKILL')) });
    let output = '';
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const [found] = /http:\/\/127\.0\.0\.1:\d+\/graphql/.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const ended = once(child, 'exit');
    cluster.plays.post = async () => {
      child.kill('SIGKILL');
      await ended;
      return null;
    };
    const query = 'mutation ($input: FailoverInput!) { failover(input: $input) { __typename } }';
    const lost = fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { input: inputOf() } }),
    });
    await expect(lost).rejects.toThrow();
    expect(linesOf(file)).toMatchObject([{ phase: 'before', key: KEY }]);
    expect(cluster.posts()).toHaveLength(1);

    cluster.plays.post = ({ accept }) => accept();
    const gateway = await startGatewayAt(cluster, { audit: { file } });
    expect(gistOf(await press(gateway))).toBe(unconfirmed);
    expect(gistOf(await press(gateway, { runType: 'FULL' }))).toBe('FailoverConflict IDEMPOTENCY_KEY_REUSED');
    expect(cluster.posts()).toHaveLength(1);
    cluster.listed.set(KEY, { failoverId: KEY }); // it was taken on after all
    expect(gistOf(await press(gateway))).toBe(accepted);
    expect(gistOf(await press(gateway, { idempotencyKey: 'new' }))).toBe(accepted);
    expect(cluster.accepted()).toEqual(['new']);
  });
});
