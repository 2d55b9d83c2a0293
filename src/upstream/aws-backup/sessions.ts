import type { BackupClient } from '@aws-sdk/client-backup';

/** The SDK's clients of one endpoint, one after another, each with its credentials and its clock offset. */
export interface Sessions {
  /** Makes one call. Repeats it once if new credentials or the right time can fix a refusal. */
  use<A>(call: (sdk: BackupClient) => Promise<A>): Promise<A>;
}

/** AWS's names for credentials that are no longer valid. */
const outdated = /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)(?:Exception)?$/;
/** AWS's names for a signature with the wrong time. */
const atWrongTime = /Signature|Skew|RequestExpired|InTheFuture|AuthFailure/;
/** AWS allows at least five minutes; smaller changes of the SDK's offset happen with each answer. */
const WRONG_MS = 60_000;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Whether the clients would sign with the same keys; unreadable keys count as different. */
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

/** `openAgain` makes a client with the present credentials; it shares its connections with the earlier ones. */
export const createSessions = (first: BackupClient, openAgain: () => BackupClient): Sessions => {
  let current = first;
  let reopening: Promise<unknown> | null = null;

  const reopen = async (): Promise<void> => {
    const next = openAgain();
    next.config.systemClockOffset = current.config.systemClockOffset; // learned from the endpoint
    if (!(await haveSameKeys(current, next))) current = next;
  };

  /** Waits until the credentials were read again, once for all callers; returns whether they have changed. */
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
        // The SDK learns the time from a refusal, and signs correctly from then on.
        const knowsTime =
          atWrongTime.test(nameOf(error)) && Math.abs(used.config.systemClockOffset - offset) > WRONG_MS;
        const isMended = knowsTime || (outdated.test(nameOf(error)) && (await hasOthers(used)));
        if (!isMended) throw error;
        return await call(current);
      }
    },
  };
};
