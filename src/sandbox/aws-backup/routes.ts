import { getBackupPlan, listBackupPlans } from './backup-plans.js';
import { describeBackupVault, listBackupVaults } from './backup-vaults.js';
import type { Call } from './call.js';
import { listCopyJobSummaries } from './copy-job-summaries.js';
import { describeCopyJob, listCopyJobs } from './copy-jobs.js';
import { unknownOperation } from './errors.js';
import type { JsonObject } from './json.js';
import type { Pager } from './page.js';
import { listProtectedResources } from './protected-resources.js';
import { describeRecoveryPoint, listRecoveryPoints } from './recovery-points.js';
import { startCopyJob } from './start-copy-job.js';

type Operation = (call: Call, pager: Pager) => JsonObject;

/** Method and path of each operation; `*` is one encoded segment, and a final slash makes no difference. */
const operations: readonly (readonly [method: string, path: string, operation: Operation])[] = [
  ['GET', 'copy-jobs', listCopyJobs],
  ['PUT', 'copy-jobs', startCopyJob],
  ['GET', 'copy-jobs/*', describeCopyJob],
  ['GET', 'audit/copy-job-summaries', listCopyJobSummaries],
  ['GET', 'backup-vaults', listBackupVaults],
  ['GET', 'backup-vaults/*', describeBackupVault],
  ['GET', 'backup-vaults/*/recovery-points', listRecoveryPoints],
  ['GET', 'backup-vaults/*/recovery-points/*', describeRecoveryPoint],
  ['GET', 'resources', listProtectedResources],
  ['GET', 'backup/plans', listBackupPlans],
  ['GET', 'backup/plans/*', getBackupPlan],
];

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw unknownOperation();
  }
};

/** Finds the operation of a request and the decoded parameters in its path. */
export const route = (
  method: string,
  path: string,
): { readonly operation: Operation; readonly path: readonly string[] } => {
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  for (const [itsMethod, pattern, operation] of operations) {
    const parts = pattern.split('/');
    const fits = parts.every((part, at) => (part === '*' ? (segments[at] ?? '') !== '' : part === segments[at]));
    if (itsMethod === method && parts.length === segments.length && fits)
      return { operation, path: segments.filter((_, at) => parts[at] === '*').map(decoded) };
  }
  throw unknownOperation();
};
