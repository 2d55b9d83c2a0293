import { readFileSync, readdirSync } from 'node:fs';
import { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { encodeId, parseId } from '../src/domain/global-id.js';
import { formatDateTime, micros, microsFromDate, parseDateTime } from '../src/domain/micros.js';
import { WireCopyJob, toCopyJob } from '../src/upstream/aws-backup/copy-job.js';
import { createCohesityClient } from '../src/upstream/cohesity/client.js';
import { WireUniversalId, toUniversalId } from '../src/upstream/cohesity/copy-run.js';
import type { CohesityAuth } from '../src/upstream/cohesity/login.js';
import { WireProtectionRun, toProtectionRun } from '../src/upstream/cohesity/protection-run.js';
import { WireProtectionSource, toProtectionSource } from '../src/upstream/cohesity/protection-source.js';
import { parseJson } from '../src/calling/json.js';
import { createPolicy } from '../src/calling/policy.js';
import { type Reply, type Seen, startFake } from './support/fake.js';
import { closing } from './support/products.js';

const folder = new URL('./fixtures/', import.meta.url);
const used = new Set<string>();

const textOf = (file: string): string => {
  used.add(file);
  return readFileSync(new URL(file, folder), 'utf8');
};

// The shapes are the fixtures' own: what a test expects to find, it reads.
const read = <T>(file: string): T => JSON.parse(textOf(file)) as T;

const observedAt = micros(1_714_528_800_000_000);

/** The real client in front of a cluster that answers as the test says. */
const startClient = async (auth: CohesityAuth, answer: (request: Seen) => Reply) => {
  const fake = closing(await startFake(answer));
  const dispatcher = closing(new Agent());
  const policy = createPolicy({ upstream: 'dc-east', timeoutMs: 5000, maxConcurrent: 8, now: () => observedAt });
  const client = createCohesityClient({
    upstream: 'dc-east',
    url: fake.url,
    auth,
    dispatcher,
    policy,
    now: () => observedAt,
  });
  return { fake, client };
};

const key = { apiKey: 'key' };
const password = { username: 'u', password: 'p', domain: 'LOCAL' };
const loginPath = '/irisservices/api/v1/public/accessTokens';

describe('cohesity/v1-access-token.json', () => {
  it('is taken as the answer to a login, and its token goes with every call', async () => {
    const body = textOf('cohesity/v1-access-token.json');
    const { fake, client } = await startClient(password, ({ path }) =>
      path === loginPath ? { status: 201, body } : { body: { id: 1 } },
    );
    await client.getCluster({});
    await client.getCluster({});
    expect(fake.requests()).toEqual([
      `POST ${loginPath}`,
      'GET /irisservices/api/v1/public/cluster',
      'GET /irisservices/api/v1/public/cluster',
    ]);
    expect(fake.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer REDACTED.JWT.VALUE',
      'Bearer REDACTED.JWT.VALUE',
    ]);
  });
});

describe('cohesity/error-401-helios.json', () => {
  const body = textOf('cohesity/error-401-helios.json');

  it('means that our key was refused', async () => {
    const { fake, client } = await startClient(key, () => ({ status: 401, body }));
    await expect(client.getCluster({})).rejects.toMatchObject({
      reason: 'unauthorized',
      errorCode: 'KStatusUnauthorized',
      message: 'HTTP 401: Authentication failed: Unauthorized access.',
    });
    expect(fake.seen).toHaveLength(1);
  });

  it('means that a token has ended: a new one is fetched, and the call made once more', async () => {
    let logins = 0;
    const { fake, client } = await startClient(password, ({ path, headers }) => {
      if (path === loginPath)
        return { status: 201, body: { accessToken: `token-${(logins += 1)}`, tokenType: 'Bearer' } };
      return headers.authorization === 'Bearer token-1' ? { status: 401, body } : { body: { id: 1 } };
    });
    expect(await client.getCluster({})).toMatchObject({ clusterId: 1n });
    expect([logins, fake.seen.length]).toEqual([2, 4]);
  });

  it.each([400, 403, 500])('is not needed where the message says that the token expired: HTTP %i', async (status) => {
    let logins = 0;
    const { client } = await startClient(password, ({ path, headers }) => {
      if (path === loginPath) return { status: 201, body: { accessToken: `token-${(logins += 1)}` } };
      const expired = { errorCode: 'KInternalError', message: 'Token expired. Please request a new access token.' };
      return headers.authorization === 'Bearer token-1' ? { status, body: expired } : { body: { id: 1 } };
    });
    expect(await client.getCluster({})).toMatchObject({ clusterId: 1n });
    expect(logins).toBe(2);
  });
});

describe('cohesity/v2-error-codes-by-status.json', () => {
  interface Row {
    readonly request: string;
    readonly status: number;
    readonly errorCode?: string;
  }
  const rows = read<readonly Row[]>('cohesity/v2-error-codes-by-status.json').map(
    (row, index) => [`${index + 1}. ${row.request}`, row] as const,
  );
  const reasons: Readonly<Record<number, string>> = {
    400: 'rejected',
    403: 'unauthorized',
    404: 'notFound',
    500: 'unavailable',
  };

  it.each(rows)('is told for what it is, and not asked again: %s', async (_what, { status, errorCode }) => {
    const { fake, client } = await startClient(key, () => ({
      status,
      body: errorCode === undefined ? {} : { errorCode },
    }));
    const call = client.getCluster({});
    if (status === 200) expect(await call).toMatchObject({ clusterId: null });
    else {
      await expect(call).rejects.toMatchObject({
        reason: reasons[status],
        errorCode,
        transient: false,
        upstream: 'dc-east',
      });
    }
    expect(fake.seen).toHaveLength(1);
  });
});

describe('cohesity/v1-physical-source-part.json', () => {
  it('is shown as the details of a source', () => {
    const text = textOf('cohesity/v1-physical-source-part.json');
    const wire = `{ "id": 240, "name": "10.2.55.72", "environment": "kPhysical", "parentId": 1, "physicalProtectionSource": ${text} }`;
    expect(toProtectionSource(WireProtectionSource.parse(parseJson(wire)), 'dc-east', '')).toEqual({
      __typename: 'ProtectionSource',
      id: 'ProtectionSource:dc-east:240',
      upstream: 'dc-east',
      sourceId: 240n,
      name: '10.2.55.72',
      environment: 'kPhysical',
      parentId: 1n,
      details: {
        hostType: 'kLinux',
        id: { clusterId: 8621173906188849, clusterIncarnationId: 1538852526333, id: 240 },
        name: '10.2.55.72',
        type: 'kHost',
      },
    });
  });

  it('has a universal id of the form that copy tasks have', () => {
    const { id } = read<{ id: unknown }>('cohesity/v1-physical-source-part.json');
    expect(toUniversalId(WireUniversalId.parse(id))).toEqual({
      clusterId: 8621173906188849n,
      clusterIncarnationId: 1538852526333n,
      id: 240n,
    });
  });
});

describe('cohesity/v1-restore-object.vm.json', () => {
  it('has the parts of which ids are made: a universal id, a run’s start and a source', () => {
    const text = textOf('cohesity/v1-restore-object.vm.json');
    const object = parseJson(text) as {
      jobRunId: number;
      jobUid: object;
      protectionSourceId: number;
      startedTimeUsecs: number;
    };
    const uid = toUniversalId(WireUniversalId.parse(object.jobUid));
    expect(uid).toEqual({ clusterId: 8621173906188849n, clusterIncarnationId: 1538852526333n, id: 46969n });
    const run = {
      jobId: uid?.id,
      backupRun: { jobRunId: object.jobRunId, stats: { startTimeUsecs: object.startedTimeUsecs } },
    };
    const read = toProtectionRun(WireProtectionRun.parse(run), {
      upstream: 'dc-east',
      observedAt,
      tasksLeftOut: false,
    });
    expect(read?.shell).toMatchObject({
      id: 'ProtectionShell:dc-east:46969:1547151172462136',
      jobRunId: 48291n,
      startedAt: 1547151172462136,
    });
    expect(formatDateTime(micros(object.startedTimeUsecs))).toBe('2019-01-10T20:12:52.462136Z');
    expect(parseId(encodeId('ProtectionSource', 'dc-east', object.protectionSourceId))?.parts).toEqual(['1049']);
  });
});

describe('cohesity/v2-protection-group-runs.cassandra.json', () => {
  interface Times {
    readonly startTimeUsecs: number;
    readonly endTimeUsecs: number;
    readonly status: string;
  }
  interface RunV2 {
    readonly id: string;
    readonly protectionGroupInstanceId: number;
    readonly protectionGroupId: string;
    readonly protectionGroupName: string;
    readonly localBackupInfo: Times & { readonly runType: string };
    readonly replicationInfo: {
      readonly replicationTargetResults: readonly (Times & { readonly replicationTaskId: string })[];
    };
  }

  const toUid = (text: string) => {
    const [clusterId, clusterIncarnationId, id] = text.split(':').map(Number);
    return { clusterId, clusterIncarnationId, id };
  };

  /** As the notes translate the one generation into the other. */
  const toV1 = ({
    protectionGroupId,
    protectionGroupInstanceId,
    protectionGroupName,
    localBackupInfo,
    replicationInfo,
  }: RunV2) => ({
    jobId: toUid(protectionGroupId).id,
    jobName: protectionGroupName,
    backupRun: {
      jobRunId: protectionGroupInstanceId,
      runType: localBackupInfo.runType,
      status: localBackupInfo.status.replace('Succeeded', 'kSuccess'),
      stats: localBackupInfo,
    },
    copyRun: replicationInfo.replicationTargetResults.map(({ replicationTaskId, status, ...stats }) => ({
      taskUid: toUid(replicationTaskId),
      status: status.replace('Succeeded', 'kSuccess'),
      target: { type: 'kRemote' },
      stats,
    })),
  });

  it('is read as the v1 run that it is in the other generation', () => {
    const { runs } = parseJson(textOf('cohesity/v2-protection-group-runs.cassandra.json')) as {
      runs: readonly [RunV2];
    };
    const [wire] = runs;
    const read = toProtectionRun(WireProtectionRun.parse(toV1(wire)), {
      upstream: 'dc-east',
      observedAt,
      tasksLeftOut: false,
    });
    expect(read?.shell).toMatchObject({
      id: `ProtectionShell:dc-east:${wire.id}`,
      jobRunId: 881n,
      runType: 'FULL',
      state: 'SUCCEEDED',
      startedAt: 1680005024062490,
      endedAt: 1680005305103029,
    });
    expect(read?.copyRuns).toMatchObject([
      {
        id: 'CopyRun:dc-east:880:1680005024062490:4594155844987574:1679899218812:1438116',
        name: 'cassandra_UInew',
        state: 'SUCCEEDED',
        startedAt: 1680005024062490,
        endedAt: 1680005466128887,
        target: { __typename: 'RemoteClusterTarget', clusterId: null },
      },
    ]);
    expect(parseId(read?.copyRuns[0]?.id ?? '')?.parts).toHaveLength(5);
  });

  it('has a twin as published, which is not JSON and is told as malformed', async () => {
    const body = textOf('cohesity/v2-protection-group-runs.cassandra.as-published.txt');
    const { client } = await startClient(key, () => ({ body }));
    await expect(client.getProtectionRuns({}, {})).rejects.toMatchObject({ reason: 'malformed' });
    expect(() => parseJson(body)).toThrow(SyntaxError);
  });
});

interface Event {
  readonly account: string;
  readonly resources: readonly [string];
  readonly detail: {
    readonly copyJobId?: string;
    readonly creationDate: string;
    readonly completionDate?: string;
    readonly destinationRecoveryPointArn?: string | object;
    readonly createdBy?: { readonly backupPlanRuleId: string } & Readonly<Record<string, string>>;
  } & Readonly<Record<string, unknown>>;
}

const capitalized = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** An event as the API would report it: the differences are those that SOURCES.md lists. */
const jobOfEvent = (file: string) => {
  const { account, resources, detail } = read<Event>(file);
  const { creationDate, completionDate, destinationRecoveryPointArn, createdBy, ...rest } = detail;
  const { backupPlanRuleId, ...creator } = createdBy ?? { backupPlanRuleId: '' };
  const wire = {
    ...capitalized(rest),
    AccountId: account,
    SourceRecoveryPointArn: resources[0],
    CreationDate: dateOf(creationDate),
    CompletionDate: dateOf(completionDate),
    DestinationRecoveryPointArn:
      typeof destinationRecoveryPointArn === 'string' ? destinationRecoveryPointArn : undefined,
    CreatedBy: createdBy === undefined ? undefined : { ...capitalized(creator), BackupRuleId: backupPlanRuleId },
  };
  return toCopyJob(WireCopyJob.parse(wire), 'aws-prod', observedAt);
};

describe('the events of AWS Backup', () => {
  it('tell of a failed copy', () => {
    expect(jobOfEvent('aws-backup/eventbridge.copy-job.failed.json')).toMatchObject({
      id: 'CopyJob:aws-prod:47C8EF56-74D8-059D-1301-C5BE1D5C926E',
      state: 'FAILED',
      error: 'Access denied exception while trying to list tags',
      failureCategory: 'ACCESS',
      name: 'i-0515aee7de03f58e1',
      startedAt: parseDateTime('2020-07-15T20:36:13.239Z'),
      endedAt: parseDateTime('2020-07-15T20:37:28.704Z'),
      sizeBytes: 22_548_578_304n,
      accountId: '1112233445566',
      sourceRecoveryPointArn: 'arn:aws:ec2:us-west-2::image/ami-00179b33a7a88cac5',
      destinationRecoveryPointArn: null,
      target: {
        name: '55aa945e-c46a-421b-aa27-f94b074e31b7',
        region: 'us-west-2',
      },
      offsite: false,
      otherAccount: false,
      createdBy: null,
    });
  });

  it('tell of a running copy and of the plan that made it', () => {
    expect(jobOfEvent('aws-backup/eventbridge.copy-job.running.json')).toMatchObject({
      id: 'CopyJob:aws-prod:0175DE71-5784-589F-D8AC-541ACCB4CAC8',
      state: 'RUNNING',
      error: null,
      failureCategory: null,
      endedAt: null,
      sizeBytes: 3_221_225_472n,
      name: 'vol-050eba21ee4d3c001',
      createdBy: {
        backupPlanId: 'b58e3621-1c53-4997-ad8a-afc3347a850e',
        backupPlanVersion: 'Mjc4ZTRhMzUtMGE5Ni00NmQ5LWE1YmMtOWMwY2IwMTY4NWQ4',
        backupRuleId: '78e356d3-1a11-4f61-8585-af5d6b69bb18',
        backupPlanName: null,
      },
    });
  });

  it('of a new copy have no id, so that nothing could address it', () => {
    expect(jobOfEvent('aws-backup/eventbridge.copy-job.created.json')).toBeNull();
  });
});

describe('aws-backup/audit-report.copy-job.json', () => {
  it('is read as the job that it reports', () => {
    interface Row extends Readonly<Record<string, unknown>> {
      readonly creationDate: string;
      readonly completionDate: string;
    }
    const [row] = read<{ reportItems: readonly [Row] }>('aws-backup/audit-report.copy-job.json').reportItems;
    const wire = {
      ...capitalized(row),
      State: row['jobStatus'],
      IsParent: row['isParentJob'],
      CreationDate: dateOf(row.creationDate),
      CompletionDate: dateOf(row.completionDate),
      DestinationVaultType: row['vaultType'],
      DestinationVaultLockState: row['vaultLockStatus'],
      DestinationEncryptionKeyArn: row['encryptionKeyArn'],
      DestinationRecoveryPointLifecycle: {
        DeleteAfterDays: row['deleteAfterDays'],
        MoveToColdStorageAfterDays: row['moveToColdAfterDays'],
        OptInToArchiveForSupportedResources: row['enableArchive'],
      },
    };
    expect(toCopyJob(WireCopyJob.parse(wire), 'aws-prod', observedAt)).toMatchObject({
      copyJobId: 'E0AD48A9-0560-B668-3EF0-941FDC0AD6B1',
      state: 'RUNNING', // beside a completion date, as published
      endedAt: parseDateTime('2021-07-16T00:16:07.282Z'),
      expiresAt: null,
      sizeBytes: 8_589_934_592n,
      parentJobId: null,
      isParent: false,
      resourceName: 'string',
      destinationVaultLockState: 'string',
      destinationRecoveryPointLifecycle: {
        deleteAfterDays: 30n,
        moveToColdStorageAfterDays: 7n,
        deleteAfterEvent: null,
      },
      target: { region: 'us-east-2' },
      offsite: true,
      otherAccount: false,
      destinationVaultType: 'BACKUP_VAULT',
    });
  });
});

describe('aws-backup/cli.start-copy-job.response.json', () => {
  it('has an id that makes a global one, and a date with an offset that we read', () => {
    const { CopyJobId, CreationDate } = read<{ CopyJobId: string; CreationDate: string }>(
      'aws-backup/cli.start-copy-job.response.json',
    );
    const job = toCopyJob(
      WireCopyJob.parse({ CopyJobId, CreationDate: new Date(CreationDate) }),
      'aws-prod',
      observedAt,
    );
    expect(job?.id).toBe('CopyJob:aws-prod:F45BBF9B-B18D-6831-62BA-59C12037613D');
    expect(parseId(job?.id ?? '')).toMatchObject({ parts: [CopyJobId] });
    expect(parseDateTime(CreationDate)).toBe(microsFromDate(new Date('2021-05-04T10:19:51.757Z')));
    expect(job?.startedAt).toBe(parseDateTime(CreationDate));
    // The command line prints another form of time than the API sends, so this is no body of the API.
    expect(WireCopyJob.safeParse({ CopyJobId, CreationDate }).success).toBe(false);
  });
});

describe('the fixtures', () => {
  const folders = readdirSync(folder);
  const files = folders.flatMap((one) => readdirSync(new URL(`${one}/`, folder)).map((name) => `${one}/${name}`));
  const samples = files.filter((file) => !file.endsWith('/SOURCES.md'));

  it.each(samples)('name the source of %s', (file) => {
    const [one, name] = file.split('/');
    const sources = readFileSync(new URL(`${one}/SOURCES.md`, folder), 'utf8');
    expect(sources.replaceAll('`', '').includes(`| ${name} |`)).toBe(true);
  });

  it('are all read above, and those above are all there', () => {
    expect([...used].sort()).toEqual(samples.sort());
  });
});
