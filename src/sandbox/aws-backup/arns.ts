/** The place of a resource. */
interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** The two forms of one id; each kind of ARN uses one of them. */
interface IdForms {
  /** 16 hexadecimal digits. */
  readonly hex: string;
  readonly uuid: string;
}

/** The ARN of a resource; every service has its own form. */
export const resourceArn = (
  type: string,
  name: string,
  { region, accountId }: Place,
  { hex, uuid }: IdForms,
): string => {
  const at = `${region}:${accountId}`;
  switch (type) {
    case 'EC2':
      return `arn:aws:ec2:${at}:instance/i-0${hex}`;
    case 'EBS':
      return `arn:aws:ec2:${at}:volume/vol-0${hex}`;
    case 'RDS':
      return `arn:aws:rds:${at}:db:${name}`;
    case 'Aurora':
    case 'DocumentDB':
    case 'Neptune':
      return `arn:aws:rds:${at}:cluster:${name}`;
    case 'S3':
      return `arn:aws:s3:::${name}-${accountId}`;
    case 'DynamoDB':
      return `arn:aws:dynamodb:${at}:table/${name}`;
    case 'EFS':
      return `arn:aws:elasticfilesystem:${at}:file-system/fs-0${hex}`;
    case 'FSx':
      return `arn:aws:fsx:${at}:file-system/fs-0${hex}`;
    case 'SAP HANA on Amazon EC2':
      return `arn:aws:ssm-sap:${at}:HANA/${name.toLowerCase()}/DB/${name}_SYSTEMDB_00`;
    case 'VirtualMachine':
      return `arn:aws:backup-gateway:${at}:vm/vm-${hex.toUpperCase()}`;
    case 'CloudFormation':
      return `arn:aws:cloudformation:${at}:stack/${name}/${uuid.toLowerCase()}`;
    case 'EKS':
      return `arn:aws:eks:${at}:cluster/${name}`;
    case 'Timestream':
      return `arn:aws:timestream:${at}:database/telemetry/table/${name}`;
    case 'Redshift':
      return `arn:aws:redshift:${at}:cluster:${name}`;
    case 'Storage Gateway':
      return `arn:aws:storagegateway:${at}:gateway/sgw-${hex.slice(0, 8).toUpperCase()}/volume/vol-0${hex.toUpperCase()}`;
    default:
      return `arn:aws:${type.toLowerCase()}:${at}:${name}`;
  }
};

/**
 * The ARN of a recovery point. Images and snapshots of EC2 name no account. `job` is `copyjob` for a copy, which is the
 * word of services that store the backups themselves.
 */
export const recoveryPointArn = (
  type: string,
  job: 'job' | 'copyjob',
  { region, accountId }: Place,
  { hex, uuid }: IdForms,
): string => {
  const managed = `awsbackup:${job}-${uuid.toLowerCase()}`;
  switch (type) {
    case 'EC2':
      return `arn:aws:ec2:${region}::image/ami-0${hex}`;
    case 'EBS':
    case 'Storage Gateway':
      return `arn:aws:ec2:${region}::snapshot/snap-0${hex}`;
    case 'RDS':
      return `arn:aws:rds:${region}:${accountId}:snapshot:${managed}`;
    case 'Aurora':
    case 'DocumentDB':
    case 'Neptune':
      return `arn:aws:rds:${region}:${accountId}:cluster-snapshot:${managed}`;
    case 'FSx':
      return `arn:aws:fsx:${region}:${accountId}:backup/backup-0${hex}`;
    case 'Redshift':
      return `arn:aws:redshift:${region}:${accountId}:snapshot:warehouse/${managed}`;
    default:
      return `arn:aws:backup:${region}:${accountId}:recovery-point:${uuid}`;
  }
};

/** The id inside a recovery point's ARN, in the form it has there. */
export const idInArn = (arn: string): string | undefined =>
  /(?:-0([0-9a-f]{16})|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/i.exec(arn)?.slice(1).find(Boolean);
