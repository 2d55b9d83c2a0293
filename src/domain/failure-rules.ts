import type { ActivityState } from './activity.js';
import type { FailureCategory } from './failure-category.js';

/**
 * Tried in this order. A missing key permission is about the key, not about access. A tape that needs media is about
 * the media, even if the message also says that it cannot be reached. Messages about denied access often name a policy,
 * so access comes before policies.
 */
const rules: readonly (readonly [FailureCategory, RegExp])[] = [
  ['MEDIA', /\btapes?\b|\bmedia\b|\bcartridges?\b|\bbarcodes?\b/i],
  [
    'ENCRYPTION_KEY',
    /\bkms(?:\b|key)|\bcmk\b|(?<!access )\bkey (?:id|arn|policy|manager|management)|encrypt|decrypt|describekey/i,
  ],
  [
    'ACCESS',
    /access ?(?:is )?denied|not authori[sz]ed|unauthori[sz]ed|(?:insufficient|missing|miss) (?:permission|privilege)/i,
  ],
  [
    'THROTTLED',
    /throttl|too many (?:requests|copy jobs|backup jobs)|rate (?:limit|exceeded)|request rate|slow ?down|requestlimitexceeded|(?:number of |many )concurrent|concurrent number|in-progress snapshots/i,
  ],
  [
    'CAPACITY',
    /no space|out of space|(?:insufficient|not enough|low) (?:storage|space|capacity|disk)|disk (?:is )?full|quota|limits? ?(?:was |is )?exceeded|exceeded (?:our|the|your) [\w ]{0,30}limits?|more than \d+|maximum supported|capacity/i,
  ],
  [
    'POLICY',
    /member of the same organi[sz]ation|organi[sz]ation|vault lock|retention|legal hold|data ?lock|worm|not (?:enabled|opted|supported)|unsupported (?:resource|operation)|unsupportedoperation|cannot be (?:copied|shared)|opt-?in|polic(?:y|ies)|lifecycle/i,
  ],
  [
    'ACCESS',
    /denied|forbidden|permission|privileges?\b|credential|authenticat|log ?in failed|cannot be assumed|assume role|access key|token (?:has |is )?expired|expired token/i,
  ],
  // An unresponsive guest is the source of a copy, not its target.
  ['OTHER', /\bvss\b|quiesc/i],
  [
    'TARGET_UNREACHABLE',
    /unreachable|not reachable|no route|connection|connect\b|\bnetwork\b|no such host|dns|timed? ?out|timeout|deadline exceeded|broken pipe|socket|(?:vault|target|cluster|endpoint)\b.*\b(?:not found|down|offline|unavailable)/i,
  ],
];

/** ARNs, URLs and paths are names: a vault called `kms-policy` says nothing about keys or policies. */
const addresses =
  /\barn:[\w-]+:[^\s"',;)\]]+|\b[a-z][a-z0-9+.-]*:\/\/[^\s"',;)\]]+|(?<![\w/])[\w.-]*:?\/[\w.-]+\/[^\s"',;:)\]]*|\b[a-z]:\\[^\s"',;)\]]+|\\\\[\w.-]+\\[^\s"',;)\]]+/gi;

/** An apostrophe inside a word does not open a quoted name. */
const quoted = /"[^"\n]{0,200}"|`[^`\n]{0,200}`|“[^”\n]{0,200}”|‘[^’\n]{0,200}’|(?<!\w)'[^'\n]{0,200}'(?!\w)/g;

/** A message without the names in it. If it is only a name, such as a quoted text, all of it. */
const saidIn = (text: string): string => {
  const rest = text.replace(addresses, ' ').replace(quoted, ' ');
  return /\p{L}/u.test(rest) ? rest : text;
};

const byText = (texts: readonly (string | null | undefined)[]): FailureCategory => {
  const text = texts
    .filter((part) => part !== null && part !== undefined)
    .map(saidIn)
    .join('\n');
  return rules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'OTHER';
};

const failing: ReadonlySet<ActivityState> = new Set(['FAILED', 'PARTIAL', 'WARNING']);

/** Sorts a failure by the vendor's messages. `null` unless the state is a failure; `OTHER` when unsure. */
export const failureCategoryOf = (
  state: ActivityState,
  ...texts: readonly (string | null | undefined)[]
): FailureCategory | null => (failing.has(state) ? byText(texts) : null);

/**
 * The vendor's categories, in lower case and without separators. AWS names `AccessDenied` as an example and publishes
 * no list. For a category that is not here, the message decides if it says more.
 */
const ofVendor: Readonly<Record<string, FailureCategory>> = { accessdenied: 'ACCESS', kmskeyerror: 'ENCRYPTION_KEY' };

/** As `failureCategoryOf`, but the vendor's own category decides if it is known. */
export const failureCategoryBy = (
  category: string | null | undefined,
  state: ActivityState,
  ...texts: readonly (string | null | undefined)[]
): FailureCategory | null => {
  if (!failing.has(state)) return null;
  const known = ofVendor[(category ?? '').toLowerCase().replace(/[^a-z]/g, '')];
  if (known !== undefined) return known;
  const told = byText(texts);
  return told === 'OTHER' ? byText([category]) : told;
};
