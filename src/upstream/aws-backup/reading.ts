import type { BackupClient } from '@aws-sdk/client-backup';
import type { CallKind } from '../../domain/call-rate.js';
import { type Clean, createCleaner } from '../../domain/message.js';
import type { Micros } from '../../domain/micros.js';
import { UpstreamError } from '../../domain/upstream-error.js';
import type { CallOptions, Read } from '../../calling/call.js';
import type { Policy } from '../../calling/policy.js';
import { inTurns } from '../../calling/event-loop.js';
import type { WireReader } from '../wire.js';
import { toUpstreamError } from './errors.js';
import type { Sessions } from './sessions.js';

/** A page of an AWS list; the last page has no token. */
export interface Page<T> extends Read<T> {
  readonly nextToken: string | null;
}

/**
 * Yields a first page and the pages that its tokens lead to. A circle of pages is a malformed answer, not an endless
 * loop.
 */
export const pagesFrom = async function* <P extends Pick<Page<unknown>, 'nextToken'>>(
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
  read: (nextToken: string | undefined) => Promise<Page<T>>,
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

/** The members of a page in the SDK's answer, still unchecked. */
interface PageAnswer {
  readonly NextToken?: unknown;
  readonly $metadata: { readonly requestId?: string | undefined };
}

interface ReadingOptions {
  readonly upstream: string;
  readonly sessions: Sessions;
  readonly policy: Policy;
  readonly now: () => Micros;
}

/** Reads AWS's answers into records: under the upstream's policy, checked, page by page. */
export const createReading = ({ upstream, sessions, policy, now }: ReadingOptions) => {
  const malformed = (what: string): UpstreamError => new UpstreamError(upstream, 'malformed', `not ${what}`);

  /** `decode` runs within the attempt, so that an unreadable answer counts as the upstream's failure. */
  const read = <A, T>(
    kind: CallKind,
    call: CallOptions,
    send: (sdk: BackupClient, abortSignal: AbortSignal) => Promise<A>,
    decode: (answer: A) => T | Promise<T>,
  ): Promise<T> =>
    policy.read(
      call,
      async (signal) =>
        await decode(
          await sessions
            .use((sdk) => send(sdk, signal))
            .catch((error: unknown) => {
              throw toUpstreamError(upstream, error);
            }),
        ),
      kind,
    );

  /** Sends once, and decodes the answer as `read` does. */
  const write = <A, T>(
    call: CallOptions,
    send: (sdk: BackupClient, abortSignal: AbortSignal) => Promise<A>,
    decode: (answer: A) => T,
  ): Promise<T> =>
    policy.write(call, async (signal) =>
      decode(
        await sessions
          .use((sdk) => send(sdk, signal))
          .catch((error: unknown) => {
            throw toUpstreamError(upstream, error);
          }),
      ),
    );

  /** AWS sends even an empty list, and a request id. An answer without both is not from AWS. */
  const elementsOf = (list: unknown, { $metadata }: PageAnswer): readonly unknown[] => {
    if (Array.isArray(list)) return list;
    if (list === undefined && $metadata.requestId !== undefined) return [];
    throw malformed('a list');
  };

  const tokenOf = ({ NextToken }: PageAnswer): string | null => {
    if (NextToken === undefined || NextToken === '') return null;
    if (typeof NextToken !== 'string') throw malformed('a page token');
    return NextToken;
  };

  /** A page of a list, decoded element by element: a malformed one is counted and left out. */
  const toPage = async <W, T>(
    list: unknown,
    answer: PageAnswer,
    readElement: WireReader<W>,
    map: (wire: W, observedAt: Micros, clean: Clean) => T | null,
  ): Promise<Page<T>> => {
    const observedAt = now();
    const clean = createCleaner();
    const elements = elementsOf(list, answer);
    const records: T[] = [];
    let described = 0;
    await inTurns(elements, (element) => {
      const parsed = readElement(element);
      if (!parsed.success) return;
      described += 1;
      const record = map(parsed.data, observedAt, clean);
      if (record !== null) records.push(record);
    });
    if (elements.length > 0 && described === 0) throw malformed('as described');
    return { records, observedAt, unreadable: elements.length - records.length, nextToken: tokenOf(answer) };
  };

  return { malformed, read, write, toPage };
};
