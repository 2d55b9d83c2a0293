import { UpstreamError } from '../domain/upstream-error.js';

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** One key's outcome: a thing that is not there is `null`; any other failure stays that key's own error. */
export const settle = <T>(read: Promise<T>): Promise<T | null | Error> =>
  read.catch((error: unknown) =>
    error instanceof UpstreamError && error.reason === 'notFound' ? null : asError(error),
  );

/** What a read yields, or the upstream's failure of it; anything else is a bug of ours, and thrown. */
export const orFailure = <T>(read: Promise<T>): Promise<T | UpstreamError> =>
  read.catch((error: unknown) => {
    if (error instanceof UpstreamError) return error;
    throw error;
  });

/** What a read yields, or `null` where the upstream fails: for what is good to know and not needed. */
export const orNull = async <T>(read: Promise<T>): Promise<T | null> => {
  const outcome = await orFailure(read);
  return outcome instanceof UpstreamError ? null : outcome;
};
