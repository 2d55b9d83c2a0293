import { UpstreamError } from '../domain/upstream-error.js';

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** One key's outcome: a missing record is `null`; any other failure stays that key's own error. */
export const settle = <T>(read: Promise<T>): Promise<T | null | Error> =>
  read.catch((error: unknown) =>
    error instanceof UpstreamError && error.reason === 'notFound' ? null : asError(error),
  );

/** The result of a read, or the upstream's failure; any other error is a bug of ours, and thrown. */
export const orFailure = <T>(read: Promise<T>): Promise<T | UpstreamError> =>
  read.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });

/** The result of a read, or `null` if the upstream fails: for data that are useful but not needed. */
export const orNull = async <T>(read: Promise<T>): Promise<T | null> => {
  const outcome = await orFailure(read);
  return outcome instanceof UpstreamError ? null : outcome;
};
