import {
  type AwsParams,
  type AzureParams,
  type GcpParams,
  type RdsParams,
  azureIds,
  type CloudType,
} from '../../domain/target-details.js';
import { builder } from '../builder.js';
import { described } from '../described.js';
import { usually } from '../cost.js';

export const CloudTypeRef = builder.enumType('CloudType', {
  description: 'A public cloud, as Cohesity names it. Source: Cohesity v1 CloudDeployTargetDetails.type.',
  values: described<CloudType>({
    AZURE: 'Microsoft Azure. kAzure.',
    AWS: 'Amazon Web Services. kAWS.',
    GCP: 'Google Cloud. kGCP.',
    UNKNOWN: 'A value that this version does not know.',
  }),
});

const CustomTagRef = builder
  .objectRef<{ readonly key: string | null; readonly value: string | null }>('CustomTag')
  .implement({
    description: 'A tag on the deployed resource. Source: Cohesity v1 CustomTagParams.',
    fields: (t) => ({
      key: t.exposeString('key', { nullable: true, description: 'The tag’s name.' }),
      value: t.exposeString('value', { nullable: true, description: 'The tag’s value.' }),
    }),
  });

/** The field of a resource in a cloud, by the number that the cluster gives it. */
const number = (what: string) =>
  ({
    type: 'BigInt',
    nullable: true,
    description: `${what}, by the cluster’s own number and not the cloud’s id. \`null\` if not sent.`,
  }) as const;

const flag = (what: string) => ({ nullable: true, description: `${what}. \`null\` if not sent.` }) as const;

const RdsParamsRef = builder.objectRef<RdsParams>('RdsParams').implement({
  description: 'Settings of an RDS deployment. Source: Cohesity v1 RdsParams.',
  fields: (t) => ({
    availabilityZoneId: t.expose('availabilityZoneId', number('Availability Zone')),
    dbInstanceId: t.exposeString('dbInstanceId', {
      nullable: true,
      description: 'Name of the database instance. `null` if not sent.',
    }),
    dbOptionGroupId: t.expose('dbOptionGroupId', number('Option group')),
    dbParameterGroupId: t.expose('dbParameterGroupId', number('Parameter group')),
    dbPort: t.exposeInt('dbPort', { nullable: true, description: 'TCP port of the database. `null` if not sent.' }),
    enableAutoMinorVersionUpgrade: t.exposeBoolean(
      'enableAutoMinorVersionUpgrade',
      flag('Whether minor versions upgrade by themselves'),
    ),
    enableCopyTagsToSnapshots: t.exposeBoolean(
      'enableCopyTagsToSnapshots',
      flag('Whether tags are copied to snapshots'),
    ),
    enableDbAuthentication: t.exposeBoolean('enableDbAuthentication', flag('Whether IAM logins are enabled')),
    enablePublicAccessibility: t.exposeBoolean(
      'enablePublicAccessibility',
      flag('Whether it can be reached from outside'),
    ),
    isMultiAzDeployment: t.exposeBoolean('isMultiAzDeployment', flag('Whether it spans Availability Zones')),
  }),
});

export const AwsParamsRef = builder.objectRef<AwsParams>('AwsParams').implement({
  description: 'The place in AWS that a snapshot is deployed to. Source: Cohesity v1 AwsParams.',
  fields: (t) => ({
    customTagList: t.expose('customTagList', {
      type: [CustomTagRef],
      ...usually(5),
      nullable: true,
      description: 'Tags. `null` if not sent.',
    }),
    instanceId: t.expose('instanceId', number('Instance type')),
    networkSecurityGroupIds: t.expose('networkSecurityGroupIds', {
      type: ['BigInt'],
      nullable: true,
      description: 'Security groups, by the cluster’s own numbers. `null` if not sent.',
    }),
    rdsParams: t.expose('rdsParams', {
      type: RdsParamsRef,
      nullable: true,
      description: 'Settings of a database. `null` if not sent.',
    }),
    region: t.expose('region', number('Region')),
    subnetId: t.expose('subnetId', number('Subnet')),
    virtualPrivateCloudId: t.expose('virtualPrivateCloudId', number('VPC')),
  }),
});

const azureNames: Readonly<Record<(typeof azureIds)[number], string>> = {
  availabilitySetId: 'Availability set',
  instanceId: 'Instance type',
  networkResourceGroupId: 'Resource group of the network',
  resourceGroup: 'Resource group',
  storageAccount: 'Storage account',
  storageContainer: 'Storage container',
  storageResourceGroupId: 'Resource group of the storage',
  subnetId: 'Subnet',
  tempVmResourceGroupId: 'Resource group of the temporary machine',
  tempVmStorageAccountId: 'Storage account of the temporary machine',
  tempVmStorageContainerId: 'Storage container of the temporary machine',
  tempVmSubnetId: 'Subnet of the temporary machine',
  tempVmVirtualNetworkId: 'Virtual network of the temporary machine',
  virtualNetworkId: 'Virtual network',
};

export const AzureParamsRef = builder.objectRef<AzureParams>('AzureParams').implement({
  description: 'The place in Azure that a snapshot is deployed to. Source: Cohesity v1 AzureParams.',
  fields: (t) => ({
    ...Object.fromEntries(azureIds.map((member) => [member, t.expose(member, number(azureNames[member]))])),
    dataDiskType: t.exposeString('dataDiskType', {
      nullable: true,
      description: 'Kind of data disks, such as kPremiumSSD. `null` if not sent.',
    }),
    osDiskType: t.exposeString('osDiskType', {
      nullable: true,
      description: 'Kind of the system disk, such as kStandardSSD. `null` if not sent.',
    }),
  }),
});

export const GcpParamsRef = builder.objectRef<GcpParams>('GcpParams').implement({
  description: 'The place in Google Cloud that a snapshot is deployed to. Source: Cohesity v1 GcpParams.',
  fields: (t) => ({
    instanceId: t.expose('instanceId', number('Instance type')),
    region: t.expose('region', number('Region')),
    subnetId: t.expose('subnetId', number('Subnet')),
    virtualPrivateCloudId: t.expose('virtualPrivateCloudId', number('VPC')),
  }),
});
