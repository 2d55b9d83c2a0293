import { startAwsBackup } from './aws-backup.js';
import { closing } from './closing.js';
import { startCohesity } from './cohesity.js';
import { type Double, awsBackupAt, cohesityAt } from './fake.js';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.js';
import type { Wire } from './wire.js';

/** Records that both doubles hold. */
export interface Estate {
  readonly runs?: readonly Wire[];
  readonly jobs?: readonly Wire[];
  readonly sources?: readonly Wire[];
  readonly cluster?: Wire;
  readonly copyJobs?: readonly Wire[];
  readonly resources?: readonly Wire[];
  readonly vaults?: readonly Wire[];
  readonly points?: readonly Wire[];
  readonly limits?: GatewayOptions['limits'];
  readonly cache?: GatewayOptions['cache'];
  /** Calls at once to AWS. */
  readonly maxConcurrent?: number;
}

export interface Products extends Gateway {
  readonly cohesity: Double;
  readonly aws: Double;
}

export { closing };

/** Both doubles with these records, and the gateway in front of them under the ids `dc-east` and `aws-prod`. */
export const startProducts = async ({ limits = {}, cache, maxConcurrent = 8, ...held }: Estate): Promise<Products> => {
  const cohesity = closing(await startCohesity(held));
  const aws = closing(await startAwsBackup(held));
  const gateway = closing(
    await startGateway({
      upstreams: [cohesityAt(cohesity), { ...awsBackupAt(aws), maxConcurrent }],
      limits,
      ...(cache === undefined ? {} : { cache }),
    }),
  );
  return { ...gateway, cohesity, aws };
};

/** One record by its id, with the fields of a fragment on its type. */
export const readNode = async (products: Products, id: string, fields: string) => {
  const [type] = id.split(':');
  const { data, errors } = await products.execute(
    `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`,
    {
      id,
    },
  );
  return { node: data?.node, errors };
};
