const words: Readonly<Record<string, string>> = {
  kFailure: 'Failed',
  kSuccess: 'Succeeded',
  kWarning: 'SucceededWithWarning',
  kCancelled: 'Canceled',
};

/** The v2 word for a v1 status: most only lose their k. */
export const statusV2 = (status: string): string => words[status] ?? status.replace(/^k/, '');

/** The accepted values of v2's status filters. */
export const statusesV2: readonly string[] = [
  'Accepted',
  'Running',
  'Canceled',
  'Canceling',
  'Failed',
  'Missed',
  'Succeeded',
  'SucceededWithWarning',
  'OnHold',
  'Finalizing',
  'Skipped',
  'LegalHold',
  'Paused',
];
