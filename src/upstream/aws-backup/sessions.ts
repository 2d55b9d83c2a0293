import type { BackupClient } from '@aws-sdk/client-backup';

/** The SDK's clients of one endpoint, one after the other: each has its credentials and its idea of the time. */
export interface Sessions {
  /** Does one call; once more where its refusal can be mended at once: other credentials, or the right time. */
  use<A>(call: (sdk: BackupClient) => Promise<A>): Promise<A>;
}

/** What AWS calls credentials that are no longer good. */
const outdated = /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)(?:Exception)?$/;
/** What it calls a signature of another time than its own. */
const atWrongTime = /Signature|Skew|RequestExpired|InTheFuture|AuthFailure/;
/** It allows five minutes at least; by less the SDK's idea of the time changes with each answer. */
const WRONG_MS = 60_000;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Whether the clients would sign with the same keys; those that cannot be read are not the same. */
const haveSameKeys = async (...clients: readonly BackupClient[]): Promise<boolean> => {
  const read = clients.map((client) => client.config.credentials().catch(() => null));
  const [one = null, other = null] = await Promise.all(read);
  return (
    one !== null &&
    one.accessKeyId === other?.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken
  );
};

/** `openAgain` makes a client with the credentials as they are now; it shares its connections with those before it. */
export const createSessions = (first: BackupClient, openAgain: () => BackupClient): Sessions => {
  let current = first;
  let reopening: Promise<unknown> | null = null;

  const reopen = async (): Promise<void> => {
    const next = openAgain();
    next.config.systemClockOffset = current.config.systemClockOffset; // learnt from the endpoint
    if (!(await haveSameKeys(current, next))) current = next;
  };

  /** Waits until the credentials have been read again, once for all who wait; whether they are others now. */
  const hasOthers = async (used: BackupClient): Promise<boolean> => {
    if (current === used) await (reopening ??= reopen().finally(() => (reopening = null)));
    return current !== used;
  };

  return {
    use: async (call) => {
      const used = current;
      const offset = used.config.systemClockOffset;
      try {
        return await call(used);
      } catch (error) {
        // The SDK learns the time from a refusal, and signs rightly from then on.
        const knowsTime =
          atWrongTime.test(nameOf(error)) && Math.abs(used.config.systemClockOffset - offset) > WRONG_MS;
        const isMended = knowsTime || (outdated.test(nameOf(error)) && (await hasOthers(used)));
        if (!isMended) throw error;
        return await call(current);
      }
    },
  };
};
