import { UpstreamError } from '../domain/upstream-error.js';
import type { Read } from '../upstream/call.js';

interface TokenPage<T> extends Read<T> {
  readonly nextToken: string | null;
}

/** Follows the tokens of an AWS list to its end. Pages that lead in a circle are a malformed answer and no endless loop. */
export const readAllPages = async <T>(
  upstream: string,
  read: (nextToken: string | undefined) => Promise<TokenPage<T>>,
): Promise<Read<T>> => {
  const tokens = new Set<string>();
  let page = await read(undefined);
  const { observedAt } = page;
  const records = [...page.records];
  let { unreadable } = page;
  while (page.nextToken !== null) {
    if (tokens.has(page.nextToken)) throw new UpstreamError(upstream, 'malformed', 'pages that lead in a circle');
    tokens.add(page.nextToken);
    page = await read(page.nextToken);
    records.push(...page.records);
    unreadable += page.unreadable;
  }
  return { records, observedAt, unreadable };
};
