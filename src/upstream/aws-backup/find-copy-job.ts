import { BadInputError } from '../../domain/bad-input.js';
import type { CopyJob } from '../../domain/copy-job.js';
import { isCopyJobId } from '../../domain/global-id.js';
import { clientsNamed } from '../clients.js';
import type { Session } from '../product.js';
import { isEndpoint } from './endpoint.js';
import { awsBackupLoaders } from './loaders.js';

/**
 * Finds a copy job by AWS's own id, in one upstream, or in the first of all that has it. Makes one describe for each
 * upstream. A failed upstream matters only if no other has the job: then the job may exist.
 */
export const findCopyJob = async (
  session: Session,
  copyJobId: string,
  upstream: string | null | undefined,
): Promise<CopyJob | null> => {
  if (!isCopyJobId(copyJobId)) {
    throw new BadInputError(
      'copyJobId',
      'copyJobId is not a valid id of AWS; pass one unchanged from CopyJob.copyJobId.',
    );
  }
  const named = clientsNamed(session.clients, typeof upstream === 'string' ? [upstream] : null, 'upstream');
  const found = await Promise.allSettled(
    named
      .filter(isEndpoint)
      .map(({ upstream: { name } }) => awsBackupLoaders(session).copyJob.load({ upstream: name, copyJobId })),
  );
  const job = found.find((outcome) => outcome.status === 'fulfilled' && outcome.value !== null);
  if (job?.status === 'fulfilled') return job.value;
  const failed = found.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return null;
};
