import { describe, expect, it } from 'vitest';
import { closing } from '../support/closing.js';
import { startGateway } from '../support/gateway.js';
import { startProducts } from '../support/products.js';
import { pointArn, startAccount, vaultArn, wirePoint, wireVault } from '../support/vaults.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf, wireSource, wireTask } from '../support/wire.js';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const now = Date.now() * 1000;
const text = (at: number): string => new Date(at / 1000).toISOString();

/** A run of so many hours ago, of one copy; its number identifies it in the answers. */
const runWith = (taskId: number, hours: number, copy: Wire): Wire => {
  const at = now - hours * HOUR;
  const sized = { logicalSizeBytes: 7200, logicalBytesTransferred: 3600 };
  return wireRunOf(taskId, at, {
    copyRun: [wireCopyRun(taskId, { runStartTimeUsecs: at, stats: sized, ...copy })],
  });
};

const lock = (until: number, wormRetentionType = 'kCompliance') => ({
  dataLockConstraints: { expiryTimeUsecs: until, wormRetentionType },
});

const estate = {
  runs: [
    runWith(1, 50, { expiryTimeUsecs: now + DAY, holdForLegalPurpose: true, ...lock(now + DAY) }),
    runWith(2, 50, { legalHoldings: [{ protectionSourceId: 9, holdForLegalPurpose: true }], ...lock(now - DAY) }),
    runWith(3, 2, { expiryTimeUsecs: now + 30 * DAY, ...lock(now + DAY, 'kNone') }),
    runWith(4, 5, { status: 'kRunning', target: { type: 'kArchival', archivalTarget: { vaultId: 12 } } }),
    runWith(5, 3, { status: 'kFailure', error: 'Access DENIED by the vault', stats: { endTimeUsecs: now - HOUR } }),
  ],
  copyJobs: [
    wireCopyJob('J1', { CreationDate: (now - 4 * HOUR) / 1_000_000, CompletionDate: (now - 3 * HOUR) / 1_000_000 }),
  ],
};

const ask = async (filter: string) => {
  const products = await startProducts(estate);
  const { data, errors } = await products.execute(
    `{ copyOperations(filter: { ${filter} }) { nodes { id } upstreamReports { upstream { name } complete } }
      copySummary(filter: { ${filter} }) { total { count } } }`,
  );
  expect(errors).toEqual([]);
  const { nodes, upstreamReports } = data.copyOperations;
  const names = nodes.map(({ id }: { id: string }) => id.split(':').at(-1)).sort();
  expect(data.copySummary.total.count).toBe(names.length);
  return {
    names,
    asked: upstreamReports.map(({ upstream }: { upstream: { name: string } }) => upstream.name),
    calls: [products.cohesity.seen.length, products.aws.seen.length],
  };
};

const vault = encodeURIComponent('arn:aws:backup:us-west-2:111122223333:backup-vault:dr');

describe('a filter of copies', () => {
  it.each<readonly [filter: string, found: readonly string[], asked: readonly string[]]>([
    ['onLegalHold: true', ['1', '2'], ['dc-east']],
    ['onLegalHold: false', ['3', '4', '5', 'J1'], ['dc-east', 'aws-prod']],
    ['dataLocked: true', ['1'], ['dc-east']],
    ['dataLocked: false', ['2', '3', '4', '5', 'J1'], ['dc-east', 'aws-prod']],
    ['targetIds: ["CopyTarget:dc-east:ARCHIVAL:12"]', ['4'], ['dc-east']],
    ['targetIds: ["CopyTarget:dc-east:REMOTE:0077"]', ['3', '5'], ['dc-east']], // as it may be written too
    [
      `targetIds: ["CopyTarget:aws-prod:VAULT:${vault}", "CopyTarget:dc-east:ARCHIVAL:12"]`,
      ['4', 'J1'],
      ['dc-east', 'aws-prod'],
    ],
    ['targetIds: []', [], []],
    ['longerThanSeconds: 9000', ['4'], ['dc-east', 'aws-prod']], // it goes on since five hours
    ['longerThanSeconds: 3599', ['4', '5', 'J1'], ['dc-east', 'aws-prod']],
    ['errorContains: "access denied"', ['5'], ['dc-east', 'aws-prod']],
    ['errorContains: ""', ['3', '4', '5', 'J1'], ['dc-east', 'aws-prod']],
    [`types: [COPY_RUN], expiresAfter: "${text(now)}", expiresBefore: "${text(now + 2 * DAY)}"`, ['1'], ['dc-east']],
    [`types: [COPY_RUN], expiresAfter: "${text(now)}"`, ['1', '3'], ['dc-east']],
    ['onLegalHold: true, dataLocked: false', ['2'], ['dc-east']],
  ])('by %s finds the same in a list and in a sum', async (filter, found, asked) => {
    const { names, asked: seen, calls } = await ask(filter);
    expect(names).toEqual(found);
    expect(seen).toEqual(asked);
    // An upstream that has no such copies is not asked.
    expect(calls.map((count) => count > 0)).toEqual(['dc-east', 'aws-prod'].map((name) => asked.includes(name)));
  });

  it.each([
    ['targetIds: ["CopyJob:aws-prod:J1"]', 'filter.targetIds', 'BAD_USER_INPUT'],
    ['targetIds: ["CopyTarget:elsewhere:LOCAL"]', 'filter.targetIds', 'BAD_USER_INPUT'],
    ['longerThanSeconds: -1', 'filter.longerThanSeconds', 'BAD_USER_INPUT'],
    [
      'startedAfter: "2024-05-02T00:00:00Z", startedBefore: "2024-05-01T00:00:00Z"',
      'filter.startedBefore',
      'BAD_USER_INPUT',
    ],
    ['endedAfter: "2024-05-02T00:00:00Z", endedBefore: "2024-05-01T00:00:00Z"', 'filter.endedBefore', 'BAD_USER_INPUT'],
    [
      'expiresAfter: "2024-05-02T00:00:00Z", expiresBefore: "2024-05-01T00:00:00Z"',
      'filter.expiresBefore',
      'BAD_USER_INPUT',
    ],
  ])('by %s is refused, naming it, and nothing is asked', async (filter, argument, code) => {
    const { execute, cohesity, aws } = await startProducts(estate);
    for (const field of ['copyOperations', 'copySummary']) {
      const { errors } = await execute(`{ ${field}(filter: { ${filter} }) { __typename } }`);
      expect(errors).toMatchObject([{ extensions: { code, argument } }]);
    }
    expect([...cohesity.seen, ...aws.seen]).toEqual([]);
  });
});

const region = 'us-west-2';
const account = '111122223333';
const away = vaultArn(region, account, 'away');
const seconds = Math.floor(now / 1_000_000);

const job = (id: string, overrides: Wire = {}): Wire =>
  wireCopyJob(id, {
    CreationDate: seconds - 50 * 3600,
    CompletionDate: seconds - 49 * 3600,
    DestinationBackupVaultArn: away,
    DestinationRecoveryPointArn: pointArn(region, id),
    ...overrides,
  });
const point = (id: string, days: number): Wire =>
  wirePoint(away, pointArn(region, id), seconds - 60 * 3600, {
    CalculatedLifecycle: { DeleteAt: seconds + days * 86_400 },
  });

const soon = `expiresBefore: "${text(now + 2 * DAY)}"`;
const reports = 'upstreamReports { upstream { name } complete incompleteReasons }';

describe('a filter by expiry, of AWS', () => {
  const jobs = [
    job('SOON'),
    job('LATER'),
    job('FAILED', { State: 'FAILED' }),
    job('GONE'),
    job('OTHER', { ResourceType: 'S3' }),
  ];
  const start = async (points: readonly Wire[] | null) => {
    const home = await startAccount('aws-east', 'us-east-1', { copyJobs: jobs, vaults: [] });
    const west = await startAccount('aws-west', region, {
      vaults: [wireVault(region, account, 'away')],
      points: points ?? [],
    });
    const upstreams = points === null ? [home.upstream] : [home.upstream, west.upstream];
    const gateway = closing(await startGateway({ upstreams }));
    return { ...gateway, home, west };
  };
  const query = (filter: string) =>
    `{ copyJobs(filter: { upstreams: ["aws-east"], resourceTypes: ["EC2"], ${filter} }) { nodes { copyJobId expiresAt } ${reports} } }`;

  it('goes by the recovery points, which are read for the jobs that pass the rest of it', async () => {
    const { execute, west } = await start([point('SOON', 1), point('LATER', 9), point('OTHER', 1)]);
    const { data, errors } = await execute(query(soon).replace('resourceTypes: ["EC2"], ', ''));
    expect(errors).toEqual([]);
    const found = data.copyJobs.nodes.map(({ copyJobId }: Wire) => copyJobId).sort();
    expect(found).toEqual(['OTHER', 'SOON']);
    expect(data.copyJobs.upstreamReports).toEqual([
      { upstream: { name: 'aws-east' }, complete: true, incompleteReasons: [] },
    ]);
    // A describe for each point but the failed job's, which made none; who shows `expiresAt` costs no more.
    const read = west.take().filter((path: string) => path.includes('recovery-points'));
    expect(read).toHaveLength(4);
    const narrowed = await start([point('SOON', 1), point('LATER', 9), point('OTHER', 1)]);
    await narrowed.execute(query(soon).replace('"EC2"', '"S3"'));
    expect(narrowed.west.take().filter((path: string) => path.includes('recovery-points'))).toHaveLength(1);
  });

  it('says that it could not judge what nobody can read', async () => {
    const { execute } = await start(null);
    const { data } = await execute(query(soon).replace('resourceTypes: ["EC2"], ', ''));
    expect(data.copyJobs).toEqual({
      nodes: [],
      upstreamReports: [{ upstream: { name: 'aws-east' }, complete: false, incompleteReasons: ['UNREADABLE'] }],
    });
  });

  it('says so where an outage is why', async () => {
    const { execute, west } = await start([point('SOON', 1)]);
    west.before = () => ({ status: 500, body: {} });
    const { data } = await execute(query(soon).replace('resourceTypes: ["EC2"], ', ''));
    expect(data.copyJobs.upstreamReports).toEqual([
      { upstream: { name: 'aws-east' }, complete: false, incompleteReasons: ['UPSTREAM_FAILED'] },
    ]);
  });

  it('sorts by it too, what does not tell it last, whichever way', async () => {
    const { execute } = await start([point('SOON', 1), point('LATER', 9), point('OTHER', 4)]);
    for (const direction of ['ASC', 'DESC']) {
      const { data, errors } = await execute(
        `{ copyJobs(filter: { upstreams: ["aws-east"], startedAfter: "${text(now - 3 * DAY)}" }, orderBy: { field: EXPIRES_AT, direction: ${direction} }) { nodes { copyJobId } ${reports} } }`,
      );
      expect(errors).toEqual([]);
      const dated = ['SOON', 'OTHER', 'LATER'];
      const ids = data.copyJobs.nodes.map(({ copyJobId }: Wire) => copyJobId);
      expect(ids).toEqual([...(direction === 'ASC' ? dated : dated.reverse()), 'FAILED', 'GONE']);
      expect(data.copyJobs.upstreamReports).toMatchObject([{ complete: true }]);
    }
  });
});

describe('what a copy says of its time', () => {
  it('is a duration, a rate, an estimate and an object', async () => {
    const at = now - 2 * HOUR;
    const task = (id: number) => wireTask(wireSource(id), { taskStartTimeUsecs: at, taskEndTimeUsecs: at + HOUR });
    const half = { logicalSizeBytes: 7200, logicalBytesTransferred: 3600 };
    const { execute, cohesity } = await startProducts({
      runs: [
        wireRunOf(7, at, {
          copyRun: [
            wireCopyRun(1, {
              copySnapshotTasks: [task(9)],
              stats: { ...half, endTimeUsecs: at + HOUR },
              runStartTimeUsecs: at,
            }),
            wireCopyRun(2, {
              copySnapshotTasks: [task(9), task(10)],
              status: 'kRunning',
              stats: half,
              runStartTimeUsecs: at,
            }),
          ],
        }),
      ],
      copyJobs: [
        wireCopyJob('J1', {
          ...{ CreationDate: (now - 4 * HOUR) / 1e6, CompletionDate: (now - 3 * HOUR) / 1e6 },
          BackupSizeInBytes: 7200,
        }),
      ],
    });
    const { data, errors } = await execute(
      '{ copyOperations { nodes { id durationSeconds bytesPerSecond observedAt startedAt estimatedEndAt protectedObject { id } } } }',
    );
    expect(errors).toEqual([]);
    const [ended, running, job1] = data.copyOperations.nodes;
    expect(ended).toMatchObject({ durationSeconds: 3600, bytesPerSecond: 1, estimatedEndAt: null });
    expect(ended.protectedObject).toEqual({ id: 'ProtectedObject:dc-east:9' });
    expect(running).toMatchObject({ durationSeconds: null, protectedObject: null });
    const soFar = Date.parse(running.observedAt) - Date.parse(running.startedAt);
    expect(running.bytesPerSecond).toBeCloseTo(3_600_000 / soFar, 3);
    expect(Date.parse(running.estimatedEndAt) - Date.parse(running.startedAt)).toBeCloseTo(2 * soFar, -1);
    expect(job1).toMatchObject({ durationSeconds: expect.closeTo(3600, 1), bytesPerSecond: expect.closeTo(2, 2) });
    expect(job1.protectedObject.id).toMatch(/^ProtectedObject:aws-prod:/);
    expect(cohesity.seen).toHaveLength(1); // its tasks come with the list
  });
});
