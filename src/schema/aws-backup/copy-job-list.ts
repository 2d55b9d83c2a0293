import { type Asked, type ListArguments, type ListContext, list } from '../../aggregate/lists.js';
import type { Connection } from '../../domain/connection.js';
import { matchesCopy } from '../../domain/copy-filter.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { jobSources } from '../../upstream/aws-backup/copies.js';

/** `copyJobs`: one `ListCopyJobs` call for each endpoint while a day's jobs fit one page, see `copyJobSource`. */
export const listCopyJobs = (context: ListContext, args: ListArguments, asked: Asked): Promise<Connection<CopyJob>> =>
  list('copyJobs', context, args, asked, jobSources(context.session, args.filter ?? {}), matchesCopy);
