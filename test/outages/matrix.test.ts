import { beforeAll, describe, it, vi } from 'vitest';
import { type Fault, type Vendor, expired, faults, secrets, tooLarge } from './faults.js';
import { type Position, type Row, held, play, positions, since, sinceHours } from './pages.js';
import { leaks, vendors } from './vendors.js';

// There is no wait between attempts. `budgets.test.ts` checks how long it is.
beforeAll(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

const list = 'copyOperations(first: 100, filter: { startedAfter: $since })';
const reports =
  'upstreamReports { upstream { name } ok stale complete observedAt error { code message retryAfterMs } }';
/** The same list twice in one operation, which makes its calls once: with its reports, and without. */
const ofList = `query ($since: DateTime!) { told: ${list} { nodes { id } ${reports} } untold: ${list} { nodes { id } } }`;

const newestOf = (vendor: Vendor): string => held(vendor, 'one record')[0]?.id ?? '';
const named = {
  cohesity: `copyRun(id: "${newestOf('cohesity')}") { id }`,
  'aws-backup': `copyJob(copyJobId: "${newestOf('aws-backup').split(':')[2]}") { id }`,
};
const otherOf = (vendor: Vendor): Vendor => (vendor === 'cohesity' ? 'aws-backup' : 'cohesity');
const ofRecord = (vendor: Vendor): string =>
  `{ own: node(id: "${newestOf(vendor)}") { id } named: ${named[vendor]} other: ${named[otherOf(vendor)]} }`;

type Calls = Readonly<Record<string, number>>;

/** The calls of a list, in the order they are made. */
const wholeCalls = (vendor: Vendor, position: Position): Calls => {
  if (position === 'one record') return { 'one record': 1 };
  if (vendor === 'cohesity')
    return position === 'last of its jobs'
      ? { 'first call': 1, jobs: 1, 'another job': 4, 'last of its jobs': 1 }
      : { 'first call': 1, 'second step': 1 };
  return { 'first call': 1, 'second page': 1, ...(sinceHours(position) > 24 ? { 'second step': 1 } : {}) };
};

/** Those up to a position, and of that so many. */
const callsUpTo = (vendor: Vendor, position: Position, attempts: number): Calls => {
  const before = Object.entries(wholeCalls(vendor, position));
  return Object.fromEntries([
    ...before.slice(
      0,
      before.findIndex(([call]) => call === position),
    ),
    [position, attempts],
  ]);
};

/**
 * The calls for an answer that is too large. It is asked for again with half as many records, down to one. An answer
 * for all jobs is then asked for job by job.
 */
const callsForLess = (vendor: Vendor, position: Position): Calls => {
  if (position === 'one record') return callsUpTo(vendor, position, 1);
  if (vendor === 'aws-backup' || position === 'last of its jobs') return callsUpTo(vendor, position, 10);
  return { ...callsUpTo(vendor, position, 1), jobs: 1 };
};

/** An answer that takes too long for all jobs is asked for job by job too. */
const isTooSlowForAll = ({ vendor, position, fault }: Row): boolean =>
  fault.code === 'UPSTREAM_TIMEOUT' && vendor === 'cohesity' && ['first call', 'second step'].includes(position);

interface Expected {
  readonly calls: Calls;
  /** Why the list is not whole; `null` where it is. */
  readonly error: { readonly code: string; readonly retryAfterMs: number | null } | null;
}

const expected = (row: Row): Expected => {
  const { vendor, position, fault, times } = row;
  const { code, attempts, retryAfterMs = null } = fault;
  const whole = wholeCalls(vendor, position);
  if (code === null) return { calls: whole, error: null };
  if (times !== undefined) return { calls: { ...whole, [position]: times + 1 }, error: null };
  const less = fault === tooLarge || isTooSlowForAll(row);
  const calls = less ? callsForLess(vendor, position) : callsUpTo(vendor, position, attempts);
  return { calls, error: { code, retryAfterMs } };
};

/** The records that a list shows of both vendors, newest first. Of the broken one they are those before the fault. */
const shown = ({ vendor, position }: Row, isWhole: boolean): readonly { readonly id: string }[] => {
  const calls = Object.keys(wholeCalls(vendor, position));
  const own = held(vendor, position).filter(({ call }) => isWhole || calls.indexOf(call) < calls.indexOf(position));
  return [...own, ...held(otherOf(vendor), position)]
    .filter(({ hoursAgo }) => hoursAgo < sinceHours(position))
    .sort((a, b) => a.hoursAgo - b.hoursAgo)
    .map(({ id }) => ({ id }));
};

const proves = (name: (row: Row) => string, rows: readonly Row[]): void =>
  it.concurrent.for(rows.map((row) => [name(row), row] as const))('%s', async ([, row], { expect, onTestFinished }) => {
    const { vendor, position, fault } = row;
    const { calls, error } = expected(row);
    const { id, other } = vendors[vendor];
    const played = await play(row);
    onTestFinished(played.close);
    const isList = position !== 'one record';
    const variables = isList ? { since: since(position) } : {};
    const { data, errors, status } = await played.gateway.execute(isList ? ofList : ofRecord(vendor), variables);

    expect(status).toBe(200);
    expect(played.calls('broken')).toEqual(row.login === true ? { ...calls, login: 2 } : calls);
    expect(played.calls('sound')).toEqual(
      wholeCalls(otherOf(vendor), isList && position !== 'last of its jobs' ? 'first call' : position),
    );
    const extensions = error && {
      code: error.code,
      upstream: id,
      ...(fault.retryAfterMs && { retryAfterMs: fault.retryAfterMs }),
    };
    expect(errors.map(({ path, extensions: told }) => [path, told])).toEqual(
      error === null ? [] : (isList ? ['untold'] : ['own', 'named']).map((field) => [[field], extensions]),
    );
    if (isList) {
      const nodes = shown(row, error === null);
      expect(data.told.nodes).toEqual(nodes);
      expect(data.untold.nodes).toEqual(nodes);
      const sound = { ok: true, stale: false, complete: true, observedAt: expect.any(String), error: null };
      const message = expect.stringMatching(new RegExp(`^Upstream ${id} .+\\.$`));
      const observedAt = position === 'first call' && error !== null ? null : expect.any(String);
      expect(data.told.upstreamReports).toHaveLength(2);
      expect(data.told.upstreamReports).toContainEqual({ upstream: { name: other }, ...sound });
      expect(data.told.upstreamReports).toContainEqual({
        upstream: { name: id },
        ...(error === null
          ? sound
          : { ok: false, stale: false, complete: false, observedAt, error: { ...error, message } }),
      });
    } else {
      const own = error === null ? { id: newestOf(vendor) } : null;
      expect(data).toEqual({ own, named: own, other: { id: newestOf(otherOf(vendor)) } });
    }
    if (fault === tooLarge) expect(played.finished).not.toContain(position);
    expect(leaks(JSON.stringify([data, errors]), played)).toEqual([]);
    for (const secret of [secrets.apiKey, secrets.password, secrets.secretAccessKey])
      expect(played.gateway.logs.join('')).not.toContain(secret);
  });

const at = (position: Position): string =>
  position === 'one record' ? 'when asked for one record' : `at the ${position} of a list`;

describe.for(['cohesity', 'aws-backup'] as const)('an upstream of the kind %s', (vendor) => {
  const rows = faults
    .filter(({ only = vendor }) => only === vendor)
    .flatMap((fault) => positions[vendor].map((position): Row => ({ vendor, position, fault })));

  proves(
    ({ fault, position }) => `that ${fault.name} ${at(position)} is whole`,
    rows.filter(({ fault }) => fault.code === null),
  );
  proves(
    ({ fault, position }) => `that ${fault.name} ${at(position)} costs what it had yet to send, and nothing else`,
    rows.filter(({ fault }) => fault.code !== null),
  );
  proves(
    ({ fault, position }) => `that ${fault.name} ${at(position)}, twice and no more, is whole`,
    rows.filter(({ fault }) => fault.attempts === 3).map((row) => ({ ...row, times: 2 })),
  );
});

describe('a cluster that is logged in to', () => {
  const fault: Fault = { ...expired, attempts: 2 };
  const rows = positions.cohesity.map((position): Row => ({ vendor: 'cohesity', position, fault, login: true }));

  proves(
    ({ position }) => `is logged in to again, once, when it answers 401 ${at(position)}, and is then refused`,
    rows,
  );
  proves(
    ({ position }) => `is whole when a new login helps against a 401 ${at(position)}`,
    rows.map((row) => ({ ...row, times: 1 })),
  );
});
