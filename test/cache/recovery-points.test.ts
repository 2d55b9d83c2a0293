import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closing } from '../support/closing.js';
import { HOUR, NOW } from '../support/estates.js';
import { startGateway } from '../support/gateway.js';
import { pointArn, startAccount, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import type { Wire } from '../support/wire.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;
const DAY = 24 * HOUR;

/** Moves the clock on, by microseconds. */
const pass = (span: number): void => void vi.setSystemTime(Date.now() + span / 1000);

const [region, account] = ['us-east-1', '111122223333'];
const vault = vaultArn(region, account, 'copies');
const denied = { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: { message: 'no' } };

/** A job that ended well, created so long ago. */
const jobOf = (id: string, before: number): Wire => ({
  CopyJobId: id,
  State: 'COMPLETED',
  CreationDate: (NOW - before) / 1_000_000,
  CompletionDate: (NOW - before + MINUTE) / 1_000_000,
  ResourceArn: `arn:aws:ec2:${region}:${account}:volume/vol-1`,
  DestinationBackupVaultArn: vault,
  DestinationRecoveryPointArn: pointArn(region, id),
});

const pointOf = (id: string, Status = 'COMPLETED'): Wire =>
  wirePoint(vault, pointArn(region, id), (NOW - 2 * HOUR) / 1_000_000, {
    Status,
    CalculatedLifecycle: { DeleteAt: (NOW + 30 * DAY) / 1_000_000 },
  });

/** A gateway that keeps what it reads, over jobs and points that a test changes as it goes. */
const start = async (copyJobs: Wire[], points: Wire[]) => {
  const aws = await startAccount('aws-east', region, {
    copyJobs,
    points,
    vaults: [wireVault(region, account, 'copies')],
  });
  const { execute } = closing(await startGateway({ upstreams: [aws.upstream], cache: {} }));
  /** How often points were read since the last time. */
  const reads = (): number => aws.take().filter((path) => path.includes('recovery-points')).length;
  const ask = async (query: string) => {
    const { data, errors } = await execute(query);
    expect(errors).toEqual([]);
    return { data, reads: reads() };
  };
  const deny = (): void => void (aws.before = ({ path }) => (path.includes('recovery-points') ? denied : undefined));
  return { execute, ask, reads, deny };
};

const single = '{ copyJob(copyJobId: "J1") { expiresAt destinationRecoveryPoint { status } } }';
const listed = '{ copyJobs(first: 100) { nodes { destinationRecoveryPoint { status } } } }';

describe('a recovery point that was read', () => {
  it.each(['COMPLETED', 'AVAILABLE'])('is read again after a day (%s)', async (status) => {
    const { ask } = await start([jobOf('J1', HOUR)], [pointOf('J1', status)]);
    const first = await ask(single);
    expect(first.data.copyJob.destinationRecoveryPoint).toEqual({ status });
    expect(first.reads).toBe(1);
    pass(23 * HOUR);
    expect(await ask(single)).toEqual({ ...first, reads: 0 });
    pass(2 * HOUR);
    expect(await ask(single)).toEqual(first);
  });

  it.each(['CREATING', 'DELETING', 'A WORD OF NEXT YEAR'])('is read again after seconds (%s)', async (status) => {
    const points = [pointOf('J1', status)];
    const { ask } = await start([jobOf('J1', HOUR)], points);
    expect((await ask(single)).reads).toBe(1);
    pass(4 * SECOND);
    expect((await ask(single)).reads).toBe(0);
    pass(2 * SECOND);
    points[0] = pointOf('J1');
    const { data, reads } = await ask(single);
    expect([data.copyJob.destinationRecoveryPoint, reads]).toEqual([{ status: 'COMPLETED' }, 1]);
  });

  it('and found gone is looked for again after a day, or after seconds while the copy is new', async () => {
    const points: Wire[] = [];
    const { ask } = await start([jobOf('J1', HOUR), jobOf('OLD', 2 * DAY)], points);
    const both = '{ new: copyJob(copyJobId: "J1") { expiresAt } old: copyJob(copyJobId: "OLD") { expiresAt } }';
    expect(await ask(both)).toEqual({ data: { new: { expiresAt: null }, old: { expiresAt: null } }, reads: 2 });
    pass(6 * SECOND);
    points.push(pointOf('J1'), pointOf('OLD'));
    const expiresAt = new Date((NOW + 30 * DAY) / 1000).toISOString();
    expect(await ask(both)).toEqual({ data: { new: { expiresAt }, old: { expiresAt: null } }, reads: 1 });
    pass(25 * HOUR);
    expect((await ask(both)).data.old).toEqual({ expiresAt });
  });

  it('by a list is read once for all who ask, and a later job costs its own point alone', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `J${index}`);
    const copyJobs = names.map((name) => jobOf(name, HOUR));
    const points = names.map((name) => pointOf(name));
    const { ask, execute, reads } = await start(copyJobs, points);
    const [one, other] = await Promise.all([execute(listed), execute(listed)]);
    expect(one.data.copyJobs.nodes).toHaveLength(25);
    expect([other, reads()]).toEqual([one, 1]);
    expect(await ask(listed)).toEqual({ data: one.data, reads: 0 });
    copyJobs.push(jobOf('NEW', MINUTE));
    points.push(pointOf('NEW'));
    pass(6 * SECOND);
    const later = await ask(listed);
    expect([later.data.copyJobs.nodes.length, later.reads]).toEqual([26, 1]);
  });
});

describe('a recovery point that its vault does not show', () => {
  const posture = '{ protectedObjects { nodes { copyPosture { copies } } upstreamReports { incompleteReasons } } }';
  const told = (copies: number, ...incompleteReasons: readonly string[]) => ({
    nodes: [{ copyPosture: { copies } }],
    upstreamReports: [{ incompleteReasons }],
  });

  it('is not gone until its job has been over for a minute', async () => {
    const job = { ...jobOf('J1', 3 * DAY), CompletionDate: NOW / 1_000_000 };
    const { ask } = await start([job], []);
    expect((await ask(posture)).data.protectedObjects).toEqual(told(1, 'NOT_READ_YET'));
    pass(59 * SECOND);
    expect((await ask(posture)).data.protectedObjects).toEqual(told(1, 'NOT_READ_YET'));
    pass(2 * SECOND);
    expect((await ask(posture)).data.protectedObjects).toEqual(told(0));
  });

  it('is looked for again after seconds where its job has just ended, however long ago it began', async () => {
    const points: Wire[] = [];
    const job = { ...jobOf('J1', 3 * DAY), CompletionDate: NOW / 1_000_000 };
    const { ask } = await start([job], points);
    pass(2 * MINUTE);
    expect((await ask(posture)).data.protectedObjects).toEqual(told(0));
    points.push(pointOf('J1'));
    pass(6 * SECOND);
    expect((await ask(posture)).data.protectedObjects).toEqual(told(1));
  });

  it('is in the list of its vault, though it is dated later than the newest job began', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `J${index}`);
    const jobs = names.map((name) => ({ ...jobOf(name, 3 * HOUR), CompletionDate: (NOW - HOUR) / 1_000_000 }));
    const points = names.map((name) => pointOf(name)); // dated two hours ago
    const { ask } = await start(jobs, points);
    const { data, reads } = await ask(listed);
    const nodes = names.map(() => ({ destinationRecoveryPoint: { status: 'COMPLETED' } }));
    expect([data.copyJobs.nodes, reads]).toEqual([nodes, 1]);
  });
});

describe('a recovery point below a field with maxAge', () => {
  it.each<readonly [string, (age: string) => string]>([
    ['expiresAt', (age) => `copyJobs${age} { nodes { expiresAt } }`],
    ['expiresAt and totalCount', (age) => `copyJobs${age} { totalCount nodes { expiresAt } }`],
    ['expiresAt of copyOperations', (age) => `copyOperations${age} { nodes { expiresAt } }`],
    ['both points', (age) => `copyJobs${age} { nodes { destinationRecoveryPoint { vault { name } } } }`],
    ['a job', (age) => `copyJob(copyJobId: "J1" ${age.slice(1, -1)}) { expiresAt }`],
    ['a posture', (age) => `protectedObjects${age} { nodes { copyPosture { copies } } }`],
    ['copies of an object', (age) => `protectedObjects${age} { nodes { copies(first: 5) { nodes { expiresAt } } } }`],
  ])('is no older than that: %s', async (_what, field) => {
    const { ask } = await start([jobOf('J1', HOUR)], [pointOf('J1')]);
    expect((await ask(`{ ${field('()').replace('()', '')} }`)).reads).toBe(1);
    pass(MINUTE);
    expect((await ask(`{ ${field('(maxAge: 600)')} }`)).reads).toBe(0);
    expect((await ask(`{ ${field('(maxAge: 0)')} }`)).reads).toBe(1);
    // Another field of the same query goes by the cache's own times.
    const beside = `{ aged: ${field('(maxAge: 600)')} copyJobs { nodes { expiresAt } } }`;
    expect((await ask(beside)).reads).toBe(0);
  });
});

describe('a recovery point while AWS is down', () => {
  it('makes a posture stale that rests on it, in lists and by id', async () => {
    const { execute, ask, deny } = await start([jobOf('J1', HOUR)], [pointOf('J1')]);
    const reports = 'upstreamReports { ok stale complete error { code } }';
    const list = `{ protectedObjects { nodes { id copyPosture { copies } } ${reports} } }`;
    const { data } = await ask(list);
    const [report] = data.protectedObjects.upstreamReports;
    expect(report).toEqual({ ok: true, stale: false, complete: true, error: null });
    deny();
    pass(DAY + MINUTE);
    const later = (await ask(list)).data.protectedObjects;
    expect(later.nodes).toEqual(data.protectedObjects.nodes);
    expect(later.upstreamReports).toEqual([
      { ok: false, stale: true, complete: true, error: { code: 'UPSTREAM_AUTH' } },
    ]);
    const [{ id }] = later.nodes;
    const byId = await execute(`{ node(id: "${id}") { ... on ProtectedObject { copyPosture { copies } } } }`);
    expect(byId.data.node).toEqual({ copyPosture: { copies: 1 } });
    expect(byId.errors.map(({ extensions }) => extensions.code)).toEqual(['UPSTREAM_AUTH']);
  });

  it('is told as it was read, and is the outage when that is older than staleSeconds beyond its time', async () => {
    const { ask, deny, execute } = await start([jobOf('J1', HOUR)], [pointOf('J1')]);
    const first = await ask(single);
    deny();
    pass(DAY + 59 * MINUTE);
    expect(await ask(single)).toEqual(first); // it was asked for
    pass(2 * MINUTE);
    const { data, errors } = await execute(single);
    expect(data.copyJob).toEqual({ expiresAt: null, destinationRecoveryPoint: null });
    expect(errors.map(({ path, extensions }) => [path?.at(-1), extensions.code]).sort()).toEqual([
      ['destinationRecoveryPoint', 'UPSTREAM_AUTH'],
      ['expiresAt', 'UPSTREAM_AUTH'],
    ]);
  });

  it('counts in a posture as it was read, unless maxAge says that it is too old', async () => {
    const { ask, deny } = await start([jobOf('J1', 2 * DAY)], []);
    const query = (age: string): string =>
      `{ protectedObjects${age} { nodes { copyPosture { copies } } upstreamReports { complete incompleteReasons } } }`;
    const gone = {
      nodes: [{ copyPosture: { copies: 0 } }],
      upstreamReports: [{ complete: true, incompleteReasons: [] }],
    };
    expect((await ask(query(''))).data.protectedObjects).toEqual(gone);
    deny();
    pass(DAY + 30 * MINUTE);
    expect(await ask(query(''))).toEqual({ data: { protectedObjects: gone }, reads: 1 });
    expect((await ask(query('(maxAge: 60)'))).data.protectedObjects).toEqual({
      nodes: [{ copyPosture: { copies: 1 } }],
      upstreamReports: [{ complete: false, incompleteReasons: ['UPSTREAM_FAILED'] }],
    });
  });
});
