import type { Wire } from './json.js';

/** CloudDeploy to AWS, with every member of the vendor's form. */
export const awsFrankfurt: Wire = {
  id: 501,
  name: 'aws-dr-eu-central-1',
  type: 'kAWS',
  awsParams: {
    region: 5011,
    virtualPrivateCloudId: 5012,
    subnetId: 5013,
    networkSecurityGroupIds: [5014, 5015],
    instanceId: 5016,
    customTagList: [
      { key: 'cost-center', value: '4711' },
      { key: 'origin', value: 'cohesity-clouddeploy' },
    ],
    rdsParams: {
      dbInstanceId: 'erp-reporting-dr',
      availabilityZoneId: 5017,
      dbOptionGroupId: 5018,
      dbParameterGroupId: 5019,
      dbPort: 5432,
      enableAutoMinorVersionUpgrade: true,
      enableCopyTagsToSnapshots: true,
      enableDbAuthentication: false,
      enablePublicAccessibility: false,
      isMultiAzDeployment: true,
    },
  },
};

/** CloudDeploy to Azure, with every member of the vendor's form. */
export const azureWestEurope: Wire = {
  id: 502,
  name: 'azure-dr-westeurope',
  type: 'kAzure',
  azureParams: {
    resourceGroup: 5021,
    storageAccount: 5022,
    storageContainer: 5023,
    storageResourceGroupId: 5024,
    virtualNetworkId: 5025,
    subnetId: 5026,
    networkResourceGroupId: 5027,
    instanceId: 5028,
    availabilitySetId: 5029,
    tempVmResourceGroupId: 5030,
    tempVmStorageAccountId: 5031,
    tempVmStorageContainerId: 5032,
    tempVmVirtualNetworkId: 5033,
    tempVmSubnetId: 5034,
    osDiskType: 'kPremiumSSD',
    dataDiskType: 'kStandardSSD',
  },
};

/** CloudDeploy to Google. */
export const gcpBelgium: Wire = {
  id: 503,
  name: 'gcp-migration-europe-west1',
  type: 'kGCP',
  gcpParams: { region: 5041, virtualPrivateCloudId: 5042, subnetId: 5043, instanceId: 5044 },
};

/** Replication of snapshots into an AWS account, the newer kind of target. */
export const awsReplication: Wire = {
  id: 504,
  name: 'aws-snapshots-eu-west-1',
  type: 'kAWS',
  awsParams: { region: 5051, virtualPrivateCloudId: null, customTagList: [] },
};
