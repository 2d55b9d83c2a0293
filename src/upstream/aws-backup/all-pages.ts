import { UpstreamError } from '../../domain/upstream-error.js';
import type { Read } from '../../calling/call.js';

interface TokenPage {
  readonly nextToken: string | null;
}

/**
 * Yields a first page and the pages that its tokens lead to. A circle of pages is a malformed answer, not an endless
 * loop.
 */
export const pagesFrom = async function* <P extends TokenPage>(
  upstream: string,
  first: P,
  next: (nextToken: string, page: P) => Promise<P>,
): AsyncGenerator<P, void, void> {
  const tokens = new Set<string>();
  for (let page = first; ;) {
    yield page;
    if (page.nextToken === null) return;
    if (tokens.has(page.nextToken)) throw new UpstreamError(upstream, 'malformed', 'pages that lead in a circle');
    tokens.add(page.nextToken);
    page = await next(page.nextToken, page);
  }
};

/** Follows the tokens of an AWS list to its end. */
export const readAllPages = async <T>(
  upstream: string,
  read: (nextToken: string | undefined) => Promise<Read<T> & TokenPage>,
): Promise<Read<T>> => {
  const first = await read(undefined);
  const records: T[] = [];
  let unreadable = 0;
  let failure: Read<T>['failure'];
  for await (const page of pagesFrom(upstream, first, read)) {
    failure ??= page.failure;
    records.push(...page.records);
    unreadable += page.unreadable;
  }
  return { records, observedAt: first.observedAt, unreadable, failure };
};
