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

const fields = `target {
  __typename kind name offsite
  ... on RemoteClusterTarget { clusterId clusterName }
  ... on ArchivalTarget { vaultId vaultName vaultType }
  ... on CloudDeployTarget { cloudTargetId cloud: type ${params} }
  ... on CloudReplicationTarget { cloudTargetId cloud: type ${params} }
  ... on BackupVaultTarget { backupVaultArn region accountId otherAccount backupVaultType lockState }
  ... on UnknownTarget { upstreamKind }
}`;

const targetOf = async (target: unknown) => {
  const products = await startProducts({ runs: [wireRun({ copyRun: [wireCopyRun(501, { target })] })] });
  const { node, errors } = await readNode(products, `CopyRun:${copyRunKey}`, fields);
  expect(errors).toEqual([]);
  return node.target;
};

const noCloud = { cloudTargetId: null, cloud: null, awsParams: null, azureParams: null, gcpParams: null };

describe('the target of a Cohesity copy', () => {
  it.each<readonly [string, unknown, unknown]>([
    [
      'the cluster itself',
      { type: 'kLocal' },
      { __typename: 'LocalTarget', kind: 'LOCAL', name: null, offsite: false },
    ],
    [
      'another cluster',
      { type: 'kRemote', replicationTarget: { clusterId: beyond, clusterName: 'dr-west' } },
      {
        __typename: 'RemoteClusterTarget',
        kind: 'REMOTE',
        name: 'dr-west',
        offsite: true,
        clusterId: '9007199254740993',
        clusterName: 'dr-west',
      },
    ],
    [
      'another cluster that nothing is told of',
      { type: 'kRemote', replicationTarget: null },
      {
        __typename: 'RemoteClusterTarget',
        kind: 'REMOTE',
        name: null,
        offsite: true,
        clusterId: null,
        clusterName: null,
      },
    ],
    ...(['kCloud', 'kTape', 'kNas', 'kStone'] as const).map(
      (vaultType, index) =>
        [
          `an external target of the kind ${vaultType}`,
          { type: 'kArchival', archivalTarget: { vaultId: 12, vaultName: 's3-glacier', vaultType } },
          {
            __typename: 'ArchivalTarget',
            kind: 'ARCHIVAL',
            name: 's3-glacier',
            offsite: true,
            vaultId: '12',
            vaultName: 's3-glacier',
            vaultType: ['CLOUD', 'TAPE', 'NAS', 'UNKNOWN'][index],
          },
        ] as const,
    ),
    [
      'an external target that nothing is told of',
      { type: 'kArchival' },
      {
        __typename: 'ArchivalTarget',
        kind: 'ARCHIVAL',
        name: null,
        offsite: true,
        vaultId: null,
        vaultName: null,
        vaultType: null,
      },
    ],
    [
      'a cloud to deploy in',
      { type: 'kCloudDeploy', cloudReplicationTarget: { id: 3, name: 'azure-eu', type: 'kAzure' } },
      {
        __typename: 'CloudDeployTarget',
        kind: 'CLOUD_DEPLOY',
        name: 'azure-eu',
        offsite: true,
        ...noCloud,
        cloudTargetId: '3',
        cloud: 'AZURE',
      },
    ],
    [
      'a cloud to replicate into',
      { type: 'kCloudReplication', cloudReplicationTarget: { id: 4, name: 'mars', type: 'kMars' } },
      {
        __typename: 'CloudReplicationTarget',
        kind: 'CLOUD_REPLICATION',
        name: 'mars',
        offsite: true,
        ...noCloud,
        cloudTargetId: '4',
        cloud: 'UNKNOWN',
      },
    ],
    [
      'a cloud that nothing is told of',
      { type: 'kCloudDeploy', cloudReplicationTarget: null },
      { __typename: 'CloudDeployTarget', kind: 'CLOUD_DEPLOY', name: null, offsite: true, ...noCloud },
    ],
    [
      'a kind that comes later',
      { type: 'kMoonBase', moonTarget: { crater: 'Tycho' } },
      { __typename: 'UnknownTarget', kind: 'UNKNOWN', name: null, offsite: null, upstreamKind: 'kMoonBase' },
    ],
    [
      'a kind that is named like a member every object has',
      { type: 'constructor' },
      { __typename: 'UnknownTarget', kind: 'UNKNOWN', name: null, offsite: null, upstreamKind: 'constructor' },
    ],
    [
      'no kind at all',
      {},
      { __typename: 'UnknownTarget', kind: 'UNKNOWN', name: null, offsite: null, upstreamKind: null },
    ],
    ['nothing', null, null],
  ])('is %s', async (_what, wire, expected) => {
    expect(await targetOf(wire)).toEqual(expected);
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
    const target = await targetOf({
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
    expect(target).toMatchObject({
      cloud: 'AWS',
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
    const target = await targetOf({ type: 'kCloudDeploy', cloudReplicationTarget: { type: 'kAzure', azureParams } });
    expect(target.azureParams).toEqual({
      ...Object.fromEntries(members.map((name, index) => [name, String(index + 100)])),
      ...disks,
    });
  });

  it('has every parameter of a replication into Google Cloud', async () => {
    const gcpParams = { instanceId: 1, region: 2, subnetId: beyond, virtualPrivateCloudId: 4 };
    const target = await targetOf({ type: 'kCloudReplication', cloudReplicationTarget: { type: 'kGCP', gcpParams } });
    expect(target).toMatchObject({
      cloud: 'GCP',
      gcpParams: { instanceId: '1', region: '2', subnetId: '9007199254740993', virtualPrivateCloudId: '4' },
    });
  });

  it('has nulls for parameters that are left out', async () => {
    const awsParams = { customTagList: null, networkSecurityGroupIds: null, rdsParams: null };
    const target = await targetOf({
      type: 'kCloudDeploy',
      cloudReplicationTarget: { awsParams, azureParams: {}, gcpParams: {} },
    });
    expect(target.awsParams).toEqual({
      customTagList: null,
      instanceId: null,
      networkSecurityGroupIds: null,
      rdsParams: null,
      region: null,
      subnetId: null,
      virtualPrivateCloudId: null,
    });
    expect(target.gcpParams).toEqual({ instanceId: null, region: null, subnetId: null, virtualPrivateCloudId: null });
    expect(new Set(Object.values(target.azureParams))).toEqual(new Set([null]));
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
    ],
    ['another Region', here, far, { offsite: true, otherAccount: false, region: 'us-west-2', name: 'dr' }],
    ['another account', here, other, { offsite: false, otherAccount: true, accountId: '444455556666' }],
    ['another partition', here, china, { offsite: true, otherAccount: true, region: 'cn-north-1', name: 'b' }],
    ['a source that is not told', null, far, { offsite: null, otherAccount: false }],
    ['a source that is no ARN', 'Default', far, { offsite: null, otherAccount: false }],
    [
      'a destination that is no ARN',
      here,
      'dr-vault',
      { offsite: null, otherAccount: null, region: null, name: 'dr-vault' },
    ],
  ])('knows whether it lies elsewhere: %s', async (_what, source, destination, expected) => {
    const products = await startProducts({
      copyJobs: [wireCopyJob('J1', { SourceBackupVaultArn: source, DestinationBackupVaultArn: destination })],
    });
    const { node, errors } = await readNode(products, 'CopyJob:aws-prod:J1', fields);
    expect(errors).toEqual([]);
    expect(node.target).toMatchObject({
      __typename: 'BackupVaultTarget',
      kind: 'VAULT',
      backupVaultArn: destination,
      ...expected,
    });
  });

  it('shows the kind and lock of the vault, and words that come later', async () => {
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
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on CopyJob { target { ... on BackupVaultTarget { backupVaultType lockState } } } } }',
      { ids },
    );
    expect(data.nodes).toEqual([
      { target: { backupVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT', lockState: 'LOCKED' } },
      { target: { backupVaultType: 'ORBITAL_VAULT', lockState: 'AJAR' } },
      { target: null },
    ]);
  });
});
