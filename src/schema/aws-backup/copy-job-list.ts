import { type Asked, type CopyListArguments, type ListContext, list, needsExpiry } from '../../aggregate/lists.js';
import type { Connection } from '../../domain/connection.js';
import { matchesCopy } from '../../domain/copy-filter.js';
import { copyOrderOf } from '../../domain/copy-order.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { jobSources } from '../../upstream/aws-backup/copies.js';

/** Lists `copyJobs`: one `ListCopyJobs` call for each endpoint while a day's jobs fit one page, see `copyJobSource`. */
export const listCopyJobs = (
  context: ListContext,
  args: CopyListArguments,
  asked: Asked,
): Promise<Connection<CopyJob>> => {
  const sources = jobSources(context.session, args.filter ?? {}, needsExpiry(args));
  const ordered = { order: copyOrderOf(args.orderBy), ...args };
  return list<CopyJob>('copyJobs', context, ordered, asked, sources, matchesCopy);
};
