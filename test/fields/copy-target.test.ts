import { describe, expect, it } from 'vitest';
import { readNode, startProducts } from '../support/products.js';
import { beyond, copyRunKey, wireCopyJob, wireCopyRun, wireRun } from '../support/wire.js';

const params = `
  awsParams {
    customTagList { key value } instanceId networkSecurityGroupIds region subnetId virtualPrivateCloudId
    rdsParams {
      availabilityZoneId dbInstanceId dbOptionGroupId dbParameterGroupId dbPort enableAutoMinorVersionUpgrade
      enableCopyTagsToSnapshots enableDbAuthentication enablePublicAccessibility isMultiAzDeployment
    }
  }
  azureParams {
    availabilitySetId instanceId networkResourceGroupId resourceGroup storageAccount storageContainer
    storageResourceGroupId subnetId tempVmResourceGroupId tempVmStorageAccountId tempVmStorageContainerId tempVmSubnetId
    tempVmVirtualNetworkId virtualNetworkId dataDiskType osDiskType
  }
  gcpParams { instanceId region subnetId virtualPrivateCloudId }
`;

const target = `target {
  __typename id kind name
  ... on RemoteClusterTarget { clusterId clusterName }
  ... on ArchivalTarget { vaultId vaultName }
  ... on CloudDeployTarget { cloudTargetId }
  ... on CloudReplicationTarget { cloudTargetId }
  ... on BackupVaultTarget { backupVaultArn region accountId }
}`;
const ofRun = `${target} offsite upstreamTargetKind vaultType cloudType ${params}`;
const ofJob = `${target} offsite otherAccount destinationVaultType destinationVaultLockState`;

const copyTo = async (wire: unknown) => {
  const products = await startProducts({ runs: [wireRun({ copyRun: [wireCopyRun(501, { target: wire })] })] });
  const { node, errors } = await readNode(products, `CopyRun:${copyRunKey}`, ofRun);
  expect(errors).toEqual([]);
  return node;
};

/** The fields of a copy whose target the cluster says no more about. */
const plain = {
  ...{ offsite: true, upstreamTargetKind: null, vaultType: null, cloudType: null },
  ...{ awsParams: null, azureParams: null, gcpParams: null },
};

describe('the target of a Cohesity copy', () => {
  it.each<readonly [string, unknown, object | null, object]>([
    [
      'the cluster itself',
      { type: 'kLocal' },
      { __typename: 'LocalTarget', id: 'CopyTarget:dc-east:LOCAL', kind: 'LOCAL', name: null },
      { offsite: false },
    ],
    [
      'another cluster',
      { type: 'kRemote', replicationTarget: { clusterId: beyond, clusterName: 'dr-west' } },
      {
        ...{ __typename: 'RemoteClusterTarget', id: 'CopyTarget:dc-east:REMOTE:9007199254740993', kind: 'REMOTE' },
        ...{ name: 'dr-west', clusterId: '9007199254740993', clusterName: 'dr-west' },
      },
      {},
    ],
    [
      'another cluster that has no id',
      { type: 'kRemote', replicationTarget: { clusterName: 'dr west: 2' } },
      {
        ...{ __typename: 'RemoteClusterTarget', id: 'CopyTarget:dc-east:REMOTE:dr%20west%3A%202', kind: 'REMOTE' },
        ...{ name: 'dr west: 2', clusterId: null, clusterName: 'dr west: 2' },
      },
      {},
    ],
    [
      'another cluster that has no id, and a number for a name',
      { type: 'kRemote', replicationTarget: { clusterName: '77' } },
      {
        ...{ __typename: 'RemoteClusterTarget', id: 'CopyTarget:dc-east:REMOTE:%4077', kind: 'REMOTE' },
        ...{ name: '77', clusterId: null, clusterName: '77' },
      },
      {},
    ],
    [
      'another cluster that nothing is told of',
      { type: 'kRemote', replicationTarget: null },
      {
        ...{ __typename: 'RemoteClusterTarget', id: 'CopyTarget:dc-east:REMOTE', kind: 'REMOTE', name: null },
        ...{ clusterId: null, clusterName: null },
      },
      {},
    ],
    ...(['kCloud', 'kTape', 'kNas', 'kStone'] as const).map(
      (vaultType, index) =>
        [
          `an external target of the kind ${vaultType}`,
          { type: 'kArchival', archivalTarget: { vaultId: 12, vaultName: 's3-glacier', vaultType } },
          {
            ...{ __typename: 'ArchivalTarget', id: 'CopyTarget:dc-east:ARCHIVAL:12', kind: 'ARCHIVAL' },
            ...{ name: 's3-glacier', vaultId: '12', vaultName: 's3-glacier' },
          },
          { vaultType: ['CLOUD', 'TAPE', 'NAS', 'UNKNOWN'][index] },
        ] as const,
    ),
    [
      'an external target that nothing is told of',
      { type: 'kArchival' },
      {
        ...{ __typename: 'ArchivalTarget', id: 'CopyTarget:dc-east:ARCHIVAL', kind: 'ARCHIVAL' },
        ...{ name: null, vaultId: null, vaultName: null },
      },
      {},
    ],
    [
      'a cloud to deploy in',
      { type: 'kCloudDeploy', cloudReplicationTarget: { id: 3, name: 'azure-eu', type: 'kAzure' } },
      {
        ...{ __typename: 'CloudDeployTarget', id: 'CopyTarget:dc-east:CLOUD_DEPLOY:3', kind: 'CLOUD_DEPLOY' },
        ...{ name: 'azure-eu', cloudTargetId: '3' },
      },
      { cloudType: 'AZURE' },
    ],
    [
      'a cloud to replicate into',
      { type: 'kCloudReplication', cloudReplicationTarget: { id: 4, name: 'mars', type: 'kMars' } },
      {
        ...{ __typename: 'CloudReplicationTarget', id: 'CopyTarget:dc-east:CLOUD_REPLICATION:4' },
        ...{ kind: 'CLOUD_REPLICATION', name: 'mars', cloudTargetId: '4' },
      },
      { cloudType: 'UNKNOWN' },
    ],
    [
      'a cloud that nothing is told of',
      { type: 'kCloudDeploy', cloudReplicationTarget: null },
      {
        ...{ __typename: 'CloudDeployTarget', id: 'CopyTarget:dc-east:CLOUD_DEPLOY', kind: 'CLOUD_DEPLOY' },
        ...{ name: null, cloudTargetId: null },
      },
      {},
    ],
    [
      'a kind that comes later',
      { type: 'kMoonBase', moonTarget: { crater: 'Tycho' } },
      { __typename: 'UnknownTarget', id: 'CopyTarget:dc-east:UNKNOWN', kind: 'UNKNOWN', name: null },
      { offsite: null, upstreamTargetKind: 'kMoonBase' },
    ],
    [
      'a kind that is named like a member every object has',
      { type: 'constructor' },
      { __typename: 'UnknownTarget', id: 'CopyTarget:dc-east:UNKNOWN', kind: 'UNKNOWN', name: null },
      { offsite: null, upstreamTargetKind: 'constructor' },
    ],
    [
      'no kind at all',
      {},
      { __typename: 'UnknownTarget', id: 'CopyTarget:dc-east:UNKNOWN', kind: 'UNKNOWN', name: null },
      { offsite: null },
    ],
    ['nothing', null, null, { offsite: null }],
  ])('is %s', async (_what, wire, expected, ofCopy) => {
    expect(await copyTo(wire)).toEqual({ target: expected, ...plain, ...ofCopy });
  });

  it('has every parameter of a deployment to AWS', async () => {
    const numbers = { instanceId: 1, region: 2, subnetId: 3, virtualPrivateCloudId: beyond };
    const flags = {
      enableAutoMinorVersionUpgrade: true,
      enableCopyTagsToSnapshots: false,
      enableDbAuthentication: true,
      enablePublicAccessibility: false,
      isMultiAzDeployment: true,
    };
    const rds = { dbInstanceId: 'db-1', dbPort: 5432, ...flags };
    const copy = await copyTo({
      type: 'kCloudDeploy',
      cloudReplicationTarget: {
        id: 5,
        name: 'aws-eu',
        type: 'kAWS',
        awsParams: {
          ...numbers,
          customTagList: [{ key: 'owner', value: 'dr' }, null, { key: 'empty', value: null }],
          networkSecurityGroupIds: [7, beyond],
          rdsParams: { ...rds, availabilityZoneId: 8, dbOptionGroupId: 9, dbParameterGroupId: 10 },
        },
      },
    });
    expect(copy).toMatchObject({
      cloudType: 'AWS',
      awsParams: {
        instanceId: '1',
        region: '2',
        subnetId: '3',
        virtualPrivateCloudId: '9007199254740993',
        customTagList: [
          { key: 'owner', value: 'dr' },
          { key: 'empty', value: null },
        ],
        networkSecurityGroupIds: ['7', '9007199254740993'],
        rdsParams: { ...rds, availabilityZoneId: '8', dbOptionGroupId: '9', dbParameterGroupId: '10' },
      },
      azureParams: null,
      gcpParams: null,
    });
  });

  it('has every parameter of a deployment to Azure', async () => {
    const members = [
      ...['availabilitySetId', 'instanceId', 'networkResourceGroupId', 'resourceGroup', 'storageAccount'],
      ...['storageContainer', 'storageResourceGroupId', 'subnetId', 'tempVmResourceGroupId', 'tempVmStorageAccountId'],
      ...['tempVmStorageContainerId', 'tempVmSubnetId', 'tempVmVirtualNetworkId', 'virtualNetworkId'],
    ];
    const disks = { dataDiskType: 'kPremiumSSD', osDiskType: 'kStandardSSD' };
    const azureParams = { ...Object.fromEntries(members.map((name, index) => [name, index + 100])), ...disks };
    const copy = await copyTo({ type: 'kCloudDeploy', cloudReplicationTarget: { type: 'kAzure', azureParams } });
    expect(copy.azureParams).toEqual({
      ...Object.fromEntries(members.map((name, index) => [name, String(index + 100)])),
      ...disks,
    });
  });

  it('has every parameter of a replication into Google Cloud', async () => {
    const gcpParams = { instanceId: 1, region: 2, subnetId: beyond, virtualPrivateCloudId: 4 };
    const copy = await copyTo({ type: 'kCloudReplication', cloudReplicationTarget: { type: 'kGCP', gcpParams } });
    expect(copy).toMatchObject({
      cloudType: 'GCP',
      gcpParams: { instanceId: '1', region: '2', subnetId: '9007199254740993', virtualPrivateCloudId: '4' },
    });
  });

  it('has nulls for parameters that are left out', async () => {
    const awsParams = { customTagList: null, networkSecurityGroupIds: null, rdsParams: null };
    const copy = await copyTo({
      type: 'kCloudDeploy',
      cloudReplicationTarget: { awsParams, azureParams: {}, gcpParams: {} },
    });
    expect(copy.awsParams).toEqual({
      customTagList: null,
      instanceId: null,
      networkSecurityGroupIds: null,
      rdsParams: null,
      region: null,
      subnetId: null,
      virtualPrivateCloudId: null,
    });
    expect(copy.gcpParams).toEqual({ instanceId: null, region: null, subnetId: null, virtualPrivateCloudId: null });
    expect(new Set(Object.values(copy.azureParams))).toEqual(new Set([null]));
  });
});

describe('the target of an AWS copy', () => {
  const here = 'arn:aws:backup:us-east-1:111122223333:backup-vault:Default';
  const other = 'arn:aws:backup:us-east-1:444455556666:backup-vault:dr';
  const far = 'arn:aws:backup:us-west-2:111122223333:backup-vault:dr';
  const china = 'arn:aws-cn:backup:cn-north-1:444455556666:backup-vault:a/b';

  it.each([
    [
      'the same Region and account',
      here,
      far.replace('us-west-2', 'us-east-1'),
      { offsite: false, otherAccount: false },
      {},
    ],
    ['another Region', here, far, { offsite: true, otherAccount: false }, { region: 'us-west-2', name: 'dr' }],
    ['another account', here, other, { offsite: false, otherAccount: true }, { accountId: '444455556666' }],
    ['another partition', here, china, { offsite: true, otherAccount: true }, { region: 'cn-north-1', name: 'b' }],
    ['a source that is not told', null, far, { offsite: null, otherAccount: false }, {}],
    ['a source that is no ARN', 'Default', far, { offsite: null, otherAccount: false }, {}],
    [
      'a destination that is no ARN',
      here,
      'dr-vault',
      { offsite: null, otherAccount: null },
      { region: null, name: 'dr-vault' },
    ],
  ])('knows whether the copy lies elsewhere: %s', async (_what, source, destination, ofCopy, expected) => {
    const products = await startProducts({
      copyJobs: [wireCopyJob('J1', { SourceBackupVaultArn: source, DestinationBackupVaultArn: destination })],
    });
    const { node, errors } = await readNode(products, 'CopyJob:aws-prod:J1', ofJob);
    expect(errors).toEqual([]);
    expect(node).toMatchObject(ofCopy);
    expect(node.target).toMatchObject({
      __typename: 'BackupVaultTarget',
      id: `CopyTarget:aws-prod:VAULT:${encodeURIComponent(destination)}`,
      kind: 'VAULT',
      backupVaultArn: destination,
      ...expected,
    });
  });

  it('stays the same where copies differ in the kind and lock of its vault, and in words that come later', async () => {
    const products = await startProducts({
      copyJobs: [
        wireCopyJob('J1', {
          DestinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT',
          DestinationVaultLockState: 'LOCKED',
        }),
        wireCopyJob('J2', { DestinationVaultType: 'ORBITAL_VAULT', DestinationVaultLockState: 'AJAR' }),
        wireCopyJob('J3', { DestinationBackupVaultArn: null }),
      ],
    });
    const ids = ['J1', 'J2', 'J3'].map((id) => `CopyJob:aws-prod:${id}`);
    const { data } = await products.execute(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { target { name } destinationVaultType destinationVaultLockState } } }',
      { ids },
    );
    expect(data.nodes).toEqual([
      {
        ...{ target: { name: 'dr' }, destinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
        destinationVaultLockState: 'LOCKED',
      },
      { target: { name: 'dr' }, destinationVaultType: 'ORBITAL_VAULT', destinationVaultLockState: 'AJAR' },
      { target: null, destinationVaultType: null, destinationVaultLockState: null },
    ]);
  });
});
