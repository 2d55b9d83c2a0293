/** Redis was lost, or came back. `reason` is a word for the log, without address or password. */
export interface RedisChange {
  readonly state: 'lost' | 'back';
  readonly reason: string | null;
  /** Whether it can be reached, but refuses. */
  readonly refuses?: boolean;
}

interface HealthOptions {
  readonly onChange: (change: RedisChange) => void;
  /** Writes something; rejects if that is refused, or Redis cannot be reached. */
  readonly write: () => Promise<unknown>;
}

/** Whether Redis works. After a refusal, it works again once it has accepted a write. */
interface RedisHealth {
  connected(): void;
  disconnected(reason: string): void;
  refused(word: string): void;
  /** `READONLY` if that was the last refusal, and no write has been accepted since. */
  readOnly(): 'READONLY' | null;
  /** No change is reported any more. */
  close(): void;
}

const TRY_MS = 1000; // how often a refusing Redis is tested

/** Repeats the write until it is accepted or `callOff` is called. */
const untilTaken = (write: HealthOptions['write'], taken: () => void): { callOff(): void } => {
  let off = false;
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    timer = setTimeout(
      () =>
        void write().then(
          () => off || taken(),
          () => off || later(),
        ),
      TRY_MS,
    ).unref();
  };
  later();
  return {
    callOff: () => {
      off = true;
      clearTimeout(timer);
    },
  };
};

export const createRedisHealth = ({ onChange, write }: HealthOptions): RedisHealth => {
  let state: 'new' | 'up' | 'gone' | 'refusing' | 'closed' = 'new';
  let lastWord = '';
  let trying: ReturnType<typeof untilTaken> | null = null;

  const back = (): void => {
    const wasLost = state !== 'new';
    state = 'up';
    if (wasLost) onChange({ state: 'back', reason: null });
  };
  const lose = (next: 'gone' | 'refusing', change: Omit<RedisChange, 'state'>): boolean => {
    if (state !== 'new' && state !== 'up') return false;
    state = next;
    onChange({ state: 'lost', ...change });
    return true;
  };

  return {
    connected: () => {
      if (state === 'new' || state === 'gone') back();
    },
    disconnected: (reason) => void lose('gone', { reason }),
    refused: (word) => {
      if (!lose('refusing', { reason: word, refuses: true })) return;
      lastWord = word;
      trying = untilTaken(write, back);
    },
    readOnly: () => (state === 'refusing' && lastWord === 'READONLY' ? lastWord : null),
    close: () => {
      state = 'closed';
      trying?.callOff();
    },
  };
};
