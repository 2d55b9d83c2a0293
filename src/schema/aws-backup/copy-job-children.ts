import { pageOfParts } from '../../aggregate/parts.js';
import type { Connection } from '../../domain/connection.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { newestFirst } from '../../domain/order.js';
import type { PageArguments } from '../../domain/page.js';
import { awsBackupLoaders } from '../../upstream/aws-backup/loaders.js';
import type { Session } from '../../upstream/product.js';

/** The children of a composite job, newest first. One list call for each parent; none if the job says that it is no parent. */
export const copyJobChildrenOf = async (
  { session, limits }: { readonly session: Session; readonly limits: { readonly maxPageSize: number } },
  { upstream, copyJobId, isParent, observedAt }: CopyJob,
  args: PageArguments,
): Promise<Connection<CopyJob>> => {
  const none = { records: [], observedAt, unreadable: 0 };
  const read =
    isParent === false ? none : await awsBackupLoaders(session).copyJobChildren.load({ upstream, copyJobId });
  return pageOfParts<CopyJob>('children', { upstream, ...read }, args, limits.maxPageSize, newestFirst);
};
