import { throttled, unavailable } from './errors.js';

/** The faults by name, with their effects. No name is also a fault of the other double. */
export const awsBackupFaults = {
  'aws-throttle': 'every third call is throttled',
  'aws-unavailable': 'every third call is answered with "service unavailable"',
  'aws-html': "every call is answered with a proxy's page instead of JSON",
  'aws-nulls': 'members that a copy job lacks are written as null, in about every second job',
  'start-copy-lost-answer': 'a copy job is started, but the connection drops before the answer',
  'start-copy-reset': 'the connection drops before a copy job is started',
  'start-copy-refused': 'a copy job is refused with LimitExceededException',
  'aws-slow': 'every answer of the endpoint takes 3 seconds',
} as const;

export type AwsBackupFault = keyof typeof awsBackupFaults;

export const isAwsBackupFault = (name: string): name is AwsBackupFault => Object.hasOwn(awsBackupFaults, name);

interface Faults {
  /** Throws the error that this call gets instead of its answer. */
  beforeCall(): void;
  /** The fate of a `StartCopyJob`: done, the connection drops before or after it, or refused. */
  readonly start: 'done' | 'lost' | 'reset' | 'refused';
  readonly delayMs: number;
  /** Answers with a proxy's page instead of JSON. */
  readonly html: boolean;
  /** Writes null for members that a copy job lacks, in about every second job. */
  readonly nulls: boolean;
}

/** Reads the names of faults; throws for an unknown one. */
export const createFaults = (names: readonly string[]): Faults => {
  const unknown = names.find((name) => !isAwsBackupFault(name));
  if (unknown !== undefined)
    throw new Error(`unknown fault "${unknown}"; known ones: ${Object.keys(awsBackupFaults).join(', ')}`);
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
