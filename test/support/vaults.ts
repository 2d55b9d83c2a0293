import { type Reply, type Seen, awsBackupAt, startFake } from './fake.js';
import { closing } from './closing.js';
import type { Wire } from './wire.js';

/** What an AWS account has in one Region. */
export interface Account {
  readonly vaults?: readonly Wire[];
  readonly points?: readonly Wire[];
  readonly copyJobs?: readonly Wire[];
}

const gone: Reply = {
  status: 400,
  headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
  body: { Code: 'ERROR_3911', Message: 'not there' },
};

const secondsOf = (text: string | null): number | null => (text === null ? null : Date.parse(text) / 1000);

/**
 * Answers the vaults and recovery points of an account as AWS does: by name within the account, bounds on the creation
 * date, at most 1,000 a page, the storage class for one point alone. `undefined` for any other request.
 */
export const answerVaults = ({ path, query }: Seen, { vaults = [], points = [] }: Account): Reply | undefined => {
  if (path === '/backup-vaults') return { body: { BackupVaultList: vaults } };
  const [, name, arn] = /^\/backup-vaults\/([^/]+)\/recovery-points\/?([^/]*)$/.exec(path) ?? [];
  if (name === undefined || arn === undefined) return undefined;
  const vault = vaults.find(({ BackupVaultName }) => BackupVaultName === decodeURIComponent(name));
  if (vault === undefined) return gone;
  const inside = points.filter(({ BackupVaultArn }) => BackupVaultArn === vault['BackupVaultArn']);
  if (arn !== '') {
    const point = inside.find(({ RecoveryPointArn }) => RecoveryPointArn === decodeURIComponent(arn));
    return point === undefined ? gone : { body: { StorageClass: 'WARM', ...point } };
  }
  const [after, before] = [secondsOf(query.get('createdAfter')), secondsOf(query.get('createdBefore'))];
  const chosen = inside.filter(({ CreationDate }) => {
    const at = Number(CreationDate);
    return (after === null || at > after) && (before === null || at < before);
  });
  const from = Number(query.get('nextToken') ?? '0');
  const to = from + Number(query.get('maxResults') ?? '1000');
  const more = to < chosen.length ? { NextToken: String(to) } : {};
  return { body: { RecoveryPoints: chosen.slice(from, to), ...more } };
};

/** An account's endpoint of one Region, with the config that leads to it. */
export const startAccount = async (id: string, region: string, account: Account) => {
  const { copyJobs = [] } = account;
  const broken: { reply: ((seen: Seen) => Reply | undefined) | null } = { reply: null };
  const fake = closing(
    await startFake((seen) => {
      const reply = broken.reply?.(seen) ?? answerVaults(seen, account);
      if (reply !== undefined) return reply;
      if (/^\/copy-jobs\/?$/.test(seen.path)) {
        const resource = seen.query.get('resourceArn');
        return { body: { CopyJobs: copyJobs.filter((job) => resource === null || job['ResourceArn'] === resource) } };
      }
      if (seen.path === '/resources') return { body: { Results: [] } };
      const job = copyJobs.find(({ CopyJobId }) => seen.path === `/copy-jobs/${String(CopyJobId)}`);
      return job === undefined ? gone : { body: { CopyJob: job } };
    }),
  );
  return {
    ...fake,
    broken,
    upstream: { ...awsBackupAt(fake), id, region },
    /** The requests since the last time, without their queries. */
    take: (() => {
      let from = 0;
      return (): readonly string[] => {
        const paths = fake.seen.slice(from).map(({ path }) => decodeURIComponent(path));
        from = fake.seen.length;
        return paths;
      };
    })(),
  };
};

export const vaultArn = (region: string, account: string, name: string): string =>
  `arn:aws:backup:${region}:${account}:backup-vault:${name}`;

export const wireVault = (region: string, account: string, name: string, overrides: Wire = {}): Wire => ({
  BackupVaultName: name,
  BackupVaultArn: vaultArn(region, account, name),
  VaultType: 'BACKUP_VAULT',
  Locked: false,
  ...overrides,
});

export const pointArn = (region: string, name: string): string => `arn:aws:ec2:${region}::snapshot/${name}`;

export const wirePoint = (vault: string, arn: string, createdAt: number, overrides: Wire = {}): Wire => ({
  RecoveryPointArn: arn,
  BackupVaultArn: vault,
  Status: 'COMPLETED',
  CreationDate: createdAt,
  ...overrides,
});
