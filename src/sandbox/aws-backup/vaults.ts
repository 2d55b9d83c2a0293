type VaultType = 'BACKUP_VAULT' | 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';

/** A lock that some users may lift at any time; one that is final from a later date on; one that is final. */
type Lock = 'governance' | 'grace' | 'compliance';

export interface Vault {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly type: VaultType;
  readonly lock: Lock | undefined;
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  /** Absent if the service's own key encrypts it. */
  readonly keyArn?: string;
}

/** Our account, our second one, and one of another organization. */
export const accounts = { primary: '111122223333', second: '444455556666', foreign: '999900001111' } as const;

interface VaultSpec {
  readonly name: string;
  /** Its name in the catalog, if two Regions have vaults of the same name. */
  readonly alias?: string;
  readonly account: keyof typeof accounts;
  readonly place: 'here' | 'near' | 'far';
  readonly airGapped?: true;
  readonly lock?: Lock;
  readonly serviceKey?: true;
}

const specs: readonly VaultSpec[] = [
  { name: 'Default', account: 'primary', place: 'here', serviceKey: true },
  { name: 'prod-hourly', account: 'primary', place: 'here' },
  { name: 'prod-daily', account: 'primary', place: 'here', lock: 'compliance' },
  { name: 'prod-copies', account: 'primary', place: 'here' },
  { name: 'datacenter', account: 'primary', place: 'here' },
  { name: 'airgap-prod', account: 'primary', place: 'here', airGapped: true, lock: 'compliance' },
  { name: 'aws/efs/automatic-backup-vault', account: 'primary', place: 'here', serviceKey: true },
  { name: 'central', account: 'second', place: 'here', lock: 'compliance' },
  { name: 'lake', account: 'second', place: 'here' },
  { name: 'dev', account: 'second', place: 'here' },
  { name: 'Default', alias: 'dr-default', account: 'primary', place: 'near', serviceKey: true },
  { name: 'dr-prod', account: 'primary', place: 'near' },
  { name: 'dr-prod-locked', account: 'primary', place: 'near', lock: 'compliance' },
  { name: 'airgap-dr', account: 'second', place: 'far', airGapped: true, lock: 'compliance' },
  { name: 'lake-dr', account: 'second', place: 'far' },
  { name: 'partner', account: 'foreign', place: 'here' },
  { name: 'lock-governance', account: 'primary', place: 'here', lock: 'governance' },
  { name: 'lock-grace', account: 'primary', place: 'here', lock: 'grace' },
  { name: 'lock-compliance', account: 'primary', place: 'here', lock: 'compliance' },
  { name: 'prod-yearly', account: 'primary', place: 'here' },
];

/** The two other Regions of the sample data, whatever the first one is. */
const regionsAround = (region: string): { readonly near: string; readonly far: string } => {
  const [near = region, far = region] = ['us-west-2', 'eu-central-1', 'us-east-1'].filter((other) => other !== region);
  return { near, far };
};

/** All vaults, by their name in the catalog. `uuid` makes the key ids. */
export const createVaults = (region: string, uuid: (...parts: string[]) => string): ReadonlyMap<string, Vault> => {
  const regions = { here: region, ...regionsAround(region) };
  return new Map(
    specs.map((spec) => {
      const accountId = accounts[spec.account];
      const place = regions[spec.place];
      return [
        spec.alias ?? spec.name,
        {
          name: spec.name,
          arn: `arn:aws:backup:${place}:${accountId}:backup-vault:${spec.name}`,
          accountId,
          region: place,
          type: spec.airGapped ? 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' : 'BACKUP_VAULT',
          lock: spec.lock,
          ...(spec.lock && { minRetentionDays: 7, maxRetentionDays: 3650 }),
          ...(!spec.airGapped &&
            !spec.serviceKey && { keyArn: `arn:aws:kms:${place}:${accountId}:key/${uuid('key', spec.name, place)}` }),
        },
      ];
    }),
  );
};
