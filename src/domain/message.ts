/** The names of credentials in texts. The ARN of a secret is a name, not a secret. */
const names =
  '(?:api[-_ ]?key|access[-_ ]?key(?:[-_ ]?id)?|secret[-_ ]?key|private[-_ ]?key|password|passwd|passphrase|pwd|' +
  '(?<!:secretsmanager:[\\w-]{0,40}:\\d{0,12}:)secret|token|authorization|(?:credential|signature)(?==)|external[-_ ]?id|session[-_ ]?id)';

/** Words that say what is wrong with a credential: "token: expired". */
const complaint =
  '(?:access|cannot|denied|expired|failed|forbidden|incorrect|invalid|mismatch|missing|must|null|none|required|revoked|unauthorized|unknown|wrong)[.,;:!)]*(?:\\s|$)';

/**
 * The text after a colon or equals sign is a value: up to the closing quote, or to the next space. After more
 * backslashes than people write, the closing quote is not searched for, because that would be slow: the rest is the
 * value.
 */
const assigned = new RegExp(
  `(${names}[\\\\"']*\\s*[:=]\\s*)(?:((?:\\\\*["'])?(?:bearer|basic|digest|apikey)\\s+)(?!\\s)[^\\s"']+|(\\\\{0,16}["'])(?:(?!\\3)[^])+|\\\\{17,}["'][^]+|(?!${complaint})[^\\s"']\\S{3,})`,
  'gi',
);

/**
 * All pairs of a `Cookie` header. The quotes match all or none, because backtracking over them one by one would be
 * slow.
 */
const cookies = /(cookie[\\"']*\s*[:=]\s*(?=([\\"']*))\2)(?:[^\s;]+;\s*)*[^\s"']+/gi;

/**
 * After a space the text may be prose ("Token expired."), unless it seems machine-made: digits, or very long. The
 * quotes match all or none here too.
 */
const spoken =
  /\b((?:bearer|basic|digest|api[-_ ]?key|password|secret|token)\s+(?:is\s+)?(?=((?:\\*["'])*))\2)(?!arn:)(?=\S*\d|\S{20})[^\s"']{8,}/gi;

/** An AWS secret key has 40 characters, some of them capitals and some not; a hexadecimal digest does not mix them. */
const spokenAwsKey =
  /\b((?:[Ss]ecret|SECRET|[Kk]ey|KEY)\b[^A-Za-z0-9]{0,4}(?:(?:is|was)\s+)?["']?)(?=[^\sA-Z]{0,39}[A-Z])(?=[^\sa-z]{0,39}[a-z])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/g;

const awsKeyId = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}/g;

const jwt = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g;

/**
 * User and password before the host of a URL. The password may contain characters that should be escaped. A port is not
 * a password.
 */
const userOfUrl = /(:\/\/)(?:[^\s/?#:"'<>[]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{0,200}|[^\s/?#"'<>]*)@/g;

/** The longest vendor message that is passed on, in characters. */
export const MESSAGE_LIMIT = 2000;

/** The longest part of a text that is searched. A text may have a megabyte. */
const SEARCH_LIMIT = 16_384;
/** A word that crosses the end of the searched part is dropped: it may be half a credential. */
const LONGEST_WORD = 4096;

const beginningOf = (text: string): string => {
  if (text.length <= SEARCH_LIMIT) return text;
  const beginning = text.slice(0, SEARCH_LIMIT);
  for (let at = beginning.length - 1; at >= SEARCH_LIMIT - LONGEST_WORD; at -= 1) {
    if (/\s/.test(beginning.charAt(at))) return beginning.slice(0, at);
  }
  return beginning.slice(0, SEARCH_LIMIT - LONGEST_WORD);
};

/** The text, or the beginning of a very long one, with everything that resembles a credential replaced. */
export const redact = (text: string): string =>
  beginningOf(text)
    .replace(userOfUrl, '$1[redacted]@')
    .replace(cookies, '$1[redacted]')
    .replace(assigned, (_match, name: string, scheme = '', quote = '') => `${name}${scheme}${quote}[redacted]`)
    .replace(spoken, '$1[redacted]')
    .replace(spokenAwsKey, '$1[redacted]')
    .replace(jwt, '[redacted]')
    .replace(awsKeyId, '[redacted]');

/**
 * Makes a vendor's free text safe to show and to log. Control characters become spaces, anything that resembles a
 * credential is replaced, and then a long text is cut. `null` for an empty or absent text.
 */
export const cleanMessage = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined) return null;
  const clean = redact(beginningOf(text).replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')).trim();
  if (clean === '') return null;
  if (clean.length <= MESSAGE_LIMIT) return clean;
  return `${clean.slice(0, MESSAGE_LIMIT - 1).replace(/\p{Cs}$/u, '')}…`; // not in the middle of a character
};

/** The most characters of messages searched in one answer of an upstream: some 60,000 messages of the usual length. */
export const ANSWER_LIMIT = 8_388_608;

/** Replaces the messages that come after that many characters. */
export const WITHHELD = '[withheld: the upstream sent more text than is searched for credentials]';

/** Cleans one message. */
export type Clean = typeof cleanMessage;

/** Cleans the messages of one answer, until `ANSWER_LIMIT` characters were searched, because searching takes time. */
export const createCleaner = (): Clean => {
  let left = ANSWER_LIMIT;
  return (text) => {
    if (text === null || text === undefined || text === '') return null;
    left -= Math.min(text.length, SEARCH_LIMIT);
    return left < 0 ? WITHHELD : cleanMessage(text);
  };
};
