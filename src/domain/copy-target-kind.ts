export const copyTargetKinds = [
  'LOCAL',
  'REMOTE',
  'ARCHIVAL',
  'CLOUD_DEPLOY',
  'CLOUD_REPLICATION',
  'VAULT',
  'UNKNOWN',
] as const;

/** The kind of place a copy goes to. */
export type CopyTargetKind = (typeof copyTargetKinds)[number];
