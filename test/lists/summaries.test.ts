import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { copyOf, jobOf, runOf } from '../support/estate.js';
import { HOUR, NOW } from '../support/estates.js';
import { serve, text } from '../support/served.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW / 1000 }));
afterEach(() => void vi.useRealTimers());

const MINUTE = HOUR / 60;
const task = (sourceId: number, startedAt = NOW - HOUR) => ({ sourceId, status: 'kSuccess', startedAt });

/** The half of a copy's size has been transferred. */
const estate = (limits = {}) =>
  serve({
    limits,
    clusters: {
      'dc-east': [
        runOf(1, NOW - HOUR, {
          copies: [
            copyOf(11, { sizeBytes: 1200, endedAt: NOW - HOUR + 10 * MINUTE, tasks: [task(21), task(22)] }),
            copyOf(12, { sizeBytes: 800, endedAt: NOW - HOUR + 20 * MINUTE, tasks: [task(22)] }),
            copyOf(13, { sizeBytes: 9000, status: 'kFailure', endedAt: NOW - 59 * MINUTE, tasks: [] }),
          ],
        }),
        runOf(2, NOW - 5 * HOUR, { copies: [copyOf(14, { status: 'kRunning', tasks: [task(22, NOW - 5 * HOUR)] })] }),
      ],
    },
    endpoints: {
      'aws-prod': [
        jobOf('ebs', NOW - 4 * HOUR, {
          resourceType: 'EBS',
          accountId: '444455556666',
          state: 'COMPLETED',
          sizeBytes: 500,
          completedAt: NOW - 4 * HOUR + 5 * MINUTE,
        }),
        jobOf('ec2', NOW - 4 * HOUR, { sizeBytes: 7 }),
      ],
    },
  });

const oneOf = async (args: string, fields: string) => {
  const served = await estate();
  const { data, errors } = await served.execute(`{ copySummary(${args}) { groups { ${fields} } } }`);
  expect(errors).toEqual([]);
  return data.copySummary.groups;
};

describe('a summary', () => {
  it('tells bytes, times and speed of all, in the calls that a list makes', async () => {
    const served = await estate();
    const { data, errors } = await served.execute(`{
      copySummary {
        total { count copiedBytes sizeBytes durationSeconds { p50 p95 max } bytesPerSecond }
        groups { count }
      }
      copyOperations { nodes { id } }
    }`);
    expect(errors).toEqual([]);
    expect(data.copySummary).toEqual({
      total: {
        count: 6,
        copiedBytes: '1500', // 600 + 400 were transferred, and AWS reports the size alone
        sizeBytes: '11507',
        durationSeconds: { p50: 300, p95: 1200, max: 1200 },
        bytesPerSecond: 1500 / (35 * 60),
      },
      groups: [],
    });
    expect([served.calls('dc-east').length, served.calls('aws-prod').length]).toEqual([1, 1]);
  });

  it('splits by the days and hours of a time zone', async () => {
    // It is 03:00 in UTC, and 23:00 of the day before in New York.
    expect(await oneOf('groupBy: [DAY], timeZone: "America/New_York"', 'day count')).toEqual([
      { day: '2024-05-07', count: 6 },
    ]);
    expect(await oneOf('groupBy: [DAY]', 'day count')).toEqual([
      { day: '2024-05-07', count: 3 },
      { day: '2024-05-08', count: 3 },
    ]);
    expect(await oneOf('groupBy: [HOUR], timeZone: "Asia/Kolkata"', 'hour count')).toEqual([
      { hour: '2024-05-07T21:30:00.000Z', count: 1 },
      { hour: '2024-05-07T22:30:00.000Z', count: 2 },
      { hour: '2024-05-08T01:30:00.000Z', count: 3 },
    ]);
    expect(await oneOf('groupBy: [WEEK, UPSTREAM]', 'week upstream { name } count')).toEqual([
      { week: '2024-W19', upstream: { name: 'aws-prod' }, count: 2 },
      { week: '2024-W19', upstream: { name: 'dc-east' }, count: 4 },
    ]);
  });

  it('splits by the end where it is told to, and has one group of what goes on', async () => {
    expect(await oneOf('groupBy: [HOUR], by: ENDED', 'hour count')).toEqual([
      { hour: null, count: 2 },
      { hour: '2024-05-07T23:00:00.000Z', count: 1 },
      { hour: '2024-05-08T02:00:00.000Z', count: 3 },
    ]);
  });

  it('splits by job, account and type, with one group of what has none', async () => {
    expect(await oneOf('groupBy: [PROTECTION_JOB]', 'protectionJob { id name } count')).toEqual([
      { protectionJob: null, count: 2 },
      { protectionJob: { id: 'ProtectionJob:dc-east:1', name: 'Job 1' }, count: 3 },
      { protectionJob: { id: 'ProtectionJob:dc-east:2', name: 'Job 2' }, count: 1 },
    ]);
    expect(await oneOf('groupBy: [ACCOUNT, RESOURCE_TYPE]', 'accountId resourceType count')).toEqual([
      { accountId: null, resourceType: null, count: 4 },
      { accountId: '111122223333', resourceType: 'EC2', count: 1 },
      { accountId: '444455556666', resourceType: 'EBS', count: 1 },
    ]);
  });

  it('splits by target, each upstream’s own', async () => {
    const groups = await oneOf('groupBy: [TARGET]', 'target { id kind } count copiedBytes');
    expect(groups).toMatchObject([
      { target: { id: expect.stringMatching(/^CopyTarget:aws-prod:VAULT:/), kind: 'VAULT' }, count: 2 },
      { target: { id: 'CopyTarget:dc-east:REMOTE', kind: 'REMOTE' }, count: 4, copiedBytes: '1000' },
    ]);
    expect(await oneOf('groupBy: [DAY, TARGET], first: 1', 'day target { id }')).toMatchObject([{ day: '2024-05-07' }]);
  });

  it('splits by object with tasks in place of runs, in the call that a list of tasks makes', async () => {
    const served = await estate();
    const { data, errors } = await served.execute(`{
      copySummary(groupBy: [OBJECT]) { total { count } groups { protectedObject { name resourceArn } count } }
    }`);
    expect(errors).toEqual([]);
    const { total, groups } = data.copySummary;
    expect(total.count).toBe(6);
    expect(groups).toMatchObject([
      { protectedObject: { name: expect.stringMatching(/^e/) }, count: 2 },
      { protectedObject: { name: 'vm-21', resourceArn: null }, count: 1 },
      { protectedObject: { name: 'vm-22', resourceArn: null }, count: 3 },
    ]);
    expect(served.calls('dc-east')).toHaveLength(1);
    expect(await oneOf('groupBy: [OBJECT], filter: { types: [COPY_JOB] }', 'count')).toEqual([{ count: 2 }]);
  });

  it('counts what a replica copies on for the object of its owner', async () => {
    const east = 1000 + [...'dc-east'].reduce((sum, letter) => sum + letter.charCodeAt(0), 0); // as `serve` has it
    const own = runOf(1, NOW - HOUR, { ownedBy: east, copies: [copyOf(1, { tasks: [task(21)] })] });
    const replica = runOf(1, NOW - 2 * HOUR, {
      ownedBy: east,
      copies: [
        copyOf(2, { target: 'kLocal', tasks: [task(21)] }),
        copyOf(3, { target: 'kArchival', tasks: [task(21), task(99)] }),
      ],
    });
    const served = await serve({ clusters: { 'dc-east': [own], 'dc-west': [replica] } });
    const query = '{ copySummary(groupBy: [OBJECT]) { total { count } groups { protectedObject { id } count } } }';
    const { data } = await served.execute(query);
    expect(data.copySummary).toEqual({
      total: { count: 3 },
      groups: [
        { protectedObject: { id: 'ProtectedObject:dc-east:21' }, count: 2 },
        { protectedObject: { id: 'ProtectedObject:dc-west:99' }, count: 1 }, // the owner has no such object
      ],
    });
    served.broken.set('dc-east', { status: 503 });
    const { data: alone } = await served.execute(query);
    expect(alone.copySummary.groups).toEqual([
      { protectedObject: { id: 'ProtectedObject:dc-west:21' }, count: 2 },
      { protectedObject: { id: 'ProtectedObject:dc-west:99' }, count: 1 },
    ]);
  });

  it('sorts its groups, and cuts them after that', async () => {
    const order = (field: string, direction: string) => `orderBy: { field: ${field}, direction: ${direction} }`;
    const by = 'groupBy: [PROTECTION_JOB, ACCOUNT]';
    const bytes = async (rest: string) =>
      (await oneOf(`${by}, ${rest}`, 'copiedBytes')).map(({ copiedBytes }: { copiedBytes: string }) => copiedBytes);
    expect(await bytes(order('COPIED_BYTES', 'DESC'))).toEqual(['1000', '500', null, null]);
    expect(await bytes(order('COPIED_BYTES', 'ASC'))).toEqual(['500', '1000', null, null]);
    expect(await bytes(`${order('COPIED_BYTES', 'DESC')}, first: 1`)).toEqual(['1000']);
    expect(await bytes('first: 0')).toEqual([]);
    const hours = await oneOf(`groupBy: [HOUR], ${order('TIME', 'DESC')}`, 'hour');
    expect(hours.map(({ hour }: { hour: string }) => hour.slice(11, 13))).toEqual(['02', '23', '22']);
  });

  it('costs what its groups may be, by `first`', async () => {
    const served = await estate({ maxCost: 600 });
    const ask = (first: string) =>
      served.execute(`{ copySummary(groupBy: [UPSTREAM] ${first}) { groups { upstream { name } } } }`);
    expect((await ask('')).errors).toEqual([]);
    expect((await ask('first: 500')).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'maxCost' } },
    ]);
  });
});

describe('a summary that cannot be made', () => {
  it.each([
    ['timeZone: "Mars/Base"', 'timeZone'],
    ['timeZone: "+02:00"', 'timeZone'],
    ['first: -1', 'first'],
    ['first: 10001', 'first'],
    ['groupBy: [OBJECT], filter: { types: [COPY_RUN, COPY_JOB] }', 'filter.types'],
    ['filter: { protectionJobIds: ["CopyJob:aws-prod:ebs"] }', 'filter.protectionJobIds'],
  ])('is refused by the argument: %s', async (args, argument) => {
    const served = await estate();
    const { data, errors } = await served.execute(`{ copySummary(${args}) { total { count } } }`);
    expect(data.copySummary).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect([...served.take('dc-east'), ...served.take('aws-prod')]).toEqual([]);
  });

  it('is refused with the figures where it has too many groups, and cuts none off', async () => {
    const served = await estate({ maxGroups: 2 });
    const ask = (args: string) => served.execute(`{ copySummary(${args}) { groups { count } } }`);
    expect((await ask('groupBy: [UPSTREAM]')).errors).toEqual([]);
    const { data, errors } = await ask(`groupBy: [HOUR], filter: { startedAfter: "${text(NOW - 9 * HOUR)}" }`);
    expect(data.copySummary).toBeNull();
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(/more than 2 groups \(limits.maxGroups\): 3 after \d copies/),
        extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'maxGroups', maxGroups: 2, groups: 3 },
      },
    ]);
    expect((await ask('groupBy: [HOUR], first: 1')).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
  });
});
