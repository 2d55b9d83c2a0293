import type { Targets } from '../product.js';
import { awsBackupLoaders } from './loaders.js';

/** The vaults that an endpoint's copies go to. All facts about a vault are in its ARN. */
export const targets: Targets = {
  nameOf: ({ name }) => name,
  /** One list of one job: whether AWS knows any job to that vault. */
  find: async (session, target) => {
    if (target.kind !== 'VAULT' || target.backupVaultArn === null) return null;
    const query = { destinationVaultArn: target.backupVaultArn, maxResults: 1 };
    const { records } = await awsBackupLoaders(session).copyJobs.load({ upstream: target.upstream, query });
    return records.some((job) => job.target?.id === target.id) ? target : null;
  },
};
