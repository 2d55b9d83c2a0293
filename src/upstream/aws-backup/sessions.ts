import type { BackupClient } from '@aws-sdk/client-backup';

interface SessionsOptions {
  /** A client with the credentials as they are now. It shares its connections with those before it. */
  readonly open: () => BackupClient;
  readonly now: () => number; // in milliseconds
}

/** The SDK's clients of one endpoint, one after the other: each has its credentials and its idea of the time. */
export interface Sessions {
  /** Does one call; once more where its refusal can be mended at once: other credentials, or the right time. */
  use<A>(call: (sdk: BackupClient) => Promise<A>): Promise<A>;
}

/** What AWS calls credentials that are no longer good. */
const outdated = /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)(?:Exception)?$/;

/** What it calls a signature of another time than its own. */
const atWrongTime = /Signature|Skew|Expired|InTheFuture|AuthFailure/;

const REOPENED_MS = 5000; // so long at least between two readings of the credentials, which may cost calls

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Whether the clients would sign with the same keys; what cannot be read is not the same. */
const haveSameKeys = async (...clients: readonly BackupClient[]): Promise<boolean> => {
  const [one, other] = await Promise.all(clients.map((client) => client.config.credentials().catch(() => null)));
  return (
    one?.accessKeyId === other?.accessKeyId &&
    one?.secretAccessKey === other?.secretAccessKey &&
    one?.sessionToken === other?.sessionToken
  );
};

export const createSessions = ({ open, now }: SessionsOptions): Sessions => {
  let current = open();
  let reopenedAt = -Infinity;
  let reopening: Promise<unknown> | null = null;

  const reopen = async (): Promise<void> => {
    const next = open();
    next.config.systemClockOffset = current.config.systemClockOffset; // learnt from the endpoint
    if (!(await haveSameKeys(current, next))) current = next;
  };

  /** Waits until the credentials have been read again; whether they are others now. */
  const hasOthers = async (used: BackupClient): Promise<boolean> => {
    if (current === used && reopening === null && now() - reopenedAt >= REOPENED_MS) {
      reopenedAt = now();
      reopening = reopen().finally(() => (reopening = null));
    }
    await reopening;
    return current !== used;
  };

  return {
    use: async (call) => {
      const used = current;
      const offset = used.config.systemClockOffset;
      try {
        return await call(used);
      } catch (error) {
        // The SDK learns the time from a refusal, and would sign rightly now.
        const knowsTime = atWrongTime.test(nameOf(error)) && used.config.systemClockOffset !== offset;
        if (!knowsTime && !(outdated.test(nameOf(error)) && (await hasOthers(used)))) throw error;
        return await call(current);
      }
    },
  };
};
