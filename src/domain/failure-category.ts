import type { ActivityState } from './activity.js';

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

/**
 * Asked in this order: a missing key permission is about the key, not about access in general, and a tape that asks
 * for media is about the media even where the message also says that it cannot be reached.
 */
const rules: readonly (readonly [FailureCategory, RegExp])[] = [
  ['MEDIA', /\btapes?\b|\bmedia\b|\bcartridges?\b|\bbarcodes?\b/i],
  ['ENCRYPTION_KEY', /\bkms\b|\bcmk\b|\bkey (?:id|arn|policy|manager|management)|encrypt|decrypt|describekey/i],
  ['THROTTLED', /throttl|too many requests|rate (?:limit|exceeded)|slow ?down|requestlimitexceeded/i],
  [
    'CAPACITY',
    /no space|out of space|(?:insufficient|not enough|low) (?:storage|space|capacity|disk)|disk (?:is )?full|quota|limit ?exceeded|capacity/i,
  ],
  [
    'POLICY',
    /member of the same organi[sz]ation|organi[sz]ation|vault lock|retention|legal hold|data ?lock|worm|not (?:enabled|opted|supported)|opt-?in|polic(?:y|ies)|lifecycle/i,
  ],
  [
    'ACCESS',
    /access ?denied|denied|not authori[sz]ed|unauthori[sz]ed|forbidden|permission|credential|authenticat|log ?in failed|cannot be assumed|assume role/i,
  ],
  [
    'TARGET_UNREACHABLE',
    /unreachable|not reachable|no route|connection|connect\b|network|no such host|dns|timed? ?out|timeout|deadline exceeded|broken pipe|socket|(?:vault|target|cluster|endpoint)\b.*\b(?:not found|down|offline|unavailable)/i,
  ],
];

const failing: ReadonlySet<ActivityState> = new Set(['FAILED', 'PARTIAL', 'WARNING']);

/**
 * Sorts a failure by the vendor's own category and message. `null` unless the state says that something went wrong;
 * `OTHER` when unsure.
 */
export const failureCategoryOf = (
  state: ActivityState,
  ...texts: readonly (string | null | undefined)[]
): FailureCategory | null => {
  if (!failing.has(state)) return null;
  const text = texts.filter((part) => part !== null && part !== undefined).join('\n');
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'OTHER';
};
