import { throttled, unavailable } from './errors.js';

/** What may go wrong on purpose, by name, and what happens then. No name is one of the other double's. */
export const awsBackupFaults = {
  'aws-throttle': 'every third call is throttled',
  'aws-unavailable': 'every third call is answered that the service is unavailable',
  'aws-html': "every call is answered with a proxy's page in place of JSON",
  'aws-nulls': 'members that a copy job does not have are written as null, for about every second job',
  'start-copy-lost-answer': 'a copy job is started, but the connection drops before the answer',
  'start-copy-reset': 'the connection drops before a copy job is started',
  'start-copy-refused': 'a copy job is refused with LimitExceededException',
  'aws-slow': 'every answer of the endpoint takes 3 seconds',
} as const;

export type AwsBackupFault = keyof typeof awsBackupFaults;

export const isAwsBackupFault = (name: string): name is AwsBackupFault => Object.hasOwn(awsBackupFaults, name);

interface Faults {
  /** Throws what this call is to be answered with instead. */
  beforeCall(): void;
  /** What becomes of a `StartCopyJob`: done, or the connection drops before or after that, or it is refused. */
  readonly start: 'done' | 'lost' | 'reset' | 'refused';
  readonly delayMs: number;
  /** Answers with a proxy's page in place of JSON. */
  readonly html: boolean;
  /** Writes members that a copy job does not have as null, for about every second job. */
  readonly nulls: boolean;
}

/** Reads the faults' names; throws for one that is not known. */
export const createFaults = (names: readonly string[]): Faults => {
  const unknown = names.find((name) => !isAwsBackupFault(name));
  if (unknown !== undefined)
    throw new Error(`unknown fault "${unknown}": there are ${Object.keys(awsBackupFaults).join(', ')}`);
  const wanted: ReadonlySet<string> = new Set(names);
  const has = (name: AwsBackupFault): boolean => wanted.has(name);
  let calls = 0;
  return {
    beforeCall: () => {
      calls += 1;
      if (calls % 3 !== 0) return;
      if (has('aws-throttle')) throw throttled();
      if (has('aws-unavailable')) throw unavailable();
    },
    start: has('start-copy-lost-answer')
      ? 'lost'
      : has('start-copy-reset')
        ? 'reset'
        : has('start-copy-refused')
          ? 'refused'
          : 'done',
    delayMs: has('aws-slow') ? 3000 : 0,
    html: has('aws-html'),
    nulls: has('aws-nulls'),
  };
};
