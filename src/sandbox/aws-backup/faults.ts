import { throttled, unavailable } from './errors.js';

/** What may go wrong on purpose. */
export const awsBackupFaults: readonly string[] = ['throttle', 'unavailable', 'slow', 'html', 'nulls'];

export interface Faults {
  /** Throws what this call is to be answered with instead. */
  beforeCall(): void;
  readonly delayMs: number;
  /** Answers with a proxy's page in place of JSON. */
  readonly html: boolean;
  /** Writes members that a copy job does not have as null, for about every second job. */
  readonly nulls: boolean;
}

/** Reads the faults' names; throws for one that is not known. */
export const createFaults = (names: readonly string[]): Faults => {
  const unknown = names.find((name) => !awsBackupFaults.includes(name));
  if (unknown !== undefined) throw new Error(`unknown fault "${unknown}": there are ${awsBackupFaults.join(', ')}`);
  const wanted = new Set(names);
  let calls = 0;
  return {
    beforeCall: () => {
      calls += 1;
      if (calls % 3 !== 0) return;
      if (wanted.has('throttle')) throw throttled();
      if (wanted.has('unavailable')) throw unavailable();
    },
    delayMs: wanted.has('slow') ? 3000 : 0,
    html: wanted.has('html'),
    nulls: wanted.has('nulls'),
  };
};
