import { z } from 'zod';
import { BackupClient, DescribeRecoveryPointCommand } from '@aws-sdk/client-backup';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { embedSandbox } from '../src/assembly/embedded.js';
import { awsBackupSandboxCredentials } from '../src/sandbox/aws-backup/server.js';
import { type RunningServer, startServer } from '../src/assembly/server.js';
import { patient } from './support/patient.js';

let server: RunningServer;
let backup: BackupClient;
let close: () => Promise<void>;

vi.setConfig({ testTimeout: 60_000 }); // some answers read a month of the estate

beforeAll(async () => {
  const sandbox = await embedSandbox();
  const config = patient(sandbox.config);
  server = await startServer({ ...config, server: { ...config.server, port: 0 } }, pino({ enabled: false }));
  const aws = config.upstreams.find((upstream) => upstream.kind === 'aws-backup');
  const { region, endpoint } = z.object({ region: z.string(), endpoint: z.string() }).parse(aws);
  const credentials = { ...awsBackupSandboxCredentials };
  backup = new BackupClient({ region, endpoint, credentials });
  close = async () => {
    backup.destroy();
    await server.drain();
    await sandbox.close();
  };
});
afterAll(() => close());

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the answer of a hand-written query
type Any = any;

const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<Any> => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as Any;
  expect(errors).toBeUndefined();
  return data;
};

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * hourMs).toISOString();

describe('a pair of clusters', () => {
  it('is counted once: local copies of the replica are left out, what it copies on is not', async () => {
    // Old enough for each copy to be in the list, whenever it is queued.
    const window = `startedAfter: "${hoursAgo(36)}", startedBefore: "${hoursAgo(12)}", types: [COPY_RUN]`;
    const sum = (name: string, more: string) =>
      `${name}: copySummary(filter: { ${window}, ${more} }, groupBy: [TARGET_KIND]) { total { count } groups { targetKind count } }`;
    const pair = 'upstreams: ["sandbox-cohesity", "sandbox-cohesity-dr"]';
    const { auto, all, source, replica } = await ask(`{
      ${sum('auto', pair)}
      ${sum('all', `${pair}, replicas: INCLUDE`)}
      ${sum('source', 'upstreams: ["sandbox-cohesity"]')}
      ${sum('replica', 'upstreams: ["sandbox-cohesity-dr"], replicas: INCLUDE')}
    }`);
    const kinds = Object.fromEntries(replica.groups.map((group: Any) => [group.targetKind, group.count]));
    expect(Object.keys(kinds).sort()).toEqual(['ARCHIVAL', 'LOCAL']);
    expect(all.total.count).toBe(source.total.count + replica.total.count);
    expect(auto.total.count).toBe(source.total.count + kinds.ARCHIVAL);
  });

  it('has each job and each machine once, and its archives at both sites in one posture', async () => {
    const { protectionJobs, protectedObjects } = await ask(`{
      protectionJobs(first: 200) { nodes { name isReplica upstream { name } } }
      protectedObjects(first: 20, filter: { name: "FINSQL01" }) {
        nodes { name upstream { name } copyTargets { target { kind name } } }
      }
    }`);
    const finance = protectionJobs.nodes.filter(({ name }: Any) => name === 'SQL-Finance-Log');
    expect(finance).toEqual([{ name: 'SQL-Finance-Log', isReplica: false, upstream: { name: 'sandbox-cohesity' } }]);
    expect(protectedObjects.nodes.map(({ name, upstream }: Any) => [name, upstream.name])).toEqual([
      ['FINSQL01/GeneralLedger', 'sandbox-cohesity'],
      ['FINSQL01/Payables', 'sandbox-cohesity'],
    ]);
    for (const { copyTargets } of protectedObjects.nodes)
      expect(copyTargets.map(({ target }: Any) => target.name)).toEqual(
        expect.arrayContaining(['cohesity-dr-sandbox', 'azure-cool-westeurope', 'glacier-dr-stockholm']),
      );
  });
});

describe('copies of a cluster', () => {
  it('are in the list while they are queued without any time', async () => {
    const { copyRuns } = await ask(`{
      copyRuns(filter: { objectName: "VM-Behind-Bandwidth-Window", states: [QUEUED] }) {
        nodes { id startedAt endedAt expiresAt target { name } protectionShell { startedAt } }
      }
    }`);
    expect(copyRuns.nodes.length).toBeGreaterThan(0);
    for (const { startedAt, endedAt, expiresAt, target, protectionShell } of copyRuns.nodes) {
      expect([endedAt, expiresAt, target.name]).toEqual([null, null, 'cohesity-dr-sandbox']);
      expect(startedAt).toBe(protectionShell.startedAt); // its run's
    }
    const ids = copyRuns.nodes.map(({ id }: Any) => id);
    const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(nodes.map(({ id }: Any) => id)).toEqual(ids);
  });

  it('are among what failed, also where nothing says when', async () => {
    const { copyRuns } = await ask(`{
      copyRuns(filter: { objectName: "VM-Depots-Link-Down", states: [FAILED], endedAfter: "${hoursAgo(24)}" }) {
        nodes { endedAt error failureCategory }
      }
    }`);
    expect(copyRuns.nodes.length).toBeGreaterThan(3);
    for (const copy of copyRuns.nodes)
      expect(copy).toEqual({ endedAt: null, error: expect.any(String), failureCategory: expect.any(String) });
  });

  it('are not good once their snapshot was deleted or their expiry is 0', async () => {
    const { protectedObjects } = await ask(`{
      protectedObjects(first: 3, filter: { name: "lon-devtest" }) {
        nodes {
          copyPosture { copies }
          copies(first: 50, filter: { startedAfter: "${hoursAgo(168)}" }) {
            nodes { state expiresAt target { kind } ... on CopySnapshotTask { snapshotDeleted } }
          }
        }
      }
    }`);
    expect(protectedObjects.nodes).toHaveLength(3);
    for (const { copyPosture, copies } of protectedObjects.nodes) {
      const done = copies.nodes.filter(({ state }: Any) => state === 'SUCCEEDED');
      const gone = done.filter((copy: Any) => copy.snapshotDeleted === true || copy.expiresAt === null);
      expect(new Set(gone.map(({ target }: Any) => target.kind))).toEqual(new Set(['LOCAL', 'ARCHIVAL']));
      expect(copyPosture.copies).toBe(done.length - gone.length);
    }
  });

  it('are good beyond their expiry where they are on hold, each machine for itself', async () => {
    const { protectedObjects } = await ask(`{
      protectedObjects(filter: { name: "nyc-case4711" }) { nodes { name copyPosture { copies offsite } } }
    }`);
    const held = protectedObjects.nodes.map(({ name, copyPosture: { copies, offsite } }: Any) => [
      name,
      copies > 0,
      offsite,
    ]);
    expect(held).toEqual([
      ['nyc-case4711-01', true, true],
      ['nyc-case4711-02', true, true],
      ['nyc-case4711-03', true, false],
      ['nyc-case4711-04', true, false],
    ]);
  });

  it('of the month end are there beyond what is looked back on', async () => {
    const { copyRuns } = await ask(`{
      copyRuns(filter: { protectionJobIds: ["ProtectionJob:sandbox-cohesity:1026"], startedAfter: "${hoursAgo(30 * 24)}", targetKinds: [ARCHIVAL] }) {
        nodes { state expiresAt }
      }
    }`);
    const [copy] = copyRuns.nodes;
    expect(copy?.state).toBe('SUCCEEDED');
    expect((Date.parse(copy?.expiresAt) - Date.now()) / dayMs).toBeCloseTo(340, 0);
  });
});

describe('copies of AWS Backup', () => {
  const pointOf = async ({ destinationBackupVaultArn, destinationRecoveryPointArn }: Any) =>
    backup
      .send(
        new DescribeRecoveryPointCommand({
          BackupVaultName: destinationBackupVaultArn.split('backup-vault:')[1],
          RecoveryPointArn: destinationRecoveryPointArn,
        }),
      )
      .catch((error: Error) => {
        if (error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      });

  it.each(['ledger-2025', 'contracts-2025', 'web-sessions', 'evidence-db'])(
    'of %s end when the vault says so, and one that it no longer has is no good copy',
    async (name) => {
      const { protectedObjects } = await ask(
        `query ($name: String!, $from: DateTime!) {
          protectedObjects(first: 1, filter: { name: $name, upstreams: ["sandbox-aws"] }) {
            nodes {
              name
              copyPosture { copies }
              copies(first: 50, filter: { startedAfter: $from, states: [SUCCEEDED] }) {
                nodes { expiresAt ... on CopyJob { destinationBackupVaultArn destinationRecoveryPointArn } }
              }
            }
          }
        }`,
        { name, from: hoursAgo(168) },
      );
      const [object] = protectedObjects.nodes;
      const jobs: Any[] = object.copies.nodes;
      expect(jobs.length).toBeGreaterThan(3);
      const points = await Promise.all(jobs.map(pointOf));
      const ends = points.map((point) => point?.CalculatedLifecycle?.DeleteAt?.toISOString() ?? null);
      expect(jobs.map(({ expiresAt }) => expiresAt)).toEqual(ends);
      expect(object.copyPosture.copies).toBe(points.filter((point) => point !== undefined).length);
    },
  );

  it.each([
    ['payroll-db', 'a lock that can be lifted', { locked: true, immutable: false }],
    ['audit-trail-db', 'a lock that can be lifted for a time yet', { locked: true, immutable: false }],
    ['evidence-db', 'a lock that nobody can lift', { locked: true, immutable: true }],
    ['root-keys-db', 'an air-gapped vault', { locked: true, immutable: true }],
    ['ledger-2025', 'no lock', { locked: false, immutable: false }],
  ])('of %s are under %s', async (name, _lock, posture) => {
    const { protectedObjects } = await ask(
      `query ($name: String!) {
        protectedObjects(filter: { name: $name, upstreams: ["sandbox-aws"] }) { nodes { copyPosture { locked immutable } } }
      }`,
      { name },
    );
    expect(protectedObjects.nodes).toEqual([{ copyPosture: posture }]);
  });

  it('are those of both accounts where both are asked for', async () => {
    const window = `startedAfter: "${hoursAgo(24)}", startedBefore: "${hoursAgo(1)}"`;
    const count = (name: string, ids: string) =>
      `${name}: copyJobs(first: 0, filter: { ${window}, accountIds: [${ids}] }) { totalCount }`;
    const { first, second, both } = await ask(`{
      ${count('first', '"111122223333"')}
      ${count('second', '"444455556666"')}
      ${count('both', '"111122223333", "444455556666"')}
    }`);
    expect(second.totalCount).toBeGreaterThan(0);
    expect(both.totalCount).toBe(first.totalCount + second.totalCount);
  });
});

it('sums of the last day and the last week are not about one record of 9 PB', async () => {
  const { day, week, huge } = await ask(`{
    day: copySummary { total { sizeBytes } }
    week: copySummary(filter: { startedAfter: "${hoursAgo(168)}" }) { total { sizeBytes } }
    huge: copyRuns(first: 1, filter: { protectionJobIds: ["ProtectionJob:sandbox-cohesity:1007"], startedAfter: "${hoursAgo(11 * 24)}" }) {
      nodes { sizeBytes }
    }
  }`);
  const petabyte = 10n ** 15n;
  expect(BigInt(day.total.sizeBytes)).toBeLessThan(petabyte);
  expect(BigInt(week.total.sizeBytes)).toBeLessThan(9n * petabyte);
  expect(huge.nodes).toEqual([{ sizeBytes: '9007199254740993' }]);
});
