export const failureCategories = [
  'ACCESS',
  'ENCRYPTION_KEY',
  'TARGET_UNREACHABLE',
  'CAPACITY',
  'THROTTLED',
  'POLICY',
  'MEDIA',
  'OTHER',
] as const;

/** Why a copy failed, coarse enough to count and to route. */
export type FailureCategory = (typeof failureCategories)[number];
