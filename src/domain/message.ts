const secrets =
  /\b(bearer|basic|apikey|password|secret|token)([\s:="']+)[^\s"',;]{8,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/gi;

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
    .replace(secrets, (_match, word?: string, gap?: string) =>
      word === undefined ? '[redacted]' : `${word}${gap ?? ' '}[redacted]`,
    )
    .trim();
  if (clean === '') return null;
  return clean.length > MESSAGE_LIMIT ? `${clean.slice(0, MESSAGE_LIMIT - 1)}…` : clean;
};
