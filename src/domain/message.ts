/** What stands behind a colon or an equals sign is a value, and one that such a word names is a credential. */
const assigned =
  /((?:api[-_ ]?key|access[-_ ]?key|password|passwd|secret|token|authorization)["']?\s*[:=]\s*["']?(?:(?:bearer|basic)\s+)?)[^\s"',;]{4,}/gi;

/** Behind a space it may be prose, "Token expired.", unless it looks made by a machine: digits, or very long. */
const spoken = /\b((?:bearer|basic|apikey|password|secret|token)\s+["']?)(?=\S*\d|\S{20})[^\s"',;]{8,}/gi;

const jwt = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;

/** Longest vendor message that is passed on, in characters. */
export const MESSAGE_LIMIT = 2000;

/**
 * A vendor's free text made safe to show and to log: control characters become spaces, what looks like a credential
 * is blotted out, and a text without end is cut. Empty is the same as absent.
 */
export const cleanMessage = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined) return null;
  const clean = text
    .slice(0, 4 * MESSAGE_LIMIT) // a megabyte of text need not be searched
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .replace(assigned, '$1[redacted]')
    .replace(spoken, '$1[redacted]')
    .replace(jwt, '[redacted]')
    .trim();
  if (clean === '') return null;
  if (clean.length <= MESSAGE_LIMIT) return clean;
  return `${clean.slice(0, MESSAGE_LIMIT - 1).replace(/\p{Cs}$/u, '')}…`; // not through the middle of a character
};
