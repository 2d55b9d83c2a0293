import { describe, expect, it } from 'vitest';
import { apiKey, bearer } from '../support/keys.js';
import { awsBackupAt, cohesityAt } from '../support/fake.js';
import { startAwsBackup } from '../support/aws-backup.js';
import { startCohesity } from '../support/cohesity.js';
import { startGateway } from '../support/gateway.js';
import { closing, startProducts } from '../support/products.js';
import { type Wire, wireCopyJob, wireCopyRun, wireRunOf } from '../support/wire.js';

const hoursAgo = (hours: number): number => (Date.now() - hours * 3_600_000) * 1000;

const remote = (clusterId: number | null, clusterName: string | null) => ({
  type: 'kRemote',
  replicationTarget: { clusterId, clusterName },
});
const archival = (vaultId: number | null, vaultName: string | null) => ({
  type: 'kArchival',
  archivalTarget: { vaultId, vaultName, vaultType: 'kTape' },
});

/** A run of so many hours ago with a copy to each target. */
const runTo = (hours: number, ...targets: readonly Wire[]): Wire => {
  const at = hoursAgo(hours);
  return wireRunOf(7, at, {
    copyRun: targets.map((target, index) => wireCopyRun(500 + index, { target, runStartTimeUsecs: at })),
  });
};

const fields = `__typename id kind name
  ... on RemoteClusterTarget { clusterId clusterName }
  ... on ArchivalTarget { vaultId vaultName }
  ... on BackupVaultTarget { backupVaultArn region accountId }`;
const byId = `query ($id: ID!) { node(id: $id) { ... on CopyTarget { ${fields} } } }`;
const listed = `{ copyOperations(first: 50) { nodes { target { ${fields} } } } }`;

const vaultArn = 'arn:aws:backup:us-west-2:111122223333:backup-vault:dr';
const vaultId = `CopyTarget:aws-prod:VAULT:${encodeURIComponent(vaultArn)}`;
const now = (hours: number) => ({ CreationDate: hoursAgo(hours) / 1_000_000, CompletionDate: null, State: 'RUNNING' });

const estate = {
  runs: [
    runTo(
      3,
      { type: 'kLocal' },
      remote(77, 'dr-west'),
      remote(null, '77'),
      archival(12, 'glacier'),
      archival(null, null),
    ),
    runTo(2, { type: 'kMoonBase' }, { type: 'kCloudDeploy', cloudReplicationTarget: { name: 'a:b/c' } }),
  ],
  copyJobs: [wireCopyJob('J1', now(1))],
};

describe('a target', () => {
  it('is the same by its id, on a gateway that has read nothing, as below the copies that go there', async () => {
    const { execute } = await startProducts(estate);
    const { data } = await execute(listed);
    const targets: readonly { readonly id: string }[] = data.copyOperations.nodes.map(
      ({ target }: { target: object }) => target,
    );
    expect(targets.map(({ id }) => id).sort()).toEqual(
      [
        'CopyTarget:dc-east:ARCHIVAL',
        'CopyTarget:dc-east:ARCHIVAL:12',
        'CopyTarget:dc-east:CLOUD_DEPLOY:a%3Ab%2Fc',
        'CopyTarget:dc-east:LOCAL',
        'CopyTarget:dc-east:REMOTE:%4077',
        'CopyTarget:dc-east:REMOTE:77',
        'CopyTarget:dc-east:UNKNOWN',
        vaultId,
      ].sort(),
    );
    const cold = await startProducts(estate);
    for (const target of targets) {
      const found = await cold.execute(byId, { id: target.id });
      expect([found.data, found.errors]).toEqual([{ node: target }, []]);
    }
    // One list of runs, and one job that goes to the vault.
    expect(cold.cohesity.seen.map(({ path }) => path.split('/').at(-1))).toEqual(['protectionRuns']);
    expect(cold.aws.seen.map(({ path, query }) => [path, query.get('destinationVaultArn')])).toEqual([
      ['/copy-jobs', vaultArn],
    ]);
  });

  it('has the name that the newest copy tells, whichever copy leads to it', async () => {
    const { execute } = await startProducts({
      runs: [
        runTo(5, archival(12, 'old name'), remote(77, 'once')),
        runTo(1, archival(12, 'new name'), remote(77, 'now')),
        runTo(0.5, archival(12, null)),
      ],
    });
    const { data } = await execute(
      '{ copyRuns(last: 10) { nodes { target { id name } } } node(id: "CopyTarget:dc-east:ARCHIVAL:12") { ... on CopyTarget { name } } }',
    );
    const names = new Set(
      data.copyRuns.nodes.map(({ target }: { target: Wire }) => `${target['id']} ${target['name']}`),
    );
    expect([...names].sort()).toEqual(['CopyTarget:dc-east:ARCHIVAL:12 new name', 'CopyTarget:dc-east:REMOTE:77 now']);
    expect(data.node).toEqual({ name: 'new name' });
  });

  it('is a cluster that is registered as well, though no copy went there yet', async () => {
    const cohesity = closing(
      await startCohesity({ remotes: [{ clusterId: 99, name: 'spare', purposeReplication: true }] }),
    );
    const { execute } = closing(await startGateway({ upstreams: [cohesityAt(cohesity)] }));
    const { data } = await execute(byId, { id: 'CopyTarget:dc-east:REMOTE:99' });
    expect(data.node).toMatchObject({ name: 'spare', clusterId: '99', clusterName: 'spare' });
  });

  it.each([
    ['an external target that no copy goes to', 'CopyTarget:dc-east:ARCHIVAL:13'],
    ['a cluster that is not known', 'CopyTarget:dc-east:REMOTE:78'],
    ['a cloud of another name', 'CopyTarget:dc-east:CLOUD_DEPLOY:a'],
    ['a vault of a cluster', `CopyTarget:dc-east:VAULT:${encodeURIComponent(vaultArn)}`],
    ['a vault that no job goes to', `CopyTarget:aws-prod:VAULT:${encodeURIComponent(`${vaultArn}2`)}`],
    ['a vault without an ARN', 'CopyTarget:aws-prod:VAULT'],
    ['a cluster of AWS', 'CopyTarget:aws-prod:REMOTE:77'],
    ['the cluster itself, of AWS', 'CopyTarget:aws-prod:LOCAL'],
  ])('is null, and no error, where there is none: %s', async (_what, id) => {
    const { execute } = await startProducts(estate);
    const { data, errors } = await execute(byId, { id });
    expect([data, errors]).toEqual([{ node: null }, []]);
  });

  it('is an error where the copies that may lead to it cannot be read', async () => {
    const { execute, cohesity } = await startProducts(estate);
    cohesity.before = () => ({ status: 503, body: {} });
    const { data, errors } = await execute(byId, { id: 'CopyTarget:dc-east:ARCHIVAL:13' });
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([
      { path: ['node'], extensions: { code: 'UPSTREAM_UNAVAILABLE', upstream: 'dc-east' } },
    ]);
  });

  it('is refused where the caller may not see its upstream, and nothing is asked', async () => {
    const cohesity = closing(await startCohesity(estate));
    const aws = closing(await startAwsBackup(estate));
    const { execute } = closing(
      await startGateway({
        upstreams: [cohesityAt(cohesity), awsBackupAt(aws)],
        auth: { apiKeys: [apiKey('half', ['copy:read'], ['aws-prod'])] },
      }),
    );
    const id = 'CopyTarget:dc-east:REMOTE:77';
    const asked = `query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, "${vaultId}"]) { id }
      _entities(representations: [{ __typename: "CopyTarget", id: $id }]) { ... on CopyTarget { id } } }`;
    const { data, errors } = await execute(asked, { id }, bearer('half'));
    expect(data).toEqual({ node: null, nodes: [null, { id: vaultId }], _entities: [null] });
    expect(errors.map(({ path, extensions }) => `${path?.[0]} ${extensions.code}`).sort()).toEqual([
      '_entities FORBIDDEN',
      'node FORBIDDEN',
      'nodes FORBIDDEN',
    ]);
    expect(cohesity.seen).toEqual([]);
  });
});
