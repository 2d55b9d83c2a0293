import type { Lifecycle } from '@aws-sdk/client-backup';
import type { RecoveryPointLifecycle } from '../../domain/copy-job.js';

/** A lifecycle in AWS's form; members that the job did not report are not sent. */
export const toWireLifecycle = (lifecycle: RecoveryPointLifecycle): Lifecycle => {
  const { moveToColdStorageAfterDays, deleteAfterDays, optInToArchiveForSupportedResources, deleteAfterEvent } =
    lifecycle;
  return {
    ...(moveToColdStorageAfterDays !== null && { MoveToColdStorageAfterDays: Number(moveToColdStorageAfterDays) }),
    ...(deleteAfterDays !== null && { DeleteAfterDays: Number(deleteAfterDays) }),
    ...(optInToArchiveForSupportedResources !== null && {
      OptInToArchiveForSupportedResources: optInToArchiveForSupportedResources,
    }),
    ...(deleteAfterEvent === 'DELETE_AFTER_COPY' && { DeleteAfterEvent: deleteAfterEvent }),
  };
};
